"""Occupants: who stands in the way of a name, by holding it, by having held it, or by being about to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from aliasfix import columns
from aliasfix.engine.explanation import How, Occupant, Try
from aliasfix.engine.keys import held, key_of
from aliasfix.engine.naming import OWN
from aliasfix.text.equality import fold
from aliasfix.text.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Memory, Row
    from aliasfix.ruleset import Namespace

_HOWS: tuple[How, ...] = get_args(How)
_LABEL_END = "\x1f"  # see aliasfix.plan.holder


def occupants(
    names: Iterable[str], directory: Directory, namespace: Namespace, memory: Memory, planned: Iterable[Row]
) -> dict[str, tuple[Occupant, ...]]:
    """Of each name everybody that stands in its way, in an order that comes from data alone.

    ``planned`` are the rows of a plan, whose new names are given away already.
    """
    asked = {name: key_of(name, namespace, namespace.naming) for name in names}
    found: dict[str, set[Occupant]] = {key: set() for key in asked.values()}
    if not found:
        return {}
    for key, occupant in _holders(directory, namespace, set(found)):
        found[key].add(occupant)
    for row in planned:
        if row.new and (key := key_of(row.new, namespace, namespace.naming)) in found:
            found[key].add(Occupant("proposed", row.new, row.dn, row.label, row.attribute, row.source, row.line))
    for name in memory.reserved:
        if (key := key_of(name, namespace, namespace.naming)) in found:
            found[key].add(Occupant("reserved", name))
    for holder, name in memory.held:
        if (key := key_of(name, namespace, namespace.naming)) in found:
            label, _, dn = holder.rpartition(_LABEL_END)
            found[key].add(Occupant("held before", name, dn, label))
    return {
        name: tuple(sorted((_how(o, name, namespace) for o in found[key]), key=_place)) for name, key in asked.items()
    }


def tries(
    told: Sequence[Sequence[str]],
    directory: Directory,
    namespace: Namespace,
    beside: Iterable[Namespace],
    memory: Memory,
    planned: Iterable[Row],
) -> list[tuple[Try, ...]]:
    """What the naming says it tried, each candidate with those who are in its way, in the namespaces beside it too."""
    split = [[_split(text) for text in texts] for texts in told]
    names = {candidate for texts in split for candidate, why in texts if candidate and why != OWN}
    by = occupants(names, directory, namespace, memory, planned)
    for other in beside:
        keys = {name: key_of(name, other, other.naming) for name in names}
        there: dict[str, set[Occupant]] = {}
        for key, occupant in _holders(directory, other, set(keys.values())):
            there.setdefault(key, set()).add(occupant)
        for name, key in keys.items():
            by[name] = tuple(sorted({*by[name], *there.get(key, ())}, key=_place))
    return [tuple(Try(candidate, why, by.get(candidate, ())) for candidate, why in texts) for texts in split]


def _split(text: str) -> tuple[str, str]:
    """Candidate and reason; a rung that does not apply, or a number of candidates left out, has no candidate."""
    candidate, colon, why = text.partition(": ")
    return (candidate, why) if colon and "{" not in candidate else ("", text)


def _holders(directory: Directory, namespace: Namespace, keys: set[str]) -> Iterator[tuple[str, Occupant]]:
    rows = held(directory, namespace, namespace.naming)
    hits = np.flatnonzero(columns.is_in(rows.key, keys))
    dns = columns.texts(columns.take(columns.whole(directory.entries.column("dn")), rows.entry[hits]))
    labels = columns.texts(columns.take(columns.whole(directory.entries.column("label")), rows.entry[hits]))
    paths = [source.path for source in directory.sources]
    for (_, attribute, value, key), dn, label, source, line in zip(
        rows.at(hits), dns, labels, rows.source[hits].tolist(), rows.line[hits].tolist(), strict=True
    ):
        yield key, Occupant("held", value, dn, label, namespace.attributes[attribute], paths[source], line)


def _how(occupant: Occupant, name: str, namespace: Namespace) -> Occupant:
    if occupant.how != "held":
        return occupant
    compared = PARTS[namespace.parts.get(occupant.attribute, "whole")](occupant.value)
    same = fold(compared, namespace.equality) == key_of(name, namespace, namespace.equality)
    return occupant if same else replace(occupant, how="alike")


def _place(occupant: Occupant) -> tuple[object, ...]:
    o = occupant
    return (_HOWS.index(o.how), o.dn, o.label, o.attribute, o.value, o.source, o.line)
