"""`aliasfix plan`: the dry run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options
from aliasfix.cli.session import Reading, Wanting, log, memory_and_wishes, open_job, quoted, say

if TYPE_CHECKING:
    from aliasfix.api import Job
    from aliasfix.plan import Memory, Plan
    from aliasfix.proof import Proof


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write the plan for review: .csv or .json.")
    ] = "",
    decisions: Annotated[
        str, typer.Option(metavar="PLAN", help="Carry the decisions of an earlier plan over to this one.")
    ] = "",
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
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what would change, for whom and why. Writes the plan file, if one is named, and nothing else."""
    from aliasfix import carry_over, propose, save
    from aliasfix.review import read_decisions, terminal, write_plan
    from aliasfix.review.json import document, dump

    job = open_job(Reading(exports, rules, encoding, label, organization, site, quiet))
    memory, wishes = memory_and_wishes(
        Wanting(site_code, change_only, keep, protect, allow, reserved, history, prefer)
    )  # fmt: skip
    plan = propose(job.directory, job.ruleset, memory, wishes, job.why)
    if decisions:
        carried = carry_over(plan, read_decisions(Path(decisions)), job.directory, job.ruleset, memory, wishes)
        plan = carried.plan
        for sentence in carried.moved:
            log(f"moved: {sentence}")
    content = write_plan(plan, Path(output).suffix) if output else b""
    if output:
        save({Path(output): content}, overwrite=overwrite, inputs=[*map(Path, exports), Path(decisions or output)])
    proof = _proof(job, plan, memory)
    if json:
        say(dump({**document(plan), "proof": _told(proof)}).decode().rstrip("\n"))
    else:
        say(terminal.preview(plan, proof, job.ruleset))
        say(_next(plan, exports, output))
    return 1 if not proof.holds or any(r.role != "keep" for r in plan.rows) else 0


def _proof(job: Job, plan: Plan, memory: Memory) -> Proof:
    from aliasfix import change_files, prove

    made = change_files(plan, job.ruleset, job.directory)
    return prove(job.directory, plan, made.files, job.ruleset, memory)


def _told(proof: Proof) -> dict[str, object]:
    return {
        "holds": proof.holds,
        "changed": proof.changed,
        "holding": proof.holding,
        "left": proof.left,
        "faults": [{"step": f.step, "sentence": f.sentence} for f in proof.faults],
    }


def _next(plan: Plan, exports: list[str], output: str) -> str:
    """The exact command that comes next."""
    given = quoted(exports)
    if not plan.accepted:
        return (
            "Next: nothing to write." if not plan.left else "Next: nothing to write until the rows above are decided."
        )
    if output:
        return (
            f'Next: review {output} (columns "decision" and "new"), then\n'
            f"      aliasfix write {given} --plan {quoted([output])} -o changes.ldif"
        )
    return f"Next: aliasfix plan {given} -o plan.csv"
