"""Real exports that nobody here wrote: each is read with the right number of entries, or refused in one sentence."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from aliasfix import importer
from aliasfix.errors import AliasfixError
from aliasfix.importer import Options

EXPORTS = Path(os.environ.get("ALIASFIX_EXPORTS") or Path(__file__).parents[3] / "shared" / "exports")
EXPECTED: dict[str, str] = tomllib.loads((Path(__file__).parent / "exports.toml").read_text(encoding="utf-8"))
ATTRIBUTES = ("cn", "mail", "mailNickname", "objectClass", "sn", "uid")

if not EXPORTS.is_dir():
    pytest.skip(f"no real exports: {EXPORTS} is no folder (ALIASFIX_EXPORTS names another)", allow_module_level=True)


def outcome(path: Path) -> str:
    """What becomes of one file, without its path."""
    options = Options(organization=(("", "ORG"),), site=(("", "SITE"),))
    try:
        directory = importer.read(importer.probe([str(path)], options), ATTRIBUTES, options)
    except AliasfixError as e:
        return f"{type(e).__name__}: {str(e).replace(str(path), path.name)}"
    source = directory.sources[0]
    texts = (
        f"{directory.entries.num_rows} entries",
        f"of {source.entries}" if source.entries != directory.entries.num_rows else "",
        f"{source.unreadable} unreadable, the first in line {directory.unreadable[0].where.line}"
        if source.unreadable
        else "",
        *source.incomplete,
    )
    return "; ".join(t for t in texts if t)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_export(name: str) -> None:
    assert EXPECTED[name] == outcome(EXPORTS / name)


def test_no_real_export_is_left_out() -> None:
    assert sorted(EXPECTED) == sorted(f"{p.parent.name}/{p.name}" for p in EXPORTS.glob("*/*") if p.name != "INDEX.tsv")
