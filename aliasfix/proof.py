"""The proof: the very bytes of the change files, applied to the exports in memory, do what the accepted rows say.

It knows nothing of how names were made or files were written (ENGINE.md, Proof; P1 to P6 below).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.engine.keys import keyed
from aliasfix.engine.survey import survey
from aliasfix.ldap import changes, dn
from aliasfix.text import spreadsheet
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.survey import Survey
    from aliasfix.ldap.changes import Modify
    from aliasfix.plan import Memory, Plan, Row
    from aliasfix.ruleset import Ruleset

_SHOWN = 5

Change = tuple[str, str, bytes, bytes]  # DN key, attribute in lower case, old, new


@dataclass(frozen=True, slots=True)
class Fault:
    """A step of the proof that fails, by name, and a sentence that says where."""

    step: str  # "readable", "rows", "guard", "cure", "fresh", "undo"
    sentence: str


@dataclass(frozen=True)
class Proof:
    """What was proved, or why it was not."""

    faults: tuple[Fault, ...]
    changed: int  # values
    holding: int  # values of all namespaces that are unique and valid after the changes
    left: int  # values that stay in a clash or break a rule

    @property
    def holds(self) -> bool:
        """Whether every step went through."""
        return not self.faults


def prove(directory: Directory, plan: Plan, files: Mapping[str, bytes], ruleset: Ruleset, memory: Memory) -> Proof:
    """Prove the change files of a plan against the exports it was made from.

    ``files`` as the writer names them; of several plans' files the first of each kind is meant.
    """
    accepted = plan.accepted
    takes_ldif = _ldif_takers(directory, ruleset)
    by_ldap = [_change(r) for r in accepted if takes_ldif(r)]
    by_hand = [_change(r) for r in accepted if not takes_ldif(r)]
    try:
        forth = changes.parse(_file(files, ".ldif")) if by_ldap else ()
        back = changes.parse(_file(files, ".rollback.ldif")) if by_ldap else ()
        mapped = _mapped(_file(files, ".map.csv")) if accepted else []
        imports = [_imported(files[n]) for n in sorted(files) if n.endswith((".import.csv", ".import.rollback.csv"))]
    except (changes.ChangeError, _MissingError, ValueError, KeyError) as e:
        return Proof((Fault("readable", str(e)),), 0, 0, 0)
    faults = [
        *_compared("changes", _flat(forth), by_ldap),
        *_compared("rollback", _flat(back), _inverse(by_ldap)),
        *_compared("map", mapped, [*by_ldap, *by_hand]),
        *_once(forth),
        *(
            f
            for n, told in zip(("import", "import rollback"), imports, strict=False)
            for f in _within(n, told, accepted)
        ),
    ]
    if faults:
        return Proof(tuple(faults), 0, 0, 0)
    return _applied(directory, plan, [*_flat(forth), *by_hand], [*_flat(back), *_inverse(by_hand)], ruleset, memory)


def prove_changes(
    directory: Directory, forth: Sequence[Modify], back: Sequence[Modify] | None, ruleset: Ruleset, memory: Memory
) -> Proof:
    """Prove change records alone, without the plan that they come from: every step but "rows"."""
    faults = _once(forth)
    if faults:
        return Proof(tuple(faults), 0, 0, 0)
    return _applied(directory, None, _flat(forth), None if back is None else _flat(back), ruleset, memory)


def states(directory: Directory, forth: Sequence[Modify]) -> list[tuple[str, str]]:
    """For each change in order: ``done`` (only the new value is there), ``open`` (only the old one) or ``moved``.

    The second of each pair tells the change in words.
    """
    done = _flat(forth)
    places = _places(directory, done)
    found = []
    for change in done:
        old, new = (bool(places.get((*change[:2], value))) for value in change[2:])
        state = {(True, False): "open", (False, True): "done"}.get((old, new), "moved")
        found.append((state, _told(change)))
    return found


def _applied(
    directory: Directory,
    plan: Plan | None,
    forth: Sequence[Change],
    back: Sequence[Change] | None,
    ruleset: Ruleset,
    memory: Memory,
) -> Proof:
    after, at, faults = _apply(directory, forth)
    if faults:
        return Proof(tuple(faults), 0, 0, 0)
    seen, then = survey(directory, ruleset), survey(after, ruleset)
    faults = [
        *_cure(seen, then, set(at), after, plan),
        *_fresh(directory, after, set(at), ruleset, memory),
    ]
    if back is not None:
        undone, _, again = _apply(after, back)
        faults += [Fault("undo", f.sentence) for f in again]
        if not again and not _same_values(directory, undone):
            faults.append(Fault("undo", "the rollback does not give back the values of the exports"))
    total = sum(len(n.rows.entry) for n in then.namespaces)
    bad = sum(len(n.clashes.row) for n in then.namespaces) + len(_errors(then))
    return Proof(tuple(faults), len(forth), total - bad, bad)


class _MissingError(Exception):
    """A change file is not there."""


def _ldif_takers(directory: Directory, ruleset: Ruleset) -> Callable[[Row], bool]:
    """Entries without a DN, or under one that no directory serves, are in the map only."""
    named = {s.path: s.has_dn for s in directory.sources}
    bases = [dn.key(n.dn_under) for n in ruleset.no_ldap]
    return lambda row: named[row.source] and not any(dn.under(dn.key(row.dn), base) for base in bases)


def _file(files: Mapping[str, bytes], ending: str) -> bytes:
    """The file with this ending; ``.ldif`` is not ``.rollback.ldif``."""
    for name in sorted(files):
        if name.endswith(ending) and (ending != ".ldif" or not name.endswith(".rollback.ldif")):
            return files[name]
    raise _MissingError(f"there is no *{ending}")


def _mapped(raw: bytes) -> list[Change]:
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    read = spreadsheet.unguarded
    return [
        (dn.key(read(r["dn"])), read(r["attribute"]).lower(), read(r["old"]).encode(), read(r["new"]).encode())
        for r in rows
    ]


def _imported(raw: bytes) -> list[tuple[str, str]]:
    """Directory Name and alias of each row of an Administrator import file."""
    rows = csv.DictReader(io.StringIO(raw.decode("cp1252"), newline=""))
    return [(r["Directory Name"], r["Alias Name"]) for r in rows if r["Mode"] == "Modify"]


def _within(name: str, told: Iterable[tuple[str, str]], accepted: Iterable[Row]) -> list[Fault]:
    """The Administrator import file says nothing that the accepted rows do not say."""
    forth = name == "import"
    said = Counter((dn.rdn(r.dn)[0][1], r.new if forth else r.old) for r in accepted)
    return [
        Fault("rows", f'the {name} file gives "{alias}" to {entry}, which no accepted row says')
        for entry, alias in sorted((Counter(told) - said).elements())[:_SHOWN]
    ]


def _inverse(done: Iterable[Change]) -> list[Change]:
    return [(key, attribute, new, old) for key, attribute, old, new in done]


def _flat(records: Iterable[Modify]) -> list[Change]:
    return [(dn.key(m.dn), s.attribute.lower(), s.old, s.new) for m in records for s in m.swaps]


def _change(row: Row) -> Change:
    return (dn.key(row.dn), row.attribute.lower(), row.old.encode(), row.new.encode())


def _compared(name: str, found: Iterable[Change], expected: Iterable[Change]) -> list[Fault]:
    """P2. The records are the accepted rows, as multisets, in exact octets, both ways."""
    have, want = Counter(found), Counter(expected)
    return [
        *(Fault("rows", f"the {name} file lacks {_told(c)}") for c in _some(want - have)),
        *(Fault("rows", f"the {name} file has {_told(c)}, which no accepted row says") for c in _some(have - want)),
    ]


def _once(records: Iterable[Modify]) -> list[Fault]:
    """One record for each entry: two might be applied apart."""
    several = [key for key, n in Counter(dn.key(m.dn) for m in records).items() if n > 1]
    return [Fault("rows", f"{key} has more than one record") for key in sorted(several)[:_SHOWN]]


def _some(found: Counter[Change]) -> list[Change]:
    return sorted(found.elements())[:_SHOWN]


def _told(change: Change) -> str:
    key, attribute, old, new = change
    return (
        f'{attribute} "{old.decode(errors="backslashreplace")}" -> "{new.decode(errors="backslashreplace")}" of {key}'
    )


def _places(directory: Directory, done: Sequence[Change]) -> dict[tuple[str, str, bytes], list[int]]:
    """Where the values of these entries stand: DN key, attribute in lower case, octets -> rows of ``values``."""
    keys = columns.whole(directory.entries.column("key"))
    hits = np.flatnonzero(columns.is_in(keys, {c[0] for c in done}))
    named = dict(zip(hits.tolist(), columns.texts(columns.take(keys, hits)), strict=True))
    entry = columns.integers(directory.values.column("entry"))
    rows = np.flatnonzero(np.isin(entry, hits))
    attributes = columns.texts(columns.take(columns.whole(directory.values.column("attribute")), rows))
    values = columns.texts(columns.take(columns.whole(directory.values.column("value")), rows))
    places: dict[tuple[str, str, bytes], list[int]] = {}
    for row, holder, attribute, value in zip(rows.tolist(), entry[rows].tolist(), attributes, values, strict=True):
        places.setdefault((named[holder], attribute.lower(), value.encode()), []).append(row)
    return places


def _apply(directory: Directory, done: Sequence[Change]) -> tuple[Directory, NDArray[np.int64], list[Fault]]:
    """P3. Each old value is there exactly once; the directory with the new ones, and their rows in ``values``."""
    places = _places(directory, done)
    new: dict[int, str] = {}
    faults: list[Fault] = []
    for change in done:
        there = places.get(change[:3], [])
        if len(there) != 1:
            times = f"{len(there)} times" if there else "not"
            faults.append(Fault("guard", f"the old value is {times} in the exports: {_told(change)}"))
        elif there[0] in new:
            faults.append(Fault("guard", f"the old value is deleted twice: {_told(change)}"))
        elif (text := _text(change[3])) is None:
            faults.append(Fault("guard", f"the new value is not UTF-8: {_told(change)}"))
        else:
            new[there[0]] = text
    at = np.array(sorted(new), dtype=np.int64)
    mask = np.zeros(directory.values.num_rows, dtype=np.bool_)
    mask[at] = True
    column = columns.whole(directory.values.column("value"))
    value = columns.laid_over(column, mask, columns.strings(new[i] for i in at.tolist()))
    table = directory.values.set_column(directory.values.schema.get_field_index("value"), "value", value)
    return replace(directory, values=table), at, faults[:_SHOWN]


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _cure(before: Survey, after: Survey, at: set[int], directory: Directory, plan: Plan | None) -> Iterator[Fault]:
    """P4. Nothing is found that was not found before; what remains touches no change, and the plan lists it as left."""
    changed = _holders(directory, at)
    left = {r.group for r in plan.left} if plan else None
    for was, now in zip(before.namespaces, after.namespaces, strict=True):
        held: dict[str, set[int]] = {}
        for number, row in zip(was.clashes.clash.tolist(), was.clashes.row.tolist(), strict=True):
            held.setdefault(was.clashes.keys[number], set()).add(int(was.rows.entry[row]))
        names = now.namespace.attributes
        values = columns.texts(columns.take(now.rows.value, now.clashes.row))
        for number, row, value in zip(now.clashes.clash.tolist(), now.clashes.row.tolist(), values, strict=True):
            key = now.clashes.keys[number]
            entry = int(now.rows.entry[row])
            if entry not in held.get(key, ()):
                yield Fault("cure", f'the new value "{value}" clashes')
            elif (entry, names[int(now.rows.attribute[row])], value) in changed:
                yield Fault("cure", f'the new value "{value}" still clashes')
            elif left is not None and f"{now.namespace.name}:{key}" not in left:
                yield Fault("cure", f'the clash of "{value}" remains, and the plan does not list it as left')
    old = _errors(before)
    for fault in sorted(_errors(after) - old):
        yield Fault("cure", f'the new value "{fault[2]}" breaks a rule: {fault[3]}')


def _errors(found: Survey) -> set[tuple[int, str, str, str]]:
    return {(b.entry, b.check.attribute, b.value, b.message) for b in found.broken if b.check.severity == "error"}


def _holders(directory: Directory, at: set[int]) -> set[tuple[int, str, str]]:
    """Entry, attribute and value in these rows of ``values``."""
    table = directory.values.take(pa.array(sorted(at), type=pa.int64()))
    return set(
        zip(
            table.column("entry").to_pylist(),
            table.column("attribute").to_pylist(),
            table.column("value").to_pylist(),
            strict=True,
        )
    )


def _fresh(before: Directory, after: Directory, at: set[int], ruleset: Ruleset, memory: Memory) -> Iterator[Fault]:
    """P5. New keys are distinct, and nobody else's: not in the exports, not reserved, not in earlier maps."""
    changed = _holders(after, at)
    for namespace in ruleset.namespaces:
        equality = namespace.naming
        reserved = {fold(name, equality) for name in memory.reserved}
        held: dict[str, set[str]] = {}
        for holder, name in memory.held:
            held.setdefault(fold(name, equality), set()).add(holder)
        now = keyed(after, ruleset, namespace, equality)
        values = columns.texts(now.value)
        mine = [
            i
            for i, (e, a, v) in enumerate(zip(now.entry.tolist(), now.attribute.tolist(), values, strict=True))
            if (e, namespace.attributes[a], v) in changed
        ]
        keys = columns.texts(columns.take(now.key, np.array(mine, dtype=np.int64)))
        counted = Counter(keys)
        was = keyed(before, ruleset, namespace, equality)
        rows = np.flatnonzero(columns.is_in(was.key, set(keys)))
        owners: dict[str, set[int]] = {}
        for key, entry in zip(columns.texts(columns.take(was.key, rows)), was.entry[rows].tolist(), strict=True):
            owners.setdefault(key, set()).add(entry)
        dn_keys = columns.whole(after.entries.column("key"))
        for i, key in zip(mine, keys, strict=True):
            entry, bare = int(now.entry[i]), fold(values[i], equality)
            if counted[key] > 1:
                yield Fault("fresh", f'the new value "{values[i]}" is given twice')
            elif owners.get(key, {entry}) != {entry}:
                yield Fault("fresh", f'the new value "{values[i]}" was somebody else\'s')
            elif bare in reserved:
                yield Fault("fresh", f'the new value "{values[i]}" is reserved')
            elif held.get(bare, set()) - {dn_keys[entry].as_py()}:
                yield Fault("fresh", f'the new value "{values[i]}" was somebody else\'s before')


def _same_values(before: Directory, undone: Directory) -> bool:
    """P6. After the rollback every value is as exported."""
    return bool(columns.whole(before.values.column("value")).equals(columns.whole(undone.values.column("value"))))
