"""The key of a value: to a directory two values are the same when their keys are equal.

Keys are made by Unicode 3.2, as RFC 4518 demands. Nothing here depends on the Unicode version of the running Python: a
key made on one machine is the key on every other.
"""

from __future__ import annotations

import re
import stringprep
from typing import TYPE_CHECKING, Literal
from unicodedata import ucd_3_2_0 as unicode_3_2

from aliasfix.text.normalization import is_assigned, normalized
from aliasfix.text.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

Equality = Literal["exact", "rfc4518", "ad"]

# RFC 4518, section 2.2: what is mapped to a space, beside the categories Zs, Zl and Zp.
_SPACES = frozenset("\t\n\v\f\r\x85")

# RFC 4518, section 2.2: what is mapped to nothing, beside category Cc.
_NOTHING = frozenset(
    chr(code)
    for first, last in (
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x1806, 0x1806), (0x180B, 0x180E),
        (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2063), (0x206A, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFC), (0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F),
    )
    for code in range(first, last + 1)
)  # fmt: skip

# Letters that Active Directory takes for others and that no decomposition brings together, each with its source. (That
# ß is ss, KB 938447, RFC 4518 says too. Of Latin Extended-A, Samba found no clash for Ĳ, Ŋ, Œ, Ŧ: they are not here.)
_SAMBA = "Samba, python/samba/tests/ldap_upn_sam_account.py: clashes with an ASCII letter on Windows"
_AD_LETTERS = (
    ("ø", "o", "Samba bug 14847: cifs/example.com is cīfs/ëxamplē.cøm on Windows"),
    ("æ", "ae", "M. S. Kaplan, A&P of Sort Keys, part 5: an EXPANSION in the Windows sorting weight table"),
    ("ð", "d", _SAMBA),
    ("đ", "d", _SAMBA),
    ("ħ", "h", _SAMBA),
    ("\u0131", "i", _SAMBA),
    ("ł", "l", _SAMBA),
)
_AD_LETTER = {letter: plain for letter, plain, _ in _AD_LETTERS}
_KATAKANA_TO_HIRAGANA = 0x60


def fold(value: str, equality: Equality) -> str:
    """The key of a value.

    ``exact``: the value itself.

    ``rfc4518``: caseIgnoreMatch, prepared as RFC 4518 says (mapping, case folding by RFC 3454 table B.2, NFKC, spaces),
    but prohibited and unassigned characters stay as they are. Spaces at the ends go and runs of them count as one.

    ``ad``: as Active Directory compares, [MS-ADTS] 6.5.1 (NORM_IGNORECASE, KANATYPE, NONSPACE, WIDTH; Exchange's NSPI
    too, [MS-OXNSPI] 2.2.1.6): nonspacing marks do not count, katakana is hiragana, and the letters above are plain.

    Folding a key changes nothing. Equal by ``rfc4518`` is equal by ``ad``. Digits fold to themselves: for each base of
    printable ASCII that does not end in a space, ``fold(base + digits) == fold(base) + digits``.
    """
    if equality == "exact":
        return value
    if value.isascii():
        return _prepared(value)
    return _without_marks(_prepared(value)) if equality == "ad" else _prepared(value)


def fold_letters(values: Sequence[str]) -> list[str] | None:
    """The keys by ``rfc4518`` of all the values at once; None where one of them needs more care than its letters."""
    mapped = '"'.join(values).translate(_MAP)
    keys = mapped.split('"')
    if len(keys) != len(values) or not _NORMAL.fullmatch(mapped) or _LOOSE_SPACE.search(mapped):
        return None
    return keys


def _prepared(value: str) -> str:
    if value.isascii() and value.isprintable():
        lower = value.lower()
        return _significant(lower) if " " in lower else lower
    mapped = value.translate(_MAP)
    return _significant(mapped if _NORMAL.fullmatch(mapped) else normalized("NFKC", mapped))


def _without_marks(prepared: str) -> str:
    """Prepared once more, as spaces that carried a mark are now like others."""
    return _prepared(normalized("NFD", prepared).translate(_PLAIN))


def _mapped(character: str) -> str:
    """The character as the steps Map of RFC 4518 (section 2.2) leave it."""
    category = unicode_3_2.category(character)
    if character in _SPACES or category in {"Zs", "Zl", "Zp"}:
        return "" if character in _NOTHING else " "
    return "" if character in _NOTHING or category == "Cc" else _case_folded(character)


def _case_folded(character: str) -> str:
    """RFC 3454, table B.2: lower case, in such a way that NFKC brings no upper case back."""
    lower = _lower(character)
    composed = unicode_3_2.normalize("NFKC", lower)
    again = unicode_3_2.normalize("NFKC", "".join(map(_lower, composed)))
    return lower if again == composed else again


def _lower(character: str) -> str:
    """RFC 3454, table B.3; where it is silent ``stringprep`` asks the running Python, which knows later letters."""
    lower = stringprep.map_table_b3(character)
    return lower if all(map(is_assigned, character + lower)) else character


def _plain(character: str) -> str:
    if unicode_3_2.category(character) == "Mn":
        return ""
    if "ァ" <= character <= "ヶ" or character in "ヽヾ":
        return chr(ord(character) - _KATAKANA_TO_HIRAGANA)
    return _AD_LETTER.get(character, character)


# Small Latin, Greek and Cyrillic letters that NFKC leaves as they are, whatever stands beside them.
_NORMAL = re.compile("[ -~\u00df-\u0131\u0135-\u013e\u0142-\u0148\u014b-\u017e\u03ac-\u03ce\u0430-\u045f]*+")
_LOOSE_SPACE = re.compile('  |(?:\\A|") | (?:"|\\Z)')
_MAP = Table(_mapped)
_PLAIN = Table(_plain)


def _significant(text: str) -> str:
    """No spaces at the ends, one for a run (RFC 4518, 2.6.1); one that carries a combining mark is no space."""
    if "  " not in text and not text.startswith(" ") and not text.endswith(" "):
        return text
    kept: list[str] = []
    space = False
    for character, after in zip(text, text[1:] + "\0", strict=True):
        if character == " " and not unicode_3_2.category(after).startswith("M"):
            space = bool(kept)
            continue
        kept.append(f" {character}" if space else character)
        space = False
    return "".join(kept)
