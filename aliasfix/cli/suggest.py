"""`aliasfix suggest`: free names for a newcomer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.session import Reading, Wanting

if TYPE_CHECKING:
    from aliasfix.engine import Suggestions

NAME = Annotated[
    str,
    typer.Argument(metavar="NAME", help='The wished name, or "Given Surname" in quotation marks.', show_default=False),
]


def run(
    exports: options.Exports,
    name: NAME,
    *,
    at: Annotated[str, typer.Option(metavar="SITE", help="The site where the newcomer will be.")] = "",
    rules: options.Rules = "",
    encoding: options.Encoding = "",
    label: options.Label = [],
    organization: options.Organization = [],
    site: options.Site = [],
    columns: options.Map = [],
    separators: options.Csv = [],
    site_code: options.SiteCode = [],
    reserved: options.Reserved = "",
    history: options.History = [],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Show the next free names for a newcomer, the best first, and who is in the way of those that are not free."""
    from aliasfix import suggest
    from aliasfix.review import explained

    reading = Reading(rules, encoding, label, organization, site, columns, separators)
    wanting = Wanting(site_code, [], "", "", "", reserved, history, "")
    memory, wishes = session.memory_and_wishes(wanting)
    job = session.open_job(exports, reading, quiet=quiet)
    found = suggest(job.directory, job.ruleset, memory, wishes, name, at)
    if json:
        session.say_json(explained.suggestions(found, job.ruleset, job.why, job.directory.sources))
    else:
        session.say(explained.suggested(found, session.width()))
        session.say(_next(found, session.command("check", exports, reading)))
    return 0 if found.free else 1


def _next(found: Suggestions, check: str) -> str:
    if not found.free:
        return "Next: name the newcomer's site with --at, or wish for another name."
    return f"Next: give one away, and on a fresh export: {check}"
