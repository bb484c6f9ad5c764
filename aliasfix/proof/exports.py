"""The proof of cleaned exports: read back, they say what the exports said, but for the accepted rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.proof import effect
from aliasfix.proof.terms import Fault, Keys, of_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from aliasfix.columns import Strings
    from aliasfix.directory import Directory
    from aliasfix.plan import Row

_STEP = "cleaned"


def cleaned(directory: Directory, rows: Iterable[Row], again: Directory) -> list[Fault]:
    """Where the cleaned exports, read back, first differ from the exports with the new values; empty: nowhere.

    Facts from other lists than the exports, and line numbers, do not count.
    """
    changes = [of_row(row) for row in rows]
    after, _, faults = effect.applied(directory, changes, Keys(directory, (c.dn for c in changes)))
    return faults or [Fault(_STEP, sentence) for sentence in _differences(after, again)][:1]


def _differences(after: Directory, again: Directory) -> Iterator[str]:
    yield from _of_unreadable(after, again)
    if after.entries.num_rows != again.entries.num_rows:
        yield f"{after.entries.num_rows} entries became {again.entries.num_rows}"
        return
    # What has no DN is named by its values, which are compared below.
    named = np.array([source.has_dn for source in after.sources], dtype=np.bool_)
    there = named[columns.integers(after.entries["source"])]
    for column in ("dn", "label"):
        before, now = (columns.only(columns.whole(d.entries[column]), there) for d in (after, again))
        for row in _first(before, now):
            yield f"the entry {before[row]} has become {now[row]}"
    names = {
        name.lower() for d in (after, again) for name in columns.whole(d.values["attribute"]).dictionary.to_pylist()
    }
    for attribute in sorted(names):
        (before, of_before), (now, of_now) = (_held(d, attribute, len(again.sources)) for d in (after, again))
        if not np.array_equal(of_before, of_now):
            yield f"not the same entries have {attribute}"
        else:
            for row in _first(before, now):
                dn = after.entries["dn"][int(of_now[row])]
                yield f'{attribute} of {dn} is "{now[row]}" and not "{before[row]}"'


def _of_unreadable(after: Directory, again: Directory) -> Iterator[str]:
    paths = {source.path for source in again.sources}
    before, now = (
        sorted((u.where.path, u.dn, u.attribute) for u in d.unreadable if u.where.path in paths) for d in (after, again)
    )
    if before != now:
        yield f"{len(before)} places could not be read, and now it is others: {len(now)}"


def _held(directory: Directory, attribute: str, sources: int) -> tuple[Strings, NDArray[np.int64]]:
    """The values of the attribute in the first sources, and their entries."""
    table = directory.values_of(attribute)
    exported = columns.integers(table["source"]) < sources
    return columns.only(columns.whole(table["value"]), exported), columns.integers(table["entry"])[exported]


def _first(before: Strings, now: Strings) -> list[int]:
    """The first place where the two columns of one length differ; none where they do not."""
    if before.equals(now):
        return []
    pairs = zip(columns.texts(before), columns.texts(now), strict=True)
    return [next(row for row, (old, new) in enumerate(pairs) if old != new)]
