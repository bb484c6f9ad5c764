from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text import transliterate
from aliasfix.text.spellings import TABLES


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


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Öztürk", {"german": "Oeztuerk", "plain": "Ozturk", "icao": "Oeztuerk"}),
        ("Ångström Ærø Groß", {"german": "Aangstroem Aeroe Gross", "plain": "Angstrom Aero Gross"}),
        ("ÅNGSTRÖM Ä", {"german": "AANGSTROEM Ae", "plain": "ANGSTROM A"}),
        ("Юлия Щукин", {"german": "Yuliya Shchukin", "plain": "Yuliya Shchukin", "icao": "Iuliia Shchukin"}),
        ("ЩУКИН Ё", {"german": "SHCHUKIN E", "icao": "SHCHUKIN E"}),
        ("Объедков Дмитрий", {"german": "Obedkov Dmitriy", "icao": "Obieedkov Dmitrii"}),
        ("Юлія Згурський", {"ukrainian": "Yuliia Zghurskyi"}),
        ("Євген Їжак Йосип Ґудзь", {"ukrainian": "Yevhen Yizhak Yosyp Gudz"}),
        ("Знам\u2019янка", {"ukrainian": "Znamianka"}),
        ("Щерев Ъгълов Мария България", {"bulgarian": "Shterev Agalov Maria Balgaria"}),
    ],
)
def test_a_table_decides_on_the_letters_it_has(value: str, expected: dict[str, str]) -> None:
    assert expected == {table: transliterate.ascii(value, table) for table in expected}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Παπαδόπουλος Ουρανία ΟΥΡΑΝΙΑ", "Papadopoulos Ourania OURANIA"),
        ("Ευάγγελος Ευθύμιος Αύρα Αυτιάς", "Evangelos Efthymios Avra Aftias"),
        ("Λεύκη Εύη Ηυ", "Lefki Evi If"),
        ("Μπάμπης Λάμπρου Χούμπ", "Bampis Lamprou Choub"),
        ("Σφιγξ Άγχος Γκίκας Ντόρας", "Sfinx Anchos Gkikas Ntoras"),
        ("Άυλος Μαΰλη Θεός Ψαρράς", "Aylos Mayli Theos Psarras"),
        ("Łukasz Őri Çağlar Işıl İnci Đặng Țîrlea", "Lukasz Ori Caglar Isil Inci Dang Tirlea"),
    ],
)
def test_every_table_spells_greek_by_sound_and_drops_other_marks(table: str, value: str, expected: str) -> None:
    assert expected == transliterate.ascii(value, table)


@given(st.text(), st.sampled_from(sorted(TABLES)))
def test_the_result_is_ascii_and_stays(value: str, table: str) -> None:
    result = transliterate.ascii(value, table)

    assert result.isascii()
    assert result == transliterate.ascii(result, table)


@given(
    st.text(
        st.characters(min_codepoint=0x2190, max_codepoint=0x2BFF, categories=["S"])
        | st.characters(min_codepoint=0x1F000, max_codepoint=0x1FBFF)
    )
)
def test_no_symbol_becomes_a_word(value: str) -> None:
    assert not any(c.isalpha() for c in transliterate.ascii(value))
