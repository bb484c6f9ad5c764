"""From exports and a person's word to the plan that is carried out: what `write` and `clean` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.cli import session
from aliasfix.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.api import Job
    from aliasfix.cli.session import Reading, Wanting
    from aliasfix.plan import Memory, Plan


@dataclass(frozen=True, slots=True)
class Consent:
    """The options by which a person agrees to changes."""

    plan: Sequence[str]
    accept_all: bool
    complete: bool
    expect_renames: int | None

    def refuse_none(self, command: str) -> None:
        """Raise UsageError where neither a plan nor the word that none is wanted was given, or both."""
        if bool(self.plan) == self.accept_all:
            raise UsageError(
                f"{command} needs a reviewed plan, or the word that none is wanted",
                hint="give --plan FILE or --accept-all, one of the two",
            )


def agreed_upon(
    exports: Sequence[str], reading: Reading, wanting: Wanting, consent: Consent, *, quiet: bool
) -> tuple[Job, Plan, Memory]:
    """The exports, the plan with its decisions, and the names that nobody may be given; past every safety limit.

    Raises:
        InputError: the exports may be incomplete, and nobody said that they are not.
        StalePlanError: the plan does not fit the exports.
        UnsafeError: more would change than was said.

    """
    from aliasfix import decide, propose, refuse_incomplete, refuse_policies, refuse_strangers, refuse_unsafe
    from aliasfix.review import read_decisions

    memory, wishes = session.memory_and_wishes(wanting)
    decisions = read_decisions(*map(Path, consent.plan)) if consent.plan else None
    job = session.open_job(exports, reading, quiet=quiet)
    if not consent.complete:
        refuse_incomplete(job.directory)
    refuse_strangers(job.directory, job.ruleset, wishes)
    plan = propose(job.directory, job.ruleset, memory, wishes, job.why)
    if decisions:
        plan = decide(plan, decisions, job.directory, job.ruleset, memory, wishes)
    else:
        refuse_policies(job.directory, job.ruleset, wishes, plan)
    refuse_unsafe(plan, job.ruleset, consent.expect_renames)
    return job, plan, memory
