"""The reader by columns against the careful one: whatever is in a file, both say the same of it."""

from __future__ import annotations

import base64
import io
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ldif import LDIFParser

from aliasfix import columns
from aliasfix.importer import ldif_columns, ldif_entries, ldif_heads, parts
from aliasfix.importer.assemble import wanted
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

EXPORTS = Path(os.environ.get("ALIASFIX_EXPORTS") or Path(__file__).parents[3] / "shared" / "exports")
FILES = sorted(EXPORTS.glob("*/*.ldif"))
SID = "S-1-5-21-1-2-3-500"
GUID = "03020100-0504-0706-0809-0a0b0c0d0e0f"
SID_OCTETS = bytes.fromhex("010500000000000515000000010000000200000003000000f4010000")
NAMES = (
    "sn", "SN", "mail", "mailNickname", "MAILNICKNAME", "proxyAddresses", "member", "cn", "objectClass", "objectGUID",
    "entryUUID", "msExchMailboxGuid", "objectSid", "msExchMasterAccountSid", "sIDHistory",
    "mailNick", "mailNicknam", "mailNicknamf", "mailNicknames", "mailbox1", "mailbox12", "mailbox1mailbox2",
    "mailbox1mailbox2m", "mailbox1mailbox2mailbox3", "mailbox1mailbox2mailbox34", "msExchMailboxGui",
    "x" * 63, "x" * 64, "x" * 65, "X" * 64, "x" * 200, "x" * 255, "x" * 256, "x" * 300,
    "n_1", "n\x7f1", "n@", "n`", "n[", "n{", "n\\", "n|", "sn ", " sn", "s\x0en", "s.n", "s\x19", "s9",
    "s\x00n", "s*n", "sn;binary", "SN;Binary", "sn;lang-de", "sn;x", "sn;x*mail", "sn;x*sn", "sn;", "sn;;binary",
    "objectSid;binary", "member;range=0-1", "member;Range=2-*", "member;range=2-*", "member;range",
    "sn;ranges=1", "sn;RANGE",
    "control", "control;x", "changetype", "changetype;x", "version", "search", "result", "ref", "dn;x", "dn ",
    "2.5.4.4", "oid.2.5", "2.", "", "-", "my attr", "\tsn", "ñ", "sn\t", "#sn", "a:b",
)  # fmt: skip
TEXTS = (
    "", "a", "b c", " a", "a ", "  ", "<a", ":a", "#a", "dn: cn=a", "ü", "日本", "a\tb", "a\x7f", "a\x00b", "a\x01",
    "\x0c",
    "add", "ADD", "modify", "ntdsSchemaAdd", "add ", "0 Success", "4 Size limit exceeded", "# refldap://x/", "1",
    SID, SID.lower(), "S-1-5", "S-1-x", "S-1-5-21-1-2-3-", GUID, GUID.upper(), f"{{{GUID}}}", GUID[:-1],
    "0123456789abcdef", "v" * 300,
)  # fmt: skip
OCTETS = (b"\xfc", b"\xc3", b"\xed\xa0\x80", bytes(range(16)), SID_OCTETS, SID_OCTETS[:-1], b"\xff" * 40, b"a\rb")
DNS = (
    "cn=a", "cn=a,dc=x", "CN=A, DC=X", "cn=b\\,c,dc=x", "cn=ü,dc=x", "cn=a+sn=b,dc=x", 'cn="a,b",dc=x', "cn=#0401 61",
    "", " ", "nonsense", "cn=a,,dc=x", "cn=a,", "cn=a;dc=x", "oid.2.5.4.3=a", "2.5.4.3=a,dc=x", "cn=a  b,dc=x",
    "cn=,dc=x", "cn=a\x00", "cn=\\", "cn=\\zz", "c_n=a", "cn=a\t,dc=x", f"cn={'n' * 100},dc=x", "cn=#a", "cn=a=b",
)  # fmt: skip
COMMON = 15  # of the names: those that are wanted


@st.composite
def value_specs(draw: st.DrawFn, texts: tuple[str, ...]) -> bytes:
    value = draw(st.sampled_from(texts).map(str.encode) | st.sampled_from(OCTETS))
    encoded = base64.b64encode(value)
    spoiled = st.sampled_from(
        (encoded[:-1], encoded + b"=", encoded + b"A", encoded + b" ", b"YR==", b"YWJ=", b"Y Q==", b"*")
    )
    fill = draw(st.sampled_from((b"", b" ", b" ", b" ", b"   ", b"\t")))
    match draw(st.integers(0, 9)):
        case 0:
            return b":<" + fill + value
        case 1:
            return b"::" + fill + draw(spoiled)
        case 2 | 3 | 4:
            return b"::" + fill + encoded
        case _:
            return b":" + fill + value


HEADS = st.one_of(
    st.sampled_from(NAMES).map(str.encode),
    st.sampled_from(NAMES[:COMMON]).map(str.encode),
    st.integers(0, 400).map(b"a%d".__mod__),
)
CONTENT = st.builds(bytes.__add__, HEADS, value_specs(TEXTS))
DN_LINES = st.builds(bytes.__add__, st.sampled_from((b"dn", b"dn", b"dn", b"DN", b"dN")), value_specs(DNS))
PLAIN_DNS = st.integers(0, 30).map(b"dn: cn=p%d,dc=x".__mod__)
ODD_LINES = st.sampled_from((
    b"changetype: add", b"changetype:add", b"CHANGETYPE: ADD", b"changetype: add ", b"changetype:: YWRk",
    b"changetype: delete", b"control: 1.2.3 true", b"version: 1", b"version: 2", b"# comment", b"# refldap://x/", b"#",
    b"no colon", b"sn;x", b"sn", b"", b" ", b"   ", b"\t", b" \t", b" x", b"\tx", b"\x1a", b"\x1a ", b"-", b"- ",
    b"search: 2", b"result: 0 Success", b"result: 4 x", b"ref: ldap://x/", b"mail: v", b"\r", b"a\rb: c",
))  # fmt: skip
RECORDS = st.builds(
    lambda head, lines: [*head, *lines, b""],
    st.lists(DN_LINES | PLAIN_DNS, max_size=1)
    | PLAIN_DNS.map(lambda d: [d])
    | PLAIN_DNS.map(lambda d: [d, b"changetype: add"]),
    st.lists(CONTENT | CONTENT | CONTENT | ODD_LINES, max_size=8),
)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """LDIF with everything that is and is not in RFC 2849, folded and commented anywhere."""
    lines = [line for record in draw(st.lists(RECORDS, min_size=1, max_size=6)) for line in record]
    for at in sorted(draw(st.lists(st.integers(0, len(lines)), max_size=4)), reverse=True):
        if draw(st.booleans()):
            lines.insert(at, draw(ODD_LINES))
        else:
            del lines[at : at + 1]
    text = b"\n".join(lines) + draw(st.sampled_from((b"\n", b"\n", b"", b"\n\n", b"\x1a", b"\n\x1a", b"\n ")))
    for at in sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)), reverse=True):
        text = text[:at] + draw(st.sampled_from((b"\n ", b"\n ", b"\n  ", b"\n\t", b"\n \n ", b"\n# c\n "))) + text[at:]
    match draw(st.integers(0, 7)):
        case 0:
            return text.replace(b"\n", b"\r\n")
        case 1:
            return text.replace(b"\n", b"\r")
        case 2:
            ends = st.sampled_from((b"\n", b"\r\n", b"\r", b"\r\r\n"))
            return re.sub(rb"\n", lambda _: draw(ends), text)
        case _:
            return text


MANY = 8_000_000  # octets
WHOLE = 1 << 20  # a block that holds all
SIZES = st.sampled_from((WHOLE, 1, 2, 7, 30, 64, 100, 256))


@settings(max_examples=300, deadline=None)
@given(texts(), SIZES, st.sampled_from(("ATTRIBUTES", "ALL")))
def test_both_readers_say_the_same(readers: ModuleType, raw: bytes, size: int, which: str) -> None:
    attributes = getattr(readers, which)

    assert readers.with_care(raw, attributes) == readers.by_columns(raw, attributes, size)


D = b"dn: cn=d\n"
UUIDS = f"entryUUID: {GUID}\nentryUUID: {GUID.replace('0', 'f')}\n".encode()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            D + b"sn;x*mail: a\nsn;x\nmail: b\n", id="a line without colon, and a head that it makes with the next"
        ),
        pytest.param(b"# ref\n ldap://x/\n" + D, id="a folded comment on a referral"),
        pytest.param(b"# refldap://x/\n" + D, id="a comment on a referral"),
        pytest.param(D + b"sn: # refldap://x/\n", id="a comment on a referral in a value"),
        pytest.param(D + b"sn: a\n \t\n# c\n", id="a fold of space and TAB before a comment"),
        pytest.param(D + b"sn: a\n \x0c\ndn: cn=e\n", id="a fold of space and form feed before a dn"),
        pytest.param(b"\n dn: cn=d\n", id="a continuation of the blank line that begins the file"),
        pytest.param(D + b"sn:: YR==\n", id="base64 with bits left over"),
        pytest.param(D + b"sn:: YWJj=\n", id="base64 with padding left over"),
        pytest.param(D + b"sn:: YWJj\nsn::\nsn:: YWI=\n", id="whole base64"),
        pytest.param(D + b"sn;x:: *\nsn;x:< a\nsn;x: b\n", id="what can't be read of another attribute"),
        pytest.param(D + b"sn;binary:: *\n", id="what can't be read of the attribute itself"),
        pytest.param(D + b"sn;range: a\n", id="a range without numbers"),
        pytest.param(D + f"objectSid: {GUID}\n".encode(), id="a GUID as SID"),
        pytest.param(D + f"objectGUID: {SID}\n".encode(), id="a SID as GUID"),
        pytest.param(D + b"objectGUID: S-1-5-21-1-2-3-4\n", id="16 octets of a GUID that look like a SID"),
        pytest.param(D + UUIDS, id="two entryUUIDs"),
        pytest.param(D + UUIDS.replace(b"entryUUID", b"objectGUID"), id="two objectGUIDs"),
        pytest.param(D + UUIDS.replace(b"entryUUID", b"objectGUID", 1), id="an objectGUID before an entryUUID"),
        pytest.param(D + UUIDS.replace(b"entryUUID", b"msExchMailboxGuid"), id="two mailbox GUIDs"),
        pytest.param(
            b"".join(b"a%d: b\n" % n for n in range(2000)) + D + D, id="more names than are told apart, then a dn"
        ),
        pytest.param(
            D + b"".join(b"a%d: b\n" % n for n in range(2000)) + b"sn: c\n", id="more names than are told apart"
        ),
    ],
)
@pytest.mark.parametrize("which", ["ATTRIBUTES", "ALL"])
def test_what_is_easily_mistaken(text: bytes, which: str, readers: ModuleType) -> None:
    attributes = getattr(readers, which)

    assert readers.with_care(text, attributes) == readers.by_columns(text, attributes, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(D + b"sn:" + b" " * MANY + b"a\n", id="spaces before a value"),
        pytest.param(D + b"sn: a" + b"\n b" * (MANY // 3) + b"\n", id="folds"),
        pytest.param(D + b"sn: a\n" + b" \t\n" * (MANY // 3) + b"sn: b\n", id="folds of nothing but white space"),
        pytest.param(b"\n" * MANY + D + b"sn: a\n", id="blank lines"),
        pytest.param(b"# a\n b\n" * (MANY // 7) + D + b"sn: a\n", id="comments"),
    ],
)
def test_hostile_text_takes_no_longer_than_other_text(text: bytes, readers: ModuleType) -> None:
    start = time.process_time()
    found = readers.by_columns(text, wanted(("sn",)), MANY)

    assert 10 > time.process_time() - start  # seconds; it is less than one
    assert 1 == len(found["entries"])


@pytest.mark.parametrize("bits", [4, 7, 10])
def test_heads_that_need_one_slot_get_others(bits: int, readers: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """With so few slots that some find none at all, and with so many that all do once they are moved."""
    monkeypatch.setattr(ldif_heads, "_SLOTS", bits)
    names = [f"{'a' * (n % 20)}{n}" for n in range(24)]
    text = b"".join(D + b"".join(b"%s: %d\n" % (name.encode(), n) for name in names) + b"\n" for n in range(3))

    expected = readers.with_care(text, wanted(names))

    assert expected == readers.by_columns(text, wanted(names), WHOLE)
    assert 3 * len(names) == len(expected["values"])


def plain(cut: Iterable[tuple[bytes, int]], attributes: Mapping[str, str]) -> tuple[int, int]:
    """How many entries of these blocks are read by columns, and how many records with care."""
    read = [ldif_columns.read_block(block, ldif_heads.heads(attributes)) for block in cut]
    assert None not in read
    return sum(len(p.dns) for p in read if p), sum(len(p.odd) for p in read if p)


SLAPCAT = """dn: uid=u{n},ou=people,dc=example,dc=org
objectClass: inetOrgPerson
cn: User {n}
sn:: {base64}
mail: u{n}@example.org
description: a line that is longer than seventy-six octets, so that slapcat folds
  it once
structuralObjectClass: inetOrgPerson
entryUUID: {uuid}
creatorsName: cn=admin,dc=example,dc=org
createTimestamp: 20110101000002Z
entryCSN: 20110101000002.000003Z#000000#000#000000

"""
LDAPSEARCH = """# extended LDIF
#
# LDAPv3
# base <dc=example,dc=org> with scope subtree
# filter: (objectClass=*)
#

{records}# search result
search: 2
result: 0 Success

# numResponses: {count}
# numEntries: {entries}
"""
LDAPSEARCH_RECORD = """# u{n}, people, example.org, a long comment that is folded as any line of LDIF is
  folded
dn: uid=u{n},ou=people,dc=example,dc=org
uid: u{n}
objectClass: inetOrgPerson
sn: a
mail: u{n}@example.org

"""
LDIFDE = """dn: CN=User {n},OU=Users,DC=corp,DC=example
changetype: add
objectClass: top
objectClass: user
cn: User {n}
sn:: {base64}
distinguishedName: CN=User {n},OU=Users,DC=corp,DC=example
objectGUID:: {guid}
objectSid:: {sid}
mailNickname: u{n}
proxyAddresses: SMTP:u{n}@corp.example
proxyAddresses:
 X400:c=us;a= ;p=ORG;o=Exchange;s=User;

"""
COUNT = 50


def filled(record: str) -> str:
    return "".join(
        record.format(
            n=n,
            base64=base64.b64encode(f"Müller {n}".encode()).decode(),
            uuid=f"{n:08x}{GUID[8:]}",
            guid=base64.b64encode(n.to_bytes(16, "big")).decode(),
            sid=base64.b64encode(SID_OCTETS).decode(),
        )
        for n in range(COUNT)
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(filled(SLAPCAT).encode(), (COUNT, 0), id="slapcat"),
        pytest.param(b"version: 1\n\n" + filled(SLAPCAT).encode(), (COUNT, 1), id="a version"),
        pytest.param(
            LDAPSEARCH.format(records=filled(LDAPSEARCH_RECORD), count=COUNT + 1, entries=COUNT).encode(),
            (COUNT, 1),
            id="ldapsearch",
        ),
        pytest.param(filled(LDIFDE).replace("\n", "\r\n").encode("utf-16"), (COUNT, 0), id="ldifde"),
        pytest.param(filled(SLAPCAT).replace("\n\n", "\n").encode(), (COUNT, 0), id="no blank lines"),
        pytest.param(filled(SLAPCAT).replace("\n", "\r").encode(), (COUNT, 0), id="an old Mac"),
        pytest.param(filled(SLAPCAT).replace("u1,", "ü1,").encode(), (COUNT, 0), id="raw UTF-8"),
        pytest.param(filled(SLAPCAT).replace("mail: u1@", "mail:< u1@").encode(), (COUNT - 1, 1), id="a URL"),
        pytest.param(filled(SLAPCAT).replace("cn: User", "cn;lang-de: User").encode(), (COUNT, 0), id="options"),
        pytest.param(
            filled(SLAPCAT).replace("cn: User", "cn:: jpegPhoto").encode(), (COUNT, 0), id="what nobody wants"
        ),
    ],
)
def test_what_is_plain_is_read_by_columns(raw: bytes, expected: tuple[int, int], readers: ModuleType) -> None:
    attributes = wanted(("mail", "mailNickname", "proxyAddresses", "sn", "objectSid"))

    assert expected == plain(readers.blocks.blocks(io.BytesIO(raw), "a.ldif", ""), attributes)
    assert readers.with_care(raw, attributes) == readers.by_columns(raw, attributes, WHOLE)


RDN_TYPES = st.sampled_from(("cn", "CN", "OU", "dc", "x-a1", "oid", "C"))
RDN_VALUES = st.from_regex(r"[A-Za-z0-9._@&'/()!$%*:?^`{|}~-]+( [A-Za-z0-9._@&'/()!$%*:?^`{|}~-]+)*", fullmatch=True)
LIKE_DNS = st.lists(st.builds("{}={}".format, RDN_TYPES, RDN_VALUES), min_size=1, max_size=4).map(",".join)


@settings(deadline=None)
@given(LIKE_DNS | st.text(alphabet='aZ9= ,+;\\"#<>-_.:\n\t\x7fé', max_size=12).map("cn=a".__add__))
def test_a_plain_dn_is_its_own_key_but_for_the_case(text: str) -> None:
    matched = bool(columns.matches(columns.strings([text]), parts.PLAIN_DN)[0])

    assert not matched or dn.key(text) == columns.texts(columns.lowered(columns.strings([text])))[0]


@given(LIKE_DNS)
def test_most_dns_are_plain(text: str) -> None:
    assert columns.matches(columns.strings([text]), parts.PLAIN_DN).all()


# What that library takes right: no text with a space or control character at its ends, names in one case, no options.
SAFE = st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=30)
ENTRIES = st.lists(
    st.tuples(
        LIKE_DNS,
        st.lists(st.tuples(st.sampled_from(("sn", "mail", "mailNickname", "title")), SAFE), min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=5,
)


def spelled(head: str, value: str, cut: int) -> str:
    """A line as a server writes it: base64 where it must be, folded after ``cut`` octets."""
    plain_text = value.isascii() and not value.startswith((":", "<"))
    line = f"{head}: {value}" if plain_text else f"{head}:: {base64.b64encode(value.encode()).decode()}"
    return "\n ".join(line[at : at + cut] for at in range(0, len(line), cut)) + "\n"


@settings(deadline=None)
@given(ENTRIES, st.integers(8, 76))
def test_the_ldif_library_reads_the_same(entries: list[tuple[str, list[tuple[str, str]]]], cut: int) -> None:
    text = "\n".join(
        spelled("dn", name, cut) + "".join(spelled(head, value, cut) for head, value in lines)
        for name, lines in entries
    ).encode()
    attributes = wanted(("mail", "mailNickname", "sn"))

    expected = [
        (name, {a: vs for a, vs in values.items() if a in attributes.values()})
        for name, values in LDIFParser(io.BytesIO(text)).parse()
    ]

    extract = ldif_entries.read([(text, 1)], "a.ldif", attributes)
    found: list[tuple[str, dict[str, list[str]]]] = [(name, {}) for name in extract.entries["dn"].to_pylist()]
    for row in extract.values.to_pylist():
        found[row["entry"]][1].setdefault(row["attribute"], []).append(row["value"])
    assert expected == found


@pytest.mark.skipif(not FILES, reason=f"no real exports in {EXPORTS} (ALIASFIX_EXPORTS names another folder)")
@pytest.mark.parametrize("path", FILES, ids=[f"{p.parent.name}/{p.name}" for p in FILES])
def test_a_real_export_is_the_same_to_both(path: Path, readers: ModuleType) -> None:
    raw = path.read_bytes()
    expected = readers.with_care(raw, readers.ALL)

    assert expected == readers.by_columns(raw, readers.ALL, WHOLE)
    assert expected == readers.by_columns(raw, readers.ALL, 256)
