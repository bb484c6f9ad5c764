"""`aliasfix plan`: the dry run."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.session import Reading, Wanting
from aliasfix.errors import UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aliasfix.api import Job
    from aliasfix.importer.mentions import Mentions
    from aliasfix.plan import Memory, Plan
    from aliasfix.proof import Proof
    from aliasfix.review.handouts import Handout
    from aliasfix.review.page import Beside

_HANDOUT = ".xlsx"  # of a hand-out where -o names no format


def run(
    exports: options.Exports,
    *,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Write the plan for review: .html, .csv, .xlsx or .json."),
    ] = "",
    by_site: Annotated[
        str,
        typer.Option(metavar="DIR", help="Write a hand-out for each site: of the format of -o, else a workbook."),
    ] = "",
    decisions: Annotated[
        list[str],
        typer.Option(
            metavar="PLAN",
            help="Carry the decisions of an earlier plan, or a folder of hand-outs, over.",
            show_default=False,
        ),
    ] = [],
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
    from aliasfix import carry_over, check, propose, refuse_strangers
    from aliasfix.review import handouts, read_decisions, terminal
    from aliasfix.review.json import document

    reading = Reading(rules, encoding, label, organization, site, columns, separators, facts)
    wanting = Wanting(site_code, change_only, keep, protect, allow, reserved, history, prefer, only)
    session.refuse_among_exports([Path(output)] if output else [], exports)
    memory, wishes = session.memory_and_wishes(wanting)
    earlier = read_decisions(*map(Path, decisions)) if decisions else None
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
    suffix = Path(output).suffix or _HANDOUT
    handed = {Path(by_site) / f"{h.stem}{suffix}": h for h in handouts.handouts(plan)} if by_site else {}
    session.refuse_among_exports(handed, exports)
    _save(
        _contents(plan, output, handed, cache(lambda: _beside(job, memory, mentions(), then))),
        by_site if handed else "",
        overwrite=overwrite,
        inputs=session.inputs(job, *wanting.lists, *session.plan_files(decisions)),
    )
    if json:
        session.say_json({**document(plan), "proof": _told(proof)})
    else:
        found, width = check(job.directory, job.ruleset), session.width()
        session.say(terminal.preview(plan, proof, job.ruleset, found, mentions(), width))
        for line in terminal.handed_out([(str(path), h.site, h.plan) for path, h in handed.items()], width):
            session.say(line)
        earlier_plans = [word for path in decisions for word in ("--decisions", path)]
        again = session.command("plan", exports, reading, wanting, earlier_plans)
        session.say(_next(plan, proof, output, by_site if handed else "", decisions, again, then))
    left = any(row.role != "keep" for row in plan.rows) or job.directory.unreadable
    return 1 if left or not proof.holds else 0


def _contents(
    plan: Plan, output: str, handed: Mapping[Path, Handout], beside: Callable[[], Beside]
) -> dict[Path, bytes]:
    """What is to be written; ``beside`` is what a page is told."""
    from aliasfix.review import write_plan

    files = {Path(output): write_plan(plan, Path(output).suffix, beside)} if output else {}
    for path, handout in handed.items():
        if path in files:
            raise UsageError("the plan and a hand-out have one name", where=Where(output), hint="choose another name")
        files[path] = write_plan(handout.plan, path.suffix, partial(_handed_out, beside, handout))
    return files


def _handed_out(beside: Callable[[], Beside], handout: Handout) -> Beside:
    return beside().handed_out(handout)


def _save(files: Mapping[Path, bytes], folder: str, *, overwrite: bool, inputs: Sequence[Path]) -> None:
    """Write all of the files or none; and make the folder of the hand-outs, if there are any."""
    from aliasfix import save
    from aliasfix.writer.output import save_in

    if folder:
        save_in(Path(folder), files, overwrite=overwrite, inputs=inputs)
    else:
        save(files, overwrite=overwrite, inputs=inputs)


def _next(plan: Plan, proof: Proof, output: str, folder: str, decisions: Sequence[str], again: str, then: str) -> str:
    """What comes next; ``again`` and ``then`` are the commands that plan and write these exports.

    A plan file that the ``decisions`` came from is never proposed as the next output: it is not replaced.
    """
    if not proof.holds:
        return "Next: report it: a proposal that can't be proved is a bug in aliasfix."
    if all(row.role == "keep" for row in plan.rows):
        return "Next: nothing is to be done."
    if not (output or folder):
        taken = "plan.csv" in [Path(path).name for path in decisions]
        return f"Next: {again} -o {'again.csv' if taken else 'plan.csv'}"
    name, is_page = session.quoted([folder or output]), Path(output).suffix.lower() == ".html"
    if folder:
        saved = "put what they save" if is_page else "put them back"
        review = f"hand out the files in {name} and {saved} there"
    elif is_page:
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
