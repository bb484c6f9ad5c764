"""An explanation says what the plan and the findings say, and a suggested name is one that it calls free."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aliasfix.engine import check, explain, propose, suggest
from aliasfix.engine.checks import objection
from aliasfix.engine.keys import key_of
from aliasfix.errors import UsageError
from aliasfix.ldap import dn
from aliasfix.plan import Memory, Wishes
from aliasfix.ruleset import load
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from types import ModuleType

    from aliasfix.engine import Explanation
    from aliasfix.engine.explanation import Holder


def _name(case: Any, data: st.DataObject, strategies: ModuleType) -> str:
    """Mostly one that somebody holds."""
    space = case.loaded().namespaces[0]
    held = [v for e in case.entries for a in space.attributes for v in e["attributes"].get(a, ())]
    return str(data.draw(st.one_of(st.sampled_from(held), strategies.names) if held else strategies.names))


def _explained(case: Any, name: str) -> Explanation:
    return explain(case.directory(), case.loaded(), case.memory, case.wishes, name)


def _holders(found: Explanation) -> list[Holder]:
    names = [name for name in found.names if name.namespace == found.names[0].namespace]
    return [holder for name in names for held in name.held for holder in held.holders]


@given(data=st.data())
def test_every_holder_is_told_with_its_fate(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    name = _name(case, data, strategies)
    space = case.loaded().namespaces[0]
    key = fold(name, space.equality)

    holders = _holders(_explained(case, name))

    expected = [
        (e["dn"], e["label"], a, v)
        for e in case.entries
        for a in space.attributes
        for v in e["attributes"].get(a, ())
        if fold(v, space.equality) == key
    ]
    assert sorted(expected) == sorted((h.dn, h.label, h.attribute, h.value) for h in holders)
    plan = propose(case.directory(), case.loaded(), case.memory, case.wishes)
    rows = [
        r for r in plan.rows if r.attribute in space.attributes and fold(r.old, space.equality) == key
    ]  # fmt: skip
    assert rows == [holder.row for holder in holders if holder.row]


@given(data=st.data())
def test_wrong_is_what_check_finds(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    name = _name(case, data, strategies)
    found = _explained(case, name)
    assume(_holders(found))
    spaces = (*case.loaded().namespaces, *case.loaded().unique)

    said = check(case.directory(), case.loaded()).rows

    assert found.wrong == any(
        f.attribute in n.attributes and key_of(f.value, n, n.equality) == key_of(name, n, n.equality)
        for f in said
        for n in spaces
    )


@given(data=st.data())
def test_the_last_criterion_is_the_first_that_differs(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    found = _explained(case, _name(case, data, strategies))
    changing = {space.name for space in case.loaded().namespaces}

    for name in found.names:
        for held in name.held:
            assert bool(held.criteria) == (held.clash and name.namespace in changing)
            if held.holders[0].row and held.holders[0].row.role == "keep":
                reason = held.holders[0].row.reason
                assert ("order of their DNs" in reason) == (held.criteria[-1] == "dn")
                assert ("in fewer clashes" in reason) == (held.criteria[-1] == "fewest")
                assert ("created first" in reason) == (held.criteria[-1] == "created")


@given(data=st.data())
def test_somebody_is_in_the_way_of_every_candidate_that_is_taken(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    hows = {"taken": {"held", "alike"}, "proposed to another": {"proposed"}, "reserved": {"reserved"}}

    for holder in _holders(_explained(case, _name(case, data, strategies))):
        for each in holder.tried:
            assert each.why
            if each.why in hows:
                assert hows[each.why] & {occupant.how for occupant in each.by}


@given(data=st.data())
def test_an_entry_is_explained_by_its_names(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    entry = data.draw(st.sampled_from(case.entries))
    space = case.loaded().namespaces[0]

    found = _explained(case, entry["dn"].swapcase())

    same = [e for e in case.entries if dn.key(e["dn"]) == dn.key(entry["dn"])]
    names = {fold(v, space.equality) for e in same for a in space.attributes for v in e["attributes"].get(a, ())}
    assert found.means == "entry"
    assert sorted(e["dn"] for e in same) == list(found.entries)
    assert sorted(names) == sorted(fold(name.name, space.equality) for name in found.names)


@settings(max_examples=40)  # each takes five plans
@given(data=st.data())
def test_a_suggested_name_is_free(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    directory, ruleset = case.directory(), case.loaded()
    wish = data.draw(st.one_of(strategies.names, st.sampled_from(("Ann Smith", "Smith, Ann", "J. O'Neil"))))
    site = data.draw(st.sampled_from(("", *strategies.SITES)))
    wishes = replace(Wishes(), site_codes=case.wishes.site_codes)
    try:
        found = suggest(directory, ruleset, case.memory, wishes, wish, site)
    except UsageError as e:
        assume("no name can be made" not in e.sentence)
        raise

    space = ruleset.namespaces[0]
    names = [each.name for each in found.free]
    assert len({fold(name, space.naming) for name in names}) == len(names)
    assert len(names) == 5 or not site
    for name in names[:1] + names[-1:]:
        told = explain(directory, ruleset, case.memory, wishes, name)
        elsewhere = [each for each in told.names if each.namespace != space.name or each.besides]
        assert not told.wrong or elsewhere
        assert not _holders(told)
        assert not objection(ruleset, space.attributes[0], name)
    for each in found.refused:
        assert each.by or not each.candidate or objection(ruleset, space.attributes[0], each.candidate)


@given(data=st.data())
def test_suggestions_do_not_depend_on_the_order_of_the_entries(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    shuffled = strategies.directory(tuple(data.draw(st.permutations(case.entries))))
    ruleset = case.loaded()

    one, other = (suggest(d, ruleset, case.memory, Wishes(), "smith", "SITE1") for d in (case.directory(), shuffled))

    assert one.free == other.free
    assert [(t.candidate, t.why) for t in one.refused] == [(t.candidate, t.why) for t in other.refused]


def _people(strategies: ModuleType, *uids: str, **more: list[str]) -> Any:
    return strategies.directory(
        tuple({"dn": f"cn=e{i},o=org", "label": "", "attributes": {"uid": [u], **more}} for i, u in enumerate(uids))
    )


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        ("Anna Petit", ["anna-petit", "anna-petit2"]),
        ("Petit, Anna", ["anna-petit", "anna-petit2"]),
        ("  anna  ", ["anna2", "anna3"]),
        ("ANNA", ["anna2", "anna3"]),
        ("Jürgen de la Cruz", ["juergen-delacruz", "juergen-delacruz2"]),
        ("x" * 10_000, ["x" * 32, "x" * 31 + "2"]),
        ("a\x1b[31m", ["a-31m", "a-31m2"]),
        ("anna1", ["anna1", "anna1-2"]),
        ("root", ["root2", "root3"]),
        (",anna", ["anna2", "anna3"]),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_wish_is_spelled_as_the_ruleset_says(wish: str, names: list[str], strategies: ModuleType) -> None:
    found = suggest(_people(strategies, "anna"), load("openldap"), Memory(reserved=("ROOT",)), Wishes(), wish)

    assert names == [each.name for each in found.free][:2]


@pytest.mark.parametrize("wish", ["", " ", "!", "\x00", "."])
def test_nothing_gives_no_name(wish: str, strategies: ModuleType) -> None:
    with pytest.raises(UsageError, match="no name can be made of"):
        suggest(_people(strategies, "anna"), load("openldap"), Memory(), Wishes(), wish)


def test_the_site_is_named_unless_somebody_of_it_has_the_name(strategies: ModuleType) -> None:
    directory = strategies.directory(
        ({"dn": "cn=e,ou=SITE1,o=ORG", "label": "", "attributes": {"uid": ["anna"]}},)
    )  # fmt: skip

    def best(site: str) -> str:
        return suggest(directory, load("exchange55"), Memory(), Wishes(), "anna", site).free[0].name

    assert ["anna-site2", "anna2"] == [best("SITE2"), best("site1")]


def test_without_a_site_a_ladder_that_needs_one_has_nothing(strategies: ModuleType) -> None:
    found = suggest(_people(strategies, "anna"), load("exchange55"), Memory(), Wishes(), "anna")

    assert found.free == ()
    assert [
        ("anna", "taken"),
        ("", "{alias}{joiner}{site} does not apply: the newcomer's site is not named"),
        ("", "{alias}{joiner}{site}{n:2..} does not apply: the newcomer's site is not named"),
    ] == [(each.candidate, each.why) for each in found.refused]


def test_a_check_speaks_of_the_entries_that_it_is_about(strategies: ModuleType) -> None:
    """A role may be called postmaster, a person not: who asks for a newcomer is told so too."""
    people = [
        {"dn": f"cn={kind},o=org", "label": "", "attributes": {"mailNickname": [alias], "objectClass": [kind]}}
        for kind, alias in (("user", "postmaster"), ("group", "webmaster"))
    ]
    directory, ruleset = strategies.directory(tuple(people)), load("exchange")

    person, group, nobody = (
        explain(directory, ruleset, Memory(), Wishes(), name) for name in ("postmaster", "webmaster", "abuse")
    )

    assert (True, False, True) == (person.wrong, group.wrong, nobody.wrong)
    assert [holder.faults for holder in _holders(group)] == [()]
    assert "reserved" in nobody.names[0].objection


def test_an_address_with_two_owners_is_told_beside_their_names(strategies: ModuleType) -> None:
    mails = ({"mail": ["info@one.example"]}, {"proxyAddresses": ["SMTP:Info@one.example", "smtp:x@one.example"]})
    directory = strategies.directory(
        tuple(
            {"dn": f"cn=e{i},o=org", "label": "", "attributes": {"mailNickname": [f"e{i}"], **mail}}
            for i, mail in enumerate(mails)
        )
    )

    both, one = (
        explain(directory, load("exchange"), Memory(), Wishes(), name)
        for name in ("smtp:INFO@one.example", "x@one.example")
    )

    assert [("e0", False), ("e1", False), ("smtp:INFO@one.example", True)] == [(n.name, n.wrong) for n in both.names]
    assert ["info@one.example", "SMTP:Info@one.example"] == [h.value for h in both.names[2].held[0].holders]
    assert (("cn=e1,o=org",), ["e1"]) == (one.entries, [name.name for name in one.names])


def test_an_account_that_is_anothers_alias_is_told_and_ones_own_is_not(strategies: ModuleType) -> None:
    held = (("smith", "DOM1\\smith"), ("berg", "DOM1\\jo"), ("jo", "DOM1\\jo2"))
    directory = strategies.directory(
        tuple(
            {"dn": f"cn=e{i},ou=S,o=org", "label": "", "attributes": {"uid": [a], "Primary-Windows-NT-Account": [b]}}
            for i, (a, b) in enumerate(held)
        )
    )

    own, anothers = (explain(directory, load("exchange55"), Memory(), Wishes(), name) for name in ("smith", "jo"))

    assert (False, ["alias"]) == (own.wrong, [name.namespace for name in own.names])
    assert (True, ["alias", "ntlm"]) == (anothers.wrong, [name.namespace for name in anothers.names])
    ((alias,), (ntlm,)) = (name.held for name in anothers.names)
    told = [(h.dn, h.value, [fault.partition(": ")[2] for fault in h.faults]) for h in (*alias.holders, *ntlm.holders)]
    other = ("cn=e1,ou=S,o=org", "DOM1\\jo", ["also held by cn=e2,ou=S,o=org (uid)"])
    mine = ("cn=e2,ou=S,o=org", "jo", ["also held by cn=e1,ou=S,o=org (Primary-Windows-NT-Account)"])
    assert [mine, other, mine] == told
    assert (False, False) == (alias.clash, ntlm.clash)


def test_whom_the_ruleset_does_not_count_is_no_clash_and_keeps_the_name_all_the_same(strategies: ModuleType) -> None:
    rules = load("openldap")
    space = rules.namespaces[0].model_copy(update={"kinds": ("person",)})
    rules = rules.model_copy(update={"namespaces": (space,)})
    kinds = (("person", "anna"), ("posixGroup", "Anna"), ("posixGroup", "bob"))
    directory = strategies.directory(
        tuple(
            {"dn": f"cn=e{i},o=org", "label": "", "attributes": {"uid": [uid], "objectClass": [kind]}}
            for i, (kind, uid) in enumerate(kinds)
        )
    )

    anna, bob, eve = (explain(directory, rules, Memory(), Wishes(), name) for name in ("anna", "BOB", "eve"))

    assert (False, True, False) == (anna.wrong, bob.wrong, eve.wrong)
    assert ([1, 0, 0]) == [len(_holders(found)) for found in (anna, bob, eve)]
    assert [["Anna"], ["bob"], []] == [[o.value for o in found.names[0].besides] for found in (anna, bob, eve)]
    assert "bob2" == suggest(directory, rules, Memory(), Wishes(), "bob").free[0].name


def test_a_ruleset_for_checks_only_explains_and_does_not_suggest(strategies: ModuleType) -> None:
    people = ({"dn": f"address={i}", "label": "", "attributes": {"mail": ["a@b.example"]}} for i in range(2))
    directory, ruleset = strategies.directory(tuple(people)), load("addresses")

    found = explain(directory, ruleset, Memory(), Wishes(), "A@B.example")

    (name,) = found.names
    assert (found.means, found.wrong, name.held[0].clash) == ("name", True, True)
    assert [None, None] == [holder.row for holder in _holders(found)]
    with pytest.raises(UsageError, match="can be checked"):
        suggest(directory, ruleset, Memory(), Wishes(), "a")
