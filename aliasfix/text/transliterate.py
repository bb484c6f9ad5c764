"""The ASCII spelling of a name, for proposals only; keys come from ``equality``.

What a house writes for a letter is no law: a ruleset chooses a table of ``spellings``. Letters that it does not
have are spelled as anyascii has them. No Python version changes a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from unicodedata import ucd_3_2_0 as unicode_3_2

from anyascii import anyascii

from aliasfix.text.normalization import normalized
from aliasfix.text.spellings import PAIRS, TABLES

DEFAULT = "german"

# Apostrophes, primes, modifier letters and the accents typed in their stead: O'Brien is obrien to everybody.
_APOSTROPHE_CHARACTERS = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u055a\u05f3\u2018\u2019\u201b\u2032\ua78c\uff07\uff40"
)
_APOSTROPHES = dict.fromkeys(map(ord, _APOSTROPHE_CHARACTERS))

# Blocks that have grown since Unicode 3.2: currency signs; arrows to arrows; mahjong tiles to legacy computing (emoji).
_SYMBOL_BLOCKS = re.compile("[\u20a0-\u20cf\u2190-\u2bff\U0001f000-\U0001fbff]")


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A table with its capitals, and what finds its letters."""

    letters: dict[str, str]
    pattern: re.Pattern[str]


@lru_cache(maxsize=len(TABLES))
def _compiled(table: str) -> _Compiled:
    letters = dict(TABLES[table])
    letters |= {small.upper(): spelled.capitalize() for small, spelled in letters.items() if small != "ß"}
    letters["ẞ"] = letters["ß"].capitalize()
    return _Compiled(letters, re.compile(f"[{''.join(letters)}]"))


def ascii(value: str, table: str = DEFAULT) -> str:  # noqa: A001 - read as transliterate.ascii
    """The value in ASCII: letters as the table has them, else as anyascii has; apostrophes and symbols left out."""
    if value.isascii():
        return value.replace("'", "").replace("`", "")
    composed = normalized("NFC", value).translate(_APOSTROPHES)
    text = "".join(c for c in composed if c.isascii() or not _is_symbol(c))
    for pair, spelled in PAIRS[table]:
        text = pair.sub(partial(_cased, spelled=spelled), text)
    compiled = _compiled(table)
    text = compiled.pattern.sub(lambda found: _cased(found, compiled.letters[found[0]]), text)
    return anyascii(text).translate(_APOSTROPHES)


def _is_symbol(character: str) -> bool:
    return unicode_3_2.category(character).startswith("S") or bool(_SYMBOL_BLOCKS.match(character))


def _cased(found: re.Match[str], spelled: str) -> str:
    """``Ä`` as ``Ae``, but as ``AE`` in a word of capitals."""
    text, start, end = found.string, found.start(), found.end()
    if text[start] == text[start].lower():
        return spelled.lower()
    after, before = _category(text[end : end + 1]), _category(text[max(start - 1, 0) : start])
    capitals = (after if after.startswith("L") else before) == "Lu"
    return spelled.upper() if capitals else spelled.capitalize()


def _category(character: str) -> str:
    return unicode_3_2.category(character) if character else ""
