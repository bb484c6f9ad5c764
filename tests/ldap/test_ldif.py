from __future__ import annotations

import base64
import io
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ldif import LDIFParser, LDIFWriter

from aliasfix.ldap import dn, encodings, ldif

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NO_UTF_8 = "is not UTF-8: name the code page with --encoding"

READ: dict[str, tuple[bytes, list[str]]] = {
    "a value on the line after its dn": (b"dn:\n cn=a,dc=x\ncn:\n a\n", ["1 cn=a,dc=x | 3 cn: a"]),
    "a dn in base64": (b"dn:: Y249w7w=\ncn: a\n", ["1 cn=ü | 2 cn: a"]),
    "a folded dn in base64": (b"dn:: Y2\n 49w7w=\n", ["1 cn=ü"]),
    "a fold within a UTF-8 character": (b"dn: cn=a\ncn: \xc3\n \xbc\n", ["1 cn=a | 2 cn: \\xc3\\xbc"]),
    "a dn with spaces": (b"dn: cn = a , dc=x \n", ["1 cn = a , dc=x "]),
    "a dn twice, in capitals": (b"dn: cn=a\nDN: cn=b\nDn:: Y249Yw==\n", ["1 cn=a", "2 cn=b", "3 cn=c"]),
    "a dn that is not UTF-8": (b"dn: cn=\xfc\ncn: a\n\ndn: cn=b\n", [
        f"Bad 1 | cn=\\xfc | the record's dn can't be read: byte 0xFC at offset 7 of the line {NO_UTF_8}",
        "4 cn=b",
    ]),
    "a dn in base64 that is not UTF-8": (b"dn:: Y249/A==\ncn: a\n", [
        "Bad 1 | Y249/A== | the record's dn can't be read: 'cn=\ufffd' is not UTF-8",
    ]),
    "a dn in broken base64": (b"dn:: Y249/A=\ncn: a\n", [
        "Bad 1 | Y249/A= | the record's dn can't be read: the value is not whole base64",
    ]),
    "a dn by URL": (b"dn:< file:///x\n", [
        "Bad 1 | file:///x | the record's dn can't be read: the value is a URL, which is never opened: 'file:///x'",
    ]),
    "a version between two files": (b"version: 1\ndn: cn=a\n\nversion: 1\n\ndn: cn=b\n", ["2 cn=a", "6 cn=b"]),
    "a version in a record": (b"dn: cn=a\nversion: 2\n", ["1 cn=a | 2 version: 2"]),
    "a version and something else": (b"version: 1\ncharset: x\n\ndn: cn=b\n", [
        "Bad 2 | the record does not begin with its dn but with 'charset: x'",
        "4 cn=b",
    ]),
    "something before the dn": (b"cn: a\ndn: cn=b\n", [
        "Bad 1 | the record does not begin with its dn but with 'cn: a'",
        "2 cn=b",
    ]),
    "a base64 value with more after it": (b"dn: cn=a\ncn:: YQ==YQ==\nsn:: YQ== \nuid:: Y Q==\nou:: YQ==\n", [
        "1 cn=a | 5 ou:: a",
        "Bad 2 | cn=a | cn | the value is not whole base64",
        "Bad 3 | cn=a | sn | the value is not whole base64",
        "Bad 4 | cn=a | uid | the value is not whole base64",
    ]),
    "what is not UTF-8": (b"# \xfc\ndn: cn=a\ncn: a\xff\n\xfc: b\nsn: b\n", [
        "2 cn=a | 5 sn: b",
        f"Bad 3 | cn=a | cn | byte 0xFF at offset 5 of the line {NO_UTF_8}",
        "Bad 4 | cn=a | '\ufffd' is no attribute name",
    ]),
    "a lone CR among LF": (b"dn: cn=a\ncn: a\rmail: b\nsn: c\n", [
        "1 cn=a | 3 sn: c",
        "Bad 2 | cn=a | cn | a carriage return stands within the line",
    ]),
    "CRLF made twice": (b"dn: cn=a\r\r\ncn: a\r\r\n\r\r\ndn: cn=b\r\r\n", ["1 cn=a | 2 cn: a", "4 cn=b"]),
    "CR alone and a Ctrl-Z": (b"dn: cn=a\rcn: a\r b\r\rdn: cn=b\r\x1a", ["1 cn=a | 2 cn: ab", "5 cn=b"]),
    "a Ctrl-Z between two files": (b"dn: cn=a\n\x1a\ndn: cn=b\n\x1a\r\n", ["1 cn=a", "3 cn=b"]),
    "a Ctrl-Z behind the last value": (b"dn: cn=a\ncn: a\x1a", ["1 cn=a | 2 cn: a"]),
    "spaces before a dn, a comment and the end": (b"dn: cn=a\ncn: a\n   \n  \ndn: cn=b\ncn: b\n   \n# c\ncn: c\n  \n", [
        "1 cn=a | 2 cn: a",
        "5 cn=b | 6 cn: b | 9 cn: c",
    ]),
    "spaces that continue a value": (b"dn: cn=a\ncn: a\n   \n b\n  \nsn: c\n  \n\n", [
        "1 cn=a | 2 cn: a  b  | 6 sn: c ",
    ]),
    "spaces after a blank line": (b"dn: cn=a\n\n   \n \ndn: cn=b\n", ["1 cn=a", "5 cn=b"]),
    "a line of TABs": (b"dn: cn=a\n\t\t\ndn: cn=b\n", ["1 cn=a", "3 cn=b"]),
    "a TAB does not fold": (b"dn: cn=a\ncn: a\n\tb: c\n\tb\n", [
        "1 cn=a | 2 cn: a",
        "Bad 3 | cn=a | '\\tb' is no attribute name: a TAB does not continue a line, only a space does",
        "Bad 4 | cn=a | there is no colon in '\\tb': a TAB does not continue a line, only a space does",
    ]),
    "continuations of nothing": (b"\n a\n b\ncn: c\n\ndn: cn=b\n", [
        "Bad 2 | the line continues another, but none stands before it",
        "Bad 4 | the record does not begin with its dn but with 'cn: c'",
        "6 cn=b",
    ]),
    "comments in a record, folded": (b"#\n# a\n  b: c\ndn: cn=a\n#x\n y\ncn: a\n b\n#\n\n#\n", ["4 cn=a | 7 cn: ab"]),
    "names, options, oids": (b"dn: cn=a\nCN;lang-de;x-y: a\n2.5.4.4;binary:: AA==\nmy_attr: b\n", [
        "1 cn=a | 2 CN;lang-de;x-y: a | 3 2.5.4.4;binary:: \\x00 | 4 my_attr: b",
    ]),
    "what is no name": (b"dn: cn=a\n: a\ncn : b\ncn;: c\n;x: d\n2.: e\n-a: f\nsn: g\n", [
        "1 cn=a | 8 sn: g",
        "Bad 2 | cn=a | '' is no attribute name",
        "Bad 3 | cn=a | 'cn ' is no attribute name",
        "Bad 4 | cn=a | 'cn;' is no attribute name",
        "Bad 5 | cn=a | ';x' is no attribute name",
        "Bad 6 | cn=a | '2.' is no attribute name",
        "Bad 7 | cn=a | '-a' is no attribute name",
    ]),
    "a footer that failed": (b"dn: cn=a\n\n# search result\nsearch: 2\nresult: 4 Size limit exceeded\ntext: more\n", [
        "1 cn=a",
        "Incomplete 5 | the search that wrote it ended with '4 Size limit exceeded'",
    ]),
    "a footer of a paged search": (
        b"search: 2\nresult: 0 Success\ncontrol: 1.2.840.113556.1.4.319 false MAUCAQAEAA==\npagedresults: cookie=\n",
        [],
    ),
    "a footer without text": (b"result: 0\n", []),
    "a footer that only begins with 0": (b"result: 01\n", ["Incomplete 1 | the search that wrote it ended with '01'"]),
    "an entry that looks like a footer": (b"result: 0 Success\ncn: a\n", [
        "Bad 1 | the record does not begin with its dn but with 'result: 0 Success'",
    ]),
    "referrals": (b"# search reference\nref: ldap://x/\nref: ldap://y/\n\n# refldap://z/\ndn: cn=a\nref: ldap://q/\n", [
        "Incomplete 2 | the search was referred elsewhere ('ldap://x/')",
        "Incomplete 3 | the search was referred elsewhere ('ldap://y/')",
        "Incomplete 5 | the search was referred elsewhere ('refldap://z/')",
        "6 cn=a | 7 ref: ldap://q/",
    ]),
    "a range of values": (b"dn: cn=a\nmember;range=0-1: cn=b\nMember;Range=0-1: cn=c\n", [
        "1 cn=a | 2 member;range=0-1: cn=b | 3 Member;Range=0-1: cn=c",
        "Incomplete 2 | member of 'cn=a' holds only the values 0-1",
    ]),
    "all ranges of values": (b"dn: cn=a\nmember;range=0-1: cn=b\nmember;range=2-*: cn=c\n", [
        "1 cn=a | 2 member;range=0-1: cn=b | 3 member;range=2-*: cn=c",
    ]),
    "controls": (b"dn: cn=a\ncontrol: 1.2 true: x\nControl: 1.3\nChangeType: Add\ncn: a\n", [
        "1 cn=a [add] | 2 control: 1.2 true: x | 3 Control: 1.3 | 5 cn: a",
    ]),
    "a control that can't be read": (b"dn: cn=a\ncontrol:: x\nchangetype: delete\n", [
        "Bad 2 | cn=a | the value is not whole base64",
    ]),
    "a change of ldifde": (b"dn: cn=a\nchangetype: ntdsSchemaModify\nadd: mayContain\nmayContain: x\n-\n", [
        "1 cn=a [ntdsschemamodify] | 3 add: mayContain | 4 mayContain: x | 5 -",
    ]),
    "a changetype in base64": (b"dn: cn=a\nchangetype:: bW9kaWZ5\n", [
        "Bad 2 | cn=a | the changetype ': bW9kaWZ5' is unknown",
    ]),
    "a changetype that comes late": (b"dn: cn=a\ncn: a\nchangetype: modify\nreplace: cn\ncn: b\n-\n", [
        "Bad 3 | cn=a | the changetype does not follow the dn",
    ]),
    "a dash that is none": (b"dn: cn=a\nchangetype: modify\n--\n-  \n", [
        "1 cn=a [modify] | 4 -  ",
        "Bad 3 | cn=a | there is no colon in '--'",
    ]),
    "numbers stay as they are": (b"dn: cn=a\nemployeeNumber: 000123\n", ["1 cn=a | 2 employeeNumber: 000123"]),
    "control characters in a reason": (b"\x1b[31m\x07: a\n", [
        "Bad 1 | the record does not begin with its dn but with '\\x1b[31m\\x07: a'",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_reads(case: str, shown: Callable[[object], str]) -> None:
    text, expected = READ[case]
    assert expected == [shown(found) for found in ldif.records(text)]


def test_a_piece_of_a_file_has_the_lines_of_the_file(shown: Callable[[object], str]) -> None:
    expected = ["7 cn=a | 8 cn: ab", "Bad 10 | cn=a | there is no colon in 'x'"]
    assert expected == [shown(found) for found in ldif.records(b"\ndn: cn=a\ncn: a\n b\nx\n", 6)]


@pytest.mark.parametrize(
    ("raw", "encoding", "expected"),
    [
        (b"", "", (b"", "utf-8")),
        (b"a", "", (b"a", "utf-8")),
        (b"dn: cn=\xfc", "", (b"dn: cn=\xfc", "utf-8")),
        (b"dn: cn=\xfc", "utf8", (b"dn: cn=\xfc", "utf-8")),
        (b"\xef\xbb\xbfdn: cn=a", "", (b"dn: cn=a", "utf-8-sig")),
        (b"\xef\xbb\xbfdn: cn=a", "cp1252", (b"dn: cn=a", "utf-8-sig")),
        (b"dn: cn=\xfc", "cp1252", ("dn: cn=ü".encode(), "cp1252")),
        (b"dn: cn=\xfc", "Windows-1252", ("dn: cn=ü".encode(), "cp1252")),
        (b"dn: cn=\x81", "cp1252", (b"dn: cn=\x81", "cp1252")),
        (b"dn: cn=\x81", "cp850", ("dn: cn=ü".encode(), "cp850")),
        (b"dn: cn=\x82\xa0", "cp932", ("dn: cn=あ".encode(), "cp932")),
        (b"dn: cn=a\x82", "cp932", (b"dn: cn=a\x82", "cp932")),
        ("\ufeffdn: cn=ü".encode("utf-16-le"), "", ("dn: cn=ü".encode(), "utf-16")),
        ("\ufeffdn: cn=ü".encode("utf-16-be"), "", ("dn: cn=ü".encode(), "utf-16")),
        ("\ufeffdn: cn=ü".encode("utf-16-le"), "cp1252", ("dn: cn=ü".encode(), "utf-16")),
        ("dn: cn=ü".encode("utf-16-le"), "", ("dn: cn=ü".encode(), "utf-16-le")),
        ("dn: cn=ü".encode("utf-16-be"), "", ("dn: cn=ü".encode(), "utf-16-be")),
        ("dn: cn=ü".encode("utf-16-be"), "utf-16", ("dn: cn=ü".encode(), "utf-16-be")),
        ("Жук".encode("utf-16-le"), "utf-16", ("Жук".encode(), "utf-16-le")),
        ("\ufeffdn: cn=ü".encode("utf-16-le") + b"\n", "", ("dn: cn=ü\n".encode(), "utf-16")),
        (b"\xff\xfea\0\x00\xd8", "", (b"a\xed\xa0\x80", "utf-16")),
    ],
)
def test_decodes(raw: bytes, encoding: str, expected: tuple[bytes, str]) -> None:
    assert expected == encodings.decode(raw, encoding)


@pytest.mark.parametrize("encoding", ["latin-99", "rot13", "base64", "undefined", "a\0b"])
def test_what_is_no_encoding_of_text(encoding: str) -> None:
    with pytest.raises(ValueError, match="is no encoding of text"):
        encodings.decode(b"dn: cn=a", encoding)


def test_what_an_encoding_refuses_as_a_whole() -> None:
    with pytest.raises(ValueError, match="the file can't be read as utf-32"):
        encodings.decode(b"abc", "utf-32")


dns = st.lists(st.tuples(st.sampled_from(("cn", "ou")), st.text(max_size=8)), min_size=1, max_size=3).map(
    lambda avas: dn.unparse(tuple((ava,) for ava in avas))
)
attributes = st.sampled_from(("cn", "objectClass", "x-y", "userCertificate;binary", "cn;lang-de", "2.5.4.4"))
values = st.one_of(
    st.binary(max_size=100),
    st.text(max_size=40).map(str.encode),
    st.sampled_from((b"", b" ", b"a ", b" a", b": a", b"< a", b"a" * 200, b" " * 100, b"-", b"dn: cn=a", b"#")),
)
entries = st.lists(st.tuples(dns, st.lists(st.tuples(attributes, values), max_size=6)), max_size=4)
Entries = list[tuple[str, list[tuple[str, bytes]]]]


def _read(text: bytes) -> Entries:
    """The entries of a text in which everything can be read."""
    found = []
    for record in ldif.records(text):
        assert isinstance(record, ldif.Record)
        found.append((record.dn, [(";".join((line.name, *line.options)), line.value) for line in record.lines]))
    return found


def _grouped(lines: list[tuple[str, bytes]]) -> dict[str, list[bytes]]:
    """As the library holds an entry: the values of each attribute together."""
    groups: dict[str, list[bytes]] = {}
    for name, value in lines:
        groups.setdefault(name, []).append(value)
    return groups


@given(entries)
def test_what_the_library_writes_is_read_back(entries: Entries) -> None:
    written = io.BytesIO()
    writer = LDIFWriter(written)
    for name, lines in entries:
        writer.unparse(name, _grouped(lines))
    assert [(name, _grouped(lines)) for name, lines in entries] == [
        (name, _grouped(lines)) for name, lines in _read(written.getvalue())
    ]


@given(dns, st.lists(st.tuples(attributes, values, values), min_size=1))
def test_changes_that_the_library_writes_are_read_back(name: str, swaps: list[tuple[str, bytes, bytes]]) -> None:
    written = io.BytesIO()
    LDIFWriter(written).unparse(name, [(0, attribute, [old, new]) for attribute, old, new in swaps])
    (record,) = ldif.records(written.getvalue())
    assert isinstance(record, ldif.Record)
    assert (name, "modify") == (record.dn, record.changetype)
    expected = []
    for attribute, old, new in swaps:
        expected += [("add", attribute.encode()), (attribute, old), (attribute, new), ("", b"")]
    assert expected == [(";".join((line.name, *line.options)), line.value) for line in record.lines]


@st.composite
def texts(draw: st.DrawFn, *, ends: tuple[bytes, ...] = (b"\n", b"\r\n")) -> tuple[Entries, bytes]:
    """Entries, and LDIF of them as RFC 2849 lets it be written: folded, with comments, FILL, base64."""
    found = draw(entries)
    end = draw(st.sampled_from(ends))
    out = [b"version: 1", b""] if draw(st.booleans()) else []
    for name, lines in found:
        out += draw(st.sampled_from(((), (b"# comment",), (b"#", b" folded: comment", b""))))
        out += _spelled(draw, "dn", name.encode())
        for attribute, value in lines:
            out += draw(st.sampled_from(((), (b"#",))))
            out += _spelled(draw, attribute, value)
        out += [b""] * draw(st.integers(1, 2))
    return found, end.join(out) + (end if draw(st.booleans()) else b"")


SAFE = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")


def _spelled(draw: st.DrawFn, name: str, value: bytes) -> list[bytes]:
    fill = draw(st.sampled_from((b"", b" ", b"   ")))
    if SAFE.fullmatch(value) and draw(st.booleans()):
        line = name.encode() + b":" + fill + value
    else:
        line = name.encode() + b"::" + fill + base64.b64encode(value)
    pieces = []
    while len(line) > 1 and draw(st.booleans()):
        cut = draw(st.integers(1, len(line) - 1))
        pieces.append(line[:cut])
        line = b" " + line[cut:]
    pieces.append(line)
    # a piece of nothing but spaces would be taken for a blank line where a dn or a comment comes next
    return [b"".join((pieces[0], *(piece[1:] for piece in pieces[1:])))] if b"" in map(bytes.strip, pieces) else pieces


@given(texts())
def test_reads_what_rfc_2849_lets_stand(case: tuple[Entries, bytes]) -> None:
    expected, text = case
    assert expected == _read(text)


@given(texts(ends=(b"\n",)))
def test_line_ends_and_encodings_change_nothing(case: tuple[Entries, bytes]) -> None:
    _, text = case
    expected = list(ldif.records(text))
    for end in (b"\r\n", b"\r\r\n", b"\r"):
        if b"\r" not in text or end != b"\r":
            assert expected == list(ldif.records(text.replace(b"\n", end)))
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        raw = text.decode().encode(encoding)
        named = encoding if len(raw) < 40 else ""
        assert expected == list(ldif.records(encodings.decode(raw, named)[0]))


@given(texts())
def test_agrees_with_the_library_where_that_is_right(case: tuple[Entries, bytes]) -> None:
    entries, text = case
    text = re.sub(rb"\Aversion: 1[\r\n]*", b"", text)  # before a blank line it is, to the library, a record without dn
    theirs = list(LDIFParser(io.BytesIO(text), encoding=None, strict=False).parse())
    assert [(name, _stripped(groups)) for name, groups in theirs] == [
        (name, _stripped(_grouped(lines))) for name, lines in _read(text)
    ]
    assert len(entries) == len(theirs)


def _stripped(groups: Mapping[str, list[bytes]]) -> dict[str, list[bytes]]:
    """Without white space at the ends, which the library drops where it is plain."""
    return {name: [value.strip() for value in values] for name, values in groups.items()}


pieces = st.one_of(
    st.sampled_from((
        *(b"dn: cn=a", b"DN: cn=b,dc=x", b"dn:: Y249YQ==", b"dn:", b"dn: x", b"dn:< y", b"version: 1", b"version: 3"),
        *(b"cn: a", b"cn:: YQ==", b"cn:: YQ=", b"cn:< file:///x", b"cn", b"cn;range=0-1: a", b"c n: a", b"\xfc: a"),
        *(b"control: 1.2", b"control:: x", b"changetype: modify", b"changetype: x", b"changetype: add", b"add: cn"),
        *(b"search: 2", b"result: 0 Success", b"result: 3", b"ref: ldap://x", b"# a", b"# refldap://x", b"-", b"- "),
        *(b"", b"", b"", b" a", b"\ta", b"\t", b"  ", b"\x1a", b"cn: \xfc", b"\r"),
    )),
    st.binary(max_size=12),
)  # fmt: skip


@given(st.lists(pieces).map(b"\n".join))
@example(b"dn: cn=a\ncontrol:: x")
def test_no_line_is_lost(text: bytes) -> None:
    entries: set[int] = set()
    named: set[int] = set()
    for found in ldif.records(text):
        named.add(found.line)
        if isinstance(found, ldif.Record):
            entries.add(found.line)
            named |= {line.number for line in (*found.controls, *found.lines)}
    for block in _blocks(text):
        numbers = set(block)
        if numbers & entries:
            lost = {number for number in numbers - named if not block[number].lower().startswith(b"changetype:")}
            assert lost == set()
        elif not numbers & named:
            assert all(line.startswith((b"version: 1", b"search", b"result: 0", b"control")) for line in block.values())


def _blocks(text: bytes) -> list[dict[int, bytes]]:
    """Number and beginning of each line that is no continuation and no comment, by runs of them."""
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    blocks: list[dict[int, bytes]] = [{}]
    continued = False
    for number, ended in enumerate(text.removesuffix(b"\x1a").split(b"\n"), 1):
        line = ended.rstrip(b"\r")
        if line.startswith(b" ") and continued:
            continue
        continued = bool(line) and not line.isspace() and line != b"\x1a"
        if not continued or line.lower().startswith(b"dn:"):
            blocks.append({})
        if continued and not line.startswith(b"#"):
            blocks[-1][number] = line
    return [block for block in blocks if block]


@given(st.binary(), st.sampled_from(("", "utf-8", "utf-16", "utf-16-be", "cp1252", "cp932", "gb18030")))
def test_any_bytes_are_decoded_and_read(raw: bytes, encoding: str) -> None:
    text, _ = encodings.decode(raw, encoding)
    for found in ldif.records(text):
        assert found.line > 0


@given(st.one_of(st.binary(max_size=9).map(base64.b64encode), st.text("AQYg=*9/", max_size=9).map(str.encode)))
@example(b"daXNlcjI=")
@example(b"YWJ=")
def test_base64_is_whole_or_refused(encoded: bytes) -> None:
    try:
        expected = [base64.b64decode(encoded, validate=True)]
    except ValueError:
        expected = []
    if [base64.b64encode(value) for value in expected] != [encoded]:
        expected = []
    record, *bad = ldif.records(b"dn: cn=a\ncn::" + encoded + b"\n")
    assert isinstance(record, ldif.Record)
    assert expected == [line.value for line in record.lines]
    assert bool(expected) == (not bad)


def test_folds_take_linear_time() -> None:
    def seconds(folds: int) -> float:
        text = b"dn: cn=a\ncn: a\n" + b" x\n" * folds
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            (record,) = ldif.records(text)
            best = min(best, time.process_time() - start)
            assert isinstance(record, ldif.Record)
            assert b"a" + b"x" * folds == record.lines[0].value
        return best

    assert seconds(320_000) < 16 * 4 * seconds(20_000) + 0.01
