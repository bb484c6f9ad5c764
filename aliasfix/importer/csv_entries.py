"""Entries of a CSV export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.importer import cells, csv_columns, naming, parts, times
from aliasfix.importer.assemble import GUIDS, MAILBOX, Collector, Extract
from aliasfix.importer.csv_rows import BadRow, Row, filled, rows
from aliasfix.importer.progress import silent
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aliasfix.importer.headers import Column, Layout
    from aliasfix.importer.layouts import Export
    from aliasfix.importer.progress import Progress

    Columns = tuple[tuple[int, Column], ...]


def read(export: Export, path: str, spellings: Mapping[str, str], progress: Progress = silent) -> Extract:
    """The entries of the export with the attributes of ``spellings``.

    What is plain is read by columns, the rest with care; both say the same. ``progress`` is told of octets and entries.

    Raises:
        InputError: a line is longer than an export has any.

    """
    octets, layout = export.octets, export.layout
    if not csv_columns.plain_lines(octets):
        extract = read_with_care(export, path, spellings)
        progress(export.size, extract.entries.num_rows)
        return extract
    found = Collector(path, spellings)
    columns = _needed(export, spellings)
    wanted = parts.numbers_of(spellings)
    octets = octets if octets.endswith(b"\n") else octets + b"\n"
    reading = csv_columns.Reading(octets, path, layout, columns, export.namer, wanted)
    plain = []
    careful = told = 0
    for part, others, position in csv_columns.read(reading):
        plain.append(part)
        for row in others:
            if not passed_over(row, layout):
                _take_up(row, export, columns, found)
        upto = position * export.size // len(octets)
        progress(upto - told, len(part.dns) + len(found.dns) - careful)
        careful, told = len(found.dns), upto
    progress(export.size - told, 0)
    return _told(parts.joined(plain, wanted, found, layout.table.partial), columns)


def read_with_care(export: Export, path: str, spellings: Mapping[str, str]) -> Extract:
    """The same, row by row."""
    found = Collector(path, spellings)
    columns = _needed(export, spellings)
    for row in data(export.octets.decode(), export.layout):
        _take_up(row, export, columns, found)
    return _told(found.extract(export.layout.table.partial), columns)


def data(text: str, layout: Layout) -> Iterator[Row | BadRow]:
    """The rows below the header; where exports were joined, the header comes again."""
    for row in rows(text, layout.form):
        if row.line > layout.header.line and not passed_over(row, layout):
            yield row


def passed_over(row: Row | BadRow, layout: Layout) -> bool:
    """Whether the row is nothing at all, the header once more, or PowerShell's word on the type."""
    return isinstance(row, Row) and (
        not filled(row.cells) or row.cells == layout.header.cells or row.cells[0].startswith("#TYPE ")
    )


def _told(extract: Extract, columns: Columns) -> Extract:
    return times.told(extract, [c.attribute for _, c in columns if c.read == "time"])


def _needed(export: Export, spellings: Mapping[str, str]) -> Columns:
    """The columns that hold something wanted, or that tell which entry a row is, or that it is none."""
    asked = {*spellings, *(a.lower() for a in (*export.namer.attributes, *GUIDS, MAILBOX))}
    return tuple(
        (place, c)
        for place, c in export.layout.columns
        if c.refused or asked.intersection(a.lower() for a in c.attributes)
    )


def _take_up(row: Row | BadRow, export: Export, columns: Columns, found: Collector) -> None:
    if isinstance(row, BadRow):
        found.fault(row.line, f"the row can't be read: {row.reason}")
    elif len(row.cells) != len(export.layout.header.cells):
        found.fault(row.line, _miscounted(row, export.layout))
    elif order := next((row.cells[p] for p, c in columns if row.cells[p].lower() in c.refused), ""):
        found.fault(row.line, f'the row is no entry, but an order to the import: "{order}"')
    else:
        _entry(row, export, columns, found)


def _entry(row: Row, export: Export, columns: Columns, found: Collector) -> None:
    values: list[tuple[str, str]] = []
    faults: list[tuple[str, str]] = []
    for place, column in columns:
        try:
            values += cells.values(row.cells[place], column, export.layout.table)
        except cells.CellError as e:
            faults.append((column.attribute, str(e)))
    by_attribute: dict[str, str] = {}
    for attribute, value in values:
        by_attribute.setdefault(attribute, value)
    try:
        name = export.namer(by_attribute, row.line)
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
