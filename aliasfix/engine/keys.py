"""Keys: the values of a namespace, folded by its equality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.engine.fields import Fields, domain
from aliasfix.engine.folding import folded
from aliasfix.text.equality import fold
from aliasfix.text.parts import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Equality, Namespace, Ruleset

_SMTP = "^[Ss][Mm][Tt][Pp]:"  # of a mail address, as text.parts.address
_SCOPE_END = "\x1f"  # ends the scope in front of a key; neither a label nor a domain holds it


@dataclass(frozen=True)
class Keyed:
    """The values of one namespace, row by row, in no order that means anything."""

    attribute: NDArray[np.int64]  # index into the namespace's attributes
    entry: NDArray[np.int64]
    value: pa.Array
    key: pa.Array  # scope, _SCOPE_END and folded value; no scope where the namespace spans all exports
    source: NDArray[np.int64]
    line: NDArray[np.int64]

    def at(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, int, str, str]]:
        """Of each of these rows the entry, the attribute's index, the value and the key."""
        yield from zip(
            self.entry[rows].tolist(),
            self.attribute[rows].tolist(),
            columns.texts(columns.take(self.value, rows)),
            columns.texts(columns.take(self.key, rows)),
            strict=True,
        )


def held(directory: Directory, namespace: Namespace, equality: Equality) -> Keyed:
    """Every value of the namespace's attributes with its key, whoever holds it and where: nobody else gets it."""
    tables = [directory.values_of(a) for a in namespace.attributes]
    attribute = np.repeat(np.arange(len(tables)), [t.num_rows for t in tables])
    table = pa.concat_tables(tables)
    entry = columns.integers(table.column("entry"))
    value = columns.whole(table.column("value"))
    return Keyed(
        attribute,
        entry,
        value,
        folded(columns.replaced(value, _SMTP, "") if namespace.addresses else value, equality),
        columns.integers(table.column("source")),
        columns.integers(table.column("line")),
    )


def keyed(directory: Directory, ruleset: Ruleset, namespace: Namespace, equality: Equality) -> Keyed:
    """The values that must differ: those of the namespace's kinds, with their scope in front of the key."""
    rows = held(directory, namespace, equality)
    if namespace.kinds:
        holders = np.unique(rows.entry)
        kinds = Fields(directory, ruleset, holders).kind
        inside = holders[[k in namespace.kinds for k in kinds]]
        rows = _only(rows, np.isin(rows.entry, inside))
    return rows if namespace.per == "exports" else _scoped(rows, directory, namespace)


def _only(rows: Keyed, mask: NDArray[np.bool_]) -> Keyed:
    return Keyed(
        rows.attribute[mask],
        rows.entry[mask],
        columns.only(rows.value, mask),
        columns.only(rows.key, mask),
        rows.source[mask],
        rows.line[mask],
    )


def _scoped(rows: Keyed, directory: Directory, namespace: Namespace) -> Keyed:
    if namespace.per == "label":
        scope = columns.take(columns.whole(directory.entries.column("label")), rows.entry)
    else:
        scope = columns.mapped(columns.take(columns.whole(directory.entries.column("dn")), rows.entry), domain)
    prefix = columns.joined(scope, columns.strings([_SCOPE_END] * len(scope)))
    return Keyed(rows.attribute, rows.entry, rows.value, columns.joined(prefix, rows.key), rows.source, rows.line)


def key_of(value: str, namespace: Namespace, equality: Equality) -> str:
    """The key of one value, without scope, as ``held`` makes it."""
    return fold(address(value) if namespace.addresses else value, equality)


def having(rows: Keyed, namespace: Namespace, key: str) -> NDArray[np.int64]:
    """The rows with this key, whatever their scope."""
    keys = rows.key if namespace.per == "exports" else columns.replaced(rows.key, f"^[^{_SCOPE_END}]*{_SCOPE_END}", "")
    return np.flatnonzero(columns.is_in(keys, [key]))


def group(namespace: Namespace, key: str) -> str:
    """What the clash of a key is called: ``alias:user``, with a scope ``alias:SCOPE:user``."""
    return f"{namespace.name}:{key.replace(_SCOPE_END, ':')}"


def scope_of(namespace: Namespace, key: str) -> str:
    """The scope in front of a key, with its end; empty where the namespace spans all exports."""
    if namespace.per == "exports":
        return ""
    scope, end, _ = key.partition(_SCOPE_END)
    return scope + end
