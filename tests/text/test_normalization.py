from __future__ import annotations

from itertools import pairwise
from typing import get_args
from unicodedata import ucd_3_2_0 as unicode_3_2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text import normalization
from aliasfix.text.normalization import Form, is_assigned, normalized

forms = st.sampled_from(get_args(Form))
marks = st.text("a\u0301\u0323\u0345\u0344\u0f73\u0f71\u0f80\u3099\u0327\u00a8\u1fb3\uac00\u11a8", max_size=12)


@given(forms, marks | st.text(st.characters().filter(is_assigned)))
def test_short_and_long_texts_are_normalized_alike(form: Form, text: str) -> None:
    expected = unicode_3_2.normalize(form, text)

    assert expected == normalized(form, text)
    assert expected + "-" * 200 == normalized(form, text + "-" * 200)


@pytest.mark.parametrize("form", get_args(Form))
def test_later_characters_stay_where_they_are(form: Form) -> None:
    later = "\u1ab2\u0301\U00011347\U0001133e\u0323"

    assert later == normalized(form, later)


@pytest.mark.parametrize("mark", ["\u0301\u0323", "\u0f73", "\u0344\u0327"])
def test_python_gets_no_long_text_whose_marks_it_would_have_to_order(
    mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes quadratic time for that: many minutes for a name that somebody made up."""
    handed: list[str] = []

    class Recording:
        category, combining = staticmethod(unicode_3_2.category), staticmethod(unicode_3_2.combining)

        @staticmethod
        def normalize(form: Form, text: str) -> str:
            handed.append(text)
            return unicode_3_2.normalize(form, text)

    text = f"a{mark * 300}b"
    expected = unicode_3_2.normalize("NFKC", text)
    monkeypatch.setattr(normalization, "unicode_3_2", Recording)

    assert expected == normalized("NFKC", text)
    for long in (each for each in handed if len(each) > 200):
        classes = [unicode_3_2.combining(c) for each in long for c in unicode_3_2.normalize("NFKD", each)]
        assert [] == [c for c, after in pairwise(classes) if 0 < after < c]
