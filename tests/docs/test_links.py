"""Links lead somewhere: every relative one to a file of the checkout, every anchor to a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PAGES = ("README.md", "CONTRIBUTING.md", "docs", "samples")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _anchor(heading: str) -> str:
    """What a heading is linked by."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("where", PAGES)
def test_links_lead_somewhere(where: str, root: Path, pages: ModuleType) -> None:
    files = [root / where] if where.endswith(".md") else sorted((root / where).rglob("*.md"))
    assert files
    dead = []
    for page in files:
        prose = [b for b in pages.blocks(page.read_text(encoding="utf-8")) if not b.language]
        for link in _LINK.findall("\n".join(line for block in prose for line in block.lines)):
            file, _, anchor = link.partition("#")
            target = (page.parent / file) if file else page
            if "://" in file:
                continue
            headings = pages.blocks(target.read_text(encoding="utf-8")) if anchor and target.exists() else []
            if not target.exists() or (anchor and anchor not in {_anchor(b.heading) for b in headings}):
                dead.append(f"{page.relative_to(root)}: {link}")
    assert dead == []
