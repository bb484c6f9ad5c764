"""The picture of the layers in the README is drawn from the import contracts that ``make lint`` holds.

``pytest tests/docs/test_layers.py --accept`` draws it anew.
"""

from __future__ import annotations

import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

HEADING = "How it is built"
PACKAGE = "aliasfix."


def _room(module: str) -> str:
    return module.removeprefix(PACKAGE).split(".")[0]


def _layers(contract: dict[str, Any]) -> Iterator[str]:
    """Above stands who may import whoever stands below."""
    names, apart = [], []
    for number, layer in enumerate(contract["layers"]):
        rooms = [room.strip() for room in layer.replace(":", "|").split("|")]
        names.append(rooms[0] if len(rooms) == 1 else f"layer{number}")
        if len(rooms) > 1:
            yield f'subgraph layer{number}[" "]'
            yield from (f"    {room}" for room in rooms)
            yield "end"
        if "|" in layer:  # import-linter: these know nothing of each other
            apart.append(" x-.-x ".join(rooms))
    yield from (f"{above} --> {below}" for above, below in pairwise(names))
    yield from apart


def _forbidden(contract: dict[str, Any]) -> Iterator[str]:
    """One edge for each room that is not to be known, and one to all that is not ours."""
    parts: dict[str, list[str]] = {}
    foreign = []
    for module in contract["forbidden_modules"]:
        if module.startswith(PACKAGE):
            parts.setdefault(_room(module), []).extend(module.removeprefix(PACKAGE).split(".")[1:])
        else:
            foreign.append(module)
    for source in map(_room, contract["source_modules"]):
        for room, modules in parts.items():
            yield f'{source} -. "{", ".join(modules)}" .-x {room}' if modules else f"{source} -.-x {room}"
        if foreign:
            yield f'{source} -.-x foreign(["{", ".join(foreign)}"])'


def _independent(contract: dict[str, Any]) -> Iterator[str]:
    yield " x-.-x ".join(map(_room, contract["modules"]))


DRAWN = {"layers": _layers, "forbidden": _forbidden, "independence": _independent}


def picture(contracts: list[dict[str, Any]]) -> list[str]:
    """The contracts as a Mermaid flow chart, each below its name."""
    lines = ["```mermaid", "flowchart TD"]
    for contract in contracts:
        lines.append(f"    %% {contract['name']}")
        lines += [f"    {line}" for line in DRAWN[contract["type"]](contract)]
    return [*lines, "```"]


def test_the_readme_shows_the_import_contracts(root: Path, pages: ModuleType, *, accept: bool) -> None:
    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    page = root / "README.md"
    blocks = pages.blocks(page.read_text(encoding="utf-8"))
    (shown,) = (block for block in blocks if block.language == "mermaid")
    drawn = picture(config["tool"]["importlinter"]["contracts"])

    if accept:
        lines = [line for block in blocks for line in (drawn if block is shown else block.lines)]
        page.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    else:
        assert drawn == list(shown.lines), "if the contracts are right: --accept"
    assert HEADING == shown.heading


def test_every_room_of_the_package_is_in_the_picture(root: Path) -> None:
    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    words = {word for line in picture(config["tool"]["importlinter"]["contracts"]) for word in line.split()}
    rooms = {path.stem for path in (root / "aliasfix").iterdir() if path.suffix in {"", ".py"} and path.name[0] != "_"}
    assert rooms <= words
