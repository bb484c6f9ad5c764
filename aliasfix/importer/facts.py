"""Facts: CSV lists beside the exports, which say of their entries what the directory itself does not tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.directory import VALUES, Directory
from aliasfix.importer import fact_lists
from aliasfix.importer.assemble import GUIDS
from aliasfix.text.equality import fold
from aliasfix.text.parts import PARTS, address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aliasfix.importer.fact_lists import Fact, FactList
    from aliasfix.ruleset import Ruleset

    Spot = tuple[str, int]  # attribute, entry

_SHOWN = 10  # rows of one kind


@dataclass(frozen=True, slots=True)
class Joined:
    """The directory with what the lists add to it, and what a person must be warned of: sentences."""

    directory: Directory
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one row says of one attribute of an entry."""

    values: tuple[str, ...]
    source: int
    line: int


def join(directory: Directory, paths: Sequence[str], ruleset: Ruleset, encoding: str = "") -> Joined:
    """Add the values of the lists to the entries that have none of their attribute.

    A row is of the one entry with its ``objectGUID``; else with its mail address, primary in the ruleset's field
    ``mail``; else with its account, the value of the ruleset's field ``account`` or, without a domain, that field.
    The directory must hold ``GUIDS`` where it is to be found by them. What the exports say stays; names come from the
    exports alone. Where two rows differ about an entry, neither is taken, so that no order of rows or files matters.

    Each list is a source of the directory; its entries are the rows that are of one.

    Raises:
        InputError: a file can't be read, has no column to find entries by, or none that the ruleset reads.

    """
    lists = [fact_lists.read(path, ruleset, encoding) for path in sorted(set(paths))]
    index = _Index(directory, ruleset, lists)
    told: dict[Spot, list[_Told]] = {}
    said: list[str] = []
    sources = []
    for number, found in enumerate(lists, len(directory.sources)):
        joined = 0
        astray: list[str] = []
        for fact in found.facts:
            entry, why = index.entry(fact)
            if why:
                astray.append(f"{found.source.path}:{fact.line}: {why}")
                continue
            joined += 1
            for attribute, values in fact.values.items():
                told.setdefault((attribute, entry), []).append(_Told(values, number, fact.line))
        said += [*found.said, *_first(astray, f"more rows of {found.source.path} are of no one entry")]
        sources.append(replace(found.source, entries=joined))
    both = replace(directory, sources=(*directory.sources, *sources))
    new, differing = _new(both, told)
    return Joined(_with(both, new), (*said, *differing))


class _Index:
    """Entries by what the lists name them by."""

    def __init__(self, directory: Directory, ruleset: Ruleset, lists: Sequence[FactList]) -> None:
        asked = {kind: {f.keys[kind] for found in lists for f in found.facts if kind in f.keys} for kind in _KINDS}
        self._entries: dict[str, dict[str, set[int]]] = {kind: {} for kind in _KINDS}
        self._guid: dict[int, set[str]] = {}
        for attribute in GUIDS:
            self._learn("objectGUID", directory, attribute, lambda v: v, asked["objectGUID"])
        for source in ruleset.fields["mail"]:
            self._learn("mail", directory, source.attribute, _mail_by(PARTS[source.part]), asked["mail"])
        for source in ruleset.fields["account"]:
            for part in dict.fromkeys(("whole", source.part)):
                self._learn("account", directory, source.attribute, _folded_by(PARTS[part]), asked["account"])
        self._identified = {e for attribute in GUIDS for e in columns.integers(directory.values_of(attribute)["entry"])}

    def _learn(
        self, kind: str, directory: Directory, attribute: str, key: Callable[[str], str], asked: set[str]
    ) -> None:
        table = directory.values_of(attribute)
        if not asked or not table.num_rows:
            return
        keys = columns.mapped(columns.whole(table["value"]), key)
        rows = np.flatnonzero(columns.is_in(keys, asked))
        entries = columns.integers(table["entry"])[rows].tolist()
        for entry, found in zip(entries, columns.texts(columns.take(keys, rows)), strict=True):
            self._entries[kind].setdefault(found, set()).add(entry)

    def entry(self, fact: Fact) -> tuple[int, str]:
        """The entry of the row, or why there is none."""
        for kind in _KINDS:
            found = self._entries[kind].get(fact.keys.get(kind, ""), set())
            if "objectGUID" in fact.keys and kind != "objectGUID":
                found = found - self._identified  # they have another GUID, and only the name is the same
            if len(found) > 1:
                return -1, f'{len(found)} entries have the {kind} "{fact.cells[kind]}"'
            if found:
                return min(found), ""
        if not fact.keys:
            return -1, "the row fills no column by which its entry could be found"
        keys = [f'the {kind} "{cell}"' for kind, cell in fact.cells.items()]
        return -1, f"no entry has {' or '.join(keys)}"


_KINDS = fact_lists.KEYS


def _mail_by(part: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: fold(address(part(value)), "rfc4518")


def _folded_by(part: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: fold(part(value), "rfc4518")


def _first(sentences: Sequence[str], what: str) -> Iterator[str]:
    yield from sentences[:_SHOWN]
    if len(sentences) > _SHOWN:
        yield f"{len(sentences) - _SHOWN} {what}"


def _new(directory: Directory, told: dict[Spot, list[_Told]]) -> tuple[list[tuple[Spot, _Told]], list[str]]:
    """What the exports lack and the rows agree upon; and a sentence for each that counts what else they say."""
    exported: dict[Spot, list[str]] = {}
    for attribute in sorted({attribute for attribute, _ in told}):
        table = directory.values_of(attribute)
        entries = columns.integers(table["entry"])
        at = np.flatnonzero(np.isin(entries, [entry for name, entry in told if name == attribute]))
        values = columns.texts(columns.take(columns.whole(table["value"]), at))
        for entry, value in zip(entries[at].tolist(), values, strict=True):
            exported.setdefault((attribute, entry), []).append(value)
    new: list[tuple[Spot, _Told]] = []
    kept: dict[int, int] = {}
    torn: list[str] = []
    for spot, rows in sorted(told.items(), key=lambda item: item[0]):
        if spot in exported:
            for row in rows:
                kept[row.source] = kept.get(row.source, 0) + (_plain(row.values) != _plain(exported[spot]))
        elif len({tuple(_plain(row.values)) for row in rows}) > 1:
            where = " and ".join(f"{directory.sources[r.source].path}:{r.line}" for r in rows[:2])
            dn = directory.entries["dn"][spot[1]].as_py()
            torn.append(f"{where}: they differ about the {spot[0]} of {dn}, so neither is taken")
        else:
            new.append((spot, rows[0]))
    said = [
        f"{directory.sources[source].path}: values that the exports say otherwise, which stays: {count}"
        for source, count in sorted(kept.items())
        if count
    ]
    return new, [*_first(torn, "more values are told in two ways"), *said]


def _plain(values: Sequence[str]) -> list[str]:
    return sorted(fold(value, "rfc4518") for value in values)


def _with(directory: Directory, new: Sequence[tuple[Spot, _Told]]) -> Directory:
    """The directory with the new values, each where its attribute and entry are."""
    added = [(*spot, value, row.source, row.line) for spot, row in new for value in row.values]
    if not added:
        return directory
    table = pa.table([list(column) for column in zip(*added, strict=True)], schema=VALUES)
    values = pa.concat_tables([directory.values, table]).unify_dictionaries().combine_chunks()
    attribute = columns.whole(values["attribute"])
    names = columns.ranks(attribute.dictionary)[columns.integers(attribute.indices)]
    order = np.lexsort((columns.integers(values["entry"]), names))
    return replace(directory, values=values.take(pa.array(order)))
