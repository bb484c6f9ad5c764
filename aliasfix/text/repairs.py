"""Repairs: a value as it would be without one fault; ``""`` where no repair can be told.

Letters are spelled in ASCII where they may not stay, never deleted; nothing is made up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import ucd_3_2_0 as unicode_3_2

from aliasfix.text import addresses, damage
from aliasfix.text.patterns import character_class
from aliasfix.text.terms import prefix
from aliasfix.text.transliterate import DEFAULT
from aliasfix.text.transliterate import ascii as spelled

if TYPE_CHECKING:
    from aliasfix.text.terms import Unit

_PERIODS = re.compile(r"\.{2,}")
_WORD = re.compile("[A-Za-z\x80-\U0010ffff]+")
_SPACE = re.compile(r"\s")


def trimmed(value: str) -> str:
    """Without white space at the ends."""
    return value.strip()


def undoubled(value: str) -> str:
    """Read in UTF-8, as it was meant."""
    return damage.decoded(value)


def shortened(value: str, maximum: int, unit: Unit) -> str:
    """Cut at the end, between two characters; an address loses the end of its local part, not of its domain.

    An X.400 or X.500 address has no end that could go.
    """
    kind = prefix(value)
    local, at, domain = value.rpartition("@")
    if not at or _SPACE.search(value):
        return "" if kind.lower() not in ("", "smtp:") else _cut(value, maximum, unit)
    rest = at + domain
    head = kind if kind.lower() == "smtp:" else ""
    short = _cut(local, maximum - len(rest if unit == "characters" else rest.encode()), unit)
    return short + rest if len(short) > len(head) else ""


def _cut(text: str, room: int, unit: Unit) -> str:
    """At most so much of the text, no letter without its marks, and no white space at the end."""
    if room <= 0:
        return ""
    end = room if unit == "characters" else len(text.encode()[:room].decode(errors="ignore"))
    while 0 < end < len(text) and unicode_3_2.combining(text[end]):
        end -= 1
    return text[:end].rstrip()


def permitted(value: str, allowed: str, table: str = DEFAULT) -> str:
    """In ASCII what may not stay as it is, and without what may not stay even so.

    ``allowed``: inside of a class; ``table``: of letters beyond ASCII.
    """
    good = character_class(allowed)

    def word(found: re.Match[str]) -> str:
        text = found[0]
        return text if not good.sub("", text) else spelled(text, table)

    return "".join(good.findall(_WORD.sub(word, value)))


def between(value: str) -> str:
    """With no period but single ones between two other characters."""
    return _PERIODS.sub(".", value.strip("."))


def one_at(value: str) -> str:
    """With the last @ only."""
    local, _at, domain = value.rpartition("@")
    local = local.replace("@", "")
    return f"{local}@{domain}" if local and domain else ""


def dot_atom(value: str, table: str = DEFAULT) -> str:
    """With a local part in ASCII, of the characters of a dot-atom."""
    local, at, domain = value.rpartition("@")
    local = between(permitted(local.replace("@", ""), f"{addresses.ATOM}.", table))
    return local + at + domain if local else ""


def domain_name(value: str) -> str:
    """With a domain as the DNS has it: ``xn--…`` for letters beyond ASCII, else letters, digits and hyphens only."""
    local, at, domain = value.rpartition("@")
    labels = [addresses.in_ascii(label) if not label.isascii() else label for label in domain.split(".")]
    if not all(map(str.isascii, labels)):
        return ""
    good = character_class(addresses.LDH)
    kept = ["".join(good.findall(label)).strip("-") for label in labels]
    mended = f"{local}{at}{'.'.join(filter(None, kept))}"
    return "" if addresses.wrong_domain(mended) or mended.endswith("@") else mended
