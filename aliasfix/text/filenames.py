"""File names made of any text: none leaves its folder, is a device of Windows, or is another's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aliasfix.text.transliterate import ascii as spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 40  # characters of a text
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")  # whatever the ending (Windows, "Naming files")


def distinct(texts: Sequence[str], word: str, nothing: str, taken: frozenset[str] = frozenset()) -> list[str]:
    """A name without an ending for each text, in lower case, of ASCII letters, digits and hyphens.

    ``word`` stands before what may be no name, as a device or one that is ``taken``; ``nothing`` stands for the empty
    text. Texts that are spelled alike are counted in their order.
    """
    found: dict[str, None] = {}
    for text in texts:
        slug = _slug(text, word, taken) if text else nothing
        name, number = slug, 2
        while name in found:
            name = f"{slug}-{number}"
            number += 1
        found[name] = None
    return list(found)


def _slug(text: str, word: str, taken: frozenset[str]) -> str:
    slug = re.sub("[^a-z0-9]+", "-", spelled(text).lower()).strip("-")[:_LONGEST].strip("-")
    return f"{word}-{slug}".strip("-") if not slug or slug in taken or _DEVICE.fullmatch(slug) else slug
