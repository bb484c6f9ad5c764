"""A ruleset from a stranger: it takes no time beyond its size, reads nothing elsewhere, and says nothing but text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from aliasfix.errors import RulesetError
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

BASE = 'extends = "openldap"\nname = "mine"\n'
CHECK = '[[checks]]\nattribute = "uid"\n'
TWO = "".join(
    f"dn: cn={name},ou=s,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: ann\n\n" for name in ("Ann A", "Ann B")
)
HOSTILE = "\\u001b[31m\\u202e\\u00fc\\ndn: cn=forged\\n"

REFUSED = {
    "more than a MiB": ("# x\n" * (1 << 18) + "#", "the ruleset is larger than 1 MiB"),
    "dotted key": ("a" + ".a" * 5000 + " = 1\n", "line 3 of the ruleset is longer than 4096 characters"),
    "deep dotted key": ("a" + ".a" * 1000 + " = 1\n", "the ruleset is nested too deeply"),
    "deep lists": ("about = " + "[" * 1000 + "]" * 1000 + "\n", "the ruleset is nested too deeply"),
    "lists without end": ("about = " + "[" * 4000 + "\n", "the ruleset is nested too deeply"),
    "long text": ('about = """' + "x\n" * 3000 + '"""\n', "a text of the ruleset is longer than 4096 characters"),
    "long list": (
        "keepers = [" + "'kind',\n" * 5000 + "]\n",
        "a list or table of the ruleset has more than 4096 items",
    ),
    "huge number": (
        "[limits]\nfloor = 0x1" + "0" * 3000 + "\n",
        "a number of the ruleset is greater than 9223372036854775807",
    ),
    "no number": ("[limits]\nshare = nan\n", "limits.share: Input should be less than or equal to 1"),
    "endless number": ("[limits]\nshare = inf\n", "limits.share: Input should be less than or equal to 1"),
    "negative limit": ("[limits]\nfloor = -1\n", "limits.floor: Input should be greater than or equal to 0"),
    "no room": ("[proposals]\nmax = 0\n", "proposals.max: Input should be greater than or equal to 1"),
    "no length": (f'{CHECK}check = "length"\nmax = 0\n', "checks.0.max: Input should be greater than or equal to 1"),
    "names": (
        f'{CHECK}check = "reserved"\nnames = 5\nfile = "mine.toml"\n',
        "checks.0.names: Input should be a valid tuple",
    ),
    "many namespaces": (
        "".join(f'[[unique]]\nname = "n{i}"\nattributes = ["x"]\n' for i in range(65)),
        "unique: Tuple should have at most 64 items after validation, not 65",
    ),
    "many attributes": (
        "".join(f'[[stores]]\nname = "n"\nattribute = "x{i}"\ntext = "t"\n' for i in range(1001)),
        "it speaks of more than 1000 attributes",
    ),
    "letters of another script": (
        '[proposals]\ncharacters = "a-z\u0430"\n',
        'proposals.characters: "a-z\u0430" has characters beyond printable ASCII, and new names have none',
    ),
    "all but some": (
        '[proposals]\nfirst = "^@"\n',
        'proposals.first: "^@" has characters beyond printable ASCII, and new names have none',
    ),
    "line ends": (
        "[proposals]\ncharacters = 'a-z\\u000a'\n",
        'proposals.characters: "a-z\\u000a" has characters beyond printable ASCII, and new names have none',
    ),
    "back reference": (
        f"{CHECK}check = \"blank\"\nmatches = {{ uid = ['(?P<n>a)(?P=n)'] }}\n",
        'checks.0.matches: "(?P<n>a)(?P=n)" is no RE2 pattern: Invalid regular expression: invalid perl operator: (?P',
    ),
    "repetitions": (
        f"{CHECK}check = \"blank\"\nmatches = {{ uid = ['((a{{1000}}){{1000}}){{1000}}'] }}\n",
        (
            'checks.0.matches: "((a{1000}){1000}){1000}" is no RE2 pattern: '
            "Invalid regular expression: invalid repetition size: {1000}"
        ),
    ),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("bomb", REFUSED)
def test_a_bomb_is_refused_in_a_sentence(tmp_path: Path, bomb: str) -> None:
    text, sentence = REFUSED[bomb]
    path = written(tmp_path, BASE + text)

    with pytest.raises(RulesetError) as refused:
        load(str(path))

    assert f"{path}: {sentence}" == str(refused.value)


@pytest.mark.parametrize("value", ["5", "[]", "{ a = 1 }"])
def test_what_it_extends_is_a_name(tmp_path: Path, value: str) -> None:
    path = written(tmp_path, f"extends = {value}\n")

    with pytest.raises(RulesetError) as refused:
        load(str(path))

    assert f"{path}: extends: it is no name of a ruleset" == str(refused.value)


def test_rulesets_that_extend_each_other_come_to_an_end(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"r{number}.toml").write_text(f'extends = "r{number + 1}"\n', encoding="utf-8")

    with pytest.raises(RulesetError, match="it extends one that extends one, and so on 8 times"):
        load(str(tmp_path / "r0.toml"))


@pytest.mark.parametrize("name", ["..", ".", "\\u0000", "link.txt", "device"])
def test_nothing_but_a_file_beside_it_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret\n", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "device").symlink_to(os.devnull)
    path = written(folder, f'{BASE}{CHECK}check = "reserved"\nfile = "{name}"\n')

    with pytest.raises(RulesetError, match="which is no file beside it"):
        load(str(path))


@pytest.mark.parametrize(
    "rule",
    [
        'check = "length"\nmax = 1\n',
        'check = "characters"\nallowed = "\u20ac"\n',
        'check = "characters"\nforbidden = "0-9"\n',
    ],
)
def test_a_rule_that_refuses_every_number_ends_the_count(rule: str, command: ModuleType, folder: Path) -> None:
    """The counter is open: without an end it went on for ever."""
    (folder / "two.ldif").write_text(TWO, encoding="utf-8")
    written(folder, f'{BASE}{CHECK}{rule}[ladders]\nother = ["{{alias}}{{n:2..}}"]\n')

    done = command.process("plan", "two.ldif", "--rules", "./mine.toml", "-q")

    assert "this is a bug" not in done.err
    assert 1 == done.code
    assert "BLOCKED" in done.out


@pytest.mark.parametrize("pattern", ["(a+)+$", "(((a*)*)*)*b", "(a|a)*c"])
def test_no_pattern_takes_long(pattern: str, command: ModuleType, folder: Path) -> None:
    """A backtracking engine needs more than the age of the universe for these."""
    (folder / "two.ldif").write_text(TWO.replace("uid: ann", f"uid: {'a' * 50_000}!"), encoding="utf-8")
    written(folder, f"{BASE}[[unused]]\nkinds = ['person']\nreason = 'r'\nmatches = {{ uid = ['{pattern}'] }}\n")

    done = command.process("check", "two.ldif", "--rules", "./mine.toml", "-q")

    assert ("", 1) == (done.err, done.code)


def test_its_texts_reach_terminal_and_files_as_text(command: ModuleType, folder: Path) -> None:
    (folder / "two.ldif").write_text(TWO, encoding="utf-8")
    book = "".join(f'{key} = "{HOSTILE}"\n' for key in ("where", "who", "export", "replication", "trial"))
    written(folder, f'{BASE}apply = "{HOSTILE}{{file}}"\n[run_book]\n{book}after = ["{HOSTILE}"]\n')

    done = command.run("write", "two.ldif", "--rules", "./mine.toml", "--accept-all", "-q", "-o", "c.ldif")

    assert ("", 0) == (done.err, done.code)
    assert {"\n"} >= {character for character in done.out if not character.isprintable()}
    for name in ("c.ldif", "c.rollback.ldif", "c.runbook.md"):
        text = (folder / name).read_text(encoding="ascii")
        assert [] == [line for line in text.splitlines() if line.startswith("dn: cn=forged")]
