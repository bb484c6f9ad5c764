from __future__ import annotations

import io
from typing import Any

import ldif as pypi
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.writer import ldif

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.characters(max_codepoint=0x7F), max_size=3),
    st.text("ab:< -", max_size=3),
    st.integers(60, 80).map(lambda length: "x" * length),
)


def by_writer(records: list[ldif.Record], *, base64: Any) -> bytes:
    """What the library makes of the records, given the values it must not leave as they are as bytes."""
    out = io.BytesIO()
    writer = pypi.LDIFWriter(out)
    for record in records:
        modifications = []
        for swap in record.swaps:
            modifications += [(1, swap.attribute, [base64(swap.old)]), (0, swap.attribute, [base64(swap.new)])]
        writer.unparse(base64(record.dn), modifications)
    return out.getvalue()


def handed_over(text: str) -> str | bytes:
    return text.encode() if text.endswith(" ") or any(c < " " or c == "\x7f" for c in text) else text


SWAPS = st.builds(ldif.Swap, st.sampled_from(["uid", "mailNickname"]), TEXTS, TEXTS)
RECORDS = st.lists(st.builds(ldif.Record, TEXTS, st.lists(SWAPS, min_size=1, max_size=3).map(tuple)), max_size=4)


@given(records=RECORDS)
def test_the_bytes_are_those_of_ldif_writer(records: list[ldif.Record]) -> None:
    assert by_writer(records, base64=handed_over) == ldif.unparse(records)


@given(records=RECORDS)
def test_the_inverse_of_the_inverse_is_the_change(records: list[ldif.Record]) -> None:
    assert tuple(records) == ldif.inverse(ldif.inverse(records))
