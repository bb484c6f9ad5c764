"""docs/rulesets.md names every key of the model and every word that a key may have, and tells each ruleset as it is."""

from __future__ import annotations

import re
import typing
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pydantic import BaseModel

from aliasfix.ruleset import Check, Condition, Ruleset, load, shipped
from aliasfix.text import catalogue, ladder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

PAGE = "docs/rulesets.md"
TOP = "Every key"
_KEY = re.compile(r"\| `([^`]+)` \|")


def _inside(annotation: Any) -> Iterator[Any]:
    """The annotation and all that it is made of."""
    yield annotation
    for part in typing.get_args(annotation):
        yield from _inside(part)


def _model(annotation: Any) -> type[BaseModel] | None:
    return next((a for a in _inside(annotation) if isinstance(a, type) and issubclass(a, BaseModel)), None)


def _keys(model: type[BaseModel]) -> set[str]:
    """The keys as a file spells them."""
    return {field.alias or name for name, field in model.model_fields.items()}


MODELS = {name: model for name, field in Ruleset.model_fields.items() if (model := _model(field.annotation))}
WORDS = sorted(
    set(catalogue.RULES)
    | {
        str(word)
        for fields in (Ruleset.model_fields, *(model.model_fields for model in MODELS.values()))
        for field in fields.values()
        for part in _inside(field.annotation)
        if typing.get_origin(part) is Literal
        for word in typing.get_args(part)
    }
)


@pytest.fixture
def page(root: Path) -> str:
    return (root / PAGE).read_text(encoding="utf-8")


@pytest.fixture
def sections(page: str, pages: ModuleType) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in pages.blocks(page):
        found[block.heading] = found.get(block.heading, "") + "".join(f"{line}\n" for line in block.lines)
    return found


def test_every_key_at_the_top_has_a_row(sections: dict[str, str]) -> None:
    # The loader gives the digest, and takes extends.
    assert _keys(Ruleset) - {"digest"} | {"extends"} == set(_KEY.findall(sections[TOP]))


@pytest.mark.parametrize("name", MODELS)
def test_every_key_of_a_table_has_a_row(name: str, sections: dict[str, str]) -> None:
    assert _keys(MODELS[name]) == set(_KEY.findall(sections[name]))


@pytest.mark.parametrize("word", WORDS)
def test_every_word_that_a_key_may_have_is_there(word: str, page: str) -> None:
    assert f"`{word}`" in page[page.index(f"## {TOP}") :]


def test_every_template_compiles(sections: dict[str, str]) -> None:
    templates = re.findall(r"`(\{[^`]+\})`", sections["ladders"].split("|---|---|")[1])
    assert templates
    for template in templates:
        ladder.compile_ladder(["{alias}" + template.replace("\\|", "|")])  # raises LadderError where it does not


@pytest.mark.parametrize("name", shipped())
def test_a_ruleset_is_told_as_it_is(name: str, root: Path, page: str, *, accept: bool) -> None:
    start, end = f"<!-- rules/{name}.toml -->\n", "<!-- end -->"
    before, mark, rest = page.partition(start)
    assert mark, f"{PAGE} does not tell of {name}: give it a section with {start}{end}"
    told, _, after = rest.partition(end)
    now = "".join(f"- {line}\n" for line in _told(load(name)))
    if accept:
        (root / PAGE).write_text(f"{before}{start}{now}{end}{after}", encoding="utf-8", newline="\n")
    else:
        assert told == now, "if the ruleset is right: pytest tests/docs --accept"


def _told(rules: Ruleset) -> Iterator[str]:
    yield f"product: {rules.title}"
    signs = "; or ".join(dict.fromkeys(s.why for s in rules.signs))
    yield f"chosen because {signs}" if signs else "chosen by `--rules` only"
    for space in (*rules.namespaces, *rules.unique):
        also = f"; as `{space.also}` a warning" if space.also else ""
        kinds = f", of {', '.join(space.kinds)}" if space.kinds else ""
        names = _code(f"{space.parts[a]} of {a}" if a in space.parts else a for a in space.attributes)
        several = len(space.attributes) > 1
        grave = f"; in one attribute {space.within}, across attributes {space.across}" if several else ""
        plans = "" if space.renames else "; only checked"
        yield f"unique: {names}{kinds}, per {space.per}, compared as `{space.equality}`{also}{grave}{plans}"
    for check in rules.checks:
        yield f"{check.severity}: `{check.attribute}`{_about(check)}, {_asked(check)} ({check.source})"
    yield f"keepers, the strongest criterion first: {_code(rules.keepers)}"
    if rules.same_person:
        yield f"one person, perhaps, where equal: {_code(rules.same_person)}"
    if rules.shadow:
        yield f"shadow of a mailbox: a contact whose `{rules.shadow}` is its address"
    for kind, rungs in rules.ladders.items():
        yield f"new names, {kind}: {_code(rungs)}"
    spelling = rules.proposals
    yield (
        f"spelled with `{spelling.characters}`, the first of `{spelling.first}`, "
        f"at most {spelling.max} characters, joined by `{spelling.joiner}`"
    )
    slug = "; its name stands in new names" if rules.site.slug else ""
    yield f"site: {_code(rules.site.by)}{slug}"
    for key in ("unused", "unchangeable", "protected", "policies"):
        conditions: Iterable[Any] = getattr(rules, key)
        yield from (f"{key}: {condition.reason} ({_condition(condition)})" for condition in conditions)
    yield from (f"moves along: {store.name}, {_code((store.attribute, *store.also))}" for store in rules.stores)
    if rules.references:
        yield f"named elsewhere: {_code(r.attribute for r in rules.references)}"
    yield from (f"opens: {opening.door}" for opening in rules.opens)
    yield from (f"against new clashes: {guard.server}" for guard in rules.guards)
    yield from (f"not over LDAP: below `{out.dn_under}`: {out.reason}" for out in rules.no_ldap)
    if rules.administrator_csv:
        yield "also writes the import file of the Exchange 5.5 Administrator"
    kinds = ", ".join(rules.notices.kinds)
    yield from (f"logon name of {kinds}, typed as {_code([form])}" for form in rules.notices.forms.values())
    yield from (f"PowerShell: {_code(dict.fromkeys(c.set for c in rules.cmdlets))}" for _ in rules.cmdlets[:1])
    yield f"LDIF in the dialect {_code([rules.dialect.name, *(other.name for other in rules.dialects)])}"
    if rules.apply:
        yield f"applied by `{rules.apply}`"


def _asked(check: Check) -> str:
    size = f"at most {check.max} {check.unit}" + {"local": " before the @", "domain": " behind the @"}.get(
        check.part, ""
    )
    what = {
        "length": size,
        "characters": f"characters {_code([check.allowed])}"
        if check.allowed
        else f"none of {_code([check.forbidden])}",
        "reserved": f"none of {_code(check.names)}",
        "blank": "blank or missing" if check.required else "blank",
    }
    return what.get(check.check, check.check)


def _about(check: Check) -> str:
    """Which values and entries it is about, where it is not about all."""
    kinds = f" of {', '.join(check.kinds)}" if check.kinds else ""
    types = f" of the types {_code(filter(None, check.prefixes))}" if check.prefixes else ""
    others = f" but of the types {_code(filter(None, check.not_prefixes))}" if check.not_prefixes else ""
    where = f" where {_condition(check)}" if check.attributes() else ""
    return kinds + types + others + where


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`` {word} ``" if "`" in word else f"`{word}`" for word in words)


def _condition(condition: Condition) -> str:
    return ", ".join(
        [f"`{a}` is {_code(values)}" for a, values in condition.is_.items()]
        + [f"`{a}` is not {_code(values)}" for a, values in condition.not_.items()]
        + [f"`{a}` has the bits {bits}" for a, bits in condition.bits.items()]
        + [f"`{a}` matches {_code(patterns)}" for a, patterns in condition.matches.items()]
    )
