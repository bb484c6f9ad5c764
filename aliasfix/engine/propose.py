"""The proposal: from a directory to a plan in which every clash has a keeper and everybody else a new name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import codes, keepers, naming
from aliasfix.engine.fields import Fields
from aliasfix.engine.keys import folded, group, held, scope_of
from aliasfix.engine.notes import note, noted
from aliasfix.engine.shadows import shadows
from aliasfix.engine.standing import IN_DN, TWICE, named, standing
from aliasfix.engine.survey import survey
from aliasfix.errors import UsageError
from aliasfix.plan import Plan, Row, holder
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.checks import Broken
    from aliasfix.engine.standing import Chosen, Standing
    from aliasfix.engine.survey import Survey, Surveyed
    from aliasfix.plan import Memory, Role, Wishes
    from aliasfix.ruleset import Ruleset
    from aliasfix.text import ladder


@dataclass(slots=True)
class _Fate:
    """What becomes of one subject."""

    role: Role
    group: str
    code: str
    reason: str
    keeper: int = -1  # its position among the subjects; -1: none
    named: naming.Named | None = None


def propose(directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes, why: str = "") -> Plan:
    """Who keeps, who gets which new name, who can't be helped, and what only a person can say.

    ``why`` tells why this ruleset was chosen. Equal exports, ruleset, memory and wishes give equal rows, in any order
    of files and rows.

    Raises:
        UsageError: the wishes name an entry that is in none of the exports, or the ruleset is for checks only.

    """
    if ruleset.check_only:
        raise UsageError(ruleset.check_only, hint="aliasfix check shows what is wrong in them")
    seen = survey(directory, ruleset)
    chosen = named(directory, ruleset, wishes)
    in_clashes = np.zeros(directory.entries.num_rows, dtype=np.int64)
    for n in seen.namespaces:
        np.add.at(in_clashes, n.rows.entry[n.clashes.row], 1)
    renamed: set[int] = set()
    rows: list[Row] = []
    for surveyed in seen.namespaces:
        part = _Namespace(directory, ruleset, wishes, chosen, surveyed, seen, in_clashes, renamed)
        part.decide_roles()
        part.name(memory)
        rows.extend(part.rows())
        renamed |= part.renamed()
    return Plan(
        rows=tuple(rows),
        ruleset=ruleset.name,
        why=why,
        sources=directory.sources,
        entries=directory.entries.num_rows,
    )


class _Namespace:
    """The proposal for one namespace."""

    def __init__(
        self,
        directory: Directory,
        ruleset: Ruleset,
        wishes: Wishes,
        chosen: Chosen,
        surveyed: Surveyed,
        seen: Survey,
        in_clashes: NDArray[np.int64],
        renamed: set[int],
    ) -> None:
        self.directory, self.ruleset, self.wishes = directory, ruleset, wishes
        self.surveyed, self.namespace = surveyed, surveyed.namespace
        self.faults = _faults(seen, self.namespace.attributes)
        row, clash, twice = _subject_rows(surveyed, self.faults)
        keyed_rows = surveyed.rows
        self.twice: list[bool] = twice.tolist()
        self.source: list[int] = keyed_rows.source[row].tolist()
        self.line: list[int] = keyed_rows.line[row].tolist()
        entry = keyed_rows.entry[row]
        self.fields = Fields(directory, ruleset, np.unique(entry))
        at = np.searchsorted(self.fields.entries, entry)
        self.at: list[int] = at.tolist()
        self.entry = entry.tolist()
        self.value = columns.texts(columns.take(keyed_rows.value, row))
        self.key = columns.texts(columns.take(keyed_rows.key, row))
        self.attribute = [self.namespace.attributes[a] for a in keyed_rows.attribute[row].tolist()]
        self.fault = [self.faults.get(t) for t in zip(self.entry, self.attribute, self.value, strict=True)]
        self.standing: Standing = standing(self.fields, ruleset, wishes, chosen)
        broken = np.array([f is not None for f in self.fault], dtype=np.bool_)
        self.subjects = keepers.Subjects(
            at=at,
            clash=clash,
            clashes=in_clashes[entry],
            broken=broken | np.isin(entry, np.fromiter(renamed, np.int64, len(renamed))),
            attribute=self.attribute,
            value=self.value,
            key=folded(columns.strings(self.value), "rfc4518"),
            group=columns.strings(self.key),
        )
        self.order = keepers.order(self.subjects, self.fields, self.standing, ruleset)
        self.shadows = shadows(self.fields, ruleset, self.at, clash.tolist())
        self.fates: list[_Fate] = []
        self.ladders: dict[str, ladder.Ladder] = {}
        self.asked: dict[str, tuple[str, ...]] = {}
        self.codes = self.fields.site_code(wishes.site_codes)

    def decide_roles(self) -> None:
        """Keeper, rename, repair, decide or blocked, clash by clash."""
        within = self.order.within(self.subjects.clash)
        clash = self.subjects.clash[within]
        starts = np.flatnonzero(np.concatenate(([True], clash[1:] != clash[:-1]))) if len(clash) else clash
        clashes = [holders.tolist() for holders in np.split(within, starts[1:])] if len(clash) else []
        fates: dict[int, _Fate] = {}
        if clashes and clash[0] < 0:
            fates.update((s, self._alone(s)) for s in clashes.pop(0))
        pairs = np.array([holders[:2] for holders in clashes], dtype=np.int64).reshape(-1, 2)
        for holders, criterion in zip(clashes, self.order.deciding(pairs[:, 0], pairs[:, 1]), strict=True):
            self._clash(holders, criterion, fates)
        self.fates = [fates[s] for s in range(len(self.value))]

    def _alone(self, s: int) -> _Fate:
        """A value that nobody else holds and that breaks a rule."""
        fault = self.fault[s]
        assert fault is not None  # noqa: S101 - subjects outside clashes are the broken ones
        if obstacle := self._obstacle(s):
            return _Fate("blocked", self._group(s), fault.code.code, obstacle)
        return _Fate("repair", self._group(s), fault.code.code, fault.message)

    def _clash(self, members: list[int], criterion: str, fates: dict[int, _Fate]) -> None:
        first, second = members[0], members[1]
        clash_name = self._group(first)
        code = codes.DUPLICATE.code
        if self.fault[first]:
            fates[first] = self._alone(first)
            whose = f"{self._dn(first)} goes first"
        else:
            why = keepers.reason(criterion, self.at[first], self.at[second], self.fields, self.standing, self.order)
            fates[first] = _Fate("keep", clash_name, code, f"keeps the name: {why}")
            whose = f"{self._dn(first)} keeps the name: {why}"
        people: dict[tuple[str, str], int] = {}
        self._same_person(first, people)
        for s in members[1:]:
            twin = self._same_person(s, people)
            if obstacle := self._obstacle(s):
                fates[s] = _Fate("blocked", clash_name, code, obstacle, first)
            elif self.standing.pinned[self.at[s]]:
                fates[s] = _Fate("blocked", clash_name, code, f"--keep names it, but {whose}", first)
            elif s in self.shadows:
                fates[s] = _Fate("decide", clash_name, code, self.shadows[s], first)
            elif twin is not None:
                fates[s] = _Fate("decide", clash_name, code, f"looks like the same person as {twin}", first)
            else:
                fates[s] = _Fate("rename", clash_name, code, whose, first)

    def _same_person(self, s: int, people: dict[tuple[str, str], int]) -> str | None:
        """The DN of an earlier holder with the same account, SID or employee number, and which of them; else None."""
        found = None
        for name in self.ruleset.same_person:
            value = self.fields.field(name)[self.at[s]]
            if not value:
                continue
            earlier = people.setdefault((name, fold(value, "rfc4518")), s)
            if earlier != s and found is None:
                found = f"{self._dn(earlier)}: both have {name.replace('_', ' ')} {value}"
        return found

    def _obstacle(self, s: int) -> str:
        if why := self.standing.obstacle(self.at[s]):
            return why
        if self.order.in_dn[s]:
            return IN_DN
        return TWICE if self.twice[s] else ""

    def name(self, memory: Memory) -> None:
        """New names for renames, repairs and the decide rows that may become renames."""
        in_order = self.order.sorted().tolist()
        asking = [s for s in in_order if self.fates[s].role in ("rename", "repair", "decide")]
        rows = held(self.directory, self.namespace, self.namespace.naming)
        wanted = [self._wanted(s) for s in asking]
        for s, found in zip(asking, naming.assign(wanted, rows, self.namespace, memory, self.ruleset), strict=True):
            fate = self.fates[s]
            fate.named = found
            if not found.new:
                tried = "; ".join(found.tried)
                fate.role, fate.reason = "blocked", f"no free name: {tried}"

    def _wanted(self, s: int) -> naming.Wanted:
        at = self.at[s]
        fate = self.fates[s]
        kind = "repair" if fate.role == "repair" else self.fields.kind[at]
        steps = self._ladder(kind)
        values = {name: self.fields.field(name)[at] for name in self._asked(kind)}
        values.update(alias=self.value[s], site=self.codes[at])
        return naming.Wanted(
            entry=self.entry[s],
            holder=holder(self.fields.label[at], self.fields.dn_key[at]),
            attribute=self.attribute[s],
            old=self.value[s],
            ladder=steps,
            values=values,
            site=self.fields.named_site(at),
            same_site=fate.keeper >= 0 and self._beside(fate.keeper, at),
        )

    def _beside(self, keeper: int, at: int) -> bool:
        """Whether the first holder goes on holding the name, in the same site."""
        sites = (self.fields.site[self.at[keeper]], self.fields.site[at])
        return self.fates[keeper].role in ("keep", "blocked") and len({fold(s, "rfc4518") for s in sites}) == 1

    def _ladder(self, kind: str) -> ladder.Ladder:
        if kind not in self.ladders:
            steps = self.ruleset.compiled.get(kind) or self.ruleset.compiled["other"]
            self.ladders[kind] = _site_first(steps) if self.wishes.prefer_site else steps
        return self.ladders[kind]

    def _asked(self, kind: str) -> tuple[str, ...]:
        """The ruleset's fields that the ladder asks for."""
        if kind not in self.asked:
            names = {name for t in self._ladder(kind).rungs for name in t.fields}
            self.asked[kind] = tuple(sorted(names & set(self.ruleset.fields)))
        return self.asked[kind]

    def renamed(self) -> set[int]:
        """The entries that get a new name."""
        return {e for e, f in zip(self.entry, self.fates, strict=True) if f.role in ("rename", "repair")}

    def rows(self) -> Iterator[Row]:
        """By key; in a clash the keeper first, the others in order, then the references to the name."""
        place = np.empty(len(self.value), dtype=np.int64)
        place[self.order.sorted()] = np.arange(len(self.value))
        head = {f.keeper for f in self.fates}
        ordered = sorted(range(len(self.value)), key=lambda s: (self.key[s], s not in head, int(place[s])))
        references = self._references()
        for i, s in enumerate(ordered):
            yield self._row(s)
            if i + 1 == len(ordered) or self.key[ordered[i + 1]] != self.key[s]:
                yield from references.get(self.key[s], ())

    def _row(self, s: int) -> Row:
        at, fate = self.at[s], self.fates[s]
        found = fate.named or naming.Named()
        return Row(
            role=fate.role,
            decision="accept" if fate.role in ("rename", "repair") else "",
            code=fate.code,
            group=fate.group,
            dn=self.fields.dn[at],
            label=self.fields.label[at],
            kind=self.fields.kind[at],
            site=self.fields.site[at],
            attribute=self.attribute[s],
            old=self.value[s],
            new=found.new,
            reason=noted(fate.reason, note(self.fields, at, self.ruleset, self.value[s], found.new)),
            rung=found.rung,
            tried="; ".join(found.tried),
            mail=self.fields.field("mail")[at],
            source=self.directory.sources[self.source[s]].path,
            line=self.line[s],
        )

    def _references(self) -> dict[str, list[Row]]:
        """By key of the clash, the rows for entries that name somebody by it."""
        ambiguous = {k for k, f in zip(self.key, self.fates, strict=True) if f.role in ("rename", "decide")}
        bare = {k[len(scope_of(self.namespace, k)) :]: k for k in sorted(ambiguous)}
        found: dict[str, dict[tuple[str, str, str, str], Row]] = {}
        for reference in self.ruleset.references if ambiguous else ():
            table = self.directory.values_of(reference.attribute)
            keys = folded(columns.whole(table.column("value")), self.namespace.equality)
            hits = np.flatnonzero(columns.is_in(keys, bare))
            entries = columns.integers(table.column("entry"))[hits]
            fields = Fields(self.directory, self.ruleset, np.unique(entries))
            values = columns.texts(columns.take(columns.whole(table.column("value")), hits))
            sources = columns.integers(table.column("source"))[hits].tolist()
            lines = columns.integers(table.column("line"))[hits].tolist()
            for entry, key, value, source, line in zip(
                entries, columns.texts(columns.take(keys, hits)), values, sources, lines, strict=True
            ):
                at = int(np.searchsorted(fields.entries, entry))
                row = Row(
                    role="decide",
                    decision="",
                    code=codes.REFERENCE.code,
                    group=group(self.namespace, bare[key]),
                    dn=fields.dn[at],
                    label=fields.label[at],
                    kind=fields.kind[at],
                    site=fields.site[at],
                    attribute=reference.attribute,
                    old=value,
                    new="",
                    reason=f"{reference.text}: which one? It is never rewritten here",
                    rung="",
                    tried="",
                    mail=fields.field("mail")[at],
                    source=self.directory.sources[source].path,
                    line=line,
                )
                place = (fields.dn_key[at], fields.label[at], reference.attribute, value)
                found.setdefault(bare[key], {}).setdefault(place, row)
        return {key: [rows[place] for place in sorted(rows)] for key, rows in found.items()}

    def _dn(self, s: int) -> str:
        return self.fields.dn[self.at[s]]

    def _group(self, s: int) -> str:
        return group(self.namespace, self.key[s])


def _faults(seen: Survey, attributes: tuple[str, ...]) -> dict[tuple[int, str, str], Broken]:
    """The first error of each value of these attributes."""
    found: dict[tuple[int, str, str], Broken] = {}
    for b in seen.broken:
        if b.check.severity == "error" and b.check.attribute in attributes:
            found.setdefault((b.entry, b.check.attribute, b.value), b)
    return found


def _subject_rows(
    surveyed: Surveyed, faults: dict[tuple[int, str, str], Broken]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The rows of all holders in clashes, and of the broken values that are in none; their clash; held twice.

    No server gives a value twice in one entry, but a file can: it has one row.
    """
    rows, clashes = surveyed.rows, surveyed.clashes
    suspects = np.flatnonzero(np.isin(rows.entry, np.array(sorted({e for e, _, _ in faults}), dtype=np.int64)))
    names = surveyed.namespace.attributes
    values = columns.texts(columns.take(rows.value, suspects))
    places: dict[tuple[int, str, str], list[int]] = {}
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


def _site_first(steps: ladder.Ladder) -> ladder.Ladder:
    """The ladder with the rungs that hold the site before all others.

    The counting one too: where the site tells the two not apart, a name without it would depend on what else the export
    happens to hold (an Exchange 5.5 LDIF has the account only as a SID).
    """
    first = tuple(t for t in steps.rungs if "site" in t.fields)
    return replace(steps, rungs=(*first, *(t for t in steps.rungs if t not in first)))
