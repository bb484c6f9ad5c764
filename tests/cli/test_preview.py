"""The preview of a plan: what a person sees first, on a terminal and in a file, and the command that comes next."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

SITES = ("site1.csv", "site2.csv")


def test_one_clash(command: ModuleType, folder: Path, clashes: Callable[[int], str]) -> None:
    Path("people.ldif").write_text(clashes(1), encoding="utf-8", newline="\n")

    done = command.run("plan", "people.ldif")

    assert (
        "alias:p0  [A001 duplicate]\n"
        "  = KEEP    p0\n"
        "            cn=P0 One,dc=example,dc=org  (person)\n"
        "            keeps the name: nothing tells them apart but the order of their DNs\n"
        "  ~ RENAME  p0 -> p0-2\n"
        "            cn=P0 Two,dc=example,dc=org  (person)\n"
        "            by {alias|lower}{n:2..}\n"
        "            tried before: {mail_local|lower} does not apply; {alias|lower}{joiner}{site} does not apply\n"
        "\n"
        "Also to be done: mailbox: a mail server that keys mailboxes by the logon name (Dovecot %u, Cyrus user.NAME) "
        "must move the mailbox to the new name (changes.stores.csv)\n"
        "Mentions: 2 values hold a name that changes: sn 2; write lists them in changes.mentions.csv.\n"
        "By kind: people 1 to change.\n"
        "By code: A001 duplicate 1 to change.\n"
        "Plan: 1 to rename, 0 to repair, 1 keep their name, 0 to decide, 0 blocked, 0 rejected; "
        "1 of 2 entries stay unchanged.\n"
        "Proof: the change files do exactly this; then 2 names are unique and valid, 0 are left as they are. "
        "It speaks of the exports given, and of nothing since.\n"
        "Next: aliasfix plan people.ldif -o plan.csv\n"
    ) == done.out


def test_on_a_terminal_of_80_columns(command: ModuleType, folder: Path) -> None:
    done = command.run("plan", *SITES, columns=80)

    assert (
        "alias:tberg  [A001 duplicate]\n"
        "  = KEEP    tberg\n"
        "            cn=tberg,cn=Recipients,ou=SITE1,o=ORG  (person, SITE1)\n"
        "            keeps the name: nothing tells them apart but the order of their DNs\n"
        "  ? DECIDE  tberg -> tberg-site2\n"
        "            cn=tberg,cn=Recipients,ou=SITE2,o=ORG  (person, SITE2)\n"
        "            looks like the same person as cn=tberg,cn=Recipients,ou=SITE1,o=ORG:\n"
        "            both have nt account DOM1\\tberg; this one has account tberg, mail\n"
        "            tberg@site2.org.com, last logon not known, created not known, the\n"
        "            other account tberg, mail tberg@site1.org.com, last logon not known,\n"
        "            created not known; NTLM logon stops; use DOM1\\tberg\\tberg-site2\n"
        "            by {alias}{joiner}{site}\n"
        "            tried before: tberg: it is the name it has\n"
    ) == done.out[: done.out.index("\n\n") + 1]
    assert (
        "Left: undecided: uid tberg of cn=tberg,cn=Recipients,ou=SITE2,o=ORG\n"
        "Mentions: 35 values hold a name that changes: otherMailbox 10, mail 9,\n"
        "          Primary-Windows-NT-Account 6, member 3, textEncodedORAddress 3, cn 2,\n"
        "          givenName 2; write lists them in changes.mentions.csv.\n"
        "By site: SITE2 3 to change and 1 left, SITE1 3 to change.\n"
        "By kind: people 4 to change and 1 left, contacts 1 to change, groups 1 to\n"
        "         change.\n"
        "By code: A001 duplicate 6 to change and 1 left.\n"
        "Plan: 6 to rename, 0 to repair, 7 keep their name, 1 to decide, 0 blocked, 0\n"
        "      rejected; 17 of 23 entries stay unchanged.\n"
        "Proof: the change files do exactly this; then 21 names are unique and valid, 2\n"
        "       are left as they are. It speaks of the exports given, and of nothing\n"
        "       since.\n"
        "Next: aliasfix plan site1.csv site2.csv -o plan.csv\n"
    ) == done.out[done.out.index("Left: ") :]


@pytest.mark.parametrize("columns", [20, 40, 80, 132])
@pytest.mark.parametrize("words", [("check", "corp.ldf"), ("plan", "corp.ldf"), ("plan", "one.csv", "two.csv")])
def test_a_terminal_shows_the_same_words(
    words: tuple[str, ...], columns: int, command: ModuleType, folder: Path
) -> None:
    whole, wrapped = command.run(*words), command.run(*words, columns=columns)

    assert whole.out.split() == wrapped.out.split()
    wide = [line for line in wrapped.out.splitlines() if len(line) > max(columns, 40)]
    assert all(len(line.split()) == 1 or line.startswith("Next: ") for line in wide)


def test_what_waits_comes_first_and_the_rest_is_counted(
    command: ModuleType, folder: Path, clashes: Callable[[int], str]
) -> None:
    rdn = "".join(f"dn: uid=zoe,ou={ou},dc=example,dc=org\nobjectClass: account\nuid: zoe\n\n" for ou in ("a", "b"))
    Path("people.ldif").write_text(clashes(40) + rdn, encoding="utf-8", newline="\n")

    out = command.run("plan", "people.ldif").out

    assert out.startswith("alias:zoe  [A001 duplicate]\n")
    assert 30 == out.count("[A001 duplicate]")
    assert "\n... 11 more groups: write the plan with -o plan.csv to see them all\n" in out


def test_a_large_clash_is_cut_short(command: ModuleType, folder: Path) -> None:
    many = "".join(f"dn: cn=P{i:02},dc=example,dc=org\nobjectClass: account\nuid: all\n\n" for i in range(20))
    Path("people.ldif").write_text(many, encoding="utf-8", newline="\n")

    out = command.run("plan", "people.ldif").out

    assert 11 == out.count("  ~ RENAME  all -> ")
    assert "\n  ... 8 more in this group\n" in out
    assert "\nPlan: 19 to rename, " in out


def test_much_that_is_left_is_cut_short(command: ModuleType, folder: Path) -> None:
    many = "".join(f"dn: uid=all,ou=o{i:02},dc=example,dc=org\nobjectClass: account\nuid: all\n\n" for i in range(30))
    Path("people.ldif").write_text(many, encoding="utf-8", newline="\n")

    out = command.run("plan", "people.ldif").out

    assert 20 == out.count("\nLeft: blocked: uid all of uid=all,ou=o")
    assert "\nLeft: ... 9 more\nBy site: o01 1 left, o02 1 left, " in out
    assert "\nPlan: 0 to rename, 0 to repair, 1 keep their name, 0 to decide, 29 blocked, " in out
    assert "\nProof: nothing is changed; then 0 names are unique and valid, 30 are left as they are. " in out


def test_a_huge_value_is_cut_short(command: ModuleType, folder: Path) -> None:
    huge = "x" * 100_000
    Path("corp.ldif").write_text(f"dn: cn=A,dc=corp\nobjectClass: user\nmailNickname: {huge}\n", encoding="ascii")

    check, plan = command.run("check", "corp.ldif"), command.run("plan", "corp.ldif")

    assert f'mailNickname "{huge[:400]}... (100000 characters)" of cn=A,dc=corp: ' in check.out
    assert max(map(len, plan.out.splitlines())) < 600


def test_what_changes_and_what_is_left_is_counted(command: ModuleType, folder: Path) -> None:
    sites = [*(f"s{n}" for n in range(10)), "s9", "s8", "North Bay", "\\1b[0m"]
    people = "".join(
        f"dn: cn={n},cn=Recipients,ou={site},o=ORG\nobjectClass: organizationalPerson\nuid: all\nrdn: {n}\n\n"
        for n, site in enumerate(sites)
    )
    Path("people.ldif").write_text(people, encoding="utf-8", newline="\n")

    done = command.run("plan", "people.ldif", "--rules", "exchange55")

    assert (
        '\nBy site: s8 2 to change, s9 2 to change, "North Bay" 1 to change, \\x1b[0m 1 to change, s1 1 to change, '
        "s2 1 to change, s3 1 to change, s4 1 to change, 3 more.\n"
        "By kind: people 13 to change.\n"
        "By code: A001 duplicate 13 to change.\n"
        "Plan: 13 to rename, "
    ) in done.out


def test_no_tally_of_nothing(command: ModuleType, folder: Path) -> None:
    Path("people.ldif").write_text("dn: cn=A,dc=example\nobjectClass: account\nuid: a\n", encoding="utf-8")

    assert "\nBy " not in command.run("plan", "people.ldif").out


def _next(out: str) -> list[str]:
    """The words of the last command that the output names."""
    return shlex.split(out[out.rindex("aliasfix ") :])[1:]


OPTIONS = [
    (*SITES, "--prefer", "site", "--site-code", "SITE1=s1", "--site-code", "SITE2=s2"),
    (*SITES, "--label", "site1.csv=my forest", "--label", "site2.csv=it's", "--rules", "exchange55"),
    (*SITES, "--keep", "lists/keep names.txt", "--protect", "lists/$HOME.txt", "--change-only", "SITE2"),
    (*SITES, "--reserved", "lists/keep names.txt", "--allow", "lists/keep names.txt", "--encoding", "cp1252"),
    ("lists/relative.csv", "--organization", "ORG", "--site", "relative.csv=SITE 9"),
    ("-odd.ldif", "--rules", "openldap"),
]


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_the_next_commands_can_be_pasted(options: tuple[str, ...], command: ModuleType, folder: Path) -> None:
    Path("lists").mkdir()
    Path("lists/keep names.txt").write_text("cn=user,cn=Recipients,ou=SITE2,o=ORG\n", encoding="utf-8")
    Path("lists/$HOME.txt").write_text("cn=info,cn=Recipients,ou=SITE1,o=ORG\n", encoding="utf-8")
    Path("lists/relative.csv").write_text("Obj-Class,Alias Name,Directory Name\nMailbox,a,a\nMailbox,A,b\n", "utf-8")
    Path("-odd.ldif").write_text("dn: cn=A\nuid: a\n\ndn: cn=B\nuid: A\n", encoding="utf-8")
    asked = ("--", *options) if options[0].startswith("-") else options
    first = command.run("plan", *asked[-2:], *asked[:-2]) if asked[0] == "--" else command.run("plan", *asked)

    second = command.run(*_next(first.out))
    third = command.run(*_next(second.out))

    assert "" == "".join(line for done in (first, second, third) for line in done.err.splitlines() if "error" in line)
    assert first.out[: first.out.index("\nNext: ")] == second.out[: second.out.index("\nNext: ")]
    wrote = [line.removeprefix("Wrote ") for line in third.out.splitlines() if line.startswith("Wrote ")]
    assert [name for name in wrote if name.endswith(".rollback.ldif")]
    assert sorted(wrote) == sorted(path.name for path in Path().glob("changes.*"))


@pytest.mark.parametrize(("earlier", "later"), [("first.csv", "plan.csv"), ("plan.csv", "again.csv")])
def test_decisions_are_carried_into_the_next_command(
    command: ModuleType, folder: Path, earlier: str, later: str
) -> None:
    command.run("plan", *SITES, "-o", earlier)

    done = command.run("plan", *SITES, "--decisions", earlier)

    assert done.out.endswith(f"\nNext: aliasfix plan site1.csv site2.csv --decisions {earlier} -o {later}\n")


def test_labels_are_shown(command: ModuleType, folder: Path) -> None:
    done = command.run("plan", *SITES, "--label", "site1.csv=east", "--label", "site2.csv=west")

    assert "            cn=tberg,cn=Recipients,ou=SITE2,o=ORG  (person, SITE2, label west)\n" in done.out
    assert "Left: undecided: uid tberg of cn=tberg,cn=Recipients,ou=SITE2,o=ORG in west\n" in done.out
