"""What LDAP can reach of a plan, and what the exports say of the entries that it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset

Name = tuple[str, str]  # label, DN

NO_DN = "the export names its entries by something else than their DN, so LDAP can't find them"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that a plan changes."""

    number: int  # in the directory
    key: str  # of its DN
    obstacle: str  # why LDAP can't change it: a fragment, "" where it can


def entries(directory: Directory, ruleset: Ruleset, rows: Iterable[Row]) -> dict[Name, Entry]:
    """The entries of the rows by label and DN."""
    bases = [(dn.key(n.dn_under), n.reason) for n in ruleset.no_ldap]
    mask = columns.is_in(columns.whole(directory.entries.column("dn")), {row.dn for row in rows})
    labels, dns, keys = (
        columns.texts(columns.only(columns.whole(directory.entries.column(c)), mask)) for c in ("label", "dn", "key")
    )
    sources = columns.integers(directory.entries.column("source"))[mask].tolist()
    found = {}
    for number, label, name, key, source in zip(np.flatnonzero(mask).tolist(), labels, dns, keys, sources, strict=True):
        obstacle = next((reason for base, reason in bases if dn.under(key, base)), "")
        found[label, name] = Entry(number, key, obstacle if directory.sources[source].has_dn else NO_DN)
    return found


def values(
    directory: Directory, entries: Mapping[Name, Entry], attributes: Iterable[str]
) -> dict[tuple[Name, str], list[str]]:
    """What the exports say of the entries: (label and DN, attribute) -> values in the export's order."""
    names = {entry.number: name for name, entry in entries.items()}
    found: dict[tuple[Name, str], list[str]] = {}
    for attribute in attributes:
        table = directory.values_of(attribute)
        holders = columns.integers(table.column("entry"))
        mask = np.isin(holders, list(names))
        texts = columns.texts(columns.only(columns.whole(table.column("value")), mask))
        for holder, text in zip(holders[mask].tolist(), texts, strict=True):
            found.setdefault((names[holder], attribute), []).append(text)
    return found
