"""Tables for ``str.translate`` over all of Unicode, of which a text asks for a few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Table(dict[int, str]):
    """A table that works out a row when it is first asked for."""

    def __init__(self, row: Callable[[str], str]) -> None:
        """``row``: what stands for a character."""
        self._row = row

    def __missing__(self, code: int) -> str:
        row = self[code] = self._row(chr(code))
        return row
