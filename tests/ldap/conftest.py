"""What the tests of LDAP's formats share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def exports() -> Path:
    """The folder of real exports, which belong to other projects and stay outside of this one."""
    named = os.environ.get("ALIASFIX_EXPORTS")
    folder = Path(named) if named else Path(__file__).parents[2].parent / "shared" / "exports"
    if not folder.is_dir():
        why = f"there are no real exports: no folder {folder}, and ALIASFIX_EXPORTS names none"
        if os.environ.get("ALIASFIX_NO_SKIP") == "1":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)
    return folder
