"""What is keyed by a name outside the directory and must be moved when the name changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.text.spreadsheet import table
from aliasfix.writer import reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset, Store


def touched(rows: Iterable[Row], ruleset: Ruleset) -> tuple[Store, ...]:
    """The ruleset's stores that a row renames something in."""
    changed = {row.attribute.lower() for row in rows}
    return tuple(store for store in ruleset.stores if store.attribute.lower() in changed)


def write(
    stores: Sequence[Store],
    rows: Sequence[Row],
    directory: Directory,
    entries: Mapping[reach.Name, reach.Entry],
) -> bytes:
    """A table: store, old, new, dn, and the exported values of every ``also`` attribute, joined by ``;``.

    Where the rows are of several labels, the label is its last column.
    """
    labels = ("label",) if len({row.label for row in rows}) > 1 else ()
    also = tuple(dict.fromkeys(attribute for store in stores for attribute in store.also))
    values = reach.values(directory, entries, also)
    return table(
        ("store", "old", "new", "dn", *also, *labels),
        (
            (
                store.name, row.old, row.new, row.dn,
                *(";".join(values.get(((row.label, row.dn), a), ())) if a in store.also else "" for a in also),
                *(row.label for _ in labels),
            )
            for store in stores
            for row in rows
            if row.attribute.lower() == store.attribute.lower()
        ),
    )  # fmt: skip
