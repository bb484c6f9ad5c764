"""One namespace and its plan, asked about one name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine import checks, codes
from aliasfix.engine.explanation import Held, Holder, Name, Try
from aliasfix.engine.fields import Fields
from aliasfix.engine.keys import group, having, key_of, keyed
from aliasfix.engine.occupants import occupants, tries
from aliasfix.text import ladder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.keys import Keyed
    from aliasfix.engine.propose import Part
    from aliasfix.plan import Memory, Row
    from aliasfix.ruleset import Namespace, Ruleset

    Place = tuple[int, str, str]  # entry, attribute, value

_LAST = 1 << 62  # behind every row of the plan


@dataclass(frozen=True)
class Space:
    """A namespace of a directory.

    ``part`` is what the plan makes of it, None where there is no plan; ``faults`` are the rules that values break.
    """

    directory: Directory
    ruleset: Ruleset
    memory: Memory
    namespace: Namespace
    part: Part | None
    faults: Mapping[tuple[str, str, str, str], tuple[str, ...]]  # by label, DN, attribute and value

    def names(self, fields: Fields) -> list[str]:
        """The names of these entries, one of each key."""
        found: dict[str, str] = {}
        for attribute in self.namespace.attributes:
            for value in sorted(value for values in fields.values(attribute) for value in values):
                found.setdefault(key_of(value, self.namespace, self.namespace.equality), value)
        return list(found.values())

    def explained(self, name: str) -> Name:
        """The name as this namespace sees it."""
        hits = having(self._rows, self.namespace, key_of(name, self.namespace, self.namespace.equality))
        held = self._held(hits)
        inside = {(h.dn, h.label, h.attribute, h.value) for each in held for h in each.holders}
        there = occupants([name], self.directory, self.namespace, self.memory, self._planned)[name]
        besides = tuple(
            o
            for o in there
            if o.how == "alike" or (o.how == "held" and (o.dn, o.label, o.attribute, o.value) not in inside)
        )
        if held:
            return Name(name, self.namespace.name, held, besides, "", ())
        obstacles = tuple(o for o in there if o.how not in ("alike", "held"))
        return Name(name, self.namespace.name, (), besides, self._objection(name), obstacles)

    @cached_property
    def _rows(self) -> Keyed:
        return keyed(self.directory, self.ruleset, self.namespace, self.namespace.equality)

    @cached_property
    def _planned(self) -> tuple[Row, ...]:
        return self.part.rows if self.part else ()

    @cached_property
    def _row(self) -> dict[tuple[str, str, str, str], tuple[int, Row]]:
        """The plan's rows and their numbers, by identity."""
        return {row.identity: (i, row) for i, row in enumerate(self._planned) if row.code != codes.REFERENCE.code}

    @cached_property
    def _subject(self) -> dict[Place, int]:
        """The plan's subjects by entry, attribute and value."""
        if self.part is None:
            return {}
        of = self.part.subjects
        return {place: s for s, place in enumerate(zip(of.entry.tolist(), of.attribute, of.value, strict=True))}

    def _objection(self, name: str) -> str:
        return checks.objection(self.ruleset, self.namespace.attributes[0], name) if name else "it is empty"

    def _held(self, hits: NDArray[np.int64]) -> tuple[Held, ...]:
        """The holders in these rows, key by key."""
        rows, names = self._rows, self.namespace.attributes
        fields = Fields(self.directory, self.ruleset, np.unique(rows.entry[hits]))
        found = [(key, (entry, names[attribute], value)) for entry, attribute, value, key in rows.at(hits)]
        subjects = [self._subject.get(place, -1) for _, place in found]
        tried = self._tried([s for s in subjects if s >= 0])
        of_key: dict[str, list[tuple[tuple[object, ...], int, Holder]]] = {}
        for (key, place), s, row in zip(found, subjects, hits.tolist(), strict=True):
            holder = self._holder(place, row, fields, tried.get(s, ()))
            number, _ = self._row.get((holder.label, holder.dn, holder.attribute, holder.value), (_LAST, None))
            order = (number, holder.dn, holder.label, holder.attribute, holder.value, holder.source, holder.line)
            of_key.setdefault(key, []).append((order, place[0], holder))
        return tuple(self._of_key(key, sorted(of, key=lambda each: each[0])) for key, of in sorted(of_key.items()))

    def _of_key(self, key: str, found: Sequence[tuple[tuple[object, ...], int, Holder]]) -> Held:
        name = group(self.namespace, key)
        holders = tuple(holder for _, _, holder in found)
        return Held(
            group=name,
            holders=holders,
            clash=self.namespace.within != "allowed" and len({entry for _, entry, _ in found}) > 1,
            criteria=self._criteria(key),
            references=tuple(r for r in self._planned if r.code == codes.REFERENCE.code and r.group == name),
        )

    def _holder(self, place: Place, row: int, fields: Fields, tried: tuple[Try, ...]) -> Holder:
        entry, attribute, value = place
        at = int(np.searchsorted(fields.entries, entry))
        _, told = self._row.get((fields.label[at], fields.dn[at], attribute, value), (0, None))
        return Holder(
            dn=fields.dn[at],
            label=fields.label[at],
            kind=fields.kind[at],
            site=fields.site[at],
            mail=fields.field("mail")[at],
            attribute=attribute,
            value=value,
            source=self.directory.sources[int(self._rows.source[row])].path,
            line=int(self._rows.line[row]),
            faults=self.faults.get((fields.label[at], fields.dn[at], attribute, value), ()),
            says=tuple(_says(self.ruleset, fields, at, attribute, value)),
            row=told,
            tried=tried,
        )

    def _tried(self, subjects: Sequence[int]) -> dict[int, tuple[Try, ...]]:
        """What the naming tried for each of the subjects, and who was in the way."""
        if self.part is None:
            return {}
        told = {s: self.part.names[s].tried for s in subjects if s in self.part.names}
        beside = self.ruleset.beside
        known = tries(list(told.values()), self.directory, self.namespace, beside, self.memory, self.part.rows)
        return dict(zip(told, known, strict=True))

    def _criteria(self, key: str) -> tuple[str, ...]:
        if self.part is None:
            return ()
        of, order = self.part.subjects, self.part.order
        here = np.array([s for s, own in enumerate(of.key) if own == key and of.clash[s] >= 0], dtype=np.int64)
        if len(here) < 2:  # noqa: PLR2004 - a clash has two holders
            return ()
        here = here[np.lexsort([rank[here] for rank in reversed(order.ranks)])]
        (decided,) = order.deciding(here[:1], here[1:2])
        return order.names[: order.names.index(decided) + 1]


def _says(ruleset: Ruleset, fields: Fields, at: int, attribute: str, value: str) -> Iterator[str]:
    """What the holder says at the doors, each once; it is the alias that opens them."""
    is_alias = attribute in {source.attribute for source in ruleset.fields["alias"]}
    doors = [opening for opening in ruleset.opens if is_alias and fields.kind[at] in opening.kinds]
    templates = dict.fromkeys(template for opening in doors for template in opening.by)
    values = {name: fields.field(name)[at] for t in templates for name in ladder.fields_of(t)} | {"alias": value}
    yield from dict.fromkeys(filter(None, (ladder.fill(template, values) for template in templates)))
