"""Checks of one text: characters, periods, length, names; each returns what is wrong, as the end of a sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import ucd_3_2_0 as unicode_3_2

if TYPE_CHECKING:
    from aliasfix.text.terms import Unit

_ESCAPE = re.compile(r"\\(?:u(?P<u>[0-9A-Fa-f]{4})|x(?P<x>[0-9A-Fa-f]{2})|(?P<itself>[^0-9A-Za-z]))", re.DOTALL)
_SHOWN = 5


@lru_cache(maxsize=256)
def character_class(inside: str) -> re.Pattern[str]:
    r"""The pattern that matches one character of ``[inside]``.

    ``inside`` has characters and ranges (``a-z``), a leading ``^`` to turn it round, and the escapes ``\\uXXXX``,
    ``\\xXX`` and backslash before punctuation. It is read here and not by ``re``, so that it can be nothing but one
    class, whatever it holds, and means the same on every Python.

    Raises:
        ValueError: it is empty, an escape is unknown, a range runs backwards, or ``]`` stands without a backslash.

    """
    negated = inside.startswith("^")
    ranges = _ranges(inside, at=int(negated))
    if not ranges:
        raise ValueError(f'"{inside}" has no characters')
    body = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)
    return re.compile(f"[{'^' * negated}{body}]")


@lru_cache(maxsize=256)
def re2_class(inside: str) -> str:
    """The same class as RE2 spells it.

    Raises:
        ValueError: as ``character_class``.

    """
    negated = inside.startswith("^")
    body = "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in _ranges(inside, at=int(negated)))
    return f"[{'^' * negated}{body}]"


def refuse_beyond_ascii(inside: str) -> None:
    """Raise ValueError unless ``[inside]`` has nothing but printable ASCII."""
    character_class(inside)
    if inside.startswith("^") or any(low < ord(" ") or high > ord("~") for low, high in _ranges(inside, at=0)):
        raise ValueError(f'"{inside}" has characters beyond printable ASCII, and new names have none')


def allowed_class(allowed: str, forbidden: str) -> str:
    """The inside of the class of what is allowed, of which one of the two is given."""
    return allowed or (forbidden[1:] if forbidden.startswith("^") else f"^{forbidden}")


def _ranges(inside: str, at: int) -> list[tuple[int, int]]:
    """The first and last code points of what stands from this place on."""
    ranges = []
    while at < len(inside):
        low, at = _character(inside, at)
        high = low
        if inside[at : at + 1] == "-" and at + 1 < len(inside):
            high, at = _character(inside, at + 1)
            if high < low:
                raise ValueError(f'"{inside}" has a range that runs backwards: {chr(low)}-{chr(high)}')
        ranges.append((low, high))
    return ranges


def _character(inside: str, at: int) -> tuple[int, int]:
    """The code point that is written at this place, and the place after it."""
    if inside[at] == "]":
        raise ValueError(f'"{inside}" closes the class at character {at + 1}; a bracket is written \\]')
    if inside[at] != "\\":
        return ord(inside[at]), at + 1
    escape = _ESCAPE.match(inside, at)
    if escape is None:
        raise ValueError(
            f'"{inside}" has an unknown escape at character {at + 1}; '
            "known are \\uXXXX, \\xXX and a backslash before punctuation"
        )
    hexadecimal = escape["u"] or escape["x"]
    return (int(hexadecimal, 16) if hexadecimal else ord(escape["itself"])), escape.end()


def too_long(value: str, maximum: int, unit: Unit = "characters") -> str:
    """Not empty when the value has more than ``maximum`` characters, or octets in UTF-8."""
    size = len(value) if unit == "characters" else len(value.encode())
    return f"it is {size} {unit} long, at most {maximum} are allowed" if size > maximum else ""


def forbidden_characters(value: str, allowed: str) -> str:
    """Not empty when a character of the value is not in the class ``[allowed]``; names the first few.

    Raises:
        ValueError: ``allowed`` is no character class.

    """
    found = tuple(dict.fromkeys(character_class(allowed).sub("", value)))
    if not found:
        return ""
    names = ", ".join(_name(c) for c in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"it has characters that are not allowed: {names}{more}"


def _name(character: str) -> str:
    """How a character is told to a person, on one line whatever it is."""
    if character == " ":
        return "space"
    if "!" <= character <= "~":
        return f'"{character}"' if character != '"' else "'\"'"
    code = f"U+{ord(character):04X}"
    return f'"{character}" ({code})' if unicode_3_2.category(character).startswith("L") else code


def misplaced_periods(value: str) -> str:
    """Not empty unless every period stands between two other characters (RFC 5322 section 3.2.3, dot-atom)."""
    places = (
        ("begins with a period", value.startswith(".")),
        ("ends with a period", value.endswith(".") and value != "."),
        ("has two periods in a row", ".." in value),
    )
    wrong = [place for place, there in places if there]
    return f"it {' and '.join(wrong)}" if wrong else ""


def edge_space(value: str) -> str:
    """Not empty when the value begins or ends with white space, visible or not."""
    places = (
        ("begins with white space", value[:1].isspace()),
        ("ends with white space", value[-1:].isspace() and bool(value.strip())),
    )
    wrong = [place for place, there in places if there]
    return f"it {' and '.join(wrong)}" if wrong else ""


def blank(value: str) -> str:
    """Not empty when the value is empty or nothing but white space."""
    if value.strip():
        return ""
    return "it is nothing but white space" if value else "it is empty"


def reserved_name(value: str, names: tuple[str, ...]) -> str:
    """Not empty when the value is one of the names; the case of ASCII letters does not count."""
    return "the name is reserved" if _lowered(value) in _all_lowered(names) else ""


@lru_cache(maxsize=64)
def _all_lowered(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_lowered, names))


def _lowered(name: str) -> str:
    return name.lower() if name.isascii() else name


def in_any_case(name: str) -> str:
    """The RE2 pattern of the name, in any case where it is ASCII."""
    if not name.isascii():
        return "".join(rf"\x{{{ord(c):x}}}" for c in name)
    return "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else rf"\x{{{ord(c):x}}}" for c in name)


def primary(value: str) -> str:
    """Not empty for an address that Exchange takes for the primary one, of which an entry has one."""
    return "it is not the only primary address (SMTP: in capitals) of the entry" if value.startswith("SMTP:") else ""
