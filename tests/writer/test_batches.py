from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from aliasfix import Memory, Wishes, open_exports, propose, prove, prove_changes, proven_files
from aliasfix.importer.mentions import Mentions
from aliasfix.ldap import changes
from aliasfix.writer import Batches, change_files, report_files

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.mark.parametrize(
    ("pilot", "size", "expected"),
    [
        (0, 0, [(0, "c", "abcde")]),
        (2, 0, [(1, "c.1", "ab"), (2, "c.2", "cde")]),
        (0, 2, [(1, "c.1", "ab"), (2, "c.2", "cd"), (3, "c.3", "e")]),
        (1, 3, [(1, "c.1", "a"), (2, "c.2", "bcd"), (3, "c.3", "e")]),
        (9, 0, [(1, "c.1", "abcde")]),
        (9, 2, [(1, "c.1", "abcde")]),
    ],
)
def test_entries_are_cut_into_batches(pilot: int, size: int, expected: list[tuple[int, str, str]]) -> None:
    assert expected == Batches(pilot, size).stems("c", "abcde")


@pytest.fixture(scope="module")
def job() -> Any:
    return open_exports([str(SAMPLES / "active-directory" / "corp.ldf")])


@pytest.fixture(scope="module")
def plan(job: Any) -> Any:
    return propose(job.directory, job.ruleset, Memory(), Wishes())


def test_the_batches_mean_what_one_file_means(job: Any, plan: Any) -> None:
    whole, _ = proven_files(job, plan, Memory(), "changes")
    cut, _ = proven_files(job, plan, Memory(), "changes", Batches(1, 2))

    assert ["changes.1.ldif", "changes.2.ldif", "changes.3.ldif", "changes.4.ldif"] == [p.forth for p in cut.parts]
    assert ["changes.1.ps1", "changes.2.ps1", "changes.3.ps1", "changes.4.ps1"] == [p.forth for p in cut.scripts]
    one = [(c.dn, c.swaps) for c in changes.parse(whole.files["changes.ldif"])]
    assert one == [(c.dn, c.swaps) for p in cut.parts for c in changes.parse(cut.files[p.forth])]
    back = [(c.dn, c.swaps) for c in changes.parse(whole.files["changes.rollback.ldif"])]
    assert back == [(c.dn, c.swaps) for p in reversed(cut.parts) for c in changes.parse(cut.files[p.back])]
    assert b"\r\n# Batch 2 of 4: apply them in this order, undo the last one first.\r\n" in cut.files["changes.2.ldif"]


def test_however_many_batches_are_applied_the_proof_holds(job: Any, plan: Any) -> None:
    made = change_files(plan, job.ruleset, job.directory, batches=Batches(size=1))
    for many in range(1, len(made.parts) + 1):
        forth = [c for p in made.parts[:many] for c in changes.parse(made.files[p.forth])]
        back = [c for p in reversed(made.parts[:many]) for c in changes.parse(made.files[p.back])]

        assert () == prove_changes(job.directory, forth, back, job.ruleset, Memory()).faults


@pytest.mark.parametrize("ending", ["ldif", "ps1"])
def test_a_rollback_that_undoes_another_batch_is_a_fault(job: Any, plan: Any, ending: str) -> None:
    made = change_files(plan, job.ruleset, job.directory, batches=Batches(size=2))
    one, two = f"changes.1.rollback.{ending}", f"changes.2.rollback.{ending}"
    crossed = {**made.files, one: made.files[two], two: made.files[one]}

    assert [f"{one} does not undo changes.1.{ending}", f"{two} does not undo changes.2.{ending}"] == [
        fault.sentence for fault in prove(job.directory, plan, crossed, job.ruleset, Memory()).faults
    ]


def test_a_batch_that_is_missing_is_a_fault(job: Any, plan: Any) -> None:
    made = change_files(plan, job.ruleset, job.directory, batches=Batches(size=2))
    files = {name: raw for name, raw in made.files.items() if not name.startswith("changes.2.")}

    assert "the changes file lacks" in prove(job.directory, plan, files, job.ruleset, Memory()).faults[0].sentence


def test_the_manifest_has_every_hash_and_the_order(job: Any, plan: Any) -> None:
    made = change_files(plan, job.ruleset, job.directory, batches=Batches(pilot=1))
    reports = report_files(plan, job.ruleset, job.directory, made, Mentions())
    told = json.loads(reports["changes.manifest.json"])

    files = {**made.files, "changes.runbook.md": reports["changes.runbook.md"]}
    assert {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()} == told["files"]
    sample = SAMPLES / "active-directory" / "corp.ldf"
    assert [hashlib.sha256(sample.read_bytes()).hexdigest()] == [export["sha256"] for export in told["exports"]]
    assert (plan.hash(), job.ruleset.digest) == (told["plan"]["sha256"], told["ruleset"]["sha256"])
    assert [
        {"file": "changes.1.ldif", "rollback": "changes.1.rollback.ldif", "label": "", "changes": 1},
        {"file": "changes.2.ldif", "rollback": "changes.2.rollback.ldif", "label": "", "changes": 5},
    ] == told["apply"]
    assert ["changes.1.ps1", "changes.2.ps1"] == [script["file"] for script in told["run"]]


def test_without_batches_the_manifest_has_the_one_file(job: Any, plan: Any) -> None:
    made = change_files(plan, job.ruleset, job.directory)
    reports = report_files(plan, job.ruleset, job.directory, made, Mentions())

    assert ["changes.runbook.md", "changes.manifest.json"] == list(reports)
    assert ["changes.ldif"] == [part["file"] for part in json.loads(reports["changes.manifest.json"])["apply"]]
