from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ldif import LDIFWriter

from aliasfix.ldap import changes, dn
from aliasfix.ldap.changes import Modify, Swap

ONE = b"""# Made by hand
# on a Tuesday

dn: cn=u,o=x
changetype: modify
delete: uid
uid: user
-
add: uid
uid:: dXNlcjI=
-

"""
CHANGE = Modify("cn=u,o=x", (Swap("uid", b"user", b"user2"),), 4)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", ()),
        (b"# nothing\n", ()),
        (b"version: 1\n", ()),
        (ONE, (CHANGE,)),
        (ONE.replace(b"\n", b"\r\n"), (CHANGE,)),
        (b"version: 1\n" + ONE.partition(b"\n\n")[2], (Modify(CHANGE.dn, CHANGE.swaps, 2),)),
        (ONE + ONE, (CHANGE, Modify(CHANGE.dn, CHANGE.swaps, 16))),
        (ONE + b"\n\n# end", (CHANGE,)),
        (ONE.replace(b"uid: user", b"uid:  us\n er"), (CHANGE,)),
        (ONE.replace(b"dn: cn=u,o=x", b"dn:: Y249dSxvPXg="), (CHANGE,)),
        (ONE.replace(b"uid: user", b"uid:"), (Modify(CHANGE.dn, (Swap("uid", b"", b"user2"),), 4),)),
        (
            ONE.replace(b"-\n\n", b"-\ndelete: mail\nmail: a\n-\nadd: mail\nmail: b\n-\n\n"),
            (Modify(CHANGE.dn, (*CHANGE.swaps, Swap("mail", b"a", b"b")), 4),),
        ),
    ],
)
def test_reads(raw: bytes, expected: tuple[Modify, ...]) -> None:
    assert expected == changes.parse(raw)


NO_SWAP = "the lines are no swap: delete one value, add one value of the same attribute"
WHOLE = "the record does not consist of whole swaps: delete one value, add one value"
PLAIN = "the record is not a plain changetype: modify"
SAFE = "the line holds characters that want base64"
FOLD = "something else than a dn or a value is folded, which OpenLDAP misreads"
NO_DN = "the record does not begin with its dn but with '\\ufeff# Made by hand'"
NOT_UTF_8 = "byte 0xFF at offset 5 of the line is not UTF-8: name the code page with --encoding"
BLANK = "no blank line ends the record"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (b"changetype: modify\n", b"", 4, PLAIN),
        (b"changetype: modify", b"changetype: add", 4, PLAIN),
        (b"changetype: modify", b"changetype: delete", 4, PLAIN),
        (b"changetype: modify", b"changetype: ntdsSchemaModify", 4, PLAIN),
        (b"changetype: modify", b"changetype: Modify", 4, PLAIN),
        (b"changetype: modify", b"changetype: modify ", 4, PLAIN),
        (b"changetype: modify", b"changetype: frobnicate", 5, "the changetype 'frobnicate' is unknown"),
        (b"changetype", b"control: 1.2.3 true\nchangetype", 4, PLAIN),
        (b"changetype", b"# c\nchangetype", 5, "a comment stands within a record"),
        (b"-\nadd", b"-\n# c\nadd", 9, "a comment stands within a record"),
        (b"delete: uid", b"replace: uid", 6, NO_SWAP),
        (b"delete: uid", b"increment: uid", 6, NO_SWAP),
        (b"delete: uid", b"Delete: uid", 6, NO_SWAP),
        (b"delete: uid", b"add: uid", 6, NO_SWAP),
        (b"add: uid", b"delete: uid", 6, NO_SWAP),
        (b"delete: uid", b"delete: UID", 6, "the line does not name 'uid', as the value after it does"),
        (b"delete: uid", b"delete: mail", 6, "the line does not name 'uid', as the value after it does"),
        (b"delete: uid", b"delete: uid ", 6, "the line does not name 'uid', as the value after it does"),
        (b"delete: uid", b"delete:: dWlk", 6, "the line does not name 'uid', as the value after it does"),
        (b"delete: uid", b"delete:: /w==", 6, "the line does not name 'uid', as the value after it does"),
        (b"add: uid", b"add: mail", 9, "the line does not name 'uid', as the value after it does"),
        (b"uid: user", b"mail: user", 6, NO_SWAP),
        (b"uid:: dXNlcjI=", b"mail: user", 6, NO_SWAP),
        (b"uid: user", b"uid;lang-de: user", 7, "the line holds more than a swap needs"),
        (b"uid: user\n", b"uid: user\nuid: other\n", 4, WHOLE),
        (b"uid:: dXNlcjI=\n", b"uid:: dXNlcjI=\nuid: other\n", 4, WHOLE),
        (b"uid: user\n", b"", 4, WHOLE),
        (b"uid: user\n-\n", b"-\n-\n", 6, NO_SWAP),
        (b"uid: user\n-\nadd: uid\nuid:: dXNlcjI=\n", b"-\n-\nadd:\n-\n", 6, NO_SWAP),
        (b"-\n\n", b"\n", 4, WHOLE),
        (b"-\nadd", b"add", 4, WHOLE),
        (b"-\nadd", b"- \nadd", 8, "the line holds more than a swap needs"),
        (b"-\n\n", b"-\n", 11, BLANK),
        (b"-\n\n", b"-", 11, BLANK),
        (b"-\n\n", b"-\n \n\n", 11, BLANK),
        (b"-\n\n", b"-\n# c\n\n", 11, BLANK),
        (b"-\n\n", b"-\ndn: cn=v\nchangetype: modify\n\n", 11, BLANK),
        (b"-\n\n", b"-\n\n\n\x1a", 14, "the line belongs to no record"),
        (b"-\n\n", b"-\n\nresult: 0 Success\n", 13, "the line belongs to no record"),
        (b"-\n\n", b"-\n\nversion: 1\n", 13, "the line belongs to no record"),
        (b"-\n\n", b"-\n\n \n", 13, "the line belongs to no record"),
        (b"-\n\n", b"-\n\ncn: a\n", 13, "the record does not begin with its dn but with 'cn: a'"),
        (b"-\n\n", b"-\n\n# refldap://x\n", 13, "the search was referred elsewhere ('refldap://x')"),
        (b"# on", b" on", 2, "the line belongs to no record"),
        (b"uid: user", b"uid: user ", 7, "the value ends in a space and is not in base64"),
        (b"uid: user", "uid: ü".encode(), 7, SAFE),
        (b"uid: user", b"uid: \0", 7, SAFE),
        (b"uid: user", b"uid: \tuser", 7, SAFE),
        (b"uid: user", b"uid: \x7f", 7, SAFE),
        (b"uid: user", b"ui\n d: user", 8, FOLD),
        (b"uid: user", b"uid\n : user", 8, FOLD),
        (b"delete: uid", b"dele\n te: uid", 7, FOLD),
        (b"uid:: dXNlcjI=", b"uid:\n : dXNlcjI=", 11, FOLD),
        (b"uid:: dXNlcjI=", b"uid::\n dXNlcjI=", 11, FOLD),
        (b"uid:: dXNlcjI=", b"uid::", 10, "an empty value is in base64, which OpenLDAP does not read"),
        (b"changetype: modify\n", b"changetype: modify\n  \n", 6, FOLD),
        (b"-\nadd", b"-\n \nadd", 9, FOLD),
        (b"add: uid", b"add: u\n id", 10, FOLD),
        (b"-\n\n", b"-\n\n\r", 13, "the line belongs to no record"),
        (b"uid: user\n", b"uid: user\r\r\n", 7, SAFE),
        (b"uid: user", b"uid: us\rer", 7, "a carriage return stands within the line"),
        (b"uid: user", b"uid: \xff", 7, NOT_UTF_8),
        (b"uid: user", b"uid:< file:///x", 7, "the value is a URL, which is never opened: 'file:///x'"),
        (b"uid:: dXNlcjI=", b"uid:: dXNlcjI", 10, "the value is not whole base64"),
        (b"dn: cn=u,o=x", b"dn: u", 4, "the record's dn can't be read: 'u' is not attribute=value"),
        (b"# Made", b"\xef\xbb\xbf# Made", 1, NO_DN),
    ],
)  # fmt: skip
def test_refuses(old: bytes, new: bytes, line: int, sentence: str) -> None:
    raw = ONE.replace(old, new, 1)
    assert raw != ONE
    with pytest.raises(changes.ChangeError) as caught:
        changes.parse(raw)
    assert (line, sentence) == (caught.value.line, str(caught.value))


def test_lines_that_end_in_cr_alone_are_refused() -> None:
    with pytest.raises(changes.ChangeError):
        changes.parse(ONE.replace(b"\n", b"\r"))


def test_inverts() -> None:
    change = Modify("cn=u", (Swap("uid", b"a", b"b"), Swap("mail", b"c", b"d")), 3)
    assert Modify("cn=u", (Swap("mail", b"d", b"c"), Swap("uid", b"b", b"a")), 3) == changes.invert(change)
    assert change == changes.invert(changes.invert(change))


values = st.one_of(st.binary(max_size=90), st.text().map(str.encode), st.sampled_from((b"", b" ", b"-", b"a" * 80)))
modifies = st.builds(
    Modify,
    st.lists(st.text(), min_size=1).map(lambda names: dn.unparse(tuple((("cn", name),) for name in names))),
    st.lists(
        st.builds(Swap, st.sampled_from(("uid", "mailNickname", "proxyAddresses")), values, values), min_size=1
    ).map(tuple),
)


def _written(change: Modify, end: bytes) -> bytes:
    """By the library: a value in octets is base64, which an empty one must not be."""
    out = io.BytesIO()
    record = []
    for swap in change.swaps:
        record += [(1, swap.attribute, [swap.old or ""]), (0, swap.attribute, [swap.new or ""])]
    LDIFWriter(out, line_sep=end).unparse(change.dn, record)
    return out.getvalue()


@given(st.lists(modifies), st.sampled_from((b"\n", b"\r\n")))
def test_what_the_library_writes_is_read_back(expected: list[Modify], end: bytes) -> None:
    raw = b"# head" + end + end + b"".join(_written(change, end) for change in expected)
    assert expected == [Modify(change.dn, change.swaps) for change in changes.parse(raw)]


@given(
    st.integers(0, len(ONE)),
    st.integers(0, 3),
    st.sampled_from((b"", b" ", b"\n", b"\r", b"#", b"-", b":", b"\0", b"dn: o=y\n")),
)
@example(3, 0, b"\xff")
def test_a_damaged_file_is_refused_by_line_or_says_what_it_says(at: int, cut: int, put: bytes) -> None:
    raw = ONE[:at] + put + ONE[at + cut :]
    read, line = _read(raw)
    if line:
        assert line <= raw.count(b"\n") + 1
    else:
        again = b"".join(_written(change, b"\n") for change in read)
        assert [(change.dn, change.swaps) for change in read] == [(c.dn, c.swaps) for c in changes.parse(again)]


@given(st.binary())
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read, _ = _read(raw)
    assert read == ()


def _read(raw: bytes) -> tuple[tuple[Modify, ...], int]:
    """The changes, or the line of the error."""
    try:
        return changes.parse(raw), 0
    except changes.ChangeError as error:
        return (), error.line


def _by_both_ways(raw: bytes) -> list[object]:
    """What ``parse`` says of the file as it is, and with CRLF, which sends its plain records the careful way."""
    said: list[object] = []
    for text in (raw, raw.replace(b"\n", b"\r\n")):
        try:
            said.append(changes.parse(text))
        except changes.ChangeError as error:
            said.append((error.line, str(error)))
    return said


@pytest.mark.parametrize("name", [b"uid", b"dn", b"DN", b"changetype", b"control", b"delete", b"mail-Nickname1"])
@pytest.mark.parametrize("value", [b"x", b"x y", b"<x", b":x", b" x", b"x ", b"", b"d\xc3\xa9", b"x\ty"])
@pytest.mark.parametrize("dn", [b"cn=a,o=b", b"no dn", b"cn=a", b"", b"cn=a,,o=b"])
@pytest.mark.parametrize("head", [b"", b"# head\n\n", b"version: 1\n", b"dn: o=x\nchangetype: delete\n\n"])
def test_the_quick_way_says_what_the_careful_one_says(name: bytes, value: bytes, dn: bytes, head: bytes) -> None:
    record = b"dn: %b\nchangetype: modify\ndelete: %b\n%b: %b\n-\nadd: %b\n%b: new\n-\n\n" % (
        dn, name, name, value, name, name
    )  # fmt: skip

    quick, careful = _by_both_ways(head + record + record.replace(b": new", b": newer"))

    assert careful == quick
