"""Texts that are read where they stand: places in the octets of a block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aliasfix.columns import Strings

    Bytes = NDArray[np.uint8]
    Integers = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_CASE = 0x20  # the one bit in which ASCII letters differ from their capitals


class Block:
    """Some octets of UTF-8, and where which of them are."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.octets: Bytes = np.frombuffer(text, np.uint8)
        self._places: dict[int, Integers] = {}

    def places(self, octet: int) -> Integers:
        """Where the octet stands; looked for once."""
        if octet not in self._places:
            there = octet in self.text  # far sooner told
            self._places[octet] = np.flatnonzero(self.octets == octet) if there else np.empty(0, dtype=np.int64)
        return self._places[octet]


@dataclass(frozen=True)
class Texts:
    """Texts in a block, each behind the one before."""

    block: Block
    start: Integers
    end: Integers

    @classmethod
    def of(cls, texts: Strings) -> Texts:
        """The same texts, where Arrow has them."""
        text, bounds = columns.octets(texts)
        return cls(Block(bytes(text)), bounds[:-1], bounds[1:])

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def strings(self) -> Strings:
        """A column of them."""
        return columns.slices(self.block.text, self.start, self.end)

    @property
    def full(self) -> Mask:
        """Which of them hold anything."""
        return self.end > self.start

    def only(self, mask: Mask) -> Texts:
        """Those where the mask holds."""
        return self if mask.all() else self.at(np.flatnonzero(mask))

    def at(self, numbers: Integers) -> Texts:
        """Those with these numbers, which ascend."""
        return Texts(self.block, self.start[numbers], self.end[numbers])

    def trimmed(self, mask: Mask) -> Texts:
        """The same, without spaces at both ends where the mask holds."""
        start, end = self.start.copy(), self.end.copy()
        spaced = self.at(np.flatnonzero(mask)).strings
        right = columns.trimmed_right(spaced, " ")
        end[mask] = start[mask] + columns.octet_lengths(right)
        start[mask] = end[mask] - columns.octet_lengths(columns.trimmed(right, " "))
        return Texts(self.block, start, end)

    def starting(self, text: str) -> Integers:
        """Which of them start with the ASCII text, in any case of its letters."""
        found = np.flatnonzero(self.end - self.start >= len(text))
        for step, octet in enumerate(text.lower().encode("ascii")):
            case = _CASE if chr(octet).isalpha() else 0
            found = found[(self.block.octets[self.start[found] + step] | case) == octet]
        return found

    def holding(self, places: Integers) -> Mask:
        """Which of them hold one of these places, which ascend."""
        if not len(places):
            return np.zeros(len(self), dtype=np.bool_)
        following = np.append(places, len(self.block.octets))[np.searchsorted(places, self.start)]
        return following < self.end

    def split(self, separator: str) -> tuple[Integers, Texts]:
        """What stands between the separators, one octet each: of each full piece the text it is of, and the piece."""
        places = self.block.places(ord(separator))
        first = np.searchsorted(places, self.start)
        inside = np.searchsorted(places, self.end) - first
        pieces = inside + 1
        begin = np.cumsum(pieces) - pieces
        owner = np.repeat(np.arange(len(self)), pieces)
        behind = np.ones(len(owner), dtype=np.bool_)  # a separator
        behind[begin] = False
        apart = places[(np.repeat(first - begin - 1, pieces) + np.arange(len(owner)))[behind]]
        start, end = np.empty(len(owner), dtype=np.int64), np.empty(len(owner), dtype=np.int64)
        start[begin], end[begin + inside] = self.start, self.end
        start[behind], end[:-1][behind[1:]] = apart + 1, apart
        full = end > start
        return owner[full], Texts(self.block, start[full], end[full])
