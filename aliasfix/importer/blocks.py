"""An LDIF file as blocks of whole records, in UTF-8 and with LF, a few MiB at a time."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.errors import InputError, Where
from aliasfix.ldap import encodings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

SIZE = 8 << 20  # bytes: a block and what is made of it stay in the processor's cache
_LF, _CR = 10, 13
LIMIT = 256 << 20  # bytes of one record; a photo is a thousand times smaller


def blocks(stream: BinaryIO, path: str, encoding: str) -> Iterator[tuple[bytes, int]]:
    """The text and the number of its first line, again and again, each cut after a blank line.

    Raises:
        InputError: a record is larger than ``LIMIT``.

    """
    rest, line = b"", 1
    for chunk in _ended(_utf8(stream, path, encoding), path):
        cut = chunk.rfind(b"\n\n") + 2
        if cut < 2:  # noqa: PLR2004 - none was found
            rest += chunk
            _refuse_endless(rest, path, line)
            continue
        block, rest = b"".join((rest, memoryview(chunk)[:cut])), chunk[cut:]
        yield block, line
        line += int(np.count_nonzero(np.frombuffer(block, np.uint8) == _LF))  # five times as fast as bytes.count
    rest = rest.removesuffix(b"\x1a")  # Ctrl-Z ended a file in MS-DOS
    if rest:
        yield (rest if rest.endswith(b"\n") else rest + b"\n"), line


def _refuse_endless(record: bytes, path: str, line: int) -> None:
    if len(record) > LIMIT:
        sentence = f"a record is larger than {LIMIT >> 20} MiB"
        raise InputError(sentence, where=Where(path, line), hint="is it the right file?")


def _ended(chunks: Iterator[bytes], path: str) -> Iterator[bytes]:
    """CRLF as LF. A file without any LF has CR for it, as on old Macs; a CR elsewhere stays."""
    held = b""
    lf = False
    for chunk in chunks:
        text = held + chunk
        lf = lf or b"\n" in text
        if not lf:
            _refuse_endless(text, path, 1)
            held = text
            continue
        held = b"\r" if text.endswith(b"\r") else b""
        text = text[: len(text) - len(held)]
        yield _with_lf(text) if b"\r" in text else text
    if held:
        yield held if lf else held.replace(b"\r", b"\n")


def _with_lf(text: bytes) -> bytes:
    """CRLF as LF; where every CR stands before an LF, taking all of them away is three times as fast as replacing."""
    octets = np.frombuffer(text, np.uint8)
    ends = np.count_nonzero((octets[:-1] == _CR) & (octets[1:] == _LF))
    bare = text.translate(None, b"\r")
    return bare if len(text) - len(bare) == ends else text.replace(b"\r\n", b"\n")


def _utf8(stream: BinaryIO, path: str, encoding: str) -> Iterator[bytes]:
    """The text from behind the byte order mark on; what its encoding does not allow becomes bytes that are no UTF-8."""
    chunk = stream.read(SIZE)
    mark, codec, _ = encodings.encoding_of(chunk, encoding)
    chunk = chunk[mark:]
    if codec == "utf-8":
        while chunk:
            yield chunk
            chunk = stream.read(SIZE)
        return
    wide = codec.startswith("utf-16")
    errors = "surrogatepass" if wide else "surrogateescape"
    decoder = codecs.getincrementaldecoder(codec)(errors)
    try:
        while chunk:
            yield decoder.decode(chunk).encode("utf-8", errors)
            chunk = stream.read(SIZE)
    except UnicodeError as e:
        raise InputError(f"it can't be read as {encoding}: {e}", where=Where(path)) from e
    rest = decoder.getstate()[0]
    whole = len(rest) // 2 * 2 if wide else 0  # half a character and, in UTF-16, half a surrogate pair are left over
    yield rest[:whole].decode(codec, errors).encode("utf-8", errors) + rest[whole:]
