"""Contacts that stand for a mailbox: who is one, and what a person is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.engine import check, propose
from aliasfix.errors import Where
from aliasfix.plan import Memory, Named, Wishes
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from types import ModuleType

MAILBOX = "CN=Ida,OU=Oslo,DC=one,DC=example"
CONTACT = "CN=Ida Berg,OU=GAL,DC=two,DC=example"
SHADOW = "it is the shadow of {} ({} {}): it goes when the directories merge; rename it only if both stay"

MAIL = {"proxyAddresses": ["smtp:berg@one.example", "SMTP:Ida@One.example"]}
ROLES: dict[str, tuple[dict[str, list[str]], dict[str, list[str]], str]] = {
    "its primary address": (MAIL, {"targetAddress": ["SMTP:ida@one.example"]}, "decide"),
    "without a prefix": (MAIL, {"targetAddress": ["IDA@one.example"]}, "decide"),
    "the mail attribute": ({"mail": ["ida@one.example"]}, {"targetAddress": ["smtp:ida@one.example"]}, "decide"),
    "a shared mailbox": (
        {**MAIL, "msExchRecipientTypeDetails": ["4"]}, {"targetAddress": ["SMTP:ida@one.example"]}, "decide",
    ),
    "another address of it": (MAIL, {"targetAddress": ["SMTP:berg@one.example"]}, "rename"),
    "somebody else": (MAIL, {"targetAddress": ["SMTP:ida@two.example"]}, "rename"),
    "no target": (MAIL, {}, "rename"),
    "a mailbox without an address": ({}, {"targetAddress": ["SMTP:"]}, "rename"),
    "a group": (
        {**MAIL, "msExchRecipientTypeDetails": ["256"]}, {"targetAddress": ["SMTP:ida@one.example"]}, "rename",
    ),
    "no contact": (
        MAIL, {"targetAddress": ["SMTP:ida@one.example"], "objectClass": ["user"], "whenCreated": ["x"]}, "rename",
    ),
}  # fmt: skip


def _entry(name: str, label: str, **attributes: list[str]) -> dict[str, Any]:
    return {"dn": name, "label": label, "attributes": {"mailNickname": ["ida"], **attributes}}


def _two(mailbox: dict[str, list[str]], contact: dict[str, list[str]]) -> tuple[dict[str, Any], ...]:
    first = {"objectClass": ["user"], "whenCreated": ["20010101000000.0Z"], **mailbox}
    return _entry(MAILBOX, "one", **first), _entry(CONTACT, "two", **{"objectClass": ["contact"], **contact})


@pytest.mark.parametrize("case", ROLES)
def test_who_is_a_shadow(case: str, strategies: ModuleType) -> None:
    mailbox, contact, role = ROLES[case]

    plan = propose(strategies.directory(_two(mailbox, contact)), load("exchange"), Memory(), Wishes())

    (row,) = [row for row in plan.rows if (row.dn, row.attribute) == (CONTACT, "mailNickname")]
    assert role == row.role
    assert (role == "decide") == ("shadow" in row.reason)


def test_a_shadow_waits_for_a_person_and_has_a_proposal(strategies: ModuleType) -> None:
    entries = _two(MAIL, {"targetAddress": ["SMTP:ida@one.example"]})

    keeper, row = propose(strategies.directory(entries), load("exchange"), Memory(), Wishes()).rows

    assert ("keep", MAILBOX) == (keeper.role, keeper.dn)
    told = SHADOW.format(MAILBOX, "targetAddress", "SMTP:ida@one.example")
    assert ("decide", "", told, "ida2") == (row.role, row.decision, row.reason, row.new)


def test_check_tells_of_the_shadow(strategies: ModuleType) -> None:
    entries = _two(MAIL, {"targetAddress": ["SMTP:ida@one.example"]})

    found = check(strategies.directory(entries), load("exchange"))

    told = SHADOW.format(MAILBOX, "targetAddress", "SMTP:ida@one.example")
    assert {MAILBOX: f"also held by {CONTACT}", CONTACT: f"also held by {MAILBOX}; {told}"} == {
        f.dn: f.message for f in found.rows
    }


def test_a_shadow_that_keeps_the_name_is_not_asked_about(strategies: ModuleType) -> None:
    entries = _two(MAIL, {"targetAddress": ["SMTP:ida@one.example"]})
    wishes = Wishes(keep=(Named(CONTACT, Where("keep.txt", 1)),))

    rows = propose(strategies.directory(entries), load("exchange"), Memory(), wishes).rows

    assert [("keep", CONTACT), ("rename", MAILBOX)] == [(row.role, row.dn) for row in rows]


def test_a_custom_recipient_of_exchange_5_5(strategies: ModuleType) -> None:
    mailbox, contact = "cn=ida,cn=Recipients,ou=SITE1,o=ORG", "cn=ida,cn=Recipients,ou=SITE2,o=ORG"
    person, remote = ["organizationalPerson"], ["Remote-Address"]
    entries = (
        {
            "dn": mailbox,
            "label": "",
            "attributes": {"uid": ["ida"], "objectClass": person, "mail": ["ida@one.example"]},
        },
        {
            "dn": contact,
            "label": "",
            "attributes": {"uid": ["ida"], "objectClass": remote, "Target-Address": ["SMTP:ida@one.example"]},
        },
    )

    _, row = propose(strategies.directory(entries), load("exchange55"), Memory(), Wishes()).rows

    told = SHADOW.format(mailbox, "Target-Address", "SMTP:ida@one.example")
    assert ("decide", contact, told) == (row.role, row.dn, row.reason)


def test_of_two_mailboxes_of_one_address_the_first_is_named(strategies: ModuleType) -> None:
    one, two, contact = ("CN=a,DC=one,DC=example", "CN=b,DC=two,DC=example", "CN=c,DC=three,DC=example")
    entries = (
        _entry(two, "", objectClass=["user"], mail=["ida@one.example"]),
        _entry(one, "", objectClass=["user"], mail=["ida@one.example"]),
        _entry(contact, "", objectClass=["contact"], targetAddress=["SMTP:ida@one.example"]),
    )

    rows = propose(strategies.directory(entries), load("exchange"), Memory(), Wishes()).rows

    assert [SHADOW.format(one, "targetAddress", "SMTP:ida@one.example")] == [r.reason for r in rows if r.dn == contact]
