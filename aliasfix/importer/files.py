"""The export files: found by the paths the user gave, and read as bytes."""

from __future__ import annotations

import difflib
import glob
import gzip
import hashlib
import io
import os
import stat
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from aliasfix.errors import InputError, Where
from aliasfix.importer.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from aliasfix.importer.progress import Progress

    Opened = Callable[[str], AbstractContextManager[BinaryIO]]  # from the path of an export to its bytes

STDIN = "-"
SUFFIXES = (".ldif", ".ldf", ".csv", ".tsv", ".txt")
HEAD = 1 << 20  # bytes that a look at the head takes

# A packed file may unpack to so many times its size, as no export does, and to the first limit in any case.
UNPACKED_TIMES = 200
UNPACKED_ALWAYS = 1 << 30  # bytes
UNPACKED_AT_MOST = 64 << 30  # bytes

_GZIP = b"\x1f\x8b"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_STRANGERS = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook or another Office file",
    b"%PDF": "a PDF file",
    b"SQLite format 3": "a database",
}


def expand(paths: Sequence[str]) -> list[str]:
    """The exports that the paths name, each once, sorted.

    A file names itself, a folder the exports in it (not those in folders below), ``-`` the standard input. A path with
    ``*`` or ``?`` that is no file names what it matches: the command line of Windows leaves that to the program.

    Raises:
        InputError: a path names nothing, or a folder without exports, or no regular file.

    """
    found: dict[str, str] = {}
    for path in sorted(paths):
        for export in (e for match in _matched(path) for e in _exports(match)):
            found.setdefault(export if export == STDIN else os.path.realpath(export), export)
    return sorted(found.values())


def head(path: str, encoding: str) -> bytes:
    """The first bytes of the export, unpacked, cut after the last whole line when there are more."""
    with opened(path) as stream:
        packed = stream.read(len(_GZIP)) == _GZIP
        stream.seek(0)
        start = (_Unpacked(path, stream, UNPACKED_AT_MOST) if packed else stream).read(HEAD + 1)
    if not start:
        raise InputError("the file is empty", where=Where(path))
    return start if len(start) <= HEAD else _whole_lines(start[:HEAD], encoding.lower())


def opened(path: str) -> AbstractContextManager[BinaryIO]:
    """The bytes of the file, or of the standard input, as they are.

    Raises:
        InputError: it can't be read.

    """
    if path == STDIN:
        return io.BytesIO(_drained(sys.stdin.buffer))
    try:
        return Path(path).open("rb")
    except OSError as e:
        raise _unopened(path, e) from e


def whole(path: str, source: Opened = opened) -> tuple[bytes, str]:
    """All bytes of the export, unpacked, and the SHA-256 of the file as it is on the disk."""
    with source(path) as stream:
        raw = stream.read()
    digest = hashlib.sha256(raw).hexdigest()
    raw = unpacked(raw, path)
    if not raw:
        raise InputError("the file is empty", where=Where(path))
    return raw, digest


def is_packed(raw: bytes) -> bool:
    """Whether the bytes of a file are packed with gzip."""
    return raw.startswith(_GZIP)


def unpacked(raw: bytes, path: str) -> bytes:
    """The bytes of a file, unpacked where they are packed."""
    if not is_packed(raw):
        return raw
    stream = _Unpacked(path, io.BytesIO(raw), len(raw))
    return b"".join(iter(lambda: stream.read(HEAD), b""))


class Pieces(io.RawIOBase):
    """An export that is read once, piece by piece; ``progress`` is told of every piece."""

    def __init__(self, path: str, progress: Progress = silent, source: Opened = opened) -> None:
        self._path = path
        self._progress = progress
        self._file = source(path).__enter__()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as they are in the file."""
        chunk = self._file.read(size)
        self._progress(len(chunk), 0)
        return chunk

    def unpacked(self) -> BinaryIO:
        """The same, unpacked where the file is packed."""
        start = self._file.read(len(_GZIP))
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        packed = start == _GZIP
        return cast("BinaryIO", _Unpacked(self._path, cast("BinaryIO", self), size) if packed else self)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()


class Hashed(Pieces):
    """An export that is hashed, while it is read, on another core."""

    def __init__(self, path: str, progress: Progress = silent, source: Opened = opened) -> None:
        super().__init__(path, progress, source)
        self._hash = hashlib.sha256()
        self._hashing = ThreadPoolExecutor(max_workers=1)
        self._last = self._hashing.submit(self._hash.update, b"")

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as they are in the file."""
        chunk = super().read(size)
        self._last.result()  # at most one chunk waits, whichever of the two is slower
        self._last = self._hashing.submit(self._hash.update, chunk)
        return chunk

    def digest(self) -> str:
        """The SHA-256 of the whole file, as it is on the disk."""
        while self.read(HEAD):
            pass
        self._hashing.shutdown()
        return self._hash.hexdigest()

    def close(self) -> None:
        """Let go of the file, whatever is still to be hashed."""
        self._hashing.shutdown(cancel_futures=True)
        super().close()


def refuse_binary(raw: bytes, path: str, encoding: str) -> None:
    """Raise InputError where the bytes are no text: a known other file, or NUL bytes outside UTF-16 and UTF-32."""
    for mark, what in _STRANGERS.items():
        if raw.startswith(mark):
            raise InputError(f"this is {what}, not an export", where=Where(path), hint="save it as CSV in UTF-8")
    if (
        b"\x00" not in raw
        or raw.startswith(_WIDE_MARKS)
        or encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    ):
        return
    line = raw.count(b"\n", 0, raw.index(b"\x00")) + 1
    wide = raw[1::2].count(b"\x00") * 3 > len(raw) or raw[::2].count(b"\x00") * 3 > len(raw)
    order = "le" if raw[1:2] == b"\x00" else "be"
    hint = (
        f"it looks like UTF-16 without a byte order mark: say --encoding utf-16-{order}"
        if wide
        else "is it the right file?"
    )
    raise InputError("it holds NUL bytes, so it is no text file", where=Where(path, line), hint=hint)


def is_wildcard(path: str) -> bool:
    """Whether the path stands for those that match it."""
    return ("*" in path or "?" in path) and not os.path.lexists(path)


def _matched(path: str) -> list[str]:
    if not is_wildcard(path):
        return [path]
    return glob.glob(path.replace("[", "[[]")) or [path]  # noqa: PTH207 - as the user typed it


def _exports(path: str) -> Iterator[str]:
    if path == STDIN:
        yield path
        return
    try:
        mode = Path(path).stat().st_mode
    except OSError as e:
        if isinstance(e, FileNotFoundError | NotADirectoryError):
            raise InputError("there is no such file", where=Where(path), hint=_nearest(path)) from e
        raise _unopened(path, e) from e
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        yield from _in_folder(path)
    else:
        raise InputError(
            "this is no regular file", where=Where(path), hint='hand it over on the standard input, named "-"'
        )


def _in_folder(path: str) -> list[str]:
    try:
        found = sorted(Path(path).iterdir())
    except OSError as e:
        raise _unopened(path, e) from e
    files = [str(f) for f in found if f.name.lower().removesuffix(".gz").endswith(SUFFIXES) and f.is_file()]
    if not files:
        endings = ", ".join(f"*{s}" for s in SUFFIXES)
        raise InputError(
            "the folder holds no exports", where=Where(path), hint=f"exports are {endings}, also packed as .gz"
        )
    return files


def _nearest(path: str) -> str:
    missing = Path(path)
    try:
        names = sorted(p.name for p in missing.parent.iterdir())
    except OSError:
        return f"there is no folder {missing.parent} either"
    near = difflib.get_close_matches(missing.name, names, 1)
    return f"did you mean {missing.parent / near[0]}?" if near else ""


@lru_cache(maxsize=1)
def _drained(stream: BinaryIO) -> bytes:
    """The standard input can be read once only, and both the look at the head and the reading need it."""
    return stream.read()


class _Unpacked(gzip.GzipFile):
    """A packed export of ``size`` bytes, whose faults are the user's to know of."""

    def __init__(self, path: str, stream: BinaryIO, size: int) -> None:
        super().__init__(fileobj=stream, mode="rb")
        self._path = path
        self._limit = min(max(UNPACKED_TIMES * size, UNPACKED_ALWAYS), UNPACKED_AT_MOST)
        self._left = self._limit

    def read(self, size: int | None = -1) -> bytes:
        try:
            piece = super().read(size)
        except (EOFError, OSError, zlib.error) as e:
            raise InputError(
                "the packed file is damaged or cut off", where=Where(self._path), hint="export it again"
            ) from e
        self._left -= len(piece)
        if self._left < 0:
            sentence = f"the packed file unpacks to more than {self._limit >> 20} MiB, as no export of its size does"
            raise InputError(sentence, where=Where(self._path), hint="if it is one all the same, unpack it yourself")
        return piece


def _whole_lines(start: bytes, encoding: str) -> bytes:
    """Up to the last line end, so that no character and no line is cut in two."""
    line_end = b"\n"
    if start.startswith(b"\xff\xfe") or encoding.endswith("le"):
        line_end = b"\n\x00"
    elif start.startswith(b"\xfe\xff") or encoding.endswith("be"):
        line_end = b"\x00\n"
    at = start.rfind(line_end)
    while at > 0 and at % len(line_end):
        at = start.rfind(line_end, 0, at)
    return start[: at + len(line_end)] if at > 0 else start


def _unopened(path: str, error: OSError) -> InputError:
    return InputError(f"it can't be read: {error.strerror}", where=Where(path))
