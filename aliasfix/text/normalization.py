"""Normal forms by Unicode 3.2, the same on every Python and in time linear in the text, whoever wrote it."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Literal
from unicodedata import ucd_3_2_0 as unicode_3_2

Form = Literal["NFC", "NFD", "NFKC"]

_LONG = 200  # characters; a name is shorter


@lru_cache(maxsize=4096)
def is_assigned(character: str) -> bool:
    """Whether Unicode 3.2 has the character."""
    return unicode_3_2.category(character) != "Cn"


def normalized(form: Form, text: str) -> str:
    """The text in a normal form.

    Even ``ucd_3_2_0`` orders and composes the characters that came later by the tables of the running Python; so these
    are left as they are, and nothing is moved across them.
    """
    if all(map(is_assigned, text)):
        return _of_assigned(form, text)
    runs = ((assigned, "".join(run)) for assigned, run in groupby(text, is_assigned))
    return "".join(_of_assigned(form, run) if assigned else run for assigned, run in runs)


def _of_assigned(form: Form, text: str) -> str:
    return unicode_3_2.normalize(form, text if len(text) <= _LONG else _decomposed(form, text))


def _decomposed(form: Form, text: str) -> str:
    """In canonical order already: Python takes quadratic time to put many marks behind one letter in order."""
    pieces: Literal["NFD", "NFKD"] = "NFKD" if form == "NFKC" else "NFD"
    decomposed = "".join([unicode_3_2.normalize(pieces, character) for character in text])
    runs = groupby(decomposed, lambda character: unicode_3_2.combining(character) != 0)
    return "".join("".join(sorted(run, key=unicode_3_2.combining)) if marks else "".join(run) for marks, run in runs)
