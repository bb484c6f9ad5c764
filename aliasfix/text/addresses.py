"""Mail addresses: what is wrong with the whole, the local part and the domain, as the end of a finding's sentence."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from aliasfix.text.patterns import forbidden_characters, misplaced_periods

ATOM = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-"
"""The inside of the class of characters of an atom (RFC 5322, 3.2.3)."""

LDH = r"A-Za-z0-9\-"
"""The inside of the class of characters of a label (RFC 5890, 2.3.1)."""

_LABEL = 63  # octets (RFC 1035, 2.3.4)
_DOMAIN = 253  # characters: 255 octets on the wire (RFC 1035, 2.3.4)
_FOR_DOCUMENTATION = "example"  # RFC 2606, section 2: no domain, and in nobody's directory but that of a manual
_NOT_TOLD = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")  # IDNA 2003 and 2008 make different domains of these


def not_one_address(value: str) -> str:
    """Not empty unless exactly one @ stands between two texts (RFC 5322, 3.4.1, addr-spec)."""
    count = value.count("@")
    if count != 1:
        return f"it has {count} @" if count else "it has no @"
    places = (("before", value.startswith("@")), ("behind", value.endswith("@")))
    wrong = [place for place, there in places if there]
    return f"it has nothing {' and nothing '.join(wrong)} the @" if wrong else ""


def wrong_local_part(value: str) -> str:
    """Not empty unless what stands before the last @ is a dot-atom (RFC 5322, 3.2.3)."""
    local = value.rpartition("@")[0].replace("@", "")
    wrong = forbidden_characters(local, f"{ATOM}.") or misplaced_periods(local)
    return _of("local part", wrong)


def wrong_domain(value: str) -> str:
    """Not empty unless what follows the last @ is a domain name of two or more labels (RFC 1123, 2.1)."""
    _local, at, domain = value.rpartition("@")
    if not at or not domain:
        return ""
    wrong = forbidden_characters(domain, f"{LDH}.") or misplaced_periods(domain) or _wrong_labels(domain)
    return _of("domain", wrong)


def _of(part: str, wrong: str) -> str:
    """What is wrong with a part, said of the whole."""
    return f"its {part} {wrong.removeprefix('it ')}" if wrong else ""


def _wrong_labels(domain: str) -> str:
    labels = domain.split(".")
    faults = (
        ("has a label that begins or ends with a hyphen", any(la.startswith("-") or la.endswith("-") for la in labels)),
        (f"has a label that is longer than {_LABEL} characters", any(len(la) > _LABEL for la in labels)),
        (f"is longer than {_DOMAIN} characters", len(domain) > _DOMAIN),
        ("is a single label", len(labels) == 1),
    )
    return next((fault for fault, there in faults if there), "")


def unknown_top_level_domain(value: str, known: tuple[str, ...] = ()) -> str:
    """Not empty when the domain ends in none of the top-level domains ``known``; IANA's where that is empty."""
    _local, at, domain = value.rpartition("@")
    _parent, period, last = domain.rpartition(".")
    if not at or not period or not last or _is_known(last, known):
        return ""
    return f'its top-level domain "{shown(last)}" is none of the Internet'


def shown(label: str) -> str:
    """The label on one line, whatever it is."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in label)


@lru_cache(maxsize=4096)
def _is_known(label: str, known: tuple[str, ...]) -> bool:
    return in_ascii(label) in top_level_domains(known)


@cache
def top_level_domains(known: tuple[str, ...]) -> frozenset[str]:
    """Those of the list in lower case and ASCII; without a list, those of IANA's that ships with aliasfix.

    https://data.iana.org/TLD/tlds-alpha-by-domain.txt, as it is; its first line says of when. ``example``, which
    RFC 2606 keeps for manuals, is let pass.
    """
    if known:
        return frozenset(in_ascii(name.strip().lstrip(".")) for name in known)
    text = files("aliasfix.text").joinpath("top-level-domains.txt").read_text(encoding="ascii")
    return frozenset(line.lower() for line in text.splitlines() if not line.startswith("#")) | {_FOR_DOCUMENTATION}


def in_ascii(label: str) -> str:
    """A label as the DNS has it, in lower case: ``xn--…`` for letters beyond ASCII (RFC 3490, by Unicode 3.2).

    The label itself, in lower case, where it has no such form, or not the same under RFC 5891.
    """
    if label.isascii() or _NOT_TOLD.search(label):
        return label.lower()
    try:
        return label.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return label.lower()
