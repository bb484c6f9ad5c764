"""Entries that stand in several exports, or twice in one, become one; where they differ a person must say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.directory import ENTRIES, VALUES, Directory, Source
from aliasfix.errors import InputError, Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.importer.assemble import Extract

    Integers = NDArray[np.int64]


def merge(sources: Sequence[Source], extracts: Sequence[Extract]) -> Directory:
    """One directory of all exports, in the order of the sources.

    Occurrences are one entry when their objectGUID or entryUUID agree, else when their DN keys agree within one label.
    An occurrence that has neither GUID nor DN, but msExchMailboxGuid, belongs to the one entry that has it too. What
    they all have must agree; the values are united. The first occurrence with a real DN, in the order of the sources,
    gives place and DN.

    Raises:
        InputError: two occurrences of one entry differ.

    """
    seen = _Occurrences.of(sources, extracts)
    groups = _groups(seen)
    return _directory(seen, groups, _united(groups, seen))


def spread(sources: Sequence[Source], extracts: Sequence[Extract]) -> Directory:
    """The same entries with the values of every occurrence, each at its own place."""
    seen = _Occurrences.of(sources, extracts)
    return _directory(seen, _groups(seen), np.ones(seen.values.num_rows, dtype=np.bool_))


def _directory(seen: _Occurrences, groups: Sequence[Sequence[int]], kept: NDArray[np.bool_]) -> Directory:
    """The entries, and those of the values that are kept."""
    alone = np.ones(len(seen.source), dtype=np.bool_)
    for group in groups:
        alone[group[1:]] = False
    number = np.cumsum(alone) - 1
    for group in groups:
        number[group[1:]] = number[group[0]]
    entries = seen.entries if alone.all() else seen.entries.filter(pa.array(alone))
    source = seen.source[alone]
    labels = pa.array([s.label for s in seen.sources], pa.string())
    return Directory(
        tuple(seen.sources),
        pa.table(
            [
                entries["dn"],
                entries["key"],
                labels.take(pa.array(source)),
                pa.array(source, pa.int32()),
                entries["line"],
            ],
            schema=ENTRIES,
        ),
        _values(seen, groups, number, kept),
        tuple(u for extract in seen.extracts for u in extract.unreadable),
    )


@dataclass(frozen=True)
class _Occurrences:
    """The occurrences of all exports, one after the other, and their values, export by export."""

    sources: Sequence[Source]
    extracts: Sequence[Extract]
    entries: pa.Table
    source: Integers
    values: pa.Table
    starts: Integers  # the first occurrence of each export

    @classmethod
    def of(cls, sources: Sequence[Source], extracts: Sequence[Extract]) -> _Occurrences:
        sizes = [e.entries.num_rows for e in extracts]
        starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        return cls(
            sources,
            extracts,
            pa.concat_tables([e.entries for e in extracts]).combine_chunks(),
            np.repeat(np.arange(len(extracts), dtype=np.int64), sizes),
            pa.concat_tables([e.values for e in extracts]),
            starts,
        )

    @cached_property
    def owner(self) -> Integers:
        """The occurrence of each value."""
        sizes = [e.values.num_rows for e in self.extracts]
        return columns.integers(self.values["entry"]) + np.repeat(self.starts[:-1], sizes)

    def where(self, occurrence: int) -> Where:
        return Where(self.sources[self.source[occurrence]].path, self.entries["line"][occurrence].as_py())

    def text(self, column: str, occurrence: int) -> str:
        return str(self.entries[column][occurrence].as_py())

    def label(self, occurrence: int) -> str:
        return self.sources[int(self.source[occurrence])].label

    def has_dn(self, occurrence: int) -> bool:
        return self.sources[int(self.source[occurrence])].has_dn


class _Sets:
    """Disjoint sets of occurrences; the smallest number stands for its set."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def find(self, member: int) -> int:
        parent = self._parent.setdefault(member, member)
        while parent != member:
            self._parent[member] = self._parent[parent]
            member, parent = parent, self._parent[parent]
        return member

    def join(self, members: Sequence[int]) -> None:
        roots = {self.find(m) for m in members}
        for r in roots:
            self._parent[r] = min(roots)

    def sets(self) -> list[list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for member in sorted(self._parent):
            found[self.find(member)].append(member)
        return [members for members in found.values() if len(members) > 1]


def _groups(seen: _Occurrences) -> list[list[int]]:
    """The sets of two or more occurrences that are one entry, each with the one that stands for it first."""
    sets = _Sets()
    for members in _shared(seen, "guid"):
        sets.join(members)
    for alike in _shared(seen, "key"):
        for members in _by_label(alike, seen):
            named = {seen.text("guid", m): m for m in reversed(members)}
            named.pop("", None)
            if len(named) > 1:
                a, b = sorted(named.values())[:2]
                raise _conflict(seen, a, b, "objectGUID", (seen.text("guid", a), seen.text("guid", b)))
            sets.join(members)
    for members in _shared(seen, "mailbox"):
        known = {sets.find(m) for m in members if seen.text("guid", m) or seen.has_dn(m)}
        if len(known) <= 1:
            sets.join(members)
    return [sorted(group, key=lambda m: (not seen.has_dn(m), m)) for group in sets.sets()]


def _shared(seen: _Occurrences, column: str) -> list[list[int]]:
    """The occurrences of each value of the column, the empty one aside, that two or more have."""
    texts = columns.whole(seen.entries[column])
    empty = columns.empty(texts)
    filled = np.flatnonzero(~empty)
    if not len(filled):
        return []
    texts = columns.only(texts, ~empty)
    several = columns.shared(texts)
    found: defaultdict[int, list[int]] = defaultdict(list)
    numbers, _ = columns.codes(columns.take(texts, several))
    for number, at in zip(numbers.tolist(), filled[several].tolist(), strict=True):
        found[number].append(at)
    return [found[number] for number in sorted(found)]


def _by_label(members: Sequence[int], seen: _Occurrences) -> list[list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for member in members:
        found[seen.label(member)].append(member)
    return [alike for alike in found.values() if len(alike) > 1]


def _united(groups: Sequence[Sequence[int]], seen: _Occurrences) -> NDArray[np.bool_]:
    """Which values stay: of each attribute those of the first occurrence of the entry that has it."""
    kept = np.ones(seen.values.num_rows, dtype=np.bool_)
    if not groups:
        return kept
    held = _held(groups, seen)
    for group in groups:
        _same_dn(group, seen)
        first: dict[str, int] = {}
        for member in group:
            for attribute, rows in held[member].items():
                holder = first.setdefault(attribute, member)
                if holder != member:
                    _same_values(attribute, (holder, member), held, seen)
                    kept[list(rows)] = False
    return kept


def _held(groups: Sequence[Sequence[int]], seen: _Occurrences) -> dict[int, dict[str, dict[int, str]]]:
    """What the occurrences of the groups hold: occurrence -> attribute -> row of the values -> value."""
    members = [m for group in groups for m in group]
    held: dict[int, dict[str, dict[int, str]]] = {m: {} for m in members}
    rows = np.flatnonzero(np.isin(seen.owner, members))
    chosen = seen.values.select(["attribute", "value"]).take(pa.array(rows))
    attributes, texts = (c.to_pylist() for c in chosen.columns)
    for row, owner, attribute, text in zip(rows.tolist(), seen.owner[rows].tolist(), attributes, texts, strict=True):
        held[owner].setdefault(attribute, {})[row] = text
    return held


def _same_dn(group: Sequence[int], seen: _Occurrences) -> None:
    first = group[0]
    for member in group[1:]:
        if seen.has_dn(member) and seen.text("key", member) != seen.text("key", first):
            raise _conflict(seen, first, member, "dn", (seen.text("dn", first), seen.text("dn", member)))


def _same_values(
    attribute: str, pair: tuple[int, int], held: Mapping[int, Mapping[str, Mapping[int, str]]], seen: _Occurrences
) -> None:
    a, b = (sorted(held[m][attribute].values()) for m in pair)
    if a != b and not any(attribute.lower() in seen.extracts[seen.source[m]].partial for m in pair):
        raise _conflict(seen, *pair, attribute, (", ".join(a), ", ".join(b)))


def _conflict(seen: _Occurrences, a: int, b: int, attribute: str, said: tuple[str, str]) -> InputError:
    first, second = sorted((a, b))
    values = said if first == a else said[::-1]
    sentence = (
        f'the entry "{seen.text("dn", first)}" stands here with {attribute} "{values[0]}" '
        f'and at {seen.where(second)} with "{values[1]}"'
    )
    same_guid = seen.text("guid", a) and seen.text("guid", a) == seen.text("guid", b)
    if seen.source[a] == seen.source[b]:
        hint = "one export holds an entry once: export it again"
    elif same_guid or seen.label(a) != seen.label(b):
        hint = "one was exported later than the other: give only the newer export"
    else:
        hint = "give only the newer export, or, if they come from different forests, tell them apart: --label FILE=NAME"
    return InputError(sentence, where=seen.where(first), hint=hint)


def _values(seen: _Occurrences, groups: Sequence[Sequence[int]], number: Integers, kept: NDArray[np.bool_]) -> pa.Table:
    """The values that are kept, by attribute and entry."""
    if len(seen.extracts) == 1 and not groups:
        source = pa.repeat(pa.scalar(0, pa.int32()), seen.values.num_rows)
        return seen.values.add_column(VALUES.get_field_index("source"), VALUES.field("source"), source)
    entry = number[seen.owner]
    rows = np.flatnonzero(kept)
    table = pa.table(
        [
            seen.values["attribute"].unify_dictionaries(),
            pa.array(entry, pa.int32()),
            seen.values["value"],
            pa.array(seen.source[seen.owner], pa.int32()),
            seen.values["line"],
        ],
        schema=VALUES,
    )
    attribute = columns.whole(table["attribute"])
    names = columns.ranks(attribute.dictionary)[columns.integers(attribute.indices)]
    return table.take(pa.array(rows[np.lexsort((entry[rows], names[rows]))]))
