"""`aliasfix plan`: the dry run."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.session import Reading, Wanting

if TYPE_CHECKING:
    from aliasfix.api import Job
    from aliasfix.importer.mentions import Mentions
    from aliasfix.plan import Memory, Plan
    from aliasfix.proof import Proof
    from aliasfix.review.page import Beside


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Write the plan for review: .html, .csv, .xlsx or .json."),
    ] = "",
    decisions: Annotated[
        str, typer.Option(metavar="PLAN", help="Carry the decisions of an earlier plan over to this one.")
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
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Show what would change, for whom and why. Writes the plan file, if one is named, and nothing else."""
    from aliasfix import carry_over, check, propose, refuse_strangers, save
    from aliasfix.review import read_decisions, terminal, write_plan
    from aliasfix.review.json import document

    reading = Reading(rules, encoding, label, organization, site, columns, separators, facts)
    wanting = Wanting(site_code, change_only, keep, protect, allow, reserved, history, prefer, only)
    session.refuse_among_exports([Path(output)] if output else [], exports)
    memory, wishes = session.memory_and_wishes(wanting)
    earlier = read_decisions(Path(decisions)) if decisions else None
    job = session.open_job(exports, reading, quiet=quiet)
    refuse_strangers(job.directory, job.ruleset, wishes)
    plan = propose(job.directory, job.ruleset, memory, wishes, job.why)
    if earlier:
        carried = carry_over(plan, earlier, job.directory, job.ruleset, memory, wishes)
        plan = carried.plan
        for sentence in carried.moved:
            session.log(f"moved: {sentence}")
    proof = _proof(job, plan, memory)
    then = session.command("write", exports, reading, wanting)
    mentions = cache(lambda: session.mentions(job, plan, quiet=quiet))
    if output:
        content = write_plan(plan, Path(output).suffix, lambda: _beside(job, memory, mentions(), then))
        save({Path(output): content}, overwrite=overwrite, inputs=session.inputs(job, *wanting.lists, decisions))
    if json:
        session.say_json({**document(plan), "proof": _told(proof)})
    else:
        found = check(job.directory, job.ruleset)
        session.say(terminal.preview(plan, proof, job.ruleset, found, mentions(), session.width()))
        again = session.command("plan", exports, reading, wanting, ["--decisions", decisions] if decisions else [])
        session.say(_next(plan, proof, output, decisions, again, then))
    left = any(row.role != "keep" for row in plan.rows) or job.directory.unreadable
    return 1 if left or not proof.holds else 0


def _next(plan: Plan, proof: Proof, output: str, decisions: str, again: str, then: str) -> str:
    """What comes next; ``again`` and ``then`` are the commands that plan and write these exports.

    The plan file that the ``decisions`` came from is never proposed as the next output: it is not replaced.
    """
    if not proof.holds:
        return "Next: report it: a proposal that can't be proved is a bug in aliasfix."
    if all(row.role == "keep" for row in plan.rows):
        return "Next: nothing is to be done."
    if not output:
        return f"Next: {again} -o {'again.csv' if Path(decisions).name == 'plan.csv' else 'plan.csv'}"
    name = session.quoted([output])
    if Path(output).suffix.lower() == ".html":
        review, name = f"open {name} in a browser and save the decisions", "decisions.json"
    else:
        review = f'review {name} (columns "decision" and "new")'
    return f"Next: {review}, then\n      {then} --plan {name} -o changes.ldif"


def _beside(job: Job, memory: Memory, mentions: Mentions, then: str) -> Beside:
    from aliasfix.engine.taken import taken_keys
    from aliasfix.review.page import Beside

    return Beside(tuple(taken_keys(job.directory, job.ruleset, memory)), mentions, then)


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
