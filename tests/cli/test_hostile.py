"""Nothing that an export, a file name or an argument holds reaches a terminal as more than text."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

EXPORT = Path(__file__).parents[1] / "cases" / "hostile" / "hostile.ldif"
NAME = "\x1b[31mx\u202e\x9b\n.ldif"
RULES = ("--rules", "openldap")


@pytest.mark.parametrize("columns", [0, 80])
@pytest.mark.parametrize(
    "words",
    [
        ("check", NAME, *RULES),
        ("check", NAME, *RULES, "--json"),
        ("check", NAME),
        ("check", f"no{NAME}"),
        ("check", NAME, f"--{NAME}"),
        (f"check{NAME}",),
        ("plan", NAME, *RULES),
        ("plan", NAME, *RULES, "--json"),
        ("plan", NAME, *RULES, "-o", f"{NAME}.csv"),
        ("plan", NAME, *RULES, "--by-site", f"hand{NAME}"),
        ("plan", NAME, *RULES, "--decisions", f"no{NAME}.csv", "--decisions", NAME),
        ("plan", NAME, *RULES, "--label", f"{NAME}=\x1b[0m"),
        ("plan", NAME, *RULES, "--keep", NAME),
        ("plan", NAME, *RULES, "--change-only", f"ou={NAME}"),
        ("write", NAME, *RULES, "--complete", "--accept-all", "-o", f"\x1b{NAME}"),
        ("write", NAME, *RULES, "--accept-all", "-o", f"\x1b{NAME}"),
        ("write", NAME, *RULES, "--plan", NAME, "-o", "changes.ldif"),
        ("verify", NAME, *RULES, "--changes", NAME),
        ("explain", NAME, "ada", *RULES),
        ("explain", NAME, "bob", *RULES, "--json"),
        ("explain", NAME, "cyd\x1b[0m", *RULES),
        ("explain", NAME, f"\x1b{NAME}", *RULES),
        ("explain", NAME, f"cn={NAME}", *RULES, "--reserved", NAME),
        ("suggest", NAME, "ada", *RULES),
        ("suggest", NAME, f"\x1b{NAME}", *RULES, "--at", NAME),
        ("suggest", NAME, "\x1b", *RULES),
        ("suggest", NAME, "bob", *RULES, "--site-code", f"{NAME}=\x1b", "--at", NAME),
        ("rules", "show", NAME),
        ("rules", "check", f"{NAME}.toml"),
    ],
    ids=repr,
)
def test_nothing_but_text(words: tuple[str, ...], columns: int, command: ModuleType, folder: Path) -> None:
    shutil.copy(EXPORT, NAME)

    done = command.run(*words, columns=columns)

    shown = done.out + done.err
    assert {"\n"} >= {character for character in shown if not character.isprintable()}
    assert "this is a bug" not in shown
    assert len(done.err.splitlines()) == len(done.err.split("\n")) - 1
    assert [] == [line for line in shown.splitlines() if line.startswith("error: forged")]


def test_the_export_is_hostile() -> None:
    text = EXPORT.read_text(encoding="utf-8")

    assert "\x1b" in text
    assert text.count("dn:: ") == 8
