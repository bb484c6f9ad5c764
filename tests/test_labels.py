"""Exports of several forests: which entries are one, and which change file is for whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.api import Job, Options, open_exports
from aliasfix.engine import check, propose
from aliasfix.ldap import changes
from aliasfix.plan import Memory, Plan, Wishes
from aliasfix.proof import Fault, prove, prove_changes, states
from aliasfix.writer import change_files

if TYPE_CHECKING:
    from collections.abc import Callable

ANN, BOB, CID = (f"CN={name},OU=People,DC=corp,DC=example" for name in ("Ann", "Bob", "Cid"))
GUIDS = {"A": "AAAAAAAAAAAAAAAAAAAAAA==", "B": "AQAAAAAAAAAAAAAAAAAAAA=="}


def _entry(dn: str, alias: str, year: int, guid: str = "") -> str:
    known = f"objectGUID:: {GUIDS[guid]}\n" if guid else ""
    return f"dn: {dn}\nobjectClass: user\nmailNickname: {alias}\nwhenCreated: {year}0101000000.0Z\n{known}\n"


def _opened(folder: Path, **texts: str) -> Job:
    """A job with an export for each label."""
    for label, text in texts.items():
        (folder / f"{label}.ldif").write_text(text, encoding="utf-8", newline="\n")
    paths = [str(folder / f"{label}.ldif") for label in texts]
    return open_exports(paths, "exchange", Options(labels=tuple((p, Path(p).stem) for p in paths)))


def _planned(job: Job) -> Plan:
    return propose(job.directory, job.ruleset, Memory(), Wishes())


def test_one_dn_with_one_guid_in_two_labels_is_one_entry_and_no_clash(tmp_path: Path) -> None:
    job = _opened(tmp_path, east=_entry(ANN, "ann", 2001, "A"), west=_entry(ANN, "ann", 2001, "A"))

    assert 1 == job.directory.entries.num_rows
    assert () == check(job.directory, job.ruleset).rows


@pytest.mark.parametrize("guids", [("A", "B"), ("A", ""), ("", "")])
def test_one_dn_with_two_guids_or_none_is_two_entries_and_a_clash(tmp_path: Path, guids: tuple[str, str]) -> None:
    job = _opened(tmp_path, east=_entry(ANN, "ann", 2001, guids[0]), west=_entry(ANN, "ann", 2002, guids[1]))
    plan = _planned(job)
    made = change_files(plan, job.ruleset, job.directory).files

    assert [("keep", "east", ANN, ""), ("rename", "west", ANN, "ann2")] == [
        (r.role, r.label, r.dn, r.new) for r in plan.rows
    ]
    assert [
        "changes.ldif", "changes.rollback.ldif", "changes.ps1", "changes.rollback.ps1", "changes.map.csv",
    ] == list(made)  # fmt: skip
    assert prove(job.directory, plan, made, job.ruleset, Memory()).holds
    forth, back = (changes.parse(made[f"changes.{name}"]) for name in ("ldif", "rollback.ldif"))
    assert ["west"] == [change.label for change in forth]
    assert prove_changes(job.directory, forth, back, job.ruleset, Memory()).holds


@dataclass(frozen=True)
class Made:
    """Two forests with one DN that changes in both."""

    job: Job
    plan: Plan
    files: dict[str, bytes]

    def faults(self, files: dict[str, bytes]) -> tuple[Fault, ...]:
        return prove(self.job.directory, self.plan, files, self.job.ruleset, Memory()).faults


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """In each forest Ann is renamed: in the east for Bob's sake, in the west for Cid's."""
    job = _opened(
        tmp_path,
        east=_entry(ANN, "bob", 2005) + _entry(BOB, "bob", 2001) + _entry(CID, "other", 2001),
        west=_entry(ANN, "cid", 2005) + _entry(CID, "cid", 2001),
    )
    plan = _planned(job)
    return Made(job, plan, dict(change_files(plan, job.ruleset, job.directory).files))


def test_each_label_has_files_of_its_own_that_hold(made: Made) -> None:
    assert [
        "changes.east.ldif", "changes.east.rollback.ldif", "changes.west.ldif", "changes.west.rollback.ldif",
        "changes.east.ps1", "changes.east.rollback.ps1", "changes.west.ps1", "changes.west.rollback.ps1",
        "changes.map.csv",
    ] == list(made.files)  # fmt: skip
    assert () == made.faults(made.files)
    (east,), (west,) = (changes.parse(made.files[f"changes.{label}.ldif"]) for label in ("east", "west"))
    assert [(ANN, b"bob", "east"), (ANN, b"cid", "west")] == [(c.dn, c.swaps[0].old, c.label) for c in (east, west)]


def test_all_change_files_together_hold_without_their_plan(made: Made) -> None:
    forth, back = (
        [m for label in ("east", "west") for m in changes.parse(made.files[f"changes.{label}{ending}"])]
        for ending in (".ldif", ".rollback.ldif")
    )

    assert prove_changes(made.job.directory, forth, back, made.job.ruleset, Memory()).holds
    assert ["open", "open"] == [state for state, _ in states(made.job.directory, forth)]


def without_its_label(files: dict[str, bytes]) -> dict[str, bytes]:
    return _edited(files, "changes.east.ldif", b'# Label: "east"\r\n', b"")


def of_the_other_label(files: dict[str, bytes]) -> dict[str, bytes]:
    files = _edited(files, "changes.east.ldif", b'"east"', b'"west"')
    return _edited(files, "changes.west.ldif", b'"west"', b'"east"')


def of_no_label_of_the_exports(files: dict[str, bytes]) -> dict[str, bytes]:
    return _edited(files, "changes.east.ldif", b'"east"', b'"north"')


def two_files_of_one_label(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, "more.ldif": files["changes.east.ldif"]}


def rollbacks_in_each_others_place(files: dict[str, bytes]) -> dict[str, bytes]:
    east, west = "changes.east.rollback.ldif", "changes.west.rollback.ldif"
    return {**files, east: files[west], west: files[east]}


def one_file_missing(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: raw for name, raw in files.items() if name != "changes.west.ldif"}


def one_rollback_missing(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: raw for name, raw in files.items() if name != "changes.west.rollback.ldif"}


def put_together(files: dict[str, bytes]) -> dict[str, bytes]:
    both = files["changes.east.ldif"] + files["changes.west.ldif"]
    return {name: raw for name, raw in files.items() if name != "changes.west.ldif"} | {"changes.east.ldif": both}


def label_that_is_none(files: dict[str, bytes]) -> dict[str, bytes]:
    return _edited(files, "changes.east.ldif", b'"east"', b"east")


def labels_in_the_map_exchanged(files: dict[str, bytes]) -> dict[str, bytes]:
    files = _edited(files, "changes.map.csv", b',"east"', b',"x"')
    return _edited(_edited(files, "changes.map.csv", b',"west"', b',"east"'), "changes.map.csv", b',"x"', b',"west"')


def _edited(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


FAULTS: list[tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str, str]] = [
    (without_its_label, "rows", 'the changes file lacks mailNickname "bob"'),
    (of_the_other_label, "rows", 'the changes file lacks mailNickname "bob"'),
    (of_no_label_of_the_exports, "rows", "which no accepted row says"),
    (two_files_of_one_label, "readable", "more.ldif is none of the files that are proved"),
    (rollbacks_in_each_others_place, "rows", "changes.east.rollback.ldif is of another label than changes.east.ldif"),
    (one_file_missing, "rows", 'the changes file lacks mailNickname "cid"'),
    (one_rollback_missing, "rows", "the rollback file lacks"),
    (put_together, "readable", "a label stands elsewhere than in the head"),
    (label_that_is_none, "readable", "changes.east.ldif, line 1: the label is no JSON string"),
    (labels_in_the_map_exchanged, "rows", "the map file lacks"),
]


@pytest.mark.parametrize(("damaged", "step", "word"), FAULTS, ids=[f.__name__ for f, _, _ in FAULTS])
def test_a_fault_fails_its_step(
    made: Made, damaged: Callable[[dict[str, bytes]], dict[str, bytes]], step: str, word: str
) -> None:
    found = made.faults(damaged(made.files))

    assert (step, True) in {(fault.step, word in fault.sentence) for fault in found}


def test_the_import_file_of_exchange_55_is_for_one_organization(tmp_path: Path) -> None:
    record = "dn: cn={0},cn=Recipients,ou=S,o=ORG\nobjectClass: organizationalPerson\nrdn: {0}\nuid: user\n\n"
    paths = {label: tmp_path / f"{label}.ldif" for label in ("East", "West")}
    for label, path in paths.items():
        path.write_text(record.format("a") + record.format(f"in{label}"), encoding="utf-8", newline="")
    options = Options(labels=tuple((str(path), label) for label, path in paths.items()))
    job = open_exports([str(path) for path in paths.values()], options=options)

    made = change_files(_planned(job), job.ruleset, job.directory)

    assert [] == [name for name in made.files if ".import." in name]
    assert "There is no changes.import.csv, which is for one organization: write for one label at a time." in made.said
