"""A damaged change file that is accepted here says the same to OpenLDAP: else the proof would be of another file."""

from __future__ import annotations

import os
import random
import shutil
import subprocess

import pytest

from aliasfix.ldap import changes

WHOLE = b"""# head

dn: cn=a,o=x
changetype: modify
delete: uid
uid: user
-
add: uid
uid:: dXNlcjI=
-
delete: mail
mail: a
-
add: mail
mail: b
-

dn: cn=b,o=x
changetype: modify
delete: uid
uid: user
-
add: uid
uid: q
-

"""
PUT = (
    *(b"", b" ", b"\n", b"\n ", b"\r", b"\r\n", b"#", b"\n#x", b"-", b":", b"<", b"\t", b"\x0b", b"\x00", b"a", b"="),
    *(b"\n-\n", b"\n\n", b"\ndn: o=y\n", b";x", b"  \n", b"\n  \n", b"version: 1\n", b"control: 1.2\n", b"\nuid: z"),
)


@pytest.fixture(scope="module")
def ldapmodify() -> str:
    found = shutil.which("ldapmodify")
    if not found:
        why = "ldapmodify is not installed"
        if os.environ.get("ALIASFIX_NO_SKIP") == "1":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)
    return found


def _damaged(dice: random.Random) -> bytes:
    raw = WHOLE
    for _ in range(dice.choice((1, 1, 2))):
        at = dice.randrange(len(raw) + 1)
        raw = raw[:at] + dice.choice(PUT) + raw[at + dice.choice((0, 0, 1, 2)) :]
    return raw


def _accepted(raw: bytes) -> tuple[changes.Modify, ...]:
    try:
        return changes.parse(raw)
    except changes.ChangeError:
        return ()


def _printed(change: changes.Modify) -> bytes:
    """As ``ldapmodify -n -v`` prints it."""
    lines = []
    for swap in change.swaps:
        name = swap.attribute.encode()
        lines += [b"delete %s:\n\t%s" % (name, _value(swap.old)), b"add %s:\n\t%s" % (name, _value(swap.new))]
    return b'%s\n!modifying entry "%s"\n\n' % (b"\n".join(lines), change.dn.encode())


def _value(value: bytes) -> bytes:
    return value if value.isascii() else b"NOT ASCII (%d bytes)" % len(value)


@pytest.mark.parametrize("seed", range(4))
def test_openldap_reads_the_same(seed: int, ldapmodify: str) -> None:
    dice = random.Random(seed)  # noqa: S311 - damage, no secret
    accepted = {raw: read for raw in sorted({_damaged(dice) for _ in range(500)}) if (read := _accepted(raw))}
    assert len(accepted) > 10
    for raw, read in accepted.items():
        theirs = subprocess.run([ldapmodify, "-n", "-v"], input=raw, capture_output=True, check=False)
        expected = b"".join(map(_printed, read))
        assert (raw, 0, expected) == (raw, theirs.returncode, theirs.stdout)
