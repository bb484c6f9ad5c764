"""Roles: in each clash one keeps the name and the others give way, unless something stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine import codes, keepers, logons
from aliasfix.engine.shadows import shadows
from aliasfix.engine.standing import IN_DN, TWICE
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliasfix.engine.keepers import Order
    from aliasfix.engine.standing import Standing
    from aliasfix.engine.subjects import Subjects
    from aliasfix.plan import Role
    from aliasfix.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one subject, and why."""

    role: Role
    code: str  # of the finding
    reason: str
    first: int = -1  # of its clash, where it is another: a subject


@dataclass(frozen=True)
class _Known:
    """What roles are given by."""

    subjects: Subjects
    order: Order
    standing: Standing
    ruleset: Ruleset
    shadows: Mapping[int, str]

    def obstacle(self, s: int) -> str:
        """Why the value stays as it is; ``""`` where it may change."""
        if why := self.standing.obstacle(self.subjects.place[s]):
            return why
        if self.order.in_dn[s]:
            return IN_DN
        return TWICE if self.subjects.twice[s] else ""


def roles(subjects: Subjects, order: Order, standing: Standing, ruleset: Ruleset) -> list[Fate]:
    """The fate of each subject, as far as it can be told without new names."""
    known = _Known(
        subjects,
        order,
        standing,
        ruleset,
        shadows(subjects.fields, ruleset, subjects.place, subjects.clash.tolist()),
    )
    clashes = _clashes(subjects, order)
    fates: dict[int, Fate] = {}
    if clashes and subjects.clash[clashes[0][0]] < 0:
        fates.update((s, _alone(s, known)) for s in clashes.pop(0))
    pairs = np.array([holders[:2] for holders in clashes], dtype=np.int64).reshape(-1, 2)
    for holders, criterion in zip(clashes, order.deciding(pairs[:, 0], pairs[:, 1]), strict=True):
        fates.update(_in_clash(holders, criterion, known))
    return [fates[s] for s in range(len(subjects))]


def _clashes(subjects: Subjects, order: Order) -> list[list[int]]:
    """The holders of each clash in order; before them the subjects that are in none."""
    within = order.within(subjects.clash)
    if not len(within):
        return []
    clash = subjects.clash[within]
    return [holders.tolist() for holders in np.split(within, np.flatnonzero(clash[1:] != clash[:-1]) + 1)]


def _alone(s: int, known: _Known) -> Fate:
    """A value that breaks a rule and has no keeper to give way to."""
    fault = known.subjects.fault[s]
    assert fault is not None  # noqa: S101 - subjects outside clashes are the broken ones
    if obstacle := known.obstacle(s):
        return Fate("blocked", fault.code.code, obstacle)
    return Fate("repair", fault.code.code, fault.message)


def _in_clash(holders: Sequence[int], criterion: str, known: _Known) -> dict[int, Fate]:
    """The fates of the holders of one clash; the first goes before the second by this criterion."""
    subjects, standing = known.subjects, known.standing
    first, second = holders[0], holders[1]
    if subjects.fault[first]:
        fates = {first: _alone(first, known)}
        whose = f"{subjects.dn(first)} goes first"
    else:
        at = (subjects.place[first], subjects.place[second])
        why = keepers.reason(criterion, *at, subjects.fields, standing, known.order)
        fates = {first: Fate("keep", _code(first, known), f"keeps the name: {why}")}
        whose = f"{subjects.dn(first)} keeps the name: {why}"
    people: dict[tuple[str, str], int] = {}
    _same_person(first, people, known)
    for s in holders[1:]:
        code = _code(s, known)
        twin = _same_person(s, people, known)
        if obstacle := known.obstacle(s):
            fates[s] = Fate("blocked", code, obstacle, first)
        elif standing.pinned[subjects.place[s]]:
            fates[s] = Fate("blocked", code, f"--keep names it, but {whose}", first)
        elif s in known.shadows:
            fates[s] = Fate("decide", code, known.shadows[s], first)
        elif twin:
            fates[s] = Fate("decide", code, f"looks like the same person as {twin}", first)
        else:
            fates[s] = Fate("rename", code, whose, first)
    return fates


def _code(s: int, known: _Known) -> str:
    return (codes.DUPLICATE if known.subjects.within[s] else codes.ACROSS).code


def _same_person(s: int, people: dict[tuple[str, str], int], known: _Known) -> str:
    """The earlier holder with the same account, SID or employee number, and both side by side; else ``""``."""
    subjects = known.subjects
    at, fields = subjects.place[s], subjects.fields
    found = ""
    for name in known.ruleset.same_person:
        for value in fields.every(name)[at]:
            earlier = people.setdefault((name, fold(value, "rfc4518")), s)
            if earlier != s and not found:
                both = f"both have {name.replace('_', ' ')} {value}"
                beside = f"this one has {_told(at, known)}, the other {_told(subjects.place[earlier], known)}"
                found = f"{subjects.dn(earlier)}: {both}; {beside}"
    return found


def _told(at: int, known: _Known) -> str:
    """What helps a person to know the entry at this position of the fields."""
    fields, days = known.subjects.fields, known.order.days
    told = (
        ("account", fields.field("account")[at]),
        ("mail", fields.field("mail")[at]),
        ("last logon", logons.spelled(int(days[at])) if days[at] else ""),
        ("created", keepers.day(fields.field("created")[at])),
    )
    return ", ".join(f"{name} {text or 'not known'}" for name, text in told)
