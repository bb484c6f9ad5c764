"""The values of a CSV export that may mention a name: those of the cells where one may stand."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.importer import cells, csv_columns, csv_entries, csv_rows, files, headers, layouts, naming
from aliasfix.importer.anchors import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliasfix.importer.anchors import Anchors
    from aliasfix.importer.csv_columns import Near
    from aliasfix.importer.headers import Column, Layout
    from aliasfix.importer.layouts import Export
    from aliasfix.importer.options import Options
    from aliasfix.importer.progress import Progress

_OCTETS = re.compile(rb"X'[0-9A-Fa-f]")  # as csvde writes text that is not ASCII: a name can't be seen in it


def values(path: str, anchors: Anchors, options: Options, progress: Progress) -> Iterator[Value]:
    """The values of the cells near the anchors. A column that no table knows goes by its header, uncut."""
    raw, _ = files.whole(path)
    export = layouts.recognise(raw, path, options)
    columns = _columns(export.layout)
    told = 0
    for rows, share in _near(export, path, anchors):
        for row, near in rows:
            if isinstance(row, csv_rows.Row) and not csv_entries.passed_over(row, export.layout):
                yield from _values(row, near, columns, export, anchors)
        upto = int(share * len(raw))
        progress(upto - told, 0)
        told = upto


def _near(export: Export, path: str, anchors: Anchors) -> Iterator[tuple[Iterable[Near], float]]:
    """The rows near the anchors, and how much of the export was looked at."""
    octets, layout = export.octets, export.layout
    if not csv_columns.plain_lines(octets):
        everything = range(len(layout.header.cells))
        yield ((row, everything) for row in csv_entries.data(octets.decode(), layout)), 1
        return
    hidden = np.array([found.start() for found in _OCTETS.finditer(octets)], dtype=np.int64)
    places = np.union1d(anchors.places(octets), hidden)
    octets = octets if octets.endswith(b"\n") else octets + b"\n"
    reading = csv_columns.Reading(octets, path, layout, (), export.namer, {})
    for rows, end in csv_columns.near(reading, places):
        yield rows, end / len(octets)


def _columns(layout: Layout) -> dict[int, Column]:
    """Those that the table knows, then the others, each as an attribute of its own."""
    known = dict(layout.columns)
    names = enumerate(layout.header.cells)
    return known | {
        place: headers.Column(headers=(name,), attribute=name, read="octets")
        for place, name in names
        if place not in known
    }


def _values(
    row: csv_rows.Row, near: Iterable[int], columns: dict[int, Column], export: Export, anchors: Anchors
) -> Iterator[Value]:
    layout, wanted = export.layout, set(export.namer.attributes)
    if len(row.cells) != len(layout.header.cells):
        return
    sought = [
        place for place in near if not anchors.is_held(columns[place].attribute.encode(), row.cells[place].encode())
    ]
    if not sought:
        return
    named: dict[str, str] = {}
    for place, column in layout.columns:
        if not wanted.isdisjoint(column.attributes):
            for attribute, value in _read(row.cells[place], column, layout):
                named.setdefault(attribute, value)
    with contextlib.suppress(naming.NamingError):
        dn = export.namer(named, row.line)
        for place in sought:
            for attribute, value in _read(row.cells[place], columns[place], layout):
                yield Value(dn, attribute, value, row.line)


def _read(cell: str, column: Column, layout: Layout) -> list[tuple[str, str]]:
    """Attribute and value of everything in the cell; nothing where it can't be read."""
    try:
        return cells.values(cell, column, layout.table)
    except cells.CellError:
        return []
