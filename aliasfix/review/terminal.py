"""The preview on a terminal: clash by clash, keeper first, words beside every symbol, plain ASCII around the names."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice
from typing import TYPE_CHECKING

from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliasfix.engine import Finding, Findings
    from aliasfix.plan import Plan, Row
    from aliasfix.proof import Proof
    from aliasfix.ruleset import Ruleset

_SYMBOLS = {
    "rename": "~ RENAME ",
    "keep": "= KEEP   ",
    "repair": "+ REPAIR ",
    "decide": "? DECIDE ",
    "blocked": "! BLOCKED",
}
_GROUPS = 30
_MEMBERS = 12
_INDENT = " " * 12


def preview(plan: Plan, proof: Proof, ruleset: Ruleset) -> str:
    """The plan, the counts, what is left, and the proof, as lines of text."""
    lines: list[str] = []
    groups = [list(rows) for _, rows in groupby(plan.rows, key=lambda r: r.group)]
    for rows in groups[:_GROUPS]:
        lines += [*_group(rows), ""]
    if len(groups) > _GROUPS:
        lines += [f"... {len(groups) - _GROUPS} more groups: write the plan with -o plan.csv to see them all", ""]
    if any(r.accepted for r in plan.rows):
        lines += [f"Must be acted on: {s.name}: {s.text} (changes.stores.csv)" for s in ruleset.stores]
    lines += [*map(shown, plan.notes), counts(plan), proved(proof)]
    return "\n".join(lines)


def _group(rows: list[Row]) -> Iterator[str]:
    codes = ", ".join(sorted({r.code for r in rows}))
    yield f"{shown(rows[0].group)}  [{codes}]"
    for row in rows[:_MEMBERS]:
        change = f"{shown(row.old)} -> {shown(row.new)}" if row.new else shown(row.old)
        yield f"  {_SYMBOLS[row.role]} {change}"
        yield f"{_INDENT}{shown(row.dn)}  ({row.kind}{', ' + shown(row.site) if row.site else ''})"
        yield f"{_INDENT}{shown(row.reason)}"
        if row.rung:
            yield f"{_INDENT}by {row.rung}" + (f"; tried {shown(row.tried)}" if row.tried else "")
    if len(rows) > _MEMBERS:
        yield f"  ... {len(rows) - _MEMBERS} more in this group"


def counts(plan: Plan) -> str:
    """One line that a script can look for."""
    by_role = Counter(r.role for r in plan.rows if r.accepted or r.role in ("keep", "decide", "blocked"))
    rejected = sum(r.role in ("rename", "repair") and not r.accepted for r in plan.rows)
    undecided = sum(r.role == "decide" and not r.accepted for r in plan.rows if r in set(plan.left))
    changed = len({(r.label, r.dn) for r in plan.rows if r.accepted})
    return (
        f"Plan: {by_role['rename']} to rename, {by_role['repair']} to repair, {by_role['keep']} keep their name, "
        f"{undecided} to decide, {by_role['blocked']} blocked, {rejected} rejected; "
        f"{plan.entries - changed} of {plan.entries} entries stay unchanged."
    )


def proved(proof: Proof) -> str:
    """One line that says what was proved, or the first faults."""
    if proof.holds:
        return (
            f"Proof: the change files do exactly this; after them {proof.holding} names are unique and valid, "
            f"{proof.left} are left as they are. It speaks of the exports given, and of nothing since."
        )
    return "\n".join(f"Proof: FAILS at {f.step}: {shown(f.sentence)}" for f in proof.faults[:_MEMBERS])


def findings(found: Findings) -> str:
    """Each finding with its file and line, and one line of counts."""
    lines = [_finding(f) for f in found.rows]
    by_code = Counter((f.code, f.name, f.severity) for f in found.rows)
    told = ", ".join(f"{n} {code} {name}" for (code, name, _), n in sorted(by_code.items()))
    errors = sum(n for (_, _, severity), n in by_code.items() if severity == "error")
    lines.append(f"Check: {errors} errors, {len(found.rows) - errors} warnings" + (f" ({told})." if told else "."))
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    place = f"{shown(finding.source)}:{finding.line}"
    return (
        f"{place}: {finding.severity} {finding.code} {finding.name}: "
        f'{finding.attribute} "{shown(finding.value)}" of {shown(finding.dn)}: {shown(finding.message)}'
    )


def listed(sentences: Iterable[str], most: int) -> list[str]:
    """The first sentences, and how many more there are."""
    told = list(sentences)
    more = [f"... {len(told) - most} more"] if len(told) > most else []
    return [*map(shown, islice(told, most)), *more]
