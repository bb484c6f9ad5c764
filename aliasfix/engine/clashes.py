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
    keys: list[str]  # by number of the clash


def find(rows: Keyed) -> Clashes:
    """O(N): number the keys, count them, look closer at those that occur more than once."""
    number, words = columns.codes(rows.key)
    repeated = np.flatnonzero(np.bincount(number, minlength=len(words))[number] > 1)
    repeated = repeated[_shared(number[repeated], rows.entry[repeated])]
    pair = number[repeated] * (int(rows.entry.max(initial=0)) + 1) + rows.entry[repeated]
    # Of several values of one entry with one key the first by its text, whatever the order of the export.
    order = np.lexsort((columns.ranks(columns.take(rows.value, repeated)), pair))
    _, first, count = np.unique(pair[order], return_index=True, return_counts=True)
    row = repeated[order[first]]
    held = np.unique(number[row])
    keys = columns.take(words, held)
    place = np.zeros(len(words), dtype=np.int64)
    place[held] = columns.ranks(keys)
    return Clashes(row, place[number[row]], count > 1, sorted(columns.texts(keys)))


def _shared(number: NDArray[np.int64], entry: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where more than one entry has the number. Most addresses stand in two attributes of one entry and in no other."""
    first = np.full(int(number.max(initial=0)) + 1, -1, dtype=np.int64)
    first[number] = entry
    other = np.zeros(len(first), dtype=np.bool_)
    other[number[first[number] != entry]] = True
    return other[number]
