"""What one export holds, as Arrow tables."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from aliasfix.directory import Unreadable
from aliasfix.errors import Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

OCCURRENCES = pa.schema(
    [
        ("dn", pa.string()),
        ("key", pa.string()),
        ("guid", pa.string()),  # objectGUID or entryUUID, "" where neither was exported
        ("mailbox", pa.string()),  # msExchMailboxGuid, likewise
        ("line", pa.int64()),
    ]
)
NAME = pa.dictionary(pa.int32(), pa.string())
VALUES = pa.schema(
    [
        ("attribute", NAME),
        ("entry", pa.int32()),  # row of the occurrences
        ("value", pa.string()),
        ("line", pa.int64()),
    ]
)
GUIDS = ("objectGUID", "entryUUID")  # these and MAILBOX are read whether wanted or not
MAILBOX = "msExchMailboxGuid"


@dataclass(frozen=True, slots=True)
class Extract:
    """The occurrences of entries in one export, and the values of the wanted attributes, by attribute and entry."""

    entries: pa.Table  # OCCURRENCES
    values: pa.Table  # VALUES
    unreadable: tuple[Unreadable, ...] = ()
    incomplete: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()  # attributes, in lower case, of which the export tells a part only
    optioned: tuple[tuple[str, int], ...] = ()  # attributes, in lower case, and how many of their values have options


def wanted(attributes: Sequence[str]) -> dict[str, str]:
    """Name in lower case -> the spelling it was asked for in."""
    return {a.lower(): a for a in attributes}


@dataclass(slots=True)
class Collector:
    """Takes up an export entry by entry and value by value."""

    path: str
    spellings: Mapping[str, str]  # see wanted()
    dns: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    guids: list[str] = field(default_factory=list)
    mailboxes: list[str] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("q"))
    names: array[int] = field(default_factory=lambda: array("i"))
    owners: array[int] = field(default_factory=lambda: array("i"))
    texts: list[str] = field(default_factory=list)
    places: array[int] = field(default_factory=lambda: array("q"))
    unreadable: list[Unreadable] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    optioned: Counter[str] = field(default_factory=Counter)  # by attribute in lower case
    _numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers.update({lower: n for n, lower in enumerate(self.spellings)})

    def entry(self, dn: str, key: str, line: int) -> None:
        """The next entry; the values that follow are its own."""
        self.dns.append(dn)
        self.keys.append(key)
        self.guids.append("")
        self.mailboxes.append("")
        self.lines.append(line)

    def value(self, attribute: str, value: str, line: int) -> None:
        """A value of the entry taken up last, kept when it is wanted, and noted when it tells who the entry is."""
        lower = attribute.lower()
        if lower == "objectguid" or (lower == "entryuuid" and not self.guids[-1]):
            self.guids[-1] = value
        elif lower == "msexchmailboxguid":
            self.mailboxes[-1] = value
        number = self._numbers.get(lower)
        if number is not None:
            self.names.append(number)
            self.owners.append(len(self.dns) - 1)
            self.texts.append(value)
            self.places.append(line)

    def fault(self, line: int, what: str, dn: str = "", attribute: str = "") -> None:
        """A record, row or value that can't be read."""
        self.unreadable.append(Unreadable(Where(self.path, line), what, dn, attribute))

    def extract(self, partial: Sequence[str] = ()) -> Extract:
        """Everything taken up."""
        lines = np.frombuffer(self.lines, dtype=np.int64) if self.lines else np.empty(0, dtype=np.int64)
        entries = pa.table([self.dns, self.keys, self.guids, self.mailboxes, lines], schema=OCCURRENCES)
        names = np.frombuffer(self.names, dtype=np.int32) if self.names else np.empty(0, dtype=np.int32)
        owners = np.frombuffer(self.owners, dtype=np.int32) if self.owners else np.empty(0, dtype=np.int32)
        values = pa.table(
            [
                named(names, self.spellings),
                owners,
                pa.array(self.texts, pa.string()),
                np.frombuffer(self.places, dtype=np.int64) if self.places else np.empty(0, dtype=np.int64),
            ],
            schema=VALUES,
        )
        return Extract(
            entries,
            ordered(values, names, self.spellings),
            tuple(self.unreadable),
            tuple(self.incomplete),
            frozenset(p.lower() for p in partial),
            tuple(sorted(self.optioned.items())),
        )


def named(numbers: NDArray[np.int32], spellings: Mapping[str, str]) -> pa.DictionaryArray:
    """The attribute of each value, from its number among the wanted ones."""
    return pa.DictionaryArray.from_arrays(
        pa.array(numbers, pa.int32()), pa.array(list(spellings.values()), pa.string())
    )


def ordered(values: pa.Table, numbers: NDArray[np.int32], spellings: Mapping[str, str]) -> pa.Table:
    """The values by attribute and entry; those of one attribute in one entry stay in the order of the export."""
    names = list(spellings.values())
    place = np.empty(len(names), dtype=np.int32)
    place[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    owner = values.column("entry").to_numpy()
    return values.take(pa.array(np.lexsort((owner, place[numbers]))))
