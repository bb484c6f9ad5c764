"""What of a plan LDAP can reach, and what the exports say of the entries that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset

Name = tuple[str, str]  # label, DN

NO_DN = "the export names its entries by something else than their DN, so LDAP can't find them"


def obstacle(ruleset: Ruleset, directory: Directory) -> Callable[[Row], str]:
    """A function that says why LDAP can't change a row's entry: a fragment, "" where it can."""
    unnamed = _without_dn(directory)
    bases = [(dn.key(n.dn_under), n.reason) for n in ruleset.no_ldap]

    def why(row: Row) -> str:
        try:
            key = dn.key(row.dn)
        except dn.DNError:
            return NO_DN
        if (row.label, row.dn) in unnamed:
            return NO_DN
        return next((reason for base, reason in bases if dn.under(key, base)), "")

    return why


def values(
    directory: Directory, ruleset: Ruleset, rows: Iterable[Row], attributes: Iterable[str]
) -> dict[tuple[Name, str], list[str]]:
    """The exported values of the rows' entries: (label and DN, attribute) -> values in the export's order."""
    names = _numbers(directory, {row.dn for row in rows})
    spelled = {a.lower(): a for a in ruleset.attributes}
    found: dict[tuple[Name, str], list[str]] = {}
    for attribute in attributes:
        table = directory.values_of(spelled.get(attribute.lower(), attribute))
        entries = columns.integers(table.column("entry"))
        mask = np.isin(entries, list(names))
        texts = columns.texts(columns.only(columns.whole(table.column("value")), mask))
        for entry, text in zip(entries[mask].tolist(), texts, strict=True):
            found.setdefault((names[entry], attribute), []).append(text)
    return found


def _numbers(directory: Directory, dns: Collection[str]) -> dict[int, Name]:
    """The entries with one of these DNs: number -> label and DN."""
    return _named(directory, columns.is_in(columns.whole(directory.entries.column("dn")), dns))


def _without_dn(directory: Directory) -> set[Name]:
    """The entries whose export has no DNs."""
    sources = [number for number, source in enumerate(directory.sources) if not source.has_dn]
    return set(_named(directory, np.isin(columns.integers(directory.entries.column("source")), sources)).values())


def _named(directory: Directory, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> dict[int, Name]:
    labels, dns = (
        columns.texts(columns.only(columns.whole(directory.entries.column(name)), mask)) for name in ("label", "dn")
    )
    return dict(zip(np.flatnonzero(mask).tolist(), zip(labels, dns, strict=True), strict=True))
