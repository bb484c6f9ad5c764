"""An organization as real ones are: python -m tests.benchmarks.organization openldap 20000 organization.ldif.

Names of many languages, double names, apostrophes, empty given names, names of 64 characters, names that end in digits,
service accounts, shared mailboxes and groups, in sites that did not ask each other. To read proposals in, not to
measure. The same words give the same octets. Nobody in it is real.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = (  # given names and surnames of one language each
    (
        "Anna Jürgen Björn Käthe Hans-Jörg Anna-Maria Zoë Uwe Fritz Heike Götz Sören Ute Ingrid",
        "Müller Weiß Schröder Strauß-Kahn Groß Meyer Jäger Schön Fußballer Kühn Bäcker Möller-Lüdenscheidt Krüger Maaß",
    ),
    (
        "John Mary Sean Siobhán Dave Patrick Jo Zadie Mary-Ann Owen",
        "Smith O'Brien O’Neill D’Angelo Smith-Jones McDonald Jones Li X O'Hara-Burke Fitzgerald Wright St.John",
    ),
    (
        "René Éloïse François Jean-Luc Noël Anaïs Maëlle Jérôme",
        "Lefèvre Château Besançon L'Hôpital Cœur d’Aboville Françoise Saint-Exupéry Gérard Île",
    ),
    ("Łukasz Małgorzata Żaneta Paweł Jędrzej Zofia", "Wójcik Źrebak Święcicki Dąbrowska-Kłos Łęcki Ćwiąkalski Nowak"),
    ("Jiří Řehoř Zdeňka Božena Matěj Žofie", "Dvořák Šťastný Žižka Příhodová Němcová Ňoumová Čapek Ďurica Tůma"),
    ("Çağlar Işıl İbrahim Şükrü Ayşe İnci Gül", "Öztürk Yıldız Güneş Doğan Çelik Iğdır Şahin Ünal"),
    ("Åse Øystein Þór Jón Mäkelä Freyðís Pål Ærling", "Ødegård Ångström Sørensen Bjørnæs Þórsdóttir Hämäläinen Ås"),
    ("Đức Nguyễn Thị Ước Hạnh Quỳnh", "Trần Đặng Phạm Lê Vũ Đỗ Huỳnh Ngô"),
    (
        "Piet Joost María Ángel Iñaki João Gonçalo",
        "van der Berg van den Broek de la Cruz Núñez-García ten Hoor Ibáñez Conceição Magalhães",
    ),
    (
        "Юлия Дмитрий Сергей Жанна Андрей Яна Эмма Игорь Фёдор Ксения",
        "Щукин Хрущёв Чайковский Объедков Ильина Цой Жуков Юрьев Подъячев Мельник Шишкин",
    ),
    (
        "Γιώργος Ευάγγελος Ουρανία Χρήστος Αύρα Μπάμπης Φωτεινή",
        "Παπαδόπουλος Ψαρράς Θεοδωρίδης Αγγελόπουλος Ευθυμίου Λάμπρου Μπακογιάννη Ντόρας Γκίκας",
    ),
    ("Győző Űrdög Ștefan Ödön Ioana", "Kovács Őri Țîrlea Szűcs Ceaușescu Füzesséry"),
)
PARTICLES = ("van der", "van den", "de la", "ten")
SITES = ("BERLIN", "LONDON", "OSLO", "PRAHA", "SITE1", "Zürich Nord", "São Paulo")
SHARED = ("info", "sales", "office", "hr", "helpdesk", "empfang", "Büro", "R&D", "info-berlin", "1stlevel", "2024")
SERVICES = ("svc_backup", "svc-sql01", "SVC_Scan", "admin", "_ldap", "test1", "scanner.2")
GROUPS = ("all-staff", "Sales Team", "developers", "it.", "projekt_42")
OFFICES = (
    *(("shared", name) for name in SHARED),
    *(("service", name) for name in SERVICES),
    *(("group", name) for name in GROUPS),
)
NUMBERED = 7  # of ten have a personnel number for an alias
LONG = ("Maria-Magdalena-Theodora", "Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst")


@dataclass(frozen=True)
class Entry:
    number: int
    site: str
    kind: str  # person, shared, service, group
    given: str
    surname: str
    alias: str
    mail: str
    account: str

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.given, self.surname, str(self.number))))


def organization(count: int) -> Iterator[Entry]:
    """So many entries; of those in one site a few hold one alias, of those in different sites many."""
    seen: dict[tuple[str, str], int] = {}
    for number in range(count):
        entry = _entry(number)
        held = seen[entry.site, entry.alias] = seen.get((entry.site, entry.alias), 0) + 1
        if held == 1 or _draw(number, 5, 12) == 0:
            yield entry
        else:  # what an admin does who sees that the name is taken
            alias = f"{entry.alias}{held - 1}"
            seen[entry.site, alias] = 1
            mail = entry.mail.replace("@", f"{held - 1}@") if held % 2 else ""
            yield Entry(number, entry.site, entry.kind, entry.given, entry.surname, alias, mail, entry.account)


def _draw(number: int, salt: int, sides: int) -> int:
    """What an even die of so many sides says; every salt is a die of its own."""
    return int.from_bytes(hashlib.blake2b(f"{salt}:{number}".encode(), digest_size=8).digest()) % sides


def _entry(number: int) -> Entry:
    at, office = divmod(number, len(OFFICES))
    site = SITES[at if at < len(SITES) else _draw(number, 1, len(SITES))]
    domain = f"{_plain(site).lower().replace(' ', '')}.example"
    if at < len(SITES):
        kind, alias = OFFICES[office]
        mail = f"{alias.lower()}@{domain}" if alias.replace("-", "").isalnum() and alias.isascii() else ""
        return Entry(number, site, kind, "", alias, alias, mail if kind == "shared" else "", alias)
    given, surname = _named(number)
    plain = [_plain(given).replace(" ", ""), _plain(surname).replace(" ", "")]
    alias = {
        0: f"{given}.{surname}",
        1: f"{given[:1]}{surname}",
        2: f"{plain[0][:1]}{plain[1]}".lower(),
        3: f"{plain[0]}.{plain[1]}".lower(),
        4: f"{plain[1]}{plain[0][:1]}",
        5: plain[1].lower(),
        6: f"{plain[0]}_{plain[1]}",
        7: f"{surname} {given}",
    }[_draw(number, 7, 8)]
    local = (f"{plain[0]}.{plain[1]}", alias, "", f"{plain[0][:1]}.{plain[1]}")[_draw(number, 8, 4)]
    mail = (
        f"{local.strip('.')}@{domain}" if local.strip(".").isascii() and local.strip(".") and " " not in local else ""
    )
    account = (alias[:20], f"{plain[1]}{plain[0][:2]}"[:20].lower(), f"u{100000 + number}", "")[_draw(number, 9, 4)]
    alias = f"p{100000 + number}" if _draw(number, 15, 10) < NUMBERED else alias
    return Entry(number, site, "person", given, surname, alias[:64].strip(" ."), mail, account)


def _named(number: int) -> tuple[str, str]:
    if _draw(number, 10, 300) == 0:
        return LONG
    given, surname = NAMES[_draw(number, 11, len(NAMES))]
    words = surname
    for particle in PARTICLES:
        words = words.replace(f"{particle} ", f"{particle.replace(' ', '_')}_")
    surnames = [word.replace("_", " ") for word in words.split()]
    first = "" if _draw(number, 12, 50) == 0 else given.split()[_draw(number, 13, len(given.split()))]
    return first, surnames[_draw(number, 14, len(surnames))]


def _plain(text: str) -> str:
    """As someone types it who has no such keys; Cyrillic and Greek stay."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c) and c not in "'’")


def openldap(entry: Entry) -> list[tuple[str, str]]:
    """As slapcat has it."""
    classes = ("posixGroup",) if entry.kind == "group" else ("inetOrgPerson", "posixAccount")
    return [
        ("dn", f"cn={entry.name},ou=people,ou={entry.site},dc=example,dc=org"),
        *(("objectClass", c) for c in classes),
        ("cn", entry.name),
        ("sn", entry.surname),
        ("givenName", entry.given),
        ("uid", entry.alias),
        ("mail", entry.mail),
        ("uidNumber", str(10000 + entry.number)),
        ("createTimestamp", f"{_created(entry)}Z"),
    ]


def exchange(entry: Entry) -> list[tuple[str, str]]:
    """As ldifde has it."""
    details = {"shared": "4", "group": ""}.get(entry.kind, "1")
    return [
        ("dn", f"CN={entry.name},OU=Staff,OU={entry.site},DC=corp,DC=example"),
        ("objectClass", "group" if entry.kind == "group" else "user"),
        ("sn", entry.surname),
        ("givenName", entry.given),
        ("displayName", entry.name),
        ("mailNickname", entry.alias),
        ("proxyAddresses", f"SMTP:{entry.mail}" if entry.mail else ""),
        ("mail", entry.mail),
        ("sAMAccountName", entry.account),
        ("whenCreated", f"{_created(entry)}.0Z"),
        ("msExchRecipientTypeDetails", details),
    ]


def exchange55(entry: Entry) -> list[tuple[str, str]]:
    """As Exchange 5.5 answers over LDAP."""
    return [
        ("dn", f"cn={entry.number},cn=Recipients,ou={entry.site},o=ORG"),
        ("objectClass", "groupOfNames" if entry.kind == "group" else "organizationalPerson"),
        ("sn", entry.surname),
        ("givenName", entry.given),
        ("cn", entry.name),
        ("uid", entry.alias),
        ("mail", entry.mail),
        (
            "Primary-Windows-NT-Account",
            f"DOM_{_plain(entry.site).split()[0]}\\{entry.account}" if entry.account else "",
        ),
        ("whenCreated", f"{_created(entry)}.0Z"),
    ]


PRODUCTS: dict[str, Callable[[Entry], list[tuple[str, str]]]] = {
    "openldap": openldap,
    "exchange": exchange,
    "exchange55": exchange55,
}


def _created(entry: Entry) -> str:
    return f"20{entry.number % 20:02}{1 + entry.number % 12:02}{1 + entry.number % 28:02}080000"


def _line(name: str, value: str) -> str:
    if value.isascii():
        return f"{name}: {value}\n"
    return f"{name}:: {base64.b64encode(value.encode()).decode()}\n"


def write(path: Path, product: str, count: int) -> None:
    """Write the organization as an export of this product."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        for entry in organization(count):
            file.writelines(_line(name, value) for name, value in PRODUCTS[product](entry) if value)
            file.write("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write an organization to read proposals in.")
    parser.add_argument("product", choices=PRODUCTS)
    parser.add_argument("count", type=int, help="entries")
    parser.add_argument("path", type=Path)
    words = parser.parse_args()
    write(words.path, words.product, words.count)


if __name__ == "__main__":
    main()
