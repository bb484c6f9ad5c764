"""The change files of a plan: LDIF changes and rollback, the map of names, and what else a ruleset asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.writer import administrator, comments, ldif, map, mentions, notices, reach, runbook, stores  # noqa: A004 - the map of names
from aliasfix.writer.output import save
from aliasfix.writer.parts import Part
from aliasfix.writer.stems import stems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.importer.mentions import Mentions
    from aliasfix.plan import Plan, Row
    from aliasfix.ruleset import Ruleset

__all__ = ["ChangeFiles", "change_files", "report_files", "save"]

_NAMED = 3  # DNs in a sentence


@dataclass(frozen=True, slots=True)
class ChangeFiles:
    """The bytes of each file by its name, and what a person must be told of them: sentences in printable ASCII."""

    files: Mapping[str, bytes]
    said: tuple[str, ...]
    parts: tuple[Part, ...] = ()  # what is in the LDIF files


def change_files(plan: Plan, ruleset: Ruleset, directory: Directory, stem: str = "changes") -> ChangeFiles:
    """Every change file of the plan's accepted rows; none where no row is accepted.

    ``STEM.ldif`` and ``STEM.rollback.ldif`` hold the rows that LDAP can reach; where rows are of several labels, each
    label has ``STEM.LABEL.ldif`` and ``STEM.LABEL.rollback.ldif``. ``STEM.map.csv`` holds all rows.
    ``STEM.notices.csv`` is there when somebody must be told of a new logon name, ``STEM.stores.csv`` when a store must
    be moved along, ``STEM.import.csv`` and ``STEM.import.rollback.csv``
    when the ruleset knows the Exchange 5.5 Administrator.
    """
    rows = plan.accepted
    if not rows:
        return ChangeFiles({}, ("No row is accepted: there is nothing to write.",))
    files: dict[str, bytes] = {}
    said: list[str] = []
    parts: list[Part] = []
    moved = stores.touched(rows, ruleset)
    entries = reach.entries(directory, ruleset, rows)
    labelled = any(source.label for source in directory.sources)
    for label, own in stems(stem, {row.label for row in rows}).items():
        ldap, why = _in_ldap([row for row in rows if row.label == label], entries, own)
        said += why
        if ldap:
            part = Part(label, own, ldap)
            parts.append(part)
            records = ldif.records(ldap, entries)
            facts = comments.Facts(own, stem, label if labelled else None, ruleset, plan.hash(), records)
            heads = comments.of_changes(facts, plan, stores.touched(ldap, ruleset), why), comments.of_rollback(facts)
            for name, head, said_in in zip(
                (part.forth, part.back), heads, (records, ldif.inverse(records)), strict=True
            ):
                files[name] = ldif.spelled(head + ldif.unparse(said_in), ruleset.dialect.line_end)
    files[f"{stem}.map.csv"] = map.write(rows)
    if moved:
        files[f"{stem}.stores.csv"] = stores.write(moved, rows, directory, entries)
    if telling := notices.told(rows, ruleset):
        files[f"{stem}.notices.csv"] = notices.write(telling, ruleset, directory, entries)
    several = len({row.label for row in rows}) > 1
    if ruleset.administrator_csv and several:
        said.append(f"There is no {stem}.import.csv, which is for one organization: write for one label at a time.")
    elif ruleset.administrator_csv:
        forth, back, left_out = administrator.write(rows, ruleset, directory, entries)
        said += [_left_out(f"{stem}.import.csv", out, reason) for reason, out in left_out.items()]
        if sum(len(out) for out in left_out.values()) < len(rows):
            files[f"{stem}.import.csv"] = forth
            files[f"{stem}.import.rollback.csv"] = back
    return ChangeFiles(files, tuple(said), tuple(parts))


def report_files(
    plan: Plan, ruleset: Ruleset, made: ChangeFiles, found: Mentions, stem: str = "changes"
) -> dict[str, bytes]:
    """What people work with besides the change files: nothing where there are none.

    ``STEM.runbook.md`` has the steps. ``STEM.mentions.csv`` is there where a value mentions a name that changes.
    """
    reports = {f"{stem}.mentions.csv": mentions.write(found.rows)} if found.rows else {}
    return {**reports, f"{stem}.runbook.md": runbook.write(plan, ruleset, made, found, stem)} if made.files else reports


def _in_ldap(rows: Sequence[Row], entries: Mapping[reach.Name, reach.Entry], stem: str) -> tuple[list[Row], list[str]]:
    """The rows that LDAP can reach, and a sentence for each reason why others are left out."""
    by_obstacle: dict[str, list[Row]] = {}
    for row in rows:
        by_obstacle.setdefault(entries[row.label, row.dn].obstacle, []).append(row)
    ldap = by_obstacle.pop("", [])
    return ldap, [
        _left_out(f"{stem}.ldif", out, reason) if ldap else f"There is no {stem}.ldif: {reason}."
        for reason, out in by_obstacle.items()
    ]


def _left_out(name: str, rows: Sequence[Row], reason: str) -> str:
    named = "; ".join(comments.shortened(row.dn) for row in rows[:_NAMED])
    more = f"; {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return comments.escaped(f"{name} leaves out {len(rows)}") + f" ({named}{more}): {reason}."
