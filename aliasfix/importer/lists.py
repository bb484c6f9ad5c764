"""The small files beside the exports: names of entries, reserved names, and the maps of earlier runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.ldap import dn
from aliasfix.plan import Named
from aliasfix.text.spreadsheet import unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAP = ("dn", "old", "new")


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
    """The names in a ``changes.map.csv``, old and new, each with the key of its holder's DN.

    Raises:
        InputError: the file can't be read, or is no map.

    """
    rows = csv.DictReader(io.StringIO(_text(path), newline=""))
    missing = [c for c in _MAP if c not in (rows.fieldnames or ())]
    if missing:
        raise InputError(
            f'the map of earlier renames has no column "{missing[0]}"',
            where=Where(path, 1),
            hint="give a changes.map.csv that aliasfix wrote",
        )
    held: list[tuple[str, str]] = []
    for row in rows:
        try:
            key = dn.key(unguarded(row["dn"] or ""))
        except dn.DNError as e:
            raise InputError(f"the DN can't be read: {e}", where=Where(path, rows.line_num)) from e
        held += [(key, unguarded(row[c])) for c in ("old", "new") if row[c]]
    return tuple(held)


def _lines(path: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_text(path).splitlines(), 1):
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
