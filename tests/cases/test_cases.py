"""Whole sessions: exports in, and every byte that comes out.

A case is a folder: ``case.toml`` says what it shows, which sample exports it takes (``samples``), and the steps; all
other files in it are there when the session starts. ``expected`` holds every file that the session makes or changes,
and ``session.txt``: the commands with their exit codes and what they said. ``make accept`` writes it; read it before
you commit it, because it is a claim. Manifests are there where ``case.toml`` says ``manifests = true``: they change
with every other file.
"""

from __future__ import annotations

import csv
import difflib
import io
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "samples"
CASES = sorted(path.parent.name for path in HERE.glob("*/case.toml"))


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, *, accept: bool, command: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = HERE / name
    asked = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    for path in [*(SAMPLES / sample for sample in asked.get("samples", ())), *case.iterdir()]:
        if path.name not in ("case.toml", "expected"):
            shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    before = command.files(tmp_path)

    session = "\n".join(_step(step, command) for step in asked["step"])

    assert "this is a bug" not in session, session
    after = {path: raw for path, raw in command.files(tmp_path).items() if before.get(path) != raw}
    if not asked.get("manifests"):
        after = {path: raw for path, raw in after.items() if not path.endswith(".manifest.json")}
    actual = {"session.txt": session.encode(), **after}
    if accept:
        _write(case / "expected", actual)
    expected = command.files(case / "expected")
    assert sorted(expected) == sorted(actual)
    for path in sorted(actual):
        assert expected[path] == actual[path], _difference(path, expected[path], actual[path])


def _step(step: dict[str, Any], command: ModuleType) -> str:
    """Do it, and tell what happened."""
    if "run" in step:
        done = command.run(*shlex.split(step["run"]))
        log = "".join(f"2> {line}\n" for line in done.err.splitlines())
        return f"$ aliasfix {step['run']}\n{log}{done.out}exit code {done.code}\n"
    if "copy" in step:
        shutil.copy(step["copy"], step["to"])
        return f"({step['copy']} is copied to {step['to']})\n"
    _edit(Path(step["edit"]), step["rows"])
    told = "".join(f"  {row['dn']}: {_told(row)}\n" for row in step["rows"])
    return f"({step['edit']} is reviewed)\n{told}"


def _told(row: dict[str, str]) -> str:
    if "decision" in row:
        return f"decision {row['decision']}, new {row.get('new', 'as it is')}"
    return ", ".join(f"{column} {cell}" for column, cell in row.items() if column != "dn")


def _edit(plan: Path, changes: list[dict[str, str]]) -> None:
    """Change cells as a person does in a spreadsheet program."""
    rows = list(csv.reader(io.StringIO(plan.read_bytes().decode("utf-8-sig"), newline="")))
    header = rows[0]
    for change in changes:
        (row,) = [r for r in rows if r[header.index("dn")] == change["dn"]]
        for column in set(change) - {"dn"}:
            row[header.index(column)] = change[column]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    plan.write_bytes(out.getvalue().encode("utf-8-sig"))


def _write(folder: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path, raw in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)


def _difference(path: str, expected: bytes, actual: bytes) -> str:
    before, after = (raw.decode("utf-8", "backslashreplace").splitlines(keepends=True) for raw in (expected, actual))
    return "".join(difflib.unified_diff(before, after, f"expected {path}", f"actual {path}"))
