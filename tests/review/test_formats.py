from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.errors import InputError, UsageError
from aliasfix.review import csv, json, read_decisions, write_plan

if TYPE_CHECKING:
    from aliasfix.plan import Plan


def test_the_suffix_chooses_the_format(plan: Plan) -> None:
    assert csv.write(plan) == write_plan(plan, ".CSV")
    assert json.write(plan) == write_plan(plan, ".json")


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx", "plan.JSON"])
def test_every_format_says_the_same(plan: Plan, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(write_plan(plan, path.suffix))

    assert [(r.identity, r.decision, r.new) for r in plan.rows] == [
        (tuple(d.recorded[c] for c in ("label", "dn", "attribute", "old")), d.decision, d.new)
        for d in read_decisions(path)
    ]


def test_a_format_that_is_not_known_is_refused_with_those_that_are(plan: Plan) -> None:
    with pytest.raises(UsageError) as refused:
        write_plan(plan, ".pdf")
    assert ('a plan can\'t be written as ".pdf"', "name a file that ends in .html, .csv, .xlsx or .json") == (
        str(refused.value),
        refused.value.hint,
    )
    with pytest.raises(UsageError, match=r"^a plan can't be written under a name without a suffix$"):
        write_plan(plan, "")
    with pytest.raises(InputError) as unread:
        read_decisions(Path("plan.pdf"))
    assert ("plan.pdf: the file is no plan that can be read", "it ends in .csv, .xlsx or .json") == (
        str(unread.value),
        unread.value.hint,
    )
