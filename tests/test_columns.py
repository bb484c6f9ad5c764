"""What the columns are asked, held against lists."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix import columns

if TYPE_CHECKING:
    from types import ModuleType

_TEXTS = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(["a" * 7, "a" * 8, "a" * 9, "a" * 16, "\0", "\0\0"])))


@given(_TEXTS, st.integers(0, 3))
def test_the_rows_whose_value_stands_in_another_row_too(texts: list[str], offset: int) -> None:
    column = columns.strings(texts)[offset:]
    times = Counter(texts[offset:])
    expected = [row for row, text in enumerate(texts[offset:]) if times[text] > 1]
    assert expected == columns.shared(column).tolist()


@given(_TEXTS, st.integers(0, 3))
def test_the_rows_without_a_character(texts: list[str], offset: int) -> None:
    column = columns.strings(texts)[offset:]
    assert [not text for text in texts[offset:]] == columns.empty(column).tolist()


def test_many_rows_are_looked_at_piece_by_piece() -> None:
    texts = [f"cn=person {n % 99_990},ou=people,dc=example" for n in range(100_000)]
    expected = [*range(10), *range(99_990, 100_000)]
    assert expected == columns.shared(columns.strings(texts)).tolist()


@pytest.mark.parametrize("named", ["", "system"])
def test_the_tool_takes_its_memory_from_jemalloc_unless_the_user_names_another(named: str, command: ModuleType) -> None:
    told = "from aliasfix import columns as c; c.prefer_jemalloc(); print(c.pa.default_memory_pool().backend_name)"
    env = command.environment(ARROW_DEFAULT_MEMORY_POOL=named)
    done = subprocess.run((sys.executable, "-c", told), capture_output=True, check=True, encoding="ascii", env=env)
    first = "jemalloc" if "jemalloc" in pa.supported_memory_backends() else pa.default_memory_pool().backend_name

    assert (named or first) == done.stdout.strip()
