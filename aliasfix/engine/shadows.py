"""Shadows: contacts that stand for a mailbox which the exports hold as well, under the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.text.equality import fold
from aliasfix.text.parts import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.engine.fields import Fields
    from aliasfix.ruleset import Ruleset

_MAILBOXES = ("person", "shared")


def shadows(fields: Fields, ruleset: Ruleset, at: Sequence[int], clash: Sequence[int]) -> dict[int, str]:
    """Of the holders that are shadows, by their number: a sentence that says of whom.

    ``at``: each holder's position in the fields; ``clash``: the number of its clash, negative where it is in none.
    A contact is the shadow of a mailbox in its clash when its target is the mailbox's primary address. Two forests that
    know each other keep one for every mailbox of the other (Exchange global address list synchronisation).
    """
    if not ruleset.shadow:
        return {}
    targets = fields.field(ruleset.shadow)
    contacts = [s for s, a in enumerate(at) if clash[s] >= 0 and targets[a] and fields.kind[a] == "contact"]
    if not contacts:
        return {}
    mailboxes = _mailboxes(fields, at, clash, {clash[s] for s in contacts})
    attribute = ruleset.fields[ruleset.shadow][0].attribute
    found = {}
    for s in contacts:
        target = targets[at[s]]
        mailbox = mailboxes.get((clash[s], _address(target)))
        if mailbox is not None:
            found[s] = (
                f"it is the shadow of {fields.dn[mailbox]} ({attribute} {target}): "
                "it goes when the directories merge; rename it only if both stay"
            )
    return found


def _mailboxes(
    fields: Fields, at: Sequence[int], clash: Sequence[int], clashes: set[int]
) -> dict[tuple[int, str], int]:
    """Clash and primary address -> the mailbox, as a position in the fields; of several the first by DN and label."""
    mails = fields.field("mail")
    holders = [
        (fields.dn_key[a], fields.label[a], clash[s], a)
        for s, a in enumerate(at)
        if clash[s] in clashes and mails[a] and fields.kind[a] in _MAILBOXES
    ]
    found: dict[tuple[int, str], int] = {}
    for _, _, number, a in sorted(holders):
        found.setdefault((number, _address(mails[a])), a)
    return found


def _address(value: str) -> str:
    return fold(address(value), "rfc4518")
