"""Lists of facts: which entry a row is of, what it adds, and what is told."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.errors import InputError
from aliasfix.importer import Options, facts, probe, read
from aliasfix.importer.assemble import GUIDS
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from aliasfix.directory import Directory

ANN, BOB, CID = (f"CN={name},OU=Oslo,DC=one,DC=example" for name in ("Ann", "Bob", "Cid"))
EXPORT = f"""\
dn: {ANN}
objectClass: user
mailNickname: ann
sAMAccountName: ann
proxyAddresses: smtp:a@one.example
proxyAddresses: SMTP:ann@one.example
objectGUID:: AAECAwQFBgcICQoLDA0ODw==

dn: {BOB}
objectClass: user
mailNickname: bob
sAMAccountName: bob
mail: bob@one.example
employeeNumber: 7

dn: {CID}
objectClass: user
mailNickname: cid
sAMAccountName: bob
mail: ann@one.example
lastLogonTimestamp: 132131520000000000

"""
GUID = "03020100-0504-0706-0809-0a0b0c0d0e0f"
LOGON = "lastLogonTimestamp"
RULES = load("exchange")
NOON = "20261002120000.0Z"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("export.ldif").write_text(EXPORT, encoding="utf-8")


def _joined(*lists: str, rules: str = "exchange") -> facts.Joined:
    ruleset = load(rules)
    sources = probe(["export.ldif"], Options())
    directory = read(sources, (*ruleset.attributes, *GUIDS), Options())
    paths = [f"facts{number}.csv" for number in range(len(lists))]
    for path, text in zip(paths, lists, strict=True):
        Path(path).write_text(text, encoding="utf-8", newline="")
    return facts.join(directory, paths, ruleset)


def _values(directory: Directory, attribute: str) -> list[tuple[str, str, str, int]]:
    frame = directory.frame()
    frame = frame[frame["attribute"] == attribute]
    return [tuple(row) for row in frame[["dn", "value", "source", "line"]].itertuples(index=False)]


FOUND = {
    "by GUID": ("objectGUID", GUID, ANN),
    "by GUID in braces": ("Guid", f"{{{GUID.upper()}}}", ANN),
    "by mail address": ("mail", "BOB@one.example", BOB),
    "by mail address with its prefix": ("PrimarySmtpAddress", "SMTP:bob@one.example", BOB),
    "by account": ("account", "ANN", ANN),
    "by the account's attribute": ("sAMAccountName", "ann", ANN),
}


@pytest.mark.parametrize("case", FOUND)
def test_an_entry_is_found(case: str) -> None:
    header, cell, dn = FOUND[case]

    joined = _joined(f"{header},employeeID\n{cell},E1\n")

    assert [(dn, "E1", "facts0.csv", 2)] == _values(joined.directory, "employeeID")
    assert () == joined.said


ASTRAY = {
    "nobody": ("mail", "eve@one.example", 'no entry has the mail "eve@one.example"'),
    "several": ("mail", "ann@one.example", '2 entries have the mail "ann@one.example"'),
    "several accounts": ("account", "bob", '2 entries have the account "bob"'),
    "an account with a domain": ("account", "ONE\\ann", 'no entry has the account "ONE\\ann"'),
    "a secondary address": ("mail", "a@one.example", 'no entry has the mail "a@one.example"'),
    "another GUID": ("Guid,mail", f"{GUID[:-1]}e,x", f'no entry has the objectGUID "{GUID[:-1]}e" or the mail "x"'),
    "no key": ("mail", " ", "the row fills no column by which its entry could be found"),
    "the empty GUID": (
        "objectGUID", "00000000-0000-0000-0000-000000000000",
        "the row fills no column by which its entry could be found",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ASTRAY)
def test_a_row_of_no_one_entry_is_told(case: str) -> None:
    header, cell, why = ASTRAY[case]

    joined = _joined(f"{header},employeeID\n{cell},E1\n")

    assert (f"facts0.csv:2: {why}",) == joined.said
    assert [] == _values(joined.directory, "employeeID")


def test_the_guid_goes_before_the_address_and_an_address_never_to_another_guid() -> None:
    of_bob = f"{GUID},bob@one.example,E1\n"
    gone = f"{GUID[:-1]}e,bob@one.example,E2\n"
    taken_over = f"{GUID[:-1]}e,ann@one.example,E3\n"  # the address of the entry with the GUID, and of one without

    joined = _joined(f"objectGUID,mail,employeeID\n{of_bob}{gone}{taken_over}")

    assert [(ANN, "E1"), (BOB, "E2"), (CID, "E3")] == [v[:2] for v in _values(joined.directory, "employeeID")]


def test_what_the_export_says_stays() -> None:
    joined = _joined("mail,employeeNumber\nbob@one.example,8\n")

    assert [(BOB, "7", "export.ldif", 14)] == _values(joined.directory, "employeeNumber")
    assert "facts0.csv: values that the exports say otherwise, which stays: 1" == joined.said[-1]


def test_what_the_export_says_as_well_is_nothing_to_tell() -> None:
    assert () == _joined("mail,employeeNumber\nbob@one.example,7\n").said


LISTS = ("mail,employeeID,sn\nbob@one.example,E1,Ek\n", "mail,employeeID,sn\nbob@one.example,E2,Ek\n")


def test_where_rows_differ_neither_is_taken() -> None:
    joined = _joined(*LISTS)

    assert [] == _values(joined.directory, "employeeID")
    assert [(BOB, "Ek", "facts0.csv", 2)] == _values(joined.directory, "sn")
    said = f"facts0.csv:2 and facts1.csv:2: they differ about the employeeID of {BOB}, so neither is taken"
    assert said == joined.said[-1]


def test_the_order_of_rows_does_not_matter() -> None:
    rows = ("ann,E1,", "ann,E2,Berg", "ann,,Berg")

    for some in permutations(rows):
        joined = _joined("\n".join(["account,employeeID,sn", *some]))
        assert [] == _values(joined.directory, "employeeID")
        assert [(ANN, "Berg")] == [v[:2] for v in _values(joined.directory, "sn")]


TIMES = {
    "2026-10-02": "20261002000000.0Z",
    "2026-10-02 12:00": NOON,
    "2026-10-02T14:00:00+02:00": NOON,
    "20261002120000.0Z": NOON,
    "134354160000000000": NOON,
    "10/13/2026 12:00:00 PM": "20261013120000.0Z",
}


@pytest.mark.parametrize("cell", TIMES)
def test_a_time_is_read(cell: str) -> None:
    joined = _joined(f"account,LastLogonDate\nann,{cell}\n")

    assert TIMES[cell] == _values(joined.directory, LOGON)[0][1]


@pytest.mark.parametrize("cell", ["never", "1/2/2026", "2026-02-30", "9223372036854775807"])
def test_a_cell_that_tells_no_time_is_told(cell: str) -> None:
    joined = _joined(f"account,lastLogonTimestamp\nann,{cell}\n")

    assert f'facts0.csv:2: lastLogonTimestamp "{cell}" tells no time' == joined.said[0]
    assert [CID] == [v[0] for v in _values(joined.directory, LOGON)]


def test_the_values_stand_where_their_attribute_and_entry_are() -> None:
    joined = _joined("account,lastLogonTimestamp,employeeNumber\nann,2026-10-02,5\n")

    assert [(ANN, "5"), (BOB, "7")] == [v[:2] for v in _values(joined.directory, "employeeNumber")]
    assert [ANN, CID] == [v[0] for v in _values(joined.directory, LOGON)]
    for attribute in RULES.attributes:
        entries = joined.directory.values_of(attribute)["entry"].to_pylist()
        assert sorted(entries) == entries


def test_the_list_is_a_source() -> None:
    joined = _joined("account,employeeID\nann,E1\nbob,E2\n")

    export, source = joined.directory.sources
    assert ("ldif", "facts") == (export.format, source.format)
    assert ("facts0.csv", 1, 64) == (source.path, source.entries, len(source.sha256))


PASSED_OVER = "no attribute that the ruleset exchange reads, or names, which come from the exports alone"
SAID = {
    "a column that nothing reads": (
        "account,employeeID,Office\nann,E1,2.04\n",
        f'facts0.csv: passed over are "Office": {PASSED_OVER}',
    ),
    "names": (
        "account,employeeID,Alias\nann,E1,eve\n",
        f'facts0.csv: passed over are "Alias": {PASSED_OVER}',
    ),
    "a row cut short": ("account,employeeID\nann\n", "facts0.csv:2: the row has 1 fields, the header 2"),
    "a quotation mark": (
        'account,employeeID\n"ann,E1\n',
        "facts0.csv:2: the row can't be read: the quotation mark that opens its field 1 is never closed",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_passed_over_is_told(case: str) -> None:
    text, said = SAID[case]

    joined = _joined(text)

    assert said == joined.said[0]
    assert ["ann", "bob", "cid"] == [v[1] for v in _values(joined.directory, "mailNickname")]


REFUSED = {
    "no key": ("employeeID\nE1\n", "facts0.csv:1: the list has no column to find entries by"),
    "nothing to read": (
        "mail,Office\nx,2.04\n", "facts0.csv:1: no column of the list holds what the ruleset exchange reads",
    ),
    "no header": ("\n\n", "facts0.csv: the list has no header"),
    "a key twice": (
        "mail,PrimarySmtpAddress,employeeID\nx,y,z\n",
        'facts0.csv:1: two columns of the list, "mail" and "PrimarySmtpAddress", hold one thing',
    ),
    "an attribute twice": (
        "mail,LastLogonDate,lastLogonTimestamp\nx,y,z\n",
        'facts0.csv:1: two columns of the list, "LastLogonDate" and "lastLogonTimestamp", hold one thing',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_list_is_refused(case: str) -> None:
    text, sentence = REFUSED[case]

    with pytest.raises(InputError) as refused:
        _joined(text)

    assert sentence == str(refused.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_recognised(delimiter: str) -> None:
    joined = _joined(f"\ufeff#TYPE x\r\naccount{delimiter}employeeID\r\nann{delimiter}E1\r\n")

    assert [(ANN, "E1", "facts0.csv", 3)] == _values(joined.directory, "employeeID")


def test_many_rows_that_go_astray_are_counted() -> None:
    rows = "".join(f"x{number},E1\n" for number in range(12))

    said = _joined(f"account,employeeID\n{rows}").said

    assert 11 == len(said)
    assert "2 more rows of facts0.csv are of no one entry" == said[10]


def test_an_account_of_exchange_5_5_has_its_domain() -> None:
    Path("export.ldif").write_text(
        "dn: cn=ann,cn=Recipients,ou=SITE1,o=ORG\nuid: ann\nrdn: ann\nPrimary-Windows-NT-Account: DOM1\\ann\n\n"
        "dn: cn=ann,cn=Recipients,ou=SITE2,o=ORG\nuid: ann\nrdn: ann\nPrimary-Windows-NT-Account: DOM2\\ann\n\n",
        encoding="utf-8",
    )

    joined = _joined("account,LastLogonDate\ndom2\\Ann,2026-10-02\nann,2026-10-03\n", rules="exchange55")

    assert ["cn=ann,cn=Recipients,ou=SITE2,o=ORG"] == [v[0] for v in _values(joined.directory, LOGON)]
    assert 'facts0.csv:3: 2 entries have the account "ann"' == joined.said[0]
