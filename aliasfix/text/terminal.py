"""Text from exports on a terminal: nothing in it moves the cursor, changes colours, or turns the writing direction."""

from __future__ import annotations

import unicodedata

# Controls, format characters (bidi marks, zero width), surrogates, private use, unassigned, line and paragraph ends.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def shown(text: str) -> str:
    r"""The text on one line; what a terminal would act on or hide is written as an escape (``\x1b``)."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in _HIDDEN else c for c in text)
