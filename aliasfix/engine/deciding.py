"""Decisions: a person's word on the rows of a plan, judged like the proposals themselves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import naming, repairing
from aliasfix.engine.agreeing import agreed, is_seen, listed, of_row, said
from aliasfix.engine.beside import besides
from aliasfix.engine.fields import Fields
from aliasfix.engine.forecasts import Forecasts
from aliasfix.engine.keys import Keyed, held, keyed
from aliasfix.engine.notes import note, noted
from aliasfix.engine.standing import IN_DN, TWICE, named, standing
from aliasfix.errors import InputError, StalePlanError, UnsafeError
from aliasfix.ldap import dn as ldap_dn
from aliasfix.plan import holder
from aliasfix.text import ladder
from aliasfix.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.directory import Directory
    from aliasfix.errors import Where
    from aliasfix.plan import Decision, Decisions, Memory, Plan, Row, Wishes
    from aliasfix.ruleset import Namespace, Ruleset

_NO_LADDER = ladder.Ladder(())
_BY_HAND = "renamed by hand"  # the reason of a row that the plan itself would leave as it is
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_ALLOW = "name it in a file of DNs, one a line, and give that with --allow"

Judged = tuple["Row", "Where | None"]  # a row, and where the person spoke of it


@dataclass(frozen=True)
class Carried:
    """The decisions of plan files laid over a fresh plan: what found its row, and what did not."""

    plan: Plan
    moved: tuple[str, ...]  # one sentence for each row of either that has no counterpart in the other
    lacking: tuple[Row, ...]  # the fresh rows among them: no plan file has them


def decide(
    plan: Plan, decisions: Decisions, directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes
) -> Plan:
    """The fresh plan with a person's decisions in it.

    Raises:
        StalePlanError: the files are of other exports, lack a row, or a column that nobody may change was changed.
        InputError: files disagree, an edited name clashes or breaks a rule, or a decision makes no sense on its row.
        UnsafeError: a protected entry would be renamed.

    """
    carried = carry_over(plan, decisions, directory, ruleset, memory, wishes)
    options = " ".join(f"--decisions {path}" for path in decisions.paths)
    again = f'plan again with "{options}": every decision that still fits is carried over'
    if len(carried.moved) > len(carried.lacking):
        moved = f"{counted(len(carried.moved), 'row', 'rows')} moved: {listed(carried.moved)}"
        raise StalePlanError(f"the exports are not those of this plan, {moved}", hint=again)
    if carried.lacking:
        count = counted(len(carried.lacking), "row of the plan is", "rows of the plan are")
        rows = listed(_of(row) + (f" ({row.site})" if row.site else "") for row in carried.lacking)
        hint = f"give every file that was handed out; if the exports have moved on, {again}"
        raise StalePlanError(f"{count} in no plan file: {rows}", hint=hint)
    return carried.plan


def carry_over(
    plan: Plan, decisions: Decisions, directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes
) -> Carried:
    """The fresh plan with every decision that finds its row, and the rows that moved.

    Raises:
        StalePlanError: a column that nobody may change was changed.
        InputError: files disagree, an edited name clashes or breaks a rule, or a decision makes no sense on its row.
        UnsafeError: a protected entry would be renamed.

    """
    given = agreed(decisions, plan)
    fresh = {of_row(row): row for row in plan.rows}
    told = {identity: _moved(decision, fresh.get(identity)) for identity, decision in given.items()}
    moved = [f"{said(given[identity])}: {why}" for identity, why in told.items() if why]
    lacking = tuple(row for at, row in fresh.items() if at not in given and row.role != "keep")
    moved += [f"{_of(row)}: no plan file has it" for row in lacking]
    spoken: list[Row] = []
    as_proposed: list[Judged] = []
    by_hand: list[Judged] = []
    for row in plan.rows:
        identity = of_row(row)
        decision = given[identity] if told.get(identity) == "" else None
        after = _applied(row, decision) if decision else row
        spoken.append(after)
        if after.accepted:
            (as_proposed if after.new == row.new else by_hand).append((after, decision.where if decision else None))
    _judge([*as_proposed, *by_hand], directory, ruleset, memory, wishes)
    return Carried(plan.with_rows(_noted(plan.rows, spoken, directory, ruleset)), tuple(moved), lacking)


def _moved(decision: Decision, row: Row | None) -> str:
    """Why the decision does not find its row in the fresh plan; ``""`` where it does."""
    role, by_hand = decision.recorded["role"], decision.recorded["reason"].startswith(_BY_HAND)
    if row is None:
        return "it is no longer in the plan"
    if role != row.role and not (by_hand and row.role in ("keep", "blocked")):
        return f"was {role}, is {row.role} now"
    if decision.decision == "accept" and decision.new != row.new and not by_hand and not is_seen(row, decision):
        return f'"{decision.new}" was accepted, "{row.new}" is proposed now'
    return ""


def _applied(row: Row, decision: Decision) -> Row:
    """The row after a person's word.

    Raises:
        InputError: the word makes no sense on this row.

    """
    word, new = decision.decision, decision.new
    if why := _nonsense(row, decision):
        raise InputError(f"{_of(row)}: {why}", where=decision.where)
    if word in ("accept", "edit") and new != row.new:
        edited = replace(row, decision="edit", new=new, rung="")
        unasked = row.role in ("keep", "blocked")
        return replace(edited, role="rename", reason=_BY_HAND, tried="") if unasked else edited
    if row.role == "keep":
        return row
    return replace(row, decision="accept" if word == "edit" else word)  # type: ignore[arg-type]


def _noted(fresh: Sequence[Row], spoken: Sequence[Row], directory: Directory, ruleset: Ruleset) -> list[Row]:
    """The rows with the ruleset's notes on the new names that a person gave."""
    found = list(spoken)
    edited = [i for i, (before, after) in enumerate(zip(fresh, spoken, strict=True)) if before.new != after.new]
    entries = _entries(directory, [fresh[i] for i in edited])
    fields = Fields(directory, ruleset, np.unique(entries))
    for i, at in zip(edited, np.searchsorted(fields.entries, entries).tolist(), strict=True):
        before, after = (note(fields, at, ruleset, row.old, row.new) for row in (fresh[i], spoken[i]))
        reason = spoken[i].reason.removesuffix(before).removesuffix("; ") if before else spoken[i].reason
        found[i] = replace(spoken[i], reason=noted(reason, after))
    return found


def _nonsense(row: Row, decision: Decision) -> str:
    """Why the word makes no sense on the row; ``""`` where it does."""
    word, new = decision.decision, decision.new
    if row.role == "decide" and not row.new:
        return "a reference is never rewritten here: accept it, or leave it" if new or word == "edit" else ""
    if word in ("", "reject"):
        if new not in ("", row.new) and is_seen(row, decision):
            return "it has a new name, but no accept or edit"
        if word == "reject" and row.role == "keep" and is_seen(row, decision):
            return "it keeps its name, so there is nothing to reject: give it a new name, or leave it"
    elif not new:
        if word == "accept" and row.role == "blocked":
            return f"the row is blocked: {row.reason}"
        if word == "edit" or row.new:
            return f"it says {word}, but its new name is empty"
    return ""


def _judge(
    edited: Sequence[Judged],
    directory: Directory,
    ruleset: Ruleset,
    memory: Memory,
    wishes: Wishes,
) -> None:
    """Every accepted name is a candidate like any other: legal, and nobody else's.

    Raises:
        InputError: one of them is not; all are named.
        UnsafeError: a protected entry would be renamed.

    """
    refused: list[str] = []
    first: Where | None = None
    entries = _entries(directory, [row for row, _ in edited])
    fields = Fields(directory, ruleset, np.unique(entries))
    stands = standing(fields, ruleset, wishes, named(directory, ruleset, wishes))
    beside, forecasts = besides(directory, ruleset), Forecasts(directory, ruleset)
    for namespace in ruleset.namespaces:
        own = [(r, w, int(e)) for (r, w), e in zip(edited, entries, strict=True) if r.attribute in namespace.attributes]
        if not own:
            continue
        keys = _keys(keyed(directory, ruleset, namespace, namespace.equality), namespace, {e for _, _, e in own})
        times = Counter((value[0], key) for value, key in keys)
        key_of = dict(keys)
        wanted = [_wanted(r, e, fields) for r, _, e in own]
        taken = naming.Taken(namespace, memory, beside, forecasts)
        new = [(w, r.new) for w, (r, _, _) in zip(wanted, own, strict=True) if not _NO_TEXT.search(r.new)]
        taken.learn(held(directory, namespace, namespace.naming), {name for _, name in new}, set())
        forecasts.learn({name for w, name in new if w.domain}, set())
        for w, (row, where, entry) in zip(wanted, own, strict=True):
            at = int(np.searchsorted(fields.entries, entry))
            several = times[entry, key_of[entry, row.attribute, row.old]] > 1
            if why := stands.obstacle(at) or _stuck(row, several=several):
                kind, hint = (UnsafeError, _ALLOW) if stands.protected[at] else (InputError, "")
                raise kind(f"{_of(row)}: {why}", where=where, hint=hint)
            if why := _unusable(row.new, taken) or naming.refusal(w, row.new, taken, ruleset):
                refused.append(f'{_of(row)}: "{row.new}" is refused: {why}')
                first = first or where
            else:
                taken.propose(w, row.new)
    outside = [(r, w, int(e)) for (r, w), e in zip(edited, entries, strict=True) if not ruleset.names(r.attribute)]
    asked = [(r.attribute, value) for r, _, _ in outside for value in (r.old, r.new)]
    others = repairing.Others(directory, ruleset, memory, forecasts, asked)
    for row, where, entry in outside:
        at = int(np.searchsorted(fields.entries, entry))
        of = repairing.Value(entry, holder(row.label, fields.dn_key[at]), row.attribute, row.old)
        if why := stands.obstacle(at) or _stuck(row, several=others.twice(of)):
            kind, hint = (UnsafeError, _ALLOW) if stands.protected[at] else (InputError, "")
            raise kind(f"{_of(row)}: {why}", where=where, hint=hint)
        control = "it holds a control character" if _NO_TEXT.search(row.new) else ""
        if why := control or others.refusal(of, row.new):
            refused.append(f'{_of(row)}: "{row.new}" is refused: {why}')
            first = first or where
        else:
            others.give(of, row.new)
    if refused:
        raise InputError(listed(refused), where=first, hint="edit the new name, or reject the row")


def _stuck(row: Row, *, several: bool) -> str:
    """Why no server would change the value alone; ``""`` where it would."""
    if ldap_dn.in_rdn(row.dn, row.attribute, row.old):
        return IN_DN
    return TWICE if several else ""


def _unusable(name: str, taken: naming.Taken) -> str:
    """What no check of a ruleset speaks of: it could not be typed, or not be seen."""
    if _NO_TEXT.search(name):
        return "it holds a control character"
    return "" if taken.key(name) else "it is blank"


def _of(row: Row) -> str:
    return f'{row.attribute} "{row.old}" of {row.dn}'


def _entries(directory: Directory, rows: Sequence[Row]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The entry of each row."""
    keys = columns.whole(directory.entries.column("key"))
    wanted = [(ldap_dn.key(r.dn), r.label) for r in rows]
    hits = np.flatnonzero(columns.is_in(keys, {k for k, _ in wanted}))
    labels = columns.texts(columns.take(columns.whole(directory.entries.column("label")), hits))
    number = dict(zip(zip(columns.texts(columns.take(keys, hits)), labels, strict=True), hits.tolist(), strict=True))
    return np.array([number[w] for w in wanted], dtype=np.int64)


def _keys(rows: Keyed, namespace: Namespace, entries: set[int]) -> list[tuple[tuple[int, str, str], str]]:
    """Each value of these entries (entry, attribute, value) with its key, as often as it is there."""
    at = np.flatnonzero(np.isin(rows.entry, list(entries)))
    return [((entry, namespace.attributes[a], value), key) for entry, a, value, key in rows.at(at)]


def _wanted(row: Row, entry: int, fields: Fields) -> naming.Wanted:
    at = int(np.searchsorted(fields.entries, entry))
    return naming.Wanted(
        entry=entry,
        holder=holder(row.label, fields.dn_key[at]),
        attribute=row.attribute,
        old=row.old,
        ladder=_NO_LADDER,
        values={},
        site="",
        same_site=False,
        domain=fields.policy_domain[at],
    )
