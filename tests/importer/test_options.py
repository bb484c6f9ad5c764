from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.importer import Options, probe

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_label_is_for_a_file_or_for_all_files_of_a_folder_and_the_nearest_counts(
    write: Callable[..., list[str]],
) -> None:
    paths = write(dict.fromkeys(("x/a.csv", "x/one/b.csv", "x/one/c.csv", "x/two/d.csv"), "Alias,Guid\n"))
    labels = (("x", "X"), ("x/one", "ONE"), ("c.csv", "C"), ("two", "TWO"))

    assert {"x/a.csv": "X", "x/one/b.csv": "ONE", "x/one/c.csv": "C", "x/two/d.csv": "TWO"} == {
        s.path: s.label for s in probe(paths, Options(labels=labels))
    }
