"""CSV that spreadsheet programs open as it is meant, and whose cells come back exactly."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# What starts a formula (OWASP, CSV Injection), full-width forms that some versions read alike, and the guard itself.
GUARDED = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
_LONGEST_CELL = 0x7FFFFFFF  # what a C long holds on every system; the csv module's own limit is 131,072 characters


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet program runs as a formula: one apostrophe before what might start one.

    A text that starts with an apostrophe itself gets one more, so that ``unguarded`` gives every text back exactly.
    """
    return f"'{text}" if text.startswith(GUARDED) else text


def unguarded(cell: str) -> str:
    """The text that ``guarded`` made the cell from; a cell it can't have made is taken as it is."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell


def table(header: Sequence[str], rows: Iterable[Iterable[str]]) -> bytes:
    """CSV in UTF-8 with BOM and CRLF, every field quoted and guarded: what Excel opens without asking."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guarded(text) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


@contextlib.contextmanager
def long_cells() -> Iterator[None]:
    """Let the csv module, which has one limit for the whole process, read a cell of any length."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
