"""The explanation of a name: who holds it, what it opens, who keeps it and why, and what was tried for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine import codes
from aliasfix.engine.explanation import Explanation
from aliasfix.engine.fields import Fields
from aliasfix.engine.findings import check
from aliasfix.engine.forecasts import Forecasts
from aliasfix.engine.holding import Space
from aliasfix.engine.propose import parts
from aliasfix.engine.standing import named
from aliasfix.errors import UsageError, Where
from aliasfix.plan import Named, Wishes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.engine.explanation import Name
    from aliasfix.plan import Memory
    from aliasfix.ruleset import Ruleset


def explain(directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes, name: str) -> Explanation:
    """Explain a name in any spelling, or the names of the entries with this DN or mail address.

    What somebody holds as a name is taken for one. Values that are only checked (``unique``) are told besides where
    something is wrong. Under a ruleset for checks only the holders are told, and not what becomes of them.

    Raises:
        UsageError: the wishes name an entry that is in none of the exports.

    """
    forecasts = Forecasts(directory, ruleset)
    proposed = () if ruleset.check_only else tuple(parts(directory, ruleset, memory, wishes, forecasts))
    of = {part.subjects.namespace.name: part for part in proposed}
    wrong = _faults(directory, ruleset)
    spaces = [Space(directory, ruleset, memory, n, of.get(n.name), wrong) for n in ruleset.namespaces]
    found = [space.explained(name) for space in spaces]
    checked = [Space(directory, ruleset, memory, n, None, wrong).explained(name) for n in ruleset.unique]
    known = [each for each in found if each.held or each.besides]
    if any(each.held for each in known):
        return Explanation(name, "name", (), (*known, *_wrong(checked)))
    entries = _entries(directory, ruleset, name)
    if len(entries):
        fields = Fields(directory, ruleset, entries)
        theirs = [space.explained(value) for space in spaces for value in space.names(fields)]
        return Explanation(name, "entry", tuple(sorted(fields.dn)), (*theirs, *_wrong(checked)))
    return Explanation(name, "name", (), (*(known or found), *_wrong(checked)))


def _wrong(checked: Iterable[Name]) -> Iterator[Name]:
    """Of values that are only checked those that somebody holds, and where something is wrong with it."""
    return (each for each in checked if each.held and each.wrong)


def _faults(directory: Directory, ruleset: Ruleset) -> dict[tuple[str, str, str, str], tuple[str, ...]]:
    """By label, DN, attribute and value what is wrong with it: severity, code, name and sentence.

    Who else holds the name in the same attribute, or one like it, is told of the name itself.
    """
    found: dict[tuple[str, str, str, str], tuple[str, ...]] = {}
    for f in check(directory, ruleset).rows:
        if f.code in (codes.DUPLICATE.code, codes.FOLDED.code):
            continue
        place = (f.label, f.dn, f.attribute, f.value)
        found[place] = (*found.get(place, ()), f"{f.severity} {f.code} {f.name}: {f.message}")
    return found


def _entries(directory: Directory, ruleset: Ruleset, text: str) -> NDArray[np.int64]:
    """The numbers of the entries with this DN or mail address, ascending."""
    if "=" not in text and "@" not in text:
        return np.empty(0, dtype=np.int64)
    try:
        found = named(directory, ruleset, Wishes(keep=(Named(text, Where("")),))).keep
    except UsageError:
        found = frozenset()
    return np.array(sorted(found), dtype=np.int64)
