"""`aliasfix clean`: the same exports with the new values in place."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.consent import Consent, agreed_upon
from aliasfix.cli.session import Reading, Wanting
from aliasfix.errors import UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliasfix.api import Job
    from aliasfix.importer.options import Named


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="The folder for the cleaned exports, made if need be.")
    ],
    plan: Annotated[str, typer.Option(metavar="PLAN", help="The reviewed plan: handing it over is the consent.")] = "",
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
    _save(named, Path(output), overwrite=overwrite, inputs=session.inputs(job, *wanting.lists, plan))
    session.say(terminal.cleaned(agreed, proof, [str(file) for file in named], session.width()))
    session.say(f"Next: {session.command('check', [str(file) for file in named], _again(reading, job))}")
    return 1 if agreed.left else 0


def _save(files: Mapping[Path, bytes], folder: Path, *, overwrite: bool, inputs: Sequence[Path]) -> None:
    """Write all of the files or none, and make their folder, which goes again where none is written."""
    from aliasfix import save

    try:
        folder.mkdir()
    except FileExistsError:
        save(files, overwrite=overwrite, inputs=inputs)
        return
    except OSError as e:
        raise UsageError(f"the folder can't be made: {e.strerror}", where=Where(str(folder))) from e
    try:
        save(files, overwrite=overwrite, inputs=inputs)
    except BaseException:
        with contextlib.suppress(OSError):
            folder.rmdir()
        raise


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
