"""`aliasfix verify`: the proof alone, and on a fresh export what was done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import options
from aliasfix.cli.session import Reading, log, open_job, say
from aliasfix.errors import InputError, Where
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from aliasfix.ldap.changes import Modify


def run(
    exports: options.Exports,
    *,
    changes: Annotated[list[str], typer.Option(metavar="FILE", help="A change file that aliasfix wrote.")],
    rules: options.Rules = "",
    encoding: options.Encoding = "",
    label: options.Label = [],  # noqa: B006 - typer copies defaults
    organization: options.Organization = "",
    site: options.Site = [],  # noqa: B006 - typer copies defaults
    quiet: options.Quiet = False,
) -> int:
    """Prove change files against exports; on a fresh export say which changes are done, open, or moved."""
    from aliasfix import Memory, prove_changes
    from aliasfix.proof import states
    from aliasfix.review import terminal

    forth = [m for path in changes for m in _parsed(Path(path))]
    rollbacks = [Path(path).with_name(f"{Path(path).stem}.rollback.ldif") for path in changes]
    back = [m for path in rollbacks if path.exists() for m in _parsed(path)]
    job = open_job(Reading(exports, rules, encoding, label, organization, site, quiet))
    found = states(job.directory, forth)
    for state, sentence in found:
        if state == "moved":
            say(f"moved: {shown(sentence)}")
    count = Counter(state for state, _ in found)
    say(f"Verify: {count['done']} done, {count['open']} open, {count['moved']} moved.")
    if count["moved"] or (count["done"] and count["open"]):
        return 1
    if count["done"] or not found:
        return 0
    if not all(path.exists() for path in rollbacks):
        log("warning: the rollback is not beside the change file, so it is not proved")
    proof = prove_changes(job.directory, forth, back or None, job.ruleset, Memory())
    say(terminal.proved(proof))
    return 0 if proof.holds else 1


def _parsed(path: Path) -> tuple[Modify, ...]:
    from aliasfix.ldap.changes import ChangeError, parse

    try:
        return parse(path.read_bytes())
    except OSError as e:
        raise InputError(f"the change file can't be read: {e.strerror}", where=Where(str(path))) from e
    except ChangeError as e:
        raise InputError(f"it is no change file of aliasfix: {e}", where=Where(str(path), e.line)) from e
