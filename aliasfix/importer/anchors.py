"""Where names may stand in a large text: found by numpy for all of them at once, to be looked at with care there only.

The anchor of a name is its longest token in ASCII. Every token of the text is held against all anchors by its length,
its first and its last eight octets; what agrees in these is a place to look at. No mention is missed
(``aliasfix.text.tokens``), and few places are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

_WORD = b"abcdefghijklmnopqrstuvwxyz0123456789_"
_JOINERS = b".-"
_TOKEN = re.compile(rb"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
# Lower case for what a token is made of, 0 for everything else.
_PLAIN = bytes(
    c if c in _WORD + _JOINERS else c + 32 if chr(c) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" else 0 for c in range(256)
)
_PAD = bytes(8)
_COUNTED = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  # the octets that count of a shorter token
_FACTORS = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)))
_LAST_OCTET = np.uint64(56)


class Anchors:
    """The anchors of names."""

    def __init__(self, names: Iterable[str]) -> None:
        found: set[bytes] = set()
        self._beyond_ascii = False  # whether a name has no anchor, so that all that is not ASCII must be looked at
        for name in names:
            tokens = _TOKEN.findall(name.encode("utf-8", "surrogatepass").translate(_PLAIN))
            if tokens:
                found.add(max(tokens, key=len))
            elif not name.isascii():
                self._beyond_ascii = True
        self._keys = np.unique(self._of(b"\0".join(sorted(found))).keys)
        bits = max(12, len(found).bit_length() + 5)
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, dtype=np.bool_)
        self._table[self._keys >> self._shift] = True

    def places(self, text: bytes) -> Integers:
        """The places in the text that are to be looked at, in order."""
        tokens = self._of(text)
        maybe = np.flatnonzero(self._table[tokens.keys >> self._shift])
        keys = tokens.keys[maybe]
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        places = tokens.starts[maybe[self._keys[at] == keys]] if len(self._keys) else np.empty(0, dtype=np.int64)
        if self._beyond_ascii and not text.isascii():
            places = np.union1d(places, np.flatnonzero(np.frombuffer(text, np.uint8) >= 0x80))
        return places
