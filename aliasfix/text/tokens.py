"""Names inside longer text: ``user`` in ``/home/user`` and ``smtp:user@site``, but not in ``user2`` or ``user.old``.

A token is a run of letters, digits, ``_``, ``.`` and ``-``, without the ``.`` and ``-`` at its ends. A text mentions a
name where the name stands in it, in any case of the letters, and neither end of the name cuts a token of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import ucd_3_2_0 as unicode_3_2

from aliasfix.text.normalization import is_assigned
from aliasfix.text.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TOKEN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_WORD = frozenset("LMN")  # letters, their marks, numbers


def _lower(character: str) -> str:
    """The lower case where it is one character; none beyond ASCII becomes one of ASCII, as the Kelvin sign would."""
    lower = character.lower()
    plain = len(lower) == 1 and character.isascii() == lower.isascii() and is_assigned(character)
    return lower if plain and is_assigned(lower) else character


def _ascii(character: str) -> str:
    """An ASCII character that is of a word when this one is, by Unicode 3.2."""
    if character.isascii():
        return character
    return "x" if unicode_3_2.category(character)[0] in _WORD else " "


_LOWER = Table(_lower)
_ASCII = Table(_ascii)


def folded(text: str) -> str:
    """The text in lower case, character by character: what stood at a place still stands there."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def spans(text: str) -> list[tuple[int, int]]:
    """Where each token of the text starts and ends."""
    plain = text if text.isascii() else text.translate(_ASCII)
    return [token.span() for token in _TOKEN.finditer(plain)]


@dataclass(frozen=True, slots=True)
class Names:
    """Names to be found in texts; one without any token is in none."""

    _tokens: frozenset[str]  # names that are one token of ASCII, as almost all are
    _by_token: Mapping[str, tuple[tuple[str, int], ...]]  # first token of the others -> names, and where it starts

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        low = {folded(name) for name in names}
        tokens = frozenset(filter(_TOKEN.fullmatch, low))
        found: dict[str, list[tuple[str, int]]] = {}
        for name in sorted(low - tokens):
            for start, end in spans(name)[:1]:
                found.setdefault(name[start:end], []).append((name, start))
        return cls(tokens, {token: tuple(names) for token, names in found.items()})

    def mentioned(self, text: str) -> dict[str, int]:
        """The names that the text mentions, folded, and where each stands first."""
        low = folded(text)
        tokens = spans(low)
        found: dict[str, int] = {}
        for start, end in tokens:
            token = low[start:end]
            if token in self._tokens:
                found.setdefault(token, start)
            for name, before in self._by_token.get(token, ()):
                at = start - before
                if at >= 0 and low.startswith(name, at) and not _cut(tokens, at + len(name)):
                    found.setdefault(name, at)
        return found


def _cut(tokens: list[tuple[int, int]], place: int) -> bool:
    """Whether the place is inside a token."""
    before = bisect_left(tokens, (place,)) - 1
    return before >= 0 and place < tokens[before][1]
