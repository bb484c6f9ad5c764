"""The page for whoever does not see it, or not well: what axe-core finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

FAULTS = """
    const done = arguments[arguments.length - 1];
    axe.run().then(({violations}) => done(violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)])));"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 420])
def test_axe_finds_nothing(browser: Any, axe: str, command: ModuleType, folder: Path, width: int, scheme: str) -> None:
    command.run("plan", "corp.ldf", "--quiet", "-o", "review.html")
    browser.look(width, 900, scheme)
    browser.open(folder / "review.html")
    browser.run(axe + ";window.axe = axe")

    assert [] == browser.run_async(FAULTS)
    browser.run("decide(view.rows.filter(canReject).slice(0, 2).map(rejected)); decide([edited(view.rows[1], 'info')])")
    assert [] == browser.run_async(FAULTS)
    browser.run("document.querySelector('#renameshown').click()")
    assert [] == browser.run_async(FAULTS)
