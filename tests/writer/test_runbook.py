from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aliasfix import ruleset
from aliasfix.directory import Source
from aliasfix.importer.mentions import Mention, Mentions
from aliasfix.writer import change_files, report_files
from aliasfix.writer.runbook import code

OPENLDAP = ruleset.load("openldap")
EXCHANGE55 = ruleset.load("exchange55")
MICROSOFT365 = ruleset.load("microsoft365")


def book(plan: Any, rules: ruleset.Ruleset, directory: Any, found: Mentions | None = None) -> dict[str, list[str]]:
    """The run book's lines by heading."""
    made = change_files(plan, rules, directory)
    text = report_files(plan, rules, directory, made, found or Mentions())["changes.runbook.md"].decode("ascii")
    sections = re.split(r"^#+ (.*)\n", text, flags=re.MULTILINE)[1:]
    return {
        title: [line for line in lines.split("\n") if line]
        for title, lines in zip(sections[::2], sections[1::2], strict=True)
    }


def test_each_label_has_its_steps_and_the_last_goes_back_first(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(label="east", new="e"), row(label="west", new="w"), row(decision="reject", dn="cn=`x`,o=ORG")]
    found = book(plan_of(rows), OPENLDAP, directory_of(rows))

    assert [
        "Run book for `changes`", "Before",
        "Apply `changes.east.ldif` for `east`", "Apply `changes.west.ldif` for `west`",
        "After", "What is left", "Going back",
    ] == list(found)  # fmt: skip
    steps = found["Apply `changes.east.ldif` for `east`"]
    assert "Apply `changes.east.ldif`: `ldapmodify -H ldap://SERVER -D BINDDN -W -f changes.east.ldif`." in steps[1]
    assert "- `user` becomes `e` of `cn=user,cn=Recipients,ou=SITE2,o=ORG`" == steps[-1]
    assert ["- rejected: `uid` `user` of ``cn=`x`,o=ORG``"] == found["What is left"]
    undo = [line for line in found["Going back"] if "rollback" in line]
    assert ["west", "east"] == [line.split("`")[1] for line in undo]
    assert (
        "- mail that has come into mailboxes of the new names, where these are keyed by the name" in found["Going back"]
    )


def test_stores_and_mentions_are_steps_where_there_are_some(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row()]
    one = Mention("user", "u2", "mail", "user@x", "cn=u", "e.ldif", 1)
    without = book(plan_of(rows), EXCHANGE55, directory_of(rows))
    with_both = book(plan_of(rows), OPENLDAP, directory_of(rows), Mentions((one,), 1, (("mail", 1),)))

    assert "- [ ] Mentions to look at (`changes.mentions.csv`), each by a person: `mail` 1." in with_both["After"]
    assert any(line.startswith("- [ ] Stores to move (`changes.stores.csv`): mailbox") for line in with_both["After"])
    assert not any("Mentions" in line or "Stores" in line for line in without["After"])
    assert "- [ ] Move the stores back." in with_both["Going back"]
    assert "- [ ] Move the stores back." not in without["Going back"]
    assert "- [ ] `changes.import.rollback.csv` goes back." in without["Or import"]


def test_what_ldap_does_not_reach_is_done_by_hand(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(), row(dn="user@x.example", source="users.csv", new="u3")]
    sources = [Source("export.ldif"), Source("users.csv", has_dn=False)]
    found = book(plan_of(rows), MICROSOFT365, directory_of(rows, sources=sources))

    assert ["- `user` becomes `u3` of `user@x.example`"] == found["By hand"][1:]
    assert ["- `user` becomes `user-site2` of `cn=user,cn=Recipients,ou=SITE2,o=ORG`"] == [
        line for line in found["Apply `changes.ldif`"] if "becomes" in line
    ]


def test_without_changes_there_is_no_run_book(plan_of: Any, row: Any, directory_of: Any) -> None:
    plan = plan_of([row(decision="reject")])
    directory = directory_of(plan.rows)
    assert {} == report_files(plan, OPENLDAP, directory, change_files(plan, OPENLDAP, directory), Mentions())


@given(st.text())
def test_no_name_ends_its_code_span(name: str) -> None:
    span = code(name)

    assert span.isascii()
    assert span.isprintable()
    fence = re.match("`+", span)
    assert fence is not None
    inner = span[len(fence[0]) : -len(fence[0])]
    assert span == fence[0] + inner + fence[0]
    assert fence[0] not in re.findall("`+", inner)  # CommonMark 6.1: a run of the same length ends the span
    assert not inner.startswith("`")
    assert not inner.endswith("`")
    assert inner
