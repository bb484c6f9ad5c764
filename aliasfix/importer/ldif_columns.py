"""LDIF read by columns: whole blocks of lines at a time, without a Python object per line.

What is plain is dispatched here; a record that is not (a URL, a range of values, bad base64, a line that can't be read)
goes to the careful reader, record by record, so that both say the same of every file. Lines are found, unfolded and
told apart with numpy; the values become Arrow strings by their offsets.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.importer import syntaxes
from aliasfix.importer.assemble import GUIDS, MAILBOX, OCCURRENCES, VALUES, named, ordered
from aliasfix.ldap import dn, ldif

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.importer.assemble import Collector, Extract

    Integers = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

_UNKNOWN, _ODD, _UNWANTED, _DN, _CHANGETYPE = -5, -4, -3, -2, -1  # what a line's head says; from 0 on: an attribute
_HEADS = 256  # different heads that are told apart; records with further ones are read with care
_WORDS = 8  # eight octets each: a longer head is read with care
_PAD = bytes(8 * (_WORDS + 1))

_ONES, _HIGH = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_COLONS, _LOWER = np.uint64(0x3A3A3A3A3A3A3A3A), np.uint64(0x2020202020202020)
_ALL, _ONE, _SEVEN = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(1), np.uint64(7)
_THREE_OCTETS, _DN_COLON = np.uint64(0xFFFFFF), np.uint64(int.from_bytes(b"dn:", "little"))
_ADD = np.uint64(int.from_bytes(b"ype: add", "little"))  # the end of "changetype: add"
_LF, _SPACE, _HASH, _COLON, _LESS = b"\n #:<"

# Spaces alone on a line, a space at the start of a record: what they continue or end only the careful reader knows.
_PLAIN_DN = "^{0}(,{0})*$".format(
    "[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9._@&'/()!$%*:?^`{|}~-]+( [A-Za-z0-9._@&'/()!$%*:?^`{|}~-]+)*"
)
_BLANK_FOLD = re.compile(rb"\n +\n|\n\n |\A ")


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


@dataclass(slots=True)
class Heads:
    """What the heads of lines, up to the colon, say; learned as they come."""

    wanted: Mapping[str, int]  # attribute in lower case -> its number
    special: tuple[int, ...]  # those that have a spelling of their own, as GUIDs and SIDs have
    _known: dict[bytes, int] = field(default_factory=dict)
    _table: list[tuple[tuple[int, ...], int]] = field(default_factory=list)

    def told(self, text: bytes, words: Words, starts: Integers) -> tuple[Integers, Integers]:
        """For each line what its head says, and the length of the head."""
        heads, length, far = _heads(words, starts)
        code = np.full(len(starts), _UNKNOWN, dtype=np.int64)
        code[far] = _ODD
        for key, said in self._table:
            _tell(code, heads, key, said)
        while len(unknown := np.flatnonzero(code == _UNKNOWN)):
            first = int(unknown[0])
            head = text[starts[first] : starts[first] + length[first]].lower()
            if len(self._known) >= _HEADS or head in self._known:
                code[unknown] = _ODD
                break
            said = self._known[head] = self._said(head)
            key = tuple(int(h[first]) for h in heads[: max(1, -(-len(head) // 8))])
            self._table.append((key, said))
            _tell(code, heads, key, said)
        return code, length

    def _said(self, head: bytes) -> int:
        if head == b"changetype":
            return _CHANGETYPE
        try:
            name, options = ldif.description(head)
        except ValueError:
            return _ODD
        if name == "control" or any(o.startswith("range=") for o in options):
            return _ODD
        return self.wanted.get(name, _UNWANTED) if ldif.plain_options(options) else _UNWANTED


def heads(spellings: Mapping[str, str]) -> Heads:
    """The attributes that are read: the wanted ones in their order, then those that tell who an entry is."""
    identity = [a.lower() for a in (*GUIDS, MAILBOX) if a.lower() not in spellings]
    wanted = {name: n for n, name in enumerate((*spellings, *identity))}
    return Heads(wanted, tuple(n for name, n in wanted.items() if name in syntaxes.SPECIAL))


def read_block(text: bytes, first_line: int, heads: Heads) -> Part | None:
    """The entries of a block of whole records; None where all of it must be read with care.

    ``text`` is UTF-8 without CR and ends with a line end; ``first_line`` is the number of its first line in the file.
    """
    octets = np.frombuffer(text, np.uint8)
    raw_ends = np.flatnonzero(octets == _LF)
    controls = np.count_nonzero(octets < _SPACE) - len(raw_ends) - text.count(b"\t")
    if controls or b"\x7f" in text or b"# refldap" in text or not _is_utf8(text):
        return None
    lines = np.arange(len(raw_ends), dtype=np.int64)
    ends, flat = raw_ends, text
    if b"\n " in text or text[:1] == b" ":
        if _BLANK_FOLD.search(text):
            return None
        octets = np.frombuffer(text + b"\n", np.uint8)
        fold = octets[raw_ends + 1] == _SPACE
        flat = text.replace(b"\n ", b"")
        ends = (raw_ends - 2 * np.cumsum(fold))[~fold]
        lines = np.concatenate(([0], np.flatnonzero(~fold)[:-1] + 1))
    return _Block(text, flat, raw_ends, ends, lines, first_line, heads).part()


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
    # The later lays itself over the earlier: an objectGUID goes before an entryUUID, the last value before the first.
    guid, mailbox = (
        _identity([_column(parts, heads.wanted[name], starts) for name in names], int(starts[-1]))
        for names in (("entryuuid", "objectguid"), (MAILBOX.lower(),))
    )
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


def _identity(layers: Sequence[tuple[Integers, pa.ChunkedArray, Integers]], count: int) -> pa.Array:
    """One text for each entry: the last value of the last layer that has one, ``""`` where none has."""
    texts = columns.repeated("", count)
    for owner, text, _ in layers:
        if len(owner):
            last = np.flatnonzero(np.concatenate((owner[1:] != owner[:-1], [True])))
            mask = np.zeros(count, dtype=np.bool_)
            mask[owner[last]] = True
            texts = columns.laid_over(texts, mask, columns.take(columns.whole(text), last))
    return texts


def _values(parts: Sequence[Part], starts: Integers, spellings: Mapping[str, str]) -> tuple[pa.Table, Integers]:
    """The values by attribute and entry, and the number of each one's attribute."""
    names = list(spellings.values())
    by_name = sorted(range(len(names)), key=names.__getitem__)
    found = [_column(parts, n, starts) for n in by_name]
    numbers = np.repeat(by_name, [len(owner) for owner, _, _ in found])
    return pa.table(
        [
            named(numbers.astype(np.int32), spellings),
            np.concatenate([np.empty(0, dtype=np.int64), *(owner for owner, _, _ in found)]).astype(np.int32),
            pa.chunked_array([c for _, text, _ in found for c in text.chunks], pa.string()),
            np.concatenate([np.empty(0, dtype=np.int64), *(line for _, _, line in found)]),
        ],
        schema=VALUES,
    ), numbers


def _column(parts: Sequence[Part], number: int, starts: Integers) -> tuple[Integers, pa.ChunkedArray, Integers]:
    """One attribute of all blocks: the entry, the text and the line of each value."""
    none = np.empty(0, dtype=np.int64)
    have = [(p.columns[number], int(s)) for p, s in zip(parts, starts[:-1], strict=True) if number in p.columns]
    return (
        np.concatenate([none, *(owner + s for (owner, _, _), s in have)]),
        pa.chunked_array([text for (_, text, _), _ in have], pa.string()),
        np.concatenate([none, *(line for (_, _, line), _ in have)]),
    )


class _Block:
    """One block, unfolded: its content lines, the records they belong to, and what their heads say."""

    def __init__(
        self, raw: bytes, flat: bytes, raw_ends: Integers, ends: Integers, lines: Integers, first: int, heads: Heads
    ) -> None:
        self.raw, self.raw_ends, self.first, self.heads = raw, raw_ends, first, heads
        self.flat = flat + _PAD
        self.octets = np.frombuffer(self.flat, np.uint8)
        self.words: Words = np.ndarray((len(flat) + 8 * _WORDS,), "<u8", self.flat, strides=(1,))
        starts = np.empty_like(ends)
        starts[:1] = 0
        starts[1:] = ends[:-1] + 1
        letter = self.octets[starts]
        blank = starts == ends
        content = np.flatnonzero(~blank & (letter != _HASH))
        self.start, self.end, self.line = starts[content], ends[content], lines[content]
        apart = np.cumsum(blank)[content]
        self.is_dn = (self.words[self.start] | _LOWER) & _THREE_OCTETS == _DN_COLON
        begins = self.is_dn.copy()
        begins[:1] = True
        begins[1:] |= apart[1:] != apart[:-1]
        self.record = np.cumsum(begins) - 1
        self.head = np.flatnonzero(begins)

    def part(self) -> Part:
        code, length = self.heads.told(self.flat, self.words, self.start)
        code[self.is_dn] = _DN
        odd = ~self.is_dn[self.head]
        odd[self.record[code == _ODD]] = True
        odd[self.record[self._misplaced(code)]] = True
        value = self.start + length + 1
        mark = self.octets[value]
        wanted = (code >= 0) | (code == _DN)
        odd[self.record[wanted & (mark == _LESS)]] = True
        decoded = self._decoded(np.flatnonzero(wanted & (mark == _COLON)), value, code, odd)
        self._skip_spaces(np.flatnonzero(wanted & (mark == _SPACE)), value)
        rows = np.flatnonzero(wanted & ~odd[self.record])
        texts = self._texts(rows, value, decoded)
        for number in self.heads.special:
            texts = self._respelled(rows, texts, code, number, odd)
        keys = self._keys(rows, texts, code, odd)
        return self._columns(rows, texts, keys, code, odd)

    def _misplaced(self, code: Integers) -> Mask:
        """A changetype that does not follow its DN, or that is not the plain ``add`` of ldifde."""
        at = np.flatnonzero(code == _CHANGETYPE)
        wrong = np.zeros(len(code), dtype=np.bool_)
        if len(at):
            follows = (at > 0) & self.is_dn[at - 1] & (self.record[at] == self.record[at - 1])
            adds = (self.end[at] - self.start[at] == len(b"changetype: add")) & (
                (self.words[self.start[at] + 7] | _LOWER) == _ADD
            )
            wrong[at[~(follows & adds)]] = True
        return wrong

    def _decoded(self, rows: Integers, value: Integers, code: Integers, odd: Mask) -> dict[int, str]:
        """The texts of base64 values; one that can't be read makes its record odd."""
        names = list(self.heads.wanted)
        found: dict[int, str] = {}
        flat, start, end = self.flat, value[rows].tolist(), self.end[rows].tolist()
        for row, s, e, c in zip(rows.tolist(), start, end, code[rows].tolist(), strict=True):
            try:
                octets = binascii.a2b_base64(flat[s + 1 : e].lstrip(b" "), strict_mode=True)
                found[row] = syntaxes.text(names[c], octets) if c >= 0 else octets.decode()
            except ValueError:
                odd[self.record[row]] = True
        return found

    def _skip_spaces(self, rows: Integers, value: Integers) -> None:
        """FILL: any number of spaces before the value."""
        while len(rows):
            value[rows] += 1
            rows = rows[(self.octets[value[rows]] == _SPACE)]

    def _texts(self, rows: Integers, value: Integers, decoded: dict[int, str]) -> pa.Array:
        """The values of these lines: slices of the block, except for those that had to be decoded."""
        offsets = np.empty(2 * len(rows) + 1, dtype=np.int32)
        offsets[0:-1:2], offsets[1::2] = value[rows], self.end[rows]
        offsets[-1] = self.end[rows[-1]] if len(rows) else 0
        slices = pa.StringArray.from_buffers(2 * len(rows), pa.py_buffer(offsets), pa.py_buffer(self.flat))
        texts = slices.take(pa.array(np.arange(0, 2 * len(rows), 2, dtype=np.int64)))
        if not decoded:
            return texts
        mask = np.isin(rows, np.fromiter(decoded, np.int64, len(decoded)))
        return columns.laid_over(texts, mask, columns.strings(decoded[r] for r in rows[mask].tolist()))

    def _respelled(self, rows: Integers, texts: pa.Array, code: Integers, number: int, odd: Mask) -> pa.Array:
        """GUIDs and SIDs in their one spelling; most have it."""
        at = np.flatnonzero(code[rows] == number)
        own = texts.take(pa.array(at))
        off = np.flatnonzero(~columns.matches(own, syntaxes.SPELLED))
        if not len(off):
            return texts
        name = list(self.heads.wanted)[number]
        found: dict[int, str] = {}
        for i, text in zip(at[off].tolist(), columns.texts(columns.take(own, off)), strict=True):
            try:
                found[i] = syntaxes.text(name, text.encode())
            except ValueError:
                odd[self.record[rows[i]]] = True
        mask = np.zeros(len(rows), dtype=np.bool_)
        mask[list(found)] = True
        return columns.laid_over(texts, mask, columns.strings(found.values()))

    def _keys(self, rows: Integers, texts: pa.Array, code: Integers, odd: Mask) -> pa.Array:
        """The keys of the DNs among the rows, in their order; a DN that can't be read makes its record odd."""
        at = np.flatnonzero(code[rows] == _DN)
        dns = texts.take(pa.array(at))
        plain = columns.matches(dns, _PLAIN_DN)
        keys = columns.lowered(dns)
        if plain.all():
            return keys
        others = np.flatnonzero(~plain)
        found: list[str] = []
        for i, text in zip(others.tolist(), columns.texts(columns.take(dns, others)), strict=True):
            try:
                found.append(dn.key(text))
            except dn.DNError:
                found.append("")
                odd[self.record[rows[at[i]]]] = True
        return columns.laid_over(keys, ~plain, columns.strings(found))

    def _columns(self, rows: Integers, texts: pa.Array, keys: pa.Array, code: Integers, odd: Mask) -> Part:
        owner = self.record[rows]
        said, line = code[rows], self.line[rows] + self.first
        entry = (np.cumsum(~odd) - 1)[owner]
        said[odd[owner]] = _ODD
        found: dict[int, Column] = {}
        for number in range(_DN, len(self.heads.wanted)):
            at = np.flatnonzero(said == number)
            if len(at):
                found[number] = (entry[at], texts.take(pa.array(at)), line[at])
        _, dns, lines = found.pop(_DN, (None, pa.array([], pa.string()), np.empty(0, dtype=np.int64)))
        kept = columns.only(keys, ~odd[owner[code[rows] == _DN]])
        return Part(dns, kept, lines, found, tuple(self._with_care(np.flatnonzero(odd))))

    def _with_care(self, records: Integers) -> Iterator[tuple[int, bytes]]:
        begin = self.line[self.head]
        for record in records.tolist():
            first = int(begin[record])
            last = int(begin[record + 1]) if record + 1 < len(begin) else len(self.raw_ends)
            start = int(self.raw_ends[first - 1]) + 1 if first else 0
            yield self.first + first, self.raw[start : int(self.raw_ends[last - 1]) + 1]


def _heads(words: Words, starts: Integers) -> tuple[list[Words], Integers, Mask]:
    """The heads in lower case, eight octets at a time and filled up with NULs; their lengths; which are too long."""
    count = len(starts)
    heads: list[Words] = []
    length = np.zeros(count, dtype=np.int64)
    open_ = np.arange(count)
    for step in range(_WORDS):
        word = words[starts[open_] + 8 * step]
        crossed = word ^ _COLONS
        found = (crossed - _ONES) & ~crossed & _HIGH
        inside = found != 0
        below = np.where(inside, ((found & (~found + _ONE)) >> _SEVEN) - _ONE, _ALL)
        head = np.zeros(count, dtype=np.uint64)
        head[open_] = (word | _LOWER) & below
        heads.append(head)
        length[open_] += np.bitwise_count(below).astype(np.int64) >> 3
        open_ = open_[~inside]
        if not len(open_):
            break
    far = np.zeros(count, dtype=np.bool_)
    far[open_] = True
    return heads, length, far


def _tell(code: Integers, heads: list[Words], key: tuple[int, ...], said: int) -> None:
    """Mark the lines that have this head."""
    if len(key) > len(heads):
        return
    same = heads[0] == np.uint64(key[0])
    at = np.flatnonzero(same)
    for step, word in enumerate(key[1:], 1):
        at = at[heads[step][at] == np.uint64(word)]
    if len(key) < len(heads):
        at = at[heads[len(key)][at] == 0]
    code[at] = said
