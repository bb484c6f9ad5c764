"""`aliasfix write`: from a reviewed plan to proven change files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aliasfix.cli import options
from aliasfix.cli.session import Reading, Wanting, log, memory_and_wishes, open_job, say
from aliasfix.errors import UsageError


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.ldif", help="The change file; the others stand beside it.")
    ],
    plan: Annotated[str, typer.Option(metavar="PLAN", help="The reviewed plan: handing it over is the consent.")] = "",
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Accept every proposal without a review.")] = False,
    complete: Annotated[bool, typer.Option("--complete", help="The exports are complete as they are.")] = False,
    expect_renames: Annotated[
        int | None, typer.Option(metavar="N", help="The exact number of changes, asked for where there are many.")
    ] = None,
    rules: options.Rules = "",
    encoding: options.Encoding = "",
    label: options.Label = [],  # noqa: B006 - typer copies defaults
    organization: options.Organization = "",
    site: options.Site = [],  # noqa: B006 - typer copies defaults
    site_code: options.SiteCode = [],  # noqa: B006 - typer copies defaults
    change_only: options.ChangeOnly = [],  # noqa: B006 - typer copies defaults
    keep: options.Keep = "",
    protect: options.Protect = "",
    allow: options.Allow = "",
    reserved: options.Reserved = "",
    history: options.History = [],  # noqa: B006 - typer copies defaults
    prefer: options.Prefer = "",
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> int:
    """Write the LDIF change file of a reviewed plan, its rollback and its map, all or none, proven."""
    from aliasfix import decide, propose, proven_files, refuse_incomplete, refuse_unsafe, save
    from aliasfix.review import read_decisions, terminal

    target = _target(output)
    if bool(plan) == accept_all:
        raise UsageError(
            "write needs a reviewed plan, or the word that none is wanted",
            hint="give --plan FILE or --accept-all, one of the two",
        )
    job = open_job(Reading(exports, rules, encoding, label, organization, site, quiet))
    if not complete:
        refuse_incomplete(job.directory)
    memory, wishes = memory_and_wishes(
        Wanting(site_code, change_only, keep, protect, allow, reserved, history, prefer)
    )  # fmt: skip
    agreed = propose(job.directory, job.ruleset, memory, wishes, job.why)
    if plan:
        agreed = decide(agreed, read_decisions(Path(plan)), job.directory, job.ruleset, memory, wishes)
    refuse_unsafe(agreed, job.ruleset, expect_renames)
    made, proof = proven_files(job, agreed, memory, target.stem)
    given = [*exports, plan, keep, protect, allow, reserved, *history]
    save(
        {target.parent / name: content for name, content in made.files.items()},
        overwrite=overwrite,
        inputs=[Path(name) for name in given if name],
    )
    for sentence in made.said:
        log(sentence)
    say("\n".join(f"Wrote {target.parent / name}" for name in made.files))
    say(terminal.counts(agreed))
    say(terminal.proved(proof))
    for row in terminal.listed((f"{r.role}: {r.attribute} {r.old} of {r.dn}: {r.reason}" for r in agreed.left), 20):
        say(f"Left: {row}")
    if job.ruleset.apply and f"{target.stem}.ldif" in made.files:
        say(f"Next: {job.ruleset.apply.replace('{file}', str(target))}")
    return 1 if agreed.left else 0


def _target(output: str) -> Path:
    target = Path(output)
    if target.suffix != ".ldif" or target.stem.endswith(".rollback"):
        raise UsageError(
            f'the change file can\'t be "{output}"', hint="name it FILE.ldif; the others are named after it"
        )
    return target
