"""What a check asks of a value, and which part of the value it asks it of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

Unit = Literal["characters", "octets"]
Section = Literal["whole", "local", "domain"]

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9.-]*:")


class Terms(Protocol):
    """The keys of a check, as a ruleset gives them."""

    @property
    def max(self) -> int | None: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def allowed(self) -> str: ...
    @property
    def forbidden(self) -> str: ...
    @property
    def names(self) -> Sequence[str]: ...
    @property
    def prefixes(self) -> Sequence[str]: ...
    @property
    def not_prefixes(self) -> Sequence[str]: ...
    @property
    def part(self) -> Section: ...


class Judged(NamedTuple):
    """A value in three: only what stands in the middle is judged."""

    before: str
    text: str
    after: str


def prefix(value: str) -> str:
    """The type in front of a value of proxyAddresses, with its colon: ``SMTP:``, ``X500:``; ``""`` where there is none.

    [MS-ADA3] 2.169: the address type, a colon and the address; the type in any case.
    """
    found = _PREFIX.match(value)
    return found[0] if found else ""


def judged(terms: Terms, value: str) -> Judged | None:
    """What a check looks at; None where it is not about this value: another type of address, or one without an @."""
    before = ""
    if terms.prefixes or terms.not_prefixes:
        before = prefix(value)
        kind = before[:-1].lower()
        if (terms.prefixes and kind not in terms.prefixes) or kind in terms.not_prefixes:
            return None
    text = value[len(before) :]
    local, at, domain = text.rpartition("@")
    if terms.part == "whole":
        return Judged(before, text, "")
    if not at:
        return None
    return Judged(before, local, at + domain) if terms.part == "local" else Judged(before + local + at, domain, "")
