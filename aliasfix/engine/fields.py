"""What the ruleset says of some entries: kind, site, template fields. Derived for the holders in question only."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine.folding import folded
from aliasfix.ldap import dn as ldap_dn
from aliasfix.ruleset import SITE
from aliasfix.text.equality import fold
from aliasfix.text.parts import PARTS
from aliasfix.text.parts import domain as mail_domain
from aliasfix.text.transliterate import ascii as spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from aliasfix.directory import Directory
    from aliasfix.ruleset import Condition, Ruleset, Site


class Fields:
    """The entries with these numbers (ascending, each once), seen through a ruleset; lists run parallel to them."""

    def __init__(self, directory: Directory, ruleset: Ruleset, entries: NDArray[np.int64]) -> None:
        self._directory = directory
        self._ruleset = ruleset
        self.entries = entries
        self._values: dict[str, list[tuple[str, ...]]] = {}
        self._fields: dict[str, list[str]] = {}
        self._every: dict[str, list[tuple[str, ...]]] = {}
        self._keys: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def _column(self, name: str) -> list[str]:
        return columns.texts(columns.take(columns.whole(self._directory.entries.column(name)), self.entries))

    @cached_property
    def dn(self) -> list[str]:
        """The DNs as exported."""
        return self._column("dn")

    @cached_property
    def dn_key(self) -> list[str]:
        """The keys of the DNs."""
        return self._column("key")

    @cached_property
    def label(self) -> list[str]:
        """The labels."""
        return self._column("label")

    def values(self, attribute: str) -> list[tuple[str, ...]]:
        """All values of the attribute, in the order of the export."""
        if attribute not in self._values:
            table = self._directory.values_of(attribute)
            holder = columns.integers(table.column("entry"))
            start = np.searchsorted(holder, self.entries, "left")
            length = np.searchsorted(holder, self.entries, "right") - start
            rows = np.repeat(start - np.concatenate(([0], np.cumsum(length)[:-1])), length) + np.arange(length.sum())
            flat = columns.texts(columns.take(columns.whole(table.column("value")), rows))
            ends = np.cumsum(length).tolist()
            self._values[attribute] = [tuple(flat[end - n : end]) for end, n in zip(ends, length.tolist(), strict=True)]
        return self._values[attribute]

    def field(self, name: str) -> list[str]:
        """A template field: of its sources in order, the first that gives a text; ``""`` where none does."""
        if name not in self._fields:
            found = [""] * len(self)
            for source in self._ruleset.fields[name]:
                part = PARTS[source.part]
                for i, values in enumerate(self.values(source.attribute)):
                    if values and not found[i]:
                        found[i] = next(filter(None, map(part, values)), "")
            self._fields[name] = found
        return self._fields[name]

    def every(self, name: str) -> list[tuple[str, ...]]:
        """Of a template field the texts of all of its sources, for what may be told of an entry in several ways."""
        if name not in self._every:
            found: list[tuple[str, ...]] = [()] * len(self)
            for source in self._ruleset.fields[name]:
                part = PARTS[source.part]
                for i, values in enumerate(self.values(source.attribute)):
                    if values:
                        found[i] = (*found[i], *filter(None, map(part, values)))
            self._every[name] = found
        return self._every[name]

    def key(self, name: str) -> list[str]:
        """The keys of a template field: two are equal as caseIgnoreMatch compares."""
        if name not in self._keys:
            self._keys[name] = columns.texts(folded(columns.strings(self.field(name)), "rfc4518"))
        return self._keys[name]

    @cached_property
    def site_key(self) -> list[str]:
        """The keys of the sites."""
        return columns.texts(folded(columns.strings(self.site), "rfc4518"))

    def holds(self, condition: Condition) -> NDArray[np.bool_]:
        """Where the condition holds."""
        mask = np.ones(len(self), dtype=np.bool_)
        for attribute, wanted in condition.is_.items():
            mask &= self._has(attribute, wanted)
        for attribute, unwanted in condition.not_.items():
            mask &= ~self._has(attribute, unwanted)
        for attribute, bits in condition.bits.items():
            mask &= self._each(attribute, partial(_has_bits, bits))
        for attribute, patterns in condition.matches.items():
            mask &= self._matching(attribute, patterns)
        return mask

    @cached_property
    def policy(self) -> list[str]:
        """Why the primary address of the entry follows its alias; ``""`` where nothing shows that it does."""
        why = [""] * len(self)
        for condition in self._ruleset.policies:
            for i in np.flatnonzero(self.holds(condition)).tolist():
                why[i] = why[i] or condition.reason
        return why

    @cached_property
    def policy_domain(self) -> list[str]:
        """Where the primary address follows the alias its domain; ``""`` where it does not, or none is exported."""
        return [mail_domain(mail) if why else "" for mail, why in zip(self.field("mail"), self.policy, strict=True)]

    def _matching(self, attribute: str, patterns: Iterable[str]) -> NDArray[np.bool_]:
        held = [(dn,) for dn in self.dn] if attribute == "dn" else self.values(attribute)
        texts = columns.strings(sorted({value for values in held for value in values}))
        hits = [columns.only(texts, columns.fits(texts, pattern)) for pattern in patterns]
        found = {text for hit in hits for text in columns.texts(hit)}
        return np.array([not found.isdisjoint(values) for values in held], dtype=np.bool_)

    def _has(self, attribute: str, wanted: Sequence[str]) -> NDArray[np.bool_]:
        if "*" in wanted:
            return self._each(attribute, lambda _: True)
        keys = {fold(w, "rfc4518") for w in wanted}
        return self._each(attribute, lambda v: _folded(v) in keys)

    def _each(self, attribute: str, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        held = self.values(attribute)
        passed = {values: any(map(test, values)) for values in set(held)}  # most entries are alike
        return np.fromiter(map(passed.__getitem__, held), np.bool_, len(self))

    @cached_property
    def kind(self) -> list[str]:
        """The kind by the first rule that holds; a person where none does."""
        kinds = np.full(len(self), "person", dtype=object)
        open_ = np.ones(len(self), dtype=np.bool_)
        for rule in self._ruleset.kinds:
            hit = open_ & self.holds(rule)
            kinds[hit] = rule.kind
            open_ &= ~hit
        return list(kinds)

    @cached_property
    def site(self) -> list[str]:
        """The site as the export spells it; ``""`` where there is none."""
        mails = self.field("mail") if "mail-domain" in self._ruleset.site.by else [""] * len(self)
        return [
            _site(self._ruleset.site, named, parent(d), label, mail)
            for named, d, label, mail in zip(self.values(SITE), self.dn, self.label, mails, strict=True)
        ]

    def named_site(self, at: int) -> str:
        """The site of one entry; ``""`` where it is a generic one, which says nothing of a place."""
        site = self.site[at]
        return "" if _folded(site) in _folded_all(self._ruleset.site.generic) else site

    def site_code(self, codes: Iterable[tuple[str, str]]) -> list[str]:
        """What stands for the site in a name; ``""`` where the site is generic or has no code.

        ``codes`` come before those of the ruleset.
        """
        code = site_coder(self._ruleset, codes)
        return [code(s) if s else "" for s in self.site]


def site_coder(ruleset: Ruleset, codes: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """From a site's name to what stands for it in a name, as ``Fields.site_code`` tells it."""
    site = ruleset.site
    table = {fold(s, "rfc4518"): c for s, c in (*site.codes.items(), *codes)}
    generic = _folded_all(site.generic)

    @cache
    def code(name: str) -> str:
        key = fold(name, "rfc4518")
        if key in table:
            return table[key]
        return slug(name, ruleset.proposals.transliterate) if site.slug and key not in generic else ""

    return code


def slug(name: str, table: str) -> str:
    """A site's name in ASCII letters and digits, in lower case."""
    return "".join(c for c in spelled(name, table).lower() if c.isascii() and c.isalnum())


def parent(dn: str) -> str:
    """The DN without its first RDN."""
    if "\\" in dn or '"' in dn or ";" in dn:
        return ldap_dn.unparse(ldap_dn.parse(dn)[1:])
    return dn.partition(",")[2]


@lru_cache(maxsize=65536)
def _rdns(dn: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The RDNs of a parent DN; many entries share it."""
    return ldap_dn.parse(dn)


def _site(site: Site, named: Sequence[str], above: str, label: str, mail: str) -> str:
    found = {
        "label": lambda: label,
        "mail-domain": lambda: mail_domain(mail).lower(),
        "ou-below-o": lambda: _ou_below_o(above),
        "top-ou": lambda: _top_ou(above),
        "domain": lambda: _dc(above),
    }
    names = list(filter(None, (*named, *(found[by]() for by in site.by))))
    generic = _folded_all(site.generic)
    return next((n for n in names if _folded(n) not in generic), names[0] if names else "")


@lru_cache(maxsize=65536)
def _ou_below_o(above: str) -> str:
    rdns = _rdns(above)
    for rdn, base in pairwise(rdns):
        if base[0][0].lower() == "o" and rdn[0][0].lower() == "ou":
            return rdn[0][1]
    return ""


@lru_cache(maxsize=65536)
def _top_ou(above: str) -> str:
    rdns = _rdns(above)
    while rdns and rdns[-1][0][0].lower() == "dc":
        rdns = rdns[:-1]
    return rdns[-1][0][1] if rdns and rdns[-1][0][0].lower() == "ou" else ""


@lru_cache(maxsize=65536)
def _dc(above: str) -> str:
    return ".".join(rdn[0][1] for rdn in _rdns(above) if rdn[0][0].lower() == "dc").lower()


def domain(dn: str) -> str:
    """The DNS name of the entry's domain, from the dc parts of its DN."""
    return _dc(parent(dn))


@lru_cache(maxsize=64)
def _folded_all(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_folded(v) for v in values)


@lru_cache(maxsize=65536)
def _folded(value: str) -> str:
    return fold(value, "rfc4518")


def _has_bits(bits: int, value: str) -> bool:
    try:
        return int(value) & bits == bits
    except ValueError:
        return False
