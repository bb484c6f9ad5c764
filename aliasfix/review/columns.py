"""A row of the plan as named cells, and the decision that the cells of a reviewed row hold; no file format."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.plan import COLUMNS, DECISIONS, EDITABLE, Decision, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aliasfix.plan import Row

PLAN_COLUMNS: tuple[str, ...] = (*COLUMNS, "fingerprint")
_RECORDED = tuple(c for c in COLUMNS if c not in EDITABLE)


def cells(row: Row) -> dict[str, str]:
    """Every column of the row as text, in the order of ``PLAN_COLUMNS``."""
    texts = row.texts()
    return {**texts, "fingerprint": fingerprint(texts)}


def require(found: Iterable[str], where: Where) -> None:
    """Refuse a plan file that lacks a column.

    Raises:
        InputError: a column is missing; the hint names the one that was probably renamed.

    """
    names = list(found)
    missing = [c for c in PLAN_COLUMNS if c not in names]
    if not missing:
        return
    near = difflib.get_close_matches(missing[0], [n for n in names if n not in PLAN_COLUMNS], 1)
    hint = f'rename the column "{near[0]}" back to "{missing[0]}"' if near else "take the plan file as it was written"
    raise InputError(f'the plan has no column "{missing[0]}"', where=where, hint=hint)


def decision(cells: Mapping[str, str], where: Where, letters: Mapping[str, str] | None = None) -> Decision:
    """A person's word on the row that has these cells, and the letters of a workbook's columns.

    Raises:
        InputError: the decision is none of the words.

    """
    recorded = {c: cells[c] for c in _RECORDED}
    word = cells["decision"].strip().lower()
    found = Decision(word, cells["new"], cells["fingerprint"], recorded, where, letters or {})
    if word not in DECISIONS:
        allowed = ", ".join(f'"{d}"' for d in DECISIONS if d)
        raise InputError(
            f'the decision on {cells["attribute"]} "{cells["old"]}" of {cells["dn"]} is "{cells["decision"]}"',
            where=found.place("decision"),
            hint=f"write {allowed}, or leave it empty",
        )
    return found
