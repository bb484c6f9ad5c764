"""The new values of an LDIF export: each written plain or in base64 as RFC 2849 needs, folded as its file folds."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.importer import syntaxes
from aliasfix.ldap import ldif
from aliasfix.writer.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from aliasfix.writer.edits import Change

    Integers = NDArray[np.int64]

_LF, _CR, _SPACE, _HASH = b"\n\r #"
_ATTRVAL = re.compile(rb"([^:]*)(::?)( *)(.*)", re.DOTALL)
# SAFE-STRING of RFC 2849, without control characters, and without a space at its end (note 8).
_SAFE = re.compile(rb"[!-9;=-~](?:[ -~]*[!-~])?")


def edits(text: bytes, path: str, changes: Sequence[Change]) -> Iterator[Edit]:
    """The pieces of the text, which is UTF-8, that the changes replace, in its order.

    Raises:
        InputError: the value is not where it was read.

    """
    lines = _Lines.of(text)
    for change in sorted(changes, key=lambda c: c.line):
        found = next((f for f in lines.attrvals(change.line) if f.holds(change)), None)
        if found is None:
            raise change.failed(path, "this line does not hold it")
        yield Edit(found.start, found.end, lines.folded(found.with_value(change.new), found.line_end), change)


@dataclass(frozen=True, slots=True)
class _Attrval:
    """An attrval-spec as it stands in the text, up to the end of its last line; ``flat`` is the same unfolded."""

    start: int
    end: int
    flat: bytes
    line_end: bytes

    def holds(self, change: Change) -> bool:
        found = _ATTRVAL.fullmatch(self.flat)
        if not found or found[1].partition(b";")[0].lower() != change.attribute.lower().encode():
            return False
        try:
            value = ldif.unbase64(found[4]) if found[2] == b"::" else found[4]
            return syntaxes.text(change.attribute.lower(), value) == change.old
        except ValueError:
            return False

    def with_value(self, new: str) -> bytes:
        """The same with another value; how many spaces stand before it stays."""
        head, _, fill, _ = _ATTRVAL.fullmatch(self.flat).groups()  # type: ignore[union-attr]  # it holds a value
        value = new.encode()
        if _SAFE.fullmatch(value):
            return bytes(head + b":" + fill + value)
        return bytes(head + b"::" + fill + base64.b64encode(value))


@dataclass(frozen=True, slots=True)
class _Lines:
    """The physical lines of the text, and where it folds."""

    text: bytes
    starts: Integers
    ends: Integers  # behind the line end
    width: int  # octets of the longest that is no comment, where lines are folded; 0: no line is

    @classmethod
    def of(cls, text: bytes) -> _Lines:
        text = text.removesuffix(b"\x1a")  # Ctrl-Z ended a file in MS-DOS
        octets = np.frombuffer(text, np.uint8)
        line_end = _LF if b"\n" in text else _CR
        ends = np.flatnonzero(octets == line_end) + 1
        if octets[-1] != line_end:
            ends = np.append(ends, len(text))
        starts = np.concatenate(([0], ends[:-1]))
        firsts = octets[starts]
        bare = ends - starts - (octets[ends - 1] == line_end)
        bare -= (bare > 0) & (octets[starts + np.maximum(bare - 1, 0)] == _CR)
        folds = (firsts[1:] == _SPACE) & (bare[:-1] > 0)
        return cls(text, starts, ends, int(bare[firsts != _HASH].max(initial=0)) if folds.any() else 0)

    def attrvals(self, line: int) -> Iterator[_Attrval]:
        """What may start on this line: without the lines of nothing but spaces behind it, then with them."""
        last = line
        while last < len(self.starts) and self.text[self.starts[last]] == _SPACE:
            last += 1
        pieces = [self._bare(number) for number in range(line - 1, last)]
        whole = len(pieces)
        while pieces[whole - 1].isspace():
            whole -= 1
        for count in dict.fromkeys((whole, len(pieces))):
            number = line - 2 + count
            flat = pieces[0] + b"".join(piece[1:] for piece in pieces[1:count])
            start, end = int(self.starts[line - 1]), int(self.starts[number]) + len(pieces[count - 1])
            first_end = self.text[start + len(pieces[0]) : self.ends[line - 1]]
            yield _Attrval(start, end, flat, first_end)

    def _bare(self, number: int) -> bytes:
        return self.text[self.starts[number] : self.ends[number]].rstrip(b"\r\n")

    def folded(self, flat: bytes, line_end: bytes) -> bytes:
        """The line as this file folds; ASCII, so that no character is cut."""
        if not 1 < self.width < len(flat):
            return flat
        rest = range(self.width, len(flat), self.width - 1)
        return line_end.join([flat[: self.width], *(b" " + flat[at : at + self.width - 1] for at in rest)])
