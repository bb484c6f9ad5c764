"""The whole tool in dicts and loops: what the engine must say, with no care for speed.

Written from the description alone, never from the engine's code, so that each checks the other. An entry is a dict
``{"dn", "label", "attributes": {name: [values]}}``, a row a dict with the keys of ``COLUMNS``.
"""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from aliasfix import plan as past
from aliasfix.engine import checks
from aliasfix.ldap import dn as ldap_dn
from aliasfix.plan import Wishes
from aliasfix.ruleset import SITE
from aliasfix.text import addresses, damage, equality, patterns, transliterate
from aliasfix.text.ladder import Spelling, compile_ladder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aliasfix.plan import Memory, Named
    from aliasfix.ruleset import Check, Condition, FieldSource, Namespace, Ruleset
    from aliasfix.text.ladder import Template

    Fold = Callable[[str], str]
    Free = Callable[[dict[str, Any], str], bool]

Entry = dict[str, Any]
Row = dict[str, str]
Person = dict[str, Any]  # an entry with all that is derived from it
Holder = dict[str, Any]  # one value of one entry in one namespace

COLUMNS = ("role", "group", "label", "dn", "attribute", "old", "new")
PATIENCE = 256  # numbers that break a rule, after which nobody counts on
TIME = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?(Z|[+-]\d\d:?\d\d)?|\d{10,14}([.,]\d+)?(Z|[+-]\d{2,4})", re.ASCII
)


def plan(entries: Sequence[Entry], ruleset: Ruleset, memory: Memory, wishes: Wishes) -> list[Row]:
    """Every row of the plan: by namespace, group and rank of the holder."""
    people = [_person(entry, ruleset, wishes) for entry in entries]
    rows: list[Row] = []
    renamed: set[int] = set()
    forecasts: list[tuple[Person, str]] = []
    for namespace in ruleset.namespaces:
        holders = _holders(people, ruleset, namespace)
        for holder in holders:
            holder["rank"] = _rank(
                holder, holders, renamed, ruleset, partial(equality.fold, equality=namespace.equality)
            )
        holders.sort(key=lambda h: (h["group"], h["rank"]))
        for holder in holders:
            holder["role"] = _role(holder, holders, ruleset)
        fold = partial(equality.fold, equality=namespace.naming)
        free = _free(holders, people, ruleset, namespace, memory, fold, forecasts)
        _name(holders, free, ruleset, fold, prefer_site=wishes.prefer_site)
        rows += _rows(holders, people, ruleset, namespace)
        renamed |= {id(h["person"]) for h in holders if h["new"]}
        forecasts += [(h["person"], _forecast(h["person"], h["new"])) for h in holders if h["new"]]
    return rows + _repairs(people, ruleset, memory, forecasts)


def clashes(entries: Sequence[Entry], ruleset: Ruleset) -> list[tuple[str, str, str, str, str]]:
    """Code, severity, group, label and DN of everybody who holds the key of another, or the key of its own twice."""
    people = [_person(entry, ruleset, Wishes()) for entry in entries]
    found = set()
    for namespace in (*ruleset.namespaces, *ruleset.unique):
        held: dict[tuple[str, str], dict[int, list[str]]] = {}
        for person, attribute, value in _held(people, namespace.attributes):
            key = equality.fold(_compared(namespace, attribute, value), namespace.equality)
            if (
                _belongs(person, namespace)
                and _compared(namespace, attribute, value)
                and not _is_shared(namespace, key)
            ):
                holders = held.setdefault((_scope(person, namespace), key), {})
                holders.setdefault(people.index(person), []).append(attribute)
        for (scope, key), holders in held.items():
            for own, attributes in holders.items():
                others = [set(a) for other, a in holders.items() if other != own]
                told = []
                if any(other & set(attributes) for other in others) and namespace.within != "allowed":
                    told.append(("A001", namespace.within))
                elif (
                    any(other != set(attributes) for other in others)
                    and namespace.across != "allowed"
                    and key not in _duplicates(people, ruleset, namespace)
                ):
                    told.append(("A004", namespace.across))
                if namespace.same_entry == "clash" and len(attributes) > 1:
                    told.append(("A004", "warning" if namespace.across == "warning" else "error"))
                group = ":".join([namespace.name, *([] if namespace.per == "exports" else [scope]), key])
                label, dn = people[own]["label"], people[own]["dn"]
                found |= {(code, severity, group, label, dn) for code, severity in told}
    return sorted(found)


def _duplicates(people: Sequence[Person], ruleset: Ruleset, beside: Namespace) -> set[str]:
    """What clashes among the names that plans change is told there alone."""
    return {
        equality.fold(holder["old"], beside.equality)
        for namespace in ruleset.namespaces
        if beside in ruleset.unique and set(namespace.attributes) & set(beside.attributes)
        for holder in _holders(people, ruleset, namespace)
        if holder["clashes"]
    }


def _rows(holders: Sequence[Holder], people: Sequence[Person], ruleset: Ruleset, namespace: Namespace) -> list[Row]:
    """Each group's holders, then what refers to them by name."""
    rows = []
    for group in sorted({h["group"] for h in holders}):
        found = [
            (h["role"], h["person"], h["attribute"], h["old"], h["new"])
            for h in holders
            if h["group"] == group and h["role"]
        ]
        names = {
            h["key"] for h in holders if h["group"] == group and h["clashes"] and h["role"] in ("rename", "decide")
        }
        named = _held(people, [reference.attribute for reference in ruleset.references])
        for person, attribute, value in sorted(named, key=lambda n: (n[0]["key"], n[0]["label"], *n[1:])):
            if equality.fold(value, namespace.equality) in names:
                found.append(("decide", person, attribute, value, ""))
        rows += [
            dict(zip(COLUMNS, (role, group, p["label"], p["dn"], attribute, old, new), strict=True))
            for role, p, attribute, old, new in found
        ]
    return rows


def _repairs(
    people: Sequence[Person], ruleset: Ruleset, memory: Memory, forecasts: Sequence[tuple[Person, str]]
) -> list[Row]:
    """The broken values that are no names: mended, where the mended value is nobody else's."""
    names = {a for n in ruleset.namespaces for a in n.attributes}
    attributes = {c.attribute for c in ruleset.checks} - names
    faulty = sorted(
        {
            (a, _bare(v), p["key"], p["label"], v): p
            for p, a, v in _held(people, sorted(attributes))
            if v and (_broken(p, a, v, ruleset) or _several(p, a, v, ruleset))
        }.items(),
        key=lambda found: found[0],
    )
    given: list[tuple[Person, str, str]] = []
    partly = [n for n in ruleset.unique if set(n.parts.values()) - {"whole", "address"}]
    rows = []
    for (attribute, bare, _, _, value), person in faulty:
        space = ruleset.space(attribute)
        differs = any(attribute in n.attributes for n in ruleset.unique)
        fold = partial(equality.fold, equality=space.naming)
        several = _several(person, attribute, value, ruleset)
        better = "" if several else checks.repaired(ruleset, attribute, value)
        key = fold(_address(better))
        now = [(p, a, v) for p, a, v in _held(people, space.attributes) if fold(_address(v)) == key]
        now.remove((person, attribute, value)) if (person, attribute, value) in now else None
        now += [(p, a, v) for p, a, v in given if a in space.attributes and fold(_address(v)) == key]
        own = past.holder(person["label"], person["key"])
        remembered = [name for who, name in memory.held if who != own] + list(memory.reserved)
        twice = [fold(_address(v)) for v in _values(person, attribute)].count(fold(_address(value))) > 1
        in_rdn = any(n.lower() == attribute.lower() and _same(h, value) for n, h in ldap_dn.parse(person["dn"])[0])
        fine = (
            better not in ("", value)
            and not (person["unchangeable"] or person["outside"] or twice or in_rdn)
            and not any(p is person and a == attribute for p, a, _ in now)
            and not (differs and any(p is not person for p, _, _ in now))
            and not any(
                p is not person and _piece(n, a, v) == _piece(n, attribute, better)
                for n in partly
                if n.parts.get(attribute, "whole") not in ("whole", "address") and _piece(n, attribute, better)
                for p, a, v in (*_held(people, n.attributes), *(g for g in given if g[1] in n.attributes))
            )
            and not (differs and key in map(fold, map(_address, remembered)))
            and not (
                attribute in ruleset.addresses.attributes
                and any(f and p is not person and fold(f) == key for p, f in forecasts)
            )
            and not any(
                c.severity == "error" or c not in _violations(attribute, value, ruleset)
                for c in _violations(attribute, better, ruleset)
            )
        )
        if fine:
            given.append((person, attribute, better))
        told = (
            "repair" if fine else "blocked",
            f"{attribute}:{bare}",
            person["label"],
            person["dn"],
            attribute,
            value,
            better if fine else "",
        )
        rows.append(dict(zip(COLUMNS, told, strict=True)))
    return rows


def _several(person: Person, attribute: str, value: str, ruleset: Ruleset) -> bool:
    """Whether the value is one of several primary addresses, where that is an error."""
    primary = [v for v in _values(person, attribute) if v.startswith("SMTP:")]
    return (
        value in primary
        and len(primary) > 1
        and any(
            c.check == "primaries" and c.severity == "error" and (not c.kinds or person["kind"] in c.kinds)
            for c in ruleset.checks
            if c.attribute == attribute and _holds(c, person)
        )
    )


def _bare(value: str) -> str:
    return equality.fold(_address(value), "rfc4518")


def _free(
    holders: Sequence[Holder],
    people: Sequence[Person],
    ruleset: Ruleset,
    namespace: Namespace,
    memory: Memory,
    fold: Fold,
    forecasts: Sequence[tuple[Person, str]],
) -> Free:
    """Whether a name may be given to a holder: nobody else has it, had it or is given it; a repair may keep its own.

    Nor may another have it in an attribute that a namespace compares with the holder's, nor the address that a policy
    would make of it.
    """
    space = ruleset.addresses
    addresses = [(p, equality.fold(_address(v), space.naming)) for p, _, v in _held(people, space.attributes)]
    beside = [
        (n, person, equality.fold(_compared(n, attribute, value), n.naming))
        for n in ruleset.unique
        for person, attribute, value in _held(people, n.attributes)
        if _compared(n, attribute, value)
    ]
    now = [(person, attribute, value, fold(value)) for person, attribute, value in _held(people, namespace.attributes)]
    reserved = {fold(name) for name in (*memory.reserved, *namespace.shared_values)}
    before = [(who, fold(name)) for who, name in memory.held]

    def free(holder: Holder, name: str) -> bool:
        key = fold(name)
        own = (holder["attribute"], holder["old"])
        own_name = past.holder(holder["person"]["label"], holder["person"]["key"])
        return not (
            key in reserved
            or any(k == key and who != own_name for who, k in before)
            or any(h["new"] and fold(h["new"]) == key for h in holders)
            or any(
                k == key
                for person, attribute, value, k in now
                if not (holder["role"] == "repair" and person is holder["person"] and (attribute, value) == own)
            )
            or any(
                k == equality.fold(name, n.naming)
                for n, person, k in beside
                if holder["attribute"] in n.attributes and person is not holder["person"]
            )
            or address_taken(holder["person"], equality.fold(_forecast(holder["person"], name), space.naming))
        )

    def address_taken(own: Person, key: str) -> bool:
        made = [*forecasts, *((h["person"], _forecast(h["person"], h["new"])) for h in holders if h["new"])]
        others = [*addresses, *((p, equality.fold(address, space.naming)) for p, address in made)]
        return key != "" and any(k == key and person is not own for person, k in others)

    return free


def _forecast(person: Person, name: str) -> str:
    """The primary address that a policy makes of a new name; "" where none does, or the domain is unknown."""
    domain = _part(person["fields"]["mail"], "domain") if person["follows"] else ""
    return f"{name}@{domain}" if domain else ""


# What is wrong


def faults(entries: Sequence[Entry], ruleset: Ruleset) -> list[tuple[str, str, str, str, str]]:
    """Code, label, DN, attribute and value of all that is wrong with single values, sorted."""
    people = [_person(entry, ruleset, past.Wishes()) for entry in entries]
    found = [(check.rule.code, *which) for check in ruleset.checks for which in _wrong(people, check)]
    if ruleset.name_matching:
        found += [("A003", *which) for which in _matched(people, ruleset)]
    return sorted((code, p["label"], p["dn"], attribute, value) for code, p, attribute, value in found)


def _wrong(people: Sequence[Person], check: Check) -> Iterator[tuple[Person, str, str]]:
    having = {p["label"] for p in people if _values(p, check.attribute)}
    for person in people:
        if (check.kinds and person["kind"] not in check.kinds) or not _holds(check, person):
            continue
        values = _values(person, check.attribute)
        if check.check == "primaries":
            primaries = [v for v in values if v.startswith("SMTP:")]
            yield from ((person, check.attribute, v) for v in primaries if len(primaries) > 1)
        if check.required and not values and person["label"] in having:
            yield person, check.attribute, ""
        yield from ((person, check.attribute, v) for v in values if _violated(check, v))


def _matched(people: Sequence[Person], ruleset: Ruleset) -> Iterator[tuple[Person, str, str]]:
    """Aliases that a longer alias, or any surname, of somebody else begins with."""

    def keys(person: Person, field: str) -> list[str]:
        return [equality.fold(v, "rfc4518") for s in ruleset.fields[field] for v in _values(person, s.attribute)]

    for person, attribute, value in _held(people, [s.attribute for s in ruleset.fields["alias"]]):
        key = equality.fold(value, "rfc4518")
        others = [p for p in people if p is not person]
        aliases = [k for p in others for k in keys(p, "alias") if k != key]
        if key and any(k.startswith(key) for k in aliases + [k for p in others for k in keys(p, "surname")]):
            yield person, attribute, value


# What is known of an entry


def _person(entry: Entry, ruleset: Ruleset, wishes: Wishes) -> Person:
    person: Person = {**entry, "key": ldap_dn.key(entry["dn"])}
    person["kind"] = next((rule.kind for rule in ruleset.kinds if _holds(rule, person)), "person")
    person["fields"] = {name: _field(person, sources) for name, sources in ruleset.fields.items()}
    sites = [site for site in (*_values(person, SITE), *(_site(person, by) for by in ruleset.site.by)) if site]
    named = [site for site in sites if not any(_same(site, generic) for generic in ruleset.site.generic)]
    person["site"] = (named + sites + [""])[0]
    person["fields"]["site"] = _site_code(person["site"], ruleset, wishes)
    protected = any(_holds(c, person) for c in ruleset.protected) or _named(person, wishes.protect, ruleset)
    person["pinned"] = _named(person, wishes.keep, ruleset)
    person["unchangeable"] = (
        person["kind"] == "system"
        or any(_holds(c, person) for c in ruleset.unchangeable)
        or (protected and not _named(person, wishes.allow, ruleset))
    )
    person["outside"] = bool(wishes.change_only) and not any(_inside(person, place) for place in wishes.change_only)
    person["follows"] = any(_holds(c, person) for c in ruleset.policies)
    person["unused"] = any(person["kind"] in unused.kinds and _holds(unused, person) for unused in ruleset.unused)
    return person


def _values(person: Person, attribute: str) -> list[str]:
    return [v for name, vs in person["attributes"].items() if name.lower() == attribute.lower() for v in vs]


def _same(one: str, other: str) -> bool:
    return equality.fold(one, "rfc4518") == equality.fold(other, "rfc4518")


def _holds(condition: Condition, person: Person) -> bool:
    def has(attribute: str, wanted: Iterable[str]) -> bool:
        return any(w == "*" or _same(v, w) for v in _values(person, attribute) for w in wanted)

    return (
        all(has(attribute, wanted) for attribute, wanted in condition.is_.items())
        and not any(has(attribute, wanted) for attribute, wanted in condition.not_.items())
        and all(
            any(re.fullmatch(r"-?[0-9]+", v) and int(v) & bits == bits for v in _values(person, attribute))
            for attribute, bits in condition.bits.items()
        )
        and all(
            any(
                re.fullmatch(pattern, v, re.IGNORECASE | re.DOTALL)
                for v in ([person["dn"]] if attribute == "dn" else _values(person, attribute))
                for pattern in patterns
            )
            for attribute, patterns in condition.matches.items()
        )
    )


def _field(person: Person, sources: Iterable[FieldSource]) -> str:
    parts = (_part(value, source.part) for source in sources for value in _values(person, source.attribute))
    return next(filter(None, parts), "")


def _every(person: Person, sources: Iterable[FieldSource]) -> list[str]:
    texts = (_part(value, source.part) for source in sources for value in _values(person, source.attribute))
    return [text for text in texts if text]


def _part(value: str, part: str) -> str:
    address = _address(value)
    local, at, domain = address.rpartition("@")
    primary = value.startswith("SMTP:")
    return {
        "whole": value,
        "address": address,
        "local": local,
        "domain": domain if at else "",
        "account": value.rpartition("\\")[2] if "\\" in value else "",
        "primary": address if primary else "",
        "primary-local": local if primary else "",
    }[part]


def _site(person: Person, by: str) -> str:
    rdns = ldap_dn.parse(person["dn"])
    if by == "label":
        return str(person["label"])
    if by == "mail-domain":
        return _part(person["fields"]["mail"], "domain")
    if by == "domain":
        return ".".join(_ava(rdn, "dc") for rdn in rdns if _ava(rdn, "dc"))
    ous = [
        _ava(rdn, "ou")
        for rdn, above in zip(rdns, (*rdns[1:], ()), strict=True)
        if by == "top-ou" or (above and _ava(above, "o"))
    ]
    return next(filter(None, reversed(ous)), "")


def _ava(rdn: Iterable[tuple[str, str]], attribute: str) -> str:
    return next((value for name, value in rdn if name.lower() == attribute), "")


def _site_code(site: str, ruleset: Ruleset, wishes: Wishes) -> str:
    for name, code in (*wishes.site_codes, *ruleset.site.codes.items()):
        if site and _same(site, name):
            return code
    if any(_same(site, generic) for generic in ruleset.site.generic):
        return ""
    spelled = transliterate.ascii(site, ruleset.proposals.transliterate).lower()
    return re.sub("[^a-z0-9]", "", spelled) if ruleset.site.slug else ""


def _named(person: Person, names: Iterable[Named], ruleset: Ruleset) -> bool:
    addresses = [v for source in ruleset.fields["mail"] for v in _values(person, source.attribute)]
    return any(
        _dn_key(n.text) == person["key"] or any(_same(_address(n.text), _address(a)) for a in addresses) for n in names
    )


def _address(value: str) -> str:
    return value[5:] if value[:5].lower() == "smtp:" else value


def _inside(person: Person, place: str) -> bool:
    base = _dn_key(place)
    return (
        _same(place, person["site"])
        or _same(place, person["label"])
        or (base != "" and ldap_dn.under(person["key"], base))
    )


def _dn_key(text: str) -> str:
    try:
        return ldap_dn.key(text)
    except ldap_dn.DNError:
        return ""


# Who holds what, who keeps it, and what becomes of the others


def _holders(people: Sequence[Person], ruleset: Ruleset, namespace: Namespace) -> list[Holder]:
    """The values that clash or are broken, of the kinds the namespace is about."""
    holders: list[Holder] = []
    for person, attribute, value in _held(people, namespace.attributes):
        key = equality.fold(value, namespace.equality)
        avas = ldap_dn.parse(person["dn"])[0]
        if not _belongs(person, namespace) or _is_shared(namespace, key):
            continue
        holders.append(
            {
                "person": person,
                "attribute": attribute,
                "old": value,
                "new": "",
                "key": key,
                "clash": (key, _scope(person, namespace)),
                "group": ":".join(
                    [namespace.name, *([] if namespace.per == "exports" else [_scope(person, namespace)]), key]
                ),
                "broken": _broken(person, attribute, value, ruleset),
                "in_rdn": any(
                    name.lower() == attribute.lower() and equality.fold(held, namespace.equality) == key
                    for name, held in avas
                ),
            }
        )
    for holder in holders:
        others = [h for h in holders if h["clash"] == holder["clash"] and h["person"] is not holder["person"]]
        holder["clashes"] = bool(others)
    return [h for h in holders if h["clashes"] or h["broken"]]


def _held(people: Iterable[Person], attributes: Sequence[str]) -> list[tuple[Person, str, str]]:
    return [(p, attribute, value) for p in people for attribute in attributes for value in _values(p, attribute)]


def _belongs(person: Person, namespace: Namespace) -> bool:
    """Whether the namespace is about the entry."""
    if namespace.kinds and person["kind"] not in namespace.kinds:
        return False
    if any(ldap_dn.under(person["key"], ldap_dn.key(base)) for base in namespace.without):
        return False
    return not isinstance(namespace.per, tuple) or _scope(person, namespace) is not None


def _is_shared(namespace: Namespace, key: str) -> bool:
    return any(key == equality.fold(value, namespace.equality) for value in namespace.shared_values)


def _compared(namespace: Namespace, attribute: str, value: str) -> str:
    return _part(value, namespace.parts.get(attribute, "whole"))


def _piece(namespace: Namespace, attribute: str, value: str) -> str:
    return equality.fold(_compared(namespace, attribute, value), namespace.naming)


def _scope(person: Person, namespace: Namespace) -> Any:
    if isinstance(namespace.per, tuple):
        above = [key for key in map(ldap_dn.key, namespace.per) if ldap_dn.under(person["key"], key)]
        return max(above, key=len, default=None)
    scopes = {"exports": "", "label": person["label"], "domain": _site(person, "domain").lower()}
    return str(scopes[namespace.per])


def _broken(person: Person, attribute: str, value: str, ruleset: Ruleset) -> bool:
    """Whether the value violates a rule of its attribute that is an error, for an entry that the rule is about."""
    return any(
        c.severity == "error" and (not c.kinds or person["kind"] in c.kinds) and _holds(c, person)
        for c in _violations(attribute, value, ruleset)
    )


def _violations(attribute: str, value: str, ruleset: Ruleset) -> list[Check]:
    return [c for c in ruleset.checks if c.attribute.lower() == attribute.lower() and _violated(c, value)]


def _violated(check: Check, value: str) -> bool:
    """Whether the check is about the value and finds something wrong with it."""
    before = ""
    if check.prefixes or check.not_prefixes:
        found = re.match("[A-Za-z][A-Za-z0-9.-]*:", value)
        before = found[0] if found else ""
        if (check.prefixes and before[:-1].lower() not in check.prefixes) or before[:-1].lower() in check.not_prefixes:
            return False
    text = value[len(before) :]
    if check.part != "whole":
        if "@" not in text:
            return False
        text = text.rpartition("@")[0 if check.part == "local" else 2]
    return bool(WRONG[check.check](check, text))


# What is wrong with a text under a check. That an entry has several primaries, or no value, is no fault of a value.
WRONG: dict[str, Callable[[Check, str], str]] = {
    "double-encoded": lambda _, text: damage.double_encoded(text),
    "blank": lambda _, text: patterns.blank(text),
    "lost-letter": lambda _, text: damage.lost_letters(text),
    "space": lambda _, text: patterns.edge_space(text),
    "address": lambda _, text: addresses.not_one_address(text),
    "domain": lambda _, text: addresses.wrong_domain(text),
    "local-part": lambda _, text: addresses.wrong_local_part(text),
    "characters": lambda check, text: patterns.forbidden_characters(text, check.allowed or f"^{check.forbidden}"),
    "periods": lambda _, text: patterns.misplaced_periods(text),
    "length": lambda check, text: patterns.too_long(text, check.max or 0, check.unit),
    "top-level-domain": lambda check, text: addresses.unknown_top_level_domain(text, check.names),
    "reserved": lambda check, text: patterns.reserved_name(text, check.names),
    "primaries": lambda _check, _text: "",
}


def _rank(
    holder: Holder, holders: Sequence[Holder], renamed: set[int], ruleset: Ruleset, fold: Fold
) -> tuple[Any, ...]:
    """The smallest keeps the name; group, attribute and value part what is otherwise one."""
    person, fields = holder["person"], holder["person"]["fields"]
    created = fields["created"] if TIME.fullmatch(fields["created"]) else ""
    ranks: dict[str, Any] = {
        "pinned": not person["pinned"],
        "unchangeable": not person["unchangeable"],
        "change-only": not person["outside"],
        "kind": (person["unused"], ruleset.kind_order.index(person["kind"])),
        "in-use": (person["unused"], _logon(holder, holders)),
        "account": not (fields["account"] and fold(fields["account"]) == holder["key"]),
        "rdn": not holder["in_rdn"],
        "policy": not person["follows"],
        "posix": not fields.get("posix"),
        "primary": not (fields["mail_local"] and fold(fields["mail_local"]) == holder["key"]),
        "created": (not created, re.sub("[^0-9]", "", created)),
    }
    return (
        holder["broken"],
        id(person) in renamed,
        *(ranks[criterion] for criterion in ruleset.keepers),
        len({h["clash"] for h in holders if h["clashes"] and h["person"] is person}),
        person["key"],
        person["label"],
        holder["group"],
        holder["attribute"],
        holder["old"],
    )


def _logon(holder: Holder, holders: Sequence[Holder]) -> int:
    """The later day goes first, where every holder of the clash has one."""
    clash = [h for h in holders if holder["clashes"] and h["clash"] == holder["clash"]]
    days = [_day(h["person"]["fields"].get("last_logon", "")) for h in clash]
    return -_day(holder["person"]["fields"]["last_logon"]) if days and all(days) else 0


def _day(moment: str) -> int:
    """Days since 1970, of a FILETIME or of an ISO or generalized date; 0 where it tells none that lies after it."""
    if re.fullmatch("[0-9]+", moment):
        return max(0, int(moment) // (24 * 60 * 60 * 10**7) - 134774)
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", moment, re.ASCII)
    try:
        return max(0, (date(*map(int, found.groups())) - date(1970, 1, 1)).days) if found else 0
    except ValueError:
        return 0


def _role(holder: Holder, holders: Sequence[Holder], ruleset: Ruleset) -> str:
    """What becomes of a holder, "" for nothing; ``holders`` stand in the order of their ranks."""
    person = holder["person"]
    frozen = person["unchangeable"] or person["outside"] or holder["in_rdn"]
    clash = [h for h in holders if holder["clashes"] and h["clash"] == holder["clash"]]
    own = [h for h in clash if h["person"] is person]
    if own and own[0] is not holder:  # an entry counts once in a clash, with its best value
        return ("blocked" if frozen else "repair") if holder["broken"] else ""
    first = not clash or clash[0] is holder
    if first and not holder["broken"]:
        return "keep"
    if frozen or len(own) > 1:
        return "blocked"
    if first:
        return "repair"
    if person["pinned"]:
        return "blocked"
    earlier = [h["person"] for h in clash if h["rank"] < holder["rank"]]
    twins = [
        (one, other)
        for f in ruleset.same_person
        for other in _every(person, ruleset.fields[f])
        for e in earlier
        for one in _every(e, ruleset.fields[f])
    ]
    twins += _mailboxes(person, clash, ruleset)
    return "decide" if any(_same(*twin) for twin in twins) else "rename"


def _mailboxes(contact: Person, clash: Sequence[Holder], ruleset: Ruleset) -> list[tuple[str, str]]:
    """The target of a contact with the primary address of each mailbox of the same name."""
    target = _address(contact["fields"][ruleset.shadow]) if ruleset.shadow else ""
    if contact["kind"] != "contact" or not target:
        return []
    people = [h["person"] for h in clash if h["person"]["kind"] in ("person", "shared")]
    return [(target, _address(person["fields"]["mail"])) for person in people]


# New names


def _name(holders: Sequence[Holder], free: Free, ruleset: Ruleset, fold: Fold, *, prefer_site: bool) -> None:
    """Give those that need one a ``new`` name, rung by rung; who gets none is blocked."""
    waiting = sorted((h for h in holders if h["role"] in ("rename", "repair", "decide")), key=lambda h: h["rank"])
    for holder in waiting:
        ladder = "repair" if holder["role"] == "repair" else holder["person"]["kind"]
        holder["rungs"] = list(ruleset.compiled.get(ladder, ruleset.compiled["other"]).rungs)
        if prefer_site:
            holder["rungs"].sort(key=lambda rung: "site" not in rung.fields)
        first = next(h for h in holders if h["clash"] == holder["clash"])
        holder["beside"] = (
            first is not holder
            and first["role"] in ("keep", "blocked")
            and _same(first["person"]["site"], holder["person"]["site"])
        )
    p = ruleset.proposals
    spelling = Spelling(p.characters, p.first, p.max, p.joiner, p.lower, p.transliterate)
    cursors: dict[tuple[str, int, str], int] = {}
    for step in range(max((len(h["rungs"]) for h in waiting), default=0)):
        for holder in (h for h in waiting if not h["new"] and step < len(h["rungs"])):
            broken = 0
            for candidate in _candidates(holder, holder["rungs"][step], spelling, cursors, fold):
                broken += bool(_violations(holder["attribute"], candidate, ruleset))
                if broken == PATIENCE:
                    break
                if not _violations(holder["attribute"], candidate, ruleset) and free(holder, candidate):
                    holder["new"] = candidate
                    break
    for holder in waiting:
        holder["role"] = holder["role"] if holder["new"] else "blocked"


def _candidates(
    holder: Holder, rung: Template, spelling: Spelling, cursors: dict[tuple[str, int, str], int], fold: Fold
) -> Iterator[str]:
    """What the rung offers the holder: one name, or one after the other where it counts."""
    fields = {**holder["person"]["fields"], "alias": holder["old"]}
    if not rung.has_counter:
        name = None if "site" in rung.fields and holder["beside"] else rung.render(fields, spelling)
        yield from [name] if name else []
        return
    if holder["beside"]:
        rung = compile_ladder([rung.text.replace("{joiner}{site}", "")]).rungs[0]
    stem, number = rung.stem(fields, spelling), rung.first_number
    while stem:
        name = rung.numbered(stem, number, spelling)
        if not name:
            return
        width = len(str(number))
        cursor = (fold(name[: len(name) - width]), width, _forecast(holder["person"], ""))
        if cursors.get(cursor, 0) > number:
            number = cursors[cursor]
            continue
        number += 1
        cursors[cursor] = number
        yield name
