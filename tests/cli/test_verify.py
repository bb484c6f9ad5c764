"""Verify: the proof of change files alone, and what of them is done in a fresh export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

WORDS = ("verify", "people.ldif", "-q", "--changes", "changes.ldif")
LEFT = "It speaks of the exports given, and of nothing since.\n"


@pytest.fixture(name="written")
def written_fixture(command: ModuleType, folder: Path, clashes: Callable[[int], str]) -> Path:
    """An export with two clashes, and its change files."""
    export = Path("people.ldif")
    export.write_text(clashes(2), encoding="utf-8", newline="\n")
    assert 0 == command.run("write", "people.ldif", "--accept-all", "-o", "changes.ldif").code
    return export


def _done(export: Path, *names: str) -> None:
    """Give second holders of these names the new ones."""
    text = export.read_text(encoding="utf-8")
    for name in names:
        first, old, second = text.rpartition(f"uid: {name}\n")
        assert old
        text = f"{first}uid: {name}-2\n{second}"
    export.write_text(text, encoding="utf-8", newline="\n")


def test_open(written: Path, command: ModuleType) -> None:
    done = command.run(*WORDS)

    assert (
        "Verify: 0 done, 2 open, 0 moved.\n"
        "Proof: the change files fit these exports, make no new clash and hand no name on, and the rollback gives "
        f"every exported value back; then 4 names are unique and valid, 0 are left as they are. {LEFT}"
    ) == done.out
    assert (0, "") == (done.code, done.err)


def test_done(written: Path, command: ModuleType) -> None:
    _done(written, "p0", "p1")

    done = command.run(*WORDS)

    assert (0, "Verify: 2 done, 0 open, 0 moved.\n", "") == (done.code, done.out, done.err)


def test_half_done(written: Path, command: ModuleType) -> None:
    _done(written, "p1")

    done = command.run(*WORDS)

    assert (1, "Verify: 1 done, 1 open, 0 moved.\n", "") == (done.code, done.out, done.err)


def test_moved(written: Path, command: ModuleType) -> None:
    text = written.read_text(encoding="utf-8")
    written.write_text(text.replace("cn=P0 Two,", "cn=P0 Three,"), encoding="utf-8", newline="\n")

    done = command.run(*WORDS)

    assert 'moved: uid "p0" -> "p0-2" of cn=P0 Two,dc=example,dc=org\nVerify: 0 done, 1 open, 1 moved.\n' == done.out
    assert (1, "") == (done.code, done.err)


def test_without_the_rollback(written: Path, command: ModuleType) -> None:
    Path("changes.rollback.ldif").unlink()

    done = command.run(*WORDS)

    assert "warning: the rollback is not beside the change file, so it is not proved\n" == done.err
    assert (
        "Verify: 0 done, 2 open, 0 moved.\n"
        "Proof: the change files fit these exports, make no new clash and hand no name on; "
        f"then 4 names are unique and valid, 0 are left as they are. {LEFT}"
    ) == done.out
    assert 0 == done.code


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("changes.ldif", "uid: p0-2", "uid: p1-2", 'fresh: the new value "p1-2" is given twice'),
        ("changes.rollback.ldif", "uid: p0\n", "uid: p9\n", "undo: "),
        ("changes.rollback.ldif", None, "", "undo: "),
    ],
)
def test_altered_files(file: str, old: str | None, new: str, fault: str, written: Path, command: ModuleType) -> None:
    text = Path(file).read_text(encoding="ascii")
    Path(file).write_text(text.replace(old, new) if old else new, encoding="ascii", newline="\n")

    done = command.run(*WORDS)

    assert f"\nProof: FAILS at {fault}" in done.out
    assert (1, "") == (done.code, done.err)


def test_the_rollback_takes_it_back(written: Path, command: ModuleType) -> None:
    _done(written, "p0", "p1")

    done = command.run("verify", "people.ldif", "-q", "--changes", "changes.rollback.ldif")

    assert (
        "Verify: 0 done, 2 open, 0 moved.\n"
        "Proof: none; a rollback brings back the clashes that its change file cured.\n"
    ) == done.out
    assert 0 == done.code


def test_several_change_files(written: Path, command: ModuleType) -> None:
    head, *records = Path("changes.ldif").read_text(encoding="ascii").rstrip("\n").split("\n\n")
    assert head.startswith("#")
    assert 2 == len(records)
    for name, record in zip(("one.ldif", "two.ldif"), records, strict=True):
        Path(name).write_text(f"{record}\n\n", encoding="ascii", newline="\n")

    done = command.run("verify", "people.ldif", "-q", "--changes", "one.ldif", "--changes", "two.ldif")

    assert done.out.startswith("Verify: 0 done, 2 open, 0 moved.\nProof: the change files fit these exports, ")
    assert 0 == done.code


@pytest.mark.parametrize("content", ["", "# LDIF change file of aliasfix: 2 changes in 2 entries.\n"])
def test_a_change_file_without_changes_is_refused(written: Path, command: ModuleType, content: str) -> None:
    assert written.is_file()
    Path("changes.ldif").write_text(content, encoding="ascii", newline="\n")

    done = command.run(*WORDS)

    assert "error: changes.ldif: the change file holds no change\nhint: is it the right file?\n" == done.err
    assert (2, "") == (done.code, done.out)
