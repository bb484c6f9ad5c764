"""The changes as LDIF modify records, and their inverse (RFC 2849; the bytes are those of ``ldif.LDIFWriter``)."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ldif

from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aliasfix.plan import Row

_ADD, _DELETE = 0, 1  # of LDAP's modify operation (RFC 4511 section 4.6)
# Safe to the letter of RFC 2849, but editors strip the one and terminals act on the others.
_ENCODED = re.compile(r"[\x00-\x1f\x7f]| \Z")


@dataclass(frozen=True, slots=True)
class Swap:
    """One value that makes way for another."""

    attribute: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Record:
    """What changes in one entry."""

    dn: str
    swaps: tuple[Swap, ...]


def records(rows: Iterable[Row]) -> tuple[Record, ...]:
    """One record per entry, by DN key and label; within it the rows keep their order.

    Raises:
        aliasfix.ldap.dn.DNError: a row's DN is none.

    """
    entries: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        entries.setdefault((dn.key(row.dn), row.label), []).append(row)
    return tuple(
        Record(of[0].dn, tuple(Swap(row.attribute, row.old, row.new) for row in of))
        for _, of in sorted(entries.items(), key=lambda entry: entry[0])
    )


def inverse(records: Sequence[Record]) -> tuple[Record, ...]:
    """What undoes the records, the last one first."""
    return tuple(
        Record(r.dn, tuple(Swap(s.attribute, s.new, s.old) for s in reversed(r.swaps))) for r in reversed(records)
    )


def unparse(records: Iterable[Record]) -> bytes:
    """Plain ASCII, LF: ``delete: OLD``, ``add: NEW``, each block closed by ``-``, a blank line after the record.

    The old value is deleted by name: a directory that has moved on refuses the record (RFC 4511 section 4.6).
    """
    out = io.BytesIO()
    writer = ldif.LDIFWriter(out)
    for record in records:
        modifications = []
        for swap in record.swaps:
            modifications += [
                (_DELETE, swap.attribute, [_handed_over(swap.old)]),
                (_ADD, swap.attribute, [_handed_over(swap.new)]),
            ]
        writer.unparse(_handed_over(record.dn), modifications)
    return out.getvalue()


def _handed_over(text: str) -> str | bytes:
    """LDIFWriter writes bytes as base64, and of strings only those that RFC 2849 demands."""
    return text.encode() if _ENCODED.search(text) else text
