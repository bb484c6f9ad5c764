"""One stem for each label: a file name on every system, and never that of another file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aliasfix.writer.stems import stems


def test_one_label_needs_no_name() -> None:
    assert {"east": "changes"} == stems("changes", {"east"})
    assert {"": "changes"} == stems("changes", {""})


def test_several_labels_are_spelled_as_file_names() -> None:
    found = stems(
        "out",
        ["East", "Nord & Süd", "../../etc", "", "!!!", "con", "COM1", "rollback", "a" * 70, "東京", "x.rollback"],
    )

    assert {
        "": "out.unlabelled",
        "!!!": "out.label",
        "../../etc": "out.etc",
        "COM1": "out.label-com1",
        "East": "out.east",
        "Nord & Süd": "out.nord-sued",
        "a" * 70: f"out.{'a' * 40}",
        "con": "out.label-con",
        "rollback": "out.label-rollback",
        "x.rollback": "out.x-rollback",
        "東京": "out.dongjing",
    } == found


def test_labels_that_are_spelled_alike_are_counted() -> None:
    assert {
        "EAST": "out.east",
        "East": "out.east-2",
        "east": "out.east-3",
        "east 2": "out.east-2-2",
    } == stems("out", {"east", "East", "EAST", "east 2"})


@given(
    labels=st.sets(st.one_of(st.text(max_size=60), st.sampled_from(["a", "A", "a 2", "a-2", "con", "CON"])), min_size=2)
)
def test_no_two_labels_share_a_file_and_none_leaves_its_folder(labels: set[str]) -> None:
    found = stems("changes", labels)

    assert labels == set(found)
    files = {f"{stem}{ending}" for stem in found.values() for ending in (".ldif", ".rollback.ldif")}
    assert 2 * len(labels) == len(files)
    for stem in found.values():
        start, dot, slug = stem.partition(".")
        assert ("changes", ".") == (start, dot)
        assert slug
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert slug not in ("rollback", "con", "prn", "aux", "nul")
        assert len(slug) < 60
