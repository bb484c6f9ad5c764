"""CSV read by columns: whole blocks of lines at a time, without a Python object per row.

What is plain is read here: rows of one line with as many fields as the header, quotation marks around whole fields
only, and cells that need no second look. The others go to the careful reader, row by row, so that both say the same of
every file. Fields are found with numpy; cells become Arrow strings by their offsets.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.errors import InputError, Where
from aliasfix.importer import csv_rows
from aliasfix.importer.csv_cells import Cells, read_cells
from aliasfix.importer.csv_texts import Block, Texts
from aliasfix.importer.lanes import LANES, taken_in_turn
from aliasfix.importer.parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.importer.csv_rows import BadRow, Row
    from aliasfix.importer.headers import Column, Layout
    from aliasfix.importer.naming import Namer

    Integers = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Near = tuple[Row | BadRow, Sequence[int]]  # a row, and the numbers of its cells that are near something

SIZE = 4 << 20  # bytes: a block and what is made of it stay near the processor
LIMIT = 256 << 20  # bytes of one line
GLANCE = 4096  # bytes: most rows that are read with care are shorter

_LF, _CR, _SPACE, _HASH = b"\n\r #"


@dataclass(slots=True)
class Reading:
    """One file: its text in UTF-8, what its header says, and which columns are read."""

    octets: bytes
    path: str
    layout: Layout
    columns: tuple[tuple[int, Column], ...]  # place in the row, column
    namer: Namer
    wanted: Mapping[str, int]  # attribute in lower case -> its number

    def row_at(self, position: int, line: int) -> tuple[Row | BadRow, int]:
        """The row that starts at the octet, and where the next one does, read with care."""
        size = GLANCE
        while True:
            # One octet is one character, so that a place in the text is a place in the octets.
            text = self.octets[position : position + size].decode("latin-1")
            row, after, _ = csv_rows.row_at(text, 0, line, self.layout.form)
            unclosed = isinstance(row, csv_rows.BadRow) and row.unclosed
            if position + size >= len(self.octets) or (after < len(text) and not unclosed):
                break
            size *= 8
        if isinstance(row, csv_rows.Row):
            row = csv_rows.Row(row.line, row.last, tuple(c.encode("latin-1").decode() for c in row.cells))
        return row, position + after


def plain_lines(octets: bytes) -> bool:
    """Whether the lines end as this reader expects: no CR stands alone."""
    if b"\r" not in octets:
        return True
    pieces = (np.frombuffer(octets, np.uint8, min(SIZE, len(octets) - at), at) for at in range(0, len(octets), SIZE))
    last = _LF
    for piece in pieces:
        if (last == _CR and piece[0] != _LF) or ((piece[:-1] == _CR) & (piece[1:] != _LF)).any():
            return False
        last = piece[-1]
    return last != _CR


def read(reading: Reading) -> Iterator[tuple[Part, Sequence[Row | BadRow], int]]:
    """The rows below the header, block by block: plain entries, the others in order, and the place behind the block.

    The text ends with a line end and has lines as ``plain_lines`` says.

    Raises:
        InputError: a line is longer than ``LIMIT``.

    """
    for (_, end), (part, others) in taken_in_turn(_blocks(reading), [_read_block] * LANES):
        yield part, others, end


def _read_block(block: tuple[_Rows, int]) -> tuple[Part, Sequence[Row | BadRow]]:
    rows, _ = block
    return rows.part(), [row for _, row in sorted(rows.odd.items())]


def near(reading: Reading, places: Integers) -> Iterator[tuple[Iterator[Near], int]]:
    """Block by block the rows below the header where one of these places is, and the place behind the block.

    A row that has to be read with care is given wherever the places are, and all of its cells with it.

    Raises:
        InputError: a line is longer than ``LIMIT``.

    """
    for rows, end in _blocks(reading):
        yield rows.near(places), end


def _blocks(reading: Reading) -> Iterator[tuple[_Rows, int]]:
    position, line = 0, 1
    while line <= reading.layout.header.last:
        position, line = reading.octets.index(b"\n", position) + 1, line + 1
    resume = position
    while position < len(reading.octets):
        end = _cut(reading, position, line)
        rows = _Rows(reading, position, end, line, resume)
        yield rows, end
        position, line, resume = end, line + len(rows.ends), rows.resume


def _cut(reading: Reading, position: int, line: int) -> int:
    """The end of the block that starts there: behind a line."""
    octets = reading.octets
    if len(octets) - position <= SIZE:
        return len(octets)
    end = octets.rfind(b"\n", position, position + SIZE) + 1
    if not end:
        end = octets.index(b"\n", position) + 1
        if end - position > LIMIT:
            sentence = f"a line is longer than {LIMIT >> 20} MiB"
            raise InputError(sentence, where=Where(reading.path, line), hint="is it the right file?")
    return end


class _Rows:
    """Some lines of the file. Places are counted from the start of the block, except for ``resume``."""

    def __init__(self, reading: Reading, start: int, end: int, line: int, resume: int) -> None:
        self.reading, self.start, self.line, self.resume = reading, start, line, resume
        self.block = Block(reading.octets[start:end])
        self.octets = self.block.octets
        self.quote = reading.layout.form.quote.encode()[0]
        self.delimiter = reading.layout.form.delimiter.encode()[0]
        self.has_quotes = reading.octets.find(self.quote, start, end) >= 0
        self.odd: dict[int, Row | BadRow] = {}  # number of the line in the block -> row that was read with care
        self._find_fields()

    def _find_fields(self) -> None:
        """``bounds``: the places of delimiters and line ends; ``ends``: those of line ends among them."""
        octets = self.octets
        special = (octets == self.delimiter) | (octets == _LF)
        odd = np.zeros(0, dtype=np.int64)
        if self.has_quotes:
            special |= octets == self.quote
            self.bounds, odd = self._outside_quotes(np.flatnonzero(special))
        else:
            self.bounds = np.flatnonzero(special)
        self.ends = np.flatnonzero(octets[self.bounds] == _LF)
        count = np.diff(self.ends, prepend=-1)
        self.starts = np.concatenate(([0], self.bounds[self.ends[:-1]] + 1))
        regular = count == len(self.reading.layout.header.cells)
        regular[odd] = False
        self._read_odd(regular)
        self.rows = np.flatnonzero(regular)
        fields = np.arange(1 - len(self.reading.layout.header.cells), 1)
        self.cell_ends = self.bounds[self.ends[self.rows] + fields[:, None]]  # of each column, those of all rows
        self.spaced = self.reading.layout.form.strip and self._has_spaces()

    def _has_spaces(self) -> bool:
        """Whether a space may stand at an end of some cell."""
        lines, octets = self.bounds[self.ends], self.octets
        beside = (self.bounds - 1, self.bounds[:-1] + 1, lines[octets[lines - 1] == _CR] - 2)
        return bool(octets[0] == _SPACE or any((octets[places] == _SPACE).any() for places in beside))

    def _outside_quotes(self, special: Integers) -> tuple[Integers, Integers]:
        """The delimiters outside quotation marks and the line ends, and the lines whose quotation marks are odd."""
        octets = self.octets
        what = octets[special]
        quoted, ended = what == self.quote, what == _LF
        line = np.cumsum(ended) - ended
        before = np.cumsum(quoted) - quoted
        at_start = np.concatenate(([0], before[ended]))
        inside = ((before - at_start[line]) & 1).astype(np.bool_)
        marks = special[quoted]
        neighbour = octets[np.where(inside[quoted], marks + 1, marks - 1)]  # before the first octet: the last line end
        edge = (neighbour == self.delimiter) | (neighbour == _LF) | (inside[quoted] & (neighbour == _CR))
        odd = np.concatenate((line[quoted][~edge], line[ended & inside]))
        return special[ended | ~(quoted | inside)], odd

    def _read_odd(self, regular: Mask) -> None:
        """Read with care what is no regular row, and take out the lines that belong to one that starts above."""
        starts = self.starts + self.start
        regular[: int(np.searchsorted(starts, self.resume))] = False
        for number in np.flatnonzero(~regular).tolist():
            if starts[number] < self.resume:
                continue
            row, self.resume = self.reading.row_at(int(starts[number]), self.line + number)
            self.odd[number] = row
            regular[number + 1 : int(np.searchsorted(starts, self.resume))] = False

    def near(self, places: Integers) -> Iterator[Near]:
        """The rows where one of these places of the file is, and the cells that have one."""
        width = len(self.reading.layout.header.cells)
        for row in self.odd.values():
            yield row, range(width)
        here = places[np.searchsorted(places, self.start) : np.searchsorted(places, self.start + len(self.octets))]
        bound = np.unique(np.searchsorted(self.bounds, here - self.start))  # each ends a cell
        line = np.searchsorted(self.ends, bound)
        regular = np.isin(line, self.rows)
        cells = bound[regular] - self.ends[line[regular]] + width - 1
        for number, found in groupby(zip(line[regular].tolist(), cells.tolist(), strict=True), key=itemgetter(0)):
            row, _ = self.reading.row_at(self.start + int(self.starts[number]), self.line + number)
            yield row, [cell for _, cell in found]

    def part(self) -> Part:
        reading = self.reading
        found, odd = Cells(len(self.rows)), self._perhaps_no_row()
        for place, column in reading.columns:
            odd |= read_cells(self._cells(place), column, reading.layout.table, found)
        dns, keys, sure = reading.namer.names({a: found.first(a) for a in reading.namer.attributes})
        odd |= ~sure
        for row in self.rows[odd].tolist():
            self.odd[row], _ = reading.row_at(self.start + int(self.starts[row]), self.line + row)
        fine = ~odd
        lines = self.rows[fine] + self.line
        return Part(
            columns.only(dns, fine),
            columns.only(keys, fine),
            lines,
            {n: (owner, text, lines[owner]) for n, (owner, text) in found.kept(fine, reading.wanted).items()},
        )

    def _perhaps_no_row(self) -> Mask:
        """Which rows may be a header that comes again, or a #TYPE line."""
        first, header = self.octets[self.starts[self.rows]], self.reading.layout.header.cells
        second = self.octets[self.starts[self.rows] + 1] if len(self.octets) > 1 else first
        marked: Mask = (first == _HASH) | (second == _HASH) | (first == _SPACE)
        place, _ = self.reading.columns[0]
        cells, name = self._cells(place), header[place].encode()
        alike = np.flatnonzero(cells.end - cells.start == len(name))
        marked[alike] |= columns.is_in(cells.at(alike).strings, (header[place],))
        return marked

    def _cells(self, place: int) -> Texts:
        """The cells of one column, in the regular rows."""
        octets, last = self.octets, len(self.reading.layout.header.cells) - 1
        end = self.cell_ends[place]
        start = self.cell_ends[place - 1] + 1 if place else self.starts[self.rows]
        if place == last:
            end = end - ((octets[end - 1] == _CR) & (end > start))
        quoted = np.zeros(len(start), dtype=np.bool_)
        if self.has_quotes:
            quoted = octets[start] == self.quote
            start, end = start + quoted, end - quoted
        cells = Texts(self.block, start, end)
        if not self.spaced:
            return cells
        spaced = ~quoted & ((octets[start] == _SPACE) | (octets[end - 1] == _SPACE)) & (start < end)
        return cells.trimmed(spaced) if spaced.any() else cells
