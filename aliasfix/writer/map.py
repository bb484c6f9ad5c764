"""The map of old and new names, for whoever tells people, moves mailboxes or runs aliasfix again (``--history``)."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from aliasfix.text.spreadsheet import table

if TYPE_CHECKING:
    from collections.abc import Collection

    from aliasfix.plan import Row

MAP_COLUMNS = ("dn", "attribute", "old", "new", "kind", "site", "mail", "source", "line")


def write(rows: Collection[Row]) -> bytes:
    """A table with the columns ``MAP_COLUMNS``, and ``label`` where there are several; one row a changed value."""
    columns = (*MAP_COLUMNS, "label") if len({row.label for row in rows}) > 1 else MAP_COLUMNS
    return table(columns, (map(str, cells) for cells in map(attrgetter(*columns), rows)))
