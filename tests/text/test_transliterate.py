from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text import transliterate


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("John Smith-Jones_2", "John Smith-Jones_2"),
        ("Müller", "Mueller"),
        ("Mu\u0308ller", "Mueller"),
        ("MÜLLER", "MUELLER"),
        ("ÄRZTE GROẞ", "AERZTE GROSS"),
        ("Ärzte", "Aerzte"),
        ("JÖ", "JOE"),
        ("Ö", "Oe"),
        ("Ö. B", "Oe. B"),
        ("Straße", "Strasse"),
        ("Åse Ødegård", "Aase Oedegaard"),
        ("Ægir Œuvre œuvre", "Aegir Oeuvre oeuvre"),
        ("Þór Ðal þing", "Thor Dal thing"),
        ("Łukasz Đorđe", "Lukasz Dorde"),
        ("Zoë Ángel Çelik Ğ", "Zoe Angel Celik G"),
        ("O'B O\u2019B O\u2018B O`B O\u00b4B O\u02bcB O\uff07B", "OB OB OB OB OB OB OB"),
        ("Дарья Ольга", "Darya Olga"),
        ("李小龙", "LiXiaoLong"),
        ("😀 bob 👍🏽", " bob "),
        ("Flag\U0001f1e9\U0001f1ea", "Flag"),
        ("€uro™ © ₿ →", "uro   "),
        ("ﬁn Ⅳ \uff11\uff12", "fin IV 12"),
        ("a\u200bb\u00adc", "abc"),
        ("no\u00a0break", "no break"),
        ("", ""),
    ],
)
def test_spelling(value: str, expected: str) -> None:
    assert expected == transliterate.ascii(value)


@given(st.text())
def test_the_result_is_ascii_and_stays(value: str) -> None:
    result = transliterate.ascii(value)

    assert result.isascii()
    assert result == transliterate.ascii(result)


@given(
    st.text(
        st.characters(min_codepoint=0x2190, max_codepoint=0x2BFF, categories=["S"])
        | st.characters(min_codepoint=0x1F000, max_codepoint=0x1FBFF)
    )
)
def test_no_symbol_becomes_a_word(value: str) -> None:
    assert not any(c.isalpha() for c in transliterate.ascii(value))
