"""The hand-outs of a plan: each row in one of them, each site in one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from aliasfix.importer.mentions import Mention, Mentions
from aliasfix.review.handouts import handouts
from aliasfix.review.page import Beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliasfix.plan import Plan, Row

    PlanOf = Callable[[list[Row]], Plan]
    RowOf = Callable[..., Row]

SITES = st.one_of(st.text(max_size=12), st.sampled_from(["", "Berlin", "berlin", "BERLIN ", "../x", "con", "x\ny"]))


def test_each_site_has_its_own_rows(plan_of: PlanOf, row: RowOf) -> None:
    rows = [row(site="West", old="a"), row(site="East", old="b"), row(site="WEST", old="c"), row(site="", old="d")]

    assert [("", "no-site", ["d"]), ("East", "east", ["b"]), ("WEST", "west", ["a", "c"])] == [
        (h.site, h.stem, [r.old for r in h.plan.rows]) for h in handouts(plan_of(rows))
    ]


def test_a_label_tells_equal_sites_apart(plan_of: PlanOf, row: RowOf) -> None:
    places = [("one", "Berlin"), ("two", "Berlin"), ("three", "three"), ("three", "")]

    assert [
        ("one Berlin", "one-berlin"), ("three", "three"), ("three", "three-2"), ("two Berlin", "two-berlin"),
    ] == [(h.site, h.stem) for h in handouts(plan_of([row(label=a, site=b) for a, b in places]))]  # fmt: skip


def test_a_plan_without_rows_has_none(plan_of: PlanOf) -> None:
    assert [] == handouts(plan_of([]))


@given(st.lists(st.tuples(st.sampled_from(["", "x", "y"]), SITES)))
def test_no_row_is_lost_or_handed_out_twice(plan_of: PlanOf, row: RowOf, places: list[tuple[str, str]]) -> None:
    plan = plan_of([row(label=label, site=site, old=str(n)) for n, (label, site) in enumerate(places)])

    found = handouts(plan)

    assert sorted(plan.rows, key=lambda r: int(r.old)) == sorted(
        (r for h in found for r in h.plan.rows), key=lambda r: int(r.old)
    )
    assert len(found) == len({h.stem for h in found})
    assert [h.stem for h in found] == [h.stem for h in handouts(plan_of(list(plan.rows)[::-1]))]


def test_a_page_is_told_what_concerns_its_rows(plan_of: PlanOf, row: RowOf) -> None:
    (east, west) = handouts(plan_of([row(site="East", old="a"), row(site="West", old="b")]))
    mentions = tuple(Mention(old, "x", "homeDirectory", f"/home/{old}", "cn=x", "e.ldif", 1) for old in "aab")

    told = Beside((), Mentions(mentions, 3), "aliasfix write e.ldif").handed_out(east)

    assert (2, ["a", "a"]) == (told.mentions.found, [m.old for m in told.mentions.rows])
    assert ("", "east.json", "west") == (told.then, told.saves, west.stem)
