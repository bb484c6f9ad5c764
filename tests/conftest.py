"""What tests of several rooms share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType


def _beside(name: str) -> ModuleType:
    """The module of that name in this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"tests_{name}", Path(__file__).with_name(f"{name}.py"))
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
