"""The promise to the people locked out: after the change everybody logs on and finds the mail that was there before."""

from __future__ import annotations

import imaplib
import poplib
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.servers.conftest import Cure, Dovecot, Person, Slapd

TEMPORARY = "Temporary authentication failure"
WRONG = "Authentication failed"


def test_mailboxes_keyed_by_a_stable_attribute_are_read_as_before_at_once(
    slapd: Slapd, dovecot: Dovecot, people: tuple[Person, ...], cure: Callable[[Slapd], Cure]
) -> None:
    for person in people:
        dovecot.deliver(slapd.folder / "homes" / person.number / "Maildir", person.message)
    dovecot.start(lookup(slapd, "homeDirectory=home"))
    check_before(dovecot, people)

    made = cure(slapd)
    names = names_after(slapd, people, made)
    assert slapd.modify(made.changes).returncode == 0

    check_after(dovecot, names)


def test_mailboxes_keyed_by_the_logon_name_are_read_as_before_once_moved(
    slapd: Slapd, dovecot: Dovecot, people: tuple[Person, ...], cure: Callable[[Slapd], Cure]
) -> None:
    stores = slapd.folder / "stores"  # one folder a site, as each came with its own server; %u is the uid
    stores.mkdir()
    for person in people:
        dovecot.deliver(stores / person.site / person.uid, person.message)
    dovecot.start(lookup(slapd, f"=home={slapd.folder}/none,=mail=maildir:{stores}/%{{ldap:l}}/%u"))
    check_before(dovecot, people)

    made = cure(slapd)
    names = names_after(slapd, people, made)
    assert slapd.modify(made.changes).returncode == 0
    sites = {dn: dict(values)["l"].decode() for dn, values in slapd.entries().items() if "l" in dict(values)}
    for row in made.rows("changes.stores.csv"):
        shutil.move(stores / sites[row["dn"]] / row["old"], stores / sites[row["dn"]] / row["new"])

    check_after(dovecot, names)


def lookup(slapd: Slapd, user_attrs: str) -> str:
    """How Dovecot looks users up; ``user_attrs``: what the directory says of a user, and so where the mailboxes are."""
    return (
        f"hosts = 127.0.0.1:{slapd.port}\nauth_bind = yes\ndn = {slapd.admin}\ndnpass = admin\nbase = {slapd.suffix}\n"
        "pass_filter = (&(objectClass=inetOrgPerson)(uid=%u))\nuser_filter = (&(objectClass=inetOrgPerson)(uid=%u))\n"
        f"pass_attrs = uid=user\nuser_attrs = {user_attrs}\n"
    )


def check_before(dovecot: Dovecot, people: tuple[Person, ...]) -> None:
    """Both holders of a name are refused, over both protocols, and told to try again; who shares no name gets in."""
    names = Counter(typed(p.uid).lower() for p in people)

    def check(person: Person) -> None:
        if names[typed(person.uid).lower()] > 1:
            check_refused(dovecot, person, TEMPORARY)
        else:
            check_read(dovecot, person, typed(person.uid))

    in_parallel(check, people)


def check_after(dovecot: Dovecot, names: dict[Person, str]) -> None:
    """Everybody reads the message of before by the new name; the old one is the other holder's alone."""

    def check(person: Person) -> None:
        check_read(dovecot, person, names[person])
        if names[person].lower() != typed(person.uid).lower():
            check_refused(dovecot, person, WRONG)

    in_parallel(check, names)


def check_read(dovecot: Dovecot, person: Person, name: str) -> None:
    assert [person.message] == dovecot.read_pop3(name, person.password)
    assert [person.message] == dovecot.read_imap(name, person.password)


def check_refused(dovecot: Dovecot, person: Person, words: str) -> None:
    with pytest.raises(poplib.error_proto, match=words):
        dovecot.read_pop3(person.uid, person.password)
    with pytest.raises(imaplib.IMAP4.error, match=words):
        dovecot.read_imap(person.uid, person.password)


def in_parallel(check: Callable[[Person], None], people: Iterable[Person]) -> None:
    """Dovecot keeps whom it refuses waiting for half a second."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(check, people))


def names_after(slapd: Slapd, people: tuple[Person, ...], made: Cure) -> dict[Person, str]:
    """The logon name of each, as the map tells it; who is not in it keeps the old one."""
    dns = {
        dict(values)["employeeNumber"].decode(): dn for dn, values in slapd.entries().items() if "mail" in dict(values)
    }
    renamed = {dn: new for dn, (_, new) in made.renamed.items()}
    return {p: renamed.get(dns[p.number], p.uid) for p in people}


def typed(uid: str) -> str:
    """What a person can type: a client's window drops the space at the end."""
    return uid.strip()
