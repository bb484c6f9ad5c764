"""Which values a namespace compares, and which of its clashes are findings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.engine import check, propose
from aliasfix.plan import Memory, Wishes
from aliasfix.ruleset import Unique, load

if TYPE_CHECKING:
    from types import ModuleType

ONE, TWO = "ou=one,dc=x", "ou=two,dc=x"


def _entry(dn: str, label: str = "", **attributes: str | list[str]) -> dict[str, Any]:
    held = {name: [value] if isinstance(value, str) else value for name, value in attributes.items()}
    return {"dn": dn, "label": label, "attributes": held}


def _found(strategies: ModuleType, namespace: dict[str, Any], *entries: dict[str, Any]) -> list[tuple[str, ...]]:
    """Code, severity, DN, attribute and message of what the namespace is found to hold."""
    rules = load("exchange")
    others = [n for n in rules.namespaces if n.name == "alias"]
    own = Unique.model_validate({"name": "own", **namespace})
    rules = rules.model_copy(update={"namespaces": tuple(others), "unique": (own,)})
    found = check(strategies.directory(entries), rules).rows
    return [(f.code, f.severity, f.dn, f.attribute, f.message) for f in found if f.group.startswith("own:")]


@pytest.fixture(name="found")
def what_is_found(strategies: ModuleType) -> Any:
    return partial(_found, strategies)


ADDRESS = {"attributes": ["proxyAddresses", "mail"], "parts": {"proxyAddresses": "address", "mail": "address"}}


def test_an_address_is_compared_without_smtp_and_other_types_stay_apart(found: Any) -> None:
    a = _entry("cn=a", proxyAddresses=["SMTP:x@y", "X500:/o=x", "sip:x@y"])
    b = _entry("cn=b", proxyAddresses=["smtp:X@Y", "X400:/o=x"])
    c = _entry("cn=c", proxyAddresses=["EUM:x@y", "x500:/O=X"])
    assert [
        ("A001", "error", "cn=a", "proxyAddresses", "also held by cn=c"),
        ("A001", "error", "cn=c", "proxyAddresses", "also held by cn=a"),
        ("A001", "error", "cn=a", "proxyAddresses", "also held by cn=b"),
        ("A001", "error", "cn=b", "proxyAddresses", "also held by cn=a"),
    ] == found(ADDRESS, a, b, c)


def test_a_clash_in_one_attribute_is_told_before_one_across(found: Any) -> None:
    a = _entry("cn=a", proxyAddresses="SMTP:x@y", mail="x@y")
    b = _entry("cn=b", proxyAddresses="smtp:x@y")
    c = _entry("cn=c", mail="x@y")
    d = _entry("cn=d", proxyAddresses="SMTP:d@y", mail="d@y")
    assert [
        ("A001", "error", "cn=a", "proxyAddresses", "also held by cn=b and cn=c (mail)"),
        ("A001", "error", "cn=b", "proxyAddresses", "also held by cn=a and cn=c (mail)"),
        ("A001", "error", "cn=c", "mail", "also held by cn=a (proxyAddresses) and cn=b (proxyAddresses)"),
    ] == sorted(found(ADDRESS, a, b, c, d))


def test_two_that_share_no_attribute_clash_across(found: Any) -> None:
    a, b = _entry("cn=a", proxyAddresses="SMTP:x@y"), _entry("cn=b", mail="x@y")
    assert [
        ("A004", "error", "cn=a", "proxyAddresses", "also held by cn=b (mail)"),
        ("A004", "error", "cn=b", "mail", "also held by cn=a (proxyAddresses)"),
    ] == found(ADDRESS, a, b)
    assert [] == found({**ADDRESS, "across": "allowed"}, a, b)
    assert {"warning"} == {row[1] for row in found({**ADDRESS, "across": "warning"}, a, b)}


def test_what_is_allowed_within_may_still_clash_across(found: Any) -> None:
    space = {"attributes": ["uid", "account"], "parts": {"account": "account"}, "within": "allowed"}
    a = _entry("cn=a", uid="first", account="DOM1\\user")
    b = _entry("cn=b", uid="other", account="DOM2\\user")
    c = _entry("cn=c", uid="third", account="DOM1\\other")
    assert [
        ("A004", "error", "cn=b", "uid", "also held by cn=c (account)"),
        ("A004", "error", "cn=c", "account", "also held by cn=b (uid)"),
    ] == found(space, a, b, c)


def test_the_alias_of_one_is_the_address_of_another(found: Any) -> None:
    space = {"attributes": ["alias", "mail"], "parts": {"mail": "local"}, "within": "allowed", "across": "warning"}
    a, b = _entry("cn=a", alias="anna", mail="anna@one"), _entry("cn=b", alias="petit", mail="anna@two")
    c, d = _entry("cn=c", alias="bob", mail="bob@one"), _entry("cn=d", alias="bob", mail="bob@two")
    assert [
        ("A004", "warning", "cn=a", "alias", "also held by cn=b (mail)"),
        ("A004", "warning", "cn=b", "mail", "also held by cn=a (alias)"),
    ] == found(space, a, b, c, d)


def test_a_name_that_is_a_duplicate_among_those_that_change_is_told_there_alone(found: Any) -> None:
    space = {"attributes": ["mailNickname", "mail"], "parts": {"mail": "local"}, "within": "allowed"}
    a, b = _entry("cn=a", mailNickname="anna", mail="anna@x"), _entry("cn=b", mailNickname="Anna", mail="b@x")
    assert [] == found(space, a, b)


def test_an_entry_is_one_holder_or_clashes_with_itself(found: Any) -> None:
    a = _entry("cn=a", proxyAddresses=["SMTP:x@y", "smtp:x@y"], mail="x@y")
    b = _entry("cn=b", mail="b@y")
    message = 'the entry itself holds it in proxyAddresses "SMTP:x@y" and proxyAddresses "smtp:x@y" too'
    assert [] == found(ADDRESS, a, b)
    assert [("A004", "error", "cn=a", "mail", message)] == found({**ADDRESS, "same_entry": "clash"}, a, b)


def test_a_value_without_the_part_is_in_no_clash(found: Any) -> None:
    space = {"attributes": ["mail"], "parts": {"mail": "local"}}
    assert [] == found(space, _entry("cn=a", mail="x"), _entry("cn=b", mail="x"), _entry("cn=c", mail="@y"))
    assert ["cn=a", "cn=b"] == [
        row[2] for row in found(space, _entry("cn=a", mail="x@y"), _entry("cn=b", mail="SMTP:X@z"))
    ]


@pytest.mark.parametrize(
    ("space", "clashing"),
    [
        ({}, {"a", "b", "c", "d"}),
        ({"per": [ONE]}, {"a", "b"}),
        ({"per": [TWO, ONE]}, {"a", "b"}),
        ({"per": ["OU=One, DC=X", "dc=x"]}, {"a", "b", "c", "d"}),
        ({"per": ["ou=on,dc=x"]}, set()),
        ({"per": [""]}, {"a", "b", "c", "d"}),
        ({"without": [ONE]}, {"c", "d"}),
        ({"without": [TWO, "cn=b,ou=one,dc=x"]}, {"a", "d"}),
        ({"shared_values": ["SAM"]}, set()),
        ({"shared_values": ["sa"]}, {"a", "b", "c", "d"}),
        ({"per": "label"}, {"a", "b"}),
    ],
)
def test_a_namespace_has_its_entries_and_leaves_others_out(
    found: Any, space: dict[str, Any], clashing: set[str]
) -> None:
    entries = [
        _entry(f"cn=a,{ONE}", uid="sam"),
        _entry("CN=b,OU=ONE,DC=x", uid="Sam"),
        _entry(f"cn=c,{TWO}", uid="sam", label="east"),
        _entry("cn=d,dc=x", uid="sam", label="west"),
    ]
    assert clashing == {row[2][3] for row in found({"attributes": ["uid"], **space}, *entries)}


def test_no_new_name_is_another_s_address_or_account(strategies: ModuleType) -> None:
    rules = load("exchange")
    across = {"name": "logon", "attributes": ["mailNickname", "mail"], "parts": {"mail": "local"}}
    alias = next(n for n in rules.namespaces if n.name == "alias")
    spaces = {"namespaces": (alias,), "unique": (Unique.model_validate({**across, "within": "allowed"}),)}
    entries = [
        _entry("cn=a", mailNickname="anna", objectClass="user", mail="anna@x"),
        _entry("cn=b", mailNickname="anna", objectClass="user", mail="b@x", sAMAccountName="petit"),
        _entry("cn=c", mailNickname="c", objectClass="user", mail="petit@x"),
        _entry("cn=d", mailNickname="d", objectClass="user", mail="b@y"),
        _entry("cn=e", mailNickname="e", objectClass="user", mail="anna2@y"),
    ]
    plan = propose(strategies.directory(entries), rules.model_copy(update=spaces), Memory(), Wishes())
    ((new, tried),) = [(row.new, row.tried) for row in plan.rows if row.role == "rename"]
    assert "anna3" == new
    assert tried.startswith("b: taken (logon); petit: taken (logon); ")
    assert tried.endswith("; anna2: taken (logon)")
