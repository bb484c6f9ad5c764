"""Seeded faults of the PowerShell scripts: each must fail the proof, by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix import Memory, Wishes, open_exports, propose, prove
from aliasfix.writer import change_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aliasfix.proof import Fault

SAMPLE = Path(__file__).parents[1] / "samples" / "active-directory" / "corp.ldf"
CAROL = b"    Edit-Alias 'Set-MailContact' '888bbc40-4957-40e2-e2d8-db7ca23cca96' 'carol' 'carol2'\r\n"
BACK = CAROL.replace(b"'carol' 'carol2'", b"'carol2' 'carol'")


@pytest.fixture(scope="module")
def faults() -> Callable[[Callable[[bytes], bytes], str], tuple[Fault, ...]]:
    """What the proof says when one of the scripts is another than was written."""
    job = open_exports([str(SAMPLE)])
    plan = propose(job.directory, job.ruleset, Memory(), Wishes())
    made: Mapping[str, bytes] = change_files(plan, job.ruleset, job.directory).files

    def damaged(by: Callable[[bytes], bytes], name: str) -> tuple[Fault, ...]:
        files = {**made, name: by(made[name])}
        return prove(job.directory, plan, files, job.ruleset, Memory()).faults

    return damaged


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def replace(raw: bytes) -> bytes:
        assert old in raw
        return raw.replace(old, new)

    return replace


def test_the_scripts_of_the_writer_hold(faults: Callable[..., tuple[Fault, ...]]) -> None:
    assert () == faults(lambda raw: raw, "changes.ps1")


SCRIPT, ROLLBACK = "changes.ps1", "changes.rollback.ps1"


@pytest.mark.parametrize(
    ("name", "old", "new", "step", "word"),
    [
        (SCRIPT, CAROL, b"", "rows", "the script lacks Set-MailContact"),
        (SCRIPT, CAROL, 2 * CAROL, "rows", "the script has Set-MailContact"),
        (SCRIPT, b"'carol2'", b"'carol3'", "rows", "carol3"),
        (SCRIPT, b"Set-MailContact", b"Set-MailUser", "rows", "Set-MailUser"),
        (SCRIPT, b"'888bbc40", b"'988bbc40", "rows", "988bbc40"),
        (SCRIPT, b"'carol' 'carol2'", b"'carol2' 'carol'", "rows", "the script has"),
        (SCRIPT, b"'carol2'", b"'carol2'; Remove-Mailbox 'x'", "readable", "is no call"),
        (SCRIPT, b"'carol2'", b"$(Remove-Mailbox x)", "readable", "is no call"),
        (SCRIPT, b"'carol2'", "'carol\u2019; Remove-Mailbox \u2018x'".encode(), "readable", "is no call"),
        (SCRIPT, b"-ErrorAction Stop -WhatIf", b"-WhatIf", "readable", "something else stands around"),
        (SCRIPT, b"# Undo", b"#requires -Modules X\r\n# Undo", "readable", "something else stands around"),
        (SCRIPT, b"# Undo", b"Remove-Item *\r\n# Undo", "readable", "something else stands around"),
        (SCRIPT, b"} finally {", b"}\r\nfinally {", "readable", "something else stands around"),
        (SCRIPT, b"\r\n", b"\n", "readable", "BOM"),
        (SCRIPT, b"\xef\xbb\xbf", b"", "readable", "BOM"),
        (SCRIPT, b"'carol2'", b"'carol\xff'", "readable", "BOM"),
        (SCRIPT, b"'carol2'", b"('' + [char]0xD800)", "readable", "is no text"),
        (ROLLBACK, BACK, b"", "rows", "the rollback script lacks"),
        (ROLLBACK, b"'carol2' 'carol'", b"'carol2' 'anna'", "rows", "the rollback script has"),
    ],
)
def test_a_seeded_fault_of_a_script_fails_its_step(
    faults: Callable[..., tuple[Fault, ...]], name: str, old: bytes, new: bytes, step: str, word: str
) -> None:
    assert (step, True) in {(f.step, word in f.sentence) for f in faults(replaced(old, new), name)}
