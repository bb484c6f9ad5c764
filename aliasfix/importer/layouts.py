"""What a CSV export is: its format, how its rows are written, and what names its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix import columns
from aliasfix.importer import decoding, files, headers, naming, separators
from aliasfix.importer.options import name_for

if TYPE_CHECKING:
    from aliasfix.importer.assemble import Extract
    from aliasfix.importer.headers import Layout
    from aliasfix.importer.options import Options


@dataclass(frozen=True, slots=True)
class Export:
    """One CSV export: its octets in the file, its text in UTF-8, the encoding it came in, and what its header says."""

    size: int
    octets: bytes
    encoding: str
    layout: Layout
    namer: naming.Namer


def recognise(raw: bytes, path: str, options: Options) -> Export:
    """The export that the bytes of the file, or of its head, are.

    Raises:
        InputError: its format can't be told, its bytes are in another encoding, or no column names its entries.

    """
    head = decoding.glimpse(raw[: files.HEAD], options.encoding)
    said = separators.named(options.separators)
    quote = said.quote or '"'
    if options.table:
        layout = headers.laid_out(head, path, options.table, said.column, quote)
    else:
        layout = headers.recognise(head, path, said.column, quote)
    layout = separators.settled(layout, head, path, said)
    octets, encoding = decoding.octets(raw, path, named=options.encoding, fallback=layout.table.fallback)
    namer = naming.namer(layout, path, name_for(options.organization, path), name_for(options.site, path))
    return Export(len(raw), octets, encoding, layout, namer)


def doubts(export: Export, extract: Extract) -> tuple[str, ...]:
    """Why the export may be less than it should be: sentences."""
    return tuple(filter(None, (_of_an_import(export.layout), _lost(export, extract))))


def _of_an_import(layout: Layout) -> str:
    orders = [layout.header.cells[place] for place, column in layout.columns if column.refused]
    return f"its column {orders[0]} shows an import file, which may hold only what is to be changed" if orders else ""


def _lost(export: Export, extract: Extract) -> str:
    """What shows that characters beyond ASCII were lost in the export."""
    table = export.layout.table
    if not table.lossy:
        return ""
    attributes, texts = (columns.whole(extract.values[c]) for c in ("attribute", "value"))
    names = columns.texts(attributes.dictionary)
    told = export.encoding in decoding.MARKED or not export.octets.isascii()
    if told or table.alias not in names:
        return ""
    held = columns.integers(attributes.indices) == names.index(table.alias)
    count = int((held & columns.containing(texts, table.lossy)).sum())
    lost = f"{count} of its aliases hold a {table.lossy}, which may stand for a character that is not ASCII"
    return f"{lost}: export again with -Encoding UTF8" if count else ""
