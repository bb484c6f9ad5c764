"""Names that Outlook Web Access 5.5 can't tell apart: it looks people up by how alias and surname begin."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from aliasfix import columns
from aliasfix.engine.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliasfix.directory import Directory
    from aliasfix.ruleset import FieldSource, Ruleset


class Matched(NamedTuple):
    """An alias by which somebody else is found too."""

    attribute: str
    entry: int
    value: str
    source: int
    line: int
    message: str


class _Term(NamedTuple):
    """What an entry is found by."""

    key: str
    dn: str
    entry: int
    value: str


def matched(directory: Directory, ruleset: Ruleset) -> Iterator[Matched]:
    """The aliases that another alias, or the surname of somebody else, begins with (KB Q189654, Q198444)."""
    if not ruleset.name_matching:
        return
    aliases = _terms(directory, ruleset.fields["alias"])
    surnames = _terms(directory, ruleset.fields["surname"])
    alias_keys, surname_keys = [t.key for t in aliases], [t.key for t in surnames]
    for source in ruleset.fields["alias"]:
        table = directory.values_of(source.attribute)
        values = columns.whole(table.column("value"))
        for value, key, entry, path, line in zip(
            columns.texts(values),
            columns.texts(folded(values, "rfc4518")),
            *(columns.integers(table.column(name)).tolist() for name in ("entry", "source", "line")),
            strict=True,
        ):
            # equal aliases are a clash, told as such
            other = _other(aliases, bisect_right(alias_keys, key), key, entry)
            what = "alias"
            if other is None:
                other = _other(surnames, bisect_left(surname_keys, key), key, entry)
                what = "surname"
            if key and other:
                message = f'{other.dn} is found by it too: its {what} "{other.value}" begins with it'
                yield Matched(source.attribute, entry, value, path, line, message)


def _terms(directory: Directory, sources: Sequence[FieldSource]) -> list[_Term]:
    dns = columns.whole(directory.entries.column("dn"))
    found: list[_Term] = []
    for source in sources:
        table = directory.values_of(source.attribute)
        values, entries = columns.whole(table.column("value")), columns.integers(table.column("entry"))
        names = columns.texts(columns.take(dns, entries))
        keys = columns.texts(folded(values, "rfc4518"))
        found += map(_Term, keys, names, entries.tolist(), columns.texts(values))
    return sorted(found)


def _other(terms: Sequence[_Term], start: int, key: str, entry: int) -> _Term | None:
    """The first term from there on that begins with the key and is somebody else's."""
    for at in range(start, len(terms)):
        if not terms[at].key.startswith(key):
            return None
        if terms[at].entry != entry:
            return terms[at]
    return None
