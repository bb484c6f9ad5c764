"""Addresses that address policies make of new names: nobody is given a name for another's address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.engine import decide, propose
from aliasfix.errors import InputError, Where
from aliasfix.plan import Decision, Decisions, Memory, Plan, Wishes, fingerprint
from aliasfix.proof import prove
from aliasfix.ruleset import Ruleset, load
from aliasfix.writer import change_files

if TYPE_CHECKING:
    from types import ModuleType

    from aliasfix.directory import Directory

JANE, JOHN, JIM, OTHER = (f"CN={name},OU=Berlin,DC=corp,DC=example" for name in ("Jane", "John", "Jim", "Other"))
UNKNOWN = (
    "Whether primary addresses follow the alias is unknown: the exports have no "
    "EmailAddressPolicyEnabled, msExchPoliciesIncluded or msExchPoliciesExcluded."
)


def _entry(dn: str, **attributes: str | list[str]) -> dict[str, Any]:
    return {"dn": dn, "label": "", "attributes": {a: v if isinstance(v, list) else [v] for a, v in attributes.items()}}


def _follower(dn: str, alias: str, mail: str, **attributes: str | list[str]) -> dict[str, Any]:
    return _entry(dn, mailNickname=alias, mail=mail, EmailAddressPolicyEnabled="TRUE", **attributes)


KEEPER = _entry(JANE, mailNickname="smith", mail="jane@corp.example", EmailAddressPolicyEnabled="FALSE", adminCount="1")
BERLIN = Wishes(site_codes=(("Berlin", ""),))


def _planned(directory: Directory, ruleset: Ruleset | None = None) -> Plan:
    return propose(directory, ruleset or load("exchange"), Memory(), BERLIN)


@pytest.mark.parametrize(
    "address",
    [
        {"mail": "SMITH2@corp.example"},
        {"proxyAddresses": ["SMTP:x@corp.example", "smtp:smith2@Corp.example"]},
        {"userPrincipalName": "smith2@corp.example"},
    ],
)
def test_an_address_of_anybody_else_is_in_the_way(address: dict[str, Any], strategies: ModuleType) -> None:
    entries = (KEEPER, _follower(JOHN, "smith", "smith@corp.example"), _entry(OTHER, **address))

    (row,) = (r for r in _planned(strategies.directory(entries)).rows if r.new)

    assert (JOHN, "smith3") == (row.dn, row.new)
    assert row.tried.endswith("; smith2: its address smith2@corp.example is taken")


@pytest.mark.parametrize(
    ("entries", "new"),
    [
        ((_follower(JOHN, "smith", "smith@corp.example", proxyAddresses="smtp:smith2@corp.example"),), "smith2"),
        ((_follower(JOHN, "smith", "smith@two.example"), _entry(OTHER, mail="smith2@corp.example")), "smith2"),
        ((_follower(JOHN, "smith", "smith@corp.example"), _entry(OTHER, mail="smith@corp.example")), "smith2"),
        ((_entry(JOHN, mailNickname="smith", mail="smith@a.b"), _entry(OTHER, mail="smith2@a.b")), "smith2"),
        ((_follower(JOHN, "smith", "smith"), _entry(OTHER, mail="smith2@corp.example")), "smith2"),
    ],
    ids=["its own", "another domain", "the old one", "no policy", "no domain"],
)
def test_what_is_not_in_the_way(entries: tuple[dict[str, Any], ...], new: str, strategies: ModuleType) -> None:
    rows = _planned(strategies.directory((KEEPER, *entries))).rows

    assert [(JOHN, new)] == [(r.dn, r.new) for r in rows if r.new and r.attribute == "mailNickname"]


def test_a_number_that_is_refused_for_its_address_is_free_in_another_domain(strategies: ModuleType) -> None:
    one, two = _follower(JIM, "smith", "jim@corp.example"), _follower(JOHN, "smith", "john@two.example")
    entries = (KEEPER, one, two, _entry(OTHER, mail="smith2@corp.example"), *_held("jim@x.y", "john@x.y"))

    assert {JIM: "smith3", JOHN: "smith2"} == {
        r.dn: r.new for r in _planned(strategies.directory(entries)).rows if r.new
    }


def _held(*mails: str) -> list[dict[str, Any]]:
    """Entries that have the local parts as their aliases, so that nobody is called so."""
    return [_entry(f"CN={m},DC=example", mailNickname=m.partition("@")[0], mail=m) for m in mails]


def _decided(plan: Plan, new: dict[str, str], directory: Directory, ruleset: Ruleset) -> Plan:
    texts = [row.texts() for row in plan.rows]
    words = [
        Decision("edit" if t["dn"] in new else t["decision"], new.get(t["dn"], t["new"]), fingerprint(t), t, Where("p"))
        for t in texts
    ]
    return decide(plan, Decisions(("p",), tuple(words)), directory, ruleset, Memory(), BERLIN)


def test_a_name_by_hand_is_held_to_it(strategies: ModuleType) -> None:
    entries = (KEEPER, _follower(JOHN, "smith", "smith@corp.example"), _entry(OTHER, mail="john.smith@corp.example"))
    directory, ruleset = strategies.directory(entries), load("exchange")
    plan = _planned(directory)

    with pytest.raises(InputError, match=r'"john\.smith" is refused: its address john\.smith@corp\.example is taken'):
        _decided(plan, {JOHN: "john.smith"}, directory, ruleset)

    assert {"j.smith"} == {r.new for r in _decided(plan, {JOHN: "j.smith"}, directory, ruleset).accepted}


def test_two_names_by_hand_may_not_lead_to_one_address(strategies: ModuleType) -> None:
    followers = [_follower(dn, "smith", f"{n}@corp.example") for n, dn in (("one", JIM), ("two", JOHN))]
    directory, exchange = strategies.directory((KEEPER, *followers)), load("exchange")
    (alias,) = exchange.namespaces
    ruleset = exchange.model_copy(update={"namespaces": (alias.model_copy(update={"also": None}),)})

    with pytest.raises(InputError, match=r"its address müller@corp\.example is proposed to another"):
        _decided(_planned(directory, ruleset), {JIM: "muller", JOHN: "müller"}, directory, ruleset)


def test_a_repair_makes_no_address_that_was_forecast(strategies: ModuleType) -> None:
    entries = (KEEPER, _follower(JOHN, "smith", "smith@corp.example"), _entry(OTHER, mail=".smith2@corp.example"))

    rows = _planned(strategies.directory(entries)).rows

    assert [("rename", "smith2", "smith"), ("blocked", "", ".smith2@corp.example")] == [
        (r.role, r.new, r.old) for r in rows if r.role != "keep"
    ]
    assert rows[-1].tried == "smith2@corp.example: proposed to another"


@pytest.mark.parametrize(
    ("others", "word"),
    [
        ([_entry(OTHER, mail="j.smith@corp.example")], 'the address "j.smith@corp.example", which a policy makes'),
        ([_entry(OTHER, mail="other@corp.example")], ""),
    ],
)
def test_the_proof_refuses_an_address_of_somebody_else(others: list[Any], word: str, strategies: ModuleType) -> None:
    directory, ruleset = (
        strategies.directory((KEEPER, _follower(JOHN, "smith", "smith@corp.example"), *others)),
        load("exchange"),
    )
    plan = _planned(directory)
    plan = plan.with_rows(replace(r, new="j.smith") if r.new else r for r in plan.rows)

    proof = prove(directory, plan, change_files(plan, ruleset, directory).files, ruleset, Memory())

    assert [("fresh", True)] * bool(word) == [(f.step, f.sentence.startswith(word)) for f in proof.faults]


@pytest.mark.parametrize(
    ("ruleset", "entries", "notes"),
    [
        ("exchange", [_entry(JIM, mailNickname="smith"), _entry(JOHN, mailNickname="smith")], (UNKNOWN,)),
        ("exchange", [_entry(JIM, mailNickname="smith"), _entry(JOHN, mailNickname="jones")], ()),
        ("exchange", [KEEPER, _entry(JOHN, mailNickname="smith")], ()),
        ("exchange55", [_entry(JIM, uid="smith"), _entry(JOHN, uid="smith")], ()),
    ],
    ids=["unknown", "nobody is renamed", "shown", "no policies"],
)
def test_says_that_it_is_unknown_whether_addresses_follow(
    ruleset: str, entries: list[Any], notes: tuple[str, ...], strategies: ModuleType
) -> None:
    assert notes == _planned(strategies.directory(tuple(entries)), load(ruleset)).notes
