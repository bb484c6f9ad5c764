"""`aliasfix explain`: everything about one name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.session import Reading, Wanting

if TYPE_CHECKING:
    from aliasfix.engine.explanation import Explanation

NAME = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="The name, in any spelling; or the DN or mail address of an entry.", show_default=False
    ),
]


def run(
    exports: options.Exports,
    name: NAME,
    *,
    rules: options.Rules = "",
    encoding: options.Encoding = "",
    label: options.Label = [],
    organization: options.Organization = [],
    site: options.Site = [],
    columns: options.Map = [],
    separators: options.Csv = [],
    facts: options.Facts = [],
    site_code: options.SiteCode = [],
    change_only: options.ChangeOnly = [],
    keep: options.Keep = "",
    protect: options.Protect = "",
    allow: options.Allow = "",
    reserved: options.Reserved = "",
    history: options.History = [],
    prefer: options.Prefer = "",
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Show who holds a name, what it opens, who keeps it and why, and which names were tried for the others."""
    from aliasfix import explain, refuse_strangers
    from aliasfix.review import explained

    reading = Reading(rules, encoding, label, organization, site, columns, separators, facts)
    wanting = Wanting(site_code, change_only, keep, protect, allow, reserved, history, prefer)
    memory, wishes = session.memory_and_wishes(wanting)
    job = session.open_job(exports, reading, quiet=quiet)
    refuse_strangers(job.directory, job.ruleset, wishes)
    found = explain(job.directory, job.ruleset, memory, wishes, name)
    if json:
        session.say_json(explained.document(found, job.ruleset, job.why, job.directory.sources))
    else:
        session.say(explained.explained(found, job.ruleset, session.width()))
        plan = session.command("plan", exports, reading, wanting)
        words = ["--", name] if name.startswith("-") else [name]
        suggest = session.command("suggest", exports, replace(reading, facts=()), _memory(wanting), words)
        session.say("Next: aliasfix check shows them all." if job.ruleset.check_only else _next(found, plan, suggest))
    return 1 if found.wrong else 0


def _memory(wanting: Wanting) -> Wanting:
    """What suggest takes of it."""
    return Wanting(wanting.site_code, [], "", "", "", wanting.reserved, wanting.history, "")


def _next(found: Explanation, plan: str, suggest: str) -> str:
    held = [held for name in found.names for held in name.held]
    if any(holder.row for each in held for holder in each.holders):
        return f"Next: {plan}"
    if held:
        return "Next: nothing that a plan would change."
    return f"Next: {suggest}" if found.wrong and found.asked else "Next: nothing is to be done."
