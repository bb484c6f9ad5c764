"""The explanation of a name on a terminal, and as plain values for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from aliasfix.engine import codes
from aliasfix.review.json import sources
from aliasfix.review.lines import BELOW, SYMBOLS, brief, fit, value
from aliasfix.review.rulebook import door, opened
from aliasfix.text.counted import counted
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliasfix.directory import Source
    from aliasfix.engine.explanation import Explanation, Held, Holder, Name, Occupant, Try
    from aliasfix.engine.suggest import Suggestions
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset

_MEMBERS = 12
_ALIKE = "  * ALIKE   "
_HOLDS = "  - HOLDS   "
_CRITERIA = {
    "broken": "breaks no rule",
    "fewest": "in the fewest clashes",
    "dn": "order of DNs",
    "label": "order of labels",
}


def explained(found: Explanation, ruleset: Ruleset, width: int) -> str:
    """Each name with its holders, what it opens, and one line of counts."""
    lines: list[str] = []
    for dn in found.entries:
        lines += fit("Entry: ", brief(dn), width)
    for name in found.names:
        lines += [*_name(name, width), ""]
    aliases = {source.attribute for source in ruleset.fields["alias"]}
    opening_it = [h for name in found.names for h in name.held if aliases & {holder.attribute for holder in h.holders}]
    clash = any(held.clash for held in opening_it)
    for opening in ruleset.opens if opening_it else ():
        lines += fit("Opens: ", shown(opened(opening) if clash else door(opening)), width)
    lines += fit("Explain: ", _counts(found), width)
    return "\n".join(lines)


def suggested(found: Suggestions, width: int) -> str:
    """The free names, the best first, each refused candidate with who is in its way, and one line of counts."""
    lines = [line for s in found.free for line in fit("Free: ", f"{value(s.name)}  (by {brief(s.rung)})", width)]
    lines += _tried(found.refused, "Refused: ", width)
    names = counted(len(found.free), "free name", "free names")
    first = f"; the best is {value(found.free[0].name)}" if found.free else ""
    refused = sum(bool(t.candidate) for t in found.refused)
    lines += fit("Suggest: ", f"{value(found.asked)}: {names}, {refused} refused{first}.", width)
    return "\n".join(lines)


def suggestions(found: Suggestions, ruleset: Ruleset, why: str, read: Sequence[Source]) -> dict[str, object]:
    """The suggestions as plain values, schema ``aliasfix.suggest/1``."""
    return {
        "schema": "aliasfix.suggest/1",
        "ruleset": ruleset.name,
        "why": why,
        "sources": sources(read),
        **asdict(found),
    }


def _tried(tries: Sequence[Try], lead: str, width: int) -> Iterator[str]:
    """Each candidate that was refused, why, and who is in its way."""
    below = " " * len(lead)
    for each in tries:
        yield from fit(
            lead, f"{value(each.candidate)}: {brief(each.why)}" if each.candidate else brief(each.why), width
        )
        there = [occupant for occupant in each.by if occupant.how != "reserved"]
        for occupant in there[:_MEMBERS]:
            yield from fit(below, _occupant(occupant), width)
        if len(there) > _MEMBERS:
            yield f"{below}... {len(there) - _MEMBERS} more"


def document(found: Explanation, ruleset: Ruleset, why: str, read: Sequence[Source]) -> dict[str, object]:
    """The explanation as plain values, schema ``aliasfix.explain/1``."""
    return {
        "schema": "aliasfix.explain/1",
        "ruleset": ruleset.name,
        "why": why,
        "sources": sources(read),
        "wrong": found.wrong,
        **asdict(found),
        "opens": [opening.model_dump() for opening in ruleset.opens],
    }


def _name(name: Name, width: int) -> Iterator[str]:
    for held in name.held:
        yield from _held(held, width)
    if not name.held:
        yield from fit("", f"{brief(name.namespace)}:{brief(name.name)}", width)
        uncounted = any(occupant.how == "held" for occupant in name.besides)
        yield from fit(BELOW, f"nobody holds it{' whom the ruleset counts' if uncounted else ''}", width)
        if name.objection:
            yield from fit(BELOW, f"nobody may be given it: {brief(name.objection)}", width)
        for occupant in name.obstacles[:_MEMBERS]:
            yield from fit(BELOW, _occupant(occupant), width)
    for occupant in name.besides[:_MEMBERS]:
        lead = _ALIKE if occupant.how == "alike" else _HOLDS
        outside = "" if occupant.how == "alike" else ": no clash, the ruleset does not count it"
        yield from fit(lead, value(occupant.value), width)
        yield from fit(BELOW, f"{_occupant(occupant)}{outside}", width)
    if len(name.besides) > _MEMBERS:
        yield f"  ... {len(name.besides) - _MEMBERS} more"


def _held(held: Held, width: int) -> Iterator[str]:
    told = f"  [{codes.DUPLICATE.code} {codes.DUPLICATE.name}]" if held.clash else ""
    yield f"{brief(held.group)}{told}"
    for holder in held.holders[:_MEMBERS]:
        yield from _holder(holder, held, width)
    if len(held.holders) > _MEMBERS:
        yield f"  ... {len(held.holders) - _MEMBERS} more holders: --json has them all"
    for row in held.references[:_MEMBERS]:
        yield from fit(SYMBOLS[row.role], value(row.old), width)
        yield from fit(BELOW, f"{brief(row.dn)}  ({_whose(row)})", width)
        yield from fit(BELOW, f"{row.attribute}, {shown(row.source)}:{row.line}", width)
        yield from fit(BELOW, brief(row.reason), width)
    if len(held.references) > _MEMBERS:
        yield f"  ... {len(held.references) - _MEMBERS} more references: --json has them all"


def _holder(holder: Holder, held: Held, width: int) -> Iterator[str]:
    row = holder.row
    new = f" -> {value(row.new)}" if row and row.new else ""
    yield from fit(SYMBOLS[row.role] if row else _HOLDS, f"{value(holder.value)}{new}", width)
    yield from fit(BELOW, f"{brief(holder.dn)}  ({_whose(holder)})", width)
    mail = f"; {brief(holder.mail)}" if holder.mail else ""
    yield from fit(BELOW, f"{holder.attribute}, {shown(holder.source)}:{holder.line}{mail}", width)
    for fault in holder.faults:
        yield from fit(BELOW, brief(fault), width)
    if row:
        first = held.holders[0]
        # Why the keeper keeps the name stands in its own lines already.
        reason = row.reason.removeprefix(f"{first.dn} {first.row.reason if first.row else ''}").removeprefix("; ")
        if reason and not any(fault.endswith(f": {reason}") for fault in holder.faults):
            yield from fit(BELOW, brief(reason), width)
        if row.role == "keep" and held.criteria:
            yield from fit(BELOW, _decided(held.criteria), width)
    if holder.says:
        yield from fit(BELOW, f"opens with it: {', '.join(map(value, holder.says))}", width)
    if row and row.rung:
        yield from fit(BELOW, f"by {brief(row.rung)}", width)
    if holder.tried:
        yield f"{BELOW}tried{' before' if row and row.new else ''}:"
        yield from _tried(holder.tried, f"{BELOW}- ", width)


def _decided(criteria: Sequence[str]) -> str:
    *before, last = (_CRITERIA.get(criterion, criterion) for criterion in criteria)
    return f"decided by: {last}" + (f"; equal before it: {', '.join(before)}" if before else "")


def _whose(of: Holder | Row) -> str:
    return ", ".join(filter(None, (of.kind, brief(of.site), of.label and f"label {brief(of.label)}")))


def _occupant(occupant: Occupant) -> str:
    o = occupant
    whose = brief(o.dn) + (f" in {brief(o.label)}" if o.label else "")
    place = f"{o.attribute} {value(o.value)}, {shown(o.source)}:{o.line}"
    return {
        "held": f"held by {whose} ({place})",
        "alike": f"spelled alike by {whose} ({place})",
        "proposed": f"proposed to {whose} ({place})",
        "reserved": f"reserved: {value(o.value)}",
        "held before": f"held before by {whose}",
    }[o.how]


def _counts(found: Explanation) -> str:
    asked = value(found.asked)
    if found.means == "entry":
        asked = f"{counted(len(found.entries), 'entry', 'entries')} with {counted(len(found.names), 'name', 'names')}"
    holders = [holder for name in found.names for held in name.held for holder in held.holders]
    alike = sum(o.how == "alike" for name in found.names for o in name.besides)
    if not found.names:
        return f"{asked}."
    if not holders:
        return f"{asked}: nobody holds it; it is {'not ' if found.wrong else ''}free; {alike} spelled alike."
    roles = Counter(holder.row.role for holder in holders if holder.row)
    return (
        f"{asked}: {counted(len(holders), 'holder', 'holders')}; {roles['keep']} keep it, {roles['rename']} to rename, "
        f"{roles['repair']} to repair, {roles['decide']} to decide, {roles['blocked']} blocked; {alike} spelled alike."
    )
