"""The keys that no new name may have before anything is proposed, for who can't ask the naming itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix import columns
from aliasfix.engine.keys import held
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from aliasfix.directory import Directory
    from aliasfix.plan import Memory
    from aliasfix.ruleset import Equality, Ruleset


@dataclass(frozen=True)
class TakenKeys:
    """Of one namespace every key that somebody holds or held, or that is reserved, without scopes and in no order."""

    attributes: tuple[str, ...]
    equality: Equality
    keys: pa.Array


def taken_keys(directory: Directory, ruleset: Ruleset, memory: Memory) -> Iterator[TakenKeys]:
    """The keys of each namespace that a plan may change."""
    names = [*memory.reserved, *(name for _, name in memory.held)]
    for namespace in ruleset.namespaces:
        remembered = columns.strings([fold(name, namespace.naming) for name in names])
        keys = held(directory, namespace, namespace.naming).key
        yield TakenKeys(namespace.attributes, namespace.naming, columns.end_to_end([keys, remembered]))
