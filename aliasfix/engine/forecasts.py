"""Forecasts: the addresses that address policies will make of new names. None of them may be another's."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aliasfix import columns
from aliasfix.engine.beside import near, occupy
from aliasfix.engine.keys import held
from aliasfix.text.equality import fold
from aliasfix.text.parts import address

if TYPE_CHECKING:
    from collections.abc import Collection

    from aliasfix.directory import Directory
    from aliasfix.engine.keys import Keyed
    from aliasfix.ruleset import Namespace, Ruleset


class Forecasts:
    """Who holds which address, and for whom one was forecast. An entry may hold its own before.

    The directory is not looked at before a name is asked for whose address a policy makes.
    """

    def __init__(self, directory: Directory, ruleset: Ruleset) -> None:
        self._directory = directory
        self._ruleset = ruleset
        self._holder: dict[str, int] = {}
        self._forecast: dict[str, int] = {}

    @cached_property
    def _space(self) -> Namespace:
        return self._ruleset.addresses

    @cached_property
    def _held(self) -> tuple[Keyed, columns.Strings]:
        """The addresses, and what of their keys stands before the last @."""
        rows = held(self._directory, self._space, self._space.naming)
        return rows, columns.replaced(rows.key, "@[^@]*$", "")

    def _key(self, value: str) -> str:
        return fold(value, self._space.naming)

    def learn(self, exact: Collection[str], numbered: Collection[str]) -> None:
        """Look up who holds an address of these names, in any domain, and of those that differ in their last digits."""
        if not exact and not numbered:
            return
        rows, before = self._held
        for entry, _, _, key in rows.at(near(before, exact, numbered, lambda name: self._key(f"{name}@").rstrip("@"))):
            occupy(self._holder, key, entry)

    def obstacle(self, entry: int, forecast: str) -> str:
        """Why the entry may not have a name of which this address would be made; ``""`` where it may."""
        key = self._key(forecast)
        if self._holder.get(key, entry) != entry:
            return f"its address {forecast} is taken"
        return f"its address {forecast} is proposed to another" if self._forecast.get(key, entry) != entry else ""

    def propose(self, entry: int, forecast: str) -> None:
        """Nobody else gets this address from now on."""
        occupy(self._forecast, self._key(forecast), entry)

    def meets(self, entry: int, attribute: str, value: str) -> bool:
        """Whether the value would be an address that was forecast for another entry."""
        if not self._forecast or attribute not in self._space.attributes:
            return False
        return self._forecast.get(self._key(address(value)), entry) != entry


def unknown(directory: Directory, ruleset: Ruleset) -> tuple[str, ...]:
    """A sentence where the exports hold nothing that shows whose primary address follows the alias."""
    named = [a for c in ruleset.policies for asked in (c.is_, c.not_, c.bits, c.matches) for a in asked]
    names = list(dict.fromkeys(named))
    if not names or "dn" in names or any(len(directory.rows_of(name)) for name in names):
        return ()
    listed = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return (f"Whether primary addresses follow the alias is unknown: the exports have no {listed}.",)
