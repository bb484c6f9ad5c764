"""Small random directories that clash a lot, what an admin may ask, and the store that the engine reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from aliasfix.directory import ENTRIES, VALUES, Directory, Source
from aliasfix.errors import Where
from aliasfix.ldap import dn
from aliasfix.plan import Memory, Named, Wishes, holder
from aliasfix.ruleset import Check, Ruleset, load
from aliasfix.text.equality import fold

Entry = dict[str, Any]

RULESETS = ("exchange55", "exchange", "microsoft365", "active-directory", "samba", "openldap")
ALL = (*RULESETS, str(Path(__file__).with_name("namespaces.toml")))
LABELS = ("", "east", "West")
SITES = ("SITE1", "site2", "Users", "Zürich")  # the third is a generic one

FEW = ("smith", "Smith", "smith1", "smith2", "smith12")  # drawn most often, so that there are clashes
ODD = (
    "smith-s1",
    "smith-site1",
    "smith1-2",
    "j.smith",
    "Müller",
    "muller",
    "mueller",
    "Mu\u0308ller",
    "straße",
    "Strasse",
    "smi th",
    "smi  th",
    "smith ",
    " smith",
    ".smith",
    "smi..th",
    'smi"th',
    "_",
    "Ωμέγα",
    "12",
)
LONG = tuple(
    stem * length + end for stem in "ab" for length in (30, 31, 32, 62, 63, 64) for end in ("", "1", "12", "c")
)

names = st.one_of(st.sampled_from(FEW), st.sampled_from(FEW + ODD), st.sampled_from(FEW + ODD + LONG))
_domains = st.sampled_from(("one.example", "two.example"))
_addresses = st.builds("{}@{}".format, st.sampled_from(FEW + ODD), _domains)
_targets = st.builds("{}{}@{}".format, st.sampled_from(("SMTP:", "smtp:", "")), st.sampled_from(FEW), _domains)
_accounts = st.builds("{}\\{}".format, st.sampled_from(("DOM1", "DOM2")), st.sampled_from(FEW))

_VALUES: dict[str, st.SearchStrategy[str]] = {
    "objectguid": st.uuids().map(str),
    "uid": names,
    "mailnickname": names,
    "samaccountname": st.one_of(
        st.sampled_from((*FEW, "Guest", "guesthouse")),
        st.sampled_from((*FEW, *ODD, "a" * 20, "a" * 21, "a" * 19 + "2")),
    ),
    "primary-windows-nt-account": st.one_of(_accounts, st.sampled_from(FEW)),
    "assoc-nt-account": st.sampled_from(("S-1", "S-2", "S-3")),
    "sidhistory": st.sampled_from(("S-1", "S-2", "S-3")),
    "objectsid": st.sampled_from(("S-1", "S-2", "S-3")),
    "employeenumber": st.sampled_from(("1", "2", "3 ")),
    "employeeid": st.sampled_from(("1", "2", "3 ")),
    "mail": _addresses,
    "proxyaddresses": st.builds("{}:{}".format, st.sampled_from(("SMTP", "smtp", "X400")), _addresses),
    "displayname": st.sampled_from(("Ann Smith", "MÃ¼ller", " ", "Smith:")),
    "userprincipalname": st.one_of(_addresses, st.sampled_from(("smith", "smith@lab.local"))),
    "givenname": st.sampled_from(("Ann", "Müller", "J.", "")),
    "sn": st.sampled_from(("Smith", "smith", "O'Neil", "Ω")),
    "whencreated": st.sampled_from(("20200101000000.0Z", "20210101000000Z", "2019-01-01T00:00:00Z", "yesterday")),
    "createtimestamp": st.sampled_from(("20200101000000Z", "20210101000000Z", "yesterday")),
    "msexchrecipienttypedetails": st.sampled_from(("1", "1", "2", "4", "64", "256", "4096", "8192", "9")),
    "objectclass": st.sampled_from(
        (
            "top",
            "Person",
            "user",
            "contact",
            "group",
            "publicFolder",
            "posixAccount",
            "posixGroup",
            "groupOfNames",
            "Remote-Address",
            "Public-Folder",
            "organizationalPerson",
        )
    ),
    "useraccountcontrol": st.sampled_from(("512", "514", "x")),
    "iscriticalsystemobject": st.sampled_from(("TRUE", "FALSE")),
    "emailaddresspolicyenabled": st.sampled_from(("TRUE", "False")),
    "msexchpoliciesincluded": st.sampled_from(("{1},{2}",)),
    "msexchpoliciesexcluded": st.sampled_from(("{26491CFC-9E50-4857-861B-0CB8DF22B5D7}",)),
    "isdirsynced": st.sampled_from(("True", "FALSE")),
    "lastlogontimestamp": st.sampled_from(
        ("133800000000000000", "134000000000000000", "20240801000000Z", "2026-02-30", "0", "2025-08-01T10:00:00Z")
    ),
    "targetaddress": _targets,
    "target-address": _targets,
    "admincount": st.sampled_from(("0", "1")),
    "uidnumber": st.sampled_from(("1000", "1001")),
    "loginshell": st.sampled_from(("/bin/sh", "/bin/false")),
    "homedirectory": st.sampled_from(("/home/smith", "/home/x")),
    "memberuid": names,
    "sudouser": names,
    "home-server": st.sampled_from(("SERVER1", "SERVER2")),
}
_ALIASES = ("uid", "mailnickname", "samaccountname")
_USUAL = (*_ALIASES, "lastlogontimestamp")  # it counts only where all holders have it
_MANY = ("memberuid", "objectclass", "proxyaddresses", *_ALIASES)
_FREEZING = ("iscriticalsystemobject", "isdirsynced", "admincount")  # seldom, or there is nothing to rename
_SUFFIXES = {
    "exchange55": ("cn=Recipients,ou={},o=ORG", "ou={},o=ORG", "cn=Recipients,o=ORG"),
    "exchange": ("OU={},DC=one,DC=example", "OU=People,OU={},DC=two,DC=example", "CN=Users,DC=one,DC=example"),
    "microsoft365": ("OU={}.onmicrosoft.com,DC=PROD,DC=OUTLOOK,DC=COM",),
    "active-directory": ("OU={},DC=one,DC=example", "OU={},DC=two,DC=example", "CN=Users,DC=one,DC=example"),
    "samba": ("OU={},DC=one,DC=example", "OU={},DC=two,DC=example", "CN=Users,DC=one,DC=example"),
    "openldap": ("ou={},dc=example", "ou=people,dc=example", "ou={},o=ORG", "dc=example"),
    "namespaces": ("OU={},DC=one,DC=example", "OU=People,OU={},DC=one,DC=example", "OU={},DC=two,DC=example"),
}


@dataclass(frozen=True)
class Case:
    """One input of the engine."""

    entries: tuple[Entry, ...]
    ruleset: str
    memory: Memory = field(default_factory=Memory)
    wishes: Wishes = field(default_factory=Wishes)

    def loaded(self) -> Ruleset:
        """The ruleset itself."""
        return _loaded(self.ruleset)

    def directory(self) -> Directory:
        """The store that the engine reads."""
        return directory(self.entries)


@cache
def _loaded(name: str) -> Ruleset:
    """The ruleset, asked for new names even where it only checks."""
    return load(name).model_copy(update={"check_only": ""})


def with_checks(name: str, *checks: Check) -> Ruleset:
    """The ruleset of that name, with these checks instead of its own."""
    return _loaded(name).model_copy(update={"checks": checks})


_key = partial(fold, equality="rfc4518")


@st.composite
def _attributes(draw: st.DrawFn, wanted: tuple[str, ...]) -> dict[str, list[str]]:
    """Some of the ruleset's attributes with some values; nearly always an alias."""
    found: dict[str, list[str]] = {}
    for attribute in wanted:
        name = attribute.lower()
        if draw(st.integers(0, 9)) < (1 if name in _USUAL else 9 if name in _FREEZING else 6):
            continue
        most = draw(st.sampled_from((1, 1, 1, 1, 2, 3))) if name in _MANY else 1
        # a server lets no entry hold one key twice in an attribute
        found[attribute] = draw(st.lists(_VALUES[name], min_size=1, max_size=most, unique_by=_key))
    return found


@st.composite
def _entry(draw: st.DrawFn, ruleset: Ruleset) -> Entry:
    attributes = draw(_attributes(ruleset.attributes))
    suffix = draw(st.sampled_from(_SUFFIXES[ruleset.name])).format(draw(st.sampled_from(SITES)))
    alias = ruleset.fields["alias"][0].attribute
    in_rdn = draw(st.sampled_from((False, False, ruleset.name != "microsoft365")))
    rdn = (alias, attributes[alias][0]) if in_rdn and alias in attributes else ("cn", f"e{draw(st.integers(0, 99))}")
    above = dn.parse(suffix)
    return {"dn": dn.unparse(((rdn,), *above)), "label": draw(st.sampled_from(LABELS)), "attributes": attributes}


def _cast_shadow(draw: st.DrawFn, entries: list[Entry], ruleset: Ruleset) -> None:
    """Let one entry be the contact that stands for another, as far as that goes."""
    contact, mailbox = draw(st.sampled_from(entries))["attributes"], draw(st.sampled_from(entries))["attributes"]
    alias, target = ruleset.fields["alias"][0].attribute, ruleset.fields[ruleset.shadow][0].attribute
    mailbox["mail"] = [draw(_addresses)]
    contact.update({alias: list(mailbox.get(alias, ["smith"])), target: [f"SMTP:{mailbox['mail'][0]}"]})
    contact["objectClass"] = ["contact", "Remote-Address"]
    contact.pop("msExchRecipientTypeDetails", None)


def _identity(entry: Entry) -> tuple[str, str]:
    return dn.key(entry["dn"]), entry["label"]


@st.composite
def _memory(draw: st.DrawFn, entries: list[Entry]) -> Memory:
    held = st.tuples(
        st.sampled_from([holder(e["label"], dn.key(e["dn"])) for e in entries] + ["cn=gone,o=org"]),
        st.sampled_from(FEW + ODD),
    )
    return Memory(
        reserved=tuple(draw(st.lists(st.sampled_from(FEW + ODD), max_size=2))),
        held=tuple(draw(st.lists(held, max_size=3))),
    )


@st.composite
def _wishes(draw: st.DrawFn, entries: list[Entry]) -> Wishes:
    texts = st.sampled_from(
        [text for e in entries for text in (e["dn"], e["dn"].upper(), *e["attributes"].get("mail", []))]
    )
    some = st.lists(st.builds(Named, texts, st.just(Where("list.txt", 1))), max_size=2).map(tuple)
    places = st.sampled_from((*SITES, *LABELS[1:], "ou=SITE1,o=ORG", "ou=site1,DC=one,DC=example", "dc=example"))
    return Wishes(
        keep=draw(some),
        protect=draw(some),
        allow=draw(some),
        change_only=tuple(draw(st.lists(places, max_size=2))) if draw(st.booleans()) else (),
        prefer_site=draw(st.booleans()),
        site_codes=draw(st.sampled_from(((), (("SITE1", "s1"), ("SITE2", "s2"), ("east", "e"), ("zürich", "s1"))))),
    )


@st.composite
def cases(draw: st.DrawFn, rulesets: tuple[str, ...] = RULESETS, largest: int = 12) -> Case:
    """An export, what is remembered of earlier ones, and what is wished; plain more often than not."""
    name = draw(st.sampled_from(rulesets))
    ruleset = _loaded(name)
    entries = draw(st.lists(_entry(ruleset), min_size=2, max_size=largest, unique_by=_identity))
    if ruleset.shadow and draw(st.booleans()):
        _cast_shadow(draw, entries, ruleset)
    memory = draw(st.one_of(st.just(Memory()), _memory(entries)))
    wishes = draw(st.one_of(st.just(Wishes()), _wishes(entries)))
    return Case(tuple(entries), name, memory, wishes)


@st.composite
def followers(draw: st.DrawFn) -> Case:
    """An export in which policies make addresses of aliases that clash, and many an address is held already."""
    case = draw(cases((ALL[1], ALL[-1]), largest=8).filter(lambda c: len(c.entries) > 2))
    address = st.builds("{}@{}".format, st.sampled_from((*FEW, "smith3", "smith4")), _domains)
    entries = []
    for entry in case.entries:
        policy = {"EmailAddressPolicyEnabled": [draw(st.sampled_from(("True", "True", "False")))]}
        alias = {"mailNickname": [draw(st.sampled_from(("smith", "Smith", "smith1")))]}
        primary = {"mail": [draw(st.sampled_from(("", "", "."))) + draw(address)]}
        more = {"proxyAddresses": [f"smtp:{draw(address)}"]} if draw(st.booleans()) else {}
        attributes = {**entry["attributes"], **policy, **alias, **primary}
        attributes.pop("proxyAddresses", None)
        entries.append({**entry, "attributes": {**attributes, **more}})
    return replace(case, entries=tuple(entries), wishes=Wishes(prefer_site=case.wishes.prefer_site))


def still(wishes: Wishes, rows: list[dict[str, str]]) -> Wishes:
    """The same wishes once the rows are applied: an entry that was named by a broken address has another now."""
    mended = {row["old"]: row["new"] for row in rows if row["attribute"] == "mail" and row["new"]}

    def named(names: tuple[Named, ...]) -> tuple[Named, ...]:
        return tuple(Named(mended.get(n.text, n.text), n.where) for n in names)

    return replace(wishes, keep=named(wishes.keep), protect=named(wishes.protect), allow=named(wishes.allow))


def directory(entries: tuple[Entry, ...]) -> Directory:
    """The store of these entries, as if each label came from one file."""
    labels = sorted({e["label"] for e in entries})
    line = 0
    rows: list[tuple[str, str, str, int, int]] = []
    values: list[tuple[str, int, str, int, int]] = []
    for number, entry in enumerate(entries):
        source = labels.index(entry["label"])
        line += 1
        rows.append((entry["dn"], dn.key(entry["dn"]), entry["label"], source, line))
        for attribute, held in entry["attributes"].items():
            for value in held:
                line += 1
                values.append((attribute, number, value, source, line))
    values.sort(key=lambda v: (v[0], v[1]))
    sources = tuple(Source(path=f"{label or 'export'}.ldif", label=label, format="ldif") for label in labels)
    return Directory(sources, _table(rows, ENTRIES), _table(values, VALUES))


def _table(rows: list[Any], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, t) for c, t in zip(columns, schema.types, strict=True)], schema=schema)
