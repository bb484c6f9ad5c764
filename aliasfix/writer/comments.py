"""The comments at the head of the LDIF files: what the file is, what is left, how it is applied and undone."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.engine import codes
from aliasfix.ldap.changes import label_line
from aliasfix.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aliasfix.plan import Plan, Row
    from aliasfix.ruleset import Ruleset, Store
    from aliasfix.writer.ldif import Record

_WIDTH = 76  # columns
_ROOM = _WIDTH - len("# ")
_LISTED = 20  # rows that are left
_CLASHES = (codes.DUPLICATE.code, codes.FOLDED.code)


@dataclass(frozen=True, slots=True)
class Facts:
    """What both heads say."""

    stem: str
    tables: str  # the stem of the tables, which is that of all labels
    label: str | None  # of the exports that the file is for; None: they have no labels
    ruleset: Ruleset
    plan_hash: str
    records: Sequence[Record]
    batch: str = ""  # which of how many; "" where there is one only

    @property
    def order(self) -> list[str]:
        """When the file is applied, where there are several batches."""
        return [f"{self.batch}: apply them in this order, undo the last one first."] if self.batch else []

    @property
    def counted(self) -> str:
        """How much the file changes."""
        changes = sum(len(record.swaps) for record in self.records)
        return f"{counted(changes, 'change', 'changes')} in {counted(len(self.records), 'entry', 'entries')}"

    @property
    def origin(self) -> tuple[str, str]:
        """What the file was made from."""
        return (f"Plan: {self.plan_hash}", f"Ruleset: {self.ruleset.name}")

    def command(self, file: str) -> list[str]:
        """How a file is applied, where the ruleset says it."""
        return [f"Apply: {self.ruleset.apply.replace('{file}', file)}"] if self.ruleset.apply else []


def escaped(text: str) -> str:
    r"""The text in printable ASCII on one line: everything else stands as ``\n``, ``\xNN`` or ``\uNNNN``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in text)


def shortened(text: str) -> str:
    """The text escaped, or as much of it as fits on one line of comment."""
    line = escaped(text)
    return line if len(line) <= _ROOM else line[: _ROOM - len("...")] + "..."


def of_changes(facts: Facts, left: Sequence[str], stores: Sequence[Store], said: Sequence[str]) -> bytes:
    """The head of the change file; ``left`` is what ``left`` says of the plan."""
    return _head(
        facts,
        [
            f"LDIF change file of aliasfix: {facts.counted}.",
            *facts.order,
            "Each record deletes the old value by name and adds the new one:",
            "a directory that has moved on since the export refuses it.",
            "",
            *left,
            *said,
            "",
            *facts.origin,
            f"Undo: {facts.stem}.rollback.ldif",
            *facts.command(f"{facts.stem}.ldif"),
            *(f"Also to be done ({facts.tables}.stores.csv): {store.name}: {store.text}" for store in stores),
            "",
            "What is proved is proved of the exports that were read:",
            "of nothing that they left out, and of nothing that has changed since.",
            "The tool decides what becomes of the records behind a refused one:",
            "ldapmodify stops there unless told -c, ldbmodify takes all of them back.",
        ],
    )


def of_rollback(facts: Facts) -> bytes:
    """The head of the rollback."""
    return _head(
        facts,
        [
            f"LDIF rollback of aliasfix: undoes {facts.stem}.ldif, {facts.counted}.",
            *facts.order,
            "It restores every exported value, and it brings the clash back.",
            "A server that enforces uniqueness (OpenLDAP slapo-unique, 389-ds attribute uniqueness) will refuse it.",
            "It cannot undo what others did with the new names meanwhile (address policies, synchronisation).",
            "",
            *facts.origin,
            *facts.command(f"{facts.stem}.rollback.ldif"),
        ],
    )


def of_script(facts: Facts, calls: int, *, undoes: str = "") -> bytes:
    """The head of a PowerShell script, or of the one that undoes it."""
    what = f"undoes {undoes}, " if undoes else ""
    lines = (
        f"PowerShell script of aliasfix: {what}{counted(calls, 'change', 'changes')}.",
        *facts.order,
        "Each call looks whether the recipient has the old alias, and gives it the new one.",
        "At the first that has moved on the script stops. Run again it passes over what is done.",
        "With -WhatIf it changes nothing, and says what it would change.",
        "",
        *facts.origin,
        "It can't give back an alias that the cmdlets refuse, as one with a space."
        if undoes
        else f"Undo: {facts.stem}.rollback.ps1",
        "A transcript stands beside the script: its name with .log.",
    )
    label = [] if facts.label is None else [label_line(facts.label)]
    return "".join(f"{line}\n" for line in [*label, *_wrapped(lines)]).encode("ascii")


def _wrapped(lines: Iterable[str]) -> list[str]:
    wrap = textwrap.TextWrapper(
        _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False, replace_whitespace=False
    )
    wrapped = (wrap.wrap(escaped(line)) or ["#"] for line in lines)
    return [line.rstrip() for group in wrapped for line in group]


def _head(facts: Facts, lines: Iterable[str]) -> bytes:
    """What the dialect has before the first record: version, label, comment lines of at most 76 columns.

    A blank line ends it, unless there is a version: after that some readers find an empty record there. No comment is
    folded: a fold after one confuses ldbmodify.
    """
    dialect = facts.ruleset.dialect
    head = [
        *(["version: 1"] if dialect.version else []),
        *([] if facts.label is None else [label_line(facts.label)]),
        *(_wrapped(lines) if dialect.comments else []),
    ]
    end = [] if dialect.version or not head else [""]
    return "".join(f"{line}\n" for line in [*head, *end]).encode("ascii")


def left(plan: Plan) -> Iterator[str]:
    """How much stays as it is, and the first rows of it."""
    rows = plan.left
    states = Counter(row.state for row in rows)
    clashes = _clashes_left(plan.rows)
    if not states and not clashes:
        yield "Left: nothing."
        return
    counts = (f"{states[state]} {state}" for state in ("undecided", "blocked", "rejected") if states[state])
    still = [f"{counted(clashes, 'clash', 'clashes')} still there"] if clashes else []
    yield f"Left: {', '.join([*still, *counts])}."
    for row in rows[:_LISTED]:
        label = f" in {row.label}" if row.label else ""
        yield shortened(f"  {row.state}: {row.attribute} {row.old} of {row.dn}{label}")
    if len(rows) > _LISTED:
        yield f"  and {len(rows) - _LISTED} more, see the plan"


def _clashes_left(rows: Iterable[Row]) -> int:
    """The clashes of which two entries or more keep the name."""
    holders: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        if row.code in _CLASHES and not row.accepted:
            holders.setdefault(row.group, set()).add((row.label, row.dn))
    return sum(len(entries) > 1 for entries in holders.values())
