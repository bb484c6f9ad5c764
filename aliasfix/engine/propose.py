"""The proposal: from a directory to a plan in which every clash has a keeper and everybody else a new name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine import keepers, naming
from aliasfix.engine.beside import besides
from aliasfix.engine.forecasts import Forecasts, unknown
from aliasfix.engine.keys import held
from aliasfix.engine.references import references
from aliasfix.engine.repairing import repairs
from aliasfix.engine.roles import roles
from aliasfix.engine.rows import rows
from aliasfix.engine.standing import named, standing
from aliasfix.engine.subjects import subjects
from aliasfix.engine.survey import survey
from aliasfix.engine.wanted import wanted
from aliasfix.errors import UsageError
from aliasfix.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.beside import Beside
    from aliasfix.engine.keepers import Order
    from aliasfix.engine.roles import Fate
    from aliasfix.engine.standing import Chosen
    from aliasfix.engine.subjects import Subjects
    from aliasfix.plan import Memory, Row, Wishes
    from aliasfix.ruleset import Ruleset


@dataclass(frozen=True)
class Part:
    """The proposal for one namespace, and what it came from."""

    subjects: Subjects
    order: Order
    fates: Sequence[Fate]  # of the subjects
    names: Mapping[int, naming.Named]  # of those subjects that were to get a new one
    rows: tuple[Row, ...]

    @property
    def changed(self) -> NDArray[np.int64]:
        """The entries that get a new name."""
        return self.subjects.entry[[s for s, fate in enumerate(self.fates) if fate.role in ("rename", "repair")]]


def propose(directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes, why: str = "") -> Plan:
    """Who keeps, who gets which new name, who can't be helped, and what only a person can say.

    ``why`` tells why this ruleset was chosen. Equal exports, ruleset, memory and wishes give equal rows, in any order
    of files and rows.

    Raises:
        UsageError: the wishes name an entry that is in none of the exports, or the ruleset is for checks only.

    """
    forecasts = Forecasts(directory, ruleset)
    found = [row for part in parts(directory, ruleset, memory, wishes, forecasts) for row in part.rows]
    given = any(row.new for row in found)
    found += repairs(directory, ruleset, memory, wishes, forecasts)
    return Plan(
        rows=tuple(_asked_for(found, wishes)),
        ruleset=ruleset.name,
        why=why,
        sources=directory.sources,
        entries=directory.entries.num_rows,
        notes=unknown(directory, ruleset) if given else (),
    )


def parts(
    directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes, forecasts: Forecasts
) -> Iterator[Part]:
    """The proposal, namespace by namespace in the ruleset's order; ``forecasts`` then has what it makes of addresses.

    Raises:
        UsageError: as ``propose``.

    """
    if ruleset.check_only:
        raise UsageError(ruleset.check_only, hint="aliasfix check shows what is wrong in them")
    seen = survey(directory, ruleset)
    beside = besides(directory, ruleset)
    chosen = named(directory, ruleset, wishes)
    renamed = np.zeros(directory.entries.num_rows, dtype=np.bool_)
    for surveyed in seen.namespaces:
        of = subjects(directory, ruleset, seen, surveyed, renamed)
        part = _part(directory, ruleset, of, chosen, memory, wishes, beside, forecasts)
        renamed[part.changed] = True
        yield part


def _part(
    directory: Directory,
    ruleset: Ruleset,
    of: Subjects,
    chosen: Chosen,
    memory: Memory,
    wishes: Wishes,
    beside: Sequence[Beside],
    forecasts: Forecasts,
) -> Part:
    stands = standing(of.fields, ruleset, wishes, chosen)
    order = keepers.order(of, stands, ruleset)
    fates = roles(of, order, stands, ruleset)
    asking = wanted(of, fates, order, ruleset, wishes)
    others = held(directory, of.namespace, of.namespace.naming)
    given = naming.assign(list(asking.values()), others, of.namespace, memory, ruleset, beside, forecasts)
    names = dict(zip(asking, given, strict=True))
    fates = [_told(fate, names.get(s)) for s, fate in enumerate(fates)]
    named_by = references(directory, ruleset, of.namespace, _ambiguous(of, fates))
    told = tuple(rows(of, fates, names, order, named_by, directory.sources, ruleset))
    return Part(of, order, fates, names, told)


def _asked_for(found: list[Row], wishes: Wishes) -> list[Row]:
    """The rows, of which those that were not asked for wait for a person's word."""
    unasked = {"renames": "repair", "repairs": "rename"}.get(wishes.only)
    return [replace(row, decision="") if row.role == unasked else row for row in found]


def _told(fate: Fate, name: naming.Named | None) -> Fate:
    """The fate, now that the naming has spoken: where it found no name, the value stays."""
    if name is None or name.new:
        return fate
    return replace(fate, role="blocked", reason=f"no free name: {'; '.join(name.tried)}")


def _ambiguous(of: Subjects, fates: Sequence[Fate]) -> set[str]:
    """The keys of names that somebody gives up, or may have to."""
    return {key for key, fate in zip(of.key, fates, strict=True) if fate.role in ("rename", "decide")}
