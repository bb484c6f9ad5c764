"""The values of a CSV export that may mention a name: every column of the rows where one may stand."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.importer import cells, csv_entries, csv_rows, files, headers, layouts, naming
from aliasfix.importer.anchors import Value
from aliasfix.importer.progress import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliasfix.importer.anchors import Anchors
    from aliasfix.importer.headers import Layout
    from aliasfix.importer.options import Options
    from aliasfix.importer.progress import Progress

    Columns = tuple[tuple[int, headers.Column], ...]

_LINE_END = re.compile(rb"\r\n|\n|\r")
_OCTETS = re.compile(rb"X'[0-9A-Fa-f]")  # as csvde writes text that is not ASCII: a name can't be seen in it


def values(path: str, anchors: Anchors, options: Options, progress: Progress) -> Iterator[Value]:
    """The values of the rows near the anchors. A column that no table knows goes by its header, its cells are whole."""
    raw, _ = files.whole(path)
    export = layouts.recognise(raw, path, options)
    layout, text = export.layout, export.octets.decode()
    near, strange = _lines_near(export.octets, anchors), _strange(layout)
    for row in told(csv_entries.data(text, layout), len(raw), csv_rows.lines(text), progress):
        if isinstance(row, csv_rows.Row) and not near.isdisjoint(range(row.line, row.last + 1)):
            yield from _values(row, layout, strange, export.namer)


def _lines_near(octets: bytes, anchors: Anchors) -> frozenset[int]:
    """The numbers of the lines near the anchors, and of those that can't be told."""
    ends = np.array([end.end() for end in _LINE_END.finditer(octets)], dtype=np.int64)
    hidden = np.array([found.start() for found in _OCTETS.finditer(octets)], dtype=np.int64)
    places = np.concatenate((anchors.places(octets), hidden))
    return frozenset((np.searchsorted(ends, places, side="right") + 1).tolist())


def _values(row: csv_rows.Row, layout: Layout, strange: Columns, namer: naming.Namer) -> Iterator[Value]:
    if len(row.cells) != len(layout.header.cells):
        return
    by_attribute: dict[str, str] = {}
    for attribute, value in (known := _cells(row, layout.columns, layout)):
        by_attribute.setdefault(attribute, value)
    with contextlib.suppress(naming.NamingError):
        dn = namer(by_attribute, row.line)
        for attribute, value in (*known, *_cells(row, strange, layout)):
            yield Value(dn, attribute, value, row.line)


def _strange(layout: Layout) -> Columns:
    """The columns that no table knows, each as an attribute of its own."""
    known = {place for place, _ in layout.columns}
    return tuple(
        (place, headers.Column(headers=(name,), attribute=name, read="octets"))
        for place, name in enumerate(layout.header.cells)
        if place not in known
    )


def _cells(row: csv_rows.Row, columns: Columns, layout: Layout) -> list[tuple[str, str]]:
    """Attribute and value of everything in these columns that can be read."""
    found: list[tuple[str, str]] = []
    for place, column in columns:
        with contextlib.suppress(cells.CellError):
            found += cells.values(row.cells[place], column, layout.table)
    return found
