"""Keys: the values of a namespace, folded by its equality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.engine.fields import Fields, domain
from aliasfix.engine.folding import folded
from aliasfix.ldap import dn as ldap_dn
from aliasfix.text.equality import fold
from aliasfix.text.parts import PARTS, address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Equality, Namespace, Ruleset
    from aliasfix.text.parts import Part

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
    value = columns.whole(table.column("value"))
    rows = Keyed(
        attribute,
        columns.integers(table.column("entry")),
        value,
        value,
        columns.integers(table.column("source")),
        columns.integers(table.column("line")),
    )
    if not namespace.parts:
        return replace(rows, key=folded(value, equality))
    pieces = zip(tables, namespace.attributes, strict=True)
    part = columns.end_to_end(_part(t.column("value"), namespace.parts.get(a, "whole")) for t, a in pieces)
    there = columns.longer(part, 0)
    return replace(_only(rows, there), key=folded(columns.only(part, there), equality))


def _part(values: pa.ChunkedArray, part: Part) -> pa.Array:
    """What of each value is compared; empty where it has no such part."""
    if part == "whole":
        return columns.whole(values)
    if part == "address":
        return columns.replaced(columns.whole(values), "^(?i:smtp):", "")
    return columns.mapped(columns.whole(values), PARTS[part])


def keyed(directory: Directory, ruleset: Ruleset, namespace: Namespace, equality: Equality) -> Keyed:
    """The values that must differ: those of the namespace's kinds, with their scope in front of the key."""
    rows = held(directory, namespace, equality)
    if namespace.kinds:
        holders = np.unique(rows.entry)
        kinds = Fields(directory, ruleset, holders).kind
        inside = holders[[k in namespace.kinds for k in kinds]]
        rows = _only(rows, np.isin(rows.entry, inside))
    if namespace.without:
        rows = _only(rows, _nearest(directory, namespace.without)[rows.entry] < 0)
    if namespace.shared_values:
        rows = _only(rows, ~columns.is_in(rows.key, {fold(v, equality) for v in namespace.shared_values}))
    return rows if namespace.per == "exports" else _scoped(rows, directory, namespace)


def _nearest(directory: Directory, bases: Sequence[str]) -> NDArray[np.int64]:
    """For each entry the number of the nearest of these DNs that it is, or is below; -1: of none."""
    keys = columns.whole(directory.entries.column("key"))
    found = np.full(len(keys), -1, dtype=np.int64)
    for number, base in sorted(enumerate(map(ldap_dn.key, bases)), key=lambda numbered: len(numbered[1])):
        found[columns.is_in(keys, [base]) | columns.ending(keys, f",{base}" if base else "")] = number
    return found


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
    if isinstance(namespace.per, tuple):
        nearest = _nearest(directory, namespace.per)
        rows = _only(rows, nearest[rows.entry] >= 0)
        scope = columns.take(columns.strings(map(ldap_dn.key, namespace.per)), nearest[rows.entry])
    elif namespace.per == "label":
        scope = columns.take(columns.whole(directory.entries.column("label")), rows.entry)
    else:
        scope = columns.mapped(columns.take(columns.whole(directory.entries.column("dn")), rows.entry), domain)
    prefix = columns.joined(scope, columns.strings([_SCOPE_END] * len(scope)))
    return Keyed(rows.attribute, rows.entry, rows.value, columns.joined(prefix, rows.key), rows.source, rows.line)


def key_of(value: str, namespace: Namespace, equality: Equality) -> str:
    """The key of what a person names, without scope: an address may have ``smtp:`` where addresses are compared."""
    return fold(address(value) if "address" in namespace.parts.values() else value, equality)


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
