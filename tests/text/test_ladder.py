from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aliasfix.text.ladder import LadderError, Spelling, Template, compile_ladder, fill

CASES = tomllib.loads(Path(__file__).with_name("ladder_cases.toml").read_text(encoding="utf-8"))
SPELLING = Spelling(**CASES["spelling"])


def template(text: str) -> Template:
    return compile_ladder([text]).rungs[0]


@pytest.mark.parametrize("case", [c for c in CASES["case"] if "numbers" not in c], ids=lambda c: c["about"])
def test_a_rung_gives_the_name(case: dict[str, Any]) -> None:
    spelling = replace(SPELLING, **case.get("spelling", {}))

    assert case.get("name") == template(case["template"]).render(case["values"], spelling)


@pytest.mark.parametrize("case", [c for c in CASES["case"] if "numbers" in c], ids=lambda c: c["about"])
def test_a_counter_gives_the_names(case: dict[str, Any]) -> None:
    spelling = replace(SPELLING, **case.get("spelling", {}))
    rung = template(case["template"])
    stem = rung.stem(case["values"], spelling)

    assert case.get("stem") == stem
    assert case["numbers"] == {n: rung.numbered(stem or "", int(n), spelling) or "" for n in case["numbers"]}


@pytest.mark.parametrize("case", CASES["error"], ids=lambda c: " / ".join(c["ladder"]) or "no templates")
def test_a_ladder_that_cannot_be_read_says_where_and_what_was_expected(case: dict[str, Any]) -> None:
    with pytest.raises(LadderError) as error:
        compile_ladder(case["ladder"])

    assert case["message"] == str(error.value)


def test_a_template_tells_what_it_asks_for() -> None:
    plain, counting = compile_ladder(["x{given:1}.{mail|or(account)}{joiner}{given}", "{alias}{n:3..9}"]).rungs

    assert ("given", "mail", "account", "given") == plain.fields
    assert (False, 0) == (plain.has_counter, plain.first_number)
    assert ("alias",) == counting.fields
    assert (True, 3) == (counting.has_counter, counting.first_number)
    assert "{alias}{n:3..9}" == counting.text


def test_a_rung_without_a_counter_numbers_nothing() -> None:
    assert template("{alias}").numbered("smith", 2, SPELLING) is None


def test_equal_templates_are_equal_and_can_be_keys() -> None:
    assert {template("{given:1|lower|or(alias)}{n:2..}")} == {template("{given:1|lower|or(alias)}{n:2..}")}


def around(name: str) -> st.SearchStrategy[str]:
    """Whatever a field may hold, and something that surely makes a name."""
    return st.tuples(st.text(max_size=20), st.text("aB1._- ü'", max_size=20)).map(lambda t: f"{t[0]} {name} {t[1]}")


values = st.fixed_dictionaries({name: around(name) for name in ("given", "surname", "alias", "site")})
templates = st.lists(
    st.sampled_from(
        [
            "{given}",
            "{surname:1-3}",
            "{alias|lower}",
            "{site}",
            "{given:1}",
            "{joiner}",
            ".",
            "x",
            "_9",
            "{alias|initials|or(site)}",
        ]
    ),
    max_size=5,
).map(lambda parts: "".join(["{alias}", *parts]))
spellings = st.builds(
    Spelling,
    characters=st.sampled_from(["A-Za-z0-9._-", "a-zA-Z0-9_-", "a-z", "^ ,", "A-Za-z0-9._\\u00a1-\\u00ff-"]),
    first=st.sampled_from(["A-Za-z0-9", "a-z", "^0-9._-"]),
    maximum=st.integers(1, 70) | st.integers(40, 200),
    joiner=st.sampled_from(["-", "_", ".", "", "--", "x", " "]),
    lower=st.booleans(),
)


def assert_well_spelled(name: str, spelling: Spelling) -> None:
    assert re.fullmatch(f"[{spelling.characters}]+", name)
    assert re.match(f"[{spelling.first}]", name)
    assert len(name) <= spelling.maximum
    assert not name.endswith((".", "_", "-"))
    assert not re.search(r"[._-]{2}", name)
    assert not spelling.lower or name == name.lower()


@given(templates, values, spellings)
def test_a_name_is_always_well_spelled(text: str, fields: dict[str, str], spelling: Spelling) -> None:
    name = template(text).render(fields, spelling)
    assume(name is not None)

    assert name is not None
    assert_well_spelled(name, spelling)


@given(st.text("abc.1", min_size=1, max_size=80), st.text("abc.1", min_size=1, max_size=20), st.integers(1, 30))
def test_what_follows_the_first_field_survives_every_cut(alias: str, site: str, maximum: int) -> None:
    spelling = replace(SPELLING, maximum=maximum)
    suffix = template("{site}").render({"site": site}, replace(SPELLING, maximum=100))
    name = template("{alias}{joiner}{site}").render({"alias": alias, "site": site}, spelling)
    assume(name is not None)

    assert name is not None
    assert name.endswith(f"-{suffix}")


@given(templates, values, spellings, st.integers(0, 2000))
def test_a_numbered_name_is_always_well_spelled(
    text: str, fields: dict[str, str], spelling: Spelling, number: int
) -> None:
    rung = template(text + "{n:0..}")
    stem = rung.stem(fields, spelling)
    assume(stem is not None)
    name = rung.numbered(stem or "", number, spelling)
    assume(name is not None)

    assert name is not None
    assert_well_spelled(name, spelling)
    assert name.endswith(str(number))


@given(st.text("ab1.", min_size=1, max_size=12), st.integers(1, 14), st.integers(2, 999), st.integers(2, 999))
def test_what_stands_before_the_number_depends_on_its_width_only(alias: str, maximum: int, one: int, two: int) -> None:
    rung, spelling = template("{alias}{n:2..}"), replace(SPELLING, maximum=maximum)
    stem = rung.stem({"alias": alias}, spelling)
    assume(stem is not None and len(str(one)) == len(str(two)))
    width = len(str(one))
    before = [name and name[:-width] for name in (rung.numbered(stem or "", n, spelling) for n in (one, two))]

    assert before[0] == before[1]


@given(st.lists(st.text("{}:|.()n0123456789abelorwjip-", max_size=20), max_size=3))
def test_whatever_a_ruleset_says_is_a_ladder_or_an_error_of_it(texts: list[str]) -> None:
    try:
        ladder = compile_ladder(texts)
    except LadderError:
        return

    assert texts == [rung.text for rung in ladder.rungs]


class TestFill:
    def test_fields_are_put_in_as_they_are(self) -> None:
        filled = fill(r"NTLM logon stops; use {nt_account}\{new}", {"nt_account": r"DOM1\üser", "new": "{x}"})

        assert r"NTLM logon stops; use DOM1\üser\{x}" == filled

    def test_text_without_fields_stays(self) -> None:
        assert "ldapmodify -x" == fill("ldapmodify -x", {})

    @pytest.mark.parametrize("values", [{}, {"new": ""}])
    def test_an_empty_field_gives_nothing(self, values: dict[str, str]) -> None:
        assert fill("use {new}", values) is None

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("use {new:1}", 'column 6: expected a field in braces, as in {alias}, not "new:1"'),
            ("use {}", 'column 6: expected a field in braces, as in {alias}, not ""'),
            ("use {new", "column 5: this brace is never closed"),
            ("use }", "column 5: this brace was never opened"),
        ],
    )
    def test_another_form_is_an_error(self, text: str, message: str) -> None:
        with pytest.raises(LadderError) as error:
            fill(text, {"new": "x"})

        assert f'template "{text}", {message}' == str(error.value)
