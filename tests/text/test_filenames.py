"""A file name for any text: none leaves its folder, is a device, or is another's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text.filenames import distinct

DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
LETTERS = set("abcdefghijklmnopqrstuvwxyz0123456789-")
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["a", "A", "a 2", "a-2", "con", "CON", "COM¹", "nul.xlsx", "..", "../x", r"\\host\c$", "C:x", "site"]
    ),
)


def test_texts_are_spelled_as_file_names() -> None:
    texts = ["Genève", "../../etc/passwd", r"C:\Windows", "con", "COM¹", "nul.", "!!!", "", "a" * 70, "\x1b[31m\u202e"]

    assert [
        "geneve", "etc-passwd", "c-windows", "site-con", "site-com1", "site-nul", "site", "no-site", "a" * 40, "31m",
    ] == distinct(texts, "site", "no-site")  # fmt: skip


def test_texts_that_are_spelled_alike_are_counted() -> None:
    assert ["a", "a-2", "a-2-2", "a-3"] == distinct(["A", "a", "a 2", "a"], "site", "no-site")
    assert ["no-site", "no-site-2"] == distinct(["", "No site"], "site", "no-site")


def test_what_is_taken_is_told_apart() -> None:
    assert ["label-rollback", "roll"] == distinct(["Rollback", "roll"], "label", "", frozenset(["rollback"]))


@given(st.lists(TEXTS))
def test_every_name_is_a_file_of_its_own_everywhere(texts: list[str]) -> None:
    names = distinct(texts, "site", "no-site")

    assert len(texts) == len(set(names))
    for name in names:
        assert set(name) <= LETTERS
        assert name == name.strip("-") != ""
        assert name not in DEVICES
        assert len(name) < 60
