"""Exports of any size in the shapes that real tools write: python -m tests.benchmarks.generate --help.

The same words give the same octets, on every machine. Nobody in them is real.
"""

from __future__ import annotations

import argparse
import base64
import csv
import io
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GIVEN = ("Anna", "Bela", "Carol", "Dora", "Emil", "Fritz", "Gerda", "Hans", "Ida", "Jan", "Karin", "Luca", "Maria")
SURNAMES = ("Adler", "Berg", "Conti", "Dietz", "Ek", "Fuchs", "Graf", "Huber", "Ilg", "Jung", "Kern", "Lang", "Meier")
ACCENTED = (("Jürgen", "Müller"), ("Zoë", "Åberg"), ("Łukasz", "Źrebak"), ("Renée", "Besançon"), ("Björn", "Østby"))
CODE_PAGE = (("Jürgen", "Müller"), ("Zoë", "Åberg"), ("Björn", "Østby"), ("Renée", "Besançon"))  # of cp1252
CITIES = ("berlin", "london", "milan", "oslo", "paris", "wien", "zagreb")
_SCATTER, _SALT = 2654435761, 97  # Knuth, TAOCP 6.4: multiples of it spread evenly over 32 bits


@dataclass(frozen=True)
class Person:
    """One mailbox."""

    number: int
    given: str
    surname: str
    alias: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname} {self.number}"

    @property
    def city(self) -> str:
        return CITIES[self.number % len(CITIES)]

    @property
    def mail(self) -> str:
        return f"person{self.number}@{self.city}.example"

    @property
    def created(self) -> str:
        return f"20{self.number % 20:02}{1 + self.number % 12:02}{1 + self.number % 28:02}080000"


@dataclass(frozen=True)
class Mix:
    """What is among the people: shares from 0 to 1."""

    clashes: float = 0.1  # of those whose alias another one holds as well
    accented: float = 0.0  # of those whose names are not ASCII: LDIF in octets has them in base64
    alias: str = ""  # that all of them hold


def people(count: int, mix: Mix, names: tuple[tuple[str, str], ...]) -> Iterator[Person]:
    """So many people; those whose names are not ASCII have one of ``names``."""
    for n in range(count):
        given, surname = GIVEN[n % len(GIVEN)], SURNAMES[n // len(GIVEN) % len(SURNAMES)]
        if _falls(n, mix.accented, _SALT):
            given, surname = names[n % len(names)]
        owner = n // 2 * 2 if _falls(n // 2, mix.clashes, 0) else n
        yield Person(n, given, surname, mix.alias or f"u{owner}")


def _falls(number: int, share: float, salt: int) -> bool:
    return (number * _SCATTER + salt * _SCATTER * _SALT) % (1 << 32) < share * (1 << 32)


def slapcat(person: Person) -> str:
    lines = [
        ("dn", f"cn={person.name},ou=people,ou={person.city},dc=example,dc=org"),
        ("objectClass", "inetOrgPerson"),
        ("objectClass", "posixAccount"),
        *_openldap(person),
        ("entryUUID", str(_uuid(person))),
        ("creatorsName", "cn=admin,dc=example,dc=org"),
        ("createTimestamp", f"{person.created}Z"),
        ("entryCSN", f"{person.created}.{person.number % 1000000:06}Z#000000#000#000000"),
        ("modifiersName", "cn=admin,dc=example,dc=org"),
        ("modifyTimestamp", "20250911074412Z"),
        ("structuralObjectClass", "inetOrgPerson"),
    ]
    return "".join(_folded(name, value, 76) for name, value in lines) + "\n"


def ldapsearch(person: Person) -> str:
    lines = [
        ("dn", f"cn={person.name},ou=people,ou={person.city},dc=example,dc=org"),
        ("objectClass", "inetOrgPerson"),
        ("objectClass", "posixAccount"),
        *_openldap(person),
    ]
    comment = _folded("#", f"{person.name}, people, {person.city}, example.org", 76).replace("#: ", "# ", 1)
    return comment + "".join(_folded(name, value, 76) for name, value in lines) + "\n"


def ldifde(person: Person) -> str:
    """As ``ldifde -u`` writes it: no value but a binary one is in base64."""
    return "".join(_on_next_line(name, value) for name, value in _active_directory(person)) + "\n"


def ldifde_ascii(person: Person) -> str:
    """As ``ldifde`` writes it: what is not ASCII is in base64."""
    lines = (
        (name, value) if value.isascii() else (f"{name}:", base64.b64encode(value.encode()).decode())
        for name, value in _active_directory(person)
    )
    return "".join(_on_next_line(name, value) for name, value in lines) + "\n"


def _active_directory(person: Person) -> list[tuple[str, str]]:
    dn = f"CN={person.name},OU=Staff,OU={person.city.title()},DC=corp,DC=example"
    return [
        ("dn", dn),
        ("changetype", "add"),
        *(("objectClass", c) for c in ("top", "person", "organizationalPerson", "user")),
        ("cn", person.name),
        ("sn", person.surname),
        ("givenName", person.given),
        ("distinguishedName", dn),
        ("instanceType", "4"),
        ("whenCreated", f"{person.created}.0Z"),
        ("whenChanged", "20250911074412.0Z"),
        ("displayName", person.name),
        ("uSNCreated", str(20000 + person.number)),
        ("memberOf", f"CN=All,OU=Groups,OU={person.city.title()},DC=corp,DC=example"),
        ("uSNChanged", str(90000 + person.number)),
        ("proxyAddresses", f"SMTP:{person.mail}"),
        ("proxyAddresses", f"smtp:p{person.number}@corp.example"),
        ("proxyAddresses", f"X400:C=US;A= ;P=Corp;O=Exchange;S={person.number};"),
        ("homeMDB", "CN=Mailbox Database 1,CN=Databases,CN=Corp,CN=Microsoft Exchange,DC=corp,DC=example"),
        ("mailNickname", person.alias),
        ("name", person.name),
        ("objectGUID:", base64.b64encode(_uuid(person).bytes_le).decode()),
        ("userAccountControl", "512"),
        ("badPwdCount", "0"),
        ("codePage", "0"),
        ("countryCode", "0"),
        ("pwdLastSet", "133700000000000000"),
        ("primaryGroupID", "513"),
        ("objectSid:", base64.b64encode(_sid(person)).decode()),
        ("accountExpires", "9223372036854775807"),
        ("sAMAccountName", f"p{person.number}"),
        ("sAMAccountType", "805306368"),
        (
            "legacyExchangeDN",
            f"/o=Corp/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={person.number}",
        ),
        ("userPrincipalName", f"p{person.number}@corp.example"),
        ("objectCategory", "CN=Person,CN=Schema,CN=Configuration,DC=corp,DC=example"),
        ("mail", person.mail),
        ("msExchRecipientTypeDetails", "1"),
    ]


def exchange55(person: Person) -> str:
    row = io.StringIO()
    site = person.city.upper()
    addresses = (
        f"MS:ORG/{site}/P{person.number}",
        f"SMTP:{person.mail}",
        f"X400:c=US;a= ;p=ORG;o={site};s={person.number};g={person.given};",
    )
    csv.writer(row, lineterminator="\n").writerow((
        "Mailbox", person.given, person.surname, person.name, person.alias, f"p{person.number}",
        f"DOM1\\p{person.number}", "SRV1", "", "%".join(addresses), "", f"/o=ORG/ou={site}/cn=Recipients", "",
    ))  # fmt: skip
    return row.getvalue()


@dataclass(frozen=True)
class Dialect:
    """What a tool writes, and how: with Python's name of the encoding."""

    record: Callable[[Person], str]
    suffix: str
    ruleset: str
    encoding: str = "ascii"
    newline: str = "\n"
    head: str = ""
    foot: str = ""
    names: tuple[tuple[str, str], ...] = ACCENTED


DIALECTS = {
    "slapcat": Dialect(slapcat, ".ldif", "openldap"),
    "ldapsearch": Dialect(
        ldapsearch,
        ".ldif",
        "openldap",
        head="# extended LDIF\n#\n# LDAPv3\n# base <dc=example,dc=org> with scope subtree\n# filter: (uid=*)\n#\n\n",
        foot="# search result\nsearch: 2\nresult: 0 Success\n",
    ),
    "ldifde": Dialect(ldifde, ".ldf", "exchange", encoding="utf-16", newline="\r\n"),
    "ldifde-ascii": Dialect(ldifde_ascii, ".ldf", "exchange", newline="\r\n"),
    "exchange55": Dialect(
        exchange55,
        ".csv",
        "exchange55",
        encoding="cp1252",
        newline="\r\n",
        head="Obj-Class,First Name,Last name,Display Name,Alias Name,Directory Name,Primary Windows NT Account,"
        "Home-Server,E-mail address,E-mail Addresses,Members,Obj-Container,Hide from AB\n",
        names=CODE_PAGE,
    ),
}


def write(path: Path, dialect: Dialect, count: int, mix: Mix) -> None:
    """Write an export, record by record."""
    with path.open("w", encoding=dialect.encoding, newline=dialect.newline) as file:
        file.write(dialect.head)
        file.writelines(map(dialect.record, people(count, mix, dialect.names)))
        file.write(dialect.foot)


def _openldap(person: Person) -> list[tuple[str, str]]:
    return [
        ("cn", person.name),
        ("sn", person.surname),
        ("givenName", person.given),
        ("uid", person.alias),
        ("mail", person.mail),
        ("employeeNumber", str(1000 + person.number)),
        ("uidNumber", str(10000 + person.number)),
        ("gidNumber", "100"),
        ("homeDirectory", f"/home/{person.alias}"),
        ("loginShell", "/bin/bash"),
    ]


def _uuid(person: Person) -> uuid.UUID:
    return uuid.UUID(int=(person.number + 1) * _SCATTER**3 % (1 << 128))


def _sid(person: Person) -> bytes:
    parts = (21, 1001, 1002, 1003, 2000 + person.number)
    return bytes((1, len(parts), 0, 0, 0, 0, 0, 5)) + b"".join(p.to_bytes(4, "little") for p in parts)


def _folded(name: str, value: str, width: int) -> str:
    """A line as OpenLDAP writes it: base64 where it is not ASCII, folded."""
    line = f"{name}: {value}" if value.isascii() else f"{name}:: {base64.b64encode(value.encode()).decode()}"
    if len(line) <= width:
        return f"{line}\n"
    rest = (line[at : at + width - 1] for at in range(width, len(line), width - 1))
    return f"{line[:width]}\n" + "".join(f" {part}\n" for part in rest)


def _on_next_line(name: str, value: str) -> str:
    """A line as ldifde writes it: one that is too long has its value on the lines after it."""
    width = 79
    if len(name) + 2 + len(value) <= width:
        return f"{name}: {value}\n"
    return f"{name}:\n" + "".join(f" {value[at : at + width]}\n" for at in range(0, len(value), width))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write an export for measurements.")
    parser.add_argument("dialect", choices=DIALECTS)
    parser.add_argument("count", type=int, help="entries")
    parser.add_argument("path", type=Path)
    parser.add_argument("--clashes", type=float, default=0.1, metavar="SHARE", help="whose alias another one holds")
    parser.add_argument("--accented", type=float, default=0.0, metavar="SHARE", help="whose names are not ASCII")
    parser.add_argument("--alias", default="", help="one that all hold")
    words = parser.parse_args()
    write(words.path, DIALECTS[words.dialect], words.count, Mix(words.clashes, words.accented, words.alias))


if __name__ == "__main__":
    main()
