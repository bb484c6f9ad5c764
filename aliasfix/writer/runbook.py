"""The run book: where which file is run and as whom, what is looked at between, and how to go back, in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aliasfix.text.counted import counted
from aliasfix.text.powershell import quoted
from aliasfix.writer import stores
from aliasfix.writer.comments import escaped, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aliasfix.importer.mentions import Mentions
    from aliasfix.plan import Plan, Row
    from aliasfix.ruleset import Ruleset
    from aliasfix.writer.parts import ChangeFiles, Part

_PLAIN = re.compile(r"[A-Za-z0-9._-]+")  # a file name that PowerShell takes as it is
_LISTED = 50  # rows of a list
_OPTIONS = "with the options that `write` had (`--rules`, `--label`, `--encoding`)"


def write(plan: Plan, ruleset: Ruleset, made: ChangeFiles, found: Mentions, stem: str) -> bytes:
    """The steps for these change files of the plan, printable ASCII; no name in it can be taken for Markdown."""
    parts = made.parts
    lines = [
        f"# Run book for {code(stem)}",
        "",
        f"{counted(len(plan.accepted), 'change', 'changes')} by ruleset {code(ruleset.name)}; {len(plan.left)} left.",
        f"Plan {code(plan.hash())}.",
        "",
        "Tick each box before you go on. Where a step does not end as it says, stop: the end of this page says how to",
        "go back. What is proved is proved of the exports that were read: of nothing that has changed since.",
        *_before(made, ruleset, stem),
        *(line for part in parts for line in _applying(part, parts, ruleset)),
        *(line for part in made.scripts for line in _scripting(part, made, ruleset)),
        *_by_import(made, ruleset, stem),
        *_doing_by_hand(_by_hand(plan, made), stem),
        *_after(plan, ruleset, found, stem),
        *_left(plan),
        *_going_back(plan, made, ruleset),
    ]
    return "".join(f"{escaped(line)}\n" for line in lines).encode("ascii")


def code(text: str) -> str:
    """The text in printable ASCII as a code span, in which Markdown reads nothing."""
    line = escaped(text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    room = " " if not line.strip() or line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{room}{line}{room}{fence}"


def _before(made: ChangeFiles, ruleset: Ruleset, stem: str) -> Iterator[str]:
    book, parts = ruleset.run_book, made.parts
    told = next(name for name in (f"{stem}.notices.csv", f"{stem}.map.csv") if name in made.files)
    yield from _headed("Before")
    yield from _ticked(
        f"Where: {book.where}" if book.where else "",
        f"As whom: {book.who}" if book.who else "",
        f"Make a fresh export{_by(book.export)}." if parts else "",
        *(
            f"{_of(part)}{_verify(part)} says of every change that it is open, and that the proof holds. "
            "Where one has moved, plan again: the directory is not the one that was exported any more."
            for part in parts
        ),
        f"Tell those whose names change when it will happen: {code(told)}.",
        "The rollback lies where you reach it when mail does not work." if parts else "",
    )


def _applying(part: Part, parts: Sequence[Part], ruleset: Ruleset) -> Iterator[str]:
    book = ruleset.run_book
    yield from _headed(f"Apply {code(part.forth)}{_for(part, parts)}")
    how = f": {code(ruleset.apply.replace('{file}', part.forth))}" if ruleset.apply else ""
    yield from _ticked(
        _pilot(part),
        f"Apply {code(part.forth)}{how}. A refused record means that the entry has moved on: note the DN, and go on "
        "with what the tool has not done by then; `aliasfix verify` tells which that is.",
        f"Wait for replication. {book.replication}".strip(),
        f"Read back: make a fresh export{_by(book.export)}; {_verify(part)} says that every change is done.",
        f"Let some of those below try: {book.trial}" if book.trial else "",
        "Only then go on to the next file." if part is not parts[-1] else "",
    )
    yield ""
    yield from _listed(part.rows, _swap)


def _pilot(part: Part) -> str:
    if part.number > 1:
        return ""
    if part.number:
        return "Pilot: those below know of it and can be asked afterwards."
    return (
        "Pilot: a few entries first. `write` with `--pilot 5` puts the first five into a file of their own, with "
        "`--change-only` those of one site."
    )


def _scripting(part: Part, made: ChangeFiles, ruleset: Ruleset) -> Iterator[str]:
    yield from _headed(f"{'Or run' if made.parts else 'Run'} {code(part.forth)}{_for(part, made.scripts)}")
    start, only = _started(part.forth), not made.parts
    yield from _ticked(
        ""
        if only
        else "It gives the new aliases by the product's own cmdlets, and so with all that these do besides (address "
        "policies). Apply it or the LDIF file, not both.",
        f"In PowerShell, in a session that has the cmdlets: {code(start + ' -WhatIf')} changes nothing, and says what "
        "would be changed.",
        f"{code(start + ' -Confirm')} asks before each: say yes to a few people who know of it, then stop.",
        f"Let these try: {ruleset.run_book.trial}" if ruleset.run_book.trial and only else "",
        f"{code(start)} does the rest. It stops at the first recipient that has moved on, and run again passes over "
        f"what is done. Its transcript is {code(part.forth + '.log')}.",
        f"Read back: make a fresh export{_by(ruleset.run_book.export)}; `aliasfix check` finds none of the clashes "
        "that were cured."
        if only
        else "",
    )
    yield ""
    yield from _listed(part.rows, _swap)


def _by_import(made: ChangeFiles, ruleset: Ruleset, stem: str) -> Iterator[str]:
    if f"{stem}.import.csv" in made.files:
        yield from _headed("Or import")
        yield from _ticked(
            f"{code(stem + '.import.csv')} says the same as the LDIF file for all entries that it can hold: apply "
            "one of them, not both.",
            f"Import it. {ruleset.run_book.imported}".strip(),
            f"{code(stem + '.import.rollback.csv')} goes back.",
        )


def _by_hand(plan: Plan, made: ChangeFiles) -> list[Row]:
    """What neither LDAP nor a cmdlet can reach, which only the map has."""
    reached = {row.identity for part in (*made.parts, *made.scripts) for row in part.rows}
    return [row for row in plan.accepted if row.identity not in reached]


def _doing_by_hand(rows: Sequence[Row], stem: str) -> Iterator[str]:
    if rows:
        yield from _headed("By hand")
        yield from _ticked(
            "None of the files reaches these entries. Make their changes of "
            f"{code(stem + '.map.csv')} with the product's own tool: a few first, then the others."
        )
        yield ""
        yield from _listed(rows, _swap)


def _after(plan: Plan, ruleset: Ruleset, found: Mentions, stem: str) -> Iterator[str]:
    yield from _headed("After")
    look = ", ".join(f"{code(attribute)} {count}" for attribute, count in found.values)
    yield from _ticked(
        *(
            f"Stores to move ({code(stem + '.stores.csv')}): {store.name}: {store.text}"
            for store in stores.touched(plan.accepted, ruleset)
        ),
        f"Mentions to look at ({code(stem + '.mentions.csv')}), each by a person: {look}." if found.rows else "",
        *ruleset.run_book.after,
        f"Keep {code(stem + '.map.csv')}: with `--history` no later run gives an old name to somebody else.",
    )


def _left(plan: Plan) -> Iterator[str]:
    yield from _headed("What is left")
    if not plan.left:
        yield "Nothing."
    yield from _listed(plan.left, _open)


def _going_back(plan: Plan, made: ChangeFiles, ruleset: Ruleset) -> Iterator[str]:
    parts = made.parts
    yield from _headed("Going back")
    if len(parts) > 1:
        yield "The last file that was applied goes back first."
        yield ""
    yield from _ticked(
        *(
            f"{_of(part)}apply {code(part.back)}"
            + (f": {code(ruleset.apply.replace('{file}', part.back))}" if ruleset.apply else "")
            for part in reversed(parts)
        ),
        *(
            f"{_of(part)}{'or, ' if parts else ''}what PowerShell has changed: {code(_started(part.back))}"
            for part in reversed(made.scripts)
        ),
        "What was done by hand goes back by hand: the map has the old names." if _by_hand(plan, made) else "",
        "Move the stores back." if stores.touched(plan.accepted, ruleset) else "",
        "Tell the people again.",
    )
    yield ""
    yield "Then every exported value is there again, and the clash too. What can't be undone:"
    yield ""
    yield from (f"- {text}" for text in ("what others did with the new names meanwhile", *ruleset.run_book.not_undone))


def _headed(title: str) -> tuple[str, ...]:
    return ("", f"## {title}", "")


def _ticked(*steps: str) -> Iterator[str]:
    return (f"- [ ] {step}" for step in steps if step)


def _listed(rows: Sequence[Row], told: Callable[[Row], str]) -> Iterator[str]:
    yield from (f"- {told(row)} of {code(shortened(row.dn))}" for row in rows[:_LISTED])
    if len(rows) > _LISTED:
        yield f"- and {len(rows) - _LISTED} more"


def _started(script: str) -> str:
    """The command that starts a script of this folder."""
    return f".\\{script}" if _PLAIN.fullmatch(script) else f"& {quoted(f'.{chr(92)}{script}')}"


def _for(part: Part, parts: Sequence[Part]) -> str:
    return f" for {code(part.label)}" if len({of.label for of in parts}) > 1 else ""


def _of(part: Part) -> str:
    return f"{code(part.label)}: " if part.label else ""


def _by(command: str) -> str:
    return f", by {code(command)}" if command else ""


def _verify(part: Part) -> str:
    return f"{code(f'aliasfix verify FRESH-EXPORT --changes {part.forth}')}, {_OPTIONS},"


def _open(row: Row) -> str:
    return f"{row.state}: {code(row.attribute)} {code(shortened(row.old))}"


def _swap(row: Row) -> str:
    return f"{code(shortened(row.old))} becomes {code(shortened(row.new))}"
