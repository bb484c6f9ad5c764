"""What is told while exports are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliasfix.importer.csv_rows import BadRow, Row

    RowT = TypeVar("RowT", Row, BadRow, Row | BadRow)

_STEP = 4096  # rows


class Progress(Protocol):
    """Called again and again by whatever reads, in its own thread."""

    def __call__(self, octets: int, entries: int, /) -> None:
        """So many octets of the files, and so many entries, were read since the last call."""


def silent(octets: int, entries: int, /) -> None:
    """Nobody wants to be told."""


def told(rows: Iterable[RowT], octets: int, lines: int, progress: Progress) -> Iterator[RowT]:
    """The rows of a file of so many octets and lines, while ``progress`` is told of them."""
    before = count = 0
    for count, row in enumerate(rows, 1):
        yield row
        if count % _STEP == 0:
            upto = octets * row.line // lines
            progress(upto - before, _STEP)
            before = upto
    progress(octets - before, count % _STEP)
