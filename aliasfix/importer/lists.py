"""The small files beside the exports: names of entries, reserved names, and the maps of earlier runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.ldap import dn
from aliasfix.plan import Named, holder
from aliasfix.text.spreadsheet import long_cells, unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAP = ("dn", "old", "new")
_WRITTEN = "give a changes.map.csv as aliasfix wrote it"


def entry_names(path: str) -> tuple[Named, ...]:
    """One DN or mail address a line; blank lines and lines that start with ``#`` are passed over.

    Raises:
        InputError: the file can't be read as UTF-8 text.

    """
    return tuple(Named(text, Where(path, number)) for number, text in _lines(path))


def reserved_names(path: str) -> tuple[str, ...]:
    """One name a line, which nobody may be given.

    Raises:
        InputError: the file can't be read as UTF-8 text.

    """
    return tuple(text for _, text in _lines(path))


def held_names(path: str) -> tuple[tuple[str, str], ...]:
    """The names in a ``changes.map.csv``, old and new, each with its holder (see ``plan.holder``).

    Raises:
        InputError: the file can't be read, or is no map.

    """
    rows = _table(path)
    _, header = next(rows, (1, []))
    missing = [c for c in _MAP if c not in header]
    if missing:
        raise InputError(
            f'the map of earlier renames has no column "{missing[0]}"', where=Where(path, 1), hint=_WRITTEN
        )
    held: list[tuple[str, str]] = []
    for line, row in rows:
        if len(row) != len(header):
            where = Where(path, line)
            raise InputError(f"the row has {len(row)} cells, the header {len(header)}", where=where, hint=_WRITTEN)
        cells = dict(zip(header, map(unguarded, row), strict=True))
        try:
            key = dn.key(cells["dn"])
        except dn.DNError as e:
            raise InputError(f"the DN can't be read: {e}", where=Where(path, line)) from e
        who = holder(cells.get("label", ""), key)
        held += [(who, cells[c]) for c in ("old", "new") if cells[c]]
    return tuple(held)


def _table(path: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line it ends at."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    with long_cells():
        try:
            yield from ((reader.line_num, row) for row in reader if row)
        except csv.Error as e:
            raise InputError(f"the row is no CSV: {e}", where=Where(path, reader.line_num), hint=_WRITTEN) from e


def _lines(path: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(io.StringIO(_text(path), newline=None), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield number, text


def _text(path: str) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as e:
        raise InputError(f"the file can't be read: {e.strerror}", where=Where(path)) from e
    except UnicodeDecodeError as e:
        raise InputError("the file is not UTF-8 text", where=Where(path), hint="save it as UTF-8") from e
