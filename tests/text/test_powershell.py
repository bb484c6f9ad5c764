from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aliasfix.text.powershell import quoted

# PowerShell's tokenizer: each of these opens and closes a text, and two of them in a text stand for the second
# (System.Management.Automation, CharTraits.IsSingleQuote and Tokenizer.ScanStringLiteral).
SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"


def evaluated(source: str) -> str:
    """What PowerShell makes of an argument: a text in single quotes, or a sum of such and of characters."""
    if not source.startswith("("):
        text, rest = scanned(source)
        assert rest == ""
        return text
    assert source.endswith(")")
    text, rest = scanned(source[1:-1])
    units = text.encode("utf-16-be", "surrogatepass")
    while rest:
        assert rest.startswith(" + ")
        rest = rest[3:]
        number = re.match(r"\[char\]0x([0-9A-F]{4})", rest)
        if number:
            units, rest = units + bytes.fromhex(number[1]), rest[number.end() :]
        else:
            text, rest = scanned(rest)
            units += text.encode("utf-16-be", "surrogatepass")
    return units.decode("utf-16-be", "surrogatepass")


def scanned(source: str) -> tuple[str, str]:
    """The text that starts the source, and what follows it."""
    assert source[0] in SINGLE_QUOTES
    text, at = "", 1
    while True:
        if source[at] not in SINGLE_QUOTES:
            text, at = text + source[at], at + 1
        elif source[at + 1 : at + 2] and source[at + 1] in SINGLE_QUOTES:
            text, at = text + source[at + 1], at + 2
        else:
            return text, source[at + 1 :]


@given(st.one_of(st.text(), st.text(SINGLE_QUOTES + '"`$();\r\n\u2028\u201c\x00#a ü\U0001f600')))
@example("'; Remove-Mailbox * #")
@example("\u2019; Remove-Mailbox * #")
def test_no_text_leaves_its_quotes(text: str) -> None:
    assert text == evaluated(quoted(text))
    assert not re.search(r"[\x00-\x1f\x7f-\xa0\u2000-\U0010ffff]", quoted(text))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("", "''"),
        ("O'Neil", "'O''Neil'"),
        ('$(x) `"', "'$(x) `\"'"),
        ("Müller", "'Müller'"),
        ("a\u2019b", "('a' + [char]0x2019 + 'b')"),
        ("\nb", "('' + [char]0x000A + 'b')"),
        ("\U0001f600", "('' + [char]0xD83D + [char]0xDE00)"),
    ],
)
def test_a_text_is_spelled_so(text: str, source: str) -> None:
    assert source == quoted(text)
