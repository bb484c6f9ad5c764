"""What a ruleset has to say of a person who loses a name that equals another of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.text import ladder
from aliasfix.text.equality import fold

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
        domain = fields.policy_domain[at] or " a domain that the export does not show"
        said.append(f"{fields.policy[at]}: the primary address becomes {new}@{domain}")
    return "; ".join(filter(None, said))


def noted(reason: str, note: str) -> str:
    """The reason of a row with its note."""
    return f"{reason}; {note}" if note else reason
