"""Cleaned exports: the new values in place, every other octet as it was, and read back as the exports would be."""

from __future__ import annotations

import base64
import gzip
import io
import os
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ldif import LDIFParser

from aliasfix import importer
from aliasfix.errors import AliasfixError, InputError
from aliasfix.importer import Options, mapping
from aliasfix.proof import exports as proof
from aliasfix.ruleset import load
from aliasfix.writer import cleaned
from aliasfix.writer.edits import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Row

    RowOf = Callable[..., Row]
    Name = tuple[str, str, str]  # DN, attribute, old value

EXPORTS = Path(os.environ.get("ALIASFIX_EXPORTS") or Path(__file__).parents[3] / "shared" / "exports")
ATTRIBUTES = ("uid", "mailNickname", "mail", "otherMailbox", "proxyAddresses", "cn")
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12),
    st.text("ab: <-#\t\r\n", min_size=1, max_size=4),
    st.integers(20, 200).map(lambda length: "x" * length),
)


SAFE = re.compile(rb"[!-9;=-~](?:[ -~]*[!-~])?")


@dataclass(frozen=True)
class Cleaned:
    """What became of one export."""

    raw: bytes
    before: Directory
    after: Directory
    faults: list[Any]


def values(directory: Directory, attributes: Sequence[str] = ATTRIBUTES) -> list[tuple[str, str, str]]:
    """DN, attribute and value of everything in the directory, in its order."""
    dns = directory.entries["dn"].to_pylist()
    rows = directory.values.to_pylist()
    return [(dns[r["entry"]], r["attribute"], r["value"]) for r in rows if r["attribute"] in attributes]


def clean(raw: bytes, name: str, new: Mapping[Name, str], row: RowOf, options: Options | None = None) -> Cleaned:
    """The export with new values for the named ones, read before and after."""
    said = options or Options()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(raw)
        sources = importer.probe([str(path)], said)
        before = importer.read(sources, ATTRIBUTES, said)
        rows = [row(dn=dn, attribute=a, old=old, new=changed) for (dn, a, old), changed in new.items()]
        wanted = cleaned.changes(importer.read_apart(sources, ATTRIBUTES, said), rows)
        made = cleaned.export(before.sources[0], said, wanted.get(str(path), ()))
        after = importer.read(sources, ATTRIBUTES, said, opened=lambda _: io.BytesIO(made))
    return Cleaned(made, before, after, proof.cleaned(before, rows, after))


def renames(draw: st.DrawFn, found: Sequence[Name], news: st.SearchStrategy[str]) -> dict[Name, str]:
    """New values for some of those that an entry holds once, which it does not hold yet."""
    chosen = draw(st.lists(st.sampled_from(found), unique=True, max_size=4)) if found else []
    new: dict[Name, str] = {}
    for name in chosen:
        held = [*found, *((dn, attribute, value) for (dn, attribute, _), value in new.items())]
        value = draw(news)
        if found.count(name) == 1 and (*name[:2], value) not in held:
            new[name] = value
    return new


def expected(before: Directory, new: Mapping[Name, str]) -> list[Name]:
    """What the directory holds, with the new values."""
    return [(*name[:2], new.get(name, name[2])) for name in values(before)]


# LDIF


def folded(line: str, width: int, end: str) -> str:
    return f"{end} ".join(line[at : at + width] for at in range(0, len(line), width)) if width else line


@st.composite
def ldifs(draw: st.DrawFn) -> str:
    end = draw(st.sampled_from(("\n", "\r\n", "\r")))
    width = draw(st.sampled_from((0, 0, 9, 30, 76)))
    kept = draw(st.sampled_from(("", "version: 1" + end, f"# extended LDIF{end}#{end}")))
    for number in range(draw(st.integers(1, 4))):
        lines = [("objectClass", "top")]
        lines += draw(
            st.lists(st.tuples(st.sampled_from(("uid", "UID", "mail", "uid;lang-de", "photo")), VALUES), max_size=5)
        )
        kept += f"dn: cn=u{number},o=x{end}" + draw(st.sampled_from(("", "changetype: add" + end)))
        for attribute, value in lines:
            if draw(st.integers(0, 5)) == 0:
                kept += folded("# uid: " + "comment " * draw(st.integers(0, 3)), width, end) + end
            fill = draw(st.sampled_from((" ", " ", "", "   ")))
            plain = SAFE.fullmatch(value.encode()) and draw(st.integers(0, 3))
            shown = f":{fill}{value}" if plain else f"::{fill}{base64.b64encode(value.encode()).decode()}"
            kept += folded(attribute + shown, width, end) + end
        kept += end * draw(st.integers(1, 2))
    return kept[: -len(end)] if draw(st.booleans()) else kept


def logical(text: str) -> list[str]:
    """Each line with those that continue it, and with their ends."""
    return re.findall(r"(?:(?!\r\n|\r|\n).)*(?:\r\n|\r|\n|$)(?: .*?(?:\r\n|\r|\n|$))*", text, re.DOTALL)


def unfolded(line: str) -> tuple[str, bytes, bool]:
    """Head and spaces before the value of a logical line, the value, and whether it is in base64."""
    flat = re.sub("(\r\n|\r|\n) ", "", line).rstrip("\r\n")
    found = re.fullmatch("([^:]*)(::?)( *)(.*)", flat, re.DOTALL)
    assert found
    head, colons, fill, value = found.groups()
    return head + fill, base64.b64decode(value) if colons == "::" else value.encode(), colons == "::"


def end_of(text: str) -> str:
    return "\r" if "\n" not in text else "\n"


def longest(text: str) -> int:
    """The octets of the longest line that is no comment."""
    return max(len(line.encode()) for line in re.split("\r\n|\r|\n", text) if not line.startswith("#"))


@given(
    data=st.data(),
    text=ldifs(),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")),
    packed=st.booleans(),
)
def test_an_ldif_keeps_all_lines_but_those_of_the_values(
    row: RowOf, data: st.DataObject, text: str, encoding: str, *, packed: bool
) -> None:
    raw = text.encode(encoding)
    options = Options(encoding="" if encoding.startswith("utf-") else encoding)
    before = clean(raw, "a.ldif", {}, row, options).before
    new = data.draw(st.composite(renames)(values(before), VALUES))

    done = clean(gzip.compress(raw) if packed else raw, "a.ldif", new, row, options)

    out = gzip.decompress(done.raw) if packed and new else done.raw
    assert (out == raw) == (not new) or packed
    if packed and not new:
        return
    said, now = logical(text), logical(out.decode(encoding))
    assert len(said) == len(now)
    changed = [unfolded(line) for line, old in zip(now, said, strict=True) if line != old]
    assert [unfolded(old)[0] for line, old in zip(now, said, strict=True) if line != old] == [h for h, _, _ in changed]
    assert sorted(value.encode() for value in new.values()) == sorted(value for _, value, _ in changed)
    for _, value, is_base64 in changed:
        assert is_base64 == (not SAFE.fullmatch(value))
    if re.search("(\r\n|\r|\n) ", text):
        assert longest(text) >= longest(out.decode(encoding))
    assert expected(done.before, new) == values(done.after)
    assert [] == done.faults
    if encoding.startswith("utf-8") and end_of(text) != "\r":
        theirs = [entry for _, entry in LDIFParser(io.BytesIO(out.removeprefix(b"\xef\xbb\xbf"))).parse()]
        assert sorted(v for _, a, v in values(done.after) if a == "uid") == sorted(
            v for entry in theirs for a in ("uid", "UID") for v in entry.get(a, [])
        )


# CSV


@dataclass(frozen=True)
class Kind:
    """A family of CSV exports: column -> attribute, "" where none changes; the first columns name the entry."""

    columns: Mapping[str, str]
    name: Callable[[int], list[str]]
    separator: str
    delimiters: str
    encodings: tuple[str, ...]
    strip: bool = False
    heads: tuple[str, ...] = ("",)
    options: Options = field(default_factory=Options)

    def written(self, text: str, delimiter: str, *, quoted: bool) -> str:
        """The cell as it stands in the file; with quotation marks at least where it must have them."""
        must = any(c in text for c in (delimiter, '"', "\r", "\n")) or (self.strip and text != text.strip(" "))
        return '"' + text.replace('"', '""') + '"' if quoted or must else text


SEVERAL = ("otherMailbox", "proxyAddresses")
MAPPED = (("dn", "dn"), ("alias", "login name"), ("mail", "mail"))
KINDS = {
    "exchange55": Kind(
        {"Obj-Class": "", "Directory Name": "", "Alias Name": "uid", "Display Name": "cn", "Notes": ""}
        | {"E-mail Addresses": "otherMailbox"},
        lambda n: ["Mailbox", f"u{n}"],
        "%",
        ",;\t",
        ("cp1252", "utf-8-sig", "utf-16"),
        strip=True,
        options=Options(
            organization=(("", "ORG"),), site=(("", "S"),), separators=(("QuoteCharacter", '"'), ("MVSeparator", "%"))
        ),
    ),
    "powershell": Kind(
        {"DistinguishedName": "", "Alias": "mailNickname", "Office": "", "EmailAddresses": "proxyAddresses"},
        lambda n: [f"CN=u{n}"],
        " ",
        ",;\t",
        ("utf-8", "utf-8-sig", "utf-16"),
        heads=("", "#TYPE Selected.Mailbox\r\n"),
    ),
    "csvde": Kind(
        {"DN": "", "mailNickname": "mailNickname", "cn": "cn", "description": "", "proxyAddresses": "proxyAddresses"},
        lambda n: [f"CN=u{n}"],
        ";",
        ",",
        ("utf-8", "utf-16"),
    ),
    "mapped": Kind(
        {"dn": "", "login name": "mailNickname", "note": "", "mail": ""},
        lambda n: [f"CN=u{n}"],
        "",
        ",;\t|",
        ("utf-8", "utf-8-sig"),
        strip=True,
        options=Options(columns=MAPPED, table=mapping.table(MAPPED, load("exchange"))),
    ),
}
TEXTS = st.text(st.sampled_from("abc'\"=+@-_, ;\t|\r\nü\\"), min_size=1, max_size=6)
PARTS = st.text("abc.@ü", min_size=1, max_size=6).map("X500:{}".format)


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_a_csv_keeps_all_octets_but_those_of_the_values(row: RowOf, data: st.DataObject, name: str) -> None:
    kind = KINDS[name]
    delimiter = data.draw(st.sampled_from(kind.delimiters))
    end = data.draw(st.sampled_from(("\r\n", "\n", "\r")))
    encoding = data.draw(st.sampled_from(kind.encodings))
    head = data.draw(st.sampled_from(kind.heads)) + delimiter.join(f'"{header}"' for header in kind.columns)
    last = data.draw(st.sampled_from(("", end)))
    lines, changed = [head], [head]
    asked: list[tuple[int, str, str, str]] = []  # number of the entry, attribute, old, new
    for number in range(data.draw(st.integers(1, 4))):
        raw: list[list[str]] = [[], []]
        for place, attribute in enumerate(kind.columns.values()):
            several = attribute in SEVERAL
            held = data.draw(st.lists(PARTS, unique=True, max_size=4)) if several else [data.draw(TEXTS)]
            held = kind.name(number)[place : place + 1] or held
            now = [data.draw(st.one_of(st.just(v), PARTS if several else TEXTS)) if attribute else v for v in held]
            if len(set(held + now)) < len(held) + sum(a != b for a, b in zip(held, now, strict=True)):
                now = held  # what an entry holds already is no new name
            asked += [(number, attribute, a, b) for a, b in zip(held, now, strict=True) if a != b]
            quoted = data.draw(st.booleans())
            for cells, texts in zip(raw, (held, now), strict=True):
                text = kind.separator.join(texts) if several else texts[0]
                cells.append(kind.written(text, delimiter, quoted=quoted))
                quoted = quoted or cells[-1].startswith('"')
        lines.append(delimiter.join(raw[0]))
        changed.append(delimiter.join(raw[1]))
    export = (end.join(lines) + last).encode(encoding)
    dns = clean(export, "a.csv", {}, row, kind.options).before.entries["dn"].to_pylist()

    done = clean(export, "a.csv", {(dns[n], attribute, old): b for n, attribute, old, b in asked}, row, kind.options)

    assert (end.join(changed) + last).encode(encoding) == done.raw
    assert [] == done.faults


EX55 = "Obj-Class,Alias Name,Directory Name,E-mail Addresses\r\n"
PS = '"Alias","DistinguishedName","EmailAddresses"\n'
LDIF = "dn: cn=a,o=x\nobjectClass: top\n"
A = "cn=a,cn=Recipients,ou=S,o=ORG"
ADDRESSES = ("otherMailbox", "MS:A", "MS:B")
CASES = {
    # name: file, its text, (DN, attribute, old, new), what becomes of the text
    "a space at the edge": (
        "a.csv",
        f"{EX55}Mailbox, a ,a,\r\n",
        (A, "uid", "a", " b"),
        f'{EX55}Mailbox, " b" ,a,\r\n',
    ),
    "a delimiter": ("a.csv", f"{EX55}Mailbox,a,a,\r\n", (A, "uid", "a", "b,c"), f'{EX55}Mailbox,"b,c",a,\r\n'),
    "a quotation mark": ("a.csv", f'{EX55}Mailbox,"a",a,\r\n', (A, "uid", "a", 'b"c'), f'{EX55}Mailbox,"b""c",a,\r\n'),
    "a formula": ("a.csv", f"{EX55}Mailbox,a,a,=1\r\n", (A, "uid", "a", "=b"), f"{EX55}Mailbox,=b,a,=1\r\n"),
    "one of several values": (
        "a.csv",
        f"{EX55}Mailbox,a,a,%SMTP:a@x%MS:A%%X400:c=US;\r\n",
        (A, *ADDRESSES),
        f"{EX55}Mailbox,a,a,%SMTP:a@x%MS:B%%X400:c=US;\r\n",
    ),
    "a value behind its prefix": (
        "a.csv",
        f"{EX55}Mailbox,a,a,smtp:a@x%MS:A\r\n",
        (A, "mail", "a@x", "b@x"),
        f"{EX55}Mailbox,a,a,smtp:b@x%MS:A\r\n",
    ),
    "an escaped separator": (
        "a.csv",
        f"{EX55}Mailbox,a,a,MS:\\%A%MS:C\r\n",
        (A, "otherMailbox", "MS:%A", "MS:B%\\"),
        f"{EX55}Mailbox,a,a,MS:B\\%\\\\%MS:C\r\n",
    ),
    "a list in braces": (
        "a.csv",
        f'{PS}a,CN=a,"{{SMTP:a@x, smtp:b@x;X500:/o=x}} "\n',
        ("CN=a", "proxyAddresses", "smtp:b@x", "smtp:c@x"),
        f'{PS}a,CN=a,"{{SMTP:a@x, smtp:c@x;X500:/o=x}} "\n',
    ),
    "exports joined byte by byte": (
        "a.csv",
        f'\ufeff{PS}a,CN=a,\n\ufeff{PS}"b",CN=b,\n\ufeffc,CN=c,\n',
        ("CN=c", "mailNickname", "c", "d"),
        f'\ufeff{PS}a,CN=a,\n\ufeff{PS}"b",CN=b,\n\ufeffd,CN=c,\n',
    ),
    "a row over several lines": (
        "a.csv",
        'Alias,Notes,DistinguishedName\na,"x\ny",CN=a\nb,"x\r\n""y",CN=b\n',
        ("CN=b", "mailNickname", "b", "c"),
        'Alias,Notes,DistinguishedName\na,"x\ny",CN=a\nc,"x\r\n""y",CN=b\n',
    ),
    "the quirk of ldifde, and no space": (
        "a.ldif",
        "dn:\n cn=aaaaaaaa,o=x\nobjectClass: top\nuid:a\nmail: a\n",
        ("cn=aaaaaaaa,o=x", "uid", "a", "b" * 12),
        "dn:\n cn=aaaaaaaa,o=x\nobjectClass: top\nuid:bbbbbbbbbbbb\nmail: a\n",
    ),
    "a comment does not tell the width": (
        "a.ldif",
        f"{LDIF}# {'c' * 60}\nuid: a\nmail: {'m' * 12}\n mm\n",
        ("cn=a,o=x", "uid", "a", "b" * 30),
        f"{LDIF}# {'c' * 60}\nuid: {'b' * 13}\n {'b' * 17}\nmail: {'m' * 12}\n mm\n",
    ),
    "a line of one space behind the value": (
        "a.ldif",
        f"{LDIF}uid: a\n \ndn: cn=b,o=x\nuid: a\n",
        ("cn=a,o=x", "uid", "a", "b"),
        f"{LDIF}uid: b\n \ndn: cn=b,o=x\nuid: a\n",
    ),
    "spaces that belong to the value": (
        "a.ldif",
        f"{LDIF}uid: a\n   \n b\n",
        ("cn=a,o=x", "uid", "a  b", "c"),
        f"{LDIF}uid: c\n",
    ),
    "Ctrl-Z": ("a.ldif", f"{LDIF}uid: a\x1a", ("cn=a,o=x", "uid", "a", "b"), f"{LDIF}uid: b\x1a"),
}
PLACES = Options(organization=(("", "ORG"),), site=(("", "S"),))


@pytest.mark.parametrize("name", CASES)
def test_only_the_value_is_another(name: str, row: RowOf) -> None:
    file, text, (dn, attribute, old, new), expected_text = CASES[name]

    done = clean(text.encode(), file, {(dn, attribute, old): new}, row, PLACES)

    assert expected_text == done.raw.decode()
    assert [] == done.faults


def test_every_value_of_every_real_export_can_be_replaced(row: RowOf) -> None:
    if not EXPORTS.is_dir():
        pytest.skip("there are no real exports: ALIASFIX_EXPORTS names their folder")
    replaced = 0
    for path in sorted(EXPORTS.glob("*/*.*")):
        raw = path.read_bytes()
        try:
            found = values(clean(raw, path.name, {}, row, PLACES).before)
        except AliasfixError:  # tests/importer/exports.toml has each of them
            continue
        once = [name for name, count in Counter(found).items() if count == 1]
        new = {name: f"né {number}" for number, name in enumerate(once)}

        done = clean(raw, path.name, new, row, PLACES)

        wanted, found = expected(done.before, new), values(done.after)
        if not done.before.sources[0].has_dn:  # the entries are named by what changes
            wanted, found = ([("", *name[1:]) for name in names] for names in (wanted, found))
        assert wanted == found, path.name
        replaced += len(new)
    assert replaced > 1000


def test_every_record_of_an_entry_gets_the_new_value(row: RowOf) -> None:
    record = LDIF + "uid: a\n\n"

    done = clean(
        (record + "dn: cn=b,o=x\nuid: a\n\n" + record).encode(), "a.ldif", {("cn=a,o=x", "uid", "a"): "b"}, row
    )

    changed = LDIF + "uid: b\n\n"
    assert changed + "dn: cn=b,o=x\nuid: a\n\n" + changed == done.raw.decode()
    assert [] == done.faults


def test_a_product_without_utf_8_gets_its_code_page(row: RowOf) -> None:
    done = clean(f"{EX55}Mailbox,a,a,\r\n".encode(), "a.csv", {(A, "uid", "a"): "ü"}, row, PLACES)

    assert f"{EX55}Mailbox,ü,a,\r\n".encode("cp1252") == done.raw
    assert [] == done.faults


def test_a_character_that_the_code_page_lacks_is_refused(row: RowOf) -> None:
    with pytest.raises(InputError, match='uid "a" can\'t be replaced: cp1252 has no "日", which "日本" has'):
        clean(f"{EX55}Mailbox,a,a,\r\n".encode(), "a.csv", {(A, "uid", "a"): "日本"}, row, PLACES)


def test_a_value_that_its_cell_would_lose_is_refused(row: RowOf) -> None:
    with pytest.raises(InputError, match='uid "a" can\'t be replaced: its cell can\'t hold "~DEL"'):
        clean(f"{EX55}Mailbox,a,a,\r\n".encode(), "a.csv", {(A, "uid", "a"): "~DEL"}, row, PLACES)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [("a.ldif", f"{LDIF}uid: a\n", (3, "cn")), ("a.csv", f"{EX55}Mailbox,a,a,\r\n", (2, "cn"))],
)
def test_a_value_that_is_not_where_it_was_read_is_refused(
    name: str, text: str, place: tuple[int, str], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    source = importer.read(importer.probe([str(path)], PLACES), ATTRIBUTES, PLACES).sources[0]

    with pytest.raises(InputError, match="this line does not hold it"):
        cleaned.export(source, PLACES, [Change(*place, "a", "b")])
    path.write_bytes(text.replace("a", "b").encode())
    with pytest.raises(InputError, match="the file has changed since it was read"):
        cleaned.export(source, PLACES, [])


def test_the_proof_tells_what_is_otherwise(row: RowOf) -> None:
    def read(*lines: str, name: str = "a") -> Directory:
        text = "\n".join((f"dn: cn={name},o=x", *lines, ""))
        return clean(text.encode(), "a.ldif", {}, row).before

    rows = [row(dn="cn=a,o=x", attribute="uid", old="a", new="b")]
    before = read("uid: a", "mail: m")

    told = [
        [fault.sentence for fault in proof.cleaned(before, rows, replaced)]
        for replaced in (
            read("uid: b", "mail: m"),
            read("uid: a", "mail: m"),
            read("uid: b", "mail: n"),
            read("uid: b"),
            read("uid: b", "mail: m", name="A"),
            read("uid: b", "mail: m", "", "dn: cn=c,o=x"),
            read("uid: b", "mail: m", "cn:: /w=="),
        )
    ]
    assert [
        [],
        ['uid of cn=a,o=x is "a" and not "b"'],
        ['mail of cn=a,o=x is "n" and not "m"'],
        ["not the same entries have mail"],
        ["the entry cn=a,o=x has become cn=A,o=x"],
        ["1 entries became 2"],
        ["0 places could not be read, and now it is others: 1"],
    ] == told
