"""Where names may stand in a large text: found by numpy for all of them at once, to be looked at with care there only.

The anchor of a name is its longest token in ASCII. Every token of the text is held against all anchors by its length,
its first and its last eight octets; what agrees in these is a place to look at. No mention is missed
(``aliasfix.text.tokens``), and few places are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aliasfix.text.tokens import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

_WORD = b"abcdefghijklmnopqrstuvwxyz0123456789_"
_JOINERS = b".-"
_TOKEN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
# Lower case for what a token is made of, 0 for everything else.
_PLAIN = bytes(
    c if c in _WORD + _JOINERS else c + 32 if chr(c) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" else 0 for c in range(256)
)
_PAD = bytes(8)
_COUNTED = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  # the octets that count of a shorter token
_FACTORS = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)))
_SPARSE = 5  # bits: one in 32 places of the table is taken
_BEYOND_ASCII = 0x80


class Value(NamedTuple):
    """A value of an export that may hold a name."""

    dn: str
    attribute: str  # with its options
    value: str
    line: int  # of the value, or of its row


class Anchors:
    """The anchors of names that change, in these attributes."""

    def __init__(self, names: Iterable[str], attributes: Iterable[str]) -> None:
        whole = frozenset(names)
        self._attributes = {attribute.lower().encode() for attribute in attributes}
        found = set(filter(_TOKEN.fullmatch, whole))  # almost all
        self._single = {name.encode() for name in found if name.isascii()}
        self._beyond_ascii = False  # whether a name has no anchor, so that all that is not ASCII must be looked at
        for name in whole - found:
            tokens = _TOKEN.findall(folded(name))
            if tokens:
                found.add(max(tokens, key=len))
            elif not name.isascii():
                self._beyond_ascii = True
        self._keys = np.unique(_tokens("\n".join(found).encode("ascii"))[1])
        self._shift = np.uint64(64 - max(12, len(found).bit_length() + _SPARSE))
        self._table = np.zeros(1 << (64 - int(self._shift)), dtype=np.bool_)
        self._table[self._keys >> self._shift] = True

    def is_held(self, attribute: bytes, value: bytes) -> bool:
        """Whether the value is a name where it changes, and nothing else: that its entry holds it, the plan says.

        Within a single token there is no other name; in a name like ``user.`` there may be one.
        """
        return attribute.lower() in self._attributes and value.lower() in self._single

    def places(self, text: bytes) -> Integers:
        """The places in the text that are to be looked at, in order."""
        starts, keys = _tokens(text)
        maybe = np.flatnonzero(self._table[keys >> self._shift])
        places = starts[maybe[_among(keys[maybe], self._keys)]]
        if self._beyond_ascii and not text.isascii():
            return np.union1d(places, np.flatnonzero(np.frombuffer(text, np.uint8) >= _BEYOND_ASCII))
        return places


def _tokens(text: bytes) -> tuple[Integers, Words]:
    """Where each token starts, and a number that it shares with few others."""
    low = text.translate(_PLAIN) + _PAD
    octets = np.frombuffer(low, np.uint8)
    inside = octets != 0
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if inside[0]:
        edges = np.concatenate(([0], edges))
    starts, ends = edges[::2], edges[1::2]
    for at in _joiners(octets[starts]).tolist():
        starts[at] += ends[at] - starts[at] - len(low[starts[at] : ends[at]].lstrip(_JOINERS))
    for at in _joiners(octets[ends - 1]).tolist():
        ends[at] = max(starts[at], starts[at] + len(low[starts[at] : ends[at]].rstrip(_JOINERS)))
    words: Words = np.ndarray((len(text) + 1,), "<u8", low, strides=(1,))
    length = ends - starts
    counts = _COUNTED[np.minimum(length, 8)]
    first = words[starts] & counts
    last = words[np.maximum(ends - 8, starts)] & counts
    return starts, first * _FACTORS[0] ^ last * _FACTORS[1] ^ length.astype(np.uint64) * _FACTORS[2]


def _joiners(octets: NDArray[np.uint8]) -> Integers:
    return np.flatnonzero((octets == _JOINERS[0]) | (octets == _JOINERS[1]))


def _among(keys: Words, known: Words) -> Mask:
    """Which keys are known; ``known`` is sorted."""
    if not len(known):
        return np.zeros(len(keys), dtype=np.bool_)
    found: Mask = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    return found
