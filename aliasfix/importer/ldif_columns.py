"""LDIF read by columns: whole blocks of lines at a time, without a Python object per line.

What is plain is dispatched here; a record that is not (a URL, a range of values, bad base64, a line that can't be read)
goes to the careful reader, record by record, so that both say the same of every file. Lines are found, unfolded and
told apart with numpy; the values become Arrow strings by their offsets.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.importer import ldif_base64, parts, syntaxes
from aliasfix.importer.ldif_heads import CHANGETYPE, DN, LONGEST, ODD, PASSED_OVER, Heads, word
from aliasfix.importer.parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Bytes = NDArray[np.uint8]
    Words = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

_PAD = bytes(LONGEST + 16)
_ADD = b"changetype: add"
_ADD_WORDS = word(_ADD[:8]), word(_ADD[8:] + b"\n")
_LF, _SPACE, _HASH, _COLON, _LESS = b"\n #:<"
_REFERRED = b"# refldap"


def read_block(block: tuple[bytes, int], heads: Heads) -> Part | None:
    """The entries of a block of whole records; None where all of it must be read with care.

    ``block``: UTF-8 without CR that ends with a line end, and the number of its first line in the file.
    """
    text, first_line = block
    if b"\x00" in text or b"\r" in text or b"\x7f" in text or not _is_utf8(text):
        return None
    octets = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(octets == _LF)
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1] + 1
    letters = octets[starts]
    comments = letters == _HASH
    if comments.any() and _REFERRED in text:
        return None
    folds = letters == _SPACE
    if not folds.any():
        return _Block(_Lines(text, text, ends, starts, ends, letters, np.arange(len(ends)), first_line), heads).part()
    if _doubtful(text, octets, starts, ends, np.flatnonzero(folds)):
        return None
    # A fold takes away its line end and one space; the line that it continues ends where the last of its folds does.
    lines = np.flatnonzero(~folds)
    gone = 2 * np.cumsum(folds)
    last = np.concatenate((lines[1:], [len(ends)])) - 1
    kept = np.ones(len(octets), dtype=np.bool_)
    kept[starts[folds]] = kept[starts[folds] - 1] = False
    flat = octets[kept].tobytes()
    if comments.any() and _REFERRED in flat:
        return None
    flat_starts, flat_ends = starts[lines] - gone[lines], ends[last] - gone[last]
    return _Block(_Lines(text, flat, ends, flat_starts, flat_ends, letters[lines], lines, first_line), heads).part()


def _doubtful(text: bytes, octets: Bytes, starts: Integers, ends: Integers, folds: Integers) -> bool:
    """Whether a fold continues nothing, or is white space alone: only the careful reader knows what that means."""
    before = folds - 1
    if folds[0] == 0 or (starts[before] == ends[before]).any():
        return True
    maybe = folds[octets[starts[folds] + 1] <= _SPACE]
    return any(text[s:e].isspace() for s, e in zip(starts[maybe].tolist(), ends[maybe].tolist(), strict=True))


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a block, unfolded."""

    raw: bytes
    flat: bytes  # raw without folds
    raw_ends: Integers
    starts: Integers  # in flat
    ends: Integers
    letters: Bytes  # the first octet of each; of an empty one its line end
    numbers: Integers  # in the block, from 0
    first: int  # number of the block's first line in the file


@dataclass(frozen=True, slots=True)
class _Specs:
    """The value-specs (RFC 2849) of lines: what stands behind the colon."""

    rows: Integers  # the lines
    starts: Integers  # where the values begin
    ends: Integers
    coded: Mask | None  # which are in base64; None where none is

    def only(self, at: Integers) -> _Specs:
        return _Specs(self.rows[at], self.starts[at], self.ends[at], None if self.coded is None else self.coded[at])


class _Block:
    """One block: its content lines, the records they belong to, and what their heads say."""

    def __init__(self, lines: _Lines, heads: Heads) -> None:
        self.lines, self.heads, self.names = lines, heads, list(heads.wanted)
        self.flat = lines.flat + _PAD
        self.octets = np.frombuffer(self.flat, np.uint8)
        self.words: Words = np.ndarray((len(lines.flat) + LONGEST + 8,), "<u8", self.flat, strides=(1,))
        blank = lines.letters == _LF
        comment = lines.letters == _HASH
        content = np.flatnonzero(~(blank | comment))
        self.start, self.end, self.line = lines.starts[content], lines.ends[content], lines.numbers[content]
        self.head = heads.told(self.flat, self.words, self.start, self.end)
        self.code = heads.said[self.head]
        begins = self.code == DN
        begins[:1] = True
        if comment.any():
            apart = np.cumsum(blank)[content]
            begins[1:] |= apart[1:] != apart[:-1]
        else:
            begins[1:] |= content[1:] - content[:-1] > 1
        self.record = np.cumsum(begins, dtype=np.int32) - 1
        self.first = np.flatnonzero(begins)

    def part(self) -> Part:
        code = self.code
        odd = code[self.first] != DN
        odd[self.record[code == ODD]] = True
        odd[self.record[self._misplaced()]] = True
        rows = np.flatnonzero(code >= DN)
        specs = self._specs(rows, odd)
        code = code[rows]
        found: dict[int, tuple[Integers, pa.Array]] = {}
        for number in range(DN, len(self.heads.wanted)):
            mine = specs.only(np.flatnonzero(code == number))
            if len(mine.rows):
                found[number] = (mine.rows, self._texts(number, mine, odd))
        rows, dns = found.pop(DN, (np.empty(0, dtype=np.int64), columns.strings(())))
        keys, bad = parts.keys(dns)
        odd[self.record[rows[bad]]] = True
        return self._columns((rows, dns, keys), found, odd)

    def _misplaced(self) -> Integers:
        """The lines with a changetype that does not follow its DN, or that is not the plain ``add`` of ldifde."""
        at = np.flatnonzero(self.code == CHANGETYPE)
        if not len(at):
            return at
        follows = (at > 0) & (self.code[at - 1] == DN) & (self.record[at] == self.record[at - 1])
        start = self.start[at]
        adds = (self.words[start] == _ADD_WORDS[0]) & (self.words[start + 8] == _ADD_WORDS[1])
        wrong: Integers = at[~(follows & adds)]
        return wrong

    def _specs(self, rows: Integers, odd: Mask) -> _Specs:
        """What stands behind the colons of these lines; a URL makes its record odd."""
        starts = self.start[rows] + self.heads.length[self.head[rows]] + 1
        ends = self.end[rows]
        mark = self.octets[starts]
        starts += 1  # FILL is most often one space
        coded = None
        others = np.flatnonzero((mark != _SPACE) | (self.octets[starts] == _SPACE))
        if len(others):
            mark = mark[others]
            odd[self.record[rows[others[mark == _LESS]]]] = True
            starts[others] = self._behind_spaces(starts[others] - (mark != _COLON), ends[others])
            if (mark == _COLON).any():
                coded = np.zeros(len(rows), dtype=np.bool_)
                coded[others[mark == _COLON]] = True
        return _Specs(rows, starts, ends, coded)

    def _behind_spaces(self, places: Integers, ends: Integers) -> Integers:
        """FILL: any number of spaces before the value; in base64 most often one."""
        starts: Integers = places + (self.octets[places] == _SPACE)
        for i in np.flatnonzero(self.octets[starts] == _SPACE).tolist():
            starts[i] = ends[i] - len(self.flat[starts[i] : ends[i]].lstrip(b" "))
        return starts

    def _texts(self, number: int, specs: _Specs, odd: Mask) -> pa.Array:
        """The values of one attribute; one that can't be read makes its record odd."""
        name = "" if number == DN else self.names[number]
        coded = specs.coded
        if coded is not None and coded.all():
            return self._decoded(name, specs.rows, specs.starts, specs.ends, odd)
        texts = columns.slices(self.flat, specs.starts, specs.ends)
        if number in self.heads.special:
            texts = self._respelled(name, specs.rows, texts, odd, coded)
        if coded is None or not coded.any():
            return texts
        decoded = self._decoded(name, specs.rows[coded], specs.starts[coded], specs.ends[coded], odd)
        return columns.laid_over(texts, coded, decoded)

    def _decoded(self, name: str, rows: Integers, starts: Integers, ends: Integers, odd: Mask) -> pa.Array:
        texts, bad = syntaxes.texts(name, ldif_base64.decoded(self.flat, self.octets, starts, ends))
        odd[self.record[rows[bad]]] = True
        return texts

    def _respelled(self, name: str, rows: Integers, texts: pa.Array, odd: Mask, coded: Mask | None) -> pa.Array:
        """GUIDs and SIDs in their one spelling; most have it."""
        differs = ~columns.matches(texts, syntaxes.spelled(name))
        off = np.flatnonzero(differs if coded is None else differs & ~coded)
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
            self._passed_over(odd),
        )

    def _passed_over(self, odd: Mask) -> dict[int, int]:
        """How many values with options the plain records have, by the attribute's number."""
        numbers = PASSED_OVER - self.code[(self.code <= PASSED_OVER) & ~odd[self.record]]
        return dict(Counter(numbers.tolist()))

    def _with_care(self, records: Integers) -> Iterator[tuple[int, bytes]]:
        begin, ends = self.line[self.first], self.lines.raw_ends
        for record in records.tolist():
            first = int(begin[record])
            last = int(begin[record + 1]) if record + 1 < len(begin) else len(ends)
            start = int(ends[first - 1]) + 1 if first else 0
            yield self.lines.first + first, self.lines.raw[start : int(ends[last - 1]) + 1]
