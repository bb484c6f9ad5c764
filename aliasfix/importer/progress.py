"""What is told while exports are read."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called again and again by whatever reads, in its own thread."""

    def __call__(self, octets: int, entries: int, /) -> None:
        """So many octets of the files, and so many entries, were read since the last call."""


def silent(octets: int, entries: int, /) -> None:
    """Nobody wants to be told."""
