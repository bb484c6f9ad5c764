"""What a column is cleared of in one go has nothing wrong, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from aliasfix.engine import checks
from aliasfix.ruleset import Check
from aliasfix.text import catalogue

if TYPE_CHECKING:
    from types import ModuleType

_PIECES = (
    *("a", "B", "é", "ß", "\u0308", "Ã¼", "\u017f", "\u212a", "\x00", "\n", "\u00a0", "\u2028", "\U0001f600"),
    *(
        "SMTP:",
        "smtp:",
        "\u017fmtp:",
        "X400:",
        "x.500:",
        ":",
        "@",
        "@@",
        ".",
        "..",
        "-",
        "_",
        "?",
        "\ufffd",
        " ",
        '"',
        "'",
    ),
    *("example.org", "lab.local", "xn--p1ai", "org", "COM", "de", "root", "ROOT", "abcdefgh" * 8),
)
_values = st.lists(st.sampled_from(_PIECES) | st.characters(codec="utf-8"), max_size=7).map("".join)
_KEYS: dict[str, Any] = {
    "max": st.integers(1, 20),
    "unit": st.sampled_from(("characters", "octets")),
    "allowed": st.sampled_from(("A-Za-z0-9._-", '^ ,"', "a-z\\u00a1-\\u00ff", "\\u0000-\\uffff")),
    "forbidden": st.sampled_from((" ,", "^a-z", '\\[\\]"\\u0009-\\u000d')),
    "names": st.lists(st.sampled_from(("root", "org", "a", "kelvin", "é", "a.b")), min_size=1, max_size=3, unique=True),
}
_PREFIXES = st.lists(st.sampled_from(("smtp", "x400", "x.500", "")), max_size=2, unique=True)


@st.composite
def _checks(draw: st.DrawFn) -> Check:
    name = draw(st.sampled_from(sorted(catalogue.RULES)))
    rule = catalogue.RULES[name]
    keys = {
        key for key in (*rule.one_of, *rule.takes) if key in _KEYS and (key in ("max", "names") or draw(st.booleans()))
    }
    if name == "characters":
        keys = {draw(st.sampled_from(("allowed", "forbidden")))}
    return Check.model_validate(
        {
            "attribute": "mail",
            "check": name,
            "prefixes": draw(_PREFIXES),
            "not_prefixes": draw(_PREFIXES),
            "part": draw(st.sampled_from(("whole", "whole", "local", "domain"))),
            **{key: draw(_KEYS[key]) for key in sorted(keys)},
        }
    )


@given(check=_checks(), values=st.lists(_values, max_size=12))
def test_a_sieve_lets_nothing_wrong_through(check: Check, values: list[str], strategies: ModuleType) -> None:
    entries = tuple(
        {"dn": f"cn={number}", "label": "", "attributes": {"mail": [value]}} for number, value in enumerate(values)
    )
    wrong = [(n, v, why) for n, v in enumerate(values) if (why := checks.complaint(check, v))]
    ruleset = strategies.with_checks("openldap", check)

    found = [(b.entry, b.value, b.message) for b in checks.broken(strategies.directory(entries), ruleset)]

    assert (wrong if not check.rule.together else []) == found
