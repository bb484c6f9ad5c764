"""The exports that are measured are what they seem."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from aliasfix import check, open_exports

ROOT = Path(__file__).parents[2]
COUNT = 300


def generated(path: Path, dialect: str, *words: str) -> Path:
    line = [sys.executable, "-m", "tests.benchmarks.generate", dialect, str(COUNT), str(path), *words]
    subprocess.run(line, check=True, cwd=ROOT)
    return path


@pytest.mark.parametrize(
    ("dialect", "suffix", "ruleset"),
    [
        ("slapcat", ".ldif", "openldap"),
        ("ldapsearch", ".ldif", "openldap"),
        ("ldifde", ".ldf", "exchange"),
        ("ldifde-ascii", ".ldf", "exchange"),
        ("exchange55", ".csv", "exchange55"),
    ],
)
@pytest.mark.parametrize(
    ("words", "clashing"),
    [
        (["--clashes", "0.1", "--accented", "0.25"], 30),
        (["--clashes", "0"], 0),
        (["--clashes", "1"], COUNT),
        (["--alias", "info"], COUNT),
    ],
)
def test_an_export_is_read_as_what_it_is(
    dialect: str, suffix: str, ruleset: str, words: list[str], clashing: int, tmp_path: Path
) -> None:
    job = open_exports([str(generated(tmp_path / f"a{suffix}", dialect, *words))])

    assert (ruleset, COUNT, ()) == (job.ruleset.name, job.directory.entries.num_rows, job.directory.unreadable)
    assert clashing == pytest.approx(check(job.directory, job.ruleset).counts().get("A001", 0), abs=4)
    assert ("--accented" in words) == any(not text.isascii() for text in job.directory.values["value"].to_pylist())


def test_the_same_words_give_the_same_octets(tmp_path: Path) -> None:
    files = [generated(tmp_path / name, "ldapsearch", "--accented", "0.5") for name in ("a.ldif", "b.ldif")]

    assert len({hashlib.sha256(f.read_bytes()).hexdigest() for f in files}) == 1
