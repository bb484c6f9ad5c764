"""Files for people: each format writes a plan and reads the decisions back, or findings and waivers, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.errors import InputError, UsageError, Where
from aliasfix.plan import Decisions
from aliasfix.review import csv, json, page, waivers, workbook
from aliasfix.review.page import Beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aliasfix.engine.waivers import Waived, Waiver
    from aliasfix.plan import Plan

_WRITERS = {".csv": csv.write, ".xlsx": workbook.write, ".json": json.write}
_READERS = {".csv": csv.read, ".xlsx": workbook.read, ".json": json.read}
_PAGE = ".html"
_KNOWN = ".csv, .xlsx or .json"
_BESIDE = ("~$", ".")  # of an open workbook (Excel, LibreOffice); hidden files


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


def plan_files(path: Path) -> list[Path]:
    """The plan file itself, or those in a folder by name; but for what spreadsheet programs leave beside open ones.

    Raises:
        InputError: the folder has none, or can't be read.

    """
    if not path.is_dir():
        return [path]
    try:
        found = sorted(p for p in path.iterdir() if p.suffix.lower() in _READERS and not p.name.startswith(_BESIDE))
    except OSError as e:
        raise InputError(f"the folder can't be read: {e.strerror}", where=Where(str(path))) from e
    if not found:
        raise InputError("the folder has no plan file", where=Where(str(path)), hint=f"they end in {_KNOWN}")
    return found


def read_decisions(*paths: Path) -> Decisions:
    """The decisions of reviewed plan files and of those in folders, each in the format of its suffix.

    Raises:
        InputError: no format has the suffix, a file is not what its format asks for, or a folder has none.

    """
    files = dict.fromkeys(file for path in paths for file in plan_files(path))
    return Decisions(tuple(map(str, paths)), tuple(d for file in files for d in _read(file)))


def _read(path: Path) -> Decisions:
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
