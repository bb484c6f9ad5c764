"""The catalogue of checks: all that one kind of check is, in one row. A ruleset asks for it by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from aliasfix.text import addresses, damage, patterns, repairs
from aliasfix.text.terms import judged
from aliasfix.text.transliterate import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliasfix.text.terms import Terms


class Sieve(NamedTuple):
    """An RE2 pattern that tells most of what is fine from the rest, for a column at once.

    ``fine``: what it is found in has nothing wrong; else: what it is not found in has nothing wrong.
    """

    pattern: str
    fine: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of check."""

    code: str
    meaning: str
    complaint: Callable[[Terms, str], str]  # what is wrong with a text, as the end of a sentence; "": nothing
    repair: Callable[[Terms, str, str], str]  # of a text, letters beyond ASCII by the table of this name
    sieve: Callable[[Terms], Sieve]
    one_of: tuple[str, ...] = ()  # keys of the check of which one must be given
    takes: tuple[str, ...] = ()  # keys of the check that may be given
    together: bool = False  # the complaint stands only where two values of the entry raise it


def _plain(function: Callable[[str], str]) -> Callable[[Terms, str], str]:
    """Of the text alone, whatever the terms."""
    return lambda _, text: function(text)


def _mended(function: Callable[[str], str]) -> Callable[[Terms, str, str], str]:
    """A repair of the text alone."""
    return lambda _terms, text, _table: function(text)


def _untold(terms: Terms, text: str, table: str) -> str:  # noqa: ARG001 - every repair has all three
    """Only a person can tell the repair."""
    return ""


def _allowed(terms: Terms) -> str:
    return patterns.allowed_class(terms.allowed, terms.forbidden)


def _shortened(terms: Terms, text: str, table: str) -> str:  # noqa: ARG001 - every repair has all three
    """A domain that is cut would be another domain."""
    return "" if terms.part == "domain" else repairs.shortened(text, terms.max or 0, terms.unit)


def _known_domains(terms: Terms) -> Sieve:
    known = addresses.top_level_domains(tuple(terms.names))
    return Sieve(rf"@[^@]*\.(?:{'|'.join(sorted(d for d in known if d.isascii() and d.replace('-', '').isalnum()))})$")


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,50}[A-Za-z0-9])?"

# In the order in which a value is repaired: first what it was meant to be, then what stands around it, its length last.
RULES: dict[str, Rule] = {
    "double-encoded": Rule(
        "A110",
        "The value is UTF-8 that was read in another code page, such as MÃ¼ller for Müller.",
        _plain(damage.double_encoded),
        _mended(repairs.undoubled),
        lambda _: Sieve(r"[\x{c2}-\x{f4}\x{251c}\x{252c}][^\x00-\x7f]", fine=False),
    ),
    "blank": Rule(
        "A105",
        "The value is empty or nothing but white space, or an entry that must have one has none.",
        _plain(patterns.blank),
        _untold,
        lambda _: Sieve("[!-~]"),
        takes=("required",),
    ),
    "lost-letter": Rule(
        "A111",
        "The value has a question mark, which an export in ASCII writes for letters that it can't spell.",
        _plain(damage.lost_letters),
        _untold,
        lambda _: Sieve(r"[?\x{fffd}]", fine=False),
    ),
    "space": Rule(
        "A104",
        "White space stands at either end.",
        _plain(patterns.edge_space),
        _mended(repairs.trimmed),
        lambda _: Sieve("^[!-~](?:[ -~]*[!-~])?$"),
    ),
    "address": Rule(
        "A106",
        "The value is no mail address: it needs exactly one @, and something on both sides of it.",
        _plain(addresses.not_one_address),
        _mended(repairs.one_at),
        lambda _: Sieve("^[^@]+@[^@]+$"),
    ),
    "domain": Rule(
        "A107",
        "What follows the @ is no domain name.",
        _plain(addresses.wrong_domain),
        _mended(repairs.domain_name),
        lambda _: Sieve(rf"@(?:{_LABEL}\.){{1,3}}{_LABEL}$"),
    ),
    "local-part": Rule(
        "A108",
        "What stands before the @ is no dot-atom.",
        _plain(addresses.wrong_local_part),
        lambda _, text, table: repairs.dot_atom(text, table),
        lambda _: Sieve(rf"^{_ATOM}(?:\.{_ATOM})*@[^@]*$"),
    ),
    "characters": Rule(
        "A102",
        "The value holds characters that its attribute does not allow.",
        lambda terms, text: patterns.forbidden_characters(text, patterns.allowed_class(terms.allowed, terms.forbidden)),
        lambda terms, text, table: repairs.permitted(text, _allowed(terms), table),
        lambda terms: Sieve(f"^{patterns.re2_class(_allowed(terms))}*$"),
        one_of=("allowed", "forbidden"),
    ),
    "periods": Rule(
        "A103",
        "A period stands at either end, or next to another.",
        _plain(patterns.misplaced_periods),
        _mended(repairs.between),
        lambda _: Sieve(r"^[^.]+(?:\.[^.]+)*$"),
    ),
    "length": Rule(
        "A101",
        "The value is longer than its attribute allows.",
        lambda terms, text: patterns.too_long(text, terms.max or 0, terms.unit),
        _shortened,
        lambda _: Sieve("^$"),  # what is short is counted, not matched
        one_of=("max",),
        takes=("unit",),
    ),
    "top-level-domain": Rule(
        "A109",
        "The domain of the address ends in no top-level domain of the Internet.",
        lambda terms, text: addresses.unknown_top_level_domain(text, tuple(terms.names)),
        _untold,
        _known_domains,
        takes=("names", "file"),
    ),
    "reserved": Rule(
        "A112",
        "The name is kept for a role or for the system.",
        lambda terms, text: patterns.reserved_name(text, tuple(terms.names)),
        _untold,
        lambda terms: Sieve(f"^(?:{'|'.join(map(patterns.in_any_case, terms.names))})$", fine=False),
        one_of=("names", "file"),
    ),
    "primaries": Rule(
        "A113",
        "The entry has several primary addresses (SMTP: in capitals).",
        _plain(patterns.primary),
        _untold,
        lambda _: Sieve("^SMTP:", fine=False),
        together=True,
    ),
}


def complaint(name: str, terms: Terms, value: str) -> str:
    """What is wrong with the value under the check of this name; ``""`` where nothing is."""
    about = judged(terms, value)
    return RULES[name].complaint(terms, about.text) if about else ""


def repaired(name: str, terms: Terms, value: str, table: str = DEFAULT) -> str:
    """The value without what the check of this name found; ``""`` where no repair can be told.

    ``table``: of letters beyond ASCII.
    """
    about = judged(terms, value)
    mended = RULES[name].repair(terms, about.text, table) if about else ""
    return about.before + mended + about.after if about and mended else ""
