"""Every call of pyarrow.compute, typed; nothing here knows what the columns mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

Strings: TypeAlias = pa.Array


def strings(values: Iterable[str]) -> Strings:
    """A column of strings."""
    return pa.array(values, type=pa.string())


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    joined = column.combine_chunks()
    return joined if not isinstance(joined, pa.ChunkedArray) else joined.chunk(0)


def integers(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """The column as 64-bit integers."""
    return np.asarray(column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column, dtype=np.int64)


def take(column: Strings, rows: NDArray[Any]) -> Strings:
    """The values in these rows."""
    return column.take(pa.array(rows))


def only(column: Strings, mask: NDArray[np.bool_]) -> Strings:
    """The values where the mask holds."""
    return column.filter(pa.array(mask))


def texts(column: Strings) -> list[str]:
    """The values as Python strings."""
    return column.to_pylist()  # type: ignore[no-any-return]


def matches(column: Strings, pattern: str) -> NDArray[np.bool_]:
    """Where the RE2 pattern is found."""
    return _mask(pc.match_substring_regex(column, pattern))


def containing(column: Strings, text: str) -> NDArray[np.bool_]:
    """Where the text is found."""
    return _mask(pc.match_substring(column, text))


def is_in(column: Strings, values: Iterable[str]) -> NDArray[np.bool_]:
    """Where the value is one of these."""
    return _mask(pc.is_in(column, value_set=strings(values)))


def longer(column: Strings, characters: int) -> NDArray[np.bool_]:
    """Where the value has more characters."""
    return _mask(pc.greater(pc.utf8_length(column), characters))


def lowered(column: Strings) -> Strings:
    """ASCII letters in lower case, everything else as it is."""
    return pc.ascii_lower(column)


def without_number(column: Strings) -> Strings:
    """Without the ASCII digits at the end."""
    return pc.ascii_rtrim(column, characters="0123456789")


def joined(prefix: Strings, column: Strings) -> Strings:
    """Prefix and value, row by row."""
    return pc.binary_join_element_wise(prefix, column, "")


def mapped(column: Strings, function: Callable[[str], str]) -> Strings:
    """The function of each value, called once for each different one."""
    coded = whole(column.dictionary_encode())
    return strings(function(v) for v in texts(coded.dictionary)).take(coded.indices)


def laid_over(column: Strings, mask: NDArray[np.bool_], values: Strings) -> Strings:
    """The column with the values, in order, where the mask holds."""
    if len(values) == len(column):
        return values
    return whole(pc.replace_with_mask(column, pa.array(mask), values))


def repeated(text: str, count: int) -> Strings:
    """The text as often as that."""
    return pa.repeat(pa.scalar(text, pa.string()), count)


def codes(column: Strings) -> tuple[NDArray[np.int64], Strings]:
    """A number for each different value, row by row, and the different values by number."""
    coded = whole(column.dictionary_encode())
    return integers(coded.indices), coded.dictionary


def ranks(column: Strings) -> NDArray[np.int64]:
    """The place of each value among the different values, in code point order."""
    numbers, words = codes(column)
    place = np.empty(len(words), dtype=np.int64)
    place[integers(pc.sort_indices(words))] = np.arange(len(words))
    return place[numbers]


def _mask(found: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
