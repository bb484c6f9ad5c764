"""What must be true of every plan, whoever made it: each function asserts one promise about entries and their rows.

Entries and rows are dicts as in ``model.py``.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from aliasfix.ldap import dn
from aliasfix.plan import Memory, holder
from aliasfix.text import catalogue, equality
from aliasfix.text.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aliasfix.ruleset import Check, Namespace, Ruleset

Entry = dict[str, Any]
Row = dict[str, str]
Value = tuple[str, str, str, str]  # label, DN, attribute, old value

CHANGES = ("rename", "repair")
PROPOSALS = (*CHANGES, "decide")


def applied(entries: Iterable[Entry], rows: Iterable[Row], roles: tuple[str, ...] = CHANGES) -> list[Entry]:
    """The entries after the rows of these roles; each old value must stand there exactly once."""
    result = deepcopy(list(entries))
    for row in rows:
        if row["new"] and row["role"] in roles:
            (entry,) = [e for e in result if (e["label"], e["dn"]) == (row["label"], row["dn"])]
            values = entry["attributes"][row["attribute"]]
            assert values.count(row["old"]) == 1
            values[values.index(row["old"])] = row["new"]
    return result


def values(entries: Iterable[Entry], namespace: Namespace) -> list[Value]:
    """Every value of the namespace."""
    return [
        (e["label"], e["dn"], a, v) for e in entries for a in namespace.attributes for v in e["attributes"].get(a, [])
    ]


def _left_out(name: str, namespace: Namespace) -> bool:
    return any(dn.under(dn.key(name), dn.key(base)) for base in namespace.without)


def clashes(entries: Iterable[Entry], namespace: Namespace) -> dict[tuple[str, str], set[Value]]:
    """(scope, key) -> its values, where two entries hold it."""
    shared = {equality.fold(value, namespace.equality) for value in namespace.shared_values}
    found: dict[tuple[str, str], set[Value]] = defaultdict(set)
    for value in values(entries, namespace):
        label, name = value[:2]
        if _left_out(name, namespace):
            continue
        domain = ".".join(v for rdn in dn.parse(name) for t, v in rdn if t.lower() == "dc").lower()
        if isinstance(namespace.per, tuple):
            above = [dn.key(base) for base in namespace.per if dn.under(dn.key(name), dn.key(base))]
            scope = max(above, key=len, default=None)
        else:
            scope = {"exports": "", "label": label, "domain": domain}[namespace.per]
        part = PARTS[namespace.parts.get(value[2], "whole")](value[3])
        key = equality.fold(part, namespace.equality)
        if part and key not in shared and scope is not None:
            found[scope, key].add(value)
    return {key: held for key, held in found.items() if len({v[:2] for v in held}) > 1}


def broken(entries: Iterable[Entry], namespace: Namespace, ruleset: Ruleset) -> set[Value]:
    """The values that violate a rule which is an error."""
    errors = [c for c in ruleset.checks if c.severity == "error" and not c.rule.together]
    return {
        value
        for entry in entries
        for value in values([entry], namespace)
        if not _left_out(value[1], namespace)
        and any(
            c.attribute.lower() == value[2].lower() and _about(c, entry) and catalogue.complaint(c.check, c, value[3])
            for c in errors
        )
    }


def _about(check: Check, entry: Entry) -> bool:
    """Whether the check is about the entry: no error that ships asks for more than one value to be there, or not."""
    held = {a.lower(): {v.lower() for v in vs} for a, vs in entry["attributes"].items()}
    wanted = all(held.get(a.lower(), set()) & set(vs) for a, vs in check.is_.items())
    return wanted and not any(held.get(a.lower(), set()) & set(vs) for a, vs in check.not_.items())


def changed(rows: Iterable[Row], namespace: Namespace, roles: Sequence[str]) -> set[Value]:
    """The values of the namespace that rows of these roles are about."""
    return {
        (r["label"], r["dn"], r["attribute"], r["old"])
        for r in rows
        if r["role"] in roles and r["attribute"] in namespace.attributes
    }


def unique_after(entries: Sequence[Entry], rows: Sequence[Row], ruleset: Ruleset) -> None:
    """After the changes two entries share a key only where a row says that the clash is left; so with broken values."""
    after = applied(entries, rows)
    for namespace in ruleset.namespaces:
        left = {r["group"] for r in rows if r["role"] in ("blocked", "decide")}
        for scope, key in clashes(after, namespace):
            group = [namespace.name, *([scope] if namespace.per != "exports" else []), key]
            assert ":".join(group) in left
            assert clashes(after, namespace)[scope, key] <= clashes(entries, namespace)[scope, key]
        assert broken(after, namespace, ruleset) <= changed(rows, namespace, ("blocked", "decide"))


def no_new_clash(entries: Sequence[Entry], rows: Sequence[Row], ruleset: Ruleset) -> None:
    """In the namespaces that no plan changes, too, who clashes after the changes did so before."""
    after = applied(entries, rows, PROPOSALS)
    for namespace in (*ruleset.namespaces, *ruleset.unique):
        before = clashes(entries, namespace)
        for key, held in clashes(after, namespace).items():
            assert {v[:2] for v in held} <= {v[:2] for v in before.get(key, ())}


def nothing_handed_on(entries: Sequence[Entry], rows: Sequence[Row], ruleset: Ruleset, memory: Memory) -> None:
    """No proposal has the key of a value that anybody else holds, held, or is given, nor a reserved one."""
    for namespace in ruleset.namespaces:

        def key(name: str, namespace: Namespace = namespace) -> str:
            return equality.fold(name, namespace.naming)

        proposed = [r for r in rows if r["new"] and r["group"].startswith(f"{namespace.name}:")]
        assert len({key(r["new"]) for r in proposed}) == len(proposed)
        for row in proposed:
            new = key(row["new"])
            own = (row["label"], row["dn"], row["attribute"], row["old"])
            held = {key(v[3]) for v in values(entries, namespace) if v != own or row["role"] != "repair"}
            before = {key(name) for who, name in memory.held if who != holder(row["label"], dn.key(row["dn"]))}
            reserved = {key(name) for name in (*memory.reserved, *namespace.shared_values)}
            assert new not in held | before | reserved
            assert row["new"] != row["old"]
            entry: Entry = {"label": "", "dn": "", "attributes": {row["attribute"]: [row["new"]]}}
            assert not broken([entry], namespace, ruleset)


def no_address_handed_on(entries: Sequence[Entry], rows: Sequence[Row], ruleset: Ruleset) -> None:
    """Where the primary address follows the name, nobody else has or is given the address that comes of a new one."""
    space = ruleset.addresses

    def key(value: str) -> str:
        return equality.fold(PARTS["address"](value), space.naming)

    own = {(e["label"], e["dn"]): e for e in entries}
    new = {value for namespace in ruleset.namespaces for value in changed(rows, namespace, PROPOSALS)}
    given: list[tuple[str, tuple[str, str]]] = []
    for row in rows:
        if row["new"] and (row["label"], row["dn"], row["attribute"], row["old"]) in new:
            domain = _followed_domain(own[row["label"], row["dn"]], ruleset)
            given += [(key(f"{row['new']}@{domain}"), (row["label"], row["dn"]))] if domain else []
    held = [
        (key(value), (e["label"], e["dn"]))
        for e in (*entries, *applied(entries, rows, PROPOSALS))
        for a in space.attributes
        for value in e["attributes"].get(a, [])
    ]
    for forecast, holder_ in given:
        assert {who for k, who in (*held, *given) if k == forecast} == {holder_}


def _followed_domain(entry: Entry, ruleset: Ruleset) -> str:
    """The domain of the primary address where a policy makes it of the name; "" elsewhere."""

    def has(attribute: str, wanted: Sequence[str]) -> bool:
        held = {v.lower() for a, vs in entry["attributes"].items() if a.lower() == attribute.lower() for v in vs}
        return bool(held) if "*" in wanted else not held.isdisjoint(w.lower() for w in wanted)

    follows = any(
        all(has(a, wanted) for a, wanted in policy.is_.items())
        and not any(has(a, unwanted) for a, unwanted in policy.not_.items())
        for policy in ruleset.policies
    )
    mails = [PARTS[s.part](v) for s in ruleset.fields["mail"] for v in entry["attributes"].get(s.attribute, [])]
    return PARTS["domain"](next(filter(None, mails), "")) if follows else ""


def fewest(entries: Sequence[Entry], rows: Sequence[Row], ruleset: Ruleset) -> None:
    """In every clash all sound values of one entry are kept; the rest of it, and all that is broken, has a row."""
    for namespace in ruleset.namespaces:
        faulty = broken(entries, namespace, ruleset)
        kept = changed(rows, namespace, ("keep",))
        expected = set(faulty)
        for held in clashes(entries, namespace).values():
            keepers = {v[:2] for v in held & kept}
            whole = {v for v in held if v not in faulty}
            assert len(keepers) == (1 if whole else 0)
            assert held & kept == {v for v in whole if v[:2] in keepers}
            expected |= held - kept
        others = changed(rows, namespace, (*PROPOSALS, "blocked"))
        assert expected == others
        assert not kept & others


def irreducible(entries: Sequence[Entry], rows: Sequence[Row], ruleset: Ruleset) -> None:
    """Putting back any one change makes a clash or a broken value again."""
    for namespace in ruleset.namespaces:
        for row in rows:
            if row["role"] not in CHANGES or not row["group"].startswith(f"{namespace.name}:"):
                continue
            without = applied(entries, [r for r in rows if r is not row])
            value = (row["label"], row["dn"], row["attribute"], row["old"])
            again = set().union(*clashes(without, namespace).values()) | broken(without, namespace, ruleset)
            assert value in again


def settled(entries: Sequence[Entry], rows: Sequence[Row], memory: Memory, plan: Callable[..., list[Row]]) -> None:
    """Once every proposal is taken, planning again proposes nothing; ``plan`` is a function of entries and memory."""
    made = [r for r in rows if r["new"]]
    remembered = Memory(
        memory.reserved, (*memory.held, *((holder(r["label"], dn.key(r["dn"])), r["old"]) for r in made))
    )
    again = plan(applied(entries, rows, PROPOSALS), remembered)
    left = {r["group"] for r in rows if r["role"] == "blocked"}
    proposals = [r for r in again if r["new"] and r["group"] not in left]
    assert not proposals
