"""Exports in, a Directory out: LDIF and CSV, whatever tool wrote them.

``probe`` looks at the heads, ``choose`` finds the ruleset they speak for, ``read`` reads the attributes it wants.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, Where
from aliasfix.importer import csv_entries, files, layouts, ldif_entries
from aliasfix.importer.assemble import Extract, wanted
from aliasfix.importer.blocks import blocks
from aliasfix.importer.choose import Choice, choose
from aliasfix.importer.merge import merge, spread
from aliasfix.importer.options import Options
from aliasfix.importer.probe import probe
from aliasfix.importer.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.directory import Directory, Source
    from aliasfix.importer.files import Opened

__all__ = ["Choice", "Options", "Progress", "choose", "probe", "read", "read_apart"]

SIZE_LIMITS = (100, 500, 1000, 2000, 5000)  # Exchange 5.5: 100; OpenLDAP: 500; Active Directory: 1000, 5000; 389: 2000


def read(
    sources: Sequence[Source],
    attributes: Sequence[str],
    options: Options,
    progress: Progress = silent,
    opened: Opened = files.opened,
) -> Directory:
    """The entries of the probed exports with these attributes, named in any case and spelled as they are named here.

    ``progress`` is told of the octets and entries as they are read, ``opened`` gives the bytes of each export.

    Raises:
        InputError: a file is no export of its format, or two exports differ about an entry.
        UsageError: entries have no DN without ``organization`` and ``site``.

    """
    return merge(*_extracts(sources, attributes, options, progress, opened))


def read_apart(
    sources: Sequence[Source], attributes: Sequence[str], options: Options, progress: Progress = silent
) -> Directory:
    """The same, with the values of every record and row, also where several are of one entry and say the same."""
    return spread(*_extracts(sources, attributes, options, progress, files.opened))


def _extracts(
    sources: Sequence[Source], attributes: Sequence[str], options: Options, progress: Progress, opened: Opened
) -> tuple[list[Source], list[Extract]]:
    extracts = []
    found = []
    for source in sorted(sources, key=lambda s: s.path):
        seen, extract = _read(source, attributes, options, progress, opened)
        extracts.append(extract)
        found.append(seen)
    return found, extracts


def _read(
    source: Source, attributes: Sequence[str], options: Options, progress: Progress, opened: Opened
) -> tuple[Source, Extract]:
    if source.format == "ldif":
        extract, encoding, digest = _read_ldif(source, attributes, options, progress, opened)
    else:
        extract, encoding, digest = _read_csv(source.path, attributes, options, progress, opened)
    count = extract.entries.num_rows
    if source.format == "ldif" and not count and not extract.unreadable:
        raise InputError("the file holds no entry", where=Where(source.path))
    cut = (f"it has exactly {count} entries, a common size limit",) if count in SIZE_LIMITS else ()
    return replace(
        source,
        sha256=digest,
        encoding=encoding,
        entries=count,
        unreadable=len(extract.unreadable),
        optioned=extract.optioned,
        incomplete=(*extract.incomplete, *cut),
    ), extract


def _read_ldif(
    source: Source, attributes: Sequence[str], options: Options, progress: Progress, opened: Opened
) -> tuple[Extract, str, str]:
    with files.Hashed(source.path, progress, opened) as stream:
        found = blocks(stream.unpacked(), source.path, options.encoding)
        extract = ldif_entries.read(found, source.path, wanted(attributes), progress)
        return extract, source.encoding, stream.digest()


def _read_csv(
    path: str, attributes: Sequence[str], options: Options, progress: Progress, opened: Opened
) -> tuple[Extract, str, str]:
    raw, digest = files.whole(path, opened)
    files.refuse_binary(raw, path, options.encoding)
    export = layouts.recognise(raw, path, options)
    del raw  # what is not UTF-8 was copied
    extract = csv_entries.read(export, path, wanted(attributes), progress)
    extract = replace(extract, incomplete=(*extract.incomplete, *layouts.doubts(export, extract)))
    return extract, export.encoding, digest
