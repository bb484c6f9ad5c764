"""Values outside the names: what repairs them, what they may not become, and that LDIF and proof hold for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix import change_files, prove
from aliasfix.engine import propose
from aliasfix.plan import Memory, Wishes
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from types import ModuleType

    from aliasfix.directory import Directory
    from aliasfix.plan import Plan

RULESET = load("exchange")


def _exports(strategies: ModuleType, entries: dict[str, dict[str, list[str]]]) -> Directory:
    found: Directory = strategies.directory(
        tuple({"dn": f"CN={n},OU=Berlin,DC=one,DC=example", "label": "", "attributes": a} for n, a in entries.items())
    )
    return found


def _plan(directory: Directory, wishes: Wishes | None = None, memory: Memory | None = None) -> Plan:
    return propose(directory, RULESET, memory or Memory(), wishes or Wishes())


def _told(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    return [(r.role, r.attribute, r.old, r.new, r.tried) for r in plan.rows]


CASES = [
    (
        "two contacts may point to one mailbox",
        {"anna": {"targetAddress": ["SMTP:a..b@one.com"]}, "bert": {"targetAddress": ["SMTP:a.b@one.com"]}},
        [("repair", "targetAddress", "SMTP:a..b@one.com", "SMTP:a.b@one.com", "")],
    ),
    (
        "an address keeps its prefix, and its entry may have it as mail too",
        {"anna": {"mail": ["anna..b@one.com"], "proxyAddresses": ["SMTP:anna..b@one.com", "smtp:a@one.com"]}},
        [
            ("repair", "mail", "anna..b@one.com", "anna.b@one.com", ""),
            ("repair", "proxyAddresses", "SMTP:anna..b@one.com", "SMTP:anna.b@one.com", ""),
        ],
    ),
    (
        "an address that somebody else has is none",
        {"anna": {"mail": ["anna..b@one.com"]}, "bert": {"proxyAddresses": ["smtp:ANNA.B@one.com"]}},
        [("blocked", "mail", "anna..b@one.com", "", "anna.b@one.com: taken")],
    ),
    (
        "what one is given nobody else is",
        {"anna": {"mail": ["anna..b@one.com"]}, "bert": {"mail": ["anna...b@one.com"]}},
        [
            ("repair", "mail", "anna...b@one.com", "anna.b@one.com", ""),
            ("blocked", "mail", "anna..b@one.com", "", "anna.b@one.com: proposed to another"),
        ],
    ),
    (
        "where no repair can be told nothing is made up",
        {"anna": {"mail": ["no address"]}},
        [("blocked", "mail", "no address", "", "")],
    ),
]


@pytest.mark.parametrize(("name", "entries", "expected"), CASES, ids=[name for name, *_ in CASES])
def test_repairs(
    name: str,
    entries: dict[str, dict[str, list[str]]],
    expected: list[tuple[str, str, str, str, str]],
    strategies: ModuleType,
) -> None:
    found = _told(_plan(_exports(strategies, entries)))

    assert expected == found, name


def test_change_files_and_proof_hold_for_them(strategies: ModuleType) -> None:
    exports = _exports(
        strategies,
        {"anna": {"mail": ["anna..b@one.com"], "proxyAddresses": ["smtp:a@one.com", "SMTP:anna..b@one.com"]}},
    )
    plan = _plan(exports)

    made = change_files(plan, RULESET, exports)

    assert (
        made.files["changes.ldif"]
        .decode()
        .replace("\r\n", "\n")  # ldifde wants CRLF
        .endswith(
            "dn: CN=anna,OU=Berlin,DC=one,DC=example\nchangetype: modify\n"
            "delete: mail\nmail: anna..b@one.com\n-\nadd: mail\nmail: anna.b@one.com\n-\n"
            "delete: proxyAddresses\nproxyAddresses: SMTP:anna..b@one.com\n-\n"
            "add: proxyAddresses\nproxyAddresses: SMTP:anna.b@one.com\n-\n\n"
        )
    )
    proof = prove(exports, plan, made.files, RULESET, Memory())
    assert ((), 2) == (proof.faults, proof.changed)


@pytest.mark.parametrize(
    ("only", "decisions"),
    [("", ["", "accept", "accept"]), ("renames", ["", "accept", ""]), ("repairs", ["", "", "accept"])],
)
def test_the_one_without_the_other(only: str, decisions: list[str], strategies: ModuleType) -> None:
    exports = _exports(
        strategies,
        {
            "anna": {"mailNickname": ["a"], "mail": ["anna..b@one.com"]},
            "bert": {"mailNickname": ["a"], "mail": ["b@one.com"]},
        },
    )

    plan = _plan(exports, Wishes(only=only))  # type: ignore[arg-type]

    assert decisions == [row.decision for row in plan.rows]
    proof = prove(exports, plan, change_files(plan, RULESET, exports).files, RULESET, Memory())
    assert () == proof.faults
