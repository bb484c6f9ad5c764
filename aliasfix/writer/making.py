"""The change files, made one after the other of a plan's accepted rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliasfix.writer import administrator, comments, ldif, map, notices, scripts, stores  # noqa: A004 - the map of names
from aliasfix.writer.parts import Batches, ChangeFiles, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Plan, Row
    from aliasfix.ruleset import Ruleset
    from aliasfix.writer.reach import Entry, Name

_NAMED = 3  # DNs in a sentence


@dataclass(slots=True)
class Making:
    """Files as they are made, what is to be said of them, and what is in them."""

    plan: Plan
    ruleset: Ruleset
    directory: Directory
    entries: Mapping[Name, Entry]
    stem: str
    batches: Batches
    files: dict[str, bytes] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    scripts: list[Part] = field(default_factory=list)

    def done(self) -> ChangeFiles:
        """All of it."""
        return ChangeFiles(self.files, tuple(self.said), tuple(self.parts), tuple(self.scripts))

    def changes(self, label: str, stem: str, rows: Sequence[Row]) -> None:
        """The change file of a label and its rollback, with the rows that LDAP can reach."""
        ldap, why = self._in_ldap(rows, stem)
        self.said += why
        if not ldap:
            return
        left = tuple(comments.left(self.plan))
        records = ldif.records(ldap, self.entries)
        batches = self.batches.stems(stem, list(zip(records, _by_entry(ldap, self.entries), strict=True)))
        for number, own, batch in batches:
            part = Part(label, own, [row for _, rows in batch for row in rows], number=number)
            self.parts.append(part)
            self._write_ldif(part, [record for record, _ in batch], len(batches), (left, why))

    def _write_ldif(
        self, part: Part, records: Sequence[ldif.Record], batches: int, said: tuple[Sequence[str], ...]
    ) -> None:
        facts = self._facts(part, batches, records)
        touched = stores.touched(part.rows, self.ruleset)
        left, why = said
        for name, head, of in (
            (part.forth, comments.of_changes(facts, left, touched, why), records),
            (part.back, comments.of_rollback(facts), ldif.inverse(records)),
        ):
            self.files[name] = ldif.spelled(head + ldif.unparse(of), self.ruleset.dialect.line_end)

    def cmdlets(self, label: str, stem: str, rows: Sequence[Row]) -> None:
        """The script of a label and the one that undoes it, where the ruleset has cmdlets."""
        if not self.ruleset.cmdlets:
            return
        calls, left_out = scripts.calls(rows, self.ruleset, self.directory, self.entries)
        self.said += _told(f"{stem}.ps1", left_out, some=bool(calls))
        if not calls:
            return
        batches = self.batches.stems(stem, calls)
        for number, own, batch in batches:
            part = Part(label, own, [row for row, _ in batch], "ps1", number)
            self.scripts.append(part)
            facts = self._facts(part, len(batches), ())
            own_calls = [call for _, call in batch]
            head = comments.of_script(facts, len(batch))
            self.files[part.forth] = scripts.write(head, own_calls)
            head = comments.of_script(facts, len(batch), undoes=part.forth)
            self.files[part.back] = scripts.write(head, scripts.inverse(own_calls))

    def tables(self) -> None:
        """The map, the stores to move, and whom to tell."""
        rows = self.plan.accepted
        self.files[f"{self.stem}.map.csv"] = map.write(rows)
        if moved := stores.touched(rows, self.ruleset):
            self.files[f"{self.stem}.stores.csv"] = stores.write(moved, rows, self.directory, self.entries)
        if told := notices.told(rows, self.ruleset):
            self.files[f"{self.stem}.notices.csv"] = notices.write(told, self.ruleset, self.directory, self.entries)

    def imported(self, labels: Iterable[str]) -> None:
        """The import files of the Exchange 5.5 Administrator, where the ruleset knows it."""
        rows, name = self.plan.accepted, f"{self.stem}.import.csv"
        if not self.ruleset.administrator_csv:
            return
        if len(set(labels)) > 1:
            self.said.append(f"There is no {name}, which is for one organization: write for one label at a time.")
            return
        forth, back, left_out = administrator.write(rows, self.ruleset, self.directory, self.entries)
        self.said += [_left_out(name, out, reason) for reason, out in left_out.items()]
        if sum(len(out) for out in left_out.values()) < len(rows):
            self.files[name] = forth
            self.files[f"{self.stem}.import.rollback.csv"] = back

    def _facts(self, part: Part, batches: int, records: Sequence[ldif.Record]) -> comments.Facts:
        labelled = any(source.label for source in self.directory.sources)
        batch = f"Batch {part.number} of {batches}" if part.number else ""
        return comments.Facts(
            part.stem, self.stem, part.label if labelled else None, self.ruleset, self.plan.hash(), records, batch
        )

    def _in_ldap(self, rows: Sequence[Row], stem: str) -> tuple[list[Row], list[str]]:
        """The rows that LDAP can reach, and a sentence for each reason why others are left out."""
        by_obstacle: dict[str, list[Row]] = {}
        for row in rows:
            by_obstacle.setdefault(self.entries[row.label, row.dn].obstacle, []).append(row)
        ldap = by_obstacle.pop("", [])
        return ldap, _told(f"{stem}.ldif", by_obstacle, some=bool(ldap))


def _by_entry(rows: Iterable[Row], entries: Mapping[Name, Entry]) -> list[list[Row]]:
    """The rows of each entry, in the order of the records."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(entries[row.label, row.dn].key, []).append(row)
    return [found[key] for key in sorted(found)]


def _told(name: str, left_out: Mapping[str, Sequence[Row]], *, some: bool) -> list[str]:
    """A sentence for each reason why rows are not in a file, of which some are, or why there is none."""
    return [
        _left_out(name, out, reason) if some else f"There is no {comments.escaped(name)}: {reason}."
        for reason, out in left_out.items()
    ]


def _left_out(name: str, rows: Sequence[Row], reason: str) -> str:
    named = "; ".join(comments.shortened(row.dn) for row in rows[:_NAMED])
    more = f"; {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return comments.escaped(f"{name} leaves out {len(rows)}") + f" ({named}{more}): {reason}."
