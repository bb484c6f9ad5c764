"""What the page knows of taken names is what Python knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import ucd_3_2_0 as unicode_3_2

import pytest

from aliasfix import columns
from aliasfix.plan import Plan
from aliasfix.review import bloom
from aliasfix.review.page import Beside, write
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from pathlib import Path

    from aliasfix.ruleset import Equality

# Five that Unicode 3.2 decomposed wrongly (Corrigendum #4): no browser knows that any more.
CORRECTED = set("\U0002f868\U0002f874\U0002f91f\U0002f95f\U0002f9bf")
NAMES = [
    "Müller", "STRASSE", "straße", "  two  spaces ", "a \u0301b", "İstanbul", "\u0131I", "ﬁn", "Ωmega Σίσυφος",
    "\uff46\uff55\uff4c\uff4c", "カタカナ ガ", "soft\xadhyphen", "x\u200by", "tab\tnew\nline\x00", "Å\u030a", "ǅ",
    "№ ½ ㎏", "é", "e\u0301\u0323", "", "Łódź øre æ", "\u0301", " \u0301a",
]  # fmt: skip


@pytest.fixture(name="page")
def empty_page(tmp_path: Path) -> Path:
    path = tmp_path / "review.html"
    path.write_bytes(write(Plan((), "openldap", "", (), 0), Beside()))
    return path


@pytest.mark.parametrize("equality", ["exact", "rfc4518", "ad"])
def test_keys_are_those_of_python(browser: Any, page: Path, equality: Equality) -> None:
    known = [chr(code) for code in range(0x110000) if unicode_3_2.category(chr(code)) not in ("Cn", "Cs", "Co")]
    values = [*NAMES, *(c for c in known if c not in CORRECTED), *(f"a {c}b" for c in known if c < "\u3400")]
    browser.open(page)

    keys = browser.run("return arguments[0].map((value) => fold(value, arguments[1]))", values, equality)
    assert [] == [
        (value, fold(value, equality), key)
        for value, key in zip(values, keys, strict=True)
        if fold(value, equality) != key
    ]


def test_every_taken_key_is_found_and_hardly_another(browser: Any, page: Path) -> None:
    held = [*(f"user{n}" for n in range(20_000)), "müller", "日本", "", "x" * 1000]
    free = [f"free{n}" for n in range(20_000)]
    browser.open(page)

    asked = (
        "const set = {bits: arguments[0], size: arguments[1]};"
        "return arguments[2].filter((key) => isHeld(key, set)).length"
    )
    packed = bloom.packed(columns.strings(held))
    found = browser.run(asked, packed["bits"], packed["size"], held)
    mistaken = browser.run(asked, packed["bits"], packed["size"], free)
    assert (len(held), True) == (found, mistaken <= 20)


def test_nothing_is_held_where_nobody_holds_anything(browser: Any, page: Path) -> None:
    packed = bloom.packed(columns.strings([]))
    browser.open(page)

    asked = "return isHeld('a', {bits: arguments[0], size: arguments[1]})"
    assert browser.run(asked, packed["bits"], packed["size"]) is False
