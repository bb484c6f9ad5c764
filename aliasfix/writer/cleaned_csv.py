"""The new values of a CSV export: one cell, or one value within it, is written anew, quoted as it was or must be."""

from __future__ import annotations

import re
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.importer import cells, csv_columns, csv_rows
from aliasfix.writer.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aliasfix.importer.csv_rows import Form
    from aliasfix.importer.headers import Column, Table
    from aliasfix.importer.layouts import Export
    from aliasfix.writer.edits import Change

    Asked = Mapping[tuple[str, str], Change]  # by attribute in lower case and old value

_LINE_END = re.compile(rb"\r\n|\n|\r")
_JOINT = "\ufeff".encode()  # where exports were joined byte by byte
_BRACES = re.compile(r"(\s*\{)(.*)(\}\s*)", re.DOTALL)  # around a list as PowerShell shows it


def edits(text: bytes, export: Export, path: str, changes: Sequence[Change]) -> Iterator[Edit]:
    """The cells of the text, which is UTF-8, that the changes replace, in its order.

    Raises:
        InputError: the value is not where it was read, or its cell can't hold the new one.

    """
    starts = _starts(text)
    layout = export.layout
    reading = csv_columns.Reading(text, path, layout, (), export.namer, {})
    for line, group in groupby(sorted(changes, key=attrgetter("line")), key=attrgetter("line")):
        asked = {(c.attribute.lower(), c.old): c for c in group}
        start = starts[line - 1]
        start += len(_JOINT) if line > 1 and text.startswith(_JOINT, start) else 0
        _, after = reading.row_at(start, line)
        # One octet is one character, so that a place in the row is a place in the text.
        places, _ = csv_rows.places_at(text[start:after].decode("latin-1"), 0, layout.form)
        held = set()
        for number, column in layout.columns:
            begin, end, quoted = places[number]
            before = _cell(text[start + begin : start + end].decode(), layout.form, quoted=quoted)
            found = _held(before, column, layout.table).intersection(asked)
            if found:
                held |= found
                first = asked[min(found)]
                new = _with_new(before, column, layout.table, asked)
                if new is None:
                    raise first.failed(path, f'its cell can\'t hold "{first.new}"')
                yield Edit(start + begin, start + end, _written(new, layout.form, quoted=quoted).encode(), first)
        for key in sorted(asked.keys() - held):
            raise asked[key].failed(path, "this line does not hold it")


def _starts(text: bytes) -> Sequence[int]:
    """Where each line starts."""
    if csv_columns.plain_lines(text):
        return [0, *(np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")) + 1).tolist()]
    return [0, *(found.end() for found in _LINE_END.finditer(text))]


def _cell(raw: str, form: Form, *, quoted: bool) -> str:
    return raw[1:-1].replace(2 * form.quote, form.quote) if quoted else raw


def _written(cell: str, form: Form, *, quoted: bool) -> str:
    """The cell as it stands in the file; between quotation marks if it did before, or if it must."""
    special = {form.quote, form.delimiter, "\r", "\n"}
    if quoted or special.intersection(cell) or (form.strip and cell != cell.strip(" ")):
        return f"{form.quote}{cell.replace(form.quote, 2 * form.quote)}{form.quote}"
    return cell


def _held(cell: str, column: Column, table: Table) -> set[tuple[str, str]]:
    """What the cell holds: attribute in lower case, and value."""
    return {(attribute.lower(), value) for attribute, value in _values(cell, column, table)}


def _values(cell: str, column: Column, table: Table) -> list[tuple[str, str]]:
    try:
        return cells.values(cell, column, table)
    except cells.CellError:  # which was reported when it was read
        return []


def _with_new(cell: str, column: Column, table: Table, asked: Asked) -> str | None:
    """The cell with the new values; None where it would be read as something else."""

    def wanted(attribute: str, value: str) -> str:
        change = asked.get((attribute.lower(), value))
        return change.new if change else value

    new = "".join([_piece(piece, column, table, asked) for piece in _pieces(cell, column, table)])
    expected = [(attribute, wanted(attribute, value)) for attribute, value in _values(cell, column, table)]
    return new if _values(new, column, table) == expected else None


def _pieces(cell: str, column: Column, table: Table) -> list[str]:
    """The values of the cell as they are written, and what stands between them."""
    if column.read == "values":
        separator = re.escape(table.separator)
        escaped = f"{re.escape(table.escape)}.|" if table.escape else ""
        return re.findall(f"(?:{escaped}[^{separator}])+|{separator}", cell, re.DOTALL)
    if column.read == "addresses":
        braces = _BRACES.fullmatch(cell)
        head, listed, foot = braces.groups() if braces else ("", cell, "")
        return [head, *re.split(f"({cells.between_addresses(table).pattern})", listed), foot]
    return [cell]


def _piece(piece: str, column: Column, table: Table, asked: Asked) -> str:
    """What stands there with the new value, where one is asked for it."""
    values = _values(piece, column, table)
    change = asked.get((values[0][0].lower(), values[0][1])) if len(values) == 1 else None
    if change is None:
        return piece
    (text,) = cells.texts(piece, column, table)
    new = text.removesuffix(change.old) + change.new
    if column.read == "values" and table.escape:
        escape, separator = re.escape(table.escape), re.escape(table.separator)
        return re.sub(f"{escape}(?=[{escape}{separator}]|$)|{separator}", lambda m: table.escape + m[0], new)
    if column.read == "addresses":
        return piece.replace(text, new, 1)
    if column.read == "account" and "\\\\" in piece:
        return new.replace("\\", "\\\\")
    return new
