"""Waivers: findings that somebody answers for, so that only what is new needs a look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aliasfix.engine.findings import Finding, Findings
from aliasfix.ldap import dn as ldap_dn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.errors import Where

Identity = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's word that one finding stays as it is; the person wrote it at ``where``."""

    code: str
    label: str
    dn: str
    attribute: str
    value: str
    reason: str
    owner: str
    where: Where

    @property
    def identity(self) -> Identity:
        """What it is held against a finding by. An entry is the same however its DN is spelled, a value is not."""
        return (self.code, self.label, ldap_dn.key(self.dn), self.attribute.lower(), self.value)


@dataclass(frozen=True)
class Waived:
    """The findings of one check, each with the waiver that fits it."""

    rows: tuple[tuple[Finding, Waiver | None], ...]
    idle: tuple[Waiver, ...]  # these fit no finding

    @cached_property
    def new(self) -> Findings:
        """The findings that nobody answers for."""
        return Findings(tuple(finding for finding, waiver in self.rows if waiver is None))

    @cached_property
    def waived(self) -> tuple[tuple[Finding, Waiver], ...]:
        """The findings that somebody answers for."""
        return tuple((finding, waiver) for finding, waiver in self.rows if waiver is not None)


def waive(found: Findings, waivers: Sequence[Waiver]) -> Waived:
    """Part what nobody answers for from what somebody does.

    A waiver fits the finding of its code at its value of its attribute in its entry, and no other: who joins a clash
    later is new, and so is a value that breaks another rule.
    """
    known: dict[Identity, Waiver] = {}
    for waiver in waivers:
        known.setdefault(waiver.identity, waiver)
    rows = tuple((finding, known.get(_identity(finding)) if known else None) for finding in found.rows)
    used = {waiver.identity for _, waiver in rows if waiver}
    return Waived(rows, tuple(waiver for waiver in waivers if waiver.identity not in used))


def _identity(finding: Finding) -> Identity:
    return (finding.code, finding.label, ldap_dn.key(finding.dn), finding.attribute.lower(), finding.value)
