"""The cells of a column as attribute values, all at once; ``cells`` reads every one that is not plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.importer import cells
from aliasfix.importer.csv_texts import Block, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.columns import Strings
    from aliasfix.importer.headers import Column, Table

    Integers = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Found = tuple[Integers, Texts]  # of each value the place of its cell, and the value
    Values = tuple[Integers, Strings]  # of each value the row, and the value

_GUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_NO_GUID = "00000000-0000-0000-0000-000000000000"
_APART = "\x00"  # no CSV export holds it
_BACKSLASH, _QUESTION_MARK = b"\\?"


class Cells:
    """The values of some rows, as they are found column by column."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.given: dict[str, list[Values]] = {}  # attribute in lower case -> what each column gave

    def add(self, attribute: str, rows: Integers, texts: Strings) -> None:
        """Values of the attribute: in one column's order of rows, and in the cell's order within a row."""
        self.given.setdefault(attribute.lower(), []).append((rows, texts))

    def first(self, attribute: str) -> Strings:
        """The first value of the attribute in each row, ``""`` where there is none."""
        rows, texts = self._ordered(attribute.lower())
        first = np.diff(rows, prepend=-1) > 0
        mask = np.zeros(self.rows, dtype=np.bool_)
        mask[rows[first]] = True
        return columns.laid_over(columns.repeated("", self.rows), mask, columns.only(texts, first))

    def kept(self, fine: Mask, wanted: Mapping[str, int]) -> dict[int, Values]:
        """The values of wanted attributes in rows that are fine, which are counted anew; by the attribute's number."""
        number = np.subtract(np.cumsum(fine), 1, dtype=np.int32)  # as the tables have it
        found: dict[int, Values] = {}
        for attribute in self.given:
            if attribute in wanted:
                rows, texts = self._ordered(attribute)
                kept = fine[rows]
                found[wanted[attribute]] = (number[rows[kept]], columns.only(texts, kept))
        return found

    def _ordered(self, attribute: str) -> Values:
        given = self.given.get(attribute, [])
        if len(given) == 1:
            return given[0]
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *(rows for rows, _ in given)])
        order = np.argsort(rows, kind="stable")
        return rows[order], columns.take(columns.end_to_end(texts for _, texts in given), order)


def read_cells(texts: Texts, column: Column, table: Table, found: Cells) -> Mask:
    """Take up what the cells of the column hold, and tell which rows must be read with care."""
    odd = np.zeros(len(texts), dtype=np.bool_)
    full = np.flatnonzero(texts.full)
    if not len(full):
        return odd
    texts = texts.only(texts.full)
    plain = _PLAIN.get(column.read, _none)(texts, column, table) & _is_value(texts, table)
    at, values = _VALUES.get(column.read, _one_each)(texts.only(plain), column, table)
    _add(full[plain][at], values, column, found)
    if not plain.all():
        others = full[~plain]
        at, more, bad = _looked_at(texts.only(~plain).strings, column, table)
        odd[others[bad]] = True
        _add(others[at], Texts.of(more), column, found)
    if column.refused:
        odd[full[columns.is_in(columns.lowered(texts.strings), column.refused)]] = True
    return odd


def _is_value(texts: Texts, table: Table) -> Mask:
    """Neither an order to delete nor what stands for values that were not exported."""
    told = _all(texts)
    if table.deletion and len(texts.block.places(ord(table.deletion[0]))):
        told[texts.starting(table.deletion)] = False
    if table.not_exported:
        told &= ~columns.matches(texts.strings, f"^(?:{table.not_exported})$")
    return told


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


def _add(rows: Integers, values: Texts, column: Column, found: Cells) -> None:
    """Take up the values by the attribute that their prefix names."""
    rest = _all(values)
    for prefix, attribute in column.prefixes.items():
        at = values.starting(f"{prefix}:")
        rest[at] = False
        behind = Texts(values.block, values.start[at] + len(prefix) + 1, values.end[at])
        found.add(attribute, rows[at], behind.strings)
    found.add(column.attribute, rows[rest], values.only(rest).strings)


def _none(texts: Texts, *_: object) -> Mask:
    return np.zeros(len(texts), dtype=np.bool_)


def _all(texts: Texts, *_: object) -> Mask:
    return np.ones(len(texts), dtype=np.bool_)


def _without_words(texts: Texts, column: Column, _: Table) -> Mask:
    return _none(texts) if column.words else _all(texts)


def _without_escape(texts: Texts, _: Column, table: Table) -> Mask:
    plain = _all(texts)
    for escape in table.escape:
        plain &= ~texts.holding(texts.block.places(ord(escape)))
    for rival in table.rivals:
        plain &= ~texts.holding(_before_addresses(texts.block, texts.block.places(ord(rival)), table.addresses))
    return plain


def _before_addresses(block: Block, places: Integers, addresses: Sequence[str]) -> Integers:
    """After which of the places the type of an address stands."""
    first = np.zeros(256, dtype=np.bool_)
    first[[ord(address[0]) for address in addresses]] = True
    last = len(block.octets)
    places = places[first[block.octets[np.minimum(places + 1, last - 1)]]]
    behind = Texts(block, places + 1, np.full(len(places), last))
    found = np.zeros(len(places), dtype=np.bool_)
    for address in addresses if len(places) else ():
        found[behind.starting(f"{address}:")] = True
    return places[found]


def _printable(texts: Texts, *_: object) -> Mask:
    return columns.matches(texts.strings, "^ *[!-z|}~][ -~]*$")


def _guid(texts: Texts, *_: object) -> Mask:
    return columns.matches(texts.strings, _GUID) & ~columns.is_in(texts.strings, (_NO_GUID,))


def _account(texts: Texts, *_: object) -> Mask:
    backslashes = texts.block.places(_BACKSLASH)
    doubled = backslashes[:-1][np.diff(backslashes) == 1]
    return ~texts.holding(doubled) & ~texts.holding(texts.block.places(_QUESTION_MARK))


def _one_each(texts: Texts, *_: object) -> Found:
    return np.arange(len(texts)), texts


def _separated(texts: Texts, _: Column, table: Table) -> Found:
    return texts.split(table.separator)


def _addresses(texts: Texts, _: Column, table: Table) -> Found:
    listed = columns.trimmed_right(columns.trimmed(texts.strings, " "), " ,;")
    apart = columns.replaced(listed, f"(?i)[ ,;]+((?:{'|'.join(table.addresses)}):)", _APART + "\\1")
    return Texts.of(apart).split(_APART)


_PLAIN: Mapping[str, Callable[[Texts, Column, Table], Mask]] = {
    "text": _without_words,
    "time": _all,
    "values": _without_escape,
    "addresses": _printable,
    "guid": _guid,
    "account": _account,
}
_VALUES: Mapping[str, Callable[[Texts, Column, Table], Found]] = {"values": _separated, "addresses": _addresses}
