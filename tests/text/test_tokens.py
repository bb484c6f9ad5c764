"""Which texts mention a name, and where."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.text.tokens import Names, folded, spans


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("user", 0),
        ("USER", 0),
        ("/home/user", 6),
        ("\\\\srv\\home\\user", 11),
        ("\\\\srv\\user$", 6),
        ("sip:user@x.example", 4),
        ("smtp:User@site", 5),
        ("user@EXAMPLE.ORG", 0),
        ("cn=user,cn=Recipients,ou=SITE1,o=ORG", 3),
        ("c=US;a= ;p=ORG;s=user;", 17),
        ("/var/mail/u/user/", 12),
        ("ask user.", 4),
        ("ask user...", 4),
        ("user - the one", 0),
        ("-user-", 1),
        ("/home/.user", 7),
        ("user+list@site", 0),
        ("(user)", 1),
        ("\u201euser\u201c", 1),
        ("user\u00a0x", 0),
        ("superuser, user", 11),
    ],
)
def test_a_text_that_mentions_user(text: str, place: int) -> None:
    assert {"user": place} == Names.of(["user"]).mentioned(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "use", "user2", "2user", "superuser", "user_x", "_user", "user.name", "name.user", "user-2", "x-user"),
        *("user..x", "user.-x", "userß", "éuser", "é.user", "us er", "user\u0301", "user٣", "u\u017fer", "user.bat"),
    ],
)
def test_a_text_that_does_not(text: str) -> None:
    assert {} == Names.of(["user"]).mentioned(text)


@pytest.mark.parametrize(
    ("name", "texts", "others"),
    [
        ("o'brien", ("o'brien", "/home/O'Brien/x", "to o'brien."), ("o'brienx", "ao'brien", "o'brien-x", "o", "brien")),
        ("info desk", ("the Info Desk", "info desk"), ("info  desk", "info desks", "info", "myinfo desk")),
        ("user.", ("user.", "user. Then", "user.."), ("user", "user.x", "user..x", "xuser.")),
        (".user", (".user", "/.user"), ("user", "a.user")),
        ("lea ", ("Lea Lang", "lea "), ("lea", "/home/lea", "olea ")),
        ("müller", ("MÜLLER", "/home/müller"), ("muller", "müllers", "mü", "ller")),
        ("Ж", ("ж", "/Ж/"), ("жж", "")),
        ("\u212a", ("\u212a",), ("k", "K")),
        ("+", (), ("+", "a+b")),
        ("", (), ("", "a")),
        ("a.b-c", ("x/a.b-c", "A.B-C."), ("a.b", "b-c", "a.b-c.d")),
    ],
)
def test_names_that_are_more_or_less_than_a_token(name: str, texts: tuple[str, ...], others: tuple[str, ...]) -> None:
    names = Names.of([name])

    assert [[folded(name)] for _ in texts] == [list(names.mentioned(text)) for text in texts]
    assert [[] for _ in others] == [list(names.mentioned(text)) for text in others]


def test_several_names_in_one_text() -> None:
    names = Names.of(["b", "a", "A", "a b", "c"])

    assert {"a": 0, "a b": 0, "b": 2} == names.mentioned("A b a")


@given(st.text())
def test_folding_moves_nothing(text: str) -> None:
    low = folded(text)

    assert len(text) == len(low)
    assert low == folded(low)
    assert [c.isascii() for c in text] == [c.isascii() for c in low]


@given(st.text(alphabet="ab_1.-/ éЖ\u201c"))
def test_spans_are_runs_without_their_joiners(text: str) -> None:
    expected = []
    for run in re.finditer(r"[\w.-]+", text):
        kept = run[0].strip(".-")
        if kept:
            start = run.start() + run[0].index(kept)
            expected.append((start, start + len(kept)))

    assert expected == spans(text)
