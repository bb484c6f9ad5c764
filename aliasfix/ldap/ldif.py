"""LDIF (RFC 2849) read with care: nothing is lost silently, and what can't be read is named by its line."""

from __future__ import annotations

import binascii
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from aliasfix.ldap import dn as names

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODIFYING = frozenset(("modify", "ntdsschemamodify"))
_CHANGETYPES = _MODIFYING | {
    "add",
    "delete",
    "modrdn",
    "moddn",
    "ntdsschemaadd",
    "ntdsschemadelete",
    "ntdsschemamodrdn",
}

_DESCRIPTION = re.compile(rb"([A-Za-z][A-Za-z0-9_-]*|[0-9]+(?:\.[0-9]+)*)((?:;[A-Za-z0-9_=.*-]+)*)")
_BASE64 = re.compile(  # whole, and what is left over of the last character is 0 (RFC 4648 section 3.5)
    rb"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"
)
_FOOTER = frozenset((b"search", b"result", b"matcheddn", b"text", b"ref", b"control", b"pagedresults"))
_FOOTER_HEADS = ([b"search"], [b"result"], [b"ref"])
_SUCCESS = re.compile(rb"0\b")
_CTRL_Z = b"\x1a"  # end of file in MS-DOS
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One attrval-spec, unfolded and decoded; ``-`` between mod-specs is the form "-" without a name.

    ``number`` counts lines from 1, ``name`` and ``options`` are as spelled. ``value`` is UTF-8 in the plain form and
    any octets in the base64 form; for "-" it is what follows it, which should be nothing.
    """

    number: int
    name: str
    options: tuple[str, ...]
    value: bytes
    form: Literal["plain", "base64", "-"]


@dataclass(frozen=True, slots=True)
class Record:
    """An entry ("" as changetype) or a change (changetype in lower case), as far as its lines could be read."""

    line: int  # of its dn
    dn: str
    changetype: str
    controls: tuple[Line, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bad:
    """A record or, where ``attribute`` or ``dn`` name it, a value that can't be read; ``reason`` is a sentence."""

    line: int
    reason: str
    dn: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A sign that the export is cut off: a search that failed or was referred elsewhere, or a range of an attribute."""

    line: int
    reason: str
    attribute: str = ""


class _ValueError(ValueError):
    """A line can't be read; the rest of its record can."""

    def __init__(self, reason: str, attribute: str = "") -> None:
        super().__init__(reason)
        self.attribute = attribute


class _RecordError(ValueError):
    """A line shows that its whole record can't be read."""


def records(text: bytes, first_line: int = 1) -> Iterator[Record | Bad | Incomplete]:
    """Everything in ``text`` (UTF-8, see ``encodings``) in its order; after a record, what could not be read of it.

    ``first_line`` is the number of the text's first line in its file.

    Read besides RFC 2849: lone CR as line end where there is no LF, a record that follows without blank line, lines of
    nothing but spaces before it, ``_`` in attribute names, the footers of ldapsearch, Ctrl-Z, changes of ldifde.
    Never opened: the URL of a ``:<`` value. It never raises.
    """
    for block in _blocks(text, first_line):
        first = block[0][1]
        if first[:3].lower() == b"dn:":
            yield from _record(block)
        elif first.startswith(b"#"):
            yield Incomplete(block[0][0], f"the search was referred elsewhere ({_shown(first.lstrip(b'# '))})")
        else:
            yield from _without_dn(block)


def _blocks(text: bytes, first_line: int) -> Iterator[list[tuple[int, bytes]]]:
    """The runs of lines between blank lines and ``dn:`` lines; a comment on a referral is a block of its own."""
    block: list[tuple[int, bytes]] = []
    for number, line in _unfolded(text, first_line):
        if line.startswith(b"#"):
            if line.startswith(b"# refldap"):
                yield [(number, line)]
            continue
        if block and (not line or line[:3].lower() == b"dn:"):
            yield block
            block = []
        if line:
            block.append((number, line))
    if block:
        yield block


def _ended_lines(text: bytes) -> io.BytesIO:
    text = text.removesuffix(_CTRL_Z)
    return io.BytesIO(text if b"\n" in text else text.replace(b"\r", b"\n"))


def _unfolded(text: bytes, first_line: int) -> Iterator[tuple[int, bytes]]:
    """Number and text of each line that is not a continuation, b"" for a blank one (RFC 2849 note 2)."""
    start, current = 0, b""
    folds: list[bytes] = []
    spaces: list[bytes] = []  # continuations of nothing but spaces, until it shows whether they separate records
    for number, ended in enumerate(_ended_lines(text), first_line):
        line = ended.rstrip(b"\r\n")
        if line[:1] == b" " and current:
            if line.isspace():
                spaces.append(line[1:])
            else:
                folds += (*spaces, line[1:])
                spaces.clear()
            continue
        if spaces:
            if line[:1] != b"#" and line[:3].lower() != b"dn:":
                folds += spaces
            spaces.clear()
        if current:
            if folds:
                current += b"".join(folds)
                folds.clear()
            yield start, current
        start, current = number, line
        if not line or line.isspace() or line == _CTRL_Z:
            current = b""
            yield number, b""
    if current:
        yield start, current + b"".join(folds)


def _without_dn(block: list[tuple[int, bytes]]) -> Iterator[Bad | Incomplete]:
    """What is no entry: a version-spec, the footer and the referrals of ldapsearch, and what can't be read."""
    lines = []
    for number, line in block:
        if line[:1] == b" ":
            yield Bad(number, "the line continues another, but none stands before it")
        else:
            lines.append((number, *_head(line)))
    if lines and lines[0][1] == b"version":
        number, _, value = lines.pop(0)
        if value != b"1":
            yield Bad(number, f"version {_shown(value)} of LDIF is unknown, it is read as version 1")
    heads = [head for _, head, _ in lines]
    if heads[:1] in _FOOTER_HEADS and _FOOTER.issuperset(heads):
        yield from _footer(lines)
    elif lines:
        number = lines[0][0]
        yield Bad(number, f"the record does not begin with its dn but with {_shown(dict(block)[number])}")


def _footer(lines: list[tuple[int, bytes, bytes]]) -> Iterator[Incomplete]:
    for number, head, value in lines:
        if head == b"result" and not _SUCCESS.match(value):
            yield Incomplete(number, f"the search that wrote it ended with {_shown(value)}")
        elif head == b"ref":
            yield Incomplete(number, f"the search was referred elsewhere ({_shown(value)})")


def _record(block: list[tuple[int, bytes]]) -> Iterator[Record | Bad | Incomplete]:
    start, first = block[0]
    try:
        dn = _dn(first)
    except ValueError as error:
        yield Bad(start, f"the record's dn can't be read: {error}", _text(_head(first)[1].lstrip(b":< ")))
        return
    number, changetype, position = start, "", 1
    controls: list[Line] = []
    lines: list[Line] = []
    bad: list[Bad] = []
    try:
        while position < len(block) and block[position][1][:8].lower() == b"control:":
            number = block[position][0]
            controls.append(_line(*block[position], ""))
            position += 1
        if position < len(block) and block[position][1][:11].lower() == b"changetype:":
            number = block[position][0]
            changetype = _changetype(block[position][1])
            position += 1
        for number, line in block[position:]:
            try:
                lines.append(_line(number, line, changetype))
            except _ValueError as error:
                bad.append(Bad(number, str(error), dn, error.attribute))
    except ValueError as error:
        yield Bad(number, str(error), dn)
        return
    yield Record(start, dn, changetype, tuple(controls), tuple(lines))
    yield from bad
    yield from _ranges(dn, lines)


def _dn(line: bytes) -> str:
    value, _ = _value(line, line[3:], "")
    try:
        dn = value.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{_shown(value)} is not UTF-8") from error
    names.parse(dn)
    return dn


def _changetype(line: bytes) -> str:
    value = _head(line)[1]
    changetype = _text(value).lower()
    if changetype not in _CHANGETYPES:
        raise _RecordError(f"the changetype {_shown(value)} is unknown")
    return changetype


def _line(number: int, line: bytes, changetype: str) -> Line:
    head, colon, rest = line.partition(b":")
    if not colon:
        if changetype in _MODIFYING and line[:1] == b"-" and not line[1:].strip(b" "):
            return Line(number, "", (), line[1:], "-")
        raise _ValueError(f"there is no colon in {_shown(line)}{_no_fold(line)}")
    name, options = description(head)
    value, form = _value(line, rest, name if plain_options(options) else head.decode())
    return Line(number, name, options, value, form)


@lru_cache(maxsize=4096)
def description(head: bytes) -> tuple[str, tuple[str, ...]]:
    """The attribute's name and options, which the RFC calls AttributeDescription.

    Raises:
        ValueError: it is none, or a changetype, which is no attribute.
    """
    found = _DESCRIPTION.fullmatch(head)
    if not found:
        raise _ValueError(f"{_shown(head)} is no attribute name{_no_fold(head)}")
    if head.lower() == b"changetype":
        raise _RecordError("the changetype does not follow the dn")
    options = found[2].decode()
    return found[1].decode(), tuple(options[1:].split(";")) if options else ()


def plain_options(options: tuple[str, ...]) -> bool:
    """Whether the value is one of the attribute itself: no option but ``;binary`` (RFC 4522) or a ``;range=``.

    Active Directory gives many values in ranges ([MS-ADTS] 3.1.1.3.1.3.3); ``Incomplete`` tells of those it left out.
    """
    return all(o.lower() == "binary" or o.lower().startswith("range=") for o in options)


def unbase64(encoded: bytes) -> bytes:
    """The octets of base64 that is whole and has nothing but its alphabet (RFC 2849 note 10b).

    Raises:
        ValueError: it is not.
    """
    if not _BASE64.fullmatch(encoded):
        raise ValueError("the value is not whole base64")
    return binascii.a2b_base64(encoded)


def _value(line: bytes, rest: bytes, name: str) -> tuple[bytes, Literal["plain", "base64"]]:
    """The value-spec in ``rest``, which begins after the first colon of ``line``."""
    mark = rest[:1]
    if mark == b":":
        try:
            return unbase64(rest[1:].lstrip(b" ")), "base64"
        except ValueError as error:
            raise _ValueError(str(error), name) from error
    if mark == b"<":
        raise _ValueError(f"the value is a URL, which is never opened: {_shown(rest[1:].strip(b' '))}", name)
    if not line.isascii():
        try:
            line.decode()
        except UnicodeDecodeError as error:
            raise _ValueError(
                f"byte 0x{line[error.start]:02X} at offset {error.start} of the line is not UTF-8:"
                " name the code page with --encoding",
                name,
            ) from error
    if b"\r" in line:
        raise _ValueError("a carriage return stands within the line", name)
    return rest.lstrip(b" "), "plain"


def _ranges(dn: str, lines: list[Line]) -> Iterator[Incomplete]:
    """What Active Directory cut: ``member;range=0-1499`` without a ``member;range=1500-*`` in the same entry."""
    cut: dict[str, Incomplete] = {}
    whole = set()
    for line in lines:
        for option in line.options:
            kind, _, held = option.partition("=")
            if kind.lower() == "range" and held.endswith("-*"):
                whole.add(line.name.lower())
            elif kind.lower() == "range":
                reason = f"{line.name} of {dn!r} holds only the values {held}"
                cut.setdefault(line.name.lower(), Incomplete(line.number, reason, line.name))
    yield from (found for name, found in cut.items() if name not in whole)


def _no_fold(line: bytes) -> str:
    return ": a TAB does not continue a line, only a space does" if line.startswith(b"\t") else ""


def _head(line: bytes) -> tuple[bytes, bytes]:
    """The name before the colon, in lower case, and the value after it."""
    head, _, value = line.partition(b":")
    return head.lower(), value.strip(b" ")


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def _shown(value: bytes) -> str:
    """A piece of ``value`` that is safe to print."""
    text = value[: 4 * _SHOWN].decode("utf-8", "replace")
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
