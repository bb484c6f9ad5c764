"""The tool as functions: what the command line does, for programs."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aliasfix import ruleset as rulesets
from aliasfix.engine import (
    Explanation,
    Suggestions,
    carry_over,
    check,
    decide,
    explain,
    propose,
    refuse_policies,
    refuse_strangers,
    suggest,
    waive,
)
from aliasfix.errors import InputError, ProofError, UnsafeError, UsageError
from aliasfix.importer import Options, choose, mapping, probe, read, read_apart
from aliasfix.importer import mentions as mentioning
from aliasfix.importer.assemble import GUIDS
from aliasfix.importer.fact_lists import FORMAT
from aliasfix.importer.facts import join
from aliasfix.importer.mentions import Mention, Mentions
from aliasfix.importer.progress import Progress, silent
from aliasfix.plan import Memory, Wishes
from aliasfix.proof import Proof, prove, prove_changes, prove_cleaned
from aliasfix.review import read_waivers
from aliasfix.ruleset import SITE, Ruleset, load
from aliasfix.text.counted import counted
from aliasfix.writer import WHOLE, Batches, ChangeFiles, change_files, cleaned, report_files, save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.directory import Directory, Source
    from aliasfix.plan import Plan

__all__ = [
    "Batches",
    "ChangeFiles",
    "Explanation",
    "Job",
    "Memory",
    "Mention",
    "Mentions",
    "Options",
    "Proof",
    "Ruleset",
    "Suggestions",
    "Wishes",
    "carry_over",
    "change_files",
    "check",
    "choose",
    "cleaned_exports",
    "decide",
    "explain",
    "load",
    "mentions",
    "open_exports",
    "probe",
    "propose",
    "prove",
    "prove_changes",
    "proven_files",
    "read",
    "read_waivers",
    "refuse_incomplete",
    "refuse_policies",
    "refuse_strangers",
    "refuse_unsafe",
    "report_files",
    "save",
    "suggest",
    "waive",
]

_SHOWN = 5


@dataclass(frozen=True)
class Job:
    """Exports that were read, and the ruleset they are held against."""

    directory: Directory
    ruleset: Ruleset
    why: str  # why this ruleset
    options: Options  # what was said of the exports
    said: tuple[str, ...] = ()  # of the lists of facts: sentences that a person must be warned by

    @property
    def exports(self) -> tuple[Source, ...]:
        """The sources without the lists of facts."""
        return tuple(source for source in self.directory.sources if source.format != FORMAT)

    @property
    def attributes(self) -> tuple[str, ...]:
        """What was read of the exports: facts are joined by GUIDs too."""
        facts = len(self.directory.sources) > len(self.exports)
        return (*self.ruleset.attributes, SITE, *(GUIDS if facts else ()))


def open_exports(
    paths: Sequence[str],
    rules: str = "",
    options: Options | None = None,
    progress: Progress = silent,
    facts: Sequence[str] = (),
) -> Job:
    """Read the exports under the ruleset of that name or path, or under the one they choose themselves.

    ``progress`` is told of the octets and entries as they are read. ``facts`` are CSV lists that say of the entries
    what the exports lack.

    Raises:
        InputError: an export or a list can't be read as what it should be.
        RulesetError: the ruleset does not exist or does not hold together.
        UsageError: the exports do not show which ruleset is theirs.

    """
    options = options or Options()
    if options.columns:
        if not rules:
            raise UsageError(
                "--map names columns by the fields of a ruleset, and none is named", hint="say which with --rules"
            )
        options = replace(options, table=mapping.table(options.columns, load(rules)))
    sources = probe(paths, options)
    if rules:
        chosen, why = load(rules), "you named it"
    else:
        choice = choose(sources, [load(name) for name in rulesets.shipped()])
        chosen, why = choice.ruleset, choice.why
    if not facts:
        return Job(_told(read(sources, (*chosen.attributes, SITE), options, progress), chosen), chosen, why, options)
    directory = _told(read(sources, (*chosen.attributes, SITE, *GUIDS), options, progress), chosen)
    joined = join(directory, facts, chosen, options.encoding)
    return Job(joined.directory, chosen, why, options, joined.said)


def _told(directory: Directory, ruleset: Ruleset) -> Directory:
    """The directory with a word on names that nobody sees: a filter on ``uid`` finds ``uid;lang-de`` too (RFC 4512)."""
    names = {a.lower(): a for n in ruleset.namespaces for a in n.attributes}
    return replace(
        directory,
        sources=tuple(
            replace(
                source,
                incomplete=(
                    *source.incomplete,
                    *(
                        f"values of {names[a]} with an option (as {names[a]};lang-de has) are not read: {count}"
                        for a, count in source.optioned
                        if a in names
                    ),
                ),
            )
            for source in directory.sources
        ),
    )


def mentions(job: Job, plan: Plan, progress: Progress = silent) -> Mentions:
    """The values anywhere in the exports that hold a name which the plan changes: for a person to look at.

    The exports are read once more, and all of their attributes, which is why ``progress`` is told of it.

    Raises:
        InputError: an export can't be read any more.

    """
    return mentioning.find(job.exports, plan.accepted, job.options, progress)


def refuse_incomplete(directory: Directory) -> None:
    """Stop where an export may be cut off or was not read as a whole.

    Raises:
        InputError: names the first reasons.

    """
    reasons = [f"{s.path}: {why}" for s in directory.sources for why in s.incomplete]
    reasons += [f"{u.where}: {u.what}" for u in directory.unreadable]
    if reasons:
        more = f"; and {len(reasons) - _SHOWN} more" if len(reasons) > _SHOWN else ""
        raise InputError(
            f"the exports may be incomplete: {'; '.join(reasons[:_SHOWN])}{more}",
            hint="export again without a limit; if it is complete as it is, say so with --complete",
        )


def refuse_unsafe(plan: Plan, ruleset: Ruleset, expected: int | None) -> None:
    """Stop where many values would change and their number was not said, or a wrong one was.

    Renames and repairs are each held to the limit; the number to say is that of both.

    Raises:
        UnsafeError: gives the numbers.

    """
    changes = len(plan.accepted)
    repairs = sum(row.role == "repair" for row in plan.accepted)
    told = f"{counted(changes - repairs, 'rename', 'renames')} and {counted(repairs, 'repair', 'repairs')}"
    if expected is not None and expected != changes:
        raise UnsafeError(
            f"--expect-renames says {expected}, but the plan changes {changes} values ({told})",
            hint="look at the plan again before you name its number",
        )
    limits = ruleset.limits
    most = max(limits.floor, min(limits.renames, int(plan.entries * limits.share)))
    if expected is None and max(changes - repairs, repairs) > most:
        percent = 100 * changes / plan.entries
        raise UnsafeError(
            f"the plan changes {changes} values ({told}), {percent:.1f} % of {plan.entries} entries; "
            f"above {most} the exact number is asked for",
            hint=f"if that is what you want, say --expect-renames {changes}",
        )


def proven_files(
    job: Job, plan: Plan, memory: Memory, stem: str, batches: Batches = WHOLE
) -> tuple[ChangeFiles, Proof]:
    """The change files of the plan, in batches or not, and the proof that they do what its accepted rows say.

    Raises:
        ProofError: they do not; nothing may be written.

    """
    made = change_files(plan, job.ruleset, job.directory, stem, batches)
    proof = prove(job.directory, plan, made.files, job.ruleset, memory)
    if not proof.holds:
        first = proof.faults[0]
        raise ProofError(f"the proof fails at {first.step}: {first.sentence}", hint="nothing was written")
    return made, proof


def cleaned_exports(job: Job, plan: Plan, progress: Progress = silent) -> dict[str, bytes]:
    """The bytes of each export, by its path, with the new values of the accepted rows in place, and proven.

    Format, encoding, columns, order, line ends, and whether it is packed, stay; DNs stay, too. ``progress`` is told of
    what is read back.

    Raises:
        InputError: an export has changed since it was read, or can't hold a new value.
        ProofError: read back, the cleaned exports do not differ from the exports in just these rows.

    """
    directory = job.directory
    if sum(source.entries for source in job.exports) > directory.entries.num_rows:
        directory = read_apart(job.exports, job.attributes, job.options)  # several records are of one entry
    changes = cleaned.changes(directory, plan.accepted)
    files = {s.path: cleaned.export(s, job.options, changes.get(s.path, ())) for s in job.exports}
    again = read(job.exports, job.attributes, job.options, progress, lambda path: io.BytesIO(files[path]))
    faults = prove_cleaned(job.directory, plan, again)
    if faults:
        raise ProofError(f"the proof fails at {faults[0].step}: {faults[0].sentence}", hint="nothing was written")
    return files
