"""The organization that proposals are read in is read as what it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aliasfix import check, open_exports

ROOT = Path(__file__).parents[2]
COUNT = 1500


@pytest.mark.parametrize("product", ["openldap", "exchange", "exchange55"])
def test_an_organization_has_clashes_in_names_of_many_languages(product: str, tmp_path: Path) -> None:
    path = tmp_path / "organization.ldif"
    line = [sys.executable, "-m", "tests.benchmarks.organization", product, str(COUNT), str(path)]
    subprocess.run(line, check=True, cwd=ROOT)

    job = open_exports([str(path)], rules=product)

    assert (COUNT, ()) == (job.directory.entries.num_rows, job.directory.unreadable)
    assert check(job.directory, job.ruleset).counts()["A001"] > COUNT // 20
    text = "".join(job.directory.values["value"].to_pylist())
    assert set("üłřşøđщπő") <= set(text)
