"""What tests of several rooms share."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from types import ModuleType


# A test says what is right, never how fast: other work on the machine must not fail it.
settings.register_profile("aliasfix", deadline=None)
settings.load_profile("aliasfix")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="take what the tool writes now as the expected files")


@pytest.fixture(scope="session")
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether the expected files are written and not compared."""
    return bool(request.config.getoption("--accept"))


def _beside(name: str) -> ModuleType:
    """The module of that name in or below this folder, which is no package."""
    path = Path(__file__).parent / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tests_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def model() -> ModuleType:
    """The whole tool in dicts and loops: ``plan(entries, ruleset, memory, wishes)``."""
    return _beside("model")


@pytest.fixture(scope="session")
def guarantees() -> ModuleType:
    """One function for each promise about a plan."""
    return _beside("guarantees")


@pytest.fixture(scope="session")
def strategies() -> ModuleType:
    """Random exports: ``cases()``, and ``directory(entries)``, the store that the engine reads."""
    return _beside("strategies")


@pytest.fixture(scope="session")
def readers() -> ModuleType:
    """LDIF to one outcome, in two ways: ``by_columns(raw, attributes, size)`` and ``with_care(raw, attributes)``."""
    return _beside("readers")


@pytest.fixture(scope="session")
def command() -> ModuleType:
    """The tool as a user calls it: ``run(words)`` in this process, ``process(words)`` in one of its own."""
    return _beside("command")


@pytest.fixture(scope="session")
def pages() -> ModuleType:
    """A page of the documentation as blocks: ``blocks(text)``, ``replayed(text, session)``, ``Session``."""
    return _beside("docs/pages")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, which is the current one, with a copy of every sample export."""
    for sample in sorted((Path(__file__).parents[1] / "samples").glob("*/*.*")):
        shutil.copy(sample, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
