"""LDIF read by columns: whole blocks of lines at a time, without a Python object per line.

What is plain is dispatched here; a record that is not (a URL, a range of values, bad base64, a line that can't be read)
goes to the careful reader, record by record, so that both say the same of every file. Lines are found, unfolded and
told apart with numpy; the values become Arrow strings by their offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.importer import syntaxes
from aliasfix.importer.assemble import MAILBOX, OCCURRENCES, VALUES, named, ordered
from aliasfix.importer.ldif_heads import CHANGETYPE, DN, LONGEST, ODD, Heads, Octets
from aliasfix.ldap import dn, ldif

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.importer.assemble import Collector, Extract

    Integers = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

_PAD = bytes(LONGEST + 16)
_DN_COLON, _ADD = Octets.of(b"dn:"), Octets.of(b"changetype: add")
_LF, _SPACE, _HASH, _COLON, _LESS = b"\n #:<"
_REFERRED = b"# refldap"

PLAIN_DN = "^{0}(,{0})*$".format(
    "[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9._@&'/()!$%*:?^`{|}~-]+( [A-Za-z0-9._@&'/()!$%*:?^`{|}~-]+)*"
)
# Spaces alone on a line, a space at the start of a record: what they continue or end only the careful reader knows.
_BLANK_FOLD = re.compile(rb"\n [ \t\x0b\x0c]*\n|\n\n |\A\n? ")


Column = tuple[
    "Integers", pa.Array, "Integers"
]  # of each value: the entry in its block, the text, the line in the file


@dataclass(frozen=True, slots=True)
class Part:
    """The plain entries of one block, and the lines of the others."""

    dns: pa.Array
    keys: pa.Array
    lines: Integers  # of the DNs, in the file
    columns: Mapping[int, Column]  # by the attribute's number
    odd: tuple[tuple[int, bytes], ...]  # first line and text of what is to be read with care


def read_block(text: bytes, first_line: int, heads: Heads) -> Part | None:
    """The entries of a block of whole records; None where all of it must be read with care.

    ``text`` is UTF-8 without CR and ends with a line end; ``first_line`` is the number of its first line in the file.
    """
    if b"\x00" in text or b"\r" in text or b"\x7f" in text or not _is_utf8(text):
        return None
    octets = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(octets == _LF)
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1] + 1
    letters = octets[starts]
    if _REFERRED in text and (letters == _HASH).any():
        return None
    folds = letters == _SPACE
    if not folds.any():
        return _Block(_Lines(text, text, ends, starts, ends, np.arange(len(ends)), first_line), heads).part()
    if _BLANK_FOLD.search(text):
        return None
    # A fold takes away its line end and one space; the line that it continues ends where the last of its folds does.
    lines = np.flatnonzero(~folds)
    gone = 2 * np.cumsum(folds)
    last = np.concatenate((lines[1:], [len(ends)])) - 1
    flat = text.replace(b"\n ", b"")
    if _REFERRED in flat:
        return None
    return _Block(
        _Lines(text, flat, ends, starts[lines] - gone[lines], ends[last] - gone[last], lines, first_line), heads
    ).part()


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def joined(parts: Sequence[Part], heads: Heads, with_care: Collector) -> Extract:
    """One extract of all plain entries and of those that were read with care, in the order of the file."""
    others = with_care.extract()
    starts = np.cumsum([0, *(len(p.dns) for p in parts)])
    entries = _occurrences(parts, heads, starts)
    values, numbers = _values(parts, starts, with_care.spellings)
    if not others.entries.num_rows:
        return replace(others, entries=entries, values=values)
    line = np.concatenate([columns.integers(t.column("line")) for t in (entries, others.entries)])
    order = np.argsort(line, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    owner = np.concatenate(
        [columns.integers(values.column("entry")), columns.integers(others.values.column("entry")) + entries.num_rows]
    )
    both = pa.concat_tables([values, others.values]).set_column(1, VALUES.field(1), pa.array(place[owner], pa.int32()))
    numbers = np.concatenate((numbers, columns.integers(columns.whole(others.values.column("attribute")).indices)))
    return replace(
        others,
        entries=pa.concat_tables([entries, others.entries]).take(pa.array(order)),
        values=ordered(both, numbers.astype(np.int32), with_care.spellings),
    )


def _occurrences(parts: Sequence[Part], heads: Heads, starts: Integers) -> pa.Table:
    # As the collector has it: an objectGUID goes before an entryUUID, the last one counts, but the first entryUUID.
    uuids, guids, mailboxes = (
        _column(parts, heads.wanted[name], starts) for name in ("entryuuid", "objectguid", MAILBOX.lower())
    )
    count = int(starts[-1])
    guid = _laid_over(_laid_over(columns.repeated("", count), uuids, 0), guids, -1)
    mailbox = _laid_over(columns.repeated("", count), mailboxes, -1)
    return pa.table(
        [
            pa.chunked_array([p.dns for p in parts], pa.string()),
            pa.chunked_array([p.keys for p in parts], pa.string()),
            guid,
            mailbox,
            np.concatenate([np.empty(0, dtype=np.int64), *(p.lines for p in parts)]),
        ],
        schema=OCCURRENCES,
    )


def _laid_over(texts: pa.Array, column: tuple[Integers, pa.ChunkedArray, Integers], which: Literal[0, -1]) -> pa.Array:
    """The texts of the entries, and the first or the last value in the column for those that have one there."""
    owner, text, _ = column
    if not len(owner):
        return texts
    ends = owner[1:] != owner[:-1]
    at = np.flatnonzero(np.concatenate((ends, [True]) if which else ([True], ends)))
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[owner[at]] = True
    return columns.laid_over(texts, mask, columns.take(columns.whole(text), at))


def _values(
    parts: Sequence[Part], starts: Integers, spellings: Mapping[str, str]
) -> tuple[pa.Table, NDArray[np.int32]]:
    """The values by attribute and entry, and the number of each one's attribute."""
    names = list(spellings.values())
    by_name = sorted(range(len(names)), key=names.__getitem__)
    found = [_column(parts, n, starts) for n in by_name]
    numbers = np.repeat(np.array(by_name, dtype=np.int32), [len(owner) for owner, _, _ in found])
    return pa.table(
        [
            named(numbers, spellings),
            np.concatenate([np.empty(0, dtype=np.int32), *(owner for owner, _, _ in found)]),
            pa.chunked_array([c for _, text, _ in found for c in text.chunks], pa.string()),
            np.concatenate([np.empty(0, dtype=np.int64), *(line for _, _, line in found)]),
        ],
        schema=VALUES,
    ), numbers


def _column(parts: Sequence[Part], number: int, starts: Integers) -> tuple[Integers, pa.ChunkedArray, Integers]:
    """One attribute of all blocks: the entry, the text and the line of each value."""
    have = [(p.columns[number], np.int32(s)) for p, s in zip(parts, starts[:-1], strict=True) if number in p.columns]
    return (
        np.concatenate([np.empty(0, dtype=np.int32), *(owner + s for (owner, _, _), s in have)]),
        pa.chunked_array([text for (_, text, _), _ in have], pa.string()),
        np.concatenate([np.empty(0, dtype=np.int64), *(line for (_, _, line), _ in have)]),
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a block, unfolded."""

    raw: bytes
    flat: bytes  # raw without folds
    raw_ends: Integers
    starts: Integers  # in flat
    ends: Integers
    numbers: Integers  # in the block, from 0
    first: int  # number of the block's first line in the file


class _Block:
    """One block: its content lines, the records they belong to, and what their heads say."""

    def __init__(self, lines: _Lines, heads: Heads) -> None:
        self.lines, self.heads = lines, heads
        self.flat = lines.flat + _PAD
        self.octets = np.frombuffer(self.flat, np.uint8)
        self.words: Words = np.ndarray((len(lines.flat) + LONGEST + 8,), "<u8", self.flat, strides=(1,))
        blank = lines.starts == lines.ends
        content = np.flatnonzero(~blank & (self.octets[lines.starts] != _HASH))
        self.start, self.end, self.line = lines.starts[content], lines.ends[content], lines.numbers[content]
        apart = np.cumsum(blank)[content]
        self.is_dn = self._starts(np.arange(len(content)), _DN_COLON)
        begins = self.is_dn.copy()
        begins[:1] = True
        begins[1:] |= apart[1:] != apart[:-1]
        self.record = np.cumsum(begins) - 1
        self.head = np.flatnonzero(begins)

    def _starts(self, rows: Integers, text: Octets) -> Mask:
        """Which of these lines start with the text, in any case."""
        start = self.start[rows]
        found = np.zeros(len(rows), dtype=np.bool_)
        found[text.among(self.words, start, self.words[start])] = True
        return found

    def part(self) -> Part:
        code, length = self.heads.told(self.flat, self.words, self.start, self.end)
        code[self.is_dn] = DN
        odd = ~self.is_dn[self.head]
        odd[self.record[code == ODD]] = True
        odd[self.record[self._misplaced(code)]] = True
        value = self.start + length + 1
        value[self.is_dn] = self.start[self.is_dn] + len(b"dn:")
        wanted = np.flatnonzero((code >= 0) | (code == DN))
        mark = self.octets[value[wanted]]
        odd[self.record[wanted[mark == _LESS]]] = True
        decoded = self._decoded(wanted[mark == _COLON], value, code, odd)
        self._skip_spaces(wanted[mark == _SPACE], value)
        found: dict[int, tuple[Integers, pa.Array]] = {}
        for number in range(DN, len(self.heads.wanted)):
            rows = np.flatnonzero(code == number)
            if len(rows):
                texts = self._texts(rows, value, decoded)
                found[number] = (rows, self._respelled(number, rows, texts, odd))
        rows, dns = found.pop(DN, (np.empty(0, dtype=np.int64), columns.strings(())))
        keys = self._keys(rows, dns, odd)
        return self._columns((rows, dns, keys), found, odd)

    def _misplaced(self, code: Integers) -> Mask:
        """A changetype that does not follow its DN, or that is not the plain ``add`` of ldifde."""
        at = np.flatnonzero(code == CHANGETYPE)
        wrong = np.zeros(len(code), dtype=np.bool_)
        if len(at):
            follows = (at > 0) & self.is_dn[at - 1] & (self.record[at] == self.record[at - 1])
            adds = self._starts(at, _ADD) & (self.end[at] - self.start[at] == len(b"changetype: add"))
            wrong[at[~(follows & adds)]] = True
        return wrong

    def _decoded(self, rows: Integers, value: Integers, code: Integers, odd: Mask) -> dict[int, str]:
        """The texts of base64 values; one that can't be read makes its record odd."""
        names = list(self.heads.wanted)
        found: dict[int, str] = {}
        flat, start, end = self.flat, value[rows].tolist(), self.end[rows].tolist()
        for row, s, e, c in zip(rows.tolist(), start, end, code[rows].tolist(), strict=True):
            try:
                octets = ldif.unbase64(flat[s + 1 : e].lstrip(b" "))
                found[row] = syntaxes.text(names[c], octets) if c >= 0 else octets.decode()
            except ValueError:
                odd[self.record[row]] = True
        return found

    def _skip_spaces(self, rows: Integers, value: Integers) -> None:
        """FILL: any number of spaces before the value; most often it is one."""
        value[rows] += 1
        for row in rows[self.octets[value[rows]] == _SPACE].tolist():
            end = int(self.end[row])
            value[row] = end - len(self.flat[int(value[row]) : end].lstrip(b" "))

    def _texts(self, rows: Integers, value: Integers, decoded: Mapping[int, str]) -> pa.Array:
        """The values of these lines: slices of the block, except for those that had to be decoded."""
        offsets = np.empty(2 * len(rows) + 1, dtype=np.int32)
        offsets[0:-1:2], offsets[1::2], offsets[-1] = value[rows], self.end[rows], self.end[rows[-1]]
        slices = pa.StringArray.from_buffers(2 * len(rows), pa.py_buffer(offsets), pa.py_buffer(self.flat))
        texts = slices.take(pa.array(np.arange(0, 2 * len(rows), 2, dtype=np.int64)))
        if not decoded:
            return texts
        mask = np.isin(rows, np.fromiter(decoded, np.int64, len(decoded)))
        return columns.laid_over(texts, mask, columns.strings(decoded[r] for r in rows[mask].tolist()))

    def _respelled(self, number: int, rows: Integers, texts: pa.Array, odd: Mask) -> pa.Array:
        """GUIDs and SIDs in their one spelling; most have it."""
        if number not in self.heads.special:
            return texts
        name = list(self.heads.wanted)[number]
        off = np.flatnonzero(~columns.matches(texts, syntaxes.spelled(name)))
        if not len(off):
            return texts
        found: dict[int, str] = {}
        for i, text in zip(off.tolist(), columns.texts(columns.take(texts, off)), strict=True):
            try:
                found[i] = syntaxes.text(name, text.encode())
            except ValueError:
                odd[self.record[rows[i]]] = True
        mask = np.zeros(len(rows), dtype=np.bool_)
        mask[list(found)] = True
        return columns.laid_over(texts, mask, columns.strings(found.values()))

    def _keys(self, rows: Integers, dns: pa.Array, odd: Mask) -> pa.Array:
        """The keys of the DNs; a DN that can't be read makes its record odd."""
        keys = columns.lowered(dns)
        others = np.flatnonzero(~columns.matches(dns, PLAIN_DN))
        if not len(others):
            return keys
        found: list[str] = []
        for i, text in zip(others.tolist(), columns.texts(columns.take(dns, others)), strict=True):
            try:
                found.append(dn.key(text))
            except dn.DNError:
                found.append("")
                odd[self.record[rows[i]]] = True
        mask = np.zeros(len(rows), dtype=np.bool_)
        mask[others] = True
        return columns.laid_over(keys, mask, columns.strings(found))

    def _columns(
        self,
        entries: tuple[Integers, pa.Array, pa.Array],
        found: Mapping[int, tuple[Integers, pa.Array]],
        odd: Mask,
    ) -> Part:
        """The plain records alone."""
        rows, dns, keys = entries
        number = (np.cumsum(~odd) - 1).astype(np.int32)
        first = self.lines.first
        if odd.any():
            fine = ~odd[self.record[rows]]
            rows, dns, keys = rows[fine], columns.only(dns, fine), columns.only(keys, fine)
            found = {
                n: (r[fine], columns.only(texts, fine))
                for n, (r, texts) in found.items()
                if (fine := ~odd[self.record[r]]).any()
            }
        return Part(
            dns,
            keys,
            self.line[rows] + first,
            {n: (number[self.record[r]], texts, self.line[r] + first) for n, (r, texts) in found.items()},
            tuple(self._with_care(np.flatnonzero(odd))),
        )

    def _with_care(self, records: Integers) -> Iterator[tuple[int, bytes]]:
        begin, ends = self.line[self.head], self.lines.raw_ends
        for record in records.tolist():
            first = int(begin[record])
            last = int(begin[record + 1]) if record + 1 < len(begin) else len(ends)
            start = int(ends[first - 1]) + 1 if first else 0
            yield self.lines.first + first, self.lines.raw[start : int(ends[last - 1]) + 1]
