from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliasfix import ruleset
from aliasfix.directory import Source
from aliasfix.ldap import changes, dn
from aliasfix.writer import change_files
from aliasfix.writer.stems import stems

if TYPE_CHECKING:
    from pathlib import Path

OPENLDAP = ruleset.load("openldap")
EXCHANGE = ruleset.load("exchange").model_copy(update={"cmdlets": ()})
EXCHANGE55 = ruleset.load("exchange55")
MICROSOFT365 = ruleset.load("microsoft365").model_copy(update={"cmdlets": ()})

NO_DN = "the export names its entries by something else than their DN, so LDAP can't find them"
CHARACTERS = st.characters(exclude_categories=["Cs"])
VALUES = st.one_of(
    st.text(CHARACTERS, min_size=1),
    st.text(st.sampled_from(" :<#-a\u00fc\x00\t\r\n\x7f"), min_size=1),
    st.text("abc", min_size=60, max_size=200),
)
DNS = st.lists(st.tuples(st.tuples(st.sampled_from(["cn", "ou"]), VALUES)), min_size=1, max_size=3).map(
    lambda rdns: dn.unparse(tuple(rdns))
)


def head_and_records(content: bytes) -> tuple[list[str], str]:
    """The comment lines, and what follows them."""
    text = content.decode("ascii").replace("\r\n", "\n")
    head, records = text.split("\n\n", 1)
    return head.split("\n"), records


def test_a_change_deletes_the_old_value_by_name_and_adds_the_new_one(plan_of: Any, row: Any, directory_of: Any) -> None:
    kept = row(role="keep", decision="", new="", dn="cn=user,cn=Recipients,ou=SITE1,o=ORG")
    plan = plan_of([kept, row()])
    made = change_files(plan, EXCHANGE, directory_of(plan.rows))
    head, records = head_and_records(made.files["changes.ldif"])

    assert [
        "# LDIF change file of aliasfix: 1 change in 1 entry.",
        "# Each record deletes the old value by name and adds the new one:",
        "# a directory that has moved on since the export refuses it.",
        "#",
        "# Left: nothing.",
        "#",
        f"# Plan: {plan.hash()}",
        "# Ruleset: exchange",
        "# Undo: changes.rollback.ldif",
        "# Apply: ldifde -i -f changes.ldif -s DC -t 389   (a domain controller of",
        "#   the domain, not the global catalog)",
        "#",
        "# What is proved is proved of the exports that were read:",
        "# of nothing that they left out, and of nothing that has changed since.",
        "# The tool decides what becomes of the records behind a refused one:",
        "# ldapmodify stops there unless told -c, ldbmodify takes all of them back.",
    ] == head
    assert (
        "dn: cn=user,cn=Recipients,ou=SITE2,o=ORG\n"
        "changetype: modify\n"
        "delete: uid\n"
        "uid: user\n"
        "-\n"
        "add: uid\n"
        "uid: user-site2\n"
        "-\n"
        "\n"
    ) == records
    assert () == made.said
    assert ["changes.ldif", "changes.rollback.ldif", "changes.map.csv"] == list(made.files)


def test_the_rollback_is_the_inverse_and_says_what_it_can_not_do(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [
        row(dn="cn=b,o=ORG", new="b2"),
        row(dn="cn=a,o=ORG", new="a2"),
        row(dn="cn=a,o=ORG", attribute="mailNickname", old="x", new="y"),
    ]
    plan = plan_of(rows)
    head, records = head_and_records(change_files(plan, EXCHANGE, directory_of(rows), "out").files["out.rollback.ldif"])

    assert [
        "# LDIF rollback of aliasfix: undoes out.ldif, 3 changes in 2 entries.",
        "# It restores every exported value, and it brings the clash back.",
        "# A server that enforces uniqueness (OpenLDAP slapo-unique, 389-ds attribute",
        "#   uniqueness) will refuse it.",
        "# It cannot undo what others did with the new names meanwhile (address",
        "#   policies, synchronisation).",
        "#",
        f"# Plan: {plan.hash()}",
        "# Ruleset: exchange",
        "# Apply: ldifde -i -f out.rollback.ldif -s DC -t 389   (a domain controller",
        "#   of the domain, not the global catalog)",
    ] == head
    assert (
        "dn: cn=b,o=ORG\nchangetype: modify\ndelete: uid\nuid: b2\n-\nadd: uid\nuid: user\n-\n\n"
        "dn: cn=a,o=ORG\nchangetype: modify\n"
        "delete: mailNickname\nmailNickname: y\n-\nadd: mailNickname\nmailNickname: x\n-\n"
        "delete: uid\nuid: a2\n-\nadd: uid\nuid: user\n-\n\n"
    ) == records


def test_records_stand_in_the_order_of_their_dns_whatever_the_order_of_the_rows(
    plan_of: Any, row: Any, directory_of: Any
) -> None:
    rows = [row(dn=f"cn={name},O=org") for name in ("B", "c", "A")]
    forth = change_files(plan_of(rows), EXCHANGE, directory_of(rows)).files["changes.ldif"]

    assert ["cn=A,O=org", "cn=B,O=org", "cn=c,O=org"] == [change.dn for change in changes.parse(forth)]


def test_each_label_has_its_own_change_file_and_rollback(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(label="west", new="w", source="w.ldif"), row(label="Ost\u007f", new="e", source="o.ldif")]
    sources = [Source("o.ldif", label="Ost\u007f"), Source("w.ldif", label="west")]
    left = row(label="west", role="blocked", decision="", source="w.ldif")
    made = change_files(plan_of([*rows, left]), OPENLDAP, directory_of(rows, sources=sources)).files

    assert [
        "changes.ost.ldif", "changes.ost.rollback.ldif", "changes.west.ldif", "changes.west.rollback.ldif",
        "changes.map.csv", "changes.stores.csv", "changes.notices.csv",
    ] == list(made)  # fmt: skip
    for name, label, old, new in (
        ("changes.ost", "Ost\u007f", b"user", b"e"),
        ("changes.ost.rollback", "Ost\u007f", b"e", b"user"),
        ("changes.west", "west", b"user", b"w"),
        ("changes.west.rollback", "west", b"w", b"user"),
    ):
        (change,) = changes.parse(made[f"{name}.ldif"])
        assert (label, old, new) == (change.label, change.swaps[0].old, change.swaps[0].new)
    head, _ = head_and_records(made["changes.ost.ldif"])
    assert ['# Label: "Ost\\u007f"', "# LDIF change file of aliasfix: 1 change in 1 entry."] == head[:2]
    assert "# Undo: changes.ost.rollback.ldif" in head
    assert "# Also to be done (changes.stores.csv): mailbox: a mail server that keys" in head
    assert "#   blocked: uid user of cn=user,cn=Recipients,ou=SITE2,o=ORG in west" in head
    head, _ = head_and_records(made["changes.west.rollback.ldif"])
    assert ['# Label: "west"', "# LDIF rollback of aliasfix: undoes changes.west.ldif, 1 change in 1 entry."] == head[
        :2
    ]


def test_the_tables_of_several_labels_say_which(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(label="west", new="w"), row(label="east", new="e")]
    made = change_files(plan_of(rows), OPENLDAP, directory_of(rows)).files

    header, *lines = made["changes.map.csv"].decode().splitlines()
    assert header.endswith('"source","line","label"')
    assert ['"west"', '"east"'] == [line.rpartition(",")[2] for line in lines]
    header, *lines = made["changes.stores.csv"].decode().splitlines()
    assert header.endswith('"homeDirectory","label"')
    assert ['"west"', '"east"'] == [line.rpartition(",")[2] for line in lines]


def test_one_label_is_named_in_the_head_alone(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(label="east", new="e")]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows, sources=[Source("export.ldif", "east")])).files

    assert ["changes.ldif", "changes.rollback.ldif", "changes.map.csv"] == list(made)
    assert made["changes.ldif"].startswith(b'# Label: "east"\r\n')
    assert b"label" not in made["changes.map.csv"]


def test_where_ldap_reaches_one_label_only_the_other_has_no_file(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(label="east", source="e.csv"), row(label="west", source="w.ldif")]
    sources = [Source("e.csv", "east", has_dn=False), Source("w.ldif", "west")]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows, sources=sources))

    assert ["changes.west.ldif", "changes.west.rollback.ldif", "changes.map.csv"] == list(made.files)
    assert (f"There is no changes.east.ldif: {NO_DN}.",) == made.said


def test_what_is_left_heads_the_file(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [
        row(role="keep", decision="", new=""),
        row(dn="cn=a,o=ORG", new="a"),
        row(dn="cn=b,o=ORG", decision="reject"),
        row(dn="cn=c,o=ORG", group="alias:twin", old="twin", role="decide", decision="", new=""),
        row(dn="cn=d,o=ORG", group="alias:twin", old="twin", role="decide", decision="", new=""),
        row(dn="cn=e\n\ndn: cn=evil\u00fc,o=ORG", code="A102", group="fault", old="e\re", role="blocked", decision=""),
        row(dn="cn=g,o=ORG", code="A201", attribute="memberUid", role="decide", decision="", new=""),
        row(dn="cn=h,o=ORG", code="A201", attribute="memberUid", role="decide", decision="accept", new=""),
        row(dn="cn=" + "x" * 5000, role="rename", decision="", new="z", group="alias:z"),
    ]
    head, _ = head_and_records(change_files(plan_of(rows), EXCHANGE, directory_of(rows)).files["changes.ldif"])

    assert [
        "# Left: 2 clashes still there, 4 undecided, 1 blocked, 1 rejected.",
        "#   rejected: uid user of cn=b,o=ORG",
        "#   undecided: uid twin of cn=c,o=ORG",
        "#   undecided: uid twin of cn=d,o=ORG",
        "#   blocked: uid e\\re of cn=e\\n\\ndn: cn=evil\\xfc,o=ORG",
        "#   undecided: memberUid user of cn=g,o=ORG",
        "#   undecided: uid user of cn=" + "x" * 43 + "...",
        "#",
    ] == head[4:12]


def test_of_many_that_are_left_twenty_are_named(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(), *(row(dn=f"cn={n},o=ORG", role="blocked", decision="", new="") for n in range(23))]
    head, _ = head_and_records(change_files(plan_of(rows), EXCHANGE, directory_of(rows)).files["changes.ldif"])

    assert ["# Left: 1 clash still there, 23 blocked.", "#   and 3 more, see the plan"] == [head[4], head[25]]


def test_where_nothing_is_accepted_nothing_is_made(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(decision="reject")]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows))

    assert ({}, ("No row is accepted: there is nothing to write.",)) == (made.files, made.said)


def test_an_export_without_dns_gives_the_map_alone(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(dn="user@site2.org.com")]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows, sources=[Source("export.ldif", has_dn=False)]))

    assert ["changes.map.csv"] == list(made.files)
    assert (f"There is no changes.ldif: {NO_DN}.",) == made.said


def test_entries_in_no_directory_give_the_map_alone(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(dn="CN=a,OU=t.onmicrosoft.com,DC=EURPR01A001,DC=prod,DC=outlook,DC=com")]
    made = change_files(plan_of(rows), MICROSOFT365, directory_of(rows))

    assert ["changes.map.csv"] == list(made.files)
    assert ("There is no changes.ldif: Exchange Online has no directory that takes LDIF.",) == made.said


def test_of_a_mixture_the_ldif_holds_what_ldap_can_reach_and_says_what_not(
    plan_of: Any, row: Any, directory_of: Any
) -> None:
    sources = [Source("export.ldif"), Source("users.csv", has_dn=False)]
    online = [row(dn=f"CN={n},DC=PROD,DC=OUTLOOK,DC=COM", new=f"n{n}") for n in "abcd"]
    rows = [row(new="there"), *online, row(dn="cn=g\u00fcid,o=x", source="users.csv")]
    made = change_files(plan_of(rows), MICROSOFT365, directory_of(rows, sources=sources))
    head, _ = head_and_records(made.files["changes.ldif"])

    three = "; ".join(row.dn for row in online[:3])
    assert (
        f"changes.ldif leaves out 4 ({three}; 1 more): Exchange Online has no directory that takes LDIF.",
        f"changes.ldif leaves out 1 (cn=g\\xfcid,o=x): {NO_DN}.",
    ) == made.said
    assert "# changes.ldif leaves out 4 (CN=a,DC=PROD,DC=OUTLOOK,DC=COM;" in head
    assert [b"there"] == [s.new for c in changes.parse(made.files["changes.ldif"]) for s in c.swaps]
    assert 1 + len(rows) == made.files["changes.map.csv"].count(b"\r\n")


def test_the_map_is_a_table_for_people(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(new="=x"), row(dn='cn="a"', mail="", line=7)]
    content = change_files(plan_of(rows), EXCHANGE, directory_of(rows)).files["changes.map.csv"]

    assert (
        "\ufeff"
        '"dn","attribute","old","new","kind","site","mail","source","line"\r\n'
        '"cn=user,cn=Recipients,ou=SITE2,o=ORG","uid","user","\'=x","person","SITE2","user@site2.org.com",'
        '"export.ldif","12"\r\n'
        '"cn=""a""","uid","user","user-site2","person","SITE2","","export.ldif","7"\r\n'
    ) == content.decode()


def test_stores_that_must_be_moved_are_listed_with_what_the_mover_needs(
    plan_of: Any, row: Any, directory_of: Any
) -> None:
    rows = [row(dn="cn=a,o=ORG"), row(dn="cn=b,o=ORG", old="-b"), row(dn="cn=c,o=ORG", attribute="mail", new="m")]
    values = [("cn=a,o=ORG", "homeDirectory", "/home/u1"), ("cn=a,o=ORG", "homeDirectory", "/mail/u2")]
    made = change_files(plan_of(rows), OPENLDAP, directory_of(rows, values))
    head, _ = head_and_records(made.files["changes.ldif"])

    assert (
        '\ufeff"store","old","new","dn","homeDirectory"\r\n'
        '"mailbox","user","user-site2","cn=a,o=ORG","/home/u1;/mail/u2"\r\n'
        '"mailbox","\'-b","user-site2","cn=b,o=ORG",""\r\n'
    ) == made.files["changes.stores.csv"].decode()
    assert "# Also to be done (changes.stores.csv): mailbox: a mail server that keys" in head


def test_no_store_is_listed_where_none_is_touched(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(attribute="mail")]
    assert "changes.stores.csv" not in change_files(plan_of(rows), OPENLDAP, directory_of(rows)).files


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_ldif_says_exactly_the_accepted_rows(
    plan_of: Any, row: Any, directory_of: Any, data: st.DataObject
) -> None:
    columns = st.fixed_dictionaries(
        {"dn": DNS, "label": st.sampled_from(["", "a"]), "old": VALUES, "new": VALUES, "group": VALUES}
    )
    rows = [row(**given_columns) for given_columns in data.draw(st.lists(columns, min_size=1, max_size=5))]
    left = [row(**c, role="blocked", decision="") for c in data.draw(st.lists(columns, max_size=3))]
    plan = plan_of([*rows, *left])
    stem = data.draw(st.sampled_from(["changes", "a\n\ndn: cn=evil", "\u00fc" * 80]))
    made = change_files(plan, EXCHANGE, directory_of(plan.rows), stem)
    names = stems(stem, {r.label for r in rows})
    assert {f"{name}{ending}.ldif" for name in names.values() for ending in ("", ".rollback")} == {
        name for name in made.files if name.endswith(".ldif")
    }
    for label, name in names.items():
        own = [r for r in rows if r.label == label]
        forth = changes.parse(made.files[f"{name}.ldif"])
        back = changes.parse(made.files[f"{name}.rollback.ldif"])
        assert sorted((dn.key(r.dn), r.attribute, r.old.encode(), r.new.encode()) for r in own) == sorted(
            (dn.key(c.dn), s.attribute, s.old, s.new) for c in forth for s in c.swaps
        )
        assert [(c.dn, c.swaps) for c in map(changes.invert, reversed(forth))] == [(c.dn, c.swaps) for c in back]
        assert sorted({dn.key(r.dn) for r in own}) == [dn.key(c.dn) for c in forth]
        for content in (made.files[f"{name}.ldif"], made.files[f"{name}.rollback.ldif"]):
            _safe(content)


def _safe(content: bytes) -> None:
    head, records = head_and_records(content)
    assert all(line.startswith("#") and len(line) <= 76 and line.isprintable() for line in head)
    assert records.startswith("dn:")
    assert content.isascii()
    assert content.count(b"\r") == content.count(b"\r\n") == content.count(b"\n")
    assert not {*b"\t\x00\x7f"} & {*content}
    assert all(not line.endswith(b" ") for line in records.encode().split(b"\n") if b": " in line)
    assert all(len(line) <= 76 for line in records.split("\n"))


def ldapmodify() -> str:
    """OpenLDAP's client, whose ``-n`` reads a change file without a server."""
    program = shutil.which("ldapmodify")
    if program is None:
        (pytest.fail if os.environ.get("ALIASFIX_NO_SKIP") == "1" else pytest.skip)("ldapmodify is not installed")
    return str(program)


def test_ldapmodify_reads_every_record(plan_of: Any, row: Any, directory_of: Any, tmp_path: Path) -> None:
    names = [
        "plain",
        "M\u00fcller",
        " lead",
        "trail ",
        ":colon",
        "<less",
        "#hash",
        "-",
        "\n1",
        "x" * 300,
        "3\x00",
        "2\t",
    ]
    rows = [row(dn=dn.unparse(((("cn", name),),)), old=name, new=f"new {name}") for name in names]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows))

    for name in ("changes.ldif", "changes.rollback.ldif"):
        path = tmp_path / name
        path.write_bytes(made.files[name])
        dry_run = subprocess.run(
            [ldapmodify(), "-n", "-v", "-f", path],
            capture_output=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        assert (0, len(names)) == (dry_run.returncode, dry_run.stdout.count(b"!modifying entry")), dry_run.stderr
