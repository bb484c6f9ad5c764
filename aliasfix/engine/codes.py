"""The catalogue of findings: a code, a name and a sentence for each."""

from __future__ import annotations

from dataclasses import dataclass

from aliasfix.text.catalogue import RULES


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
MATCHED = Code(
    "A003",
    "name-matching",
    "Another alias or surname begins with this alias: Outlook Web Access 5.5 finds both people and opens neither.",
)
ACROSS = Code(
    "A004",
    "clash-across-attributes",
    "Two entries hold one name in different attributes: whoever looks it up in both finds two.",
)
REFERENCE = Code(
    "A201", "reference", "Another entry names somebody by a name that two or more hold: which one is meant?"
)
OF_CHECK = {name: Code(rule.code, name, rule.meaning) for name, rule in RULES.items()}

ALL = tuple(sorted((DUPLICATE, FOLDED, MATCHED, ACROSS, REFERENCE, *OF_CHECK.values()), key=lambda code: code.code))
