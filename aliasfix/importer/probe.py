"""A look at the head of each export: what it is, before all of it is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aliasfix.directory import Source
from aliasfix.errors import UsageError
from aliasfix.importer import csv_entries, decoding, files, layouts, ldif_entries
from aliasfix.importer.options import Options, name_for
from aliasfix.ldap import ldif

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DNS = 8  # shown by a Source
_SHAPE = re.compile(rb"^(?:(?:objectclass|changetype):.*(?:\n .*)*|[a-z][^:\n]*:)", re.IGNORECASE | re.MULTILINE)


def probe(paths: Sequence[str], options: Options) -> list[Source]:
    """The exports that the paths name, by path, each with what its first MiB shows.

    Raises:
        InputError: a path names nothing, or a file is no export.
        UsageError: an option names a file that is not among them, or an encoding that does not exist.

    """
    decoding.refuse_unknown(options.encoding)
    exports = files.expand(paths)
    if not exports:
        raise UsageError("no export was named", hint='name files, folders, or "-" for the standard input')
    options.refuse_strangers(exports)
    return [_look(path, options) for path in exports]


def _look(path: str, options: Options) -> Source:
    raw = files.head(path, options.encoding)
    text, encoding = decoding.decode_ldif(raw, path, options.encoding)
    if ldif_entries.is_ldif(text):
        return _look_at_ldif(text, path, encoding, options)
    files.refuse_binary(raw, path, options.encoding)
    if path.lower().removesuffix(".gz").endswith((".ldif", ".ldf")):
        return _look_at_ldif(text, path, encoding, options)
    return _look_at_csv(raw, path, options)


def _look_at_ldif(text: bytes, path: str, encoding: str, options: Options) -> Source:
    names: dict[str, str] = {}
    classes: dict[str, str] = {}
    dns: list[str] = []
    for record in _telling(text):
        ldif_entries.refuse_change(record, path)
        dns.append(record.dn)
        for line in filter(ldif_entries.plain, record.lines):
            names.setdefault(line.name.lower(), line.name)
            if line.name.lower() == "objectclass":
                value = line.value.decode("utf-8", "replace")
                classes.setdefault(value.lower(), value)
    return Source(
        path,
        name_for(options.labels, path),
        format="ldif",
        encoding=encoding,
        attributes=tuple(names.values()),
        classes=tuple(classes.values()),
        dns=tuple(dns[:_DNS]),
    )


def _telling(text: bytes) -> Iterator[ldif.Record]:
    """The first records, and further ones with attributes, object classes or a changetype that none before them had."""
    seen: set[frozenset[bytes]] = set()
    count, line = 0, 1
    text = text.replace(b"\r\n", b"\n")
    for piece in (text if b"\n" in text else text.replace(b"\r", b"\n")).split(b"\n\n"):
        shape = frozenset(_SHAPE.findall(piece))
        if count < _DNS or shape not in seen:
            found = list(ldif.records(piece + b"\n", line))
            records = [r for r in found if isinstance(r, ldif.Record)]
            yield from records
            count += len(records)
            if len(records) == len(found):
                seen.add(shape)
        line += piece.count(b"\n") + 2


def _look_at_csv(raw: bytes, path: str, options: Options) -> Source:
    export = layouts.recognise(raw, path, options)
    shown = csv_entries.read(export, path, {"objectclass": "objectClass"})
    return Source(
        path,
        name_for(options.labels, path),
        format=export.layout.table.format,
        encoding=export.encoding,
        attributes=export.layout.attributes,
        classes=tuple(dict.fromkeys(shown.values["value"].to_pylist())),
        dns=tuple(shown.entries["dn"].slice(0, _DNS).to_pylist()),
        has_dn=export.namer.has_dn,
    )
