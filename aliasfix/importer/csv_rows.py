"""Rows of a CSV text with the lines they start on; every cell stays the text it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    """A row whose quotation marks do not fit together. Reading goes on with the line after its first."""

    line: int
    reason: str


class _MalformedError(ValueError):
    pass


def rows(text: str, delimiter: str, *, strip: bool) -> Iterator[Row | BadRow]:
    """The rows of the text; those without a cell that holds anything are left out.

    A cell in quotation marks may hold delimiters, line ends and doubled quotation marks (RFC 4180). A quotation mark
    inside a cell that does not start with one stands for itself. ``strip``: spaces around cells do not count.
    """
    bare = re.compile(f"[^{re.escape(delimiter)}\\r\\n]*")
    position, line = 0, 1
    while position < len(text):
        end = _LINE_END.search(text, position)
        stop, after = end.span() if end else (len(text), len(text))
        physical = text[position:stop]
        if '"' not in physical:
            cells = physical.split(delimiter)
            if _filled(cells):
                yield Row(line, line, tuple(c.strip(" ") for c in cells) if strip else tuple(cells))
            position, line = after, line + 1
            continue
        try:
            quoted, after = _quoted_row(text, position, delimiter, bare, strip=strip)
        except _MalformedError as e:
            yield BadRow(line, str(e))
            position, line = after, line + 1
            continue
        breaks = len(_LINE_END.findall(text, position, after))
        ended = text[after - 1] in "\r\n"
        if _filled(quoted):
            yield Row(line, line + breaks - (1 if ended else 0), quoted)
        position, line = after, line + breaks


def lines(text: str) -> int:
    """The number of lines of the text."""
    return max(1, len(_LINE_END.findall(text)))


def _filled(cells: Iterable[str]) -> bool:
    return any(c.strip() for c in cells)


def _quoted_row(
    text: str, start: int, delimiter: str, bare: re.Pattern[str], *, strip: bool
) -> tuple[tuple[str, ...], int]:
    """The cells of the row that starts there, and where the next one starts."""
    cells: list[str] = []
    at = start
    while True:
        if strip:
            at = _past_spaces(text, at)
        if text.startswith('"', at):
            close = _closing(text, at + 1)
            if close < 0:
                raise _MalformedError(f"the quotation mark that opens its field {len(cells) + 1} is never closed")
            cells.append(text[at + 1 : close].replace('""', '"'))
            at = _past_spaces(text, close + 1) if strip else close + 1
        else:
            found = bare.match(text, at)
            at = found.end() if found else at
            cell = found.group() if found else ""
            cells.append(cell.rstrip(" ") if strip else cell)
        following = text[at : at + 1]
        if following == delimiter:
            at += 1
        elif following in ("", "\r", "\n"):
            return tuple(cells), at + (2 if text.startswith("\r\n", at) else len(following))
        else:
            raise _MalformedError(f"text follows the closing quotation mark of its field {len(cells)}")


def _closing(text: str, start: int) -> int:
    at = text.find('"', start)
    while at >= 0 and text.startswith('"', at + 1):
        at = text.find('"', at + 2)
    return at


def _past_spaces(text: str, at: int) -> int:
    while text.startswith(" ", at):
        at += 1
    return at
