"""Keepers: who of a clash keeps the name, by which criterion, and in which order the others get theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import logons
from aliasfix.engine.folding import folded
from aliasfix.ldap import dn as ldap_dn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from aliasfix.engine.fields import Fields
    from aliasfix.engine.standing import Standing
    from aliasfix.engine.subjects import Subjects
    from aliasfix.ruleset import Ruleset

_LAST_LOGON = "last-logon"  # comes with "in-use"
_UNKNOWN_DATE = "9"
_NOT_DIGITS = re.compile("[^0-9]+")


@dataclass(frozen=True)
class Order:
    """Ranks by criterion, the lowest first; the criteria from the strongest to the weakest."""

    names: tuple[str, ...]
    ranks: tuple[NDArray[np.int64], ...]
    in_dn: list[bool]  # the value is part of the entry's RDN
    unused: list[str]  # by position in the fields: why the entry counts as out of use, "" where it does not
    days: NDArray[np.int64]  # by position in the fields: of the last logon, 0 where it is not known

    def sorted(self) -> NDArray[np.int64]:
        """The subjects in total order."""
        return np.lexsort(tuple(reversed(self.ranks)))

    def within(self, clash: NDArray[np.int64]) -> NDArray[np.int64]:
        """The subjects clash by clash, each clash in total order."""
        return np.lexsort((*reversed(self.ranks), clash))

    def deciding(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> list[str]:
        """For each pair the criterion that put the first before the second."""
        found = np.full(len(first), len(self.names), dtype=np.int64)
        for number, rank in reversed(list(enumerate(self.ranks))):
            found[rank[first] != rank[second]] = number
        return [self.names[number] for number in found.tolist()]


def order(subjects: Subjects, standing: Standing, ruleset: Ruleset) -> Order:
    """The total order: another broken rule, the ruleset's criteria, fewest clashes, DN."""
    at, fields = subjects.at, subjects.fields
    broken = subjects.renamed | np.array([fault is not None for fault in subjects.fault], dtype=np.bool_)
    in_dn = _in_dn(subjects)
    unused = out_of_use(fields, ruleset)
    days = _days_of_logon(fields, ruleset)
    local: dict[str, Callable[[], NDArray[np.int64]]] = {
        "pinned": lambda: 1 - standing.pinned[at].astype(np.int64),
        "unchangeable": lambda: np.array([not r for r in standing.fixed], dtype=np.int64)[at],
        "change-only": lambda: 1 - standing.outside[at].astype(np.int64),
        "kind": lambda: _kind_ranks(fields, unused, ruleset)[at],
        "in-use": lambda: np.array([bool(r) for r in unused], dtype=np.int64)[at],
        _LAST_LOGON: lambda: logons.ranks(days[at], subjects.clash),
        "account": lambda: _differs(subjects, fields.key("account")),
        "rdn": lambda: 1 - in_dn.astype(np.int64),
        "policy": lambda: np.array([not why for why in fields.policy], dtype=np.int64)[at],
        "posix": lambda: np.array([not p for p in fields.field("posix")], dtype=np.int64)[at],
        "primary": lambda: _differs(subjects, fields.key("mail_local")),
        "created": lambda: columns.ranks(columns.strings(map(_moment, fields.field("created"))))[at],
    }
    criteria = [name for c in ruleset.keepers for name in ((c, _LAST_LOGON) if c == "in-use" else (c,))]
    names = ("broken", *criteria, "fewest", "dn", "label", "group", "value")
    ranks = (
        broken.astype(np.int64),
        *(local[c]() for c in criteria),
        subjects.clashes,
        columns.ranks(columns.strings(fields.dn_key))[at],
        columns.ranks(columns.strings(fields.label))[at],
        columns.ranks(columns.strings(subjects.key)),
        columns.ranks(columns.strings(subjects.value)),
    )
    return Order(names, ranks, in_dn.tolist(), unused, days)


def reason(criterion: str, keeper: int, other: int, fields: Fields, standing: Standing, order: Order) -> str:
    """Why the keeper goes before the next in order; both as positions in the fields."""
    match criterion:
        case "unchangeable" | "change-only":
            return standing.obstacle(keeper)
        case "kind" if not order.unused[other] or order.unused[keeper]:
            return f"{_KINDS[fields.kind[keeper]]} goes before {_KINDS[fields.kind[other]]}"
        case "kind" | "in-use":
            return f"the other is out of use: {order.unused[other]}"
        case "last-logon":
            last, before = (logons.spelled(int(order.days[position])) for position in (keeper, other))
            return f"it logged on last ({last}, the other {before})"
        case "created":
            return f"it was created first ({day(fields.field('created')[keeper])})"
        case _:
            return _REASONS[criterion]


_REASONS = {
    "broken": "the other value breaks a rule",
    "pinned": "--keep names it",
    "account": "its account has the same name",
    "rdn": "the name is part of its DN",
    "policy": "its primary address would change with it (address policy)",
    "posix": "it is a posixAccount",
    "primary": "its primary address has the same local part",
    "fewest": "it is in fewer clashes",
    "dn": "nothing tells them apart but the order of their DNs",
    "label": "nothing tells them apart but the order of their labels",
}


def out_of_use(fields: Fields, ruleset: Ruleset) -> list[str]:
    """Why an entry counts as out of use, as its kind means it; ``""`` where it does not."""
    why = [""] * len(fields)
    for unused in ruleset.unused:
        for i in np.flatnonzero(fields.holds(unused)).tolist():
            if fields.kind[i] in unused.kinds:
                why[i] = why[i] or unused.reason
    return why


def _days_of_logon(fields: Fields, ruleset: Ruleset) -> NDArray[np.int64]:
    if "last_logon" not in ruleset.fields:
        return np.zeros(len(fields), dtype=np.int64)
    return np.array([logons.day(moment) for moment in fields.field("last_logon")], dtype=np.int64)


_KINDS = {
    "system": "a system object",
    "person": "a person",
    "shared": "a shared mailbox",
    "group": "a group",
    "public-folder": "a public folder",
    "contact": "a contact",
}


def _kind_ranks(fields: Fields, unused: Sequence[str], ruleset: Ruleset) -> NDArray[np.int64]:
    """Who is out of use goes behind every kind that is in use: a team's mailbox keeps its name before a leaver."""
    kinds = ruleset.kind_order
    ranks = [kinds.index(kind) + len(kinds) * bool(why) for kind, why in zip(fields.kind, unused, strict=True)]
    return np.array(ranks, dtype=np.int64)


def _differs(subjects: Subjects, keys: Sequence[str]) -> NDArray[np.int64]:
    """0 where the entry's name in another place, of which these are the keys, has the key of the value, 1 elsewhere."""
    own = columns.texts(folded(columns.strings(subjects.value), "rfc4518"))
    return np.array(
        [not keys[a] or keys[a] != k for a, k in zip(subjects.at.tolist(), own, strict=True)], dtype=np.int64
    )


def _in_dn(subjects: Subjects) -> NDArray[np.bool_]:
    found = [
        ldap_dn.in_rdn(subjects.fields.dn[a], name, value)
        for a, name, value in zip(subjects.at.tolist(), subjects.attribute, subjects.value, strict=True)
    ]
    return np.array(found, dtype=np.bool_)


def _moment(created: str) -> str:
    """GeneralizedTime (RFC 4517) and ISO 8601 in UTC compare as their digits; what is neither counts as unknown."""
    digits = created[:-1]
    if not (created[-1:] == "Z" and digits.isascii() and digits.isdigit()):
        digits = _NOT_DIGITS.sub("", created.partition(".")[0])
    return digits if len(digits) >= 8 else _UNKNOWN_DATE  # noqa: PLR2004 - year, month and day


def day(created: str) -> str:
    """The day of a moment as ISO 8601 writes it; ``""`` where the text tells none."""
    digits = _moment(created)
    if digits == _UNKNOWN_DATE:
        return ""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
