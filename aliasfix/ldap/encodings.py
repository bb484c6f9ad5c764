"""The encodings that LDIF files come in: UTF-8 by RFC 2849, and what the tools of Windows make of it."""

from __future__ import annotations

import codecs


def decode(raw: bytes, encoding: str = "") -> tuple[bytes, str]:
    """The text of a file as UTF-8 without BOM, and the name of the encoding it was in.

    A BOM decides; else ``encoding``, when it is named; else the NULs of UTF-16; else it is UTF-8. What the encoding
    does not allow becomes bytes that are no UTF-8, so that ``ldif.records`` can name the line.

    Raises:
        ValueError: ``encoding`` is no encoding of text.
    """
    mark, codec, name = encoding_of(raw, encoding)
    if codec == "utf-8":
        return raw[mark:], name
    if codec.startswith("utf-16"):
        return _from_utf16(raw[mark:], codec), name
    try:
        return raw.decode(codec, "surrogateescape").encode("utf-8", "surrogateescape"), name
    except (LookupError, UnicodeError) as error:
        raise ValueError(f"the file can't be read as {encoding}: {error}") from error


def encoding_of(head: bytes, named: str) -> tuple[int, str, str]:
    """What ``decode`` finds in the first bytes of a file: the length of the BOM, the codec behind it, and its name.

    Raises:
        ValueError: ``named`` is no encoding of text.
    """
    codec = _codec(named)
    if head.startswith(codecs.BOM_UTF8):
        return len(codecs.BOM_UTF8), "utf-8", "utf-8-sig"
    for bom, order in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(bom):
            return len(bom), order, "utf-16"
    if codec in {"", "utf-16"}:
        codec = _utf16_order(head) or ("utf-16-le" if codec else "utf-8")
    codec = "utf-8" if codec == "utf-8-sig" else codec
    return 0, codec, codec


def _codec(encoding: str) -> str:
    if not encoding:
        return ""
    try:
        codec = codecs.lookup(encoding).name
        "a".encode(codec)
    except (LookupError, ValueError) as error:
        raise ValueError(f"{encoding!a} is no encoding of text") from error
    return codec


def _utf16_order(raw: bytes) -> str:
    """The byte order of UTF-16 without BOM: in one of two positions ASCII text has NULs only there."""
    head = raw[:256]
    high, low = head[0::2].count(0), head[1::2].count(0)
    if not high and low * 4 > len(head):
        return "utf-16-le"
    if not low and high * 4 > len(head):
        return "utf-16-be"
    return ""


def _from_utf16(raw: bytes, codec: str) -> bytes:
    whole = len(raw) // 2 * 2
    return raw[:whole].decode(codec, "surrogatepass").encode("utf-8", "surrogatepass") + raw[whole:]
