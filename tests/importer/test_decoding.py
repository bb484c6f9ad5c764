"""CSV as UTF-8, piece by piece: the same as its text as a whole."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.errors import InputError
from aliasfix.importer import decoding

MARKS = st.sampled_from((b"", b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
ENCODINGS = ("", "utf-8", "UTF8", "ascii", "cp1252", "cp850", "utf-16", "utf-16-le", "utf-8-sig", "gb18030")
TEXTS = st.text(st.sampled_from("a,\n\0\ufeffäß€日\U0001f600"), max_size=12)
OCTETS = st.one_of(
    st.binary(max_size=12),
    st.builds(str.encode, TEXTS),
    st.builds(str.encode, TEXTS, st.sampled_from(("utf-16-le", "gb18030"))),
)


def outcome(raw: bytes, named: str, fallback: str, *, in_pieces: bool) -> tuple[bytes, str] | str:
    try:
        if in_pieces:
            return decoding.octets(raw, "a.csv", named=named, fallback=fallback)
        text, encoding = decoding.decode(raw, "a.csv", named=named, fallback=fallback)
        return text.encode(), encoding
    except InputError as e:
        return str(e)


@given(MARKS, OCTETS, st.sampled_from(ENCODINGS), st.sampled_from(("", "cp1252")), st.integers(1, 4))
def test_pieces_of_any_size_are_the_whole(mark: bytes, raw: bytes, named: str, fallback: str, size: int) -> None:
    expected = outcome(mark + raw, named, fallback, in_pieces=False)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decoding, "_SIZE", size)
        assert expected == outcome(mark + raw, named, fallback, in_pieces=True)


def test_utf8_is_not_copied() -> None:
    raw = "ä,ö\n".encode()

    assert raw is decoding.octets(raw, "a.csv", named="", fallback="cp1252")[0]
