from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliasfix import open_exports, ruleset
from aliasfix.errors import AliasfixError
from aliasfix.importer import Options, mapping

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., list[str]]

GUID = "0fc45df7-769c-4d75-b47e-e9de8340bfb5"


def opened(write: Write, text: str, columns: dict[str, str], rules: str = "exchange") -> dict[str, Any]:
    """The entries that columns of a file give: DN -> attribute -> values."""
    job = open_exports(write({"a.csv": text}), rules, Options(columns=tuple(columns.items())))
    found: dict[str, Any] = {dn: {} for dn in job.directory.entries["dn"].to_pylist()}
    names = list(found)
    for row in job.directory.values.to_pylist():
        found[names[row["entry"]]].setdefault(row["attribute"], []).append(row["value"])
    assert job.directory.sources[0].has_dn == ("dn" in columns)
    return found


def test_columns_hold_what_the_fields_of_the_ruleset_read(write: Write) -> None:
    text = (
        "Login Name; Mail;Account;First;Last;Kind;Id;Shown;Where;more\n"
        f' u ;u@x.example;DOM\\u;Ursula;Sehr;Shared;{{{GUID.upper()}}};"Sehr; U";"CN=u,DC=x";x\n'
        "v;;;;;person;;;CN=v,DC=x;x\n"
    )
    columns = {"alias": "login  name", "mail": "mail", "account": "Account", "given": "First", "surname": "Last"}
    columns |= {"kind": "Kind", "guid": "Id", "display": "Shown", "dn": "Where"}

    expected = {
        "CN=u,DC=x": {
            "displayName": ["Sehr; U"],
            "givenName": ["Ursula"],
            "mail": ["u@x.example"],
            "mailNickname": ["u"],
            "msExchRecipientTypeDetails": ["2"],
            "objectGUID": [GUID],
            "sAMAccountName": ["DOM\\u"],
            "sn": ["Sehr"],
        },
        "CN=v,DC=x": {"mailNickname": ["v"], "msExchRecipientTypeDetails": ["1"]},
    }
    assert expected == opened(write, text, columns)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"alias": "a"}, ["alias=u+line=2", "alias=u+line=3", "alias=v+line=4"]),
        ({"alias": "a", "mail": "m"}, ["mail=u@x", "alias=u+line=3", "mail=v@x"]),
        ({"alias": "a", "guid": "g", "mail": "m"}, ["mail=u@x", f"guid={GUID}", "mail=v@x"]),
    ],
)
def test_entries_without_dn_go_by_mail_guid_or_line(columns: dict[str, str], expected: list[str], write: Write) -> None:
    assert expected == list(opened(write, f"a,m,g\nu,u@x,\nu,,{GUID}\nv,v@x,\n", columns, "openldap"))


@pytest.mark.parametrize(
    ("columns", "rules", "sentence", "hint"),
    [
        ({"alais": "a"}, "exchange", '--map names "alais", which is no field', 'did you mean "alias"?'),
        (
            {"phone": "a"},
            "exchange",
            '--map names "phone", which is no field',
            f"fields are {', '.join(mapping.FIELDS)}",
        ),
        ({"mail": "m"}, "exchange", "--map names no column for the alias", "say --map alias=COLUMN"),
        (
            {"alias": "a", "account": "b"},
            "addresses",
            "the ruleset addresses reads no account",
            "leave --map account out",
        ),
        ({"alias": "a", "kind": "b"}, "addresses", "the ruleset addresses reads no kind", "leave --map kind out"),
        ({"alias": "Login Nam"}, "exchange", 'a.csv:1: it has no column "Login Nam"', 'did you mean "Login Name"?'),
        ({"alias": "xyz"}, "exchange", 'a.csv:1: it has no column "xyz"', 'it has "Login Name", "m", "M"'),
        ({"alias": "Login Name", "mail": "m"}, "exchange", 'a.csv:1: it has two columns "m"', "rename one of them"),
        (
            {"alias": "Login Name"},
            "",
            "--map names columns by the fields of a ruleset, and none is named",
            "say which with --rules",
        ),
    ],
)
def test_what_can_not_be_mapped(columns: dict[str, str], rules: str, sentence: str, hint: str, write: Write) -> None:
    with pytest.raises(AliasfixError) as refused:
        opened(write, "Login Name,m,M\nu,u@x,\n", columns, rules)

    assert (sentence, hint) == (str(refused.value), refused.value.hint)


def test_a_column_that_two_separators_show_is_asked_about(write: Write) -> None:
    text = "x,login,y;login;z\n1,2,3;4;5\n"

    with pytest.raises(AliasfixError, match=r"comma and semicolon both could separate them$") as refused:
        opened(write, text, {"alias": "login"}, "openldap")

    assert refused.value.hint == "say which: --csv ColumnSeparator=44 for comma, 59 for semicolon"


def test_a_field_has_one_column() -> None:
    with pytest.raises(AliasfixError, match=r'^--map gives alias two columns, "a" and "b"$'):
        mapping.table((("alias", "a"), ("alias", "b")), ruleset.load("exchange"))


def test_a_column_may_name_the_site(write: Write) -> None:
    found = opened(write, "login,office\nu,Berlin\nv,\n", {"alias": "login", "site": "office"}, "openldap")

    assert {"alias=u+line=2": {"uid": ["u"], "(site)": ["Berlin"]}, "alias=v+line=3": {"uid": ["v"]}} == found


def test_two_fields_may_share_a_column(write: Write) -> None:
    found = opened(write, "login\nu\n", {"alias": "login", "account": "Login"})

    assert {"alias=u+line=2": {"mailNickname": ["u"], "sAMAccountName": ["u"]}} == found
