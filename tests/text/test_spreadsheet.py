from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text.spreadsheet import guarded, table, unguarded

STARTS = "=+-@\t\r'\uff1d\uff0b\uff0d\uff20"
TEXTS = st.one_of(st.text(), st.text(STARTS), st.builds(str.__add__, st.sampled_from(STARTS), st.text()))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("user", "user"),
        ("a=b", "a=b"),
        (" =1", " =1"),
        ("=1+1", "'=1+1"),
        ("-", "'-"),
        ("\uff1d1", "'\uff1d1"),
        ("'", "''"),
        ("O'Neil", "O'Neil"),
        ("'=1", "''=1"),
    ],
)
def test_a_cell_that_might_start_a_formula_is_guarded(text: str, cell: str) -> None:
    assert cell == guarded(text)
    assert text == unguarded(cell)


@given(text=TEXTS)
def test_every_text_comes_back(text: str) -> None:
    assert text == unguarded(guarded(text))


@given(text=TEXTS)
def test_no_cell_starts_like_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in {*STARTS} - {"'"}


@pytest.mark.parametrize("cell", ["'user", "'", "user", "'1"])
def test_a_cell_that_was_typed_is_taken_as_it_is(cell: str) -> None:
    assert cell == unguarded(cell)


def test_a_table_is_what_a_spreadsheet_program_opens_as_it_is_meant() -> None:
    assert b'\xef\xbb\xbf"a","b"\r\n"\xc3\xbc","say ""x"""\r\n"\'=1","2\n3"\r\n' == table(
        ("a", "b"), [("\u00fc", 'say "x"'), ("=1", "2\n3")]
    )
