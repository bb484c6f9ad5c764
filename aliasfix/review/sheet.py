"""Tables that people keep in spreadsheet programs: their rows as named cells, with the lines they start at."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.text.spreadsheet import long_cells, unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAVE = 'save it as "CSV UTF-8 (comma delimited)" (Excel) or as text CSV with character set UTF-8 (LibreOffice)'


def header_and_rows(path: Path, what: str) -> tuple[list[str], Iterator[tuple[Where, dict[str, str]]]]:
    """The header's names in lower case, and the cells of each row by them; empty rows are passed over.

    Comma, semicolon or tab, UTF-8 or UTF-16, as spreadsheet programs save it. ``what`` is what the file should be, as
    in "the plan". The rows are read as they are asked for.

    Raises:
        InputError: the file can't be read, or is no such table; while the rows are read, a row is no CSV or too long.

    """
    rows = _rows(_text(path, what), path)
    _, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    return names, _named(names, rows, path)


def refuse_twice(names: list[str], wanted: tuple[str, ...], where: Where) -> None:
    """Refuse a table in which two columns have one of these names.

    Raises:
        InputError: names the first.

    """
    for name in wanted:
        if names.count(name) > 1:
            raise InputError(f'the column "{name}" is there twice', where=where)


def _named(
    names: list[str], rows: Iterator[tuple[int, list[str]]], path: Path
) -> Iterator[tuple[Where, dict[str, str]]]:
    for line, row in rows:
        if len(row) > len(names) and any(row[len(names) :]):
            raise InputError(f"the row has {len(row)} cells, the header {len(names)}", where=Where(str(path), line))
        padded = [*row, *[""] * (len(names) - len(row))]
        yield (
            Where(str(path), line),
            {name: unguarded(cell) for name, cell in zip(names, padded, strict=False)},
        )


def _text(path: Path, what: str) -> str:
    """The file's text without a byte order mark."""
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise InputError(f"{what} can't be read: {e.strerror}", where=Where(str(path))) from e
    encoding = "utf-16" if raw.startswith(_UTF16) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        # A code page would turn names it can't spell into question marks without a word: it is not guessed.
        raise InputError(f"{what} is not UTF-8 text", where=Where(str(path), line), hint=_SAVE) from e


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
