"""docs/python.md is a doctest, run on a copy of the samples."""

from __future__ import annotations

import doctest
import shutil
from typing import TYPE_CHECKING

import aliasfix

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = "docs/python.md"


def test_the_page_does_what_it_says(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(root / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    text = (root / PAGE).read_text(encoding="utf-8").replace("\n```\n", "\n\n")
    page = doctest.DocTestParser().get_doctest(text, {}, PAGE, PAGE, 0)
    said: list[str] = []
    outcome = doctest.DocTestRunner().run(page, out=said.append)
    assert outcome.attempted > 0
    assert said == []


def test_what_the_page_imports_is_public(root: Path) -> None:
    line = next(t for t in (root / PAGE).read_text(encoding="utf-8").splitlines() if "from aliasfix import" in t)
    assert {*line.partition("import ")[2].split(", ")} <= {*aliasfix.__all__}
