"""Bytes of a CSV export as text: UTF-8 or UTF-16 unless its format or the user says otherwise."""

from __future__ import annotations

import codecs
import contextlib
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, UsageError, Where
from aliasfix.ldap import encodings

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE = 4 << 20  # bytes
_JOINT = "\n\ufeff".encode()  # where exports were joined byte by byte
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MARKED = frozenset(name for _, name in _MARKS)


def refuse_unknown(encoding: str) -> None:
    """Raise UsageError where the user named a code page that does not exist."""
    try:
        encodings.encoding_of(b"", encoding)
    except ValueError as e:
        raise UsageError(
            f'there is no encoding "{encoding}"', hint="utf-8, cp1252, cp850 and utf-16-le are some"
        ) from e


def decode(raw: bytes, path: str, *, named: str, fallback: str) -> tuple[str, str]:
    """The text, without byte order mark, and the name of its encoding.

    A byte order mark decides, then what the user named, then UTF-8; ``fallback`` is the code page of formats that have
    no UTF-8 (``""``: none).

    Raises:
        InputError: the bytes are not in that encoding, or hold a NUL character; the message names the line.

    """
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), "")
    encoding = marked or named or "utf-8"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as e:
        if not marked and not named and fallback:
            return decode(raw, path, named=fallback, fallback="")
        line = raw[: e.start].decode(encoding, "replace").count("\n") + 1
        sentence = f"byte 0x{raw[e.start]:02x}, number {e.start + 1} of the file, is not {encoding}"
        hint = "name the code page it was exported in: --encoding cp1252, cp850, …"
        raise InputError(sentence, where=Where(path, line), hint=hint) from e
    text = text.replace("\n\ufeff", "\n")  # exports that were joined byte by byte
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise InputError("it holds a NUL character", where=Where(path, line), hint="is it the right file?")
    return text, encoding


def octets(raw: bytes, path: str, *, named: str, fallback: str) -> tuple[bytes, str]:
    """The same in UTF-8, piece by piece; what is that already is looked through, and not copied."""
    plain = raw.isascii() and b"\x00" not in raw and (named.lower() in ("", "utf-8", "ascii"))
    if plain:
        return raw, named or "utf-8"
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), "")
    for encoding in (marked or named or "utf-8", "" if marked or named else fallback):
        with contextlib.suppress(UnicodeError):
            found = _utf8(raw, encoding) if encoding else b"\x00"
            if b"\x00" not in found:
                return found, encoding
    text, encoding = decode(raw, path, named=named, fallback=fallback)  # it knows what is wrong, and where
    return text.encode(), encoding


def _utf8(raw: bytes, encoding: str) -> bytes:
    pieces = _pieces(raw, encoding)
    if encoding == "utf-8" and _JOINT not in raw:
        for _ in pieces:
            pass
        return raw
    found = b"".join(piece.encode() for piece in pieces)
    return found.replace(_JOINT, b"\n") if _JOINT[1] in found else found  # one octet is sooner looked for


def _pieces(raw: bytes, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for at in range(0, len(raw), _SIZE):
        yield decoder.decode(raw[at : at + _SIZE])
    yield decoder.decode(b"", final=True)


def decode_ldif(raw: bytes, path: str, named: str) -> tuple[bytes, str]:
    """As ``encodings.decode``.

    Raises:
        InputError: the bytes can't be read in the encoding that was named.

    """
    try:
        return encodings.decode(raw, named)
    except ValueError as e:
        raise InputError(str(e), where=Where(path)) from e


def glimpse(raw: bytes, named: str) -> str:
    """The text as far as it can be told; good enough to find a header in."""
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), "")
    return raw.decode(marked or named or "utf-8", errors="replace")
