"""Decisions: a person's word on the rows of a plan, judged like the proposals themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import naming
from aliasfix.engine.fields import Fields
from aliasfix.engine.keys import keyed, scope_of
from aliasfix.engine.standing import IN_DN, TWICE, named, standing
from aliasfix.errors import InputError, StalePlanError, UnsafeError
from aliasfix.ldap import dn as ldap_dn
from aliasfix.plan import COLUMNS, EDITABLE, PLACES, fingerprint
from aliasfix.text import ladder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aliasfix.directory import Directory
    from aliasfix.errors import Where
    from aliasfix.plan import Decision, Decisions, Memory, Plan, Row, Wishes
    from aliasfix.ruleset import Namespace, Ruleset

_SHOWN = 10
_NO_LADDER = ladder.Ladder(())

Identity = tuple[str, str, str, str]
Judged = tuple["Row", "Where | None"]  # a row, and where the person spoke of it


@dataclass(frozen=True)
class Carried:
    """The decisions of a plan file laid over a fresh plan: what found its row, and what did not."""

    plan: Plan
    moved: tuple[str, ...]  # one sentence for each row of either that has no counterpart in the other


def decide(
    plan: Plan, decisions: Decisions, directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes
) -> Plan:
    """The fresh plan with a person's decisions in it.

    Raises:
        StalePlanError: the plan file is of other exports, or a column that nobody may change was changed.
        InputError: an edited name clashes or breaks a rule, or a decision makes no sense on its row.
        UnsafeError: a protected entry would be renamed.

    """
    carried = carry_over(plan, decisions, directory, ruleset, memory, wishes)
    if carried.moved:
        raise StalePlanError(
            f"the exports are not those of this plan, {_rows(len(carried.moved))} moved: {_list(carried.moved)}",
            hint=f'plan again with "--decisions {decisions.path}": every decision that still fits is carried over',
        )
    return carried.plan


def carry_over(
    plan: Plan, decisions: Decisions, directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes
) -> Carried:
    """The fresh plan with every decision that finds its row, and the rows that moved.

    Raises:
        StalePlanError: a column that nobody may change was changed.
        InputError: an edited name clashes or breaks a rule, or a decision makes no sense on its row.
        UnsafeError: a protected entry would be renamed.

    """
    rows = {_identity(r.label, r.dn, r.attribute, r.old): r for r in plan.rows}
    given = _by_identity(decisions, rows)
    moved = [
        f"{_said(d)}: {'it is no longer in the plan' if i not in rows else f'was {_role(d)}, is {rows[i].role} now'}"
        for i, d in given.items()
        if i not in rows or rows[i].role != _role(d)
    ]
    moved += [f"{_of(r)}: it is new in the plan" for i, r in rows.items() if i not in given and r.role != "keep"]
    fitting = {i: d for i, d in given.items() if i in rows and rows[i].role == _role(d)}
    spoken: list[Row] = []
    as_proposed: list[Judged] = []
    by_hand: list[Judged] = []
    for identity, row in rows.items():
        decision = fitting.get(identity)
        after = _applied(row, decision) if decision else row
        spoken.append(after)
        if after.accepted:
            (as_proposed if after.new == row.new else by_hand).append((after, decision.where if decision else None))
    _judge([*as_proposed, *by_hand], directory, ruleset, memory, wishes)
    return Carried(plan.with_rows(spoken), tuple(moved))


def _by_identity(decisions: Decisions, rows: dict[Identity, Row]) -> dict[Identity, Decision]:
    given: dict[Identity, Decision] = {}
    for d in decisions:
        recorded = d.recorded
        identity = _identity(recorded["label"], recorded["dn"], recorded["attribute"], recorded["old"])
        if fingerprint(recorded) != d.fingerprint:
            raise StalePlanError(_alteration(d, rows.get(identity)), where=d.where, hint=_ONLY_TWO)
        if identity in given:
            raise StalePlanError(f"the row stands twice in the plan: {_said(d)}", where=d.where, hint=_ONLY_TWO)
        given[identity] = d
    return given


_ONLY_TWO = 'only "decision" and "new" may be changed; take the plan file as it was written'


def _alteration(decision: Decision, row: Row | None) -> str:
    """Which cell was changed, as far as the fresh plan can tell."""
    fresh = row.texts() if row else {}
    for column in COLUMNS:
        if column in fresh and column not in (*EDITABLE, *PLACES) and fresh[column] != decision.recorded[column]:
            return f'the column "{column}" was changed to "{decision.recorded[column]}"'
    return "a column that is no one's to change was changed"


def _identity(label: str, dn: str, attribute: str, old: str) -> Identity:
    try:
        return (label, ldap_dn.key(dn), attribute.lower(), old)
    except ldap_dn.DNError:
        return (label, dn, attribute.lower(), old)


def _applied(row: Row, decision: Decision) -> Row:
    """The row after a person's word.

    Raises:
        InputError: the word makes no sense on this row.

    """
    word, new = decision.decision, decision.new
    changed = new != row.new
    if why := _nonsense(row, word, new):
        raise InputError(f"{_of(row)}: {why}", where=decision.where)
    if row.role == "keep":
        if not changed:
            return row
        return replace(row, role="rename", decision="edit", new=new, reason="renamed by hand", rung="", tried="")
    if word in ("accept", "edit") and changed:
        role = "rename" if row.role == "blocked" else row.role
        return replace(row, role=role, decision="edit", new=new, rung="")
    return replace(row, decision="accept" if word == "edit" else word)  # type: ignore[arg-type]


def _nonsense(row: Row, word: str, new: str) -> str:
    """Why the word makes no sense on the row; ``""`` where it does."""
    changed = new != row.new
    reference = row.role == "decide" and not row.new
    if word == "edit" and not new:
        return "it says edit, but its new name is empty"
    if reference and (changed or word == "edit"):
        return "a reference is never rewritten here: accept it, or leave it"
    if changed and word in ("", "reject"):
        return "it has a new name, but no accept or edit"
    if row.role == "blocked" and (word == "accept" or (changed and row.reason in (IN_DN, TWICE))):
        return f"the row is blocked: {row.reason}"
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
    for namespace in ruleset.namespaces:
        own = [(r, w, int(e)) for (r, w), e in zip(edited, entries, strict=True) if r.attribute in namespace.attributes]
        taken = naming.Taken(namespace, memory)
        wanted = [_wanted(r, e, fields, directory, ruleset, namespace) for r, _, e in own]
        taken.learn(
            keyed(directory, ruleset, namespace, namespace.naming),
            {taken.key(w.scope, r.new) for w, (r, _, _) in zip(wanted, own, strict=True)},
            set(),
        )
        for w, (row, where, entry) in zip(wanted, own, strict=True):
            at = int(np.searchsorted(fields.entries, entry))
            if why := stands.obstacle(at):
                kind, hint = (UnsafeError, _ALLOW) if stands.protected[at] else (InputError, "")
                raise kind(f"{_of(row)}: {why}", where=where, hint=hint)
            if why := naming.refusal(w, row.new, taken, ruleset):
                refused.append(f'{_of(row)}: "{row.new}" is refused: {why}')
                first = first or where
            else:
                taken.propose(w, row.new)
    if refused:
        raise InputError(_list(refused), where=first, hint="edit the new name, or reject the row")


def _of(row: Row) -> str:
    return f'{row.attribute} "{row.old}" of {row.dn}'


_ALLOW = "name it in a file of DNs, one a line, and give that with --allow"


def _entries(directory: Directory, rows: Sequence[Row]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The entry of each row."""
    keys = columns.whole(directory.entries.column("key"))
    wanted = [(ldap_dn.key(r.dn), r.label) for r in rows]
    hits = np.flatnonzero(columns.is_in(keys, {k for k, _ in wanted}))
    labels = columns.texts(columns.take(columns.whole(directory.entries.column("label")), hits))
    number = dict(zip(zip(columns.texts(columns.take(keys, hits)), labels, strict=True), hits.tolist(), strict=True))
    return np.array([number[w] for w in wanted], dtype=np.int64)


def _wanted(
    row: Row, entry: int, fields: Fields, directory: Directory, ruleset: Ruleset, namespace: Namespace
) -> naming.Wanted:
    scope = ""
    if namespace.per != "exports":
        rows = keyed(directory, ruleset, namespace, namespace.equality)
        at = int(np.flatnonzero(rows.entry == entry)[0])
        scope = scope_of(namespace, columns.texts(columns.take(rows.key, np.array([at])))[0])
    return naming.Wanted(
        entry=entry,
        dn_key=fields.dn_key[int(np.searchsorted(fields.entries, entry))],
        attribute=row.attribute,
        old=row.old,
        scope=scope,
        ladder=_NO_LADDER,
        values={},
        same_site=False,
    )


def _role(decision: Decision) -> str:
    return decision.recorded["role"]


def _said(decision: Decision) -> str:
    r = decision.recorded
    return f'{r["attribute"]} "{r["old"]}" of {r["dn"]}'


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _list(sentences: Iterable[str]) -> str:
    told = list(sentences)
    more = f"; and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return "; ".join(told[:_SHOWN]) + more
