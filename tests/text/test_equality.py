from __future__ import annotations

import hashlib
import string
import sys
from typing import get_args
from unicodedata import ucd_3_2_0 as unicode_3_2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text.equality import _NORMAL, Equality, fold, fold_letters

equalities = st.sampled_from(get_args(Equality))
# Marks, spaces, what is mapped to nothing, what decomposes and composes, letters that Unicode 3.2 has not got.
difficult = st.text(
    "aA1 \t\x00\u00ad\u00a0\u2028\u200b\u3000\u0301\u0308\u0327\u0345\u0338\u1ab2\u0978\u093c"
    "\u00c5\u00df\u1e9e\u0130\u0131\u0149\u01c5\u03a3\u03c2\u1fb3\u1f80\u0390\u212b\u00a8\u037a\ufb01\uff21"
    "\u304b\u30ab\uff76\u3099\u309a\uff9e\u30f7\uac00\u1100\u1161\u11a8\u1c80\u10a0\u13a0\uab70\U0001e900\ud800",
    max_size=8,
)
values = difficult | st.text(max_size=12)


@pytest.mark.parametrize(
    ("equality", "key", "values"),
    [
        ("exact", "User", ["User"]),
        ("exact", " user", [" user"]),
        ("rfc4518", "user", ["user", "USER", "User ", "  uSer", "u\u00adser", "us\x00er", "us\u200ber", "user\n"]),
        ("rfc4518", "a b", ["a b", "A  B", "a\tb", " a\u00a0 b", "a\u3000b", "a\r\nb", "a\u2028b", "a\x85b"]),
        ("rfc4518", "müller", ["Müller", "Mu\u0308ller", "MÜLLER"]),
        ("rfc4518", "strasse", ["Straße", "STRASSE"]),
        ("rfc4518", "fi", ["ﬁ", "FI", "\uff26\uff29"]),
        ("rfc4518", "λόγο\u03c3", ["ΛΌΓΟΣ", "λόγο\u03c3", "λόγος"]),
        ("rfc4518", "å", ["Å", "\u212b", "A\u030a"]),
        ("rfc4518", "\u1e9e", ["\u1e9e"]),  # came after Unicode 3.2
        ("rfc4518", "\u13a0", ["\u13a0"]),  # its small letter came after Unicode 3.2
        ("rfc4518", "", ["", " ", "\t\n", "\u200b"]),
        ("rfc4518", "a \u0308", ["a \u0308", "a \u0308 "]),  # a space that carries a mark is none
        ("rfc4518", "a  \u0308", ["a   \u0308"]),
        ("rfc4518", " \u0308a", [" \u0308a", "\u00a8A"]),
        ("ad", "user", ["user", " USER", "\uff55ser", "üser", "u\u0308s\u0301er"]),
        ("ad", "muller", ["Muller", "Müller"]),  # KB 938447
        ("ad", "meissner", ["Meissner", "Meißner"]),  # KB 938447
        ("ad", "bjorn", ["bjorn", "björn", "bjǫrṅ", "bjøⓇn"]),  # Samba bug 14847
        ("ad", "bjoern", ["bjoern"]),  # Samba bug 14847: someone else
        ("ad", "cifs/example.com", ["cīfs/ëxamplē.cøm"]),  # Samba bug 14847
        ("ad", "\\_(つ)_/", ["\\_(ツ)_/", "\\_(つ)_/", "\\_(㋡)_/"]),  # Samba bug 14847
        ("ad", "x@example.com", ["x\uff20EXAMPLE.COM"]),  # Samba bug 14847
        ("ad", "jesush", ["jésush"]),  # KB 839515
        ("ad", "aaa", ["ååå"]),
        ("ad", "encyclopaedia", ["encyclopædia", "ENCYCLOPÆDIA", "encyclopǽdia"]),
        ("ad", "lodz dorde hal diyarbakir", ["Łódź Đorđe ħal Diyarbak\u0131r"]),
        ("ad", "ŋœŧ", ["ŊŒŦ"]),  # no clash on Windows
        ("ad", "か", ["か", "カ", "ｶ", "が", "ガ", "ｶﾞ"]),
        ("ad", "a b", ["a \u0308 b"]),
    ],
)
def test_values_share_a_key(equality: Equality, key: str, values: list[str]) -> None:
    assert [key] * len(values) == [fold(value, equality) for value in values]


def test_latin_letters_that_windows_takes_for_an_ascii_letter() -> None:
    """Measured by Samba on Windows: LATIN1_BAD_CHARS, and Latin Extended-A without LATIN_EXTENDED_A_NO_CLASH."""
    letters = [*"ªºÿ", *map(chr, (*range(0xC0, 0xD7), *range(0xD8, 0xDE), *range(0xE0, 0xF7), *range(0xF8, 0xFE)))]
    letters = [c for c in letters if c not in "Ææ"] + list(map(chr, range(0x100, 0x180)))
    unconfirmed = "ĸŉĿŀ"  # clash with something, but with what?

    other = [c for c in letters if c not in unconfirmed and fold(c, "ad") not in set(string.ascii_lowercase)]

    assert list("ĲĳŊŋŒœŦŧ") == other


@pytest.mark.parametrize(
    ("equality", "digest"),
    [
        ("rfc4518", "d7c50d403d5aecbafc538ccb8b0ef769bf9cc9bbb47f248601c4f785f770ef94"),
        ("ad", "1e3aaec2d2fef84b191bf2a2d5e924c595070c5e0400891770b2e7c117abdba6"),
    ],
)
def test_the_key_of_every_code_point_is_the_same_on_every_python(equality: Equality, digest: str) -> None:
    """Of the planes in which Unicode 3.2 has no characters, which are three quarters of the time, every 64th."""
    codes = (*range(0x30000), *range(0x30000, 0x110000, 64), *range(0xE0000, 0xE1000))
    keys = "\0".join([*(fold(chr(code), equality) for code in codes), ""])

    assert digest == hashlib.sha256(keys.encode("utf-8", "surrogatepass")).hexdigest()


def test_characters_after_unicode_3_2_are_neither_composed_nor_moved() -> None:
    later_marks = "a\u1ab2\u0301\U00011347\U0001133e\u0323"

    assert later_marks == fold(later_marks, "rfc4518")


@given(values, equalities)
def test_folding_a_key_changes_nothing(value: str, equality: Equality) -> None:
    key = fold(value, equality)

    assert key == fold(key, equality)


@given(values)
def test_each_equality_is_coarser_than_the_one_before(value: str) -> None:
    assert fold(value, "ad") == fold(fold(value, "rfc4518"), "ad")


@given(st.text(string.printable.strip() + " ").filter(lambda base: not base.endswith(" ")), st.integers(0), equalities)
def test_digits_fold_to_themselves_behind_ascii(base: str, number: int, equality: Equality) -> None:
    assert f"{fold(base, equality)}{number}" == fold(f"{base}{number}", equality)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1), st.integers(0), equalities)
def test_digits_fold_to_themselves_behind_letters(base: str, number: int, equality: Equality) -> None:
    assert f"{fold(base, equality)}{number}" == fold(f"{base}{number}", equality)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_is_folded_alike_alone_and_among_other_characters(value: str) -> None:
    assert fold(f"{value}ж", "rfc4518").removesuffix("ж").rstrip(" ") == fold(value, "rfc4518")


def test_the_short_way_is_for_what_no_normal_form_changes() -> None:
    """Each character of the class is NFKC already, no mark, and composes with none of the others."""
    short = [c for c in map(chr, range(0x3000)) if _NORMAL.fullmatch(c)]
    composing = {
        second
        for code in range(sys.maxunicode + 1)
        if len(pair := unicode_3_2.normalize("NFD", chr(code))) > 1
        for second in pair[1:]
    }

    assert ["ü", "ß", "ł", "ł", "λ", "ж", "ё"] == [c for c in "üßłłλжё" if c in short]
    assert short == [c for c in short if unicode_3_2.normalize("NFKC", c) == c and not unicode_3_2.combining(c)]
    assert set() == composing.intersection(short)


words = st.text('aZ0-,="üÜßłΛΣςЖё\u0301\u0149\u0132\u00ad~', min_size=1, max_size=4)


@given(st.lists(st.lists(words, min_size=1).map(" ".join)))
def test_many_values_have_the_keys_they_have_one_by_one(values: list[str]) -> None:
    assert fold_letters(values) in (None, [fold(value, "rfc4518") for value in values])


def test_names_of_letters_are_folded_at_once() -> None:
    assert ["jürgen müller", "wała ss", "λόγο\u03c3 жук"] == fold_letters(["Jürgen MÜLLER", "WAŁA ß", "ΛΌΓΟΣ ЖУК"])
