from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix.errors import AliasfixError
from aliasfix.importer import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliasfix.directory import Directory

    Importing = Callable[..., Directory]

HEADER = "Obj-Class,Alias Name,Obj-Dist-Name,Display Name,E-mail Addresses\n"
NAME = "/o=ORG/ou=S/cn=Recipients/cn=u"
ATTRIBUTES = ("cn", "mail", "otherMailbox")


def held(directory: Directory) -> dict[str, list[str]]:
    found = {a: directory.values_of(a)["value"].to_pylist() for a in ATTRIBUTES}
    return {a: values for a, values in found.items() if values}


def row(*cells: str) -> str:
    return ",".join(("Mailbox", "u", NAME, *cells)) + "\n"


@pytest.mark.parametrize("separator", "%&^#@!$")
def test_the_separator_of_values_is_what_stands_before_the_type_of_an_address(
    separator: str, imported: Importing
) -> None:
    values = ("MS:ORG/S/U", "SMTP:u@x.example", "CCMAIL:u & v at x#1!")
    text = HEADER + row("U", separator.join(value.replace(separator, f"\\{separator}") for value in values))

    found = held(imported({"a.csv": text}, ATTRIBUTES))

    assert {"cn": ["U"], "mail": ["u@x.example"], "otherMailbox": ["MS:ORG/S/U", "CCMAIL:u & v at x#1!"]} == found


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("'Sehr, U'", "'MS:a%SMTP:u@x'"), {"cn": ["Sehr, U"], "mail": ["u@x"], "otherMailbox": ["MS:a"]}),
        (("'O''Hara, U'", "SMTP:u@x"), {"cn": ["O'Hara, U"], "mail": ["u@x"]}),
        (("O'Hara", "SMTP:u@x"), {"cn": ["O'Hara"], "mail": ["u@x"]}),
        (("'t Hooft", "SMTP:u@x"), {"cn": ["'t Hooft"], "mail": ["u@x"]}),
        (('"\'t Hooft, U"', "SMTP:u@x"), {"cn": ["'t Hooft, U"], "mail": ["u@x"]}),
    ],
)
def test_an_apostrophe_is_a_quotation_mark_where_the_fields_count_with_it_only(
    cells: tuple[str, str], expected: dict[str, list[str]], imported: Importing
) -> None:
    assert expected == held(imported({"a.csv": HEADER + row(*cells)}, ATTRIBUTES))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("QuoteCharacter", "'"), {"cn": ["U"], "mail": ["u@x"]}),
        (("quotecharacter", "34"), {"cn": ["'U'"], "mail": ["u@x"]}),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(
    said: tuple[str, str], expected: dict[str, list[str]], imported: Importing
) -> None:
    files = {"a.csv": HEADER + row("'U'", "SMTP:u@x")}

    with pytest.raises(AliasfixError, match=r"^a\.csv: its cells could be quoted with . or '$"):
        imported(files, ATTRIBUTES)
    assert expected == held(imported(files, ATTRIBUTES, Options(separators=(said,))))


def test_two_separators_of_values_are_asked_about(imported: Importing) -> None:
    files = {"a.csv": HEADER + row("U", "CCMAIL:a&MS:b%SMTP:u@x")}

    with pytest.raises(AliasfixError, match=r"^a\.csv: its values could be separated by % or &$"):
        imported(files, ATTRIBUTES)
    said = Options(separators=(("MVSeparator", "%"),))
    assert {"cn": ["U"], "mail": ["u@x"], "otherMailbox": ["CCMAIL:a&MS:b"]} == held(imported(files, ATTRIBUTES, said))


def test_what_shows_another_separator_below_the_head_can_not_be_read(
    imported: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aliasfix.importer.files.HEAD", len(HEADER + row("U", "SMTP:u@x")))
    later = row("V", "MS:a&SMTP:v@x").replace("cn=u", "cn=v")

    directory = imported({"a.csv": HEADER + row("U", "SMTP:u@x") + later}, ATTRIBUTES)

    what = 'it may hold several values with "&" between them: say --csv MVSeparator=CHARACTER'
    assert [what] == [u.what for u in directory.unreadable]
    assert {"cn": ["U", "V"], "mail": ["u@x"]} == held(directory)


def test_any_character_may_separate_columns_where_it_is_said(imported: Importing) -> None:
    text = (HEADER + row("U", "SMTP:u@x")).replace(",", "~")

    said = Options(separators=(("ColumnSeparator", "126"),))
    assert {"cn": ["U"], "mail": ["u@x"]} == held(imported({"a.csv": text}, ATTRIBUTES, said))


@pytest.mark.parametrize(
    ("said", "sentence", "hint"),
    [
        ((("Quotes", "'"),), '--csv names "Quotes", which is no separator', 'did you mean "QuoteCharacter"?'),
        (
            (("x", "'"),),
            '--csv names "x", which is no separator',
            "it can name ColumnSeparator, QuoteCharacter, MVSeparator",
        ),
        (
            (("MVSeparator", "ab"),),
            '--csv MVSeparator can\'t be "ab"',
            "it is one character, or its number in ASCII: 09 is TAB",
        ),
        (
            (("MVSeparator", "10"),),
            '--csv MVSeparator can\'t be "10"',
            "it is one character, or its number in ASCII: 09 is TAB",
        ),
        (
            (("MVSeparator", ";"), ("ColumnSeparator", "59")),
            "--csv gives one character two meanings",
            "they must differ",
        ),
    ],
)
def test_what_is_no_separator(said: tuple[tuple[str, str], ...], sentence: str, hint: str, imported: Importing) -> None:
    with pytest.raises(AliasfixError) as refused:
        imported({"a.csv": HEADER}, ATTRIBUTES, Options(separators=said))

    assert (sentence, hint) == (str(refused.value), refused.value.hint)
