"""The last logon: which days are understood, and when they choose the keeper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix.engine import logons, propose
from aliasfix.plan import Memory, Wishes
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from types import ModuleType

DAYS = {
    "132131519999999999": "2019-09-16",  # FILETIME, the last instant of a day and the first of the next
    "132131520000000000": "2019-09-17",
    "2019-01-05": "2019-01-05",
    "2019-01-05T23:59:59+02:00": "2019-01-05",
    "2019-01-05 08:00": "2019-01-05",
    "20190105000000Z": "2019-01-05",
    "20190105000000.0Z": "2019-01-05",
    "20190105080000+0200": "2019-01-05",
}
NONE = (
    "", "0", "-1", "9223372036854775807", "1" * 40, "20190105", "05.01.2019", "1/5/2019 8:00:00 AM", "2019-02-30",
    "1601-01-01", "never", "\u0662\u0660\u0661\u0669-01-05",
)  # fmt: skip


@pytest.mark.parametrize("moment", DAYS)
def test_a_day_is_understood(moment: str) -> None:
    assert DAYS[moment] == logons.spelled(logons.day(moment))


@pytest.mark.parametrize("moment", NONE)
def test_what_tells_no_day_is_unknown(moment: str) -> None:
    assert 0 == logons.day(moment)


ANN, BOB, CID = (f"cn={name},ou={site},dc=example" for name, site in (("Ann", "a"), ("Bob", "b"), ("Cid", "c")))
DN = "nothing tells them apart but the order of their DNs"
KEEPERS = {
    "the later goes first": (
        {ANN: "2019-01-05", BOB: "2026-10-02"}, BOB, "it logged on last (2026-10-02, the other 2019-01-05)",
    ),
    "spelled in two ways": (
        {ANN: "132131520000000000", BOB: "2018-01-01"}, ANN, "it logged on last (2019-09-17, the other 2018-01-01)",
    ),
    "one is unknown": ({ANN: "", BOB: "2026-10-02"}, ANN, DN),
    "one of three is unknown": ({ANN: "2019-01-05", BOB: "2026-10-02", CID: "0"}, ANN, DN),
    "one day": ({ANN: "2019-01-05T08:00:00Z", BOB: "2019-01-05T09:00:00Z"}, ANN, DN),
}  # fmt: skip


@pytest.mark.parametrize("case", KEEPERS)
def test_the_keeper(case: str, strategies: ModuleType) -> None:
    logged, keeper, reason = KEEPERS[case]
    entries = tuple(
        {"dn": name, "label": "", "attributes": {"uid": ["user"], **({"lastLogonTimestamp": [day]} if day else {})}}
        for name, day in logged.items()
    )

    first, *others = propose(strategies.directory(entries), load("openldap"), Memory(), Wishes()).rows

    assert ("keep", keeper, f"keeps the name: {reason}") == (first.role, first.dn, first.reason)
    assert {"rename"} == {row.role for row in others}


def test_who_is_out_of_use_does_not_keep_the_name_for_having_logged_on_last(strategies: ModuleType) -> None:
    entries = (
        {"dn": ANN, "label": "", "attributes": {"uid": ["user"], "lastLogonTimestamp": ["2019-01-05"]}},
        {
            "dn": BOB,
            "label": "",
            "attributes": {"uid": ["user"], "lastLogonTimestamp": ["2026-10-02"], "loginShell": ["/bin/false"]},
        },
    )

    first, _ = propose(strategies.directory(entries), load("openldap"), Memory(), Wishes()).rows

    assert ANN == first.dn
    assert "keeps the name: the other is out of use: its login shell refuses logons" == first.reason
