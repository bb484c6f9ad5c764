"""The proof: the very bytes of the change files, applied to the exports in memory, do what the accepted rows say.

It knows nothing of how names were made or files were written. Its steps: what the files say can be read (P1) and is
what the rows say (P2), in ``said``; each change finds its old value (P3), cures (P4), gives no name of somebody else's
(P5) and can be undone (P6), in ``effect``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aliasfix.engine.survey import survey, surveyed
from aliasfix.proof import effect, exports
from aliasfix.proof.said import held_against, several_records
from aliasfix.proof.terms import Change, Fault, Keys, UnreadableError, of_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.engine.survey import Survey
    from aliasfix.ldap.changes import Modify
    from aliasfix.plan import Memory, Plan
    from aliasfix.ruleset import Namespace, Ruleset

__all__ = ["Fault", "Proof", "prove", "prove_changes", "prove_cleaned", "states"]


@dataclass(frozen=True)
class Proof:
    """What was proved, or why it was not."""

    faults: tuple[Fault, ...]
    changed: int  # values
    holding: int  # values of the namespaces that plans change, that are unique and valid after the changes
    left: int  # values that stay in a clash or break a rule

    @property
    def holds(self) -> bool:
        """Whether every step went through."""
        return not self.faults


def prove(directory: Directory, plan: Plan, files: Mapping[str, bytes], ruleset: Ruleset, memory: Memory) -> Proof:
    """Prove the change files of a plan against the exports it was made from.

    ``files``: name -> bytes, as the writer names them; one that is not known by its name is a fault.
    """
    keys = Keys(directory, (row.dn for row in plan.accepted))
    try:
        forth, back, faults = held_against(files, plan.accepted, directory, ruleset, keys)
    except UnreadableError as e:
        return _failed([Fault("readable", str(e))])
    if faults:
        return _failed(faults)
    return _effect(directory, plan, (forth, back), keys, ruleset, memory)


def prove_changes(
    directory: Directory, forth: Sequence[Modify], back: Sequence[Modify] | None, ruleset: Ruleset, memory: Memory
) -> Proof:
    """Prove change records alone, without the plan that they come from: every step but "rows"."""
    keys = Keys(directory, (m.dn for m in forth))
    faults = [*several_records("changes", forth, keys), *several_records("rollback", back or (), keys)]
    if faults:
        return _failed(faults)
    undo = None if back is None else of_records(back)
    return _effect(directory, None, (of_records(forth), undo), keys, ruleset, memory)


def prove_cleaned(directory: Directory, plan: Plan, again: Directory) -> list[Fault]:
    """Prove cleaned exports, as they are read back: they differ from the exports in the accepted rows, nowhere else."""
    return exports.cleaned(directory, plan.accepted, again)


def states(directory: Directory, forth: Sequence[Modify]) -> list[tuple[str, str]]:
    """For each change in order: ``done`` (only the new value is there), ``open`` (only the old one) or ``moved``.

    The second of each pair tells the change in words.
    """
    changes = of_records(forth)
    places = effect.Places(directory, changes, Keys(directory, (c.dn for c in changes)))
    found = []
    for change in changes:
        there = (bool(places.of(change, change.old)), bool(places.of(change, change.new)))
        found.append(({(True, False): "open", (False, True): "done"}.get(there, "moved"), str(change)))
    return found


def _effect(
    directory: Directory,
    plan: Plan | None,
    changes: tuple[Sequence[Change], Sequence[Change] | None],
    keys: Keys,
    ruleset: Ruleset,
    memory: Memory,
) -> Proof:
    forth, back = changes
    after, swapped, faults = effect.applied(directory, forth, keys)
    if faults:
        return _failed(faults)
    changed = {s.attribute for s in swapped}
    touched = [n for n in ruleset.unique if not changed.isdisjoint(n.attributes)]
    seen, then = _surveyed(directory, ruleset, touched), _surveyed(after, ruleset, touched)
    faults = [
        *effect.cured(seen, then, swapped, directory, plan),
        *effect.fresh(directory, after, swapped, ruleset, memory),
        *(effect.undone(directory, after, back, keys) if back is not None else ()),
    ]
    return Proof(tuple(faults), len(forth), *effect.counted(then))


def _surveyed(directory: Directory, ruleset: Ruleset, touched: Iterable[Namespace]) -> Survey:
    """The survey, with those of the namespaces that are only checked which the changes touch."""
    seen = survey(directory, ruleset)
    return replace(seen, namespaces=(*seen.namespaces, *(surveyed(directory, ruleset, n) for n in touched)))


def _failed(faults: Iterable[Fault]) -> Proof:
    """The proof ends where nothing that follows could be trusted."""
    return Proof(tuple(faults), 0, 0, 0)
