"""The report of values that hold a name which changes, for a person to look at."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import TYPE_CHECKING

from aliasfix.importer.mentions import Mention
from aliasfix.text.spreadsheet import table

if TYPE_CHECKING:
    from collections.abc import Iterable

MENTION_COLUMNS = tuple(f.name for f in fields(Mention))


def write(mentions: Iterable[Mention]) -> bytes:
    """A table with the columns ``MENTION_COLUMNS``, one row a name in a value."""
    return table(MENTION_COLUMNS, ([str(cell) for cell in astuple(mention)] for mention in mentions))
