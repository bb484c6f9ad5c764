"""The heads of LDIF lines: which attribute each line of a block is of, told for all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix.importer import syntaxes
from aliasfix.importer.parts import numbers_of
from aliasfix.ldap import ldif

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Small = NDArray[np.int16]
    Words = NDArray[np.uint64]

ODD, UNWANTED, CHANGETYPE, DN = -4, -3, -2, -1  # what a line's head says; from 0 on: an attribute
PASSED_OVER = -10  # less the attribute's number: a value of it with an option, as ;lang-de
LONGEST = 256  # octets of a head; a record with a longer one is read with care
MOST = 1024  # steps to different heads; a record with a head for which there is no room is read with care
_UNKNOWN, _ODD = 0, 1  # steps to no head
_FIRST = 2
_LINES = 1 << 14  # so many at a time stay in the processor's cache
_STRUCTURE = {b"dn": DN, b"changetype": CHANGETYPE}

_ALL = (1 << 64) - 1
_COLONS, _LOW, _HIGH = (np.uint64(octet * (_ALL // 0xFF)) for octet in (ord(":"), 0x01, 0x80))
_GOLDEN = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits; Knuth, TAOCP 6.4
_MULTIPLIERS = tuple(
    np.uint64(pow(_GOLDEN, n, 1 << 64)) for n in range(1, 17)
)  # what one brings together, others do not
_SLOTS = 20  # bits: far more slots than steps, so that no two need one; those in use alone are ever touched


def word(octets: bytes) -> np.uint64:
    """Up to eight octets as they stand in the words of a block."""
    return np.uint64(int.from_bytes(octets, "little"))


def _up_to_colon(words: Words) -> Words:
    """The octets up to the first colon, and 0 for the others; all eight where there is none."""
    others = words ^ _COLONS
    found = others - _LOW
    found &= ~others
    found &= _HIGH  # its lowest bit is that of the first colon: no borrow came from an octet before it
    below = found - np.uint64(1)
    below &= ~found
    below &= words
    return below


class _Steps:
    """The known heads as a tree of their octets, eight by eight, and the branches of all its nodes in one hash table.

    A step is where a branch leads to. No slot of the table holds two: where a new one would need a taken slot, all of
    them get others.
    """

    def __init__(self) -> None:
        self._count = _FIRST
        self._keys = np.zeros(MOST, dtype=np.uint64)
        self._before = np.full(MOST, -1, dtype=np.int16)
        self._goes_on = np.zeros(MOST, dtype=np.bool_)
        self._salts = np.array([step * _GOLDEN & _ALL for step in range(MOST)], dtype=np.uint64)
        self._known: dict[tuple[int, int], int] = {}
        self._multiplier = _MULTIPLIERS[0]
        self._table = np.zeros(1 << _SLOTS, dtype=np.int16)

    def walked(self, words: Words, starts: Integers) -> Small:
        """The last step of the head that stands at each of these places, or ``_UNKNOWN``."""
        found = self._step(_up_to_colon(words[starts]), np.zeros(1, dtype=np.int16))
        rows = np.flatnonzero(self._goes_on[found])
        further = 8
        while len(rows):
            found[rows] = step = self._step(_up_to_colon(words[starts[rows] + further]), found[rows])
            rows = rows[self._goes_on[step]]
            further += 8
        return found

    def _step(self, keys: Words, before: Small) -> Small:
        step: Small = self._table[_slots(keys ^ self._salts[before], self._multiplier)]
        step[(self._keys[step] != keys) | (self._before[step] != before)] = _UNKNOWN
        return step

    def learned(self, head: bytes) -> int:
        """The last step of the head, colon included, which is known from now on; ``_ODD`` without room for it."""
        step = _UNKNOWN
        for at in range(0, len(head), 8):
            branch = step, int(word(head[at : at + 8]))
            if branch not in self._known:
                if not self._has_room(branch):
                    return _ODD
                self._goes_on[self._count] = at + 8 < len(head)
                self._known[branch] = self._count
                self._count += 1
            step = self._known[branch]
        return step

    def _has_room(self, branch: tuple[int, int]) -> bool:
        """Whether there is a step left and a slot of its own for it; then it is in the table."""
        if self._count == MOST:
            return False
        self._before[self._count], self._keys[self._count] = branch
        steps = np.arange(_FIRST, self._count + 1)
        keys = self._keys[steps] ^ self._salts[self._before[steps]]
        for multiplier in (self._multiplier, *_MULTIPLIERS):
            slots = _slots(keys, multiplier)
            if len(np.unique(slots)) == len(slots):
                break
        else:
            return False
        if multiplier != self._multiplier:
            self._multiplier, self._table = multiplier, np.zeros_like(self._table)
        self._table[slots] = steps
        return True


def _slots(keys: Words, multiplier: np.uint64) -> Integers:
    return ((keys * multiplier) >> np.uint64(64 - _SLOTS)).view(np.int64)


class Heads:
    """What the heads of lines, up to the colon, say; learned as they come."""

    def __init__(self, wanted: Mapping[str, int], special: tuple[int, ...]) -> None:
        self.wanted = wanted  # attribute in lower case -> its number
        self.special = special  # those that have a spelling of their own, as GUIDs and SIDs have
        # Of each last step what its head says, and the head's length without the colon.
        self.said: Small = np.full(MOST, ODD, dtype=np.int16)
        self.length: Integers = np.zeros(MOST, dtype=np.int64)
        self._steps = _Steps()

    def told(self, text: bytes, words: Words, starts: Integers, ends: Integers) -> Small:
        """For each line the last step of its head, to look up in ``said`` and ``length``."""
        found = np.empty(len(starts), dtype=np.int16)
        for first in range(0, len(starts), _LINES):
            here = starts[first : first + _LINES]
            steps = self._steps.walked(words, here)
            for line in np.flatnonzero(steps == _UNKNOWN).tolist():
                if steps[line] != _UNKNOWN:
                    continue
                steps[line] = self._learned(text[here[line] : ends[first + line]])
                if steps[line] != _ODD:
                    unknown = np.flatnonzero(steps == _UNKNOWN)
                    steps[unknown] = self._steps.walked(words, here[unknown])
            found[first : first + _LINES] = steps
        return found

    def _learned(self, line: bytes) -> int:
        head, colon, _ = line.partition(b":")
        said = self._said(head) if colon and len(head) < LONGEST else ODD
        if said == ODD:
            return _ODD
        step = self._steps.learned(head + colon)
        if step != _ODD:
            self.said[step], self.length[step] = said, len(head)
        return step

    def _said(self, head: bytes) -> int:
        if head.lower() in _STRUCTURE:
            return _STRUCTURE[head.lower()]
        try:
            name, options = ldif.description(head)
        except ValueError:
            return ODD
        if name.lower() == "control" or any(o.lower().partition("=")[0] == "range" for o in options):
            return ODD
        number = self.wanted.get(name.lower())
        if number is None:
            return UNWANTED
        return number if ldif.plain_options(options) else PASSED_OVER - number


def heads(spellings: Mapping[str, str]) -> Heads:
    """The attributes that are read: the wanted ones in their order, then those that tell who an entry is."""
    wanted = numbers_of(spellings)
    return Heads(wanted, tuple(n for name, n in wanted.items() if name in syntaxes.SPECIAL))
