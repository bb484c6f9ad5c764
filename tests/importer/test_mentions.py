"""Values that hold a name which a plan changes: all of them, found as fast as they can be, none of them twice."""

from __future__ import annotations

import base64
import gzip
import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aliasfix.directory import Source
from aliasfix.importer import Options, mentions, probe
from aliasfix.importer.mentions import Mention, Mentions
from aliasfix.ldap import encodings, ldif
from aliasfix.plan import Row

blocks = importlib.import_module("aliasfix.importer.blocks")  # the package has a function of that name

Writing = Callable[[Mapping[str, str | bytes]], list[str]]
ROW = Row(
    role="rename", decision="accept", code="A001", group="alias:user", dn="cn=b", label="", kind="person", site="",
    attribute="uid", old="user", new="user2", reason="", rung="", tried="", mail="", source="a.ldif", line=1,
)  # fmt: skip


def _row(old: str, new: str, dn: str = "cn=b", attribute: str = "uid") -> Row:
    return Row(
        **{**{c: getattr(ROW, c) for c in Row.__slots__}, "old": old, "new": new, "dn": dn, "attribute": attribute}
    )


def _found(files: Sequence[str], rows: Sequence[Row] = (ROW,), options: Options | None = None) -> Mentions:
    options = options or Options()
    return mentions.find(probe(files, options), rows, options)


def _told(found: Mentions) -> list[tuple[str, str, int]]:
    return [(m.attribute, m.value, m.line) for m in sorted(found.rows, key=lambda m: m.line)]


LINES = [  # of an entry, and whether each is a mention of user
    ("homeDirectory: /home/user", True),
    ("profilePath: \\\\srv\\profiles\\user", True),
    ("scriptPath: logon\\USER\\start.bat", True),
    ("msRTCSIP-PrimaryUserAddress: sip:user@x", True),
    ("krbPrincipalName: user@EXAMPLE.ORG", True),
    ("memberUid: user", True),
    ("targetAddress: SMTP:user@site", True),
    ("description: ask user.", True),
    ("gecos: user,,,", True),
    ("mailForwardingAddress:user@elsewhere", True),
    ("description:    user", True),
    ("description;lang-de: user", True),
    ("member: cn=user,dc=x", True),
    ("uid: user-user user", True),
    (f"description:: {base64.b64encode('für user'.encode()).decode()}", True),
    (f"description::{base64.b64encode(b'user').decode()}", True),
    ("objectClassifier: user", True),
    ("description: us\n er", True),
    ("description: a\n  user\n  b", True),
    ("my_attr: user", True),
    ("1.2.3.4: user", True),
    ("changetypes: user", True),
    ("uid: user", False),
    ("UID: User", False),
    ("uid;binary: user", False),
    ("objectClass: user", False),
    ("structuralObjectClass: user", False),
    ("entryDN: cn=user,dc=x", False),
    ("distinguishedName: cn=user,dc=x", False),
    ("userPassword: user", False),
    ("unicodePwd: user", False),
    ("user: x", False),
    ("x;user: x", False),
    ("# user", False),
    ("#: user\n  user", False),
    ("description: user2", False),
    ("description: superuser user.x x-user", False),
    ("description: us \n er", False),
    ("description:< file:///home/user", False),
    ("description: user \xff", False),
    (f"jpegPhoto:: {base64.b64encode(bytes([255]) + b' user ').decode()}", False),
    ("description:: dXNlc", False),
    ("user", False),
    ("not a name: user", False),
    ("description:: dXNlcg==x", False),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_line(line: str, *, expected: bool, write: Writing) -> None:
    text = f"dn: cn=user,dc=x\ncn: a\n{line}\nsn: b\n\ndn: cn=c\ncn: c\n"

    found = _found(write({"a.ldif": text.encode("latin-1" if "\xff" in line else "utf-8")}))

    assert ([3] if expected else []) == [m.line for m in found.rows]
    assert all(m.dn == "cn=user,dc=x" and m.source == "a.ldif" for m in found.rows)


@pytest.mark.parametrize(
    "text",
    [
        "dn: cn=a\nchangetype: add\ndescription: user\n",
        "DN:: Y249YQ==\nDescription: user\n",
        "version: 1\n\n# x\ndn: cn=a\ndescription: user\n",
        "version: 1\ndn: cn=b\ndn: cn=a\ndescription: user\n",
        "dn: cn=b\n \ndn: cn=a\ndescription: user\n",
        "dn: cn=b\ncn: b\n\t\ndn: cn=a\ndescription: user\n\x1a",
        "dn: cn=a\r\ndescription: user\r\n",
        "dn: cn=a\rdescription: user\r",
        "dn: cn=\n a\ndescription: user\n\n\n\n",
        "dn: cn=a\ndescription: user",
    ],
)
def test_the_entry_of_a_value(text: str, write: Writing) -> None:
    found = _found(write({"a.ldif": text}))

    assert [("user", "user2", "cn=a")] == [(m.old, m.new, m.dn) for m in found.rows]


@pytest.mark.parametrize(
    "text",
    [
        "cn: a\ndescription: user\n",
        "dn: nonsense\ndescription: user\n",
        "dn: cn=a\ncn: a\nchangetype: add\ndescription: user\n",
        "dn: cn=a\nchangetype: nonsense\ndescription: user\n",
    ],
)
def test_what_can_not_be_read_is_no_mention(text: str, write: Writing) -> None:
    found = _found(write({"a.ldif": f"dn: cn=x\ncn: x\n\n{text}"}))

    assert Mentions() == found


def test_the_new_name_is_that_of_the_entry_itself_or_of_all_others(write: Writing) -> None:
    text = "".join(f"dn: cn={c}\ndescription: user\n\n" for c in "abc")
    rows = [_row("user", "user-b", "cn=b"), _row("User", "user-c", "cn=c")]

    found = _found(write({"a.ldif": text}), rows)

    assert [
        Mention("User", "user-c", "description", "user", "cn=c", "a.ldif", 8),
        Mention("User;user", "user-b;user-c", "description", "user", "cn=a", "a.ldif", 2),
        Mention("user", "user-b", "description", "user", "cn=b", "a.ldif", 5),
    ] == list(found.rows)


def test_many_new_names_are_counted(write: Writing) -> None:
    rows = [_row("user", f"user{n}", f"cn=b{n}") for n in range(9)]

    found = _found(write({"a.ldif": "dn: cn=a\ndescription: user\n"}), rows)

    assert ["user0;user1;user2;... 6 more"] == [m.new for m in found.rows]


def test_a_value_with_two_names_counts_once(write: Writing) -> None:
    text = "dn: cn=a\ndescription: user anna\nDESCRIPTION;x-y: anna\nmail: anna@x\n"

    found = _found(write({"a.ldif": text}), [ROW, _row("anna", "anna2")])

    assert 4 == found.found
    assert (("DESCRIPTION", 2), ("mail", 1)) == found.values
    assert [("anna", 2), ("anna", 3), ("anna", 4), ("user", 2)] == sorted((m.old, m.line) for m in found.rows)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("user " + "x" * 195, "user " + "x" * 195),
        ("user " + "x" * 196, "user " + "x" * 195 + "..."),
        ("y" * 300 + " user", "..." + "y" * 195 + " user"),
        ("y" * 300 + " user " + "z" * 300, "..." + "y" * 59 + " user " + "z" * 135 + "..."),
        ("x" * 1_000_000 + " user", "..." + "x" * 195 + " user"),
    ],
)
def test_a_long_value_is_shown_around_the_name(value: str, shown: str, write: Writing) -> None:
    found = _found(write({"a.ldif": f"dn: cn=a\ndescription: {value}\n"}))

    assert [shown] == [m.value for m in found.rows]


def test_no_more_than_so_many_are_kept_and_they_are_the_first(write: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "MOST", 3)
    names = [f"n{n:02}" for n in (5, 9, 1, 7, 3, 2, 8, 4, 6, 0)]
    text = "".join(f"dn: cn={name}\ndescription: {name}\n\n" for name in names)

    found = _found(write({"a.ldif": text}), [_row(name, "x") for name in names])

    assert ["n00", "n01", "n02"] == [m.old for m in found.rows]
    assert (10, (("description", 10),)) == (found.found, found.values)


def test_without_a_change_no_file_is_opened() -> None:
    assert Mentions() == mentions.find([Source("nosuch.ldif", format="ldif")], [], Options())


def test_packed_and_wide_files(write: Writing) -> None:
    text = "dn: cn=ä\ndescription: user\n"
    files = {
        "a.ldif.gz": gzip.compress(text.encode()),
        "b.ldif": text.encode("utf-16"),
        "c.ldif": text.encode("cp1252"),
    }

    found = _found(write({n: files[n] for n in ("a.ldif.gz", "b.ldif")}))
    named = _found(write({"c.ldif": files["c.ldif"]}), options=Options(encoding="cp1252"))

    assert [("cn=ä", "a.ldif.gz", 2), ("cn=ä", "b.ldif", 2)] == [(m.dn, m.source, m.line) for m in found.rows]
    assert [("cn=ä", "c.ldif", 2)] == [(m.dn, m.source, m.line) for m in named.rows]


HEADER = "Obj-Class,Directory Name,Alias Name,Primary Windows NT Account,E-mail Addresses,Obj-Container,Locker"
CELLS = [  # of one row, and what is mentioned
    (("Mailbox", "user", "user", "", "", "/o=O/ou=user", ""), []),
    (("Mailbox", "b", "b", "DOM\\user", "", "", ""), [("Primary-Windows-NT-Account", "DOM\\user")]),
    (("Mailbox", "b", "b", "DOM\\\\user", "", "", ""), [("Primary-Windows-NT-Account", "DOM\\user")]),
    (
        ("Mailbox", "b", "b", "", "SMTP:a@x%MS:O/S/USER%X400:s=user;", "", ""),
        [("otherMailbox", "MS:O/S/USER"), ("textEncodedORAddress", "s=user;")],
    ),
    (("Mailbox", "b", "b", "", "", "", "next to user"), [("Locker", "next to user")]),
    (("Mailbox", "b", "b", "", "", "", 'two\r\nlines, "user"'), [("Locker", 'two\r\nlines, "user"')]),
    (("Mailbox", "b", "b", "", "", "", "user2"), []),
    (("Mailbox", "b", "b", "", "", "", "user", "one too many"), []),
    (("Mailbox", "", "b", "", "", "", "user of no entry"), []),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), CELLS)
def test_a_row(cells: tuple[str, ...], expected: list[tuple[str, str]], write: Writing) -> None:
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    text = f"{HEADER}\r\nMailbox,a,a,,,,\r\n{quoted}\r\nMailbox,c,c,,,,\r\n"

    found = _found(write({"a.csv": text}), options=Options(organization=(("", "O"),), site=(("", "S"),)))

    assert sorted(expected) == sorted((m.attribute, m.value) for m in found.rows)
    assert all((m.dn, m.line) == ("cn=b,cn=Recipients,ou=S,o=O", 3) for m in found.rows)


def test_octets_of_csvde(write: Writing) -> None:
    text = f"DN,mailNickname,description\r\nCN=a,a,X'{'für user'.encode().hex()}'\r\nCN=b,b,X'{b'usher'.hex()}'\r\n"

    found = _found(write({"a.csv": text}))

    assert [("für user", 2)] == [(m.value, m.line) for m in found.rows]


NAMES = (
    "user",
    "a.b",
    "o'brien",
    "info desk",
    "x-1",
    "é",
    "über",
    "user.",
    ".x",
    "0123456789abcdef",
    "01234567x9abcdef",
)
PIECES = (*NAMES, "User", "É", "2", "_", ".", "-", " ", "/", "@", ":", "\u201e", "\\", "add", "b", "-x", "x" * 9)
VALUES = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
HEADS = ("cn", "uid", "UID", "mail", "description", "description;lang-de", "objectClass", "user", "userPassword", "a b")


@st.composite
def _line(draw: st.DrawFn) -> str:
    head, value = draw(st.sampled_from(HEADS)), draw(VALUES)
    form = draw(st.sampled_from((": {}", ":{}", ":   {}", ":: {}", "::{}", ":< {}", "{}")))
    text = head + form.format(base64.b64encode(value.encode()).decode() if "::" in form else value)
    return draw(st.sampled_from(("", "", "", "#"))) + _fold(text, draw(st.lists(st.integers(1, 40), max_size=2)))


def _fold(text: str, places: Sequence[int]) -> str:
    for place in sorted(places, reverse=True):
        if place < len(text):
            text = f"{text[:place]}\n {text[place:]}"
    return text


LINE = st.one_of(
    _line(), st.sampled_from(("", " ", "\t", "changetype: add", "control: 1.2", "# user", "\r", "\x1a", "dn: cn=user"))
)
RECORD = st.tuples(
    st.sampled_from(("dn: cn=user", "DN: cn=b", "dn:: Y249YQ==", "dn: x", "cn: user")), st.lists(LINE, max_size=5)
)
TEXT = st.lists(RECORD, min_size=1, max_size=4).map(
    lambda rs: "dn: cn=first\n\n" + "\n\n".join("\n".join([r[0], *r[1]]) for r in rs) + "\n"
)


def _text(value: bytes) -> str:
    """A value that is no UTF-8 mentions nobody."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return ""


def _naive(text: str) -> list[tuple[str, str, str, str, int]]:
    """Name, attribute, value, DN and line of each mention, by the careful reader and a regular expression."""
    found = []
    for record in ldif.records(encodings.decode(text.encode())[0]):
        if not isinstance(record, ldif.Record):
            continue
        for line in record.lines:
            value = _text(line.value)
            if line.name.lower() in ("objectclass", "userpassword"):
                continue
            tokens = [m.span() for m in re.finditer(r"\w(?:[\w.-]*\w)?", value)]
            for name in NAMES:
                places = [
                    (m.start(), m.start() + len(name)) for m in re.finditer(f"(?={re.escape(name)})", value.lower())
                ]
                whole = any(not any(s < a < e or s < b < e for s, e in tokens) for a, b in places)
                if whole and not (line.name.lower() == "uid" and value.lower() == name):
                    attribute = ";".join((line.name, *line.options))
                    found.append((name, attribute, value, record.dn, line.number))
    return sorted(found)


@settings(max_examples=300, deadline=None)
@example(text="dn: cn=user\ncn::user\n", size=7)
@example(text="dn: cn=first\n\ndn: cn=user\nuid: user.\n", size=7)
@given(text=TEXT, size=st.sampled_from((7, 64, 1 << 20)))
def test_all_that_the_careful_reader_finds(text: str, size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.ldif"
    path.write_bytes(text.encode())
    rows = [_row(name, "new", "cn=nobody") for name in NAMES]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "SIZE", size)
        found = mentions.find([Source(str(path), format="ldif")], rows, Options())

    assert _naive(text) == sorted((m.old, m.attribute, m.value, m.dn, m.line) for m in found.rows)


@given(order=st.permutations(range(8)), names=st.permutations(["a.ldif", "b.csv"]))
def test_the_order_of_records_and_files_does_not_matter(
    order: Sequence[int], names: Sequence[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    entries = [f"dn: cn={n}\ndescription: user {n % 3}\nmail: user@x\n\n" for n in range(8)]
    rows = [f"CN={n},n{n},user {n % 3}\n" for n in range(8)]
    (folder / "a.ldif").write_text("".join(entries[n] for n in order), encoding="utf-8", newline="\n")
    (folder / "b.csv").write_text("DN,mailNickname,description\n" + "".join(rows[n] for n in order), encoding="utf-8")

    options = Options()
    found = mentions.find([s for n in names for s in probe([str(folder / n)], options)], [ROW], options)

    assert (("description", 16), ("mail", 8)) == found.values
    by_data = [(m.attribute, m.value, m.dn, Path(m.source).name) for m in found.rows]
    assert sorted(by_data) == by_data
    assert 24 == len(set(by_data))
