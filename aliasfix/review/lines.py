"""Values, sentences and lines as a terminal shows them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

SYMBOLS = {  # by role
    "rename": "  ~ RENAME  ",
    "keep": "  = KEEP    ",
    "repair": "  + REPAIR  ",
    "decide": "  ? DECIDE  ",
    "blocked": "  ! BLOCKED ",
}
BELOW = " " * 12
_LONGEST = 400  # characters of one value or sentence; the plan file has them whole


def value(text: str) -> str:
    """A value as a word: in quotation marks where it could be taken for more than one, or for none."""
    told = brief(text)
    return told if told and " " not in told and '"' not in told else f'"{told}"'


def brief(text: str) -> str:
    """The text on one line, cut where it is so long that nobody would read it."""
    told = shown(text)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}... ({len(told)} characters)"


def fit(lead: str, text: str, width: int, below: str = "") -> Iterator[str]:
    """The text after ``lead``, cut between words where it is wider than the terminal.

    A word that is wider than that, as most DNs are, stays whole: it is to be copied.
    """
    if not width:
        yield lead + text
        return
    below = below or " " * len(lead)
    yield from textwrap.wrap(
        text, max(width, 40), initial_indent=lead, subsequent_indent=below,
        break_long_words=False, break_on_hyphens=False, replace_whitespace=False, expand_tabs=False,
    )  # fmt: skip
