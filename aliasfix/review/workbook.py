"""The plan as an Excel workbook: one sheet to decide in, one that sums up, one of what is left alone and why.

Every cell is text, whatever it looks like: none becomes a formula, a link or a number, and none loses a leading zero.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aliasfix.errors import InputError, UsageError, Where
from aliasfix.plan import DECISIONS, EDITABLE, Decisions
from aliasfix.review import columns, sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aliasfix.plan import Decision, Plan, Row

SHEET = "Review"
_ROWS, _CHARACTERS = 1_048_576, 32_767  # of a sheet, of a cell (Excel specifications and limits)
_UNPACKED = 1 << 30  # octets; a workbook of as many rows as a sheet has stays below
# Written as _x005F_ by turns they can't be told apart again (ECMA-376 part 1, 22.9.2.19), or no XML can hold them.
_LOST = re.compile(r"_x005F_x[0-9A-Fa-f]{4}_|[\ud800-\udfff\ufffe\uffff]", re.IGNORECASE)
_FOR_PEOPLE = ("role", "decision", "old", "new", "dn", "kind", "site", "mail", "reason")
_ORDER = (*_FOR_PEOPLE, *(c for c in columns.PLAN_COLUMNS if c not in _FOR_PEOPLE))
_WIDTHS = {"dn": 60, "reason": 60, "tried": 40, "mail": 30, "old": 22, "new": 22, "group": 24, "rung": 24}
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # equal plans give equal bytes
_SAVE = "save it as an Excel workbook (.xlsx) without a password"


def write(plan: Plan) -> bytes:
    """The rows of the plan, columns ``PLAN_COLUMNS`` in an order for people.

    Raises:
        UsageError: a workbook can't hold the plan.

    """
    import xlsxwriter  # noqa: PLC0415 - needed for workbooks only

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": "Plan of new names", "created": _MADE})
    _review(book, plan)
    _summary(book, plan)
    _left(book, plan)
    book.close()
    return out.getvalue()


def read(path: Path) -> Decisions:
    """The decisions in the sheet ``SHEET``; columns may be moved and added.

    Raises:
        InputError: the file can't be read, has no such sheet, lacks a column, or holds an unknown decision.

    """
    cells = _cells(path)
    top = Where(str(path), 1, SHEET)
    first = enumerate(cells[0]) if cells else ()
    header = [_text(cell, top, _letters(place)).strip().lower() for place, cell in first]
    columns.require(header, top)
    sheet.refuse_twice(header, columns.PLAN_COLUMNS, top)
    return Decisions((str(path),), tuple(_decisions(header, cells[1:], path)))


def _decisions(header: Sequence[str], rows: Sequence[Sequence[object]], path: Path) -> Iterator[Decision]:
    letters = {name: _letters(place) for place, name in enumerate(header)}
    for number, row in enumerate(rows, 2):
        where = Where(str(path), number, SHEET)
        texts = {name: _text(cell, where, letters[name]) for name, cell in zip(header, row, strict=True)}
        if any(texts.values()):
            yield columns.decision(texts, where, letters)


def _letters(place: int) -> str:
    """What a spreadsheet program calls a column: A to Z, AA, AB, ..."""
    before, letter = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + letter)


def _cells(path: Path) -> list[list[Any]]:
    import python_calamine  # noqa: PLC0415 - needed for workbooks only

    try:
        raw = path.read_bytes()
    except OSError as e:
        raise InputError(f"the plan can't be read: {e.strerror}", where=Where(str(path))) from e
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as e:
        raise InputError("the plan is no Excel workbook", where=Where(str(path)), hint=_SAVE) from e
    if size > _UNPACKED:
        raise InputError(f"the workbook unpacks to more than {_UNPACKED >> 20} MiB", where=Where(str(path)))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        if SHEET not in book.sheet_names:
            hint = f"the decisions are in the sheet of that name; there is {', '.join(book.sheet_names) or 'none'}"
            raise InputError(f'the workbook has no sheet "{SHEET}"', where=Where(str(path)), hint=hint)
        return book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except python_calamine.CalamineError as e:
        raise InputError("the plan can't be read as an Excel workbook", where=Where(str(path)), hint=_SAVE) from e


def _text(cell: object, where: Where, column: str) -> str:
    """A cell as the text that a person typed; Excel makes a number of 007 only where the cell's format is no text."""
    match cell:
        case str():
            return cell
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return str(int(cell))
        case int() | float():
            return str(cell)
        case _:
            place = replace(where, column=column)
            raise InputError(f"a cell holds a date or time ({cell})", where=place, hint="format the column as text")


def _review(book: Any, plan: Plan) -> None:  # noqa: ANN401 - xlsxwriter has no types
    page = book.add_worksheet(SHEET)
    formats = _Formats(book)
    _refuse_many(len(plan.rows) + 1)
    for place, name in enumerate(_ORDER):
        page.write_string(0, place, name, formats.header)
        page.set_column(place, place, _WIDTHS.get(name, 12), None, {"hidden": name == "fingerprint"})
    group, band = "", 0
    for number, row in enumerate(plan.rows, 1):
        band, group = (1 - band, row.group) if row.group != group else (band, group)
        cells = columns.cells(row)
        for place, name in enumerate(_ORDER):
            _refuse_lost(cells[name], name, row)
            page.write_string(number, place, cells[name], formats.of(name, row.role, band))
    last = max(len(plan.rows), 1)
    page.freeze_panes(1, _ORDER.index("new") + 1)
    page.autofilter(0, 0, last, len(_ORDER) - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    place = _ORDER.index("decision")
    words = [word for word in DECISIONS if word]
    page.data_validation(
        1, place, last, place,
        {"validate": "list", "source": words, "error_title": "Decision", "error_message": f"Say {', '.join(words)}."},
    )  # fmt: skip
    page.protect("", {"autofilter": True, "format_columns": True, "format_rows": True, "select_locked_cells": True})


class _Formats:
    """What the cells of the review sheet look like: clashes by turns white and grey, what may be edited yellow."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book = book
        self._known: dict[tuple[str, ...], Any] = {}
        self.header = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "num_format": "@"})

    def of(self, name: str, role: str, band: int) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        editable, strong = name in EDITABLE, name == "role" and role in ("decide", "blocked")
        key = (str(editable), str(strong), str(band))
        if key not in self._known:
            color = ("#FFF9DB", "#FFF2B3")[band] if editable else ("#FFFFFF", "#EEF1F6")[band]
            look = {"num_format": "@", "valign": "top", "bg_color": color, "border": 1, "border_color": "#D0D5DD"}
            self._known[key] = self._book.add_format({**look, "locked": not editable, "bold": strong})
        return self._known[key]


def _summary(book: Any, plan: Plan) -> None:  # noqa: ANN401 - xlsxwriter has no types
    page = book.add_worksheet("Summary")
    bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    page.set_column(0, 0, 44)
    page.set_column(1, 1, 80)
    lines: list[tuple[str, str]] = [
        ("Ruleset", f"{plan.ruleset}: {plan.why}"),
        *((f"Export {s.path}", f"{s.entries} entries, SHA-256 {s.sha256}") for s in plan.sources),
        ("Entries", str(plan.entries)),
        ("Plan", plan.hash()),
        *(("", note) for note in plan.notes),
    ]
    for column in ("role", "code", "kind", "site"):
        counts = sorted(Counter(str(getattr(row, column)) for row in plan.rows).items())
        lines += [("", ""), (f"By {column}", "rows"), *((name or "(none)", str(count)) for name, count in counts)]
    for number, (name, text) in enumerate(lines):
        look = bold if name.startswith("By ") else plain
        page.write_string(number, 0, _shortened(name), look)
        page.write_string(number, 1, _shortened(text), look)
    page.ignore_errors({"number_stored_as_text": f"A1:B{len(lines)}"})


def _left(book: Any, plan: Plan) -> None:  # noqa: ANN401 - xlsxwriter has no types
    page = book.add_worksheet("Left alone")
    bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@", "valign": "top"})
    header = ("why", "attribute", "value", "dn", "label", "reason", "tried")
    for place, name in enumerate(header):
        page.write_string(0, place, name, bold)
        page.set_column(place, place, _WIDTHS.get(name, 16))
    for number, row in enumerate(plan.left, 1):
        for place, text in enumerate((row.state, row.attribute, row.old, row.dn, row.label, row.reason, row.tried)):
            page.write_string(number, place, text, plain)
    page.freeze_panes(1, 0)


def _shortened(text: str) -> str:
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"


def _refuse_many(rows: int) -> None:
    if rows > _ROWS:
        raise UsageError(f"the plan has {rows - 1} rows, a sheet takes {_ROWS - 1}", hint="write it as .csv")


def _refuse_lost(text: str, name: str, row: Row) -> None:
    """A cell that would not come back as it is makes the row another one."""
    if len(text) > _CHARACTERS:
        sentence = f'a cell takes {_CHARACTERS} characters, "{name}" of {row.dn} has {len(text)}'
        raise UsageError(sentence, hint="write the plan as .csv")
    if _LOST.search(text):
        raise UsageError(f'a workbook can\'t hold "{name}" of {row.dn} exactly', hint="write the plan as .csv")
