from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix import ruleset
from aliasfix.directory import Source
from aliasfix.errors import UsageError
from aliasfix.ldap import changes
from aliasfix.writer import change_files

OPENLDAP = ruleset.load("openldap")
EXCHANGE = ruleset.load("exchange")
RECORD = (
    "dn: cn=user,cn=Recipients,ou=SITE2,o=ORG\nchangetype: modify\n"
    "delete: uid\nuid: user\n-\nadd: uid\nuid: user-site2\n-\n\n"
)


def made(rules: ruleset.Ruleset, plan_of: Any, row: Any, directory_of: Any, label: str = "") -> bytes:
    rows = [row(label=label)]
    sources = [Source("export.ldif", label)]
    return bytes(change_files(plan_of(rows), rules, directory_of(rows, sources=sources)).files["changes.ldif"])


@pytest.mark.parametrize(
    ("rules", "name", "first", "before", "line_end"),
    [
        (OPENLDAP, "openldap", "# LDIF change file of aliasfix: 1 change in 1 entry.\n", "\n\n", "\n"),
        (OPENLDAP, "389ds", "# LDIF change file of aliasfix: 1 change in 1 entry.\n", "\n\n", "\n"),
        (OPENLDAP, "rfc2849", "version: 1\n# LDIF change file of aliasfix: 1 change in 1 entry.\n", "back.\n", "\n"),
        (EXCHANGE, "ldifde", "# LDIF change file of aliasfix: 1 change in 1 entry.\r\n", "\r\n\r\n", "\r\n"),
        (EXCHANGE, "samba", "# LDIF change file of aliasfix: 1 change in 1 entry.\n", "\n\n", "\n"),
    ],
)
def test_the_bytes_are_as_the_program_wants_them(
    rules: ruleset.Ruleset, name: str, first: str, before: str, line_end: str, plan_of: Any, row: Any, directory_of: Any
) -> None:
    content = made(rules.speaking(name), plan_of, row, directory_of).decode("ascii")

    assert content.startswith(first)
    assert content.endswith(before + RECORD.replace("\n", line_end))
    assert content.count("\n") == content.count(line_end)


def test_without_comments_the_label_stands_alone(plan_of: Any, row: Any, directory_of: Any) -> None:
    bare = OPENLDAP.model_copy(update={"dialect": ruleset.Dialect(comments=False)})
    both = OPENLDAP.model_copy(update={"dialect": ruleset.Dialect(comments=False, version=True)})

    assert RECORD == made(bare, plan_of, row, directory_of).decode()
    assert f'# Label: "east"\n\n{RECORD}' == made(bare, plan_of, row, directory_of, "east").decode()
    assert f"version: 1\n{RECORD}" == made(both, plan_of, row, directory_of).decode()
    assert f'version: 1\n# Label: "east"\n{RECORD}' == made(both, plan_of, row, directory_of, "east").decode()


def test_every_dialect_says_the_same(plan_of: Any, row: Any, directory_of: Any) -> None:
    said = {
        (change.dn, change.swaps)
        for name in ("ldifde", "rfc2849", "samba")
        for change in changes.parse(made(EXCHANGE.speaking(name), plan_of, row, directory_of, "east"))
    }
    swap = changes.Swap("uid", b"user", b"user-site2")
    assert {("cn=user,cn=Recipients,ou=SITE2,o=ORG", (swap,))} == said


def test_a_dialect_that_the_ruleset_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        OPENLDAP.speaking("ldifde")

    assert 'ruleset openldap has no dialect "ldifde"' == refused.value.sentence
    assert "it has openldap, 389ds, rfc2849" == refused.value.hint


@given(st.lists(st.sampled_from([b"\n", b"a: b\n", b"-\n", b"# c\n", b"version: 1\n", RECORD.encode()]), max_size=8))
def test_crlf_is_read_as_lf_is(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)

    assert outcome(raw) == outcome(raw.replace(b"\n", b"\r\n"))


def outcome(raw: bytes) -> object:
    """The changes, or where and why they can't be read."""
    try:
        return changes.parse(raw)
    except changes.ChangeError as e:
        return e.line, str(e)
