"""Checks: which values break a rule of their attribute, and in which words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aliasfix import columns
from aliasfix.engine import codes
from aliasfix.engine.fields import Fields
from aliasfix.text import catalogue, patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Check, Ruleset

_PREFIX = "^[A-Za-z][A-Za-z0-9.-]*:"  # as text.terms.prefix


@dataclass(frozen=True, slots=True)
class Broken:
    """One value that breaks one rule."""

    check: Check
    entry: int
    value: str
    source: int
    line: int
    message: str

    @property
    def code(self) -> codes.Code:
        """The catalogue's entry for the rule."""
        return codes.OF_CHECK[self.check.check]


class _Judged(NamedTuple):
    """Of one attribute the rows that a check is about, and what it judges of each."""

    row: NDArray[np.int64]
    text: columns.Strings


def complaint(check: Check, value: str) -> str:
    """What is wrong with the value under this check; ``""`` where nothing is."""
    return catalogue.complaint(check.check, check, value)


def objection(ruleset: Ruleset, attribute: str, value: str) -> str:
    """Why nobody may be given this value; ``""`` where somebody may.

    A warning, too, is a reason, and what is refused to some kinds of entries is given to none.
    """
    for check in ruleset.rules.get(attribute, ()):
        if not check.rule.together and (message := complaint(check, value)):
            return message
    return ""


def repaired(ruleset: Ruleset, attribute: str, value: str) -> str:
    """The value without what the checks of its attribute object to; the value itself where none does.

    The checks are asked in the order of the catalogue until none objects any more. A warning that no repair cures may
    stay. ``""`` where an error can't be cured, or where nothing can.
    """
    order = list(catalogue.RULES)
    checks = sorted(ruleset.rules.get(attribute, ()), key=lambda check: order.index(check.check))
    checks = [check for check in checks if not check.rule.together]
    seen = [value]
    while wrong := [check for check in checks if complaint(check, seen[-1])]:
        repairs = (catalogue.repaired(check.check, check, seen[-1], ruleset.proposals.transliterate) for check in wrong)
        better = next((text for text in repairs if text and text not in seen), "")
        if not better:
            return "" if len(seen) == 1 or any(check.severity == "error" for check in wrong) else seen[-1]
        seen.append(better)
    return seen[-1]


def broken(directory: Directory, ruleset: Ruleset) -> Iterator[Broken]:
    """Every value that breaks a rule, check by check; an entry that must have a value and has none, with ``""``."""
    judged: dict[tuple[object, ...], _Judged] = {}  # many checks look at one part of one attribute
    for check in ruleset.checks:
        part = (check.attribute, check.prefixes, check.not_prefixes, check.part)
        if part not in judged:
            judged[part] = _judged(check, columns.whole(directory.values_of(check.attribute).column("value")))
        found = [*_wrong(directory, check, judged[part]), *(_absent(directory, check) if check.required else ())]
        yield from _concerned(directory, ruleset, check, found)


def _wrong(directory: Directory, check: Check, judged: _Judged) -> list[Broken]:
    table = directory.values_of(check.attribute)
    values = columns.whole(table.column("value"))
    entry = columns.integers(table.column("entry"))
    suspects = judged.row[~_surely_fine(check, judged.text)]
    if check.rule.together:
        suspects = suspects[np.bincount(entry[suspects], minlength=1)[entry[suspects]] > 1]
    source = columns.integers(table.column("source"))
    line = columns.integers(table.column("line"))
    found = [
        Broken(check, int(entry[row]), value, int(source[row]), int(line[row]), message)
        for row, value in zip(suspects.tolist(), columns.texts(columns.take(values, suspects)), strict=True)
        if (message := complaint(check, value))
    ]
    if not check.rule.together:
        return found
    raised = Counter(b.entry for b in found)
    return [b for b in found if raised[b.entry] > 1]


def _absent(directory: Directory, check: Check) -> list[Broken]:
    """The entries without the attribute, of exports that have it at all."""
    table = directory.values_of(check.attribute)
    having = set(columns.integers(table.column("source")).tolist())
    name = check.attribute.lower()
    having |= {i for i, s in enumerate(directory.sources) if name in map(str.lower, s.attributes)}
    source = columns.integers(directory.entries.column("source"))
    without = np.isin(source, list(having))
    without[columns.integers(table.column("entry"))] = False
    line = columns.integers(directory.entries.column("line"))
    message = f"the entry has no {check.attribute}"
    return [Broken(check, e, "", int(source[e]), int(line[e]), message) for e in np.flatnonzero(without).tolist()]


def _concerned(directory: Directory, ruleset: Ruleset, check: Check, found: list[Broken]) -> Iterable[Broken]:
    """Those whose entry the check is about."""
    if not found or not (check.kinds or check.attributes()):
        return found
    fields = Fields(directory, ruleset, np.unique([b.entry for b in found]))
    holds = fields.holds(check)
    if check.kinds:
        holds &= np.isin(fields.kind, check.kinds)
    about = set(fields.entries[holds].tolist())
    return [b for b in found if b.entry in about]


def _surely_fine(check: Check, texts: columns.Strings) -> NDArray[np.bool_]:
    """Most texts: they are cleared in one go, and the others looked at one by one."""
    if check.max is not None:
        if check.unit == "octets":
            return columns.octet_lengths(texts) <= check.max
        return ~columns.longer(texts, check.max)
    sieve = check.rule.sieve(check)
    found = columns.matches(texts, sieve.pattern)
    return found if sieve.fine else ~found


def _judged(check: Check, values: columns.Strings) -> _Judged:
    """The values that the check is about, and what it judges of them, as ``text.terms.judged`` says of one value."""
    about = np.ones(len(values), dtype=np.bool_)
    texts = values
    if check.prefixes or check.not_prefixes:
        if check.prefixes:
            about = _begin(values, check.prefixes)
        if check.not_prefixes:
            about &= ~_begin(values, check.not_prefixes)
        texts = columns.replaced(values, _PREFIX, "")
    if check.part != "whole":
        about &= columns.containing(texts, "@")
        texts = columns.replaced(texts, "@[^@]*$" if check.part == "local" else "(?s)^.*@", "")
    return _Judged(np.flatnonzero(about), columns.only(texts, about))


def _begin(values: columns.Strings, prefixes: Sequence[str]) -> NDArray[np.bool_]:
    """Where the value has one of these prefixes; where it has none, if one of them is empty."""
    kinds = "|".join(patterns.in_any_case(prefix) for prefix in prefixes if prefix)
    found = columns.matches(values, f"^(?:{kinds}):") if kinds else np.zeros(len(values), dtype=np.bool_)
    return found | ~columns.matches(values, _PREFIX) if "" in prefixes else found
