"""The catalogue of findings: a code, a name and a sentence for each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding."""

    code: str
    name: str
    meaning: str


DUPLICATE = Code("A001", "duplicate", "Two or more entries hold one name: whoever logs on by it is refused.")
FOLDED = Code(
    "A002",
    "duplicate-after-folding",
    "Two or more entries hold names that Active Directory compares as equal (accents, width); nothing enforces it.",
)
LENGTH = Code("A101", "length", "The value is longer than its attribute allows.")
CHARACTERS = Code("A102", "characters", "The value holds characters that its attribute does not allow.")
PERIODS = Code("A103", "periods", "A period stands at either end, or next to another.")
SPACE = Code("A104", "space", "White space stands at either end.")
REFERENCE = Code(
    "A201", "reference", "Another entry names somebody by a name that two or more hold: which one is meant?"
)

ALL = (DUPLICATE, FOLDED, LENGTH, CHARACTERS, PERIODS, SPACE, REFERENCE)
OF_CHECK = {"length": LENGTH, "characters": CHARACTERS, "periods": PERIODS, "space": SPACE}
