"""Entries of an LDIF export."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.importer import syntaxes
from aliasfix.importer.assemble import GUIDS, MAILBOX, Collector, Extract
from aliasfix.ldap import dn, ldif

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_LINE = re.compile(rb"(?:[^\S\n]*(?:#[^\n]*)?\r?\n|#[^\r]*\r)*(?:version:[ ]*\d|dn:)", re.IGNORECASE)
_ENTRIES = frozenset(("", "add", "ntdsschemaadd"))
_IDENTITY = frozenset(a.lower() for a in (*GUIDS, MAILBOX))


def is_ldif(text: bytes) -> bool:
    """Whether the first line that is no comment starts an LDIF file (RFC 2849): its version or a DN."""
    return _FIRST_LINE.match(text) is not None


def read(text: bytes, path: str, spellings: Mapping[str, str]) -> Extract:
    """The entries of the LDIF text (UTF-8, see ``ldif.decode``) with the attributes of ``spellings``.

    Records without changetype and those with ``changetype: add`` (as ldifde exports) are entries. A value with options
    other than ``;binary`` (``;lang-de``) is one of another attribute.

    Raises:
        InputError: a record is a change.

    """
    found = Collector(path, spellings)
    for item in ldif.records(text):
        if isinstance(item, ldif.Incomplete):
            found.incomplete.append(f"line {item.line}: {item.reason}")
        elif isinstance(item, ldif.Bad):
            if not item.attribute or item.attribute.lower() in spellings:
                found.fault(item.line, item.reason, item.dn, spellings.get(item.attribute.lower(), ""))
        else:
            refuse_change(item, path)
            _entry(item, found)
    return found.extract()


def refuse_change(record: ldif.Record, path: str) -> None:
    """Raise InputError where the record is a change, not an entry."""
    if record.changetype not in _ENTRIES:
        sentence = f'this is a change file ("changetype: {record.changetype}"), where an export was expected'
        raise InputError(sentence, where=Where(path, record.line), hint="change files go to: aliasfix verify --changes")


def plain(line: ldif.Line) -> bool:
    """Whether the line holds a value of the attribute itself, not of one with options."""
    return not line.options or (len(line.options) == 1 and line.options[0].lower() == "binary")


def _entry(record: ldif.Record, found: Collector) -> None:
    try:
        key = dn.key(record.dn)
    except dn.DNError as e:
        found.fault(record.line, f"the record's DN can't be read: {e}", record.dn)
        return
    found.entry(record.dn, key, record.line)
    for line in record.lines:
        lower = line.name.lower()
        if not plain(line) or (lower not in found.spellings and lower not in _IDENTITY):
            continue
        try:
            found.value(line.name, syntaxes.text(lower, line.value), line.number)
        except ValueError as e:
            if lower in found.spellings:
                found.fault(line.number, str(e), record.dn, found.spellings[lower])
