from __future__ import annotations

import time
from typing import get_args
from unicodedata import ucd_3_2_0 as unicode_3_2

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
def test_very_many_marks_are_put_in_order_in_linear_time(mark: str) -> None:
    def seconds(count: int) -> float:
        text = f"a{mark * count}"
        started = time.perf_counter()
        normalized("NFKC", text)
        return time.perf_counter() - started

    seconds(1000)
    few, many = min(seconds(1000) for _ in range(3)), seconds(30000)

    assert many < 300 * few  # linear: 30; quadratic: 900
