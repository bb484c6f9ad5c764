from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from aliasfix.directory import Directory, Source, Unreadable
from aliasfix.errors import Where
from aliasfix.importer import Options, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

U = "dn: uid=u,dc=x\n"


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def said(directory: Directory) -> list[tuple[str, str, int]]:
    """Attribute, value and line of every value."""
    columns = (directory.values[c].to_pylist() for c in ("attribute", "value", "line"))
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize(
    ("lines", "attributes", "expected"),
    [
        ("mail: a\nMAIL: b\nsn: c\n", ["Mail"], [("Mail", "a", 2), ("Mail", "b", 3)]),
        ("sn: c\nuid: u\nsn: c\n", ["uid", "sn"], [("sn", "c", 2), ("sn", "c", 4), ("uid", "u", 3)]),
        ("sn: a\nsn;lang-de: b\nsn;binary: c\nsn;binary;lang-de: d\n", ["sn"], [("sn", "a", 2), ("sn", "c", 4)]),
        ("changetype: add\nuid: u\n", ["uid"], [("uid", "u", 3)]),
        ("changetype: ntdsSchemaAdd\nuid: u\n", ["uid"], [("uid", "u", 3)]),
        ("mail:\nsn: NA\nuid: 007\n", ["mail", "sn", "uid"], [("mail", "", 2), ("sn", "NA", 3), ("uid", "007", 4)]),
        ("objectSid:: AQEAAAAAAAUSAAAA\n", ["objectsid"], [("objectsid", "S-1-5-18", 2)]),
        (f"objectGUID:: {b64(bytes(range(16)))}\n", ["objectGUID"],
         [("objectGUID", "03020100-0504-0706-0809-0a0b0c0d0e0f", 2)]),
        (f"objectGUID:: {b64(bytes(range(16)))}\nuid: u\n", ["uid"], [("uid", "u", 3)]),
        ("sn: c\n", [], []),
    ],
)  # fmt: skip
def test_values(
    lines: str, attributes: Sequence[str], expected: list[tuple[str, str, int]], imported: Callable[..., Directory]
) -> None:
    directory = imported({"a.ldif": U + lines}, attributes)

    assert expected == said(directory)
    assert [("uid=u,dc=x", "uid=u,dc=x", "", 0, 1)] == [tuple(e.values()) for e in directory.entries.to_pylist()]


def test_what_can_not_be_read_is_reported_with_its_line(imported: Callable[..., Directory]) -> None:
    text = (
        f"{U}sn:: {b64(bytes([0xFC]))}\njpegPhoto:: {b64(bytes([0xFF]))}\njpegPhoto:: ***\nmail:: ***\n"
        f"objectGUID:: AAAA\n\nuid: orphan\n\ndn: nonsense\nuid: n\n\n{U.replace('u,', 'v,')}uid: v\n"
    )

    directory = imported({"a.ldif": text}, ["SN", "uid", "mail"])

    assert [("uid", "v", 14)] == said(directory)
    assert {
        Unreadable(Where("a.ldif", 2), "the value is not UTF-8", "uid=u,dc=x", "SN"),
        Unreadable(Where("a.ldif", 5), "the value is not whole base64", "uid=u,dc=x", "mail"),
        Unreadable(Where("a.ldif", 8), "the record does not begin with its dn but with 'uid: orphan'"),
        Unreadable(Where("a.ldif", 10), "the record's dn can't be read: 'nonsense' is not attribute=value", "nonsense"),
    } == set(directory.unreadable)
    assert (2, 4, False) == (
        directory.sources[0].entries,
        directory.sources[0].unreadable,
        directory.sources[0].complete,
    )


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("\nsearch: 2\nresult: 4 Size limit exceeded\n",
         ("line 5: the search that wrote it ended with '4 Size limit exceeded'",)),
        ("\nref: ldap://other/dc=x\n", ("line 4: the search was referred elsewhere ('ldap://other/dc=x')",)),
        ("\nsearch: 2\nresult: 0 Success\n", ()),
        ("mail;range=0-1: a\n", ("line 3: mail of 'uid=u,dc=x' holds only the values 0-1",)),
        ("member;range=0-1499: a\n", ("line 3: member of 'uid=u,dc=x' holds only the values 0-1499",)),
        ("member;range=0-1: a\nmember;range=2-*: b\n", ()),
    ],
)  # fmt: skip
def test_signs_of_an_incomplete_export(
    tail: str, expected: tuple[str, ...], imported: Callable[..., Directory]
) -> None:
    assert expected == imported({"a.ldif": f"{U}uid: u\n{tail}"}, ["uid", "mail"]).sources[0].incomplete


def test_values_with_options_are_counted(imported: Callable[..., Directory]) -> None:
    plain = f"{U}uid;lang-de: u\nuid;lang-fr: v\nuid;lang-de;x-y:: dQ==\nmail;lang-de: m\nsn;lang-de: s\n"
    with_care = "\ndn: uid=v,dc=x\nuid:< file:///x\nuid;lang-de: w\n"

    source = imported({"a.ldif": plain + with_care}, ["uid", "mail"]).sources[0]

    assert (("mail", 1), ("uid", 4)) == source.optioned


def test_values_that_came_in_ranges_are_read(imported: Callable[..., Directory]) -> None:
    text = f"{U}uid: u\nmail;range=0-0: a\nmail;range=1-*: b\n"

    assert [("mail", "a", 3), ("mail", "b", 4), ("uid", "u", 2)] == said(imported({"a.ldif": text}, ["uid", "mail"]))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (99, ()),
        (100, ("it has exactly 100 entries, a common size limit",)),
        (501, ()),
        (1000, ("it has exactly 1000 entries, a common size limit",)),
    ],
)
def test_a_round_number_of_entries_looks_cut_off(
    count: int, expected: tuple[str, ...], imported: Callable[..., Directory]
) -> None:
    directory = imported({"a.ldif": "\n".join(f"dn: uid={n},dc=x\n" for n in range(count))})

    assert expected == directory.sources[0].incomplete


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding: str, end: str, imported: Callable[..., Directory]) -> None:
    text = "# comment\n\ndn: uid=ü,dc=x\nuid: ü\n".replace("\n", end)

    directory = imported({"a.txt": text.encode(encoding)}, ["uid"])

    assert [("uid", "ü", 4)] == said(directory)
    assert encoding == directory.sources[0].encoding


def test_a_named_code_page(imported: Callable[..., Directory]) -> None:
    directory = imported({"a.ldif": f"{U}sn: Müller\n".encode("cp1252")}, ["sn"], Options(encoding="cp1252"))

    assert [("sn", "Müller", 2)] == said(directory)


def test_probe_shows_what_the_head_holds(write: Callable[..., list[str]]) -> None:
    text = (
        f"{U}objectClass: top\nobjectclass: person\nUID: u\nsn;lang-de: s\n\ndn: uid=v,dc=x\nuid: v\nobjectClass: TOP\n"
    )

    expected = Source(
        "a.ldif",
        format="ldif",
        encoding="utf-8",
        attributes=("objectClass", "UID"),
        classes=("top", "person"),
        dns=("uid=u,dc=x", "uid=v,dc=x"),
    )
    assert [expected] == probe(write({"a.ldif": text}), Options())
