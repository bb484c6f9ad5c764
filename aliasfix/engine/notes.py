"""What a ruleset has to say of a person who loses a name that equals another of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.text import ladder
from aliasfix.text.equality import fold
from aliasfix.text.parts import domain

if TYPE_CHECKING:
    from aliasfix.engine.fields import Fields
    from aliasfix.ruleset import Ruleset


def note(fields: Fields, at: int, ruleset: Ruleset, old: str, new: str) -> str:
    """Sentences for the entry at this position, whose value ``old`` becomes ``new``; ``""`` where there are none."""
    said = []
    for rule in ruleset.notes if new else ():
        lost = fields.key(rule.old_equals)[at]
        if lost and lost == fold(old, "rfc4518") != fold(new, "rfc4518"):
            values = {name: fields.field(name)[at] for name in ruleset.fields}
            said.append(ladder.fill(rule.text, {**values, "new": new}) or "")
    if new and fields.policy[at]:
        said.append(f"{fields.policy[at]}: the primary address becomes {_address(fields.field('mail')[at], new)}")
    return "; ".join(filter(None, said))


def _address(mail: str, new: str) -> str:
    """What a policy that makes addresses from the alias makes of the new one, in the domain of today's address."""
    return f"{new}@{domain(mail)}" if domain(mail) else f"{new}@ a domain that the export does not show"


def noted(reason: str, note: str) -> str:
    """The reason of a row with its note."""
    return f"{reason}; {note}" if note else reason
