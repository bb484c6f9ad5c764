"""The heads of LDIF lines: which attribute each line of a block is of, told for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.importer import syntaxes
from aliasfix.importer.parts import numbers_of
from aliasfix.ldap import ldif

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Words = NDArray[np.uint64]

UNKNOWN, ODD, UNWANTED, DN, CHANGETYPE = -5, -4, -3, -2, -1  # what a line's head says; from 0 on: an attribute
PASSED_OVER = -10  # less the attribute's number: a value of it with an option, as ;lang-de
LONGEST = 256  # octets of a head; a record with a longer one is read with care
MOST = 256  # different heads that are told apart; a record with a further one is read with care


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

    def among(self, words: Words, starts: Integers, first: Words) -> Integers:
        """Which of these places it stands at; ``first`` are the words there."""
        case, counts, key = self.words[0]
        at = np.flatnonzero((first | case) & counts == key)
        for step, (case, counts, key) in enumerate(self.words[1:], 1):
            at = at[(words[starts[at] + 8 * step] | case) & counts == key]
        return at


@dataclass(frozen=True, slots=True)
class Head:
    """An attribute description with its colon, and what it says."""

    octets: Octets
    length: int  # without the colon
    said: int


def _word(octets: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(octets, "little"))


@dataclass(slots=True)
class Heads:
    """What the heads of lines, up to the colon, say; learned as they come."""

    wanted: Mapping[str, int]  # attribute in lower case -> its number
    special: tuple[int, ...]  # those that have a spelling of their own, as GUIDs and SIDs have
    _known: list[Head] = field(default_factory=list)

    def told(self, text: bytes, words: Words, starts: Integers, ends: Integers) -> tuple[Integers, Integers]:
        """For each line what its head says, and the length of the head."""
        code = np.full(len(starts), UNKNOWN, dtype=np.int64)
        length = np.zeros(len(starts), dtype=np.int64)
        first = words[starts]
        for head in self._known:
            at = head.octets.among(words, starts, first)
            code[at], length[at] = head.said, head.length
        for line in np.flatnonzero(code == UNKNOWN).tolist():
            if code[line] != UNKNOWN:
                continue
            spelled, colon, _ = text[starts[line] : ends[line]].partition(b":")
            said = self._said(spelled) if colon and len(spelled) < LONGEST else ODD
            if said == ODD or len(self._known) == MOST:
                code[line] = ODD
                continue
            head = Head(Octets.of(spelled + b":"), len(spelled), said)
            self._known.append(head)
            at = head.octets.among(words, starts, first)
            code[at], length[at] = said, head.length
        return code, length

    def _said(self, head: bytes) -> int:
        if head.lower() == b"changetype":
            return CHANGETYPE
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
