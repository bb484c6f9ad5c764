"""Findings: every broken rule at every value, with the place it was read from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import clashes, codes
from aliasfix.engine.fields import Fields
from aliasfix.engine.folding import folded
from aliasfix.engine.keys import group, keyed, scope_of
from aliasfix.engine.matching import matched
from aliasfix.engine.shadows import shadows
from aliasfix.engine.survey import survey, surveyed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.checks import Broken
    from aliasfix.engine.clashes import Clashes
    from aliasfix.engine.keys import Keyed
    from aliasfix.engine.survey import Survey, Surveyed
    from aliasfix.ruleset import Namespace, Ruleset, Severity

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one value."""

    code: str
    name: str
    severity: Severity
    source: str  # path of the export
    line: int
    dn: str
    label: str
    attribute: str
    value: str
    message: str
    group: str  # the clash: namespace and key; "" where the value stands alone


@dataclass(frozen=True)
class Findings:
    """All of them, in canonical order: code, group, DN, label, attribute, value."""

    rows: tuple[Finding, ...]

    def counts(self) -> dict[str, int]:
        """How many there are, by code, in the order of the codes."""
        return dict(sorted(Counter(f.code for f in self.rows).items()))


def check(directory: Directory, ruleset: Ruleset) -> Findings:
    """What is wrong in the directory, under this ruleset."""
    seen = survey(directory, ruleset)
    spaces = (*seen.namespaces, *(surveyed(directory, ruleset, n) for n in ruleset.unique))
    found = [f for n in spaces for f in _clashing(directory, ruleset, n, seen)]
    found += [f for n in spaces if n.namespace.also for f in _folded(directory, ruleset, n)]
    found += faults(directory, ruleset, seen.broken)
    return Findings(tuple(sorted(found, key=lambda f: (f.code, f.group, f.dn, f.label, f.attribute, f.value))))


def faults(directory: Directory, ruleset: Ruleset, broken: Iterable[Broken]) -> list[Finding]:
    """What is wrong with single values: those that break a rule, and those by which somebody else is found too."""
    dns, labels = _Texts(directory, "dn"), _Texts(directory, "label")
    found = [
        Finding(
            code=b.code.code,
            name=b.code.name,
            severity=b.check.severity,
            source=directory.sources[b.source].path,
            line=b.line,
            dn=dns[b.entry],
            label=labels[b.entry],
            attribute=b.check.attribute,
            value=b.value,
            message=b.message,
            group="",
        )
        for b in broken
    ]
    found += [
        Finding(
            code=codes.MATCHED.code,
            name=codes.MATCHED.name,
            severity="warning",
            source=directory.sources[m.source].path,
            line=m.line,
            dn=dns[m.entry],
            label=labels[m.entry],
            attribute=m.attribute,
            value=m.value,
            message=m.message,
            group="",
        )
        for m in matched(directory, ruleset)
    ]
    return found


class _Texts:
    """One column of the entries, read cell by cell."""

    def __init__(self, directory: Directory, column: str) -> None:
        self._cells = columns.whole(directory.entries.column(column))

    def __getitem__(self, entry: int) -> str:
        return self._cells[entry].as_py()  # type: ignore[no-any-return]


def _clashing(directory: Directory, ruleset: Ruleset, space: Surveyed, seen: Survey) -> Iterator[Finding]:
    """Of each holder in a clash one finding: the graver kind of clash that the namespace does not allow.

    What is a duplicate among the names that plans change is told there alone, and not across attributes too.
    """
    namespace, found = space.namespace, space.clashes
    within = found.within & (namespace.within != "allowed")
    across = found.across & ~within & (namespace.across != "allowed")
    if across.any() and not namespace.renames:
        duplicates = _duplicates(seen, namespace)
        known = [key[len(scope_of(namespace, key)) :] in duplicates for key in found.keys]
        across &= ~np.array(known, dtype=np.bool_)[found.clash]
    for told, code, severity in ((within, codes.DUPLICATE, namespace.within), (across, codes.ACROSS, namespace.across)):
        if severity != "allowed" and told.any():
            yield from _told(directory, ruleset, namespace, code, severity, found, space.rows, told)
    if namespace.same_entry == "clash":
        yield from _with_itself(directory, space)


def _duplicates(seen: Survey, beside: Namespace) -> set[str]:
    """The keys, as this namespace folds them, of the clashes in those that plans change and that it looks into."""
    found: set[str] = set()
    for n in seen.namespaces:
        if n.namespace.renames and not set(n.namespace.attributes).isdisjoint(beside.attributes):
            _, values = columns.codes(columns.take(n.rows.value, n.clashes.row))
            found |= set(columns.texts(folded(values, beside.equality)))
    return found


def _told(
    directory: Directory,
    ruleset: Ruleset,
    namespace: Namespace,
    code: codes.Code,
    severity: Severity,
    found: Clashes,
    rows: Keyed,
    told: NDArray[np.bool_],
) -> Iterator[Finding]:
    """A finding for each of the holders that are to be told of."""
    entries = rows.entry[found.row]
    numbers = found.clash.tolist()
    dns = columns.texts(columns.take(columns.whole(directory.entries.column("dn")), entries))
    labels = columns.texts(columns.take(columns.whole(directory.entries.column("label")), entries))
    values = columns.texts(columns.take(rows.value, found.row))
    attributes = [namespace.attributes[a] for a in rows.attribute[found.row].tolist()]
    holders: dict[int, list[tuple[str, str]]] = {}
    for number, dn, attribute in zip(numbers, dns, attributes, strict=True):
        holders.setdefault(number, []).append((dn, attribute))
    for some in holders.values():
        some.sort()
    fields = Fields(directory, ruleset, np.unique(entries))
    stand_for = shadows(fields, ruleset, np.searchsorted(fields.entries, entries).tolist(), numbers)
    for i in np.flatnonzero(told).tolist():
        row = int(found.row[i])
        message = _message(holders[numbers[i]], (dns[i], attributes[i]), code)
        yield Finding(
            code=code.code,
            name=code.name,
            severity=severity,
            source=directory.sources[int(rows.source[row])].path,
            line=int(rows.line[row]),
            dn=dns[i],
            label=labels[i],
            attribute=attributes[i],
            value=values[i],
            message="; ".join(filter(None, (message, stand_for.get(i)))),
            group=group(namespace, found.keys[numbers[i]]),
        )


def _message(holders: list[tuple[str, str]], own: tuple[str, str], code: codes.Code) -> str:
    others = [holder for holder in holders[: _SHOWN + 1] if holder != own][:_SHOWN]
    others = others or [own]  # the same DN under another label
    names = [dn if attribute == own[1] else f"{dn} ({attribute})" for dn, attribute in others]
    more = len(holders) - 1 - len(others)
    alike = "held, spelled alike," if code is codes.FOLDED else "held"
    return f"also {alike} by {' and '.join(names)}" + (f" and {more} more" if more > 0 else "")


def _with_itself(directory: Directory, space: Surveyed) -> Iterator[Finding]:
    """The entries that hold a key in several values, where that is no good."""
    namespace, rows = space.namespace, space.rows
    number, _ = columns.codes(rows.key)
    pair = number * (int(rows.entry.max(initial=0)) + 1) + rows.entry
    _, place, count = np.unique(pair, return_inverse=True, return_counts=True)
    several = np.flatnonzero(count[place] > 1)
    held: dict[tuple[int, str], list[tuple[str, str, int]]] = {}
    for row, (entry, attribute, value, key) in zip(several.tolist(), rows.at(several), strict=True):
        held.setdefault((entry, key), []).append((namespace.attributes[attribute], value, row))
    dns, labels = _Texts(directory, "dn"), _Texts(directory, "label")
    for (entry, key), values in held.items():
        (name, text, at), *others = sorted(values)
        told = " and ".join(f'{a} "{v}"' for a, v, _ in others[:_SHOWN])
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        yield Finding(
            code=codes.ACROSS.code,
            name=codes.ACROSS.name,
            severity="warning" if namespace.across == "warning" else "error",
            source=directory.sources[int(rows.source[at])].path,
            line=int(rows.line[at]),
            dn=dns[entry],
            label=labels[entry],
            attribute=name,
            value=text,
            message=f"the entry itself holds it in {told}{more} too",
            group=group(namespace, key),
        )


def _folded(directory: Directory, ruleset: Ruleset, space: Surveyed) -> Iterator[Finding]:
    """Clashes that the coarser equality brings together and the namespace's own does not."""
    rows = keyed(directory, ruleset, space.namespace, space.namespace.naming)
    found = clashes.find(rows)
    fine, _ = columns.codes(columns.take(space.rows.key, found.row))
    mixed = np.zeros(len(found.keys), dtype=np.bool_)
    first = np.full(len(found.keys), -1, dtype=np.int64)
    for clash, key in zip(found.clash.tolist(), fine.tolist(), strict=True):
        if first[clash] < 0:
            first[clash] = key
        elif first[clash] != key:
            mixed[clash] = True
    told = mixed[found.clash]
    if told.any():
        yield from _told(directory, ruleset, space.namespace, codes.FOLDED, "warning", found, rows, told)
