"""The engine says what the model says, in any order of the entries, and its own plans keep every promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from aliasfix.engine import check, propose

if TYPE_CHECKING:
    from types import ModuleType

COLUMNS = ("role", "group", "label", "dn", "attribute", "old", "new")


def _proposed(case: Any) -> list[dict[str, str]]:
    plan = propose(case.directory(), case.loaded(), case.memory, case.wishes)
    return [{c: getattr(row, c) for c in COLUMNS} for row in plan.rows]


@given(data=st.data())
def test_the_engine_says_what_the_model_says(data: st.DataObject, model: ModuleType, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases(strategies.ALL))

    expected = model.plan(case.entries, case.loaded(), case.memory, case.wishes)

    assert expected == _proposed(case)


@given(data=st.data())
def test_where_addresses_follow_aliases_the_engine_says_what_the_model_says(
    data: st.DataObject, model: ModuleType, guarantees: ModuleType, strategies: ModuleType
) -> None:
    case = data.draw(strategies.followers())
    ruleset, rows = case.loaded(), _proposed(case)

    assert model.plan(case.entries, ruleset, case.memory, case.wishes) == rows
    guarantees.no_address_handed_on(case.entries, rows, ruleset)


@given(data=st.data())
def test_the_engine_finds_the_clashes_that_the_model_finds(
    data: st.DataObject, model: ModuleType, strategies: ModuleType
) -> None:
    case = data.draw(strategies.cases(strategies.ALL))

    expected = model.clashes(case.entries, case.loaded())

    found = check(case.directory(), case.loaded()).rows
    assert expected == sorted(
        {(f.code, f.severity, f.group, f.label, f.dn) for f in found if f.code in ("A001", "A004")}
    )


@given(data=st.data())
def test_check_finds_the_faults_that_the_model_finds(
    data: st.DataObject, model: ModuleType, strategies: ModuleType
) -> None:
    case = data.draw(strategies.cases())
    matching = data.draw(st.booleans()) and "surname" in case.loaded().fields
    ruleset = case.loaded().model_copy(update={"name_matching": matching})

    found = [f for f in check(case.directory(), ruleset).rows if f.code not in ("A001", "A002", "A004")]

    assert model.faults(case.entries, ruleset) == sorted((f.code, f.label, f.dn, f.attribute, f.value) for f in found)


@given(data=st.data())
def test_the_order_of_the_entries_does_not_matter(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    shuffled = strategies.Case(tuple(data.draw(st.permutations(case.entries))), case.ruleset, case.memory, case.wishes)

    assert _proposed(case) == _proposed(shuffled)


@given(data=st.data())
def test_every_promise_is_kept(data: st.DataObject, guarantees: ModuleType, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    ruleset, rows = case.loaded(), _proposed(case)

    guarantees.unique_after(case.entries, rows, ruleset)
    guarantees.no_new_clash(case.entries, rows, ruleset)
    guarantees.nothing_handed_on(case.entries, rows, ruleset, case.memory)
    guarantees.fewest(case.entries, rows, ruleset)
    guarantees.irreducible(case.entries, rows, ruleset)


@given(data=st.data())
def test_planning_again_proposes_nothing(data: st.DataObject, guarantees: ModuleType, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    rows = _proposed(case)
    wishes = strategies.still(case.wishes, rows)

    guarantees.settled(
        case.entries,
        rows,
        case.memory,
        lambda entries, memory: _proposed(strategies.Case(tuple(entries), case.ruleset, memory, wishes)),
    )
