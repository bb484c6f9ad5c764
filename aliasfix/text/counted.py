"""Numbers in sentences."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """The number and what it counts: ``1 entry``, ``2 entries``."""
    return f"{number} {one if number == 1 else many}"
