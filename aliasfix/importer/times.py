"""Points in time in CSV files: generalized time, FILETIME, ISO 8601, or the numbers in the order of some country."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from aliasfix import columns
from aliasfix.importer.assemble import VALUES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from aliasfix.importer.assemble import Extract

Order = Literal["month first", "day first", ""]

_GENERALIZED = re.compile(r"\d{14}(?:\.\d+)?Z", re.ASCII)  # RFC 4517, section 3.3.13, as directories write it
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_FILETIME = re.compile(r"[0-9]{17,18}")  # from 1917 on; what is less means never
_COUNTRY = re.compile(
    r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})"
    r"(?:,?\s([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\s?([AaPp])\.?[Mm]\.?)?)?"
)
_MONTHS = 12


def told(extract: Extract, attributes: Collection[str]) -> Extract:
    """The extract with the values of these attributes as generalized time, and without those that tell no time.

    3/14/2016 can only be month first. What could be both goes by the other values of its attribute, where they agree,
    else the extract says that it was not read; AM and PM tell nothing (Australia and Singapore write them behind day
    first).
    """
    names = columns.whole(extract.values["attribute"])
    for attribute in attributes:
        number = _place(columns.texts(names.dictionary), attribute)
        held = columns.integers(names.indices) == number
        if held.any():
            extract = _respelled(extract, held, attribute)
            names = columns.whole(extract.values["attribute"])
    return extract


def order(texts: Iterable[str]) -> Order:
    """The order that some of the texts show and none contradicts."""
    found = {shown for text in texts if (shown := _shown(text))}
    return found.pop() if len(found) == 1 else ""


def generalized(text: str, order: Order) -> str:
    """Generalized time, UTC where no zone is named; ``""`` where the text tells no time."""
    if _GENERALIZED.fullmatch(text):
        return text
    try:
        when = _filetime(text) or _iso(text) or _of_a_country(text, order)
    except (ValueError, OverflowError):
        return ""
    return f"{when.year:04}{when:%m%d%H%M%S}.0Z" if when else ""


def _place(names: list[str], attribute: str) -> int:
    lower = [n.lower() for n in names]
    return lower.index(attribute.lower()) if attribute.lower() in lower else -1


def _respelled(extract: Extract, held: NDArray[np.bool_], attribute: str) -> Extract:
    texts = columns.whole(extract.values["value"])
    _, words = columns.codes(columns.only(texts, held))
    shown = order(columns.texts(words))
    times = columns.mapped(columns.only(texts, held), lambda text: generalized(text, shown))
    values = extract.values.set_column(2, VALUES.field("value"), columns.laid_over(texts, held, times))
    kept = ~held
    kept[np.flatnonzero(held)] = columns.longer(times, 0)
    doubtful = () if shown else _doubtful(columns.texts(words), attribute)
    return replace(
        extract,
        values=values if kept.all() else values.filter(pa.array(kept)),
        incomplete=(*extract.incomplete, *doubtful),
    )


def _doubtful(texts: Iterable[str], attribute: str) -> tuple[str, ...]:
    """A sentence where a time could be read in two ways."""
    for text in texts:
        if not generalized(text, "") and all(generalized(text, way) for way in ("day first", "month first")):
            sentence = (
                f'{attribute} "{text}" could be day or month first, and no other value tells: export as 2016-12-31'
            )
            return (sentence,)
    return ()


def _shown(text: str) -> Order:
    found = _COUNTRY.fullmatch(text)
    if not found:
        return ""
    first, second = int(found[1]), int(found[3])
    if first > _MONTHS >= second:
        return "day first"
    return "month first" if second > _MONTHS >= first else ""


def _filetime(text: str) -> datetime | None:
    """Of the 100 nanoseconds since 1601 in which Active Directory counts ([MS-DTYP] 2.3.3)."""
    if not _FILETIME.fullmatch(text):
        return None
    return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(text) // 10)


def _iso(text: str) -> datetime | None:
    if not _ISO.fullmatch(text):
        return None
    when = datetime.fromisoformat(text)
    return when.astimezone(UTC) if when.tzinfo else when


def _of_a_country(text: str, order: Order) -> datetime | None:
    found = _COUNTRY.fullmatch(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    known = _shown(text) or order
    if not known and first != second:
        return None
    month, day = (second, first) if known == "day first" else (first, second)
    hour, minute, seconds = (int(part or 0) for part in found.group(5, 6, 7))
    if found[8]:
        if not 1 <= hour <= _MONTHS:
            return None
        hour = hour % 12 + (12 if found[8] in "Pp" else 0)
    return datetime(int(found[4]), month, day, hour, minute, seconds)  # noqa: DTZ001 - no zone is named
