"""The ASCII spelling of a name, for proposals only; keys come from ``equality``."""

from __future__ import annotations

import re
from unicodedata import ucd_3_2_0 as unicode_3_2

from anyascii import anyascii

from aliasfix.text.normalization import normalized

# What people write when they have no such key (DIN 5007-2 and Danish, Norwegian practice); anyascii drops the marks.
_SPELLED = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe",
    "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "Ss", "Å": "Aa", "Ø": "Oe", "Æ": "Ae", "Œ": "Oe",
}  # fmt: skip
_SPELLED_CHARACTER = re.compile(f"[{''.join(_SPELLED)}]")

# Apostrophes, primes, modifier letters and the accents typed in their stead: O'Brien is obrien to everybody.
_APOSTROPHE_CHARACTERS = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u055a\u05f3\u2018\u2019\u201b\u2032\ua78c\uff07\uff40"
)
_APOSTROPHES = dict.fromkeys(map(ord, _APOSTROPHE_CHARACTERS))

# Blocks that have grown since Unicode 3.2: currency signs; arrows to arrows; mahjong tiles to legacy computing (emoji).
_SYMBOL_BLOCKS = re.compile("[\u20a0-\u20cf\u2190-\u2bff\U0001f000-\U0001fbff]")


def ascii(value: str) -> str:  # noqa: A001 - read as transliterate.ascii
    """The value in ASCII: ``ä`` as ``ae``, other letters as anyascii has them, apostrophes and symbols left out."""
    if value.isascii():
        return value.replace("'", "").replace("`", "")
    composed = normalized("NFC", value).translate(_APOSTROPHES)
    letters = "".join(c for c in composed if c.isascii() or not _is_symbol(c))
    return anyascii(_SPELLED_CHARACTER.sub(_spell, letters)).translate(_APOSTROPHES)


def _is_symbol(character: str) -> bool:
    return unicode_3_2.category(character).startswith("S") or bool(_SYMBOL_BLOCKS.match(character))


def _spell(found: re.Match[str]) -> str:
    """``Ä`` as ``Ae``, but as ``AE`` in a word of capitals."""
    text, start, end = found.string, found.start(), found.end()
    after, before = _category(text[end : end + 1]), _category(text[max(start - 1, 0) : start])
    capitals = (after if after.startswith("L") else before) == "Lu"
    spelled = _SPELLED[found[0]]
    return spelled.upper() if capitals and spelled[0].isupper() else spelled


def _category(character: str) -> str:
    return unicode_3_2.category(character) if character else ""
