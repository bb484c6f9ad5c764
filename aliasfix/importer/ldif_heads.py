"""The heads of LDIF lines: which attribute each line of a block is of, told for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
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
MOST = 256  # different heads that are told apart; a record with a further one is read with care
_UNKNOWN, _ODD = 0, 1  # numbers of no head
_FIRST = 2
_CASE_OF_TWO = 0x2020
_STRUCTURE = {b"dn": DN, b"changetype": CHANGETYPE}


@dataclass(frozen=True, slots=True)
class Octets:
    """A text, eight octets at a time, in a form that matches it in any case of its letters, and nothing else."""

    words: tuple[
        tuple[np.uint64, np.uint64, np.uint64], ...
    ]  # the case bits of letters, the octets that count, the text

    @classmethod
    def of(cls, text: bytes) -> Octets:
        words = []
        for at in range(0, len(text), 8):
            part = text[at : at + 8].lower()
            letters = bytes(0x20 if chr(c).isalpha() else 0 for c in part)
            words.append((_word(letters), _word(b"\xff" * len(part)), _word(part)))
        return cls(tuple(words))

    def among(self, words: Words, starts: Integers) -> Integers:
        """Which of these places it stands at."""
        case, counts, key = self.words[0]
        at = np.flatnonzero((words[starts] | case) & counts == key)
        for step, (case, counts, key) in enumerate(self.words[1:], 1):
            at = at[(words[starts[at] + 8 * step] | case) & counts == key]
        return at


def _word(octets: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(octets, "little"))


class Heads:
    """What the heads of lines, up to the colon, say; learned as they come."""

    def __init__(self, wanted: Mapping[str, int], special: tuple[int, ...]) -> None:
        self.wanted = wanted  # attribute in lower case -> its number
        self.special = special  # those that have a spelling of their own, as GUIDs and SIDs have
        # Of each head what it says, and its length without the colon; the first two are one not known, and an odd one.
        self.said: Small = np.full(MOST, ODD, dtype=np.int16)
        self.length: Integers = np.zeros(MOST, dtype=np.int64)
        self._count = _FIRST
        self._alike: list[list[tuple[int, Octets]]] = [[]]  # heads by their first two octets, in any case
        self._by_two = np.zeros(1 << 16, dtype=np.int16)  # two octets -> place in _alike

    def told(self, text: bytes, words: Words, starts: Integers, ends: Integers) -> Small:
        """For each line the number of its head, to look up in ``said`` and ``length``."""
        pairs: NDArray[np.uint16] = np.ndarray((len(text) - 1,), "<u2", text, strides=(1,))
        alike = self._by_two[pairs[starts] | _CASE_OF_TWO]
        found = np.zeros(len(starts), dtype=np.int16)
        for place in np.flatnonzero(np.bincount(alike)).tolist():
            rows = np.flatnonzero(alike == place)
            start = starts[rows]
            for number, octets in self._alike[place]:
                found[rows[octets.among(words, start)]] = number
        for line in np.flatnonzero(found == _UNKNOWN).tolist():
            if found[line] != _UNKNOWN:
                continue
            spelled, colon, _ = text[starts[line] : ends[line]].partition(b":")
            said = self._said(spelled) if colon and len(spelled) < LONGEST else ODD
            if said == ODD or self._count == MOST:
                found[line] = _ODD
            else:
                number, octets = self._learn(spelled, said)
                found[octets.among(words, starts)] = number
        return found

    def _learn(self, spelled: bytes, said: int) -> tuple[int, Octets]:
        number, octets = self._count, Octets.of(spelled + b":")
        two = int.from_bytes((spelled + b":")[:2], "little") | _CASE_OF_TWO
        if not self._by_two[two]:
            self._by_two[two] = len(self._alike)
            self._alike.append([])
        self._alike[self._by_two[two]].append((number, octets))
        self.said[number], self.length[number] = said, len(spelled)
        self._count += 1
        return number, octets

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
