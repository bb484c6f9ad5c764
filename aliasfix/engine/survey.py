"""The survey: in each namespace, who holds what, which keys clash, which values break a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine import checks, clashes
from aliasfix.engine.keys import Keyed, keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Namespace, Ruleset


@dataclass(frozen=True)
class Surveyed:
    """One namespace."""

    namespace: Namespace
    rows: Keyed
    clashes: clashes.Clashes


@dataclass(frozen=True)
class Survey:
    """Namespaces, in the ruleset's order, and every broken value."""

    namespaces: tuple[Surveyed, ...]
    broken: tuple[checks.Broken, ...]

    def clashes(self, entries: int) -> NDArray[np.int64]:
        """In how many clashes each of so many entries is."""
        found = np.zeros(entries, dtype=np.int64)
        for n in self.namespaces:
            np.add.at(found, n.rows.entry[n.clashes.row], 1)
        return found


def survey(directory: Directory, ruleset: Ruleset) -> Survey:
    """Look at the whole directory once, however often it is asked for, but for what is only checked."""
    if id(ruleset) not in directory.surveys:
        directory.surveys[id(ruleset)] = (ruleset, _survey(directory, ruleset))
    _, seen = directory.surveys[id(ruleset)]
    assert isinstance(seen, Survey)  # noqa: S101 - a directory knows no type of the engine
    return seen


def _survey(directory: Directory, ruleset: Ruleset) -> Survey:
    found = tuple(surveyed(directory, ruleset, namespace) for namespace in ruleset.namespaces)
    return Survey(found, tuple(checks.broken(directory, ruleset)))


def surveyed(directory: Directory, ruleset: Ruleset, namespace: Namespace) -> Surveyed:
    """Look at one namespace."""
    rows = keyed(directory, ruleset, namespace, namespace.equality)
    return Surveyed(namespace, rows, clashes.find(rows, alone=namespace.within == "allowed"))
