"""`aliasfix check`: what is wrong, with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.session import Reading

if TYPE_CHECKING:
    from aliasfix.api import Job
    from aliasfix.engine import Finding
    from aliasfix.engine.waivers import Waived, Waiver

_COLUMNS = ("code", "name", "severity", "source", "line", "dn", "label", "attribute", "value", "message", "group")
_WAIVER = ("code", "label", "dn", "attribute", "value", "reason", "owner")
_SHOWN = 10


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.csv", help="Write the findings as a table for --waivers.")
    ] = "",
    waivers: Annotated[
        str, typer.Option(metavar="FILE", help="Findings that may stay, each with a reason and an owner.")
    ] = "",
    rules: options.Rules = "",
    encoding: options.Encoding = "",
    label: options.Label = [],
    organization: options.Organization = [],
    site: options.Site = [],
    columns: options.Map = [],
    separators: options.Csv = [],
    facts: options.Facts = [],
    overwrite: options.Overwrite = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what is wrong in the exports, with file and line. Writes the table, if one is named, and nothing else."""
    from aliasfix import check, read_waivers, save, waive
    from aliasfix.review import terminal, write_findings

    reading = Reading(rules, encoding, label, organization, site, columns, separators, facts)
    session.refuse_among_exports([Path(output)] if output else [], exports)
    accepted = read_waivers(Path(waivers)) if waivers else ()
    job = session.open_job(exports, reading, quiet=quiet)
    found = waive(check(job.directory, job.ruleset), accepted)
    _tell(found.idle)
    unreadable = len(job.directory.unreadable)
    if output:
        content = write_findings(found, Path(output).suffix)
        save({Path(output): content}, overwrite=overwrite, inputs=session.inputs(job, waivers))
    if json:
        session.say_json(document(job, found))
    else:
        session.say(terminal.findings(found.new, len(found.waived), unreadable, session.width()))
        if found.new.rows and not job.ruleset.check_only:
            session.say(f"Next: {session.command('plan', exports, reading)}")
    return 1 if found.new.rows or unreadable else 0


def _tell(idle: tuple[Waiver, ...]) -> None:
    for waiver in idle[:_SHOWN]:
        what = f'{waiver.code} at {waiver.attribute} "{waiver.value}" of {waiver.dn}'
        session.log(f"warning: {waiver.where}: the waiver fits no finding: {what} (owner: {waiver.owner})")
    if len(idle) > _SHOWN:
        session.log(f"warning: {len(idle) - _SHOWN} more waivers fit no finding")


def document(job: Job, found: Waived) -> dict[str, object]:
    """The findings as plain values, schema ``aliasfix.check/1``; ``proposal`` is the name that ``plan`` would give."""
    from aliasfix import Memory, Wishes, propose
    from aliasfix.review.json import sources

    rows = () if job.ruleset.check_only else propose(job.directory, job.ruleset, Memory(), Wishes(), job.why).rows
    proposals = {r.identity: r.new for r in rows if r.new}
    errors = sum(f.severity == "error" for f in found.new.rows)

    def told(f: Finding) -> dict[str, object]:
        proposal = proposals.get((f.label, f.dn, f.attribute, f.value), "")
        return {**{c: getattr(f, c) for c in _COLUMNS}, "proposal": proposal}

    return {
        "schema": "aliasfix.check/1",
        "ruleset": job.ruleset.name,
        "why": job.why,
        "sources": sources(job.directory.sources),
        "summary": {
            "entries": job.directory.entries.num_rows,
            "errors": errors,
            "warnings": len(found.new.rows) - errors,
            "codes": found.new.counts(),
            "waived": len(found.waived),
        },
        "findings": [told(f) for f in found.new.rows],
        "waived": [{**told(f), "reason": w.reason, "owner": w.owner} for f, w in found.waived],
        "idle_waivers": [
            {**{c: getattr(w, c) for c in _WAIVER}, "source": w.where.path, "line": w.where.line} for w in found.idle
        ],
    }
