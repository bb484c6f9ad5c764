"""Small exports and what is proposed for them, whole rows as data; and what is only warned of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.engine import check, propose
from aliasfix.errors import Where
from aliasfix.ldap import dn
from aliasfix.plan import Memory, Named, Wishes
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from types import ModuleType

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("propose_cases.toml").read_text(encoding="utf-8")
)


def _dn(name: str) -> str:
    site, slash, own = name.partition("/")
    return dn.unparse(((("cn", own),), (("cn", "Recipients"),), (("ou", site),), (("o", "ORG"),))) if slash else name


def _named(names: list[str]) -> tuple[Named, ...]:
    return tuple(Named(_dn(name), Where("list.txt", line)) for line, name in enumerate(names, 1))


def _filled(text: str) -> str:
    """The text with DNs for the entries; templates such as {account} stay."""
    return re.sub(r"\{([^{}]*[/=][^{}]*)\}", lambda found: _dn(found[1]), text)


@pytest.mark.parametrize("name", CASES)
def test_proposes(name: str, strategies: ModuleType) -> None:
    case = CASES[name]
    entries = tuple(
        {
            "dn": _dn(entry),
            "label": "",
            "attributes": {a: v if isinstance(v, list) else [v] for a, v in attributes.items()},
        }
        for entry, attributes in case["entries"].items()
    )
    ruleset = load(case.get("ruleset", "exchange55"))
    memory = Memory(
        reserved=tuple(case.get("reserved", ())),
        held=tuple((dn.key(_dn(holder)), name) for holder, name in case.get("held", ())),
    )
    wishes = Wishes(
        keep=_named(case.get("keep", [])),
        protect=_named(case.get("protect", [])),
        allow=_named(case.get("allow", [])),
        change_only=tuple(case.get("change_only", ())),
        prefer_site=case.get("prefer_site", False),
        site_codes=tuple((site, code) for site, code in case.get("site_codes", ())),
    )
    expected = [
        (role, _dn(entry), old, new, _filled(reason), tried) for role, entry, old, new, reason, tried in case["rows"]
    ]

    for order in (entries, entries[::-1]):
        plan = propose(strategies.directory(order), ruleset, memory, wishes)

        assert expected == [(r.role, r.dn, r.old, r.new, r.reason, r.tried) for r in plan.rows]


def test_names_that_only_active_directory_takes_for_equal_are_warned_of(strategies: ModuleType) -> None:
    entries = [
        {"dn": f"CN={n},DC=example", "label": "", "attributes": {"mailNickname": [alias]}}
        for n, alias in enumerate(("müller", "Muller", "MULLER"))
    ]

    found = check(strategies.directory(tuple(entries)), load("exchange"))

    assert [
        ("A001", "error", "Muller", "also held by CN=2,DC=example"),
        ("A001", "error", "MULLER", "also held by CN=1,DC=example"),
        ("A002", "warning", "müller", "also held, spelled alike, by CN=1,DC=example and CN=2,DC=example"),
        ("A002", "warning", "Muller", "also held, spelled alike, by CN=0,DC=example and CN=2,DC=example"),
        ("A002", "warning", "MULLER", "also held, spelled alike, by CN=0,DC=example and CN=1,DC=example"),
    ] == [(f.code, f.severity, f.value, f.message) for f in found.rows]
