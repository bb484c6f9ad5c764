"""How the rows of a CSV export name their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from aliasfix import columns
from aliasfix.errors import InputError, UsageError, Where
from aliasfix.importer import parts
from aliasfix.importer.parts import PLAIN_VALUE
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from aliasfix.columns import Strings
    from aliasfix.importer.headers import Layout

    Mask = NDArray[np.bool_]

_PLAIN_SLASHES = f"^(/[A-Za-z][A-Za-z0-9-]*={PLAIN_VALUE.replace('/', '')}){{2,}}$"


class NamingError(ValueError):
    """A row that does not name its entry; the message is a sentence."""


class Namer(Protocol):
    """From the values of a row, by attribute, and its line to the DN of its entry."""

    has_dn: bool
    attributes: tuple[str, ...]  # it looks at these

    def __call__(self, row: Mapping[str, str], line: int, /) -> str:
        """The DN.

        Raises:
            NamingError: the row names no entry.

        """

    def names(self, held: Mapping[str, Strings]) -> tuple[Strings, Strings, Mask]:
        """The same of many rows at once, from the columns of ``attributes``: DNs, keys, and where they are sure."""


class ByContainer:
    """Exchange 5.5: Obj-Dist-Name, or the Directory Name in its container, which may be relative to the site.

    Sources: KB Q239639, Q244595; a file without Obj-Container means Recipients, the Administrator's own default.
    """

    has_dn = True
    attributes: tuple[str, ...] = ("Obj-Dist-Name", "rdn", "Obj-Container")

    def __init__(self, path: str, organization: str, site: str) -> None:
        self._path = path
        self._organization = organization
        self._site = site
        self._known: dict[str, tuple[dn.RDN, ...]] = {}

    def __call__(self, row: Mapping[str, str], _: int, /) -> str:
        whole = row.get("Obj-Dist-Name", "")
        if whole:
            return _named(dn.from_slashes, whole, "Obj-Dist-Name")
        name = row.get("rdn", "")
        if not name:
            raise NamingError("the row has no Directory Name")
        return dn.unparse(((("cn", name),), *self._below(row.get("Obj-Container", ""))))

    def names(self, held: Mapping[str, Strings]) -> tuple[Strings, Strings, Mask]:
        whole, name, container = (held[a] for a in self.attributes)
        slashed = columns.matches(whole, _PLAIN_SLASHES)
        named = ~columns.longer(whole, 0) & columns.matches(name, f"^{PLAIN_VALUE}$")
        last = columns.replaced(columns.only(whole, slashed), "^.*/", "")
        above = columns.replaced(columns.only(whole, slashed), "/[^/]*$", "")
        dns, keys, sure = whole, whole, slashed & False
        for mask, found in (
            (slashed, _under("", last, above, dn.from_slashes)),
            (named, _under("cn=", columns.only(name, named), columns.only(container, named), self._told)),
        ):
            dns, keys = columns.laid_over(dns, mask, found[0]), columns.laid_over(keys, mask, found[1])
            sure[mask] = found[2]
        return dns, keys, sure

    def _told(self, container: str) -> str:
        """The DN of the container, ``""`` where it can't be read."""
        try:
            return dn.unparse(self._below(container))
        except NamingError:
            return ""

    def _below(self, container: str) -> tuple[dn.RDN, ...]:
        container = container or "Recipients"
        if container not in self._known:
            self._known[container] = self._container(container)
        return self._known[container]

    def _container(self, container: str) -> tuple[dn.RDN, ...]:
        if container.lower().startswith("/o="):
            return dn.parse(_named(dn.from_slashes, container, "Obj-Container"))
        if not (self._organization and self._site):
            raise UsageError(
                f'the export says "{container}" without organization and site, so its entries have no DN yet',
                where=Where(self._path),
                hint="name them with --organization NAME and --site NAME (FILE=NAME when there are several exports)",
            )
        parts = [part.rpartition("=")[2] for part in container.strip("/").split("/")]
        below = tuple((("cn", part),) for part in reversed(parts))
        return (*below, (("ou", self._site),), (("o", self._organization),))


class ByDistinguishedName:
    """PowerShell and csvde: a column with the DN."""

    has_dn = True
    attributes: tuple[str, ...] = ("distinguishedName",)

    def __call__(self, row: Mapping[str, str], _: int, /) -> str:
        name = row.get("distinguishedName", "")
        if not name:
            raise NamingError("the row has no DistinguishedName")
        return name

    def names(self, held: Mapping[str, Strings]) -> tuple[Strings, Strings, Mask]:
        dns = held["distinguishedName"]
        keys, bad = parts.keys(dns)
        return dns, keys, columns.longer(dns, 0) & ~bad


class WithoutDN:
    """A name for people, which no directory knows: by what stands first in ``kinds`` and is there.

    ``kinds``: RDN type and attribute. Where two rows may share what the last one says, the line tells them apart.
    """

    has_dn = False

    def __init__(self, kinds: tuple[tuple[str, str], ...], columns: str, *, by_line: bool) -> None:
        self.attributes = tuple(attribute for _, attribute in kinds)
        self._kinds = kinds
        self._columns = columns
        self._by_line = by_line

    def __call__(self, row: Mapping[str, str], line: int, /) -> str:
        kind, value = next(((k, row[a]) for k, a in self._kinds if row.get(a)), ("", ""))
        if not kind:
            raise NamingError(f"the row has no {self._columns}")
        if self._by_line and kind == self._kinds[-1][0]:
            return dn.unparse((((kind, value), ("line", str(line))),))
        return dn.unparse((((kind, value),),))

    def names(self, held: Mapping[str, Strings]) -> tuple[Strings, Strings, Mask]:
        kind, attribute = self._kinds[0]
        first = held[attribute]
        dns = columns.joined(f"{kind}=", first)
        lines = self._by_line and len(self._kinds) == 1
        return dns, columns.lowered(dns), columns.matches(first, f"^{PLAIN_VALUE}$") & (not lines)


_WITHOUT_DN = (("mail", "mail"), ("guid", "objectGUID"), ("guid", "msExchMailboxGuid"))


def namer(layout: Layout, path: str, organization: str, site: str) -> Namer:
    """What names the rows of such a file.

    Raises:
        InputError: it has no column that could.

    """
    has = set(layout.attributes)
    if layout.table.naming == "container":
        if not has.intersection(("rdn", "Obj-Dist-Name")):
            raise _nameless(layout, path, "Directory Name or Obj-Dist-Name")
        return ByContainer(path, organization, site)
    if layout.table.naming == "address":
        return WithoutDN((("guid", "objectGUID"), ("address", layout.table.alias)), "address", by_line=True)
    if "distinguishedName" in has:
        return ByDistinguishedName()
    if layout.table.naming == "mapped":
        return _by_what_there_is(layout)
    names = "DistinguishedName, PrimarySmtpAddress or Guid"
    if not has.intersection(attribute for _, attribute in _WITHOUT_DN):
        raise _nameless(layout, path, names)
    return WithoutDN(_WITHOUT_DN, names, by_line=False)


def _by_what_there_is(layout: Layout) -> Namer:
    kinds = [(kind, a) for kind, a in _WITHOUT_DN[:2] if a in layout.attributes and a != layout.table.alias]
    return WithoutDN((*kinds, ("alias", layout.table.alias)), "alias", by_line=True)


def _under(kind: str, rdns: Strings, names: Strings, told: Callable[[str], str]) -> tuple[Strings, Strings, Mask]:
    """The DNs of plain RDNs below the DNs that are told of these names, their keys, and where a DN was told."""
    numbers, words = columns.codes(names)
    parents = [told(name) for name in columns.texts(words)]
    keys_above = [dn.key(parent) for parent in parents]
    dns = columns.joined(kind, rdns, columns.take(columns.strings(f",{parent}" for parent in parents), numbers))
    keys = columns.lowered(dns)
    if keys_above != [parent.lower() for parent in parents]:
        above = columns.take(columns.strings(f",{key}" for key in keys_above), numbers)
        keys = columns.joined(kind, columns.lowered(rdns), above)
    return dns, keys, np.array([parent != "" for parent in parents], dtype=np.bool_)[numbers]


def _nameless(layout: Layout, path: str, columns: str) -> InputError:
    sentence = "no column says which entry a row is"
    return InputError(sentence, where=Where(path, layout.header.line), hint=f"export it again with {columns}")


def _named(read: Callable[[str], str], name: str, column: str) -> str:
    try:
        return read(name)
    except dn.DNError as e:
        raise NamingError(f"its {column} can't be read: {e}") from e
