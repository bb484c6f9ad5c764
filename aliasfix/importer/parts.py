"""What the readers by columns find in the blocks of an export, and how it becomes one extract."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.importer.assemble import GUIDS, MAILBOX, NAME, OCCURRENCES, VALUES, named, ordered
from aliasfix.ldap import dn
from aliasfix.text.equality import fold_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aliasfix.importer.assemble import Collector, Extract

    Integers = NDArray[np.int64]
    Owners = NDArray[np.int32] | NDArray[np.int64]
    Mask = NDArray[np.bool_]

_ASCII = "A-Za-z0-9._@&'/()!$%*:?^`{|}~-"
_LETTERS = r"\x{c0}-\x{d6}\x{d8}-\x{131}\x{134}-\x{13e}\x{141}-\x{148}\x{14a}-\x{17e}\x{386}-\x{3ce}\x{400}-\x{45f}"


def _dn_of(characters: str) -> str:
    """The pattern of DNs with nothing but these characters and single spaces in their values."""
    ava = f"[A-Za-z][A-Za-z0-9-]*=[{characters}]+( [{characters}]+)*"
    return f"^{ava}(,{ava})*$"


PLAIN_VALUE = f"[{_ASCII}]+( [{_ASCII}]+)*"  # of an RDN, its own key
PLAIN_DN = _dn_of(_ASCII)
LETTERED_DN = _dn_of(_LETTERS + _ASCII)

Column = tuple["Owners", pa.Array, "Integers"]  # of each value: entry in its block, text, line in the file


@dataclass(frozen=True, slots=True)
class Part:
    """The plain entries of one block, and the lines of the others."""

    dns: pa.Array
    keys: pa.Array
    lines: Integers  # of the DNs, in the file
    columns: Mapping[int, Column]  # by the attribute's number
    odd: tuple[tuple[int, bytes], ...] = ()  # first line and text of what is to be read with care
    optioned: Mapping[int, int] = field(default_factory=dict)  # by the attribute's number: see Extract


def keys(dns: pa.Array) -> tuple[pa.Array, Mask]:
    """The keys of the DNs, and which of them can't be read."""
    low = columns.lowered(dns)
    others = np.flatnonzero(~columns.matches(dns, PLAIN_DN))
    bad = np.zeros(len(dns), dtype=np.bool_)
    if not len(others):
        return low, bad
    texts = columns.take(dns, others)
    found = columns.texts(texts)
    lettered = np.flatnonzero(columns.matches(texts, LETTERED_DN)).tolist()
    quick = dict(zip(lettered, fold_letters([found[i] for i in lettered]) or (), strict=False))
    for i, text in enumerate(found):
        try:
            found[i] = quick.get(i) or dn.key(text)
        except dn.DNError:
            found[i] = ""
            bad[others[i]] = True
    mask = np.zeros(len(dns), dtype=np.bool_)
    mask[others] = True
    return columns.laid_over(low, mask, columns.strings(found)), bad


def numbers_of(spellings: Mapping[str, str]) -> dict[str, int]:
    """A number for each attribute that is read: the wanted ones in their order, then those that tell who it is."""
    identity = [a.lower() for a in (*GUIDS, MAILBOX) if a.lower() not in spellings]
    return {name: n for n, name in enumerate((*spellings, *identity))}


def joined(
    parts: Sequence[Part], wanted: Mapping[str, int], with_care: Collector, partial: Sequence[str] = ()
) -> Extract:
    """One extract of all plain entries and of those that were read with care, in the order of the file."""
    names = list(wanted)
    for part in parts:
        with_care.optioned.update({names[number]: count for number, count in part.optioned.items()})
    others = with_care.extract(partial)
    starts = np.cumsum([0, *(len(p.dns) for p in parts)])
    entries = _occurrences(parts, wanted, starts)
    values = _values(parts, starts, with_care.spellings)
    if not others.entries.num_rows:
        return replace(others, entries=entries, values=values)
    line = np.concatenate([columns.integers(t.column("line")) for t in (entries, others.entries)])
    order = np.argsort(line, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    owner = np.concatenate(
        [columns.integers(values.column("entry")), columns.integers(others.values.column("entry")) + entries.num_rows]
    )
    both = pa.concat_tables([values, others.values]).set_column(1, VALUES.field(1), pa.array(place[owner], pa.int32()))
    numbers = columns.integers(columns.whole(both.column("attribute").unify_dictionaries()).indices)
    return replace(
        others,
        entries=pa.concat_tables([entries, others.entries]).take(pa.array(order)),
        values=ordered(both, numbers.astype(np.int32), with_care.spellings),
    )


def _occurrences(parts: Sequence[Part], wanted: Mapping[str, int], starts: Integers) -> pa.Table:
    # As the collector has it: an objectGUID goes before an entryUUID, the last one counts, but the first entryUUID.
    uuids, guids, mailboxes = (
        _column(parts, wanted[name], starts) for name in ("entryuuid", "objectguid", MAILBOX.lower())
    )
    count = int(starts[-1])
    guid = _laid_over(_laid_over(columns.repeated("", count), uuids, 0), guids, -1)
    mailbox = _laid_over(columns.repeated("", count), mailboxes, -1)
    return pa.table(
        [
            pa.chunked_array([p.dns for p in parts], pa.string()),
            pa.chunked_array([p.keys for p in parts], pa.string()),
            guid,
            mailbox,
            np.concatenate([np.empty(0, dtype=np.int64), *(p.lines for p in parts)]),
        ],
        schema=OCCURRENCES,
    )


def _laid_over(texts: pa.Array, column: tuple[Integers, pa.ChunkedArray], which: Literal[0, -1]) -> pa.Array:
    """The texts of the entries, and the first or the last value in the column for those that have one there."""
    owner, text = column
    if not len(owner):
        return texts
    ends = owner[1:] != owner[:-1]
    at = np.flatnonzero(np.concatenate((ends, [True]) if which else ([True], ends)))
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[owner[at]] = True
    found = columns.whole(text)
    return columns.laid_over(texts, mask, found if len(at) == len(owner) else columns.take(found, at))


def _values(parts: Sequence[Part], starts: Integers, spellings: Mapping[str, str]) -> pa.Table:
    """The values by attribute and entry."""
    names = list(spellings.values())
    found = [
        (n, *chunk) for n in sorted(range(len(names)), key=names.__getitem__) for chunk in _chunks(parts, n, starts)
    ]
    return pa.table(
        [
            pa.chunked_array([named(np.full(len(o), n, np.int32), spellings) for n, o, _, _ in found], NAME),
            pa.chunked_array([owner for _, owner, _, _ in found], pa.int32()),
            pa.chunked_array([text for _, _, text, _ in found], pa.string()),
            pa.chunked_array([line for _, _, _, line in found], pa.int64()),
        ],
        schema=VALUES,
    )


def _chunks(parts: Sequence[Part], number: int, starts: Integers) -> Iterator[Column]:
    """One attribute, block by block, with the entries numbered through all of them."""
    for part, start in zip(parts, starts[:-1], strict=True):
        if number in part.columns:
            owner, text, line = part.columns[number]
            yield owner + np.int32(start), text, line


def _column(parts: Sequence[Part], number: int, starts: Integers) -> tuple[Integers, pa.ChunkedArray]:
    """One attribute of all blocks: the entry and the text of each value."""
    found = list(_chunks(parts, number, starts))
    owners = [owner for owner, _, _ in found]
    return np.concatenate([np.empty(0, dtype=np.int32), *owners]), pa.chunked_array(
        [t for _, t, _ in found], pa.string()
    )
