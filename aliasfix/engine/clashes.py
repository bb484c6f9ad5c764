"""Clashes: keys that two or more entries hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aliasfix.engine.keys import Keyed


@dataclass(frozen=True)
class Clashes:
    """The holders in all clashes of one namespace, one row for each (clash, entry)."""

    row: NDArray[np.int64]  # into Keyed: the entry's first value with the key
    clash: NDArray[np.int64]  # number of the clash, by key in code point order
    twice: NDArray[np.bool_]  # the entry holds the key in more than one value
    within: NDArray[np.bool_]  # another entry holds the key in the attribute of ``row``
    across: NDArray[np.bool_]  # another entry holds it in other attributes than this one does
    keys: list[str]  # by number of the clash


def find(rows: Keyed, *, alone: bool = False) -> Clashes:
    """O(N): number the keys, count them, look closer at those that occur more than once.

    Of several values with the key an entry is spoken of by one that another entry has too in its attribute, or,
    ``alone``, by one that none has there.
    """
    number, words = columns.codes(rows.key)
    repeated = np.flatnonzero(np.bincount(number, minlength=len(words))[number] > 1)
    repeated = repeated[_shared(number[repeated], rows.entry[repeated])]
    pair = number[repeated] * (int(rows.entry.max(initial=0)) + 1) + rows.entry[repeated]
    attributes = int(rows.attribute.max(initial=0)) + 1
    within = _shared(number[repeated] * attributes + rows.attribute[repeated], rows.entry[repeated])
    # And of these by the first by its text, whatever the order of the export.
    order = np.lexsort((columns.ranks(columns.take(rows.value, repeated)), within == alone, pair))
    _, first, count = np.unique(pair[order], return_index=True, return_counts=True)
    masks = np.bitwise_or.reduceat(1 << rows.attribute[repeated[order]], first) if len(first) else first
    row = repeated[order[first]]
    clash, within = number[row], within[order[first]]
    held = np.unique(clash)
    keys = columns.take(words, held)
    place = np.zeros(len(words), dtype=np.int64)
    place[held] = columns.ranks(keys)
    clash = place[clash]
    return Clashes(row, clash, count > 1, within, _shared(clash, masks), sorted(columns.texts(keys)))


def _shared(number: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where the number comes with several others. Most addresses are in two attributes of one entry and in no other."""
    first = np.full(int(number.max(initial=0)) + 1, -1, dtype=np.int64)
    first[number] = other
    several = np.zeros(len(first), dtype=np.bool_)
    several[number[first[number] != other]] = True
    return several[number]
