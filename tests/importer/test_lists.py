from __future__ import annotations

from pathlib import Path

import pytest

from aliasfix.errors import InputError
from aliasfix.importer.lists import entry_names, held_names, reserved_names

HEADER = '\ufeff"dn","attribute","old","new"\r\n'


@pytest.fixture(name="path")
def path_of_a_file(tmp_path: Path) -> str:
    return str(tmp_path / "list")


def _write(path: str, text: str) -> None:
    Path(path).write_bytes(text.encode())


def test_names_stand_one_a_line(path: str) -> None:
    _write(path, "\ufeff# who keeps the name\r\n\r\n  cn=a,o=ORG \r\nb@example\n")

    assert [("cn=a,o=ORG", f"{path}:3"), ("b@example", f"{path}:4")] == [
        (named.text, str(named.where)) for named in entry_names(path)
    ]
    assert ("cn=a,o=ORG", "b@example") == reserved_names(path)


def test_lines_end_as_an_editor_counts_them(path: str) -> None:
    _write(path, "a\u2028b\r\n\rc\x0cd\ne\x85f")

    assert [("a\u2028b", f"{path}:1"), ("c\x0cd", f"{path}:3"), ("e\x85f", f"{path}:4")] == [
        (named.text, str(named.where)) for named in entry_names(path)
    ]


def test_a_map_gives_old_and_new_names_with_their_holder(path: str) -> None:
    _write(path, HEADER + '"cn=A,o=ORG","uid","\'=a","a2"\r\n\r\n"cn=B,o=ORG","uid","","b2"\r\n')

    assert (("cn=a,o=org", "=a"), ("cn=a,o=org", "a2"), ("cn=b,o=org", "b2")) == held_names(path)


def test_a_map_may_hold_long_names(path: str) -> None:
    _write(path, HEADER + f'"cn=A,o=ORG","uid","{"a" * 200_000}","a"\r\n')

    assert ("a" * 200_000, "a") == tuple(name for _, name in held_names(path))


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, 'the map of earlier renames has no column "dn"'),
        ('"dn","old"\r\n', 1, 'the map of earlier renames has no column "new"'),
        (HEADER + '"cn=A,o=ORG","uid","a"\r\n', 2, "the row has 3 cells, the header 4"),
        (HEADER + '"cn=A,o=ORG","uid","a","b","c"\r\n', 2, "the row has 5 cells, the header 4"),
        (HEADER + '"cn=A,o=ORG","uid","a","b', 2, "the row is no CSV: unexpected end of data"),
        (HEADER + '"A","uid","a","b"\r\n', 2, "the DN can't be read: 'A' is not attribute=value"),
    ],
)
def test_a_damaged_map_is_refused(path: str, text: str, line: int, sentence: str) -> None:
    _write(path, text)

    with pytest.raises(InputError) as caught:
        held_names(path)

    assert f"{path}:{line}: {sentence}" == str(caught.value)
