"""Rows of a CSV text with the lines they start on; every cell stays the text it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``line`` is where it starts, ``last`` where it ends, counted from 1."""

    line: int
    last: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row whose quotation marks do not fit together. Reading goes on with the line after its first.

    ``unclosed``: the last of them could still be closed if there were more text.
    """

    line: int
    reason: str
    unclosed: bool = field(default=False, compare=False)


class _MalformedError(ValueError):
    pass


class _UnclosedError(_MalformedError):
    pass


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a file are written. ``strip``: spaces around cells do not count."""

    delimiter: str
    strip: bool
    quote: str = '"'
    bare: re.Pattern[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bare", re.compile(f"[^{re.escape(self.delimiter)}\\r\\n]*"))


def rows(text: str, form: Form) -> Iterator[Row | BadRow]:
    """The rows of the text; those without a cell that holds anything are left out.

    A cell in quotation marks may hold delimiters, line ends and doubled quotation marks (RFC 4180). A quotation mark
    inside a cell that does not start with one stands for itself.
    """
    position, line = 0, 1
    while position < len(text):
        row, position, breaks = row_at(text, position, line, form)
        line += breaks
        if isinstance(row, BadRow) or filled(row.cells):
            yield row


def row_at(text: str, position: int, line: int, form: Form) -> tuple[Row | BadRow, int, int]:
    """The row that starts there, where the next one starts, and how many lines that is further on."""
    end = _LINE_END.search(text, position)
    stop, after = end.span() if end else (len(text), len(text))
    physical = text[position:stop]
    if form.quote not in physical:
        cells = physical.split(form.delimiter)
        return Row(line, line, tuple(c.strip(" ") for c in cells) if form.strip else tuple(cells)), after, 1
    try:
        quoted, after = _quoted_row(text, position, form)
    except _MalformedError as e:
        return BadRow(line, str(e), isinstance(e, _UnclosedError)), after, 1
    breaks = len(_LINE_END.findall(text, position, after))
    ended = text[after - 1] in "\r\n"
    return Row(line, line + breaks - (1 if ended else 0), quoted), after, breaks


def filled(cells: Iterable[str]) -> bool:
    """Whether a cell holds anything."""
    return any(c.strip() for c in cells)


def _quoted_row(text: str, start: int, form: Form) -> tuple[tuple[str, ...], int]:
    """The cells of the row that starts there, and where the next one starts."""
    places, after = places_at(text, start, form)
    quote = form.quote
    return tuple(
        text[begin + 1 : end - 1].replace(2 * quote, quote) if quoted else text[begin:end]
        for begin, end, quoted in places
    ), after


def places_at(text: str, start: int, form: Form) -> tuple[list[tuple[int, int, bool]], int]:
    """Where each cell of the row starts and ends, and whether in quotation marks; and where the next row starts.

    Raises:
        ValueError: the quotation marks do not fit together; the message is a sentence.

    """
    places: list[tuple[int, int, bool]] = []
    at = start
    while True:
        if form.strip:
            at = _past_spaces(text, at)
        if text.startswith(form.quote, at):
            close = _closing(text, at + 1, form.quote)
            if close < 0:
                raise _UnclosedError(f"the quotation mark that opens its field {len(places) + 1} is never closed")
            places.append((at, close + 1, True))
            at = _past_spaces(text, close + 1) if form.strip else close + 1
        else:
            found = form.bare.match(text, at)
            end = found.end() if found else at
            cell = text[at:end].rstrip(" ") if form.strip else text[at:end]
            places.append((at, at + len(cell), False))
            at = end
        following = text[at : at + 1]
        if following == form.delimiter:
            at += 1
        elif following in ("", "\r", "\n"):
            return places, at + (2 if text.startswith("\r\n", at) else len(following))
        else:
            raise _MalformedError(f"text follows the closing quotation mark of its field {len(places)}")


def _closing(text: str, start: int, quote: str) -> int:
    at = text.find(quote, start)
    while at >= 0 and text.startswith(quote, at + 1):
        at = text.find(quote, at + 2)
    return at


def _past_spaces(text: str, at: int) -> int:
    while text.startswith(" ", at):
        at += 1
    return at
