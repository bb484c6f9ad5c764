"""What a rules file may not say."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from aliasfix.errors import RulesetError
from aliasfix.ruleset import Ruleset, load, schema, shipped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        '[[checks]]\nattribute = "UID"\ncheck = "length"\nmax = 8\n',
        '[fields]\nalias = [{ attribute = "UID" }]\n',
        '[[namespaces]]\nname = "alias"\nattributes = ["UID"]\n',
    ],
)
def test_an_attribute_is_spelled_in_one_way(tmp_path: Path, text: str) -> None:
    """With two spellings one of them would be found in no entry, and its clashes in no export."""
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "openldap"\nname = "mine"\n{text}', encoding="utf-8")

    with pytest.raises(RulesetError) as caught:
        load(str(path))

    assert f"{path}: UID and uid are one attribute: spell it in one way" == str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[ladders]\nother = ["{alias}{joiner}{sight}"]\n',
            'ladders.other: template "{alias}{joiner}{sight}", column 17: no such field: sight; did you mean "site"?',
        ),
        (
            '[ladders]\nperson = ["{alias|or(mial)}", "{alias}{n:2..}"]\n',
            'ladders.person: template "{alias|or(mial)}", column 11: no such field: mial; did you mean "mail"?',
        ),
        (
            '[ladders]\nrepair = ["{alias}", "{alias"]\n',
            'ladders.repair: template "{alias", column 1: this brace is never closed',
        ),
        (
            '[[notes]]\nold_equals = "alias"\ntext = "{mail} or {malias}"\n',
            'notes: template "{mail} or {malias}", column 12: no such field: malias; did you mean "alias"?',
        ),
        (
            '[[opens]]\ndoor = "d"\nby = ["{mail}", "{sirname}"]\ntwo = "t"\nsource = "s"\n',
            'opens: template "{sirname}", column 2: no such field: sirname; did you mean "surname"?',
        ),
    ],
)
def test_a_template_is_refused_with_its_column(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "openldap"\nname = "mine"\n{text}', encoding="utf-8")

    with pytest.raises(RulesetError) as caught:
        load(str(path))

    assert f"{path}: {complaint}" == str(caught.value)


def test_a_key_that_does_not_exist_is_told_before_one_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "openldap"\n[[guards]]\nsever = "slapd"\ntext = ""\nsource = ""\n', encoding="utf-8")

    with pytest.raises(RulesetError) as caught:
        load(str(path))

    assert (f"{path}: guards.0.sever: no such key", 'did you mean "server"?') == (str(caught.value), caught.value.hint)


def test_the_schema_knows_every_key_of_a_file() -> None:
    told = schema()
    required = ["name", "title", "fields", "site", "namespaces", "keepers", "ladders"]

    assert {"extends", *Ruleset.model_fields} - {"digest"} == set(told["properties"])
    assert [{"required": ["extends"]}, {"required": required}] == told["anyOf"]
    assert told["additionalProperties"] is False
    for path in shipped().values():
        keys = set(tomllib.loads(path.read_text(encoding="utf-8")))
        assert keys <= set(told["properties"])
        assert any(keys >= set(choice["required"]) for choice in told["anyOf"])


CHECKS = {
    'check = "lenght"\nmax = 8': (
        "checks.0.check: no such check: lenght (known: address, blank, characters, domain, double-encoded, length, "
        "local-part, lost-letter, periods, primaries, reserved, space, top-level-domain)"
    ),
    'check = "length"': "checks.0: a check of length needs max",
    'check = "periods"\nmax = 8': "checks.0: a check of periods has no max; it is for length",
    'check = "characters"': "checks.0: a check of characters needs allowed or forbidden",
    'check = "characters"\nallowed = "a"\nforbidden = "b"': "checks.0: allowed or forbidden: not both",
    'check = "characters"\nforbidden = "]"': (
        'checks.0: "]" closes the class at character 1; a bracket is written \\]'
    ),
    'check = "reserved"': "checks.0: a check of reserved needs names or file",
    'check = "space"\nnames = ["a"]': "checks.0: a check of space has no names; it is for reserved, top-level-domain",
    'check = "length"\nmax = 8\nrequired = true': "checks.0: a check of length has no required; it is for blank",
}


@pytest.mark.parametrize("keys", CHECKS)
def test_a_check_has_the_keys_that_it_needs_and_no_others(tmp_path: Path, keys: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "openldap"\nname = "mine"\n[[checks]]\nattribute = "uid"\n{keys}\n', encoding="utf-8")

    with pytest.raises(RulesetError) as caught:
        load(str(path))

    assert f"{path}: {CHECKS[keys]}" == str(caught.value)


def test_names_come_from_a_file_beside_the_ruleset_and_are_in_its_digest(tmp_path: Path) -> None:
    path, names = tmp_path / "mine.toml", tmp_path / "names.txt"
    path.write_text(
        'extends = "openldap"\nname = "mine"\n'
        '[[checks]]\nattribute = "uid"\ncheck = "reserved"\nnames = ["x"]\nfile = "names.txt"\n',
        encoding="utf-8",
    )
    names.write_bytes("\ufeff# ours\r\nroot\r\n\r\nbjörn \r\n".encode())
    first = load(str(path))
    names.write_bytes(b"root\n")

    assert [("x", "root", "björn")] == [check.names for check in first.checks]
    assert first.digest != load(str(path)).digest


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('extends = "../openldap"', "../openldap.toml"),
        ("extends = 'C:openldap'", "C:openldap.toml"),
        ("""checks = [{ attribute = "uid", check = "reserved", file = "/etc/passwd" }]""", "/etc/passwd"),
        ("""checks = [{ attribute = "uid", check = "reserved", file = '..\\secret.txt' }]""", "..\\secret.txt"),
    ],
)
def test_a_ruleset_reads_nothing_outside_of_its_folder(tmp_path: Path, line: str, name: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'name = "mine"\n{line}\n', encoding="utf-8")

    with pytest.raises(RulesetError) as refused:
        load(str(path))
    assert f'{path}: it names "{name}", which is no file beside it' == str(refused.value)


def test_a_file_of_names_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "openldap"\nname = "mine"\n[[checks]]\nattribute = "uid"\ncheck = "reserved"\nfile = "none.txt"\n',
        encoding="utf-8",
    )

    with pytest.raises(RulesetError) as caught:
        load(str(path))

    expected = f"{tmp_path / 'none.txt'}: the list of names can't be read: No such file or directory"
    assert expected == str(caught.value)
