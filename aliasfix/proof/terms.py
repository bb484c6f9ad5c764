"""What the steps of the proof speak of: files, changes and faults."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from aliasfix import columns
from aliasfix.ldap import dn as ldap_dn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.ldap.changes import Modify
    from aliasfix.plan import Row

    Named = Mapping[str, Sequence[tuple[str, bytes]]]  # by ending, names and bytes; of several labels or batches

T = TypeVar("T", bound=tuple[object, ...])

SHOWN = 5  # faults of one kind


class Change(NamedTuple):
    """One value of one entry that gives way to another, in the spelling of the file or row that says so."""

    dn: str
    attribute: str
    old: bytes
    new: bytes
    label: str | None = None  # None: whatever entry has the DN, as for a server

    @property
    def inverse(self) -> Change:
        """What undoes it."""
        return Change(self.dn, self.attribute, self.new, self.old, self.label)

    def __str__(self) -> str:
        old, new = (value.decode(errors="backslashreplace") for value in (self.old, self.new))
        label = f' in "{self.label}"' if self.label else ""
        return f'{self.attribute} "{old}" -> "{new}" of {self.dn}{label}'


class Keys(dict[str, str]):
    """The keys of DNs: those that the exports spell alike have theirs already, the others get it when asked for."""

    def __init__(self, directory: Directory, dns: Iterable[str]) -> None:
        spelled = columns.whole(directory.entries.column("dn"))
        there = columns.is_in(spelled, set(dns))
        known = columns.only(columns.whole(directory.entries.column("key")), there)
        super().__init__(zip(columns.texts(columns.only(spelled, there)), columns.texts(known), strict=True))

    def __missing__(self, dn: str) -> str:
        return self.setdefault(dn, ldap_dn.key(dn))


@dataclass(frozen=True, slots=True)
class Fault:
    """A step of the proof that fails, by name, and a sentence that says where."""

    step: str  # "readable", "rows", "guard", "cure", "fresh", "undo", "cleaned"
    sentence: str


def of_row(row: Row) -> Change:
    """What an accepted row says."""
    return Change(row.dn, row.attribute, row.old.encode(), row.new.encode(), row.label)


def of_records(records: Iterable[Modify]) -> list[Change]:
    """What the records of a change file say."""
    return [Change(m.dn, s.attribute, s.old, s.new, m.label) for m in records for s in m.swaps]


def apart(found: Iterable[T], expected: Iterable[T]) -> tuple[list[T], list[T]]:
    """As multisets, both ways: the first of what is lacking, and of what is found beyond what is expected."""
    have, want = Counter(found), Counter(expected)
    if dict.__eq__(have, want):  # in one go, which a Counter's own equality is not
        return [], []
    lacking, surplus = (sorted(more.elements())[:SHOWN] for more in (want - have, have - want))
    return lacking, surplus


class UnreadableError(Exception):
    """A change file that is missing, or not what it should be; the message is a sentence."""


def files_of(named: Named, ending: str, *, needed: bool) -> Sequence[tuple[str, bytes]]:
    """The files with this ending.

    Raises:
        UnreadableError: one is needed, and there is none.

    """
    if needed and ending not in named:
        raise UnreadableError(f"there is no *{ending}")
    return named.get(ending, ())
