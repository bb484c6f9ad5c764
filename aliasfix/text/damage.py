"""Damaged text: UTF-8 that was read as something else, and letters that an export could not write."""

from __future__ import annotations

import re

_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_DEEPEST = 4  # times that a text goes through the wrong code page: more were never seen


def decoded(value: str) -> str:
    """The text that the value probably was: ``Müller`` for ``MÃ¼ller``; the value itself where nothing shows that.

    Letters beyond ASCII that are, in Windows code page 1252 (or in 850 as box drawings), the octets of UTF-8.
    """
    for _ in range(_DEEPEST):
        better = _BEYOND_ASCII.sub(lambda run: _read_again(run[0]), value)
        if better == value:
            break
        value = better
    return value


def double_encoded(value: str) -> str:
    """Not empty when letters of the value are UTF-8 that was read in another code page."""
    text = decoded(value)
    return f'it is UTF-8 that was read as another code page; it probably was "{text}"' if text != value else ""


def lost_letters(value: str) -> str:
    """Not empty when a letter may have become ``?``, as PowerShell 5.1 writes what ASCII has not, or U+FFFD."""
    if "\ufffd" in value:
        return "it has a replacement character (U+FFFD): a letter was lost"
    return "it has a question mark: the export may have lost a letter" if "?" in value else ""


def _read_again(run: str) -> str:
    """The run in UTF-8, where it is that and shows something."""
    octets = _octets(run)
    if not octets:
        return run
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        return run
    return text if text.isprintable() else run


def _octets(run: str) -> bytes:
    if run[0] in "\u251c\u252c":  # what code page 850 shows for C3 and C2, which every letter of Latin-1 begins with
        try:
            return run.encode("cp850")
        except UnicodeEncodeError:
            return b""
    octets = bytearray()
    for character in run:
        try:
            octets += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 0xFF:  # noqa: PLR2004 - code page 1252 leaves five octets to Latin-1
                return b""
            octets.append(ord(character))
    return bytes(octets)
