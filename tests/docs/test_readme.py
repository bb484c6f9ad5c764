"""What the README says in tables is what the tool does."""

from __future__ import annotations

import contextlib
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from aliasfix import errors, ruleset
from aliasfix.importer import SIZE_LIMITS
from aliasfix.ruleset import Limits

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

# The Administrator's CSV and LDIF of one organization are two views of the same entries.
EXPORTS = {
    "exchange55": ["site1.csv", "site2.csv"],
    "active-directory": ["corp.ldf"],
    "microsoft365": ["one.csv", "two.csv"],
    "openldap": ["slapcat.ldif"],
}


@pytest.fixture
def sections(root: Path, pages: ModuleType) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in pages.blocks((root / "README.md").read_text(encoding="utf-8")):
        if not block.language:
            found[block.heading] = found.get(block.heading, "") + "".join(f"{line}\n" for line in block.lines)
    return found


def test_every_exit_code_has_its_row(sections: dict[str, str]) -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AliasfixError)
    ]
    told = [int(code) for code in re.findall(r"^\| (\d+) \|", sections["Exit codes"], re.MULTILINE)]
    assert sorted({0, 1, 130, *(kind.exit_code for kind in kinds)}) == told


def test_every_file_that_write_leaves_has_its_row(
    sections: dict[str, str], root: Path, tmp_path: Path, pages: ModuleType
) -> None:
    written = set()
    for sample, exports in EXPORTS.items():
        folder = tmp_path / sample
        shutil.copytree(root / "samples" / sample, folder)
        before = set(folder.iterdir())
        with contextlib.chdir(folder):
            pages.here(["write", *exports, "--accept-all", "-o", "changes.ldif"])
        written |= {path.name for path in set(folder.iterdir()) - before}
    rows = "".join(line for line in sections["What it writes"].splitlines() if line.startswith("| `"))
    assert written == set(re.findall(r"`(changes\.[a-z0-9.]+)`", rows))


def test_every_ruleset_that_ships_is_named(sections: dict[str, str]) -> None:
    assert not [name for name in ruleset.shipped() if f"`{name}`" not in sections["What it reads"]]


def test_the_limits_are_those_of_the_code(sections: dict[str, str]) -> None:
    limits = Limits()
    prose = " ".join(sections["What you can rely on"].split())
    asked = f"More than {limits.renames} changes, or {limits.share:.0%} of the entries".replace("%", " %")
    assert asked in prose
    assert f"never fewer than {limits.floor})" in prose
    *most, last = map(str, SIZE_LIMITS)
    assert f"exactly {', '.join(most)} or {last} entries" in prose
