"""The plan as a table for spreadsheet programs: ``decision`` and ``new`` are for a person to change.

Every field is quoted. A cell that a spreadsheet program might run as a formula starts with an apostrophe
(``aliasfix.text.spreadsheet``), which reading takes off again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.errors import Where
from aliasfix.plan import Decisions
from aliasfix.review import columns, sheet
from aliasfix.text.spreadsheet import table

if TYPE_CHECKING:
    from pathlib import Path

    from aliasfix.plan import Plan


def write(plan: Plan) -> bytes:
    """The rows of the plan, columns ``PLAN_COLUMNS``: UTF-8 with BOM, CRLF."""
    return table(columns.PLAN_COLUMNS, (tuple(columns.cells(row).values()) for row in plan.rows))


def read(path: Path) -> Decisions:
    """The decisions in a table as a spreadsheet program saves it (see ``sheet``); columns may be moved and added.

    Raises:
        InputError: the file can't be read, is no such table, lacks a column, or holds an unknown decision.

    """
    names, rows = sheet.header_and_rows(path, "the plan")
    top = Where(str(path), 1)
    columns.require(names, top)
    sheet.refuse_twice(names, columns.PLAN_COLUMNS, top)
    return Decisions((str(path),), tuple(columns.decision(cells, where) for where, cells in rows))
