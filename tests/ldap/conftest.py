"""What the tests of LDAP's formats share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.ldap import ldif

if TYPE_CHECKING:
    from collections.abc import Callable


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


@pytest.fixture(scope="session")
def shown() -> Callable[[ldif.Record | ldif.Bad | ldif.Incomplete], str]:
    """What the reader gives, on one line, for tables."""
    return _shown


def _shown(found: ldif.Record | ldif.Bad | ldif.Incomplete) -> str:
    match found:
        case ldif.Record(number, dn, changetype, controls, lines):
            head = f"{number} {dn}" + (f" [{changetype}]" if changetype else "")
            return " | ".join((head, *map(_line, controls), *map(_line, lines)))
        case ldif.Bad(number, reason, dn, attribute):
            return " | ".join(part for part in (f"Bad {number}", dn, attribute, reason) if part)
        case ldif.Incomplete(number, reason):
            return f"Incomplete {number} | {reason}"


def _line(line: ldif.Line) -> str:
    name = ";".join((line.name, *line.options))
    value = repr(line.value)[2:-1]
    return f"{line.number} -{value}" if line.form == "-" else f"{line.number} {name}{_COLONS[line.form]} {value}"


_COLONS = {"plain": ":", "base64": "::"}
