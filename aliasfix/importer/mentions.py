"""Values of any attribute that hold a name which a plan changes: what a person must look at besides.

It is a second look at the exports, at all of their attributes. No value is taken from it into the plan or the proof.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliasfix.importer import mentions_csv, mentions_ldif
from aliasfix.importer.anchors import Anchors
from aliasfix.importer.progress import silent
from aliasfix.text.tokens import Names, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aliasfix.directory import Source
    from aliasfix.importer.anchors import Value
    from aliasfix.importer.options import Options
    from aliasfix.importer.progress import Progress
    from aliasfix.plan import Row

MOST = 100_000  # mentions that are kept
_SHOWN = 200  # characters of a value
_BEFORE = 60  # of these before the name
_NAMED = 3  # names in one cell
# What says the entry's DN or class once more, and secrets, which belong in no report.
_PASSED_OVER = frozenset(
    (
        *("distinguishedname", "entrydn", "obj-dist-name", "rdn", "obj-container"),
        *("objectclass", "structuralobjectclass", "obj-class"),
        *("userpassword", "unicodepwd", "clearpassword", "krbprincipalkey", "sambantpassword", "sambalmpassword"),
        *("ntpassword", "lmpassword", "dbcspwd", "ntpwdhistory", "lmpwdhistory", "sambapasswordhistory"),
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A value that holds a name which changes.

    ``new`` is the entry's own new name where it is renamed itself, else every name that takes the old one's place.
    ``value`` is shortened around the name where it is long; ``attribute`` is spelled as in the export, with its
    options, or is the header of a column that no table knows.
    """

    old: str
    new: str
    attribute: str
    value: str
    dn: str
    source: str  # path of the export
    line: int  # of the value, or of its row


@dataclass(frozen=True)
class Mentions:
    """The first ``MOST`` mentions in the order of their columns, and how many there are."""

    rows: tuple[Mention, ...] = ()
    found: int = 0
    values: tuple[tuple[str, int], ...] = ()  # attribute, and how many of its values; the most first


def find(sources: Sequence[Source], rows: Iterable[Row], options: Options, progress: Progress = silent) -> Mentions:
    """Every value in the exports that holds the old name of a row of the plan as a whole (``aliasfix.text.tokens``).

    A value of an attribute that the rows change, and which is nothing but the old name, is no mention: its entry holds
    the name, and the plan speaks of it. ``rows`` are those that change a value.

    Raises:
        InputError: an export can't be read any more.

    """
    changes = _Changes.of(rows)
    if not changes.names:
        return Mentions()
    found = _Found()
    anchors, names = Anchors(changes.names, changes.attributes), Names.of(changes.names)
    for source in sources:
        look = mentions_ldif.values if source.format == "ldif" else mentions_csv.values
        for value in look(source.path, anchors, options, progress):
            _look(value, source, names, changes, found)
    return found.all()


@dataclass(slots=True)
class _Changes:
    """What the rows of a plan change."""

    names: dict[str, list[Row]] = field(default_factory=dict)  # old name, folded -> rows
    owners: dict[str, dict[tuple[str, str], Row]] = field(
        default_factory=dict
    )  # the same by label and DN, as asked for
    attributes: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> _Changes:
        changes = cls()
        for row in rows:
            old = folded(row.old)
            changes.names.setdefault(old, []).append(row)
            changes.attributes.add(row.attribute.lower())
        return changes

    def told(self, label: str, dn: str, name: str) -> tuple[str, str]:
        """The old name and the new one, or those that take its place."""
        rows = self.names[name]
        if name not in self.owners:
            self.owners[name] = {(row.label, row.dn): row for row in reversed(rows)}
        own = self.owners[name].get((label, dn))
        return (own.old, own.new) if own else (_listed(row.old for row in rows), _listed(row.new for row in rows))


@dataclass(slots=True)
class _Found:
    """The first mentions in order, and counts of all of them."""

    rows: list[Mention] = field(default_factory=list)
    found: int = 0
    values: Counter[str] = field(default_factory=Counter)  # by attribute in lower case, without options
    spellings: dict[str, str] = field(default_factory=dict)

    def value(self, attribute: str, mentions: Sequence[Mention]) -> None:
        name = attribute.partition(";")[0]
        lower = name.lower()
        self.values[lower] += 1
        self.spellings[lower] = min(name, self.spellings.get(lower, name))
        self.found += len(mentions)
        self.rows += mentions
        if len(self.rows) > 2 * MOST:
            self.rows = heapq.nsmallest(MOST, self.rows)

    def all(self) -> Mentions:
        values = sorted(((self.spellings[lower], n) for lower, n in self.values.items()), key=lambda v: (-v[1], v[0]))
        return Mentions(tuple(sorted(self.rows)[:MOST]), self.found, tuple(values))


def _look(value: Value, source: Source, names: Names, changes: _Changes, found: _Found) -> None:
    lower = value.attribute.partition(";")[0].lower()
    if lower in _PASSED_OVER:
        return
    mentioned = names.mentioned(value.value)
    if lower in changes.attributes:
        mentioned.pop(folded(value.value), None)
    if mentioned:
        found.value(
            value.attribute,
            [
                Mention(
                    *changes.told(source.label, value.dn, name),
                    value.attribute,
                    _shortened(value.value, at),
                    value.dn,
                    source.path,
                    value.line,
                )
                for name, at in mentioned.items()
            ],
        )


def _listed(names: Iterable[str]) -> str:
    told = sorted(set(names))
    more = f";... {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return ";".join(told[:_NAMED]) + more


def _shortened(text: str, at: int) -> str:
    """The text, or ``_SHOWN`` characters of it around the place."""
    if len(text) <= _SHOWN:
        return text
    start = max(0, min(at - _BEFORE, len(text) - _SHOWN))
    end = start + _SHOWN
    return ("..." if start else "") + text[start:end] + ("..." if end < len(text) else "")
