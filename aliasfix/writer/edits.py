"""Pieces of an export that get another text, while every other octet stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Change:
    """A value in an export, and what becomes of it; ``line`` is where the value, or the row of a CSV, starts."""

    line: int
    attribute: str
    old: str
    new: str

    def failed(self, path: str, why: str) -> InputError:
        """The error that says why the value can't be replaced."""
        return InputError(f'{self.attribute} "{self.old}" can\'t be replaced: {why}', where=Where(path, self.line))


@dataclass(frozen=True, slots=True)
class Edit:
    """Another text for what stands between two places of the export's text, counted in octets of UTF-8."""

    start: int
    end: int
    text: bytes  # UTF-8
    change: Change  # why


def spliced(raw: bytes, mark: int, codec: str, text: bytes, edits: Sequence[Edit], path: str) -> bytes:
    """The export with the edits, which stand in the order of their places.

    ``text`` is what follows the byte order mark of ``mark`` octets, in UTF-8, and ``codec`` what it is encoded in.

    Raises:
        InputError: the encoding has no such character.

    """
    errors = "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"

    def length(start: int, end: int) -> int:
        if codec == "utf-8":
            return end - start
        return len(text[start:end].decode("utf-8", errors).encode(codec, errors))

    pieces = [raw[:mark]]
    stays, end = mark, 0  # from where on the export, and its text, stay as they are
    for edit in edits:
        at = stays + length(end, edit.start)
        pieces += [raw[stays:at], _encoded(edit, codec, path)]
        stays, end = at + length(edit.start, edit.end), edit.end
    return b"".join([*pieces, raw[stays:]])


def _encoded(edit: Edit, codec: str, path: str) -> bytes:
    if codec == "utf-8":
        return edit.text
    try:
        return edit.text.decode().encode(codec)
    except UnicodeEncodeError as e:
        raise edit.change.failed(path, f'{codec} has no "{e.object[e.start]}", which "{edit.change.new}" has') from e
