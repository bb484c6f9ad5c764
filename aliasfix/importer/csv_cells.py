"""The cells of a column as attribute values, all at once; ``cells`` reads every one that is not plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.importer import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from aliasfix.columns import Strings
    from aliasfix.importer.headers import Column, Table

    Integers = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Found = tuple[Integers, Strings]  # row of each value, and the value

_GUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_NO_GUID = "00000000-0000-0000-0000-000000000000"
_APART = "\x00"  # no CSV export holds it


class Cells:
    """The values of some rows, as they are found column by column."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.given: dict[str, list[Found]] = {}  # attribute in lower case -> what each column gave

    def add(self, attribute: str, rows: Integers, texts: Strings) -> None:
        """Values of the attribute: in one column's order of rows, and in the cell's order within a row."""
        self.given.setdefault(attribute.lower(), []).append((rows, texts))

    def first(self, attribute: str) -> Strings:
        """The first value of the attribute in each row, ``""`` where there is none."""
        rows, texts = self._ordered(attribute.lower())
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        mask = np.zeros(self.rows, dtype=np.bool_)
        mask[rows[first]] = True
        return columns.laid_over(columns.repeated("", self.rows), mask, columns.take(texts, first))

    def kept(self, fine: Mask, wanted: Mapping[str, int]) -> dict[int, Found]:
        """The values of wanted attributes in rows that are fine, which are counted anew; by the attribute's number."""
        number = np.cumsum(fine) - 1
        found: dict[int, Found] = {}
        for attribute in self.given:
            if attribute in wanted:
                rows, texts = self._ordered(attribute)
                kept = fine[rows]
                found[wanted[attribute]] = (number[rows[kept]], columns.only(texts, kept))
        return found

    def _ordered(self, attribute: str) -> Found:
        given = self.given.get(attribute, [])
        if len(given) == 1:
            return given[0]
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *(rows for rows, _ in given)])
        order = np.argsort(rows, kind="stable")
        return rows[order], columns.take(columns.end_to_end(texts for _, texts in given), order)


def read_cells(texts: Strings, column: Column, table: Table, found: Cells) -> Mask:
    """Take up what the cells of the column hold, and tell which rows must be read with care."""
    full = columns.longer(texts, 0)
    plain = full & _PLAIN.get(column.read, _none)(texts, column, table)
    if table.not_exported:
        plain &= ~columns.matches(texts, f"^(?:{table.not_exported})$")
    if table.deletion and columns.matches(texts, f"^{table.deletion[0]}").any():
        plain &= ~columns.matches(texts, f"(?i)^{table.deletion}")
    at, values = _VALUES.get(column.read, _one_each)(columns.only(texts, plain), column, table)
    rows = np.flatnonzero(plain)[at]
    others = np.flatnonzero(full & ~plain)
    odd = columns.is_in(columns.lowered(texts), column.refused) if column.refused else _none(texts)
    if len(others):
        at, more, bad = _looked_at(columns.take(texts, others), column, table)
        odd[others[bad]] = True
        rows = np.concatenate((rows, others[at]))
        order = np.argsort(rows, kind="stable")
        rows, values = rows[order], columns.take(columns.end_to_end((values, more)), order)
    for attribute, (at, held) in _by_prefix(values, column):
        found.add(attribute, rows[at], held)
    return odd


def _looked_at(texts: Strings, column: Column, table: Table) -> tuple[Integers, Strings, Mask]:
    """The place and the text of each value, and which cells can't be read; a cell is looked at once, however often."""
    codes, words = columns.codes(texts)
    flat: list[str] = []
    count = np.zeros(len(words), dtype=np.int64)
    bad = np.zeros(len(words), dtype=np.bool_)
    for number, word in enumerate(columns.texts(words)):
        try:
            held = cells.texts(word, column, table)
        except cells.CellError:
            bad[number] = True
            continue
        count[number] = len(held)
        flat += held
    start = np.cumsum(count) - count
    each = count[codes]
    place = np.repeat(np.arange(len(codes)), each)
    within = np.arange(len(place)) - np.repeat(np.cumsum(each) - each, each)
    return place, columns.take(columns.strings(flat), np.repeat(start[codes], each) + within), bad[codes]


def _by_prefix(values: Strings, column: Column) -> Iterator[tuple[str, Found]]:
    """The values by the attribute that their prefix names."""
    if not column.prefixes:
        yield column.attribute, (np.arange(len(values)), values)
        return
    rest = np.ones(len(values), dtype=np.bool_)
    for prefix, attribute in column.prefixes.items():
        prefixed = columns.matches(values, f"(?i)^{prefix}:")
        rest &= ~prefixed
        yield attribute, (np.flatnonzero(prefixed), columns.behind(columns.only(values, prefixed), len(prefix) + 1))
    yield column.attribute, (np.flatnonzero(rest), columns.only(values, rest))


def _none(texts: Strings, *_: object) -> Mask:
    return np.zeros(len(texts), dtype=np.bool_)


def _all(texts: Strings, *_: object) -> Mask:
    return np.ones(len(texts), dtype=np.bool_)


def _without_words(texts: Strings, column: Column, _: Table) -> Mask:
    return _none(texts) if column.words else _all(texts)


def _without_escape(texts: Strings, _: Column, table: Table) -> Mask:
    plain = ~columns.containing(texts, table.escape)
    return plain & ~columns.matches(texts, table.doubt) if table.doubt else plain


def _printable(texts: Strings, *_: object) -> Mask:
    return columns.matches(texts, "^ *[!-z|}~][ -~]*$")


def _guid(texts: Strings, *_: object) -> Mask:
    return columns.matches(texts, _GUID) & ~columns.is_in(texts, (_NO_GUID,))


def _account(texts: Strings, *_: object) -> Mask:
    return ~columns.containing(texts, "\\\\") & ~columns.containing(texts, "?")


def _one_each(texts: Strings, *_: object) -> Found:
    return np.arange(len(texts)), texts


def _separated(texts: Strings, _: Column, table: Table) -> Found:
    return _full(columns.split(texts, table.separator))


def _addresses(texts: Strings, _: Column, table: Table) -> Found:
    listed = columns.trimmed_right(columns.trimmed(texts, " "), " ,;")
    apart = columns.replaced(listed, f"(?i)[ ,;]+((?:{'|'.join(table.addresses)}):)", _APART + "\\1")
    return _full(columns.split(apart, _APART))


def _full(found: Found) -> Found:
    rows, texts = found
    full = columns.longer(texts, 0)
    return rows[full], columns.only(texts, full)


_PLAIN: Mapping[str, Callable[[Strings, Column, Table], Mask]] = {
    "text": _without_words,
    "time": _all,
    "values": _without_escape,
    "addresses": _printable,
    "guid": _guid,
    "account": _account,
}
_VALUES: Mapping[str, Callable[[Strings, Column, Table], Found]] = {"values": _separated, "addresses": _addresses}
