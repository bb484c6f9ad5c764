"""Every repair by itself: what it gives for a value, as data; and that nothing it gives is longer than it may be."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.ruleset import Check
from aliasfix.text import catalogue

CASES = tomllib.loads(Path(__file__).with_name("repair_cases.toml").read_text(encoding="utf-8"))["cases"]


def _check(name: str, keys: dict[str, Any]) -> Check:
    return Check.model_validate({"attribute": "mail", "check": name, **keys})


@pytest.mark.parametrize(("name", "keys", "value", "expected"), CASES)
def test_a_value_is_repaired(name: str, keys: dict[str, Any], value: str, expected: str) -> None:
    assert expected == catalogue.repaired(name, _check(name, keys), value)


def test_every_check_that_has_a_repair_has_cases() -> None:
    assert set(catalogue.RULES) - {"primaries"} == {name for name, *_ in CASES}


@given(
    st.sampled_from(sorted(set(catalogue.RULES) - {"length", "characters", "reserved"})),
    st.text(alphabet=st.characters(codec="utf-8")) | st.text("aä@.-: \u0308MÃ¼"),
)
def test_what_is_repaired_has_nothing_wrong_and_stays_as_it_is(name: str, value: str) -> None:
    check = _check(name, {})
    mended = catalogue.repaired(name, check, value)

    assert catalogue.complaint(name, check, mended) == "" or not mended
    assert catalogue.repaired(name, check, mended) in (mended, "")


@given(st.text(alphabet=st.characters(codec="utf-8")), st.integers(1, 9), st.sampled_from(("characters", "octets")))
def test_what_is_cut_is_short_enough(value: str, maximum: int, unit: str) -> None:
    check = _check("length", {"max": maximum, "unit": unit})
    mended = catalogue.repaired("length", check, value)

    assert catalogue.complaint("length", check, mended) == ""
