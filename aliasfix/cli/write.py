"""`aliasfix write`: from a reviewed plan to proven change files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.consent import Consent, agreed_upon
from aliasfix.cli.session import Reading, Wanting
from aliasfix.errors import UsageError
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 5  # change files in the command that comes next


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.ldif", help="The change file; the others stand beside it.")
    ],
    plan: options.Plan = [],
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Accept every proposal without a review.")] = False,
    complete: Annotated[bool, typer.Option("--complete", help="The exports are complete as they are.")] = False,
    expect_renames: Annotated[
        int | None, typer.Option(metavar="N", help="The exact number of changes, asked for where there are many.")
    ] = None,
    pilot: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="So many entries in a first file of their own.")
    ] = None,
    batch: Annotated[int | None, typer.Option(metavar="N", min=1, help="So many entries in each file.")] = None,
    dialect: Annotated[
        str, typer.Option(metavar="NAME", help="For which program the LDIF is, of those that the ruleset knows.")
    ] = "",
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
    """Write the LDIF change file of a reviewed plan, its rollback and its map, all or none, proven."""
    from aliasfix import Batches, proven_files, report_files, save
    from aliasfix.review import terminal

    target = _target(output)
    consent = Consent(plan, accept_all, complete, expect_renames)
    consent.refuse_none("write")
    session.refuse_among_exports([target], exports)
    reading = Reading(rules, encoding, label, organization, site, columns, separators, facts)
    wanting = Wanting(site_code, change_only, keep, protect, allow, reserved, history, prefer, only)
    job, agreed, memory = agreed_upon(exports, reading, wanting, consent, quiet=quiet)
    if dialect:
        job = replace(job, ruleset=job.ruleset.speaking(dialect))
    made, proof = proven_files(job, agreed, memory, target.stem, Batches(pilot or 0, batch or 0))
    besides = session.mentions(job, agreed, quiet=quiet)
    named = {**made.files, **report_files(agreed, job.ruleset, job.directory, made, besides, target.stem)}
    files = {target.parent / name: content for name, content in named.items()}
    save(files, overwrite=overwrite, inputs=session.inputs(job, *wanting.lists, *session.plan_files(plan)))
    if besides.found > len(besides.rows):
        name = f"{target.stem}.mentions.csv"
        session.log(f"warning: {name} holds the first {len(besides.rows)} of {besides.found} mentions")
    for sentence in made.said:
        session.log(sentence)
    session.say(terminal.written(agreed, proof, [str(file) for file in files], besides, session.width()))
    changes = [str(file) for file in files if file.suffix == ".ldif" and not file.stem.endswith(".rollback")]
    book = session.quoted([str(target.with_suffix(".runbook.md"))])
    if len(changes) > _SHOWN:
        session.say(f"Next: {book} says in which order the {len(changes)} change files are applied")
    elif job.ruleset.apply and changes:
        session.say(_next(job.ruleset.apply, changes))
    elif made.scripts:
        session.say(f"Next: {book} says how the scripts are run")
    return 1 if agreed.left else 0


def _next(apply: str, changes: Sequence[str]) -> str:
    """How the change files are applied, and what comes then."""
    commands = [shown(apply).replace("{file}", session.quoted([file])) for file in changes]
    options = session.quoted([word for file in changes for word in ("--changes", file)])
    return "Next: " + "\n      ".join([*commands, f"and, on a fresh export: aliasfix verify EXPORT... {options}"])


def _target(output: str) -> Path:
    target = Path(output)
    if target.suffix != ".ldif" or target.stem.endswith(".rollback"):
        raise UsageError(
            f'the change file can\'t be "{output}"', hint="name it FILE.ldif; the others are named after it"
        )
    return target
