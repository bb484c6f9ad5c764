"""Rulesets and findings as pages."""

from __future__ import annotations

from typing import get_args

import pytest

from aliasfix.engine import codes
from aliasfix.review import rulebook
from aliasfix.ruleset import Criterion, Ruleset, load, shipped

WIDTHS = (0, 80)


def _hostile(rules: Ruleset) -> Ruleset:
    texts = {"title": "\x1b[31mred", "about": "\u202eturned\n\x9b", "apply": "\x07"}
    guards = [g.model_copy(update={"server": "\x1b", "config": "a\x1b\nb"}) for g in rules.guards]
    return rules.model_copy(update={**texts, "guards": tuple(guards)})


def test_every_criterion_is_told() -> None:
    assert set(get_args(Criterion)) == set(rulebook.CRITERIA)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", shipped())
def test_a_page_tells_every_check_namespace_and_door(name: str, width: int) -> None:
    rules = load(name)

    lines = rulebook.page(rules, width).splitlines()

    assert lines[0].startswith(f"{name}: ")
    assert len(rules.checks) == sum(line.startswith("Check: ") for line in lines)
    assert len(rules.opens) == sum(line.startswith("Opens: ") for line in lines)
    assert len(rules.guards) == sum(line.startswith("Guard: ") for line in lines)
    assert len(rules.keepers) == sum(line.startswith("Keeper: ") for line in lines)
    assert len(rules.ladders) == sum(line.startswith("Ladder ") for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_ruleset_reaches_the_terminal_as_text(width: int) -> None:
    page = rulebook.page(_hostile(load("openldap")), width) + rulebook.listed([_hostile(load("openldap"))], width)

    assert {"\n"} == {character for character in page if not character.isprintable()}


def test_a_guard_is_configured_for_each_attribute() -> None:
    rules = load("openldap")
    space = rules.namespaces[0].model_copy(update={"attributes": ("uid", "mail")})
    both = rules.model_copy(update={"namespaces": (space,)})

    assert [
        "moduleload unique",
        "overlay unique",
        "unique_uri ldap:///?uid?sub",
        "unique_uri ldap:///?mail?sub",
    ] == list(rulebook.configuration(both, both.guards[0]))


@pytest.mark.parametrize("code", codes.ALL, ids=lambda code: code.code)
def test_a_finding_has_its_meaning(code: codes.Code) -> None:
    assert f"{code.code} {code.name}: {code.meaning}" == rulebook.meaning(code, [], 0)
