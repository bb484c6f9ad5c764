"""What the steps of the proof speak of: files, changes and faults."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aliasfix.ldap import dn as ldap_dn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.ldap.changes import Modify
    from aliasfix.plan import Row

    Named = Mapping[str, Sequence[tuple[str, bytes]]]  # by ending, names and bytes; of several labels or batches

SHOWN = 5  # faults of one kind
key = lru_cache(maxsize=1 << 17)(ldap_dn.key)  # each DN is asked for a dozen times


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
        return self._replace(old=self.new, new=self.old)

    @property
    def key(self) -> str:
        """The key of the entry's DN."""
        return key(self.dn)

    def __str__(self) -> str:
        old, new = (value.decode(errors="backslashreplace") for value in (self.old, self.new))
        label = f' in "{self.label}"' if self.label else ""
        return f'{self.attribute} "{old}" -> "{new}" of {self.dn}{label}'


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
