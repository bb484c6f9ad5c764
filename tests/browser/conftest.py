"""A real Chromium, without a window, with a profile of its own and no way to any network."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@pytest.fixture(scope="session")
def driver() -> ModuleType:
    """The module that starts and drives the browser."""
    spec = importlib.util.spec_from_file_location("tests_driver", Path(__file__).with_name("driver.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def browser(driver: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A window of 1440 by 900 pixels; at the end of the test nothing may have been complained of."""
    if lacking := driver.missing():
        _missing(f"{lacking} is not installed; .ci/run names the packages")
    with driver.browser(tmp_path_factory.mktemp("downloads")) as window:
        window.look(1440, 900)
        yield window
        assert [] == window.log()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, as ``npm install --no-save axe-core`` puts it into the checkout."""
    script = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        _missing("axe-core is not installed; .ci/run says how")
    return script.read_text("utf-8")


def _missing(what: str) -> None:
    if os.environ.get("ALIASFIX_NO_SKIP") == "1":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
