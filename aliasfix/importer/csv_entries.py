"""Entries of a CSV export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.importer import cells, naming, times
from aliasfix.importer.assemble import GUIDS, MAILBOX, Collector, Extract
from aliasfix.importer.csv_rows import BadRow, Row, rows
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aliasfix.importer.headers import Column, Layout

    Columns = tuple[tuple[int, Column], ...]


def read(
    rows: Iterable[Row | BadRow], path: str, layout: Layout, namer: naming.Namer, spellings: Mapping[str, str]
) -> Extract:
    """The entries of the rows (see ``data``) with the attributes of ``spellings``."""
    found = Collector(path, spellings)
    columns = _needed(layout, namer, spellings)
    for row in rows:
        if isinstance(row, BadRow):
            found.fault(row.line, f"the row can't be read: {row.reason}")
        elif len(row.cells) != len(layout.header.cells):
            found.fault(row.line, _miscounted(row, layout))
        else:
            _entry(row, layout, columns, namer, found)
    return times.told(found.extract(layout.table.partial), [c.attribute for _, c in columns if c.read == "time"])


def data(text: str, layout: Layout) -> Iterator[Row | BadRow]:
    """The rows below the header; where exports were joined, the header comes again."""
    for row in rows(text, layout.delimiter, strip=layout.table.strip):
        if row.line <= layout.header.line:
            continue
        if isinstance(row, Row) and (row.cells == layout.header.cells or row.cells[0].startswith("#TYPE ")):
            continue
        yield row


def _needed(layout: Layout, namer: naming.Namer, spellings: Mapping[str, str]) -> Columns:
    """The columns that hold something wanted, or that tell which entry a row is."""
    asked = {*spellings, *(a.lower() for a in (*namer.attributes, *GUIDS, MAILBOX))}
    return tuple((place, c) for place, c in layout.columns if asked.intersection(a.lower() for a in c.attributes))


def _entry(row: Row, layout: Layout, columns: Columns, namer: naming.Namer, found: Collector) -> None:
    values: list[tuple[str, str]] = []
    faults: list[tuple[str, str]] = []
    for place, column in columns:
        try:
            values += cells.values(row.cells[place], column, layout.table)
        except cells.CellError as e:
            faults.append((column.attribute, str(e)))
    by_attribute: dict[str, str] = {}
    for attribute, value in values:
        by_attribute.setdefault(attribute, value)
    try:
        name = namer(by_attribute)
        found.entry(name, dn.key(name), row.line)
    except naming.NamingError as e:
        found.fault(row.line, str(e))
        return
    except dn.DNError as e:
        found.fault(row.line, f"its DN can't be read: {e}", by_attribute.get("distinguishedName", ""))
        return
    for attribute, value in values:
        found.value(attribute, value, row.line)
    for attribute, what in faults:
        if attribute.lower() in found.spellings:
            found.fault(row.line, what, name, found.spellings[attribute.lower()])


def _miscounted(row: Row, layout: Layout) -> str:
    over = f" (it runs on to line {row.last})" if row.last > row.line else ""
    return f"the row has {len(row.cells)} fields, the header {len(layout.header.cells)}{over}"
