"""Checks: which values break a rule of their attribute, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import codes
from aliasfix.text import patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Check, Ruleset

_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PLAIN = r"^[A-Za-z0-9]+$"


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


def complaint(check: Check, value: str) -> str:
    """What is wrong with the value under this check; ``""`` where nothing is."""
    match check.check:
        case "length":
            return patterns.too_long(value, check.max or 0)
        case "characters":
            return patterns.forbidden_characters(value, check.allowed)
        case "periods":
            return patterns.misplaced_periods(value)
        case "space":
            return patterns.edge_space(value)


def objection(ruleset: Ruleset, attribute: str, value: str) -> str:
    """Why nobody may be given this value; ``""`` where somebody may. A warning, too, is a reason."""
    for check in ruleset.rules.get(attribute, ()):
        if message := complaint(check, value):
            return message
    return ""


def broken(directory: Directory, ruleset: Ruleset) -> Iterator[Broken]:
    """Every value that breaks a rule, check by check."""
    for check in ruleset.checks:
        table = directory.values_of(check.attribute)
        values = columns.whole(table.column("value"))
        suspects = np.flatnonzero(~_surely_fine(check, values))
        entry = columns.integers(table.column("entry"))
        source = columns.integers(table.column("source"))
        line = columns.integers(table.column("line"))
        for row, value in zip(suspects.tolist(), columns.texts(columns.take(values, suspects)), strict=True):
            if message := complaint(check, value):
                yield Broken(check, int(entry[row]), value, int(source[row]), int(line[row]), message)


def _surely_fine(check: Check, values: columns.Strings) -> NDArray[np.bool_]:
    """Most values are letters and digits: they are cleared in one go where the check allows all of these."""
    if check.check == "length":
        return ~columns.longer(values, check.max or 0)
    if check.check == "characters" and patterns.forbidden_characters(_SAFE, check.allowed):
        return np.zeros(len(values), dtype=np.bool_)
    return columns.matches(values, _PLAIN)
