"""What is found in values and small exports, and what becomes of the values: all of it data."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.engine import check
from aliasfix.engine.checks import repaired
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from types import ModuleType

DATA: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("check_cases.toml").read_text(encoding="utf-8")
)


def _long(text: str) -> str:
    return re.sub(r"\{(.)\*(\d+)\}", lambda found: found[1] * int(found[2]), text)


VALUES = [
    (group["ruleset"], group["attribute"], group.get("with", {}), _long(value), findings, _long(mended))
    for group in DATA["values"]
    for value, findings, mended in group["cases"]
]


def _entry(dn: str, attributes: dict[str, str | list[str]]) -> dict[str, Any]:
    return {"dn": dn, "label": "", "attributes": {a: v if isinstance(v, list) else [v] for a, v in attributes.items()}}


@pytest.mark.parametrize(("ruleset", "attribute", "others", "value", "expected", "_mended"), VALUES)
def test_what_is_found_in_a_value(
    ruleset: str,
    attribute: str,
    others: dict[str, list[str]],
    value: str,
    expected: list[str],
    _mended: str,
    strategies: ModuleType,
) -> None:
    entry = _entry("cn=a,dc=example", {**others, attribute: value})

    found = check(strategies.directory((entry,)), load(ruleset)).rows

    assert {(attribute, value)} >= {(f.attribute, f.value) for f in found}
    assert [text.partition(" ")[0] for text in expected] == [f.code for f in found]
    told = dict.fromkeys(text for text in expected if " " in text)
    assert list(told) == [text for f in found if (text := f"{f.code} {f.message}") in told]


@pytest.mark.parametrize(("ruleset", "attribute", "_others", "value", "_expected", "mended"), VALUES)
def test_what_becomes_of_a_value(
    ruleset: str, attribute: str, _others: dict[str, list[str]], value: str, _expected: list[str], mended: str
) -> None:
    assert mended == repaired(load(ruleset), attribute, value)


@pytest.mark.parametrize("case", DATA["entries"], ids=lambda case: case["about"])
def test_what_is_found_beside_other_values(case: dict[str, Any], strategies: ModuleType) -> None:
    ruleset = load(case["ruleset"]).model_copy(update=case.get("keys", {}))
    entries = tuple(_entry(dn, attributes) for dn, attributes in case["entries"].items())

    for order in (entries, entries[::-1]):
        found = check(strategies.directory(order), ruleset).rows

        assert sorted(map(tuple, case["findings"])) == sorted((f.code, f.dn, f.attribute, f.value) for f in found)
