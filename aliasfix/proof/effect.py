"""What the changes do to the exports: applied (P3), checked from scratch (P4, P5) and taken back (P6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aliasfix import columns
from aliasfix.engine.fields import Fields
from aliasfix.engine.keys import group, held
from aliasfix.ldap import dn
from aliasfix.plan import holder
from aliasfix.proof.terms import Change, Fault
from aliasfix.text.equality import fold
from aliasfix.text.parts import address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliasfix.directory import Directory
    from aliasfix.engine.survey import Survey, Surveyed
    from aliasfix.plan import Memory, Plan
    from aliasfix.proof.terms import Keys
    from aliasfix.ruleset import Namespace, Ruleset

Value = tuple[int, str, str]  # entry, attribute, value


class Swapped(NamedTuple):
    """A value of an entry that gave way to another."""

    entry: int
    attribute: str
    old: str
    new: str


class Places:
    """Where the values of the changed entries stand in the exports."""

    def __init__(self, directory: Directory, changes: Sequence[Change], keys: Keys) -> None:
        known = _entries(directory, "key")
        hits = np.flatnonzero(columns.is_in(known, {keys[c.dn] for c in changes}))
        named = dict(zip(hits.tolist(), columns.texts(columns.take(known, hits)), strict=True))
        self._keys = keys
        self._labels = dict(
            zip(hits.tolist(), columns.texts(columns.take(_entries(directory, "label"), hits)), strict=True)
        )
        self._rows: dict[tuple[str, str, bytes], list[int]] = {}
        self._values: dict[int, Value] = {}
        for name in sorted({c.attribute.lower() for c in changes}):
            run = directory.rows_of(name)
            table = directory.values.slice(run.start, len(run))
            entry = columns.integers(table.column("entry"))
            rows = np.flatnonzero(np.isin(entry, hits))
            attributes = columns.texts(columns.take(columns.whole(table.column("attribute")), rows))
            values = columns.texts(columns.take(columns.whole(table.column("value")), rows))
            for row, owner, attribute, value in zip(
                rows.tolist(), entry[rows].tolist(), attributes, values, strict=True
            ):
                self._rows.setdefault((named[owner], name, value.encode()), []).append(run.start + row)
                self._values[run.start + row] = (owner, attribute, value)

    def of(self, change: Change, value: bytes) -> list[int]:
        """The rows of ``values`` where the entry of the change has this value."""
        rows = self._rows.get((self._keys[change.dn], change.attribute.lower(), value), [])
        return [row for row in rows if change.label in (None, self._labels[self._values[row][0]])]

    def at(self, row: int) -> Value:
        """What stands in a row of ``values``."""
        return self._values[row]


def applied(
    directory: Directory, changes: Sequence[Change], keys: Keys
) -> tuple[Directory, list[Swapped], list[Fault]]:
    """P3. Each old value is there exactly once and gives way to the new one, as a server would do it."""
    places = Places(directory, changes, keys)
    new: dict[int, str] = {}
    faults: list[Fault] = []
    for change in changes:
        there = places.of(change, change.old)
        if why := _refused(change, there, new):
            faults.append(Fault("guard", f"{why}: {change}"))
        else:
            new[there[0]] = change.new.decode()
    at = sorted(new)
    mask = np.zeros(directory.values.num_rows, dtype=np.bool_)
    mask[at] = True
    column = columns.whole(directory.values.column("value"))
    value = columns.laid_over(column, mask, columns.strings(new[row] for row in at))
    table = directory.values.set_column(directory.values.schema.get_field_index("value"), "value", value)
    return replace(directory, values=table), [Swapped(*places.at(row), new[row]) for row in at], faults


def _refused(change: Change, there: Sequence[int], done: dict[int, str]) -> str:
    if len(there) != 1:
        return (
            f"the exports have the old value {len(there)} times under this DN"
            if there
            else "the old value is not in the exports"
        )
    if there[0] in done:
        return "the old value is deleted twice"
    if not change.new:
        return "the new value is empty"
    try:
        change.new.decode()
    except UnicodeDecodeError:
        return "the new value is not UTF-8"
    if dn.in_rdn(change.dn, change.attribute, change.old.decode()):
        return "the old value is part of the DN, from which no server deletes it (RFC 4511 section 4.6)"
    return ""


def cured(
    before: Survey, after: Survey, swapped: Sequence[Swapped], directory: Directory, plan: Plan | None
) -> Iterator[Fault]:
    """P4. Nothing is found that was not found before; what remains touches no change, and the plan lists it as left."""
    changed = {(s.entry, s.attribute, s.new) for s in swapped}
    for s in swapped:
        if s.new == s.old:
            yield Fault("cure", f'the change of "{s.old}" changes nothing')
    for was, now in zip(before.namespaces, after.namespaces, strict=True):
        yield from _unclashed(was, now, changed, directory, plan if now.namespace.renames else None)
    yield from _mended(before, after, changed, directory, plan)


def _unclashed(
    was: Surveyed, now: Surveyed, changed: set[Value], directory: Directory, plan: Plan | None
) -> Iterator[Fault]:
    holders: dict[str, set[int]] = {}
    for number, row in zip(was.clashes.clash.tolist(), was.clashes.row.tolist(), strict=True):
        holders.setdefault(was.clashes.keys[number], set()).add(int(was.rows.entry[row]))
    entries = now.rows.entry[now.clashes.row]
    values = columns.texts(columns.take(now.rows.value, now.clashes.row))
    attributes = now.rows.attribute[now.clashes.row].tolist()
    left = {(r.group, r.label, r.dn) for r in plan.left} if plan else None
    unlisted: Counter[str] = Counter()
    for number, (label, name), entry, attribute, value in zip(
        now.clashes.clash.tolist(), _names(directory, entries), entries.tolist(), attributes, values, strict=True
    ):
        key = now.clashes.keys[number]
        if entry not in holders.get(key, ()):
            new = (entry, now.namespace.attributes[attribute], value) in changed
            told = f'the new value "{value}" clashes' if new else f'"{value}" clashes with a new value'
            yield Fault("cure", told)
        elif (entry, now.namespace.attributes[attribute], value) in changed:
            yield Fault("cure", f'the new value "{value}" still clashes')
        elif left is not None and (group(now.namespace, key), label, name) not in left:
            unlisted[key] += 1
            if unlisted[key] > 1:  # one is the keeper
                yield Fault("cure", f'the clash of "{value}" remains, and the plan does not list {name} as left')


def _mended(
    before: Survey, after: Survey, changed: set[Value], directory: Directory, plan: Plan | None
) -> Iterator[Fault]:
    old = _errors(before)
    errors = sorted(_errors(after))
    names = _names(directory, np.array([e[0] for e in errors], dtype=np.int64))
    left = {r.identity for r in plan.left} if plan else None
    renamed = [n for n in after.namespaces if n.namespace.renames and errors]
    planned = [(n.namespace.attributes, set(n.rows.entry.tolist())) for n in renamed]
    for error, name in zip(errors, names, strict=True):
        entry, attribute, value, why = error
        if error not in old or error[:3] in changed:
            yield Fault("cure", f'the new value "{value}" breaks a rule: {why}')
        elif (
            left is not None
            and (*name, attribute, value) not in left
            and any(attribute in attributes and entry in entries for attributes, entries in planned)
        ):
            yield Fault("cure", f'"{value}" still breaks a rule ({why}), and the plan does not list {name[1]} as left')


def _errors(found: Survey) -> set[tuple[int, str, str, str]]:
    return {(b.entry, b.check.attribute, b.value, b.message) for b in found.broken if b.check.severity == "error"}


def _names(directory: Directory, entries: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[tuple[str, str]]:
    """Label and DN of each entry."""
    label, name = (columns.texts(columns.take(_entries(directory, column), entries)) for column in ("label", "dn"))
    return list(zip(label, name, strict=True))


def _entries(directory: Directory, column: str) -> columns.Strings:
    return columns.whole(directory.entries.column(column))


def fresh(
    before: Directory, after: Directory, swapped: Sequence[Swapped], ruleset: Ruleset, memory: Memory
) -> Iterator[Fault]:
    """P5. New keys are distinct, and nobody's: not in the exports, not reserved, not in earlier maps."""
    judged: set[Swapped] = set()
    for namespace in (*ruleset.namespaces, *ruleset.beside):
        keys = _keys(after, swapped, namespace)
        judged |= keys.keys()
        yield from _unheld(before, keys, namespace)
        if namespace.renames:
            yield from _unremembered(before, keys, namespace, memory)
    for attribute in sorted({s.attribute for s in swapped if s not in judged}):
        space = ruleset.space(attribute)
        if ruleset.names(attribute) or not (len(space.attributes) > 1 or attribute in ruleset.rules):
            yield from (_unjudged(s) for s in swapped if s not in judged and s.attribute == attribute)
            continue
        given = _keys(after, [s for s in swapped if s.attribute in space.attributes], space)
        own = {s: key for s, key in given.items() if s.attribute == attribute}
        yield from _not_twice(before, own, space)
        if ruleset.must_differ(attribute):
            yield from _unequal(before, given, space, attribute)
            yield from _unremembered(before, own, space, memory)
    yield from _unaddressed(before, swapped, ruleset)


def _keys(after: Directory, swapped: Sequence[Swapped], namespace: Namespace) -> dict[Swapped, str]:
    """The keys of the new values that belong to the namespace."""
    rows = held(after, namespace, namespace.naming)
    at = np.flatnonzero(np.isin(rows.entry, [s.entry for s in swapped]))
    found = {(entry, namespace.attributes[attribute], value): key for entry, attribute, value, key in rows.at(at)}
    keys = {s: found.get((s.entry, s.attribute, s.new)) for s in swapped}
    return {s: key for s, key in keys.items() if key is not None}


def _unheld(before: Directory, keys: dict[Swapped, str], namespace: Namespace) -> Iterator[Fault]:
    rows = held(before, namespace, namespace.naming)
    at = np.flatnonzero(columns.is_in(rows.key, set(keys.values())))
    holders: dict[str, set[Value]] = {}
    for entry, attribute, value, key in rows.at(at):
        holders.setdefault(key, set()).add((entry, namespace.attributes[attribute], value))
    given = Counter(keys.values())
    for s, key in keys.items():
        others = holders.get(key, set()) - {(s.entry, s.attribute, s.old)}
        if given[key] > 1:
            yield Fault("fresh", f'the new value "{s.new}" is given twice')
        elif any(entry != s.entry for entry, _, _ in others):
            yield Fault("fresh", f'the new value "{s.new}" was somebody else\'s')
        elif others and namespace.renames:  # elsewhere an entry may have it in another attribute
            yield Fault("fresh", f'the new value "{s.new}" is one that the entry has already')


def _unjudged(s: Swapped) -> Fault:
    return Fault("fresh", f'the new value "{s.new}" is in no namespace, so nothing shows that it may be given')


def _unequal(before: Directory, keys: dict[Swapped, str], space: Namespace, attribute: str) -> Iterator[Fault]:
    """Where values must differ: nobody else's, before or after."""
    holders: dict[str, set[int]] = {}
    for (entry, _, _), key in _held_before(before, keys, space):
        holders.setdefault(key, set()).add(entry)
    given: dict[str, set[int]] = {}
    for s, key in keys.items():
        given.setdefault(key, set()).add(s.entry)
    for s, key in keys.items():
        if s.attribute != attribute:
            continue
        if holders.get(key, set()) - {s.entry}:
            yield Fault("fresh", f'the new value "{s.new}" was somebody else\'s')
        elif given[key] - {s.entry}:
            yield Fault("fresh", f'the new value "{s.new}" is given twice')


def _not_twice(before: Directory, keys: dict[Swapped, str], space: Namespace) -> Iterator[Fault]:
    """No entry gets one value of an attribute twice, nor one that it has already."""
    held_already: dict[tuple[int, str, str], set[str]] = {}
    for (entry, attribute, value), key in _held_before(before, keys, space):
        held_already.setdefault((entry, attribute, key), set()).add(value)
    given = Counter((s.entry, s.attribute, key) for s, key in keys.items())
    for s, key in keys.items():
        if given[s.entry, s.attribute, key] > 1:
            yield Fault("fresh", f'the new value "{s.new}" is given twice')
        elif held_already.get((s.entry, s.attribute, key), set()) - {s.old}:
            yield Fault("fresh", f'the new value "{s.new}" is one that the entry has already')


def _held_before(before: Directory, keys: dict[Swapped, str], space: Namespace) -> Iterator[tuple[Value, str]]:
    """The values that have one of these keys."""
    rows = held(before, space, space.naming)
    for entry, a, value, key in rows.at(np.flatnonzero(columns.is_in(rows.key, set(keys.values())))):
        yield (entry, space.attributes[a], value), key


def _unremembered(before: Directory, keys: dict[Swapped, str], namespace: Namespace, memory: Memory) -> Iterator[Fault]:
    equality = namespace.naming
    reserved = {fold(name, equality) for name in memory.reserved}
    earlier: dict[str, set[str]] = {}
    for who, name in memory.held:
        earlier.setdefault(fold(name, equality), set()).add(who)
    entries = np.array([s.entry for s in keys], dtype=np.int64)
    labels, names = (columns.texts(columns.take(_entries(before, column), entries)) for column in ("label", "key"))
    for s, who in zip(keys, map(holder, labels, names), strict=True):
        bare = keys[s]
        if bare in reserved:
            yield Fault("fresh", f'the new value "{s.new}" is reserved')
        elif earlier.get(bare, set()) - {who}:
            yield Fault("fresh", f'the new value "{s.new}" was somebody else\'s before')


def _unaddressed(before: Directory, swapped: Sequence[Swapped], ruleset: Ruleset) -> Iterator[Fault]:
    """The address that a policy makes of a new name is nobody else's either."""
    named = [s for s in swapped if ruleset.policies and ruleset.names(s.attribute)]
    fields = Fields(before, ruleset, np.unique(np.array([s.entry for s in named], dtype=np.int64)))
    domains = dict(zip(fields.entries.tolist(), fields.policy_domain, strict=True)) if named else {}
    made = {s: f"{s.new}@{domains[s.entry]}" for s in named if domains[s.entry]}
    if not made:
        return
    space = ruleset.addresses
    keys = {s: fold(made[s], space.naming) for s in made}
    rows = held(before, space, space.naming)
    holders: dict[str, set[int]] = {}
    for entry, _, _, key in rows.at(np.flatnonzero(columns.is_in(rows.key, set(keys.values())))):
        holders.setdefault(key, set()).add(entry)
    given: dict[str, set[int]] = {}
    for s in swapped:
        if s in made or s.attribute in space.attributes:
            key = keys[s] if s in made else fold(address(s.new), space.naming)
            given.setdefault(key, set()).add(s.entry)
    for s, key in keys.items():
        told = f'the address "{made[s]}", which a policy makes of the new value "{s.new}",'
        if holders.get(key, set()) - {s.entry}:
            yield Fault("fresh", f"{told} was somebody else's")
        elif given[key] - {s.entry}:
            yield Fault("fresh", f"{told} is given twice")


def undone(before: Directory, after: Directory, changes: Sequence[Change], keys: Keys) -> Iterator[Fault]:
    """P6. After the rollback every value is as exported."""
    back, _, faults = applied(after, changes, keys)
    for fault in faults:
        yield Fault("undo", fault.sentence)
    values = (columns.whole(d.values.column("value")) for d in (before, back))
    if not faults and not next(values).equals(next(values)):
        yield Fault("undo", "the rollback does not give back the values of the exports")


def counted(after: Survey) -> tuple[int, int]:
    """How many values of the namespaces are unique and valid, and how many are not."""
    errors = {(entry, attribute, value) for entry, attribute, value, _ in _errors(after)}
    total = bad = 0
    for now in (n for n in after.namespaces if n.namespace.renames):
        wrong = columns.is_in(now.rows.key, now.clashes.keys)
        suspects = np.flatnonzero(np.isin(now.rows.entry, [entry for entry, _, _ in errors]) & ~wrong)
        values = columns.texts(columns.take(now.rows.value, suspects))
        names = now.namespace.attributes
        for row, value in zip(suspects.tolist(), values, strict=True):
            wrong[row] = (int(now.rows.entry[row]), names[int(now.rows.attribute[row])], value) in errors
        total += len(wrong)
        bad += int(wrong.sum())
    return total - bad, bad
