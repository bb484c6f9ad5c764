"""The values of an LDIF export that may mention a name: found by columns, read by the careful reader."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.importer import files
from aliasfix.importer.anchors import Value
from aliasfix.importer.blocks import blocks
from aliasfix.ldap import dn as names
from aliasfix.ldap import ldif

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from aliasfix.importer.anchors import Anchors
    from aliasfix.importer.options import Options
    from aliasfix.importer.progress import Progress

    Integers = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Mask = NDArray[np.bool_]

_LF, _SPACE = b"\n "
# Spaces alone on a line or at the start of a record: only the careful reader knows what they continue or end.
_BLANK_FOLD = re.compile(rb"\n [ \t\x0b\x0c]*\n|\n\n ")
_BLANK = re.compile(rb"\n[\t\x0b\x0c][ \t\x0b\x0c]*\n")
_BASE64 = re.compile(rb":: *([A-Za-z0-9+/=]+)\n")  # and the end of some plain values, which does no harm
_PLAIN_DN = re.compile(rb"dn: ([!-9;=-~](?:[ -~]*[!-~])?)")
_PLAIN_LINE = re.compile(rb"([A-Za-z][A-Za-z0-9-]*): ([!-9;=-~](?:[ -~]*[!-~])?)")
_PAD = bytes(16)


def values(path: str, anchors: Anchors, options: Options, progress: Progress) -> Iterator[Value]:
    """The values near the anchors, as far as they are UTF-8, and perhaps others of their entries."""
    with files.Pieces(path, progress) as stream:
        for text, first_line in blocks(stream.unpacked(), path, options.encoding):
            folded = b"\n " in text
            if _is_subtle(text, folded=folded):
                yield from _read(text, range(first_line, first_line + text.count(b"\n")))
            else:
                yield from _near(text, text.replace(b"\n ", b"") if folded else text, first_line, anchors)


def _is_subtle(text: bytes, *, folded: bool) -> bool:
    """Whether lines and records can't be told apart by LF and one space."""
    if b"\r" in text or b"\x1a" in text or text[:1].isspace():
        return True
    if any(blank in text for blank in (b"\t", b"\x0b", b"\x0c")) and _BLANK.search(text):
        return True
    return folded and _BLANK_FOLD.search(text) is not None


def _near(text: bytes, flat: bytes, first_line: int, anchors: Anchors) -> Iterator[Value]:
    """The values of a block near the anchors; ``flat`` is the block unfolded."""
    places = np.concatenate((anchors.places(flat), _encoded(flat, anchors)))
    if not len(places):
        return
    lines = _Lines.of(text, flat, first_line)
    for head, hits in lines.records(places, anchors):
        plain = _plain(lines, head, hits)
        if plain is not None:
            yield from plain
            continue
        wanted = lines.whole(head, hits)
        yield from _read(b"".join([lines.text(line) + b"\n" for line in wanted]), lines.numbers[wanted].tolist())


def _plain(lines: _Lines, head: int, hits: Sequence[int]) -> list[Value] | None:
    """What the careful reader reads of these lines of a record, where all of them are of the plainest form."""
    found = _PLAIN_DN.fullmatch(lines.text(head))
    read = [_PLAIN_LINE.fullmatch(lines.text(line)) for line in hits]
    if not found or not all(read) or lines.directed(head):
        return None
    dn = found[1].decode()
    try:
        names.parse(dn)
    except names.DNError:
        return None
    numbers = lines.numbers[list(hits)].tolist()
    return [Value(dn, r[1].decode(), r[2].decode(), number) for r, number in zip(read, numbers, strict=True) if r]


def _encoded(flat: bytes, anchors: Anchors) -> Integers:
    """The places of base64 values that are near the anchors."""
    decoded = [_decoded(encoded) for encoded in _BASE64.findall(flat)]
    ends = np.cumsum([len(value) + 1 for value in decoded], dtype=np.int64)
    near = np.unique(np.searchsorted(ends, anchors.places(b"\n".join(decoded)), side="right"))
    if not len(near):
        return near
    return np.array([found.start(1) for found in _BASE64.finditer(flat)], dtype=np.int64)[near]


def _decoded(encoded: bytes) -> bytes:
    try:
        return binascii.a2b_base64(encoded)
    except binascii.Error:  # which the reader reports
        return b""


def _read(text: bytes, numbers: range | list[int]) -> Iterator[Value]:
    """What the careful reader reads of the lines, which have these numbers in the file."""
    for item in ldif.records(text):
        if not isinstance(item, ldif.Record):
            continue
        for line in item.lines:
            try:
                value = line.value.decode()
            except UnicodeDecodeError:
                continue
            yield Value(item.dn, ";".join((line.name, *line.options)), value, numbers[line.number - 1])


@dataclass(frozen=True, slots=True)
class _Lines:
    """The unfolded lines of a block."""

    flat: bytes
    starts: Integers
    ends: Integers
    numbers: Integers  # in the file
    words: Words  # eight octets from each place on
    heads: Integers  # the first line of each record
    directives: Integers  # the lines that say what a record is: changetype and control

    @classmethod
    def of(cls, text: bytes, flat: bytes, first_line: int) -> _Lines:
        starts, ends = _lines(flat)
        numbers = np.arange(len(starts)) + first_line
        if len(flat) < len(text):
            numbers = np.flatnonzero(np.frombuffer(text, np.uint8)[_lines(text)[0]] != _SPACE) + first_line
        words: Words = np.ndarray((len(flat) + 9,), "<u8", flat + _PAD, strides=(1,))
        firsts = _lowered(words[starts])
        blank = starts == ends
        after_blank = np.concatenate(([True], blank[:-1]))
        heads = np.flatnonzero(~blank & (after_blank | _begins(firsts, b"dn:")))
        directives = np.flatnonzero(_begins(firsts, b"changety") | _begins(firsts, b"control:"))
        return cls(flat, starts, ends, numbers, words, heads, directives)

    def text(self, line: int) -> bytes:
        """The line without its end."""
        return self.flat[self.starts[line] : self.ends[line]]

    def records(self, places: Integers, anchors: Anchors) -> Iterator[tuple[int, list[int]]]:
        """Of each record its first line and those at these places; not DN, class, comments and the names themselves."""
        lines = np.searchsorted(self.starts, places, side="right") - 1
        lines = np.unique(lines[places != self.starts[lines]])  # what starts a line is the attribute's name
        first, second = (_lowered(self.words[self.starts[lines] + n]) for n in (0, 8))
        classes = _begins(first, b"objectcl") & _begins(second, b"ass:")
        lines = lines[~(classes | _begins(first, b"dn:") | _begins(first, b"#"))]
        record = np.searchsorted(self.heads, lines, side="right") - 1
        for number, hits in groupby(zip(record.tolist(), lines.tolist(), strict=True), key=itemgetter(0)):
            sought = [line for _, line in hits if not self._is_held(line, anchors)]
            if sought:
                yield int(self.heads[number]), sought

    def _is_held(self, line: int, anchors: Anchors) -> bool:
        attribute, _, value = self.text(line).partition(b": ")
        return anchors.is_held(attribute, value)

    def directed(self, head: int) -> bool:
        """Whether the record says what it is: by a changetype or control."""
        return self._last_directive(head) > head

    def whole(self, head: int, hits: Sequence[int]) -> Integers:
        """The lines of the record up to its last directive, and the hits behind it."""
        last = max(self._last_directive(head), head)
        return np.array([*range(head, last + 1), *(line for line in hits if line > last)], dtype=np.int64)

    def _last_directive(self, head: int) -> int:
        number = int(np.searchsorted(self.heads, head, side="right"))
        after = int(self.heads[number]) if number < len(self.heads) else len(self.starts)
        last = int(np.searchsorted(self.directives, after)) - 1
        return int(self.directives[last]) if last >= 0 else -1


def _lines(text: bytes) -> tuple[Integers, Integers]:
    """Where the lines start and end."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _LF)
    return np.concatenate(([0], ends[:-1] + 1)), ends


def _lowered(words: Words) -> Words:
    return words | np.uint64(0x2020202020202020)


def _begins(words: Words, text: bytes) -> Mask:
    """Which of the words, in lower case, begin with the text."""
    found: Mask = words & np.uint64((1 << 8 * len(text)) - 1) == np.uint64(int.from_bytes(text, "little"))
    return found
