"""The plan as a table for spreadsheet programs: ``decision`` and ``new`` are for a person to change.

Every field is quoted. A cell that a spreadsheet program might run as a formula starts with an apostrophe
(``aliasfix.text.spreadsheet``), which reading takes off again.
"""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.plan import Decisions
from aliasfix.review import columns
from aliasfix.text.spreadsheet import long_cells, table, unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aliasfix.plan import Plan

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAVE = 'save it as "CSV UTF-8 (comma delimited)" (Excel) or as text CSV with character set UTF-8 (LibreOffice)'


def write(plan: Plan) -> bytes:
    """The rows of the plan, columns ``PLAN_COLUMNS``: UTF-8 with BOM, CRLF."""
    return table(columns.PLAN_COLUMNS, (tuple(columns.cells(row).values()) for row in plan.rows))


def read(path: Path) -> Decisions:
    """The decisions in a table as a spreadsheet program saves it: comma, semicolon or tab, UTF-8 or UTF-16.

    Columns may be moved and added; empty lines are passed over.

    Raises:
        InputError: the file can't be read, is no such table, lacks a column, or holds an unknown decision.

    """
    rows = _rows(_text(path), path)
    _, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    columns.require(names, Where(str(path), 1))
    for name in columns.PLAN_COLUMNS:
        if names.count(name) > 1:
            raise InputError(f'the column "{name}" is there twice', where=Where(str(path), 1))
    decisions = []
    for line, row in rows:
        if len(row) > len(names) and any(row[len(names) :]):
            raise InputError(f"the row has {len(row)} cells, the header {len(names)}", where=Where(str(path), line))
        padded = [*row, *[""] * (len(names) - len(row))]
        cells = {name: unguarded(cell) for name, cell in zip(names, padded, strict=False)}
        decisions.append(columns.decision(cells, Where(str(path), line)))
    return Decisions(str(path), tuple(decisions))


def _text(path: Path) -> str:
    """The file's text without a byte order mark."""
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise InputError(f"the plan can't be read: {e.strerror}", where=Where(str(path))) from e
    encoding = "utf-16" if raw.startswith(_UTF16) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        # A code page would turn names it can't spell into question marks without a word: it is not guessed.
        raise InputError("the plan is not UTF-8 text", where=Where(str(path), line), hint=_SAVE) from e


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line it starts at; the header first."""
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    line = 1
    with long_cells():
        try:
            for row in reader:
                if any(row):
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as e:
            raise InputError(f"the row is no CSV: {e}", where=Where(str(path), line), hint=_SAVE) from e
