"""Small exports for the command line."""

from __future__ import annotations

import pytest


def person(name: str, uid: str, *lines: str) -> str:
    """An entry of an OpenLDAP export."""
    more = "".join(f"{line}\n" for line in lines)
    return f"dn: cn={name},dc=example,dc=org\nobjectClass: inetOrgPerson\nsn: {name}\nuid: {uid}\n{more}\n"


@pytest.fixture(scope="session")
def clashes() -> object:
    """``clashes(3)``: the LDIF of so many clashes between two people each."""

    def ldif(count: int) -> str:
        return "".join(person(f"P{i} {n}", f"p{i}") for i in range(count) for n in ("One", "Two"))

    return ldif
