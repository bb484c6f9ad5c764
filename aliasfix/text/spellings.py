"""How letters beyond ASCII are spelled: tables by name, in small letters; what a table lacks anyascii spells."""

from __future__ import annotations

import re

# DIN 5007-2 and German passports; å and ø as in Denmark and Norway, where they stood so before 1917 and 1948.
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"}

# The marks dropped, as names are typed in Sweden, Finland, Turkey, Hungary; CLDR, Latin-ASCII.
_PLAIN = {"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "å": "a", "ø": "o", "æ": "ae", "œ": "oe"}

# Greek by sound: ELOT 743 (ISO 843 type 2), as in Greek passports. What is not here is one letter there too.
_GREEK = {"θ": "th", "χ": "ch", "ψ": "ps"}

# Russian: BGN/PCGN 1947, but nothing that reads ye for the letter that reads e; and two letters of Ukrainian (1965).
_RUSSIAN = {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "є": "ye", "ї": "yi",
}  # fmt: skip

# Machine readable travel documents: ICAO Doc 9303-3, section 6, tables A (Latin) and B (Cyrillic, the general column).
_ICAO = {
    **_GERMAN, "þ": "th", "ĳ": "ij",
    "ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ю": "iu", "я": "ia",
    "є": "ie", "ї": "i", "љ": "lj", "њ": "nj", "џ": "dz", "ѕ": "dz", "ў": "u",
}  # fmt: skip

# Ukrainian: Cabinet of Ministers, resolution 55 of 2010, as in Ukrainian passports.
_UKRAINIAN = {
    **_GERMAN, "г": "h", "ґ": "g", "и": "y", "й": "i", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ю": "iu", "я": "ia", "є": "ie", "ї": "i",
}  # fmt: skip

# Bulgarian: Transliteration Act of 2009, articles 3 and 4.
_BULGARIAN = {
    **_GERMAN, "ж": "zh", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu",
    "я": "ya",
}  # fmt: skip

TABLES = {
    "german": {**_RUSSIAN, **_GREEK, **_GERMAN},
    "plain": {**_RUSSIAN, **_GREEK, **_PLAIN},
    "icao": {**_GREEK, **_ICAO},
    "ukrainian": {**_GREEK, **_UKRAINIAN},
    "bulgarian": {**_GREEK, **_BULGARIAN},
}

_VOICED = "αάεέηήιίϊΐοόυύϋΰωώβγδζλμνρ"
_IN_GREEK = "[\u0370-\u03ff]"
_IN_CYRILLIC = "[\u0400-\u04ff]"

# Two letters that are one sound (ELOT 743): before a vowel or a voiced consonant av, else af. An accent on the first of
# them, or a diaeresis on the second, keeps them apart.
_GREEK_PAIRS = (
    ("ο[υύ]", "ou"),
    (f"α[υύ](?=[{_VOICED}])", "av"),
    ("α[υύ]", "af"),
    (f"ε[υύ](?=[{_VOICED}])", "ev"),
    ("ε[υύ]", "ef"),
    (f"η[υύ](?=[{_VOICED}])", "iv"),
    ("η[υύ]", "if"),
    ("γγ", "ng"),
    ("γξ", "nx"),
    ("γχ", "nch"),
    (f"(?<!{_IN_GREEK})μπ|μπ(?!{_IN_GREEK})", "b"),
)
# Resolution 55: some letters are others at the start of a word, and one pair would be read as another letter.
_UKRAINIAN_PAIRS = (
    *((f"(?<!{_IN_CYRILLIC}){c}", s) for c, s in (("є", "ye"), ("ї", "yi"), ("й", "y"), ("ю", "yu"), ("я", "ya"))),
    ("зг", "zgh"),
)
# Article 4: the end of a word.
_BULGARIAN_PAIRS = ((f"ия(?!{_IN_CYRILLIC})", "ia"),)

_ALSO = {"ukrainian": _UKRAINIAN_PAIRS, "bulgarian": _BULGARIAN_PAIRS}
# Of each table what is looked for before its single letters, in this order.
PAIRS = {
    table: tuple((re.compile(p, re.IGNORECASE), spelled) for p, spelled in (*_GREEK_PAIRS, *_ALSO.get(table, ())))
    for table in TABLES
}
