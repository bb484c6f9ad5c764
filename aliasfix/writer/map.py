"""The map of old and new names, for whoever tells people, moves mailboxes or runs aliasfix again (``--history``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.text.spreadsheet import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aliasfix.plan import Row

MAP_COLUMNS = ("dn", "attribute", "old", "new", "kind", "site", "mail", "source", "line")


def write(rows: Iterable[Row]) -> bytes:
    """A table with the columns ``MAP_COLUMNS``, one row a changed value."""
    return table(MAP_COLUMNS, ([str(getattr(row, c)) for c in MAP_COLUMNS] for row in rows))
