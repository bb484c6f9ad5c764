"""The model itself keeps every promise, so that what it is held against must keep them too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from types import ModuleType


def _planned(case: Any, model: ModuleType) -> tuple[Any, list[dict[str, str]]]:
    ruleset = case.loaded()
    return ruleset, model.plan(case.entries, ruleset, case.memory, case.wishes)


@given(data=st.data())
def test_unique_after(data: st.DataObject, model: ModuleType, guarantees: ModuleType, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    ruleset, rows = _planned(case, model)

    guarantees.unique_after(case.entries, rows, ruleset)
    guarantees.no_new_clash(case.entries, rows, ruleset)


@given(data=st.data())
def test_nothing_handed_on(
    data: st.DataObject, model: ModuleType, guarantees: ModuleType, strategies: ModuleType
) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    ruleset, rows = _planned(case, model)

    guarantees.nothing_handed_on(case.entries, rows, ruleset, case.memory)


@given(data=st.data())
def test_no_address_handed_on(
    data: st.DataObject, model: ModuleType, guarantees: ModuleType, strategies: ModuleType
) -> None:
    case = data.draw(strategies.followers())
    ruleset, rows = _planned(case, model)

    guarantees.no_address_handed_on(case.entries, rows, ruleset)


@given(data=st.data())
def test_fewest_and_irreducible(
    data: st.DataObject, model: ModuleType, guarantees: ModuleType, strategies: ModuleType
) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    ruleset, rows = _planned(case, model)

    guarantees.fewest(case.entries, rows, ruleset)
    guarantees.irreducible(case.entries, rows, ruleset)


@given(data=st.data())
def test_settled(data: st.DataObject, model: ModuleType, guarantees: ModuleType, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    ruleset, rows = _planned(case, model)
    again = partial(lambda entries, memory: model.plan(entries, ruleset, memory, strategies.still(case.wishes, rows)))

    guarantees.settled(case.entries, rows, case.memory, again)


@given(data=st.data())
def test_order_does_not_matter(data: st.DataObject, model: ModuleType, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases(strategies.ALL))
    ruleset, rows = _planned(case, model)
    shuffled = data.draw(st.permutations(case.entries))

    assert rows == model.plan(shuffled, ruleset, case.memory, case.wishes)
