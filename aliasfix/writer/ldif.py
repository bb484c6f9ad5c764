"""The changes as LDIF modify records, and their inverse (RFC 2849; the bytes are those of ``ldif.LDIFWriter``)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import ldif

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.plan import Row
    from aliasfix.writer.reach import Entry, Name

_ADD, _DELETE = 0, 1  # of LDAP's modify operation (RFC 4511 section 4.6)
_COLUMNS = 76
# Safe to the letter of RFC 2849, but editors strip the one and terminals act on the others.
_ENCODED = re.compile(r"[\x00-\x1f\x7f]| \Z")
_PLAIN = re.compile(r"[!-9;=-~](?:[ -~]*[!-~])?")


class Swap(NamedTuple):
    """One value that makes way for another."""

    attribute: str
    old: str
    new: str


class Record(NamedTuple):
    """What changes in one entry."""

    dn: str
    swaps: tuple[Swap, ...]


def records(rows: Iterable[Row], entries: Mapping[Name, Entry]) -> tuple[Record, ...]:
    """One record per entry, by DN key and label; within it the rows keep their order."""
    changed: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        changed.setdefault((entries[row.label, row.dn].key, row.label), []).append(row)
    return tuple(
        Record(of[0].dn, tuple(Swap(row.attribute, row.old, row.new) for row in of))
        for _, of in sorted(changed.items(), key=lambda entry: entry[0])
    )


def inverse(records: Sequence[Record]) -> tuple[Record, ...]:
    """What undoes the records, the last one first."""
    return tuple(
        Record(name, tuple(Swap(attribute, new, old) for attribute, old, new in reversed(swaps)))
        for name, swaps in reversed(records)
    )


def unparse(records: Iterable[Record]) -> bytes:
    """Plain ASCII, LF: ``delete: OLD``, ``add: NEW``, each block closed by ``-``, a blank line after the record.

    The old value is deleted by name: a directory that has moved on refuses the record (RFC 4511 section 4.6).
    """
    out = io.BytesIO()
    writer = ldif.LDIFWriter(out, cols=_COLUMNS)
    for record in records:
        if _is_plain(record):
            out.write(_plain(record))
        else:
            writer.unparse(_handed_over(record.dn), _modifications(record))
    return out.getvalue()


def spelled(text: bytes, line_end: str) -> bytes:
    """The text of an LDIF file with the line ends of its dialect: no value in it has any of its own."""
    return text.replace(b"\n", b"\r\n") if line_end == "crlf" else text


def _modifications(record: Record) -> list[tuple[int, str, list[str | bytes]]]:
    return [
        modification
        for swap in record.swaps
        for modification in (
            (_DELETE, swap.attribute, [_handed_over(swap.old)]),
            (_ADD, swap.attribute, [_handed_over(swap.new)]),
        )
    ]


def _handed_over(text: str) -> str | bytes:
    """LDIFWriter writes bytes as base64, and of strings only those that RFC 2849 demands."""
    return text.encode() if _ENCODED.search(text) else text


def _is_plain(record: Record) -> bool:
    """Whether every line of the record stands as it is: nothing to encode, nothing to fold."""
    return _fits("dn", record.dn) and all(_fits(name, old) and _fits(name, new) for name, old, new in record.swaps)


def _fits(name: str, text: str) -> bool:
    return len(name) + len(": ") + len(text) <= _COLUMNS and _PLAIN.fullmatch(text) is not None


def _plain(record: Record) -> bytes:
    """What LDIFWriter makes of a plain record, in a third of its time."""
    swaps = "".join(
        f"delete: {name}\n{name}: {old}\n-\nadd: {name}\n{name}: {new}\n-\n" for name, old, new in record.swaps
    )
    return f"dn: {record.dn}\nchangetype: modify\n{swaps}\n".encode("ascii")
