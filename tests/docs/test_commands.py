"""docs/commands.md tells of every command and every option, and of no others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import typer

from aliasfix.cli import app

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PAGE = "docs/commands.md"
MAIN = "none"  # what the page calls the tool without a command
OF_ALL, OF_PLANS = "What the exports are", "What the plan shall be"
PLANNING = {"plan", "write", "explain", "clean"}
_OPTION = re.compile(r"`(--?[a-z-]+)`")


def _options(command: object) -> set[str]:
    parameters = getattr(command, "params", [])
    return {"--help", "-h", *(o for p in parameters for o in p.opts if o.startswith("-"))}


def _commands(group: object, above: str = "") -> dict[str, object]:
    """The commands, and those below them, by what is typed."""
    found: dict[str, object] = {}
    for name, command in getattr(group, "commands", {}).items():
        found |= {f"{above}{name}": command, **_commands(command, f"{above}{name} ")}
    return found


def _reads_exports(command: object) -> bool:
    return any(p.name == "exports" for p in getattr(command, "params", []))


ROOT = typer.main.get_command(app)
ALL = _commands(ROOT)
COMMANDS = {MAIN: _options(ROOT), **{name: _options(command) for name, command in ALL.items()}}
READING = {name for name, command in ALL.items() if _reads_exports(command)}


@pytest.fixture
def page(root: Path, pages: ModuleType) -> list[tuple[str, str]]:
    """Heading and line of the page."""
    text = (root / PAGE).read_text(encoding="utf-8")
    return [(block.heading, line) for block in pages.blocks(text) for line in block.lines]


def test_every_option_of_every_command_has_a_row(page: list[tuple[str, str]]) -> None:
    told: dict[str, set[str]] = {name: set() for name in COMMANDS}
    for name in set(COMMANDS) - READING:
        told[name] |= {"--help", "-h"}
    for heading, line in page:
        first, second = (cell.strip() for cell in [*line.strip("|").split("|"), ""][:2])
        if not line.startswith("| `-"):
            continue
        where = {OF_ALL: READING, OF_PLANS: PLANNING}.get(heading, {word.strip("`") for word in second.split(", ")})
        for name in where:
            told[name] |= set(_OPTION.findall(first))
    assert COMMANDS == told


@pytest.mark.parametrize("name", sorted(name for name in ALL if " " not in name))
def test_every_command_has_its_section_with_its_help_and_an_example(name: str, page: list[tuple[str, str]]) -> None:
    lines = [line for heading, line in page if heading == f"aliasfix {name}"]
    assert f"$ aliasfix {name} --help" in lines
    assert [line for line in lines if line.startswith(f"$ aliasfix {name} ") and not line.endswith("--help")]
