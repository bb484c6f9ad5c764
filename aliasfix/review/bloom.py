"""Very many keys in few octets (a Bloom filter), for a page that can't carry them whole: ``taken.js`` asks it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

# A key that is in it is always found. One that is not is taken for one that is at 1 in 2,000 (16 bits a key, 11 probes:
# 0.05 %), of a million keys at 1 in 1,400 (equal hashes of 32 bits add 0.02 %).
BITS, PROBES = 16, 11
LONGEST = 256  # octets of a key that are looked at; a name is shorter
_BASIS, _PRIME = np.uint32(0x811C9DC5), np.uint32(0x01000193)  # FNV-1a, 32 bits


def packed(keys: pa.Array) -> dict[str, object]:
    """``size``, in bits, and ``bits``, in base64: bit n is bit n % 8 of octet n // 8."""
    found = np.unique(hashes(keys))
    size = BITS * max(len(found), 1)
    step = _mixed(found) | np.uint32(1)
    mask = np.zeros(size, dtype=np.bool_)
    for probe in range(PROBES):
        mask[(found + np.uint32(probe) * step) % np.uint32(size)] = True
    return {"size": size, "bits": base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode("ascii")}


def hashes(keys: pa.Array) -> NDArray[np.uint32]:
    """FNV-1a of the UTF-8 octets of each key (draft-eastlake-fnv)."""
    text, bounds = columns.octets(keys)
    octets = np.frombuffer(text, np.uint8)
    starts, lengths = bounds[:-1], np.minimum(np.diff(bounds), LONGEST)
    found = np.full(len(lengths), _BASIS, dtype=np.uint32)
    for at in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > at)
        found[longer] = (found[longer] ^ octets[starts[longer] + at]) * _PRIME
    return found


def _mixed(found: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The last steps of MurmurHash3: another hash made of a hash."""
    found = (found ^ (found >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    found = (found ^ (found >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return found ^ (found >> np.uint32(16))
