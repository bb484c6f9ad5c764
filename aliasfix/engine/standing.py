"""What stands in the way of changing an entry, and what the admin asked for it by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.errors import UsageError
from aliasfix.ldap import dn as ldap_dn
from aliasfix.text.equality import fold
from aliasfix.text.parts import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.fields import Fields
    from aliasfix.plan import Named, Wishes
    from aliasfix.ruleset import Ruleset

IN_DN = "the name is part of the DN: a rename of the entry, not yet supported"
TWICE = "the entry holds the name in two values: take one away by hand"
_NOT_ASKED = "it is outside what --change-only names"


@dataclass(frozen=True)
class Chosen:
    """The numbers of the entries that the admin named."""

    keep: frozenset[int]
    protect: frozenset[int]
    allow: frozenset[int]


@dataclass(frozen=True)
class Standing:
    """Parallel to the entries of a Fields."""

    pinned: NDArray[np.bool_]
    fixed: list[str]  # why the entry can't be changed here; "" where it can
    protected: NDArray[np.bool_]  # it could be, once --allow names it
    outside: NDArray[np.bool_]  # of --change-only

    def obstacle(self, at: int) -> str:
        """Why the entry stays as it is; ``""`` where nothing stands in the way."""
        return self.fixed[at] or (_NOT_ASKED if self.outside[at] else "")


def named(directory: Directory, ruleset: Ruleset, wishes: Wishes) -> Chosen:
    """The entries that the admin named.

    Raises:
        UsageError: a name fits no entry; it says where the name was written.

    """
    return Chosen(
        _entries(directory, ruleset, wishes.keep),
        _entries(directory, ruleset, wishes.protect),
        _entries(directory, ruleset, wishes.allow),
    )


def standing(fields: Fields, ruleset: Ruleset, wishes: Wishes, names: Chosen) -> Standing:
    """How each of the entries stands."""
    fixed = ["it is a system object" if k == "system" else "" for k in fields.kind]
    for condition in ruleset.unchangeable:
        _say(fixed, fields.holds(condition), condition.reason)
    changeable = np.array([not why for why in fixed], dtype=np.bool_)
    protected = np.zeros(len(fields), dtype=np.bool_)
    entries = fields.entries.tolist()
    allowed = np.array([e in names.allow for e in entries], dtype=np.bool_)
    for condition in ruleset.protected:
        hit = fields.holds(condition) & ~allowed
        protected |= hit
        _say(fixed, hit, f"{condition.reason}: --allow must name it")
    by_name = np.array([e in names.protect for e in entries], dtype=np.bool_) & ~allowed
    _say(fixed, by_name, "it is protected (--protect): --allow must name it")
    return Standing(
        np.array([e in names.keep for e in entries], dtype=np.bool_),
        fixed,
        (protected | by_name) & changeable,
        outside(fields, wishes.change_only),
    )


def _say(texts: list[str], mask: NDArray[np.bool_], reason: str) -> None:
    for i in np.flatnonzero(mask).tolist():
        texts[i] = texts[i] or reason


def outside(fields: Fields, places: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the entries are of none of these sites and labels, and below none of these DNs."""
    if not places:
        return np.zeros(len(fields), dtype=np.bool_)
    asked = {fold(place, "rfc4518") for place in places}
    bases = [key for key in map(_dn_key, places) if key]
    return np.array(
        [
            not (
                fold(site, "rfc4518") in asked
                or fold(label, "rfc4518") in asked
                or any(ldap_dn.under(key, base) for base in bases)
            )
            for site, label, key in zip(fields.site, fields.label, fields.dn_key, strict=True)
        ],
        dtype=np.bool_,
    )


def _dn_key(text: str) -> str:
    try:
        return ldap_dn.key(text)
    except ldap_dn.DNError:
        return ""


def _entries(directory: Directory, ruleset: Ruleset, names: Sequence[Named]) -> frozenset[int]:
    if not names:
        return frozenset()
    asked = {n.text: _dn_key(n.text) if "=" in n.text else _address(n.text) for n in names}
    keys = columns.whole(directory.entries.column("key"))
    hits = np.flatnonzero(columns.is_in(keys, {key for text, key in asked.items() if "=" in text and key}))
    seen = set(columns.texts(columns.take(keys, hits)))
    found = set(hits.tolist())
    for attribute in sorted({s.attribute for s in ruleset.fields["mail"]}):
        table = directory.values_of(attribute)
        mails = columns.mapped(columns.whole(table.column("value")), _address)
        rows = np.flatnonzero(columns.is_in(mails, {key for text, key in asked.items() if "=" not in text}))
        seen |= set(columns.texts(columns.take(mails, rows)))
        found |= set(columns.integers(table.column("entry"))[rows].tolist())
    for name in names:
        if asked[name.text] not in seen:
            raise UsageError(
                f'no entry of the exports has the DN or mail address "{name.text}"',
                where=name.where,
                hint="one DN or mail address a line, as the exports spell it",
            )
    return frozenset(found)


def _address(value: str) -> str:
    return fold(address(value), "rfc4518")
