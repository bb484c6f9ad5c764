"""What a person reads on a terminal: words beside every symbol, plain ASCII around the names of the exports.

``width`` is the terminal's number of columns; 0 where the text goes to a file or program,
which wants its lines whole.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from aliasfix.engine import codes
from aliasfix.review.lines import BELOW as _BELOW
from aliasfix.review.lines import SYMBOLS as _SYMBOLS
from aliasfix.review.lines import brief as _brief
from aliasfix.review.lines import fit as _fit
from aliasfix.review.lines import value as _value
from aliasfix.text.counted import counted
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aliasfix.engine import Finding, Findings
    from aliasfix.importer.mentions import Mentions
    from aliasfix.plan import Plan, Row
    from aliasfix.proof import Proof
    from aliasfix.ruleset import Ruleset

_GROUPS = 30
_MEMBERS = 12
_LEFT = 20
_ATTRIBUTES = 8
_PLACES = 8
_KINDS = {"person": "people", "shared": "shared", "group": "groups", "public-folder": "public folders"}
_KINDS |= {"contact": "contacts", "system": "system"}
_NAMES = {code.code: code.name for code in codes.ALL}


def preview(plan: Plan, proof: Proof, ruleset: Ruleset, found: Findings, besides: Mentions, width: int) -> str:
    """The plan clash by clash, keeper first; what is left, the counts, the proof.

    What waits for a person comes first. ``found`` is what the exports were found to have before the plan,
    ``besides`` the values that mention a name which changes.
    """
    groups = [list(rows) for _, rows in groupby(plan.rows, key=lambda row: row.group)]
    left = {row.identity for row in plan.left}
    groups.sort(key=lambda rows: not any(row.identity in left for row in rows))
    lines: list[str] = []
    for rows in groups[:_GROUPS]:
        lines += [*_group(rows, width), ""]
    if len(groups) > _GROUPS:
        lines += [f"... {len(groups) - _GROUPS} more groups: write the plan with -o plan.csv to see them all", ""]
    lines += _left(map(_left_row, plan.left), width)
    lines += _also(plan, ruleset, found, width)
    lines += _mentions(besides, "write lists them in changes.mentions.csv", width)
    lines += [*_tallies(plan, width), *_fit("Plan: ", _counts(plan), width), *_proved(proof, width)]
    return "\n".join(lines)


def written(plan: Plan, proof: Proof, names: Sequence[str], besides: Mentions, width: int) -> str:
    """The files that were written, what is left and why, what is to be looked at, the counts, the proof."""
    lines = [f"Wrote {shown(name)}" for name in names]
    lines += _left((f"{_left_row(row)}: {_brief(row.reason)}" for row in plan.left), width)
    lines += _notes(plan, width)
    lines += _mentions(besides, "look at each", width)
    lines += [*_fit("Plan: ", _counts(plan), width), *_proved(proof, width)]
    return "\n".join(lines)


def cleaned(plan: Plan, proof: Proof, names: Sequence[str], width: int) -> str:
    """The cleaned exports that were written, what is left and why, the counts, the proof."""
    lines = [f"Wrote {shown(name)}" for name in names]
    lines += _left((f"{_left_row(row)}: {_brief(row.reason)}" for row in plan.left), width)
    what = "the cleaned exports, read back, differ in exactly this" if proof.changed else "nothing is changed"
    lines += [*_fit("Plan: ", _counts(plan), width), *_outcome(proof, what, width)]
    return "\n".join(lines)


def findings(found: Findings, waived: int, unreadable: int, width: int) -> str:
    """Each finding with its file and line, errors first, and one line of counts. ``waived`` more are not shown."""
    lines = [
        line
        for finding in sorted(found.rows, key=lambda f: f.severity != "error")
        for line in _fit("", _finding(finding), width, below="    ")
    ]
    errors, warnings = _split(found)
    unread = f", {counted(unreadable, 'place', 'places')} that can't be read" if unreadable else ""
    besides = f", {waived} waived" if waived else ""
    total = f"{counted(errors, 'error', 'errors')}, {counted(warnings, 'warning', 'warnings')}{besides}{unread}"
    lines += _fit("Check: ", total + _by_code(found.rows) + ".", width)
    return "\n".join(lines)


def verified(found: Sequence[tuple[str, str]], width: int) -> str:
    """How many changes are done, open and moved, as ``aliasfix.proof.states`` tells them; the moved ones by name."""
    lines = [line for state, told in found if state == "moved" for line in _fit("moved: ", _brief(told), width)]
    count = Counter(state for state, _ in found)
    return "\n".join([*lines, f"Verify: {count['done']} done, {count['open']} open, {count['moved']} moved."])


def held(proof: Proof, *, undone: bool, width: int) -> str:
    """What was proved of change files without their plan; ``undone``: of the rollback too."""
    undo = ", and the rollback gives every exported value back" if undone else ""
    what = f"the change files fit these exports, make no new clash and hand no name on{undo}"
    return "\n".join(_outcome(proof, what, width))


def handed_out(written: Sequence[tuple[str, str, Plan]], width: int) -> Iterator[str]:
    """Of each hand-out its file, its site, and what is in it."""
    for name, site, plan in written[:_LEFT]:
        whom = f" for {_value(site)}" if site else ""
        changed, left = len(plan.accepted), len(plan.left)
        told = ", ".join(f"{n} {word}" for n, word in ((changed, "to change"), (left, "left")) if n)
        yield from _fit("Wrote ", f"{shown(name)}{whom}: {told or 'nothing to be done'}.", width)
    if len(written) > _LEFT:
        yield f"Wrote ... {len(written) - _LEFT} more"


def _group(rows: Sequence[Row], width: int) -> Iterator[str]:
    told = ", ".join(f"{code} {_NAMES[code]}" for code in sorted({row.code for row in rows}))
    yield f"{_brief(rows[0].group)}  [{told}]"
    for row in rows[:_MEMBERS]:
        yield from _row(row, rows[0], width)
    if len(rows) > _MEMBERS:
        yield f"  ... {len(rows) - _MEMBERS} more in this group"


def _row(row: Row, first: Row, width: int) -> Iterator[str]:
    yield from _fit(_SYMBOLS[row.role], _value(row.old) + (f" -> {_value(row.new)}" if row.new else ""), width)
    whose = ", ".join(filter(None, (row.kind, _brief(row.site), row.label and f"label {_brief(row.label)}")))
    yield from _fit(_BELOW, f"{_brief(row.dn)}  ({whose})", width)
    # Why the keeper keeps the name stands in its own row already.
    reason = row.reason.removeprefix(f"{first.dn} {first.reason}").removeprefix("; ")
    if reason:
        yield from _fit(_BELOW, _brief(reason), width)
    if row.decision == "edit":
        yield f"{_BELOW}by hand"
    elif row.rung:
        yield from _fit(_BELOW, f"by {_brief(row.rung)}", width)
        if row.tried:
            yield from _fit(_BELOW, f"tried before: {_brief(row.tried)}", width)


def _left(rows: Iterable[str], width: int) -> Iterator[str]:
    told = list(rows)
    for sentence in told[:_LEFT]:
        yield from _fit("Left: ", sentence, width)
    if len(told) > _LEFT:
        yield f"Left: ... {len(told) - _LEFT} more"


def _left_row(row: Row) -> str:
    label = f" in {_brief(row.label)}" if row.label else ""
    return f"{row.state}: {row.attribute} {_value(row.old)} of {_brief(row.dn)}{label}"


def _also(plan: Plan, ruleset: Ruleset, found: Findings, width: int) -> Iterator[str]:
    changed = {row.attribute.lower() for row in plan.accepted}
    for store in ruleset.stores:
        if store.attribute.lower() in changed:
            yield from _fit("Also to be done: ", f"{store.name}: {store.text} (changes.stores.csv)", width)
    yield from _notes(plan, width)
    checked = {n.name for n in ruleset.unique}
    others = [f for f in found.rows if f.severity == "warning" or f.group.partition(":")[0] in checked]
    if others:
        errors = sum(f.severity == "error" for f in others)
        kinds = ((errors, "error"), (len(others) - errors, "warning"))
        told = " and ".join(counted(number, kind, f"{kind}s") for number, kind in kinds if number)
        told = f"{told}{_by_code(others)}: no plan changes these, aliasfix check shows them."
        yield from _fit("Besides: ", told, width)


def _notes(plan: Plan, width: int) -> Iterator[str]:
    for note in plan.notes:
        yield from _fit("", _brief(note), width)


def _mentions(found: Mentions, then: str, width: int) -> Iterator[str]:
    total = sum(count for _, count in found.values)
    if not total:
        return
    by_attribute = [f"{_brief(attribute)} {count}" for attribute, count in found.values[:_ATTRIBUTES]]
    if len(found.values) > _ATTRIBUTES:
        by_attribute.append(f"{len(found.values) - _ATTRIBUTES} more attributes")
    told = f"{counted(total, 'value holds', 'values hold')} a name that changes: {', '.join(by_attribute)}; {then}."
    yield from _fit("Mentions: ", told, width)


def _tallies(plan: Plan, width: int) -> Iterator[str]:
    """How many rows change a value, and how many are left, by site, kind and code, the most first."""
    yield from _tally("By site: ", plan, lambda row: row.site and _value(row.site), width)
    yield from _tally("By kind: ", plan, lambda row: _KINDS[row.kind], width)
    yield from _tally("By code: ", plan, lambda row: f"{row.code} {_NAMES[row.code]}", width)


def _tally(lead: str, plan: Plan, name: Callable[[Row], str], width: int) -> Iterator[str]:
    """One line; none where no row has such a name."""
    changed, left = (Counter(map(name, rows)) for rows in (plan.accepted, plan.left))
    both = changed + left
    if not any(both):
        return
    order = sorted(both, key=lambda each: (-both[each], each))
    told = [
        f"{each or '(none)'} "
        + " and ".join(f"{n} {word}" for n, word in ((changed[each], "to change"), (left[each], "left")) if n)
        for each in order[:_PLACES]
    ]
    more = f", {len(order) - _PLACES} more" if len(order) > _PLACES else ""
    yield from _fit(lead, f"{', '.join(told)}{more}.", width)


def _counts(plan: Plan) -> str:
    accepted = plan.accepted
    repairs = sum(row.role == "repair" for row in accepted)
    keep = sum(row.role == "keep" for row in plan.rows)
    left = Counter(row.state for row in plan.left)
    unchanged = plan.entries - len({(row.label, row.dn) for row in accepted})
    return (
        f"{len(accepted) - repairs} to rename, {repairs} to repair, {keep} keep their name, "
        f"{left['undecided']} to decide, {left['blocked']} blocked, {left['rejected']} rejected; "
        f"{unchanged} of {counted(plan.entries, 'entry', 'entries')} stay unchanged."
    )


def _proved(proof: Proof, width: int) -> Iterator[str]:
    what = "the change files do exactly this" if proof.changed else "nothing is changed"
    return _outcome(proof, what, width)


def _outcome(proof: Proof, what: str, width: int) -> Iterator[str]:
    for fault in proof.faults:
        yield from _fit("Proof: ", f"FAILS at {fault.step}: {_brief(fault.sentence)}", width)
    if proof.holds:
        names = counted(proof.holding, "name is unique and valid", "names are unique and valid")
        left = counted(proof.left, "is left as it is", "are left as they are")
        yield from _fit(
            "Proof: ", f"{what}; then {names}, {left}. It speaks of the exports given, and of nothing since.", width
        )


def _finding(finding: Finding) -> str:
    return (
        f"{shown(finding.source)}:{finding.line}: {finding.severity} {finding.code} {finding.name}: "
        f'{finding.attribute} "{_brief(finding.value)}" of {_brief(finding.dn)}: {_brief(finding.message)}'
    )


def _split(found: Findings) -> tuple[int, int]:
    errors = sum(finding.severity == "error" for finding in found.rows)
    return errors, len(found.rows) - errors


def _by_code(rows: Iterable[Finding]) -> str:
    count = Counter(f"{finding.code} {finding.name}" for finding in rows)
    return f" ({', '.join(f'{n} {code}' for code, n in sorted(count.items()))})" if count else ""
