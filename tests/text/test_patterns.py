from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text import patterns

SET_MAILBOX = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u00a1-\u00ff-"


@pytest.mark.parametrize(
    ("inside", "members", "others"),
    [
        ("A-Za-z0-9._-", "AZaz09._-", " ,@ä[]^\\"),
        (SET_MAILBOX, "aZ5!#$%&'*+/=?^_`{|}~.-¡ÿ", ' ,"()<>@;:\\[]\xa0\u0100\n'),
        ('^ ,"', "aä\n.[]^\U0001f600", ' ,"'),
        ("a^", "a^", "b"),
        (r"\^a", "^a", "b"),
        ("-a", "-a", "b"),
        ("a-", "a-", "b"),
        (r"a\-c", "a-c", "b"),
        (r"\[\]\\", "[]\\", "a"),
        ("[", "[", "]"),
        ("-&&||~~-", "-&|~", "a"),
        ("[:a", "[:a", "]"),
        (r"\x41-\u0043", "ABC", "D"),
        ("ä-ü", "äöü", "aßý"),
        (".*+?(){}$", ".*+?(){}$", "a"),
        ("é\U0001f600", "é\U0001f600", "e"),
    ],
)
def test_a_class_matches_its_members_and_nothing_else(inside: str, members: str, others: str) -> None:
    pattern = patterns.character_class(inside)

    assert list(members) == [c for c in members + others if pattern.fullmatch(c)]


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        ("", '"" has no characters'),
        ("^", '"^" has no characters'),
        ("a]|.*[b", '"a]|.*[b" closes the class at character 2; a bracket is written \\]'),
        ("]a", '"]a" closes the class at character 1; a bracket is written \\]'),
        ("^]a", '"^]a" closes the class at character 2; a bracket is written \\]'),
        ("[:alpha:]", '"[:alpha:]" closes the class at character 9; a bracket is written \\]'),
        ("a-]", '"a-]" closes the class at character 3; a bracket is written \\]'),
        ("z-a", '"z-a" has a range that runs backwards: z-a'),
        (
            r"\d",
            r'"\d" has an unknown escape at character 1; known are \uXXXX, \xXX and a backslash before punctuation',
        ),
        (
            r"\w",
            r'"\w" has an unknown escape at character 1; known are \uXXXX, \xXX and a backslash before punctuation',
        ),
        (
            r"\u12",
            r'"\u12" has an unknown escape at character 1; known are \uXXXX, \xXX and a backslash before punctuation',
        ),
        (
            "a\\",
            '"a\\" has an unknown escape at character 2; known are \\uXXXX, \\xXX and a backslash before punctuation',
        ),
    ],
)
def test_what_is_no_class_is_refused(inside: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        patterns.character_class(inside)


@given(st.text(max_size=12) | st.text("^-]\\[a", max_size=8), st.text(max_size=3))
def test_whatever_it_is_told_a_class_matches_one_character(inside: str, value: str) -> None:
    try:
        pattern = patterns.character_class(inside)
    except ValueError:
        return

    assert not pattern.fullmatch(value) or len(value) == 1


def test_length() -> None:
    assert patterns.too_long("a" * 64, 64) == ""
    assert patterns.too_long("\U0001f600" * 20, 20) == ""
    assert patterns.too_long("a" * 70, 64) == "it is 70 characters long, at most 64 are allowed"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Ann.O'Hara", ""),
        ("Müller", ""),
        ("", ""),
        ("Consumer Support", "space"),
        ("a b,c d,", 'space, ","'),
        ('"a"', "'\"'"),
        ("Łukasz", '"Ł" (U+0141)'),
        ("a\x00b\nc", "U+0000, U+000A"),
        ("a\u202eb", "U+202E"),
        ("李\U0001f600", '"李" (U+674E), U+1F600'),
        ("(a)<b>[c]", '"(", ")", "<", ">", "[" and 1 more'),
    ],
)
def test_characters(value: str, found: str) -> None:
    expected = f"it has characters that are not allowed: {found}" if found else ""

    assert expected == patterns.forbidden_characters(value, SET_MAILBOX)


def test_characters_of_a_negated_class() -> None:
    assert patterns.forbidden_characters("a.b", '^ ,"') == ""
    assert patterns.forbidden_characters("a b", '^ ,"') == "it has characters that are not allowed: space"


@given(st.text())
def test_a_complaint_is_one_printable_line(value: str) -> None:
    complaint = patterns.forbidden_characters(value, "a-z")

    assert len(complaint.splitlines()) <= 1
    assert complaint.isprintable()


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("", ""),
        ("a.b.c", ""),
        (".a", "it begins with a period"),
        ("a.", "it ends with a period"),
        ("a..b", "it has two periods in a row"),
        (".", "it begins with a period"),
        ("..a.", "it begins with a period and ends with a period and has two periods in a row"),
    ],
)
def test_periods(value: str, complaint: str) -> None:
    assert complaint == patterns.misplaced_periods(value)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("", ""),
        ("a b", ""),
        (" a", "it begins with white space"),
        ("a\u00a0", "it ends with white space"),
        ("\ta\n", "it begins with white space and ends with white space"),
        ("  ", "it begins with white space"),
    ],
)
def test_edge_space(value: str, complaint: str) -> None:
    assert complaint == patterns.edge_space(value)
