"""The exports again, with the new values of a plan in place: same format, encoding, order and line ends."""

from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.errors import InputError, UsageError, Where
from aliasfix.importer import files, layouts
from aliasfix.ldap import encodings
from aliasfix.writer import cleaned_csv, cleaned_ldif
from aliasfix.writer.edits import Change, spliced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aliasfix.directory import Directory, Source
    from aliasfix.importer.options import Options
    from aliasfix.plan import Row

_LEVEL = 6  # of gzip: the highest takes three times as long for two percent


def targets(paths: Iterable[str], folder: Path) -> dict[str, Path]:
    """The file that each export becomes: of the same name, in the folder.

    Raises:
        UsageError: an export has no name of its own.

    """
    found: dict[str, Path] = {}
    taken: dict[str, str] = {}
    for path in paths:
        if path == files.STDIN:
            raise UsageError(
                "a cleaned export has the name of its export, and the standard input has none",
                hint="save it as a file, and name that",
            )
        name = Path(path).name
        other = taken.setdefault(name.casefold(), path)
        if other != path:
            raise UsageError(
                f"{other} and {path} have one name, so one folder can't hold both",
                hint="rename one of them",
            )
        found[path] = folder / name
    return found


def changes(directory: Directory, rows: Iterable[Row]) -> dict[str, list[Change]]:
    """What the rows change, by the path of the export.

    ``directory`` has the values of every record and row (see ``importer.read_apart``).
    """
    by_name: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_name.setdefault((row.label, row.dn), []).append(row)
    mask = columns.is_in(columns.whole(directory.entries["dn"]), {dn for _, dn in by_name})
    numbers = np.flatnonzero(mask)
    labels, dns = (columns.texts(columns.only(columns.whole(directory.entries[c]), mask)) for c in ("label", "dn"))
    new = {
        (number, row.attribute.lower(), row.old): row
        for number, name in zip(numbers.tolist(), zip(labels, dns, strict=True), strict=True)
        for row in by_name.get(name, ())
    }
    found: dict[str, list[Change]] = {}
    for attribute in sorted({attribute for _, attribute, _ in new}):
        table = directory.values_of(attribute)
        entries = columns.integers(table["entry"])
        held = np.flatnonzero(np.isin(entries, numbers))
        texts = columns.texts(columns.take(columns.whole(table["value"]), held))
        places = (entries[held], columns.integers(table["source"])[held], columns.integers(table["line"])[held])
        for entry, source, line, text in zip(*(p.tolist() for p in places), texts, strict=True):
            if (entry, attribute, text) in new:
                row = new[entry, attribute, text]
                change = Change(line, row.attribute, row.old, row.new)
                found.setdefault(directory.sources[source].path, []).append(change)
    return found


def export(source: Source, options: Options, wanted: Sequence[Change]) -> bytes:
    """The bytes of the export, packed if it is, with these changes.

    Raises:
        InputError: it is not what it was when it was read, or a value can't be written in it.

    """
    with files.opened(source.path) as stream:
        raw = stream.read()
    if hashlib.sha256(raw).hexdigest() != source.sha256:
        raise InputError("the file has changed since it was read", where=Where(source.path), hint="run it again")
    if not wanted:
        return raw
    new = _edited(files.unpacked(raw, source.path), source, options, wanted)
    return _packed(new) if files.is_packed(raw) else new


def _edited(raw: bytes, source: Source, options: Options, wanted: Sequence[Change]) -> bytes:
    path = source.path
    if source.format == "ldif":
        mark, codec, _ = encodings.encoding_of(raw, options.encoding)
        text, _ = encodings.decode(raw, options.encoding)
        return spliced(raw, mark, codec, text, list(cleaned_ldif.edits(text, path, wanted)), path)
    found = layouts.recognise(raw, path, options)
    mark, codec, _ = encodings.encoding_of(raw, found.encoding)
    text = raw[mark:] if codec == "utf-8" else raw[mark:].decode(codec).encode()
    edits = list(cleaned_csv.edits(text, found, path, wanted))
    fallback = found.layout.table.fallback
    if fallback and not mark and not options.encoding and raw.isascii():  # its product knows no UTF-8
        codec = fallback
    return spliced(raw, mark, codec, text, edits, path)


def _packed(raw: bytes) -> bytes:
    """The bytes packed with gzip, the same on every system."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=_LEVEL, mtime=0) as stream:
        stream.write(raw)
    return packed.getvalue()
