"""Repairs outside of the namespaces: values that break a rule and are nobody's name, as addresses mostly are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aliasfix import columns
from aliasfix.engine.checks import complaint, repaired
from aliasfix.engine.fields import Fields
from aliasfix.engine.keys import held
from aliasfix.engine.standing import IN_DN, TWICE, named, standing
from aliasfix.engine.survey import survey
from aliasfix.ldap import dn as ldap_dn
from aliasfix.plan import Row, holder
from aliasfix.text.equality import fold
from aliasfix.text.parts import PARTS, address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.directory import Directory
    from aliasfix.engine.checks import Broken
    from aliasfix.engine.forecasts import Forecasts
    from aliasfix.engine.standing import Standing
    from aliasfix.plan import Memory, Wishes
    from aliasfix.ruleset import Namespace, Ruleset

_UNTOLD = "no repair can be told"


class Value(NamedTuple):
    """One value of an entry, and who that is in the memory of names."""

    entry: int
    holder: str
    attribute: str
    old: str


class Others:
    """The values that a repaired one may not equal: of its attribute, and of those that must differ from it."""

    def __init__(
        self,
        directory: Directory,
        ruleset: Ruleset,
        memory: Memory,
        forecasts: Forecasts,
        asked: Sequence[tuple[str, str]],
    ) -> None:
        """``asked``: every attribute and value that will be asked of."""
        self._ruleset, self._memory, self._forecasts = ruleset, memory, forecasts
        self._spaces: dict[str, Namespace] = {}
        self._held: dict[tuple[tuple[str, ...], str], list[tuple[int, str, str]]] = {}
        self._given: dict[tuple[tuple[str, ...], str], set[tuple[int, str]]] = {}
        keys: dict[tuple[str, ...], set[str]] = {}
        for attribute, value in asked:
            space = self._spaces.setdefault(attribute, ruleset.space(attribute))
            keys.setdefault(space.attributes, set()).add(_key(space, value))
        for attributes, wanted in keys.items():
            space = next(s for s in self._spaces.values() if s.attributes == attributes)
            rows = held(directory, space, space.naming)
            for entry, a, value, key in rows.at(np.flatnonzero(columns.is_in(rows.key, wanted))):
                self._held.setdefault((attributes, key), []).append((entry, attributes[a], value))
        self._pieces: dict[tuple[str, str], set[int]] = {}  # of values that are compared in part: who has which
        pieces = {piece for attribute, value in asked for piece in self._compared(attribute, value)}
        for space in ruleset.unique:
            wanted = {key for name, key in pieces if name == space.name}
            rows = held(directory, space, space.naming)
            for entry, _, _, key in rows.at(np.flatnonzero(columns.is_in(rows.key, wanted))) if wanted else ():
                self._pieces.setdefault((space.name, key), set()).add(entry)

    def twice(self, of: Value) -> bool:
        """Whether the entry holds the value in more than one."""
        own = [(entry, attribute) for entry, attribute, _ in self._held.get(self._place(of.attribute, of.old), ())]
        return own.count((of.entry, of.attribute)) > 1

    def refusal(self, of: Value, new: str) -> str:
        """Why the value may not become the new one; ``""`` where it may.

        An entry may have one address in several attributes. A warning that the old value has as well may stay.
        """
        if new == of.old:
            return "it is the value it has"
        for check in self._ruleset.rules.get(of.attribute, ()):
            wrong = "" if check.rule.together else complaint(check, new)
            if wrong and (check.severity == "error" or not complaint(check, of.old)):
                return wrong
        place = self._place(of.attribute, new)
        others = [o for o in self._held.get(place, ()) if o != (of.entry, of.attribute, of.old)]
        given = self._given.get(place, set())
        must_differ = self._ruleset.must_differ(of.attribute)
        if must_differ and any(entry != of.entry for entry, _, _ in others):
            return "taken"
        if self._forecasts.meets(of.entry, of.attribute, new) or (
            must_differ and any(entry != of.entry for entry, _ in given)
        ):
            return "proposed to another"
        own = any((entry, attribute) == (of.entry, of.attribute) for entry, attribute, _ in others)
        if own or (of.entry, of.attribute) in given:
            return "the entry has it already"
        return self._in_part(of, new) or (self._remembered(of, new) if must_differ else "")

    def _in_part(self, of: Value, new: str) -> str:
        pieces = self._compared(of.attribute, new)
        return next((f"taken ({p[0]})" for p in pieces if self._pieces.get(p, {of.entry}) != {of.entry}), "")

    def give(self, of: Value, new: str) -> None:
        """Nobody else gets this value from now on."""
        self._given.setdefault(self._place(of.attribute, new), set()).add((of.entry, of.attribute))
        for piece in self._compared(of.attribute, new):
            self._pieces.setdefault(piece, set()).add(of.entry)

    def _compared(self, attribute: str, value: str) -> list[tuple[str, str]]:
        """Namespace and key of each part of the value that another's names may not equal, as of its local part."""
        spaces = [n for n in self._ruleset.unique if n.parts.get(attribute, "whole") not in ("whole", "address")]
        pieces = [(n, PARTS[n.parts[attribute]](value)) for n in spaces]
        return [(n.name, fold(piece, n.naming)) for n, piece in pieces if piece]

    def _remembered(self, of: Value, new: str) -> str:
        space = self._spaces[of.attribute]
        key = _key(space, new)
        if any(_key(space, name) == key for name in self._memory.reserved):
            return "reserved"
        before = any(who != of.holder and _key(space, name) == key for who, name in self._memory.held)
        return "held before by another" if before else ""

    def _place(self, attribute: str, value: str) -> tuple[tuple[str, ...], str]:
        space = self._spaces[attribute]
        return space.attributes, _key(space, value)


def _key(space: Namespace, value: str) -> str:
    return fold(address(value), space.naming)


def repairs(directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes, forecasts: Forecasts) -> list[Row]:
    """A row for each value with an error in no namespace: by attribute, key, DN, label and value.

    ``forecasts`` has the addresses that will be made of new names.

    Raises:
        UsageError: the wishes name an entry that is in none of the exports.

    """
    faults = _faults(directory, ruleset)
    fields = Fields(directory, ruleset, np.unique(np.array([f.entry for f in faults], dtype=np.int64)))
    stands = standing(fields, ruleset, wishes, named(directory, ruleset, wishes))
    at = dict(zip(fields.entries.tolist(), range(len(fields)), strict=True))
    keys = {f.value: fold(address(f.value), "rfc4518") for f in faults}
    faults.sort(key=lambda f: (f.check.attribute, keys[f.value], *_place(fields, at[f.entry]), f.value, f.line))
    better = ["" if f.check.rule.together else repaired(ruleset, f.check.attribute, f.value) for f in faults]
    asked = [(f.check.attribute, v) for f, new in zip(faults, better, strict=True) for v in (f.value, new)]
    others = Others(directory, ruleset, memory, forecasts, asked)
    return [
        _row(f, new, fields, at[f.entry], stands, others, directory, keys[f.value])
        for f, new in zip(faults, better, strict=True)
    ]


def _place(fields: Fields, at: int) -> tuple[str, str]:
    return fields.dn_key[at], fields.label[at]


def _faults(directory: Directory, ruleset: Ruleset) -> list[Broken]:
    """The first error of each value that is in no namespace and that is there at all; that of its entry before."""
    found: dict[tuple[int, str, str], Broken] = {}
    broken = survey(directory, ruleset).broken
    for b in sorted(broken, key=lambda b: not b.check.rule.together):
        if b.check.severity == "error" and b.value and not ruleset.names(b.check.attribute):
            found.setdefault((b.entry, b.check.attribute, b.value), b)
    return list(found.values())


def _row(
    fault: Broken,
    better: str,
    fields: Fields,
    at: int,
    stands: Standing,
    others: Others,
    directory: Directory,
    key: str,
) -> Row:
    attribute, old = fault.check.attribute, fault.value
    of = Value(fault.entry, holder(fields.label[at], fields.dn_key[at]), attribute, old)
    obstacle = stands.obstacle(at)
    if not obstacle and ldap_dn.in_rdn(fields.dn[at], attribute, old):
        obstacle = IN_DN
    if not obstacle and others.twice(of):
        obstacle = TWICE
    refused = "" if obstacle or not better else others.refusal(of, better)
    if not obstacle and (refused or not better):
        obstacle = f"{fault.message}: {_UNTOLD}"
    if not obstacle:
        others.give(of, better)
    return Row(
        role="blocked" if obstacle else "repair",
        decision="" if obstacle else "accept",
        code=fault.code.code,
        group=f"{attribute}:{key}",
        dn=fields.dn[at],
        label=fields.label[at],
        kind=fields.kind[at],
        site=fields.site[at],
        attribute=attribute,
        old=old,
        new="" if obstacle else better,
        reason=obstacle or fault.message,
        rung="",
        tried=f"{better}: {refused}" if refused else "",
        mail=fields.field("mail")[at],
        source=directory.sources[fault.source].path,
        line=fault.line,
    )
