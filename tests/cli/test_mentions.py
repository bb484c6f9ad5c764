"""What the commands say of values that mention a name which changes, and the file that lists them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.importer import mentions

if TYPE_CHECKING:
    from types import ModuleType

PEOPLE = """\
dn: cn=A,dc=x
objectClass: inetOrgPerson
uid: user
homeDirectory: /home/user
mail: user@x

dn: cn=B,dc=x
objectClass: inetOrgPerson
uid: user
homeDirectory: /home/user
description: =cmd|'user'!A0

dn: cn=staff,dc=x
objectClass: posixGroup
memberUid: nobody
description: asks user, not user2
"""
LINE = "Mentions: 5 values hold a name that changes: description 2, homeDirectory 2, mail 1; "


@pytest.fixture(name="people")
def people_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.ldif").write_text(PEOPLE, encoding="utf-8", newline="\n")


@pytest.mark.usefixtures("people")
def test_the_preview_counts_them(command: ModuleType) -> None:
    done = command.run("plan", "a.ldif")

    tallies = "By kind: people 1 to change.\nBy code: A001 duplicate 1 to change.\n"
    assert f"\n{LINE}write lists them in changes.mentions.csv.\n{tallies}Plan: 1 to rename" in done.out
    assert ["a.ldif"] == list(command.files(Path()))


@pytest.mark.usefixtures("people")
def test_write_lists_them(command: ModuleType) -> None:
    done = command.run("write", "a.ldif", "--accept-all", "-o", "new.ldif")

    assert "\nWrote new.mentions.csv\n" in done.out
    assert f"\n{LINE}look at each.\nPlan: " in done.out
    raw = Path("new.mentions.csv").read_bytes()
    assert (
        b'\xef\xbb\xbf"old","new","attribute","value","dn","source","line"\r\n'
        b'"user","user2","description","\'=cmd|\'user\'!A0","cn=B,dc=x","a.ldif","11"\r\n'
        b'"user","user2","description","asks user, not user2","cn=staff,dc=x","a.ldif","16"\r\n'
        b'"user","user2","homeDirectory","/home/user","cn=A,dc=x","a.ldif","4"\r\n'
        b'"user","user2","homeDirectory","/home/user","cn=B,dc=x","a.ldif","10"\r\n'
        b'"user","user2","mail","user@x","cn=A,dc=x","a.ldif","5"\r\n'
    ) == raw


@pytest.mark.usefixtures("people")
def test_a_rename_that_is_rejected_leaves_no_name_behind(command: ModuleType) -> None:
    command.run("plan", "a.ldif", "-o", "plan.csv")
    plan = Path("plan.csv")
    plan.write_bytes(plan.read_bytes().replace(b'"accept"', b'"reject"'))

    done = command.run("write", "a.ldif", "--plan", "plan.csv", "-o", "new.ldif")

    assert "Mentions" not in done.out
    assert ["a.ldif", "plan.csv"] == list(command.files(Path()))


@pytest.mark.usefixtures("people")
def test_that_some_are_left_out_is_told(command: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "MOST", 2)

    done = command.run("write", "a.ldif", "-q", "--accept-all", "-o", "new.ldif")

    assert "warning: new.mentions.csv holds the first 2 of 5 mentions\n" == done.err
    assert f"\n{LINE}look at each.\n" in done.out
    rows = list(csv.DictReader(io.StringIO(Path("new.mentions.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert ["11", "16"] == [row["line"] for row in rows]


def test_from_standard_input(command: ModuleType) -> None:
    done = command.run("plan", "-", stdin=PEOPLE.encode())

    assert f"\n{LINE}write lists them in changes.mentions.csv.\n" in done.out
