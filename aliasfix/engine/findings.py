"""Findings: every broken rule at every value, with the place it was read from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import clashes, codes
from aliasfix.engine.fields import Fields
from aliasfix.engine.keys import group, keyed
from aliasfix.engine.matching import matched
from aliasfix.engine.shadows import shadows
from aliasfix.engine.survey import survey, surveyed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliasfix.directory import Directory
    from aliasfix.engine.checks import Broken
    from aliasfix.engine.clashes import Clashes
    from aliasfix.engine.keys import Keyed
    from aliasfix.engine.survey import Surveyed
    from aliasfix.ruleset import Ruleset, Severity

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
    found = [f for n in spaces for f in _duplicates(directory, ruleset, n, codes.DUPLICATE, "error", n.clashes, n.rows)]
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


def _duplicates(
    directory: Directory,
    ruleset: Ruleset,
    space: Surveyed,
    code: codes.Code,
    severity: Severity,
    found: Clashes,
    rows: Keyed,
) -> Iterator[Finding]:
    entries = rows.entry[found.row]
    numbers = found.clash.tolist()
    dns = columns.texts(columns.take(columns.whole(directory.entries.column("dn")), entries))
    labels = columns.texts(columns.take(columns.whole(directory.entries.column("label")), entries))
    values = columns.texts(columns.take(rows.value, found.row))
    holders: dict[int, list[str]] = {}
    for number, dn in zip(numbers, dns, strict=True):
        holders.setdefault(number, []).append(dn)
    for some in holders.values():
        some.sort()
    fields = Fields(directory, ruleset, np.unique(entries))
    stand_for = shadows(fields, ruleset, np.searchsorted(fields.entries, entries).tolist(), numbers)
    for i, number in enumerate(numbers):
        row = int(found.row[i])
        message = _message(holders[number], dns[i], code)
        yield Finding(
            code=code.code,
            name=code.name,
            severity=severity,
            source=directory.sources[int(rows.source[row])].path,
            line=int(rows.line[row]),
            dn=dns[i],
            label=labels[i],
            attribute=space.namespace.attributes[int(rows.attribute[row])],
            value=values[i],
            message="; ".join(filter(None, (message, stand_for.get(i)))),
            group=group(space.namespace, found.keys[number]),
        )


def _message(holders: list[str], own: str, code: codes.Code) -> str:
    others = [dn for dn in holders[: _SHOWN + 1] if dn != own][:_SHOWN]
    others = others or [own]  # the same DN under another label
    more = len(holders) - 1 - len(others)
    alike = "held" if code is codes.DUPLICATE else "held, spelled alike,"
    return f"also {alike} by {' and '.join(others)}" + (f" and {more} more" if more > 0 else "")


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
    keep = mixed[found.clash]
    only = clashes.Clashes(found.row[keep], found.clash[keep], found.twice[keep], found.keys)
    yield from _duplicates(directory, ruleset, space, codes.FOLDED, "warning", only, rows)
