"""Files for people: each format writes a plan and reads the decisions back, or findings and waivers, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.errors import InputError, UsageError, Where
from aliasfix.review import csv, json, page, waivers, workbook
from aliasfix.review.page import Beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aliasfix.engine.waivers import Waived, Waiver
    from aliasfix.plan import Decisions, Plan

_WRITERS = {".csv": csv.write, ".xlsx": workbook.write, ".json": json.write}
_READERS = {".csv": csv.read, ".xlsx": workbook.read, ".json": json.read}
_PAGE = ".html"
_KNOWN = ".csv, .xlsx or .json"


def write_plan(plan: Plan, suffix: str, beside: Callable[[], Beside] = Beside) -> bytes:
    """The plan in the format of that file name suffix; a page wants to know what is ``beside`` it.

    Raises:
        UsageError: no format has the suffix.

    """
    if suffix.lower() == _PAGE:
        return page.write(plan, beside())
    write = _WRITERS.get(suffix.lower())
    if write is None:
        written = f'as "{suffix}"' if suffix else "under a name without a suffix"
        raise UsageError(f"a plan can't be written {written}", hint=f"name a file that ends in {_PAGE}, {_KNOWN}")
    return write(plan)


def read_decisions(path: Path) -> Decisions:
    """The decisions of a reviewed plan file, in the format of its suffix.

    Raises:
        InputError: no format has the suffix, or the file is not what its format asks for.

    """
    if path.suffix.lower() == _PAGE:
        hint = "save the decisions in the page, and give the file that it saves"
        raise InputError("a page keeps no decisions in its own file", where=Where(str(path)), hint=hint)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise InputError("the file is no plan that can be read", where=Where(str(path)), hint=f"it ends in {_KNOWN}")
    return read(path)


def write_findings(found: Waived, suffix: str) -> bytes:
    """The findings of a check in the format of that file name suffix, for a person to waive some of them.

    Raises:
        UsageError: no format has the suffix.

    """
    if suffix.lower() != ".csv":
        raise UsageError("findings are written as CSV", hint="name a file that ends in .csv")
    return waivers.write(found)


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers in such a table.

    Raises:
        InputError: the file is not what ``waivers.read`` asks for.

    """
    return waivers.read(path)
