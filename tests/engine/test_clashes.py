"""Clashes: who holds a key, and by which of their values they are spoken of."""

from __future__ import annotations

import numpy as np

from aliasfix import columns
from aliasfix.engine import clashes
from aliasfix.engine.keys import Keyed


def _keyed(*values: tuple[int, str]) -> Keyed:
    """Entry and value of each row; the key is the value in lower case."""
    entry = np.array([e for e, _ in values], dtype=np.int64)
    texts = columns.strings(text for _, text in values)
    zeros = np.zeros(len(values), dtype=np.int64)
    return Keyed(zeros, entry, texts, columns.lowered(texts), zeros, zeros)


def _told(rows: Keyed) -> list[tuple[str, int, str, bool]]:
    """Of each holder the key, the entry, the value, and whether the entry holds the key twice."""
    found = clashes.find(rows)
    values = columns.texts(columns.take(rows.value, found.row))
    holders = zip(found.clash.tolist(), rows.entry[found.row].tolist(), values, found.twice.tolist(), strict=True)
    return sorted((found.keys[number], entry, value, twice) for number, entry, value, twice in holders)


def test_an_entry_that_holds_a_key_twice_is_spoken_of_by_the_first_spelling() -> None:
    rows = [(0, "user"), (0, "USER"), (0, "User"), (1, "user"), (2, "pat"), (2, "Pat"), (3, "dan")]
    expected = [("user", 0, "USER", True), ("user", 1, "user", False)]

    assert expected == _told(_keyed(*rows))
    assert expected == _told(_keyed(*reversed(rows)))


def test_many_entries_may_hold_their_own_key_twice() -> None:
    rows = [(entry, text) for entry in range(100_000) for text in (f"u{entry}", f"U{entry}")]

    assert [("u7", 7, "U7", True), ("u7", 100_000, "u7", False)] == _told(_keyed(*rows, (100_000, "u7")))
