"""References: entries that name somebody by a name which two or more hold. Which one is meant a person must say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine import codes
from aliasfix.engine.fields import Fields
from aliasfix.engine.folding import folded
from aliasfix.engine.keys import group, scope_of
from aliasfix.plan import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Namespace, Reference, Ruleset


def references(
    directory: Directory, ruleset: Ruleset, namespace: Namespace, ambiguous: Iterable[str]
) -> dict[str, list[Row]]:
    """By key of the clash the rows for entries that refer to it, by DN, label, attribute and value."""
    bare = {key[len(scope_of(namespace, key)) :]: key for key in sorted(ambiguous)}
    found: dict[str, dict[tuple[str, str, str, str], Row]] = {}
    for reference in ruleset.references if bare else ():
        for key, dn_key, row in _rows(directory, ruleset, namespace, reference, bare):
            place = (dn_key, row.label, row.attribute, row.old)
            found.setdefault(key, {}).setdefault(place, row)
    return {key: [rows[place] for place in sorted(rows)] for key, rows in found.items()}


def _rows(
    directory: Directory, ruleset: Ruleset, namespace: Namespace, reference: Reference, bare: dict[str, str]
) -> Iterator[tuple[str, str, Row]]:
    """Of each value that is one of these names, without scope: the clash's key, the key of the entry's DN, the row."""
    table = directory.values_of(reference.attribute)
    keys = folded(columns.whole(table.column("value")), namespace.equality)
    hits = np.flatnonzero(columns.is_in(keys, bare))
    entries = columns.integers(table.column("entry"))[hits]
    fields = Fields(directory, ruleset, np.unique(entries))
    for at, key, value, source, line in zip(
        np.searchsorted(fields.entries, entries).tolist(),
        columns.texts(columns.take(keys, hits)),
        columns.texts(columns.take(columns.whole(table.column("value")), hits)),
        columns.integers(table.column("source"))[hits].tolist(),
        columns.integers(table.column("line"))[hits].tolist(),
        strict=True,
    ):
        row = Row(
            role="decide",
            decision="",
            code=codes.REFERENCE.code,
            group=group(namespace, bare[key]),
            dn=fields.dn[at],
            label=fields.label[at],
            kind=fields.kind[at],
            site=fields.site[at],
            attribute=reference.attribute,
            old=value,
            new="",
            reason=f"{reference.text}: which one? It is never rewritten here",
            rung="",
            tried="",
            mail=fields.field("mail")[at],
            source=directory.sources[source].path,
            line=line,
        )
        yield bare[key], fields.dn_key[at], row
