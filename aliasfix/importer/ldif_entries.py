"""Entries of an LDIF export."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.importer import ldif_columns, ldif_heads, syntaxes
from aliasfix.importer.assemble import GUIDS, MAILBOX, Collector, Extract
from aliasfix.importer.lanes import LANES, taken_in_turn
from aliasfix.importer.parts import joined, numbers_of
from aliasfix.importer.progress import silent
from aliasfix.ldap import dn, ldif

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aliasfix.importer.progress import Progress

_START = re.compile(rb"dn:|version: *[0-9]", re.IGNORECASE)
_ENTRIES = frozenset(("", "add", "ntdsschemaadd"))
_IDENTITY = frozenset(a.lower() for a in (*GUIDS, MAILBOX))


def is_ldif(text: bytes) -> bool:
    """Whether the first line that is no comment starts an LDIF file (RFC 2849): its version or a DN."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith(b"#"))
    return _START.match(next(lines, b"")) is not None


def read(
    blocks: Iterable[tuple[bytes, int]], path: str, spellings: Mapping[str, str], progress: Progress = silent
) -> Extract:
    """The entries of an LDIF file with the attributes of ``spellings``, block by block (see ``blocks.blocks``).

    Records without changetype and those with ``changetype: add`` (as ldifde exports) are entries. A value with options
    other than ``;binary`` (``;lang-de``) is one of another attribute. What is plain is read by columns, the rest with
    care; both say the same. ``progress`` is told of the entries.

    Raises:
        InputError: a record is a change.

    """
    parts = []
    found = Collector(path, spellings)
    readers = [partial(ldif_columns.read_block, heads=ldif_heads.heads(spellings)) for _ in range(LANES)]
    for (text, first_line), part in taken_in_turn(blocks, readers):
        before = len(found.dns)
        if part is None:
            read_with_care(text, first_line, found)
        else:
            parts.append(part)
            for line, lines in part.odd:
                read_with_care(lines, line, found)
        progress(0, len(found.dns) - before + (len(part.dns) if part else 0))
    return joined(parts, numbers_of(spellings), found)


def read_with_care(text: bytes, first_line: int, found: Collector) -> None:
    """The same, record by record, by the careful reader.

    Raises:
        InputError: a record is a change.

    """
    for item in ldif.records(text, first_line):
        if isinstance(item, ldif.Incomplete):
            found.incomplete.append(f"line {item.line}: {item.reason}")
        elif isinstance(item, ldif.Bad):
            if not item.attribute or item.attribute.lower() in found.spellings:
                found.fault(item.line, item.reason, item.dn, found.spellings.get(item.attribute.lower(), ""))
        else:
            refuse_change(item, found.path)
            _entry(item, found)


def refuse_change(record: ldif.Record, path: str) -> None:
    """Raise InputError where the record is a change, not an entry."""
    if record.changetype not in _ENTRIES:
        sentence = f'this is a change file ("changetype: {record.changetype}"), where an export was expected'
        raise InputError(sentence, where=Where(path, record.line), hint="change files go to: aliasfix verify --changes")


def plain(line: ldif.Line) -> bool:
    """Whether the line holds a value of the attribute itself, not of one with options."""
    return ldif.plain_options(line.options)


def _entry(record: ldif.Record, found: Collector) -> None:
    try:
        key = dn.key(record.dn)
    except dn.DNError as e:
        found.fault(record.line, f"the record's DN can't be read: {e}", record.dn)
        return
    found.entry(record.dn, key, record.line)
    for line in record.lines:
        lower = line.name.lower()
        if lower not in found.spellings and lower not in _IDENTITY:
            continue
        if not plain(line):
            found.optioned[lower] += 1
            continue
        try:
            found.value(line.name, syntaxes.text(lower, line.value), line.number)
        except ValueError as e:
            if lower in found.spellings:
                found.fault(line.number, str(e), record.dn, found.spellings[lower])
