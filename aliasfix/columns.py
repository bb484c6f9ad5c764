"""Every call of pyarrow.compute, typed; nothing here knows what the columns mean."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

Strings: TypeAlias = pa.Array


def prefer_jemalloc() -> None:
    """Let Arrow take its memory from jemalloc, where it has it (not on Windows) and the user has named no other.

    This is for the whole process, so it is for a program to say. Reading a million entries takes a fifth less time than
    with mimalloc, which Arrow takes by itself.
    """
    if "jemalloc" in pa.supported_memory_backends() and not os.environ.get("ARROW_DEFAULT_MEMORY_POOL"):
        pa.set_memory_pool(pa.jemalloc_memory_pool())


def strings(values: Iterable[str]) -> Strings:
    """A column of strings."""
    return pa.array(values, type=pa.string())


def slices(text: bytes | memoryview, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Strings:
    """What stands in the UTF-8 text between these places, each behind the one before."""
    count = len(starts)
    offsets = np.zeros(2 * count + 1, dtype=np.int32)
    offsets[0:-1:2], offsets[1::2], offsets[-1] = starts, ends, ends[-1] if count else 0
    apart = pa.StringArray.from_buffers(2 * count, pa.py_buffer(offsets), pa.py_buffer(text))
    return apart.take(pa.array(np.arange(0, 2 * count, 2, dtype=np.int64)))


def octets(column: Strings) -> tuple[memoryview, NDArray[np.int64]]:
    """The UTF-8 text that the values stand in, one behind the other, and where each starts and the last one ends."""
    _, offsets, text = column.buffers()
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1] if len(column) else [0]
    return memoryview(text or b""), np.asarray(bounds, dtype=np.int64)


def adjoining(text: bytes, ends: NDArray[np.int64]) -> Strings:
    """What the UTF-8 text is made of, cut at these places; the first is 0."""
    offsets = pa.py_buffer(ends.astype(np.int32))
    return pa.StringArray.from_buffers(len(ends) - 1, offsets, pa.py_buffer(text))


def hyphenated(prefix: str, numbers: NDArray[np.int64]) -> Strings:
    """Row by row the prefix and the numbers, with hyphens between them."""
    texts = [pc.cast(pa.array(np.ascontiguousarray(column)), pa.string()) for column in numbers.T]
    return pc.binary_join_element_wise(repeated(prefix, len(numbers)), *texts, "-")


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)  # combining copies even this one
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
    return column if mask.all() else column.filter(pa.array(mask))


def texts(column: Strings) -> list[str]:
    """The values as Python strings."""
    return column.to_pylist()  # type: ignore[no-any-return]


def matches(column: Strings, pattern: str) -> NDArray[np.bool_]:
    """Where the RE2 pattern is found."""
    return _mask(pc.match_substring_regex(column, pattern))


def refuse_pattern(pattern: str) -> None:
    """Raise ValueError unless the text is an RE2 pattern: these take a time linear in the value."""
    try:
        pc.match_substring_regex(strings([""]), pattern)
        fits(strings([""]), pattern)
    except pa.ArrowInvalid as e:
        reason = str(e).rpartition("RE2: ")[2] or str(e)
        raise ValueError(f'"{pattern[:_SHOWN]}" is no RE2 pattern: {reason[:_SHOWN]}') from e


def fits(column: Strings, pattern: str) -> NDArray[np.bool_]:
    """Where the whole value matches the RE2 pattern, without case."""
    return _mask(pc.match_substring_regex(column, rf"\A(?is:{pattern})\z"))


def ending(column: Strings, text: str) -> NDArray[np.bool_]:
    """Where the value ends with the text."""
    return _mask(pc.ends_with(column, text))


def containing(column: Strings, text: str) -> NDArray[np.bool_]:
    """Where the text is found."""
    return _mask(pc.match_substring(column, text))


def is_in(column: Strings, values: Iterable[str]) -> NDArray[np.bool_]:
    """Where the value is one of these."""
    return _mask(pc.is_in(column, value_set=strings(values)))


def longer(column: Strings, characters: int) -> NDArray[np.bool_]:
    """Where the value has more characters."""
    return _mask(pc.greater(pc.utf8_length(column), characters))


def octet_lengths(column: Strings) -> NDArray[np.int64]:
    """How many octets each value has in UTF-8."""
    return integers(pc.binary_length(column))


def lowered(column: Strings) -> Strings:
    """ASCII letters in lower case, everything else as it is."""
    return pc.ascii_lower(column)


def without_number(column: Strings) -> Strings:
    """Without the ASCII digits at the end."""
    return pc.ascii_rtrim(column, characters="0123456789")


def trimmed(column: Strings, characters: str) -> Strings:
    """Without these characters at both ends."""
    return pc.utf8_trim(column, characters=characters)


def trimmed_right(column: Strings, characters: str) -> Strings:
    """Without these characters at the end."""
    return pc.utf8_rtrim(column, characters=characters)


def behind(column: Strings, characters: int) -> Strings:
    """What follows so many characters."""
    return pc.utf8_slice_codeunits(column, start=characters)


def replaced(column: Strings, pattern: str, replacement: str) -> Strings:
    r"""With the replacement, in which ``\\1`` is the first group, for whatever the RE2 pattern matches."""
    return pc.replace_substring_regex(column, pattern=pattern, replacement=replacement)


def split(column: Strings, separator: str) -> tuple[NDArray[np.int64], Strings]:
    """What stands between the separators: the row of each piece, and the piece."""
    lists = pc.split_pattern(column, pattern=separator)
    return integers(pc.list_parent_indices(lists)), lists.flatten()


def end_to_end(pieces: Iterable[Strings]) -> Strings:
    """One column after the other."""
    return whole(pa.chunked_array(list(pieces), pa.string()))


def joined(*pieces: Strings | str) -> Strings:
    """The values of one column behind those of the other, row by row; a text is the same in every row."""
    return pc.binary_join_element_wise(*pieces, "")


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


def empty(column: Strings) -> NDArray[np.bool_]:
    """Where the value has no characters."""
    _, bounds = octets(column)
    return np.equal(bounds[1:], bounds[:-1])


def shared(column: Strings) -> NDArray[np.int64]:
    """The rows, in order, whose value stands in more than one row."""
    # Numbering a million different values costs five times as much as sorting their hashes; few values have equal ones.
    hashes = _hashes(column)
    by_hash = np.sort(hashes)
    alike = by_hash[1:][by_hash[1:] == by_hash[:-1]]
    if not len(alike):
        return np.empty(0, dtype=np.int64)
    rows = np.flatnonzero(np.isin(hashes, alike))
    numbers, _ = codes(take(column, rows))
    return rows[np.bincount(numbers)[numbers] > 1]


def ranks(column: Strings) -> NDArray[np.int64]:
    """The place of each value among the different values, in code point order."""
    numbers, words = codes(column)
    place = np.empty(len(words), dtype=np.int64)
    place[integers(pc.sort_indices(words))] = np.arange(len(words))
    return place[numbers]


def _mask(found: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


_SHOWN = 80  # characters of a pattern that is no pattern
_ROWS = 1 << 15  # so many at a time stay in the processor's cache
_MULTIPLIER, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)  # the golden ratio in 64 bits; Knuth, TAOCP 6.4


def _hashes(column: Strings) -> NDArray[np.uint64]:
    """64 bits of each value, eight octets at a time; they never leave the process."""
    text, bounds = octets(column)
    first, last = int(bounds[0]), int(bounds[-1])
    raw = np.zeros(last - first + 8, dtype=np.uint8)
    raw[: last - first] = np.frombuffer(text, np.uint8, count=last)[first:] if last else 0
    words: NDArray[np.uint64] = np.ndarray((len(raw) - 7,), "<u8", raw, strides=(1,))
    found = np.empty(len(column), dtype=np.uint64)
    for at in range(0, len(column), _ROWS):
        places = bounds[at : at + _ROWS + 1] - first
        found[at : at + _ROWS] = _hashed(words, places[:-1], places[1:])
    return found


def _hashed(words: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    lengths = ends - starts
    found = lengths.astype(np.uint64)
    step = int(lengths.min()) // 8
    for k in range(step):
        found = _mixed(found, words[starts + 8 * k])
    while len(longer := np.flatnonzero(lengths > 8 * step)):
        places = starts[longer] + 8 * step
        foreign = 8 * np.maximum(8 - (ends[longer] - places), 0)  # bits of the word behind the value's end
        found[longer] = _mixed(found[longer], words[places] << foreign.astype(np.uint64))
        step += 1
    return found


def _mixed(found: NDArray[np.uint64], words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    product = (found ^ words) * _MULTIPLIER
    return product ^ (product >> _HALF)
