"""docs/findings.md has every code of the catalogue, with its source, its repair and an example that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix.engine import codes

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PAGE = "docs/findings.md"


def test_the_codes_are_those_of_the_catalogue(root: Path, pages: ModuleType) -> None:
    headings = dict.fromkeys(block.heading for block in pages.blocks((root / PAGE).read_text(encoding="utf-8")))
    assert ["Findings", *(f"{code.code} {code.name}" for code in codes.ALL)] == list(headings)


@pytest.mark.parametrize("code", codes.ALL, ids=lambda code: code.code)
def test_a_code_has_its_meaning_source_repair_and_example(code: codes.Code, root: Path, pages: ModuleType) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    section = [block for block in pages.blocks(text) if block.heading == f"{code.code} {code.name}"]
    prose = [line for block in section if not block.language for line in block.lines]
    assert code.meaning in prose
    assert [line for line in prose if line.startswith("**Source.** ")]
    assert [line for line in prose if line.startswith("**Repair.** ")]
    shown = [line for block in section if block.language == "console" for line in block.lines]
    assert [line for line in shown if f"{code.code} {code.name}" in line]
