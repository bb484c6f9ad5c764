"""`aliasfix check`: what is wrong, with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.cli import options, session
from aliasfix.cli.session import Reading

if TYPE_CHECKING:
    from aliasfix.api import Job
    from aliasfix.engine import Findings

_COLUMNS = ("code", "name", "severity", "source", "line", "dn", "attribute", "value", "message", "group")


def run(
    exports: options.Exports,
    *,
    rules: options.Rules = "",
    encoding: options.Encoding = "",
    label: options.Label = [],
    organization: options.Organization = [],
    site: options.Site = [],
    columns: options.Map = [],
    separators: options.Csv = [],
    facts: options.Facts = [],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what is wrong in the exports, with file and line; nothing is written."""
    from aliasfix import check
    from aliasfix.review import terminal

    reading = Reading(rules, encoding, label, organization, site, columns, separators, facts)
    job = session.open_job(exports, reading, quiet=quiet)
    found = check(job.directory, job.ruleset)
    unreadable = len(job.directory.unreadable)
    if json:
        session.say_json(document(job, found))
    else:
        session.say(terminal.findings(found, unreadable, session.width()))
        if found.rows and not job.ruleset.check_only:
            session.say(f"Next: {session.command('plan', exports, reading)}")
    return 1 if found.rows or unreadable else 0


def document(job: Job, found: Findings) -> dict[str, object]:
    """The findings as plain values, schema ``aliasfix.check/1``; ``proposal`` is the name that ``plan`` would give."""
    from aliasfix import Memory, Wishes, propose
    from aliasfix.review.json import sources

    rows = () if job.ruleset.check_only else propose(job.directory, job.ruleset, Memory(), Wishes(), job.why).rows
    proposals = {r.identity: r.new for r in rows if r.new}
    errors = sum(f.severity == "error" for f in found.rows)
    return {
        "schema": "aliasfix.check/1",
        "ruleset": job.ruleset.name,
        "why": job.why,
        "sources": sources(job.directory.sources),
        "summary": {
            "entries": job.directory.entries.num_rows,
            "errors": errors,
            "warnings": len(found.rows) - errors,
            "codes": found.counts(),
        },
        "findings": [
            {
                **{c: getattr(f, c) for c in _COLUMNS},
                "proposal": proposals.get((f.label, f.dn, f.attribute, f.value), ""),
            }
            for f in found.rows
        ],
    }
