"""`aliasfix clean`: the same exports with the new values in place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.consent import Consent, agreed_upon
from aliasfix.cli.session import Reading, Wanting

if TYPE_CHECKING:
    from aliasfix.api import Job
    from aliasfix.importer.options import Named


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="The folder for the cleaned exports, made if need be.")
    ],
    plan: options.Plan = [],
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Accept every proposal without a review.")] = False,
    complete: Annotated[bool, typer.Option("--complete", help="The exports are complete as they are.")] = False,
    expect_renames: Annotated[
        int | None, typer.Option(metavar="N", help="The exact number of changes, asked for where there are many.")
    ] = None,
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
    only: options.Only = "",
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> int:
    """Write the exports again with the new values of a reviewed plan in place, all or none, proven."""
    from aliasfix import proven_files
    from aliasfix.importer.files import expand
    from aliasfix.review import terminal
    from aliasfix.writer.cleaned import targets
    from aliasfix.writer.output import save_in

    consent = Consent(plan, accept_all, complete, expect_renames)
    consent.refuse_none("clean")
    files = targets(expand(exports), Path(output))
    session.refuse_among_exports(files.values(), exports)
    reading = Reading(rules, encoding, label, organization, site, columns, separators, facts)
    wanting = Wanting(site_code, change_only, keep, protect, allow, reserved, history, prefer, only)
    job, agreed, memory = agreed_upon(exports, reading, wanting, consent, quiet=quiet)
    _, proof = proven_files(job, agreed, memory, "changes")
    cleaned = session.cleaned(job, agreed, quiet=quiet)
    named = {files[path]: content for path, content in cleaned.items()}
    save_in(
        Path(output), named, overwrite=overwrite, inputs=session.inputs(job, *wanting.lists, *session.plan_files(plan))
    )
    session.say(terminal.cleaned(agreed, proof, [str(file) for file in named], session.width()))
    session.say(f"Next: {session.command('check', [str(file) for file in named], _again(reading, job))}")
    return 1 if agreed.left else 0


def _again(reading: Reading, job: Job) -> Reading:
    """The options that read the cleaned exports, each of which has its export's name in another folder."""
    from aliasfix.importer.options import name_for

    def named(said: Named) -> list[str]:
        names = [(Path(source.path).name, name_for(said, source.path)) for source in job.exports]
        return [f"{file}={name}" for file, name in names if name]

    told = job.options
    return replace(
        reading, label=named(told.labels), organization=named(told.organization), site=named(told.site), facts=()
    )
