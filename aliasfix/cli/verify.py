"""`aliasfix verify`: the proof alone, and on a fresh export what was done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options, session
from aliasfix.cli.session import Reading
from aliasfix.errors import InputError, UsageError, Where

if TYPE_CHECKING:
    from aliasfix.ldap.changes import Modify


_ROLLBACK = ".rollback.ldif"


def run(
    exports: options.Exports,
    *,
    changes: Annotated[list[str], typer.Option(metavar="FILE", help="A change file that aliasfix wrote.")],
    rules: options.Rules = "",
    encoding: options.Encoding = "",
    label: options.Label = [],
    organization: options.Organization = [],
    site: options.Site = [],
    columns: options.Map = [],
    separators: options.Csv = [],
    quiet: options.Quiet = False,
) -> int:
    """Prove change files against exports; on a fresh export say which changes are done, open, or moved."""
    from aliasfix import Memory, prove_changes
    from aliasfix.proof import states
    from aliasfix.review import terminal

    forth = [m for path in changes for m in _forth(Path(path))]
    rollbacks = [Path(path).with_name(f"{Path(path).stem}{_ROLLBACK}") for path in changes]
    undone = all(path.exists() for path in rollbacks)
    back = [m for path in rollbacks for m in _parsed(path)] if undone else None
    job = session.open_job(
        exports, Reading(rules, encoding, label, organization, site, columns, separators), quiet=quiet
    )
    labels = {source.label for source in job.directory.sources}
    forth = _placed(forth, labels)
    back = None if back is None else _placed(back, labels)
    found = states(job.directory, forth)
    session.say(terminal.verified(found, session.width()))
    now = {state for state, _ in found}
    if now != {"open"}:
        return 0 if now <= {"done"} else 1
    if any(path.endswith(_ROLLBACK) for path in changes):
        session.say("Proof: none; a rollback brings back the clashes that its change file cured.")
        return 0
    if not undone:
        session.log("warning: the rollback is not beside the change file, so it is not proved")
    proof = prove_changes(job.directory, forth, back, job.ruleset, Memory())
    session.say(terminal.held(proof, undone=undone, width=session.width()))
    return 0 if proof.holds else 1


def _placed(changes: list[Modify], labels: set[str]) -> list[Modify]:
    """The changes, of which each is for the exports that have the label of its file.

    Exports without labels can only be what the change files of one label are for.

    Raises:
        UsageError: no export has the label.

    """
    named = sorted({change.label for change in changes if change.label is not None})
    if labels == {""} and len(named) == 1:
        return [replace(change, label=None) for change in changes]
    stranger = next((label for label in named if label not in labels), None)
    if stranger is not None:
        raise UsageError(
            f'a change file is for the exports labelled "{stranger}", and there are none',
            hint=f'say which they are: --label "FILE={stranger}"',
        )
    return changes


def _forth(path: Path) -> tuple[Modify, ...]:
    """The changes of a change file: `write` makes none without, so an empty one was cut off, or is another file."""
    found = _parsed(path)
    if not found:
        raise InputError("the change file holds no change", where=Where(str(path)), hint="is it the right file?")
    return found


def _parsed(path: Path) -> tuple[Modify, ...]:
    from aliasfix.ldap.changes import ChangeError, parse

    try:
        return parse(path.read_bytes())
    except OSError as e:
        raise InputError(f"the change file can't be read: {e.strerror}", where=Where(str(path))) from e
    except ChangeError as e:
        raise InputError(f"it is no change file of aliasfix: {e}", where=Where(str(path), e.line)) from e
