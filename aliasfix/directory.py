"""What was read from the exports, in one store: sources, entries, values, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from aliasfix.errors import Where

ENTRIES = pa.schema(
    [
        ("dn", pa.string()),  # as exported; no real DN where the source has none (Source.has_dn)
        ("key", pa.string()),  # aliasfix.ldap.dn.key(dn)
        ("label", pa.string()),  # the label of its source, "" where none was given
        ("source", pa.int32()),  # index into Directory.sources
        ("line", pa.int64()),  # of its dn line or its row, counted from 1
    ]
)
VALUES = pa.schema(
    [
        ("attribute", pa.dictionary(pa.int32(), pa.string())),  # spelled as it was asked for, without options
        ("entry", pa.int32()),  # row of the entries table
        ("value", pa.string()),
        ("source", pa.int32()),
        ("line", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Source:
    """One export file: what its head shows (probe) and what reading it found (read)."""

    path: str  # as the user named it
    label: str = ""
    sha256: str = ""  # of the file's bytes; "" until read
    format: str = ""  # the key of a reader or header table: "ldif", "exchange55", "powershell", …
    encoding: str = ""  # "utf-8", "utf-8-sig", "utf-16", "cp1252", …
    attributes: tuple[str, ...] = ()  # LDAP names found (probe: in the head; CSV: all columns)
    classes: tuple[str, ...] = ()  # objectClass values found in the head
    dns: tuple[str, ...] = ()  # the first DNs
    has_dn: bool = True  # False: entries are named by mail address or GUID, LDAP can't change them
    entries: int = 0
    unreadable: int = 0
    optioned: tuple[tuple[str, int], ...] = ()  # attributes, in lower case, and how many of their values have options
    incomplete: tuple[str, ...] = ()  # each reason why the export may be cut off, a sentence

    @property
    def complete(self) -> bool:
        """Whether everything of the file was read and nothing shows that the export was cut off."""
        return not self.incomplete and not self.unreadable


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record, row or value that could not be read: where, and a sentence that says why."""

    where: Where
    what: str
    dn: str = ""
    attribute: str = ""


@dataclass(frozen=True)
class Directory:
    """Every entry of every export.

    ``entries`` has the columns of ``ENTRIES``, an entry's number is its row.
    ``values`` has the columns of ``VALUES``, sorted by attribute and then by entry; the values of one attribute in one
    entry stand in the order of the export.
    """

    sources: tuple[Source, ...]
    entries: pa.Table
    values: pa.Table
    unreadable: tuple[Unreadable, ...] = ()

    @cached_property
    def _slices(self) -> Mapping[str, tuple[int, int]]:
        """Offset and length of each attribute's run in ``values``."""
        names = self.values.column("attribute").unify_dictionaries().combine_chunks()
        codes = names.indices.to_numpy(zero_copy_only=False)
        if not len(codes):
            return {}
        starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
        ends = np.concatenate((starts[1:], [len(codes)]))
        words = names.dictionary.to_pylist()
        return {words[codes[s]]: (int(s), int(e - s)) for s, e in zip(starts, ends, strict=True)}

    def rows_of(self, attribute: str) -> range:
        """The rows of ``values`` that hold the attribute, named in any case."""
        offset, length = next((run for name, run in self._slices.items() if name.lower() == attribute.lower()), (0, 0))
        return range(offset, offset + length)

    @cached_property
    def _by_attribute(self) -> dict[str, pa.Table]:
        return {}

    def values_of(self, attribute: str) -> pa.Table:
        """The rows of ``values`` for one attribute, named in any case, by entry and in one piece."""
        name = attribute.lower()
        if name not in self._by_attribute:
            run = self.rows_of(name)
            self._by_attribute[name] = self.values.slice(run.start, len(run)).combine_chunks()
        return self._by_attribute[name]

    @cached_property
    def surveys(self) -> dict[int, tuple[object, object]]:
        """What the engine saw of it, by the identity of a ruleset, which stands beside it."""
        return {}

    def frame(self) -> pd.DataFrame:
        """The values as a DataFrame, one row a value: dn, label, attribute, value, source (path), line."""
        import pandas as pd  # noqa: PLC0415 - a quarter of a second that only users of the frame pay

        entry = self.values.column("entry").to_numpy()
        paths = np.array([s.path for s in self.sources], dtype=object)
        return pd.DataFrame(
            {
                "dn": self.entries.column("dn").take(pa.array(entry)).to_pandas(),
                "label": self.entries.column("label").take(pa.array(entry)).to_pandas(),
                "attribute": self.values.column("attribute").to_pandas().astype(str),
                "value": self.values.column("value").to_pandas(),
                "source": paths[self.values.column("source").to_numpy()],
                "line": self.values.column("line").to_numpy(),
            }
        )
