"""The base64 values of a block of LDIF, decoded all at once.

What is not whole base64 is told apart; the careful reader has the word on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Bytes = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_PAD = ord("=")
_NO = np.int32(-1 << 24)  # stays negative whatever is or'ed to it


@dataclass(frozen=True, slots=True)
class Decoded:
    """The octets of several values, one after the other."""

    octets: Bytes
    ends: Integers  # one more than there are values; the first is 0
    sure: Mask  # which of them were whole base64; the others have no octets here

    @property
    def lengths(self) -> Integers:
        """The octets of each value."""
        return np.diff(self.ends)


def decoded(text: bytes, octets: Bytes, starts: Integers, ends: Integers) -> Decoded:
    """The values whose base64 stands between these places, without spaces.

    Whole base64 has nothing but its alphabet (RFC 2849 note 10b), and what is left over of its last character is 0
    (RFC 4648 section 3.5). Four octets behind the last value are there to be looked at.
    """
    lengths = ends - starts
    sure = lengths % 4 == 0
    padding = np.zeros(len(starts), dtype=np.int64)
    some = np.flatnonzero(sure & (lengths > 0))
    one = octets[ends[some] - 1] == _PAD
    padding[some] = one.astype(np.int64) + (one & (octets[ends[some] - 2] == _PAD))
    found, quads = _quads(text, starts, np.where(sure, lengths // 4, 0), padding)
    sure[quads.broken] = False
    if not sure.all():
        kept = np.repeat(sure, quads.octets)
        found, lengths = found[kept], np.where(sure, quads.octets, 0)
    else:
        lengths = quads.octets
    return Decoded(found, np.concatenate(([0], np.cumsum(lengths))), sure)


@dataclass(frozen=True, slots=True)
class _Quads:
    octets: Integers  # of each value
    broken: Integers  # the values that are no base64


def _quads(text: bytes, starts: Integers, counts: Integers, padding: Integers) -> tuple[Bytes, _Quads]:
    """Four characters give 24 bits."""
    firsts = np.cumsum(counts) - counts
    owner = np.repeat(np.arange(len(counts)), counts)
    places = 4 * np.arange(len(owner)) + (starts - 4 * firsts)[owner]
    words: NDArray[np.uint32] = np.ndarray((max(len(text) - 3, 0),), "<u4", text, strides=(1,))
    word = words[places]
    padded = np.flatnonzero(padding)
    last = (firsts + counts - 1)[padded]
    word[last] = word[last] & _KEPT[padding[padded]] | _FILLED[padding[padded]]
    bits = _BITS[word & 0xFFFF] << 12 | _BITS[word >> 16]
    leftover = bits[last] & _LEFTOVER[padding[padded]] != 0
    broken = np.unique(np.concatenate((owner[bits < 0], padded[leftover])))
    octets = np.empty((len(bits), 3), dtype=np.uint8)
    octets[:, 0], octets[:, 1], octets[:, 2] = bits >> 16 & 0xFF, bits >> 8 & 0xFF, bits & 0xFF
    kept = np.ones(octets.shape, dtype=np.bool_)
    kept[last, 2] = False
    kept[last[padding[padded] == 2], 1] = False  # noqa: PLR2004 - "=="
    return octets[kept], _Quads(3 * counts - padding, broken)


def _bits_of_pairs() -> NDArray[np.int32]:
    """Twelve bits of two characters that follow each other, by their octets as a little-endian number."""
    one = np.full(256, _NO, dtype=np.int32)
    one[np.frombuffer(_ALPHABET, np.uint8)] = np.arange(64)
    second, first = np.divmod(np.arange(1 << 16), 256)
    pairs: NDArray[np.int32] = np.where((one[first] < 0) | (one[second] < 0), _NO, one[first] << 6 | one[second])
    return pairs.astype(np.int32)


_BITS = _bits_of_pairs()
# By the number of "=" at the end: which octets stay, what stands for the others ("A" is 0), which bits must be 0.
_KEPT = np.array([0xFFFFFFFF, 0x00FFFFFF, 0x0000FFFF], dtype=np.uint32)
_FILLED = np.array([0, 0x41000000, 0x41410000], dtype=np.uint32)
_LEFTOVER = np.array([0, 0xFF, 0xFFFF], dtype=np.int32)
