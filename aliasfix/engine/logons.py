"""The last logon: the day that an export or a list of facts tells, and what it says of the holders of one name."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TICKS = 864_000_000_000  # 100 nanoseconds in a day
_START = date(1601, 1, 1)  # of FILETIME, [MS-DTYP] 2.3.3
_NEVER = date(1970, 1, 1)  # what lies before is no logon: 0 means that there was none
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:\D.*|\d{4,6}(?:[.,]\d+)?(?:Z|[+-]\d{2,4}))?", re.ASCII | re.DOTALL)


def day(moment: str) -> int:
    """The day as a number that grows with time; 0 where the text tells none.

    It is a FILETIME (lastLogonTimestamp, [MS-ADA1]), GeneralizedTime (RFC 4517 section 3.3.13), or ISO 8601. Days
    are as exact as it gets: Active Directory writes lastLogonTimestamp only when the last one is some days old.
    """
    try:
        found = _filetime(moment) if moment.isascii() and moment.isdigit() else _date(moment)
    except (ValueError, OverflowError):
        return 0
    return found.toordinal() if found and found > _NEVER else 0


def spelled(number: int) -> str:
    """The day as ISO 8601 writes it."""
    return date.fromordinal(number).isoformat()


def ranks(days: NDArray[np.int64], clash: NDArray[np.int64]) -> NDArray[np.int64]:
    """Who logged on later goes first, in clashes where that is known of all holders; elsewhere nobody does.

    One unknown day among known ones can't be put before or after any of them, so it takes the criterion from its clash.
    """
    inside = clash >= 0
    earliest = np.full(int(clash.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(earliest, clash[inside], days[inside])
    found = np.zeros(len(days), dtype=np.int64)
    found[inside] = np.where(earliest[clash[inside]] > 0, -days[inside], 0)
    return found


def _filetime(moment: str) -> date:
    return _START + timedelta(days=int(moment) // _TICKS)


def _date(moment: str) -> date | None:
    found = _DATE.fullmatch(moment)
    return date(*map(int, found.groups())) if found else None
