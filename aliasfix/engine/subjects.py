"""The subjects of a plan, namespace by namespace: the values that clash, and those that break a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine.fields import Fields
from aliasfix.engine.keys import group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.checks import Broken
    from aliasfix.engine.survey import Survey, Surveyed
    from aliasfix.ruleset import Namespace, Ruleset

    Place = tuple[int, str, str]  # entry, attribute, value


@dataclass(frozen=True)
class Subjects:
    """One value of one entry each, and what is known of it; all columns run parallel."""

    namespace: Namespace
    fields: Fields  # of their entries
    at: NDArray[np.int64]  # into the fields
    place: list[int]  # the same, one by one
    entry: NDArray[np.int64]
    attribute: list[str]
    value: list[str]
    key: list[str]  # in the namespace
    clash: NDArray[np.int64]  # its number; -1: in none
    clashes: NDArray[np.int64]  # in how many clashes the entry is, over all namespaces
    within: NDArray[np.bool_]  # another entry holds the key in the same attribute
    twice: NDArray[np.bool_]  # the entry holds the key in more than one value
    fault: list[Broken | None]  # the first rule that the value breaks
    renamed: NDArray[np.bool_]  # the entry is renamed by an earlier namespace
    source: list[int]
    line: list[int]

    def __len__(self) -> int:
        return len(self.value)

    def dn(self, s: int) -> str:
        """The DN of the subject's entry."""
        return self.fields.dn[self.place[s]]

    def group(self, s: int) -> str:
        """What the subject's clash or fault is called."""
        return group(self.namespace, self.key[s])


def subjects(
    directory: Directory, ruleset: Ruleset, seen: Survey, surveyed: Surveyed, renamed: NDArray[np.bool_]
) -> Subjects:
    """The subjects of one of the namespaces that were seen; ``renamed``: by entry, whether it is renamed already."""
    namespace, rows = surveyed.namespace, surveyed.rows
    faults = _faults(seen, namespace.attributes)
    row, clash, twice = _rows(surveyed, faults)
    entry = rows.entry[row]
    fields = Fields(directory, ruleset, np.unique(entry))
    attribute = [namespace.attributes[a] for a in rows.attribute[row].tolist()]
    value = columns.texts(columns.take(rows.value, row))
    at = np.searchsorted(fields.entries, entry)
    return Subjects(
        namespace=namespace,
        fields=fields,
        at=at,
        place=at.tolist(),
        entry=entry,
        attribute=attribute,
        value=value,
        key=columns.texts(columns.take(rows.key, row)),
        clash=clash,
        clashes=seen.clashes(directory.entries.num_rows)[entry],
        within=np.concatenate((surveyed.clashes.within, clash[len(surveyed.clashes.row) :] >= 0)),
        twice=twice,
        fault=[faults.get(place) for place in zip(entry.tolist(), attribute, value, strict=True)],
        renamed=renamed[entry],
        source=rows.source[row].tolist(),
        line=rows.line[row].tolist(),
    )


def _faults(seen: Survey, attributes: tuple[str, ...]) -> dict[Place, Broken]:
    """The first error of each value of these attributes."""
    found: dict[Place, Broken] = {}
    for b in seen.broken:
        if b.check.severity == "error" and b.check.attribute in attributes:
            found.setdefault((b.entry, b.check.attribute, b.value), b)
    return found


def _rows(
    surveyed: Surveyed, faults: Mapping[Place, Broken]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The rows of all holders in clashes, and of the broken values that are in none; their clash; held twice.

    No server gives a value twice in one entry, but a file can: it has one row.
    """
    rows, clashes = surveyed.rows, surveyed.clashes
    suspects = np.flatnonzero(np.isin(rows.entry, np.array(sorted({e for e, _, _ in faults}), dtype=np.int64)))
    names = surveyed.namespace.attributes
    values = columns.texts(columns.take(rows.value, suspects))
    places: dict[Place, list[int]] = {}
    for row, value in zip(suspects.tolist(), values, strict=True):
        place = (int(rows.entry[row]), names[int(rows.attribute[row])], value)
        if place in faults:
            places.setdefault(place, []).append(row)
    in_clash = set(clashes.row.tolist())
    broken = [found for found in places.values() if in_clash.isdisjoint(found)]
    return (
        np.concatenate((clashes.row, [found[0] for found in broken])).astype(np.int64),
        np.concatenate((clashes.clash, np.full(len(broken), -1, dtype=np.int64))),
        np.concatenate((clashes.twice, [len(found) > 1 for found in broken])).astype(np.bool_),
    )
