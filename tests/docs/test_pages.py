"""What the pages show is what the tool says: every console block is run and compared.

``pytest tests/docs --accept`` writes what it says now into the pages.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", *sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").glob("*.md"))]
_OF_CHECKOUT = "CONTRIBUTING.md"  # its commands run the changed tool


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_the_tool_says(
    name: str, root: Path, tmp_path: Path, pages: ModuleType, *, accept: bool
) -> None:
    sessions = 0

    @contextlib.contextmanager
    def session() -> Iterator[object]:
        nonlocal sessions
        sessions += 1
        folder = tmp_path / str(sessions)
        for part in ("samples", "aliasfix", "rules") if name == _OF_CHECKOUT else ("samples",):
            shutil.copytree(root / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        with contextlib.chdir(folder):
            yield pages.Session(pages.of_checkout(folder) if name == _OF_CHECKOUT else pages.here)

    pages.hold(root / name, session, accept=accept)
