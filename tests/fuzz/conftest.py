"""The fuzz targets, which are modules of no package."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture(scope="session")
def fuzz_ldif() -> ModuleType:
    """``SEEDS``, and ``check(data, readers)``."""
    return _target("fuzz_ldif")


@pytest.fixture(scope="session")
def fuzz_csv() -> ModuleType:
    """``SEEDS``, and ``check(data, folder)``."""
    return _target("fuzz_csv")


def _target(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
