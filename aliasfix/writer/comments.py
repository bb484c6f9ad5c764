"""The comments at the head of the LDIF files: what the file is, what is left, how it is applied and undone."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from aliasfix.engine import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aliasfix.plan import Plan, Row
    from aliasfix.ruleset import Ruleset, Store
    from aliasfix.writer.ldif import Record

_WIDTH = 76  # columns
_ROOM = _WIDTH - len("# ")
_LISTED = 20  # rows that are left
_CLASHES = (codes.DUPLICATE.code, codes.FOLDED.code)


def escaped(text: str) -> str:
    r"""The text in printable ASCII on one line: everything else stands as ``\n``, ``\xNN`` or ``\uNNNN``."""
    return "".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in text)


def shortened(text: str) -> str:
    """The text escaped, or as much of it as fits on one line of comment."""
    line = escaped(text)
    return line if len(line) <= _ROOM else line[: _ROOM - len("...")] + "..."


def of_changes(
    plan: Plan, ruleset: Ruleset, records: Sequence[Record], stores: Sequence[Store], said: Sequence[str], stem: str
) -> bytes:
    """The head of the change file."""
    return _comment(
        [
            f"LDIF change file of aliasfix: {_counted(records)}.",
            "Each record deletes the old value by name and adds the new one:",
            "a directory that has moved on since the export refuses it.",
            "",
            *_left(plan),
            *said,
            "",
            f"Plan: {plan.hash()}",
            f"Ruleset: {ruleset.name}",
            f"Undo: {stem}.rollback.ldif",
            *([f"Apply: {ruleset.apply.replace('{file}', f'{stem}.ldif')}"] if ruleset.apply else []),
            *(f"Also to be done ({stem}.stores.csv): {store.name}: {store.text}" for store in stores),
            "",
            "What is proved is proved of the exports that were read:",
            "of nothing that they left out, and of nothing that has changed since.",
        ]
    )


def of_rollback(plan: Plan, ruleset: Ruleset, records: Sequence[Record], stem: str) -> bytes:
    """The head of the rollback."""
    return _comment(
        [
            f"LDIF rollback of aliasfix: undoes {stem}.ldif, {_counted(records)}.",
            "It restores every exported value, and it brings the clash back.",
            "A server that enforces uniqueness (OpenLDAP slapo-unique, 389-ds attribute uniqueness) will refuse it.",
            "It cannot undo what others did with the new names meanwhile (address policies, synchronisation).",
            "",
            f"Plan: {plan.hash()}",
            f"Ruleset: {ruleset.name}",
            *([f"Apply: {ruleset.apply.replace('{file}', f'{stem}.rollback.ldif')}"] if ruleset.apply else []),
        ]
    )


def _comment(lines: Iterable[str]) -> bytes:
    """Comment lines of at most 76 columns, none of them folded: a fold after a comment confuses ldbmodify.

    A blank line ends them.
    """
    wrap = textwrap.TextWrapper(
        _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False, replace_whitespace=False
    )
    wrapped = (wrap.wrap(escaped(line)) or ["#"] for line in lines)
    return ("\n".join(line.rstrip() for group in wrapped for line in group) + "\n\n").encode("ascii")


def _counted(records: Sequence[Record]) -> str:
    changes = sum(len(record.swaps) for record in records)
    return f"{_number(changes, 'change', 'changes')} in {_number(len(records), 'entry', 'entries')}"


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _left(plan: Plan) -> Iterator[str]:
    """How much stays as it is, and the first rows of it."""
    states = Counter(_state(row) for row in plan.left)
    clashes = _clashes_left(plan.rows)
    if not states and not clashes:
        yield "Left: nothing."
        return
    counts = (f"{states[state]} {state}" for state in ("undecided", "blocked", "rejected") if states[state])
    yield "Left: " + ", ".join([f"{_number(clashes, 'clash', 'clashes')} still there", *counts]) + "."
    for row in plan.left[:_LISTED]:
        yield shortened(f"  {_state(row)}: {row.attribute} {row.old} of {row.dn}")
    if len(plan.left) > _LISTED:
        yield f"  and {len(plan.left) - _LISTED} more, see the plan"


def _state(row: Row) -> str:
    if row.decision == "reject":
        return "rejected"
    return "blocked" if row.role == "blocked" else "undecided"


def _clashes_left(rows: Iterable[Row]) -> int:
    """The clashes of which two entries or more keep the name."""
    holders: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        if row.code in _CLASHES and not row.accepted:
            holders.setdefault(row.group, set()).add((row.label, row.dn))
    return sum(len(entries) > 1 for entries in holders.values())
