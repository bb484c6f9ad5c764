"""A plan that a person opens, edits and saves in a real spreadsheet program says what it said, and the decision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aliasfix.directory import Source
from aliasfix.plan import COLUMNS, EDITABLE, Plan, Row, fingerprint
from aliasfix.review import read_decisions, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROW = Row(
    "rename", "accept", "A001", "alias:user", "cn=user,ou=SITE2,o=ORG", "", "person", "SITE2", "uid", "user",
    "user-site2", "another keeps it", "{alias}{joiner}{site}", "", "user@site2.org.com", "export.ldif", 12,
)  # fmt: skip
# What spreadsheet programs like to make something else of.
VALUES = (
    "007", "=cmd|' /C calc'!A0", "1e5", "+49", "-1", "@SUM(1)", "Grüße", "Ωμέγα", "жук", "日本", "n" * 64, " lead",
    "'x", "TRUE", "1/2", "2026-11-25", "12:30", "0x1F", "1,5", 'say "x"', "a;b", "http://x.example", "100%", "€5",
    "\u202eabc",
)  # fmt: skip


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_decision_survives_and_nothing_else_changes(
    decide: Callable[[Path, Path, int, str, str], None], tmp_path: Path, suffix: str
) -> None:
    rows = [replace(ROW, dn=f"cn={n},o=ORG", old=old, new=f"{n:03}") for n, old in enumerate(VALUES)]
    plan = Plan(tuple(rows), "exchange55", "why", (Source("export.ldif", entries=99),), 99)
    written, saved = tmp_path / f"plan{suffix}", tmp_path / f"saved{suffix}"
    written.write_bytes(write_plan(plan, suffix))
    decide(written, saved, 1, "edit", "0042")
    expected = [
        ("edit" if n == 0 else "accept", "0042" if n == 0 else row.new, fingerprint(row.texts()), recorded(row))
        for n, row in enumerate(rows)
    ]

    assert expected == [(d.decision, d.new, d.fingerprint, dict(d.recorded)) for d in read_decisions(saved)]


def recorded(row: Row) -> dict[str, str]:
    texts = row.texts()
    return {c: texts[c] for c in COLUMNS if c not in EDITABLE}
