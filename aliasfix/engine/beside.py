"""Namespaces beside those that a plan changes: nobody is given a name that clashes across attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine.keys import held
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Namespace, Ruleset

_SEVERAL = -1


class Beside:
    """One such namespace: who holds which key there, and to whom one was proposed. An entry may have its own twice."""

    def __init__(self, directory: Directory, namespace: Namespace) -> None:
        self.namespace = namespace
        self._rows = held(directory, namespace, namespace.naming)
        self._holder: dict[str, int] = {}
        self._proposed: dict[str, int] = {}

    def _key(self, name: str) -> str:
        return fold(name, self.namespace.naming)

    def learn(self, exact: Collection[str], numbered: Collection[str]) -> None:
        """Look up who holds these names, and those that differ from the numbered ones in their last digits."""
        found = near(self._rows.key, exact, numbered, self._key)
        for entry, _, _, key in self._rows.at(found):
            occupy(self._holder, key, entry)

    def obstacle(self, entry: int, attribute: str, name: str) -> str:
        """Why the entry may not have the name in that attribute; ``""`` where it may."""
        if attribute not in self.namespace.attributes:
            return ""
        key = self._key(name)
        if self._holder.get(key, entry) != entry:
            return f"taken ({self.namespace.name})"
        return f"proposed to another ({self.namespace.name})" if self._proposed.get(key, entry) != entry else ""

    def propose(self, entry: int, attribute: str, name: str) -> None:
        """Nobody else gets this name from now on."""
        if attribute in self.namespace.attributes:
            occupy(self._proposed, self._key(name), entry)


def besides(directory: Directory, ruleset: Ruleset) -> list[Beside]:
    """All such namespaces of the ruleset."""
    return [Beside(directory, namespace) for namespace in ruleset.beside]


def near(
    keys: columns.Strings, exact: Collection[str], numbered: Collection[str], key: Callable[[str], str]
) -> NDArray[np.int64]:
    """The rows with the key of one of these names, or with that of a numbered one but for the digits at the end."""
    stems = {key(name).rstrip("0123456789") for name in numbered}
    same = columns.is_in(keys, {key(name) for name in exact})
    return np.flatnonzero(same | columns.is_in(columns.without_number(keys), stems))


def occupy(holders: dict[str, int], key: str, entry: int) -> None:
    """Say that the entry has the key: what several have is nobody's own."""
    holders[key] = entry if holders.get(key, entry) == entry else _SEVERAL
