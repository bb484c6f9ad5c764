"""Change files: the one form of LDIF (RFC 2849) that is written, read back so strictly that nothing hides in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.ldap import dn as names
from aliasfix.ldap import ldif

if TYPE_CHECKING:
    from collections.abc import Sequence

_PRINTABLE = re.compile(rb"[ -~]*")  # SAFE-CHAR without control characters: OpenLDAP drops a TAB before a value
_FOLDABLE = re.compile(rb"(?!changetype:|delete:|add:)[^:]+::? +[^ :<]")
_NOT_PLAIN = "the record is not a plain changetype: modify"
_VALUE = rb"([!-9;=-~](?:[ -~]*[!-~])?)"  # SAFE-STRING that begins and ends with a visible character
_NAME = rb"(?!(?i:dn|changetype|control)\n)([A-Za-z][A-Za-z0-9-]*)"
_PLAIN = re.compile(
    rb"dn: %b\nchangetype: modify\ndelete: %b\n\2: %b\n-\nadd: \2\n\2: %b\n-\n\n" % (_VALUE, _NAME, _VALUE, _VALUE)
)
_PLAIN_LINES = 9
_LABEL = b"# Label: "
_SWAP = 6  # lines: delete, old value, "-", add, new value, "-"


@dataclass(frozen=True, slots=True)
class Swap:
    """One value of an attribute that gives way to another; in octets, as a server compares them."""

    attribute: str
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class Modify:
    """The swaps of one entry, which a server does together or not at all (RFC 4511 section 4.6)."""

    dn: str
    swaps: tuple[Swap, ...]
    line: int = 0  # of its dn in the file it was read from
    label: str | None = None  # of the exports that the file is for; None: it names none


class ChangeError(ValueError):
    """A change file holds something else than swaps; ``line`` says where, the message is a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def parse(raw: bytes) -> tuple[Modify, ...]:
    """The changes of a file, in its order.

    A record is ``dn``, ``changetype: modify``, then for each swap ``delete: A``, ``A: OLD``, ``-``, ``add: A``, ``A:
    NEW``, ``-``, and a blank line; lines end in LF or CRLF. Comments and ``version: 1`` stand outside of records,
    the version before the first. A comment ``# Label: "NAME"`` (a JSON string) before the first record says which
    exports the file is for; there is one, or none.

    Raises:
        ChangeError: the file holds anything else.
    """
    of = label(raw)
    if raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r"):  # else a line might end in either
        raw = raw.replace(b"\r\n", b"\n")
    if b"\r" in raw:
        return tuple(_with_care(raw, 1, of))
    changes: list[Modify] = []
    position, line = 0, 1
    while position < len(raw):
        if plain := _plain(raw, position, line, of):
            change, end = plain
            changes.append(change)
            line += _PLAIN_LINES
        else:
            blank = raw.find(b"\n\n", position)
            end = len(raw) if blank < 0 else blank + 2
            changes += _with_care(raw[position:end], line, of)
            line += raw.count(b"\n", position, end)
        position = end
    return tuple(changes)


def label_line(name: str) -> str:
    """The comment that says which exports a change file is for, in printable ASCII."""
    return _LABEL.decode() + json.dumps(name).replace("\x7f", "\\u007f")


def label(raw: bytes) -> str | None:
    """The label in the head of a change file; None where it names none.

    Raises:
        ChangeError: it is no JSON string, or not in the head.
    """
    at = 0 if raw.startswith(_LABEL) else raw.find(b"\n" + _LABEL) + 1
    if not raw.startswith(_LABEL, at):
        return None
    again = raw.find(b"\n" + _LABEL, at)
    if again >= 0 or raw.startswith(b"dn:") or b"\ndn:" in raw[:at]:
        line = raw.count(b"\n", 0, max(at, again + 1)) + 1
        raise ChangeError(line, "a label stands elsewhere than in the head: were several change files put together?")
    text = raw[at + len(_LABEL) :].partition(b"\n")[0]
    try:
        name = json.loads(text)
    except ValueError:
        name = None
    if not isinstance(name, str):
        raise ChangeError(raw.count(b"\n", 0, at) + 1, "the label is no JSON string")
    return name


def _plain(raw: bytes, position: int, line: int, of: str | None) -> tuple[Modify, int] | None:
    """The record that starts here and where it ends, when it is of the plainest form: one swap, no fold, no base64."""
    found = _PLAIN.match(raw, position)
    if not found:
        return None
    name = found[1].decode()
    try:
        names.parse(name)
    except names.DNError:
        return None
    return Modify(name, (Swap(found[2].decode(), found[3], found[4]),), line, of), found.end()


def _with_care(raw: bytes, first_line: int, of: str | None) -> list[Modify]:
    """The changes of some whole records, the first of which starts on that line of the file."""
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    changes = []
    end = 0
    try:
        for record in _records(raw):
            _check_between(lines, end, record.line - 1, first_line)
            changes.append(Modify(record.dn, _swaps(record), record.line + first_line - 1, of))
            end = record.lines[-1].number
            _check_record(lines, record.line - 1, end)
        _check_between(lines, end, len(lines), first_line)
    except ChangeError as error:
        raise ChangeError(error.line + first_line - 1, str(error)) from error
    return changes


def invert(change: Modify) -> Modify:
    """The change that takes ``change`` back."""
    swaps = tuple(Swap(s.attribute, s.new, s.old) for s in reversed(change.swaps))
    return Modify(change.dn, swaps, change.line, change.label)


def _records(raw: bytes) -> list[ldif.Record]:
    records = []
    for found in ldif.records(raw):
        if not isinstance(found, ldif.Record):
            raise ChangeError(found.line, found.reason)
        if found.changetype != "modify" or found.controls:
            raise ChangeError(found.line, _NOT_PLAIN)
        records.append(found)
    return records


def _swaps(record: ldif.Record) -> tuple[Swap, ...]:
    lines = record.lines
    if not lines or len(lines) % _SWAP:
        raise ChangeError(record.line, "the record does not consist of whole swaps: delete one value, add one value")
    return tuple(_swap(lines[start : start + _SWAP]) for start in range(0, len(lines), _SWAP))


def _swap(lines: Sequence[ldif.Line]) -> Swap:
    delete, old, _, add, new, _ = lines
    attribute = old.name
    names = [(line.name, line.form == "-") for line in lines]
    if names != [("delete", False), (attribute, False), ("", True), ("add", False), (attribute, False), ("", True)]:
        raise ChangeError(delete.number, "the lines are no swap: delete one value, add one value of the same attribute")
    for line in (delete, add):
        if line.form != "plain" or line.value != attribute.encode():
            raise ChangeError(line.number, f"the line does not name {attribute!a}, as the value after it does")
    for line in lines:
        if line.options or (line.form == "-" and line.value):
            raise ChangeError(line.number, "the line holds more than a swap needs")
        if line.form == "plain" and line.value.endswith(b" "):
            raise ChangeError(line.number, "the value ends in a space and is not in base64")
        if line.form == "base64" and not line.value:
            raise ChangeError(line.number, "an empty value is in base64, which OpenLDAP does not read")
    return Swap(attribute, old.value, new.value)


def _check_record(lines: Sequence[bytes], start: int, end: int) -> None:
    """The record in ``lines[start:end]`` is whole: nothing the reader forgives, and a blank line ends it."""
    if b"changetype: modify" not in lines[start:end]:
        raise ChangeError(start + 1, _NOT_PLAIN)
    before = b""
    for number, line in enumerate(lines[start:end], start + 1):
        if line.startswith(b"#"):
            raise ChangeError(number, "a comment stands within a record")
        if not _PRINTABLE.fullmatch(line):
            raise ChangeError(number, "the line holds characters that want base64")
        if not line.startswith(b" "):
            before = line
        elif not _FOLDABLE.match(before):
            raise ChangeError(number, "something else than a dn or a value is folded, which OpenLDAP misreads")
    if len(lines) < end + 2 or lines[end]:
        raise ChangeError(end, "no blank line ends the record")


def _check_between(lines: Sequence[bytes], start: int, end: int, first_line: int) -> None:
    for number, line in enumerate(lines[start:end], start + 1):
        if line and not line.startswith(b"#") and (start or first_line > 1 or line != b"version: 1"):
            raise ChangeError(number, "the line belongs to no record")
        if b"\r" in line:  # others take it for a line end, and find a record in the comment
            raise ChangeError(number, "a carriage return stands within a comment")
