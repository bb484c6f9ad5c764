"""The change files of a plan: LDIF changes and rollback, the map of names, and what else a ruleset asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.writer import manifest, mentions, reach, runbook
from aliasfix.writer.making import Making
from aliasfix.writer.output import save
from aliasfix.writer.parts import Batches, ChangeFiles
from aliasfix.writer.stems import stems

if TYPE_CHECKING:
    from aliasfix.directory import Directory
    from aliasfix.importer.mentions import Mentions
    from aliasfix.plan import Plan
    from aliasfix.ruleset import Ruleset

WHOLE = Batches()

__all__ = ["Batches", "ChangeFiles", "change_files", "report_files", "save"]


def change_files(
    plan: Plan, ruleset: Ruleset, directory: Directory, stem: str = "changes", batches: Batches = WHOLE
) -> ChangeFiles:
    """Every change file of the plan's accepted rows; none where no row is accepted.

    ``STEM.ldif`` and ``STEM.rollback.ldif`` hold the rows that LDAP can reach, ``STEM.ps1`` and ``STEM.rollback.ps1``
    those for which the ruleset has a cmdlet; where rows are of several labels, each label has its own
    (``STEM.LABEL.ldif``, …). ``STEM.map.csv`` holds all rows. ``STEM.notices.csv`` is there when somebody must be told
    of a new logon name, ``STEM.stores.csv`` when a store must be moved along, ``STEM.import.csv`` and
    ``STEM.import.rollback.csv`` when the ruleset knows the Exchange 5.5 Administrator.

    In ``batches`` the LDIF files and scripts are numbered (``STEM.1.ldif``, …), and applied in that order. As nobody
    held a new name before, however many are applied leave fewer clashes; the rollbacks go in reverse.
    """
    rows = plan.accepted
    if not rows:
        return ChangeFiles({}, ("No row is accepted: there is nothing to write.",))
    making = Making(plan, ruleset, directory, reach.entries(directory, ruleset, rows), stem, batches)
    labels = stems(stem, {row.label for row in rows})
    for make in (making.changes, making.cmdlets):
        for label, own in labels.items():
            make(label, own, [row for row in rows if row.label == label])
    making.tables()
    making.imported(labels)
    return making.done()


def report_files(
    plan: Plan, ruleset: Ruleset, directory: Directory, made: ChangeFiles, found: Mentions, stem: str = "changes"
) -> dict[str, bytes]:
    """What people work with besides the change files: nothing where there are none.

    ``STEM.runbook.md`` has the steps, ``STEM.manifest.json`` what was made of what, and in which order it is applied.
    ``STEM.mentions.csv`` is there where a value mentions a name that changes.
    """
    if not made.files:
        return {}
    reports = {f"{stem}.mentions.csv": mentions.write(found.rows)} if found.rows else {}
    reports[f"{stem}.runbook.md"] = runbook.write(plan, ruleset, made, found, stem)
    return {**reports, f"{stem}.manifest.json": manifest.write(plan, ruleset, directory, made, reports)}
