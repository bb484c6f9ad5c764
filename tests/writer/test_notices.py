from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from aliasfix import ruleset
from aliasfix.writer import change_files, notices

EXCHANGE55 = ruleset.load("exchange55")
EXCHANGE = ruleset.load("exchange")
LETTERS = Path(__file__).parents[2] / "samples" / "letters"


def told(files: Any) -> list[dict[str, str]]:
    text = files["changes.notices.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_person_is_told_every_form_of_the_old_and_the_new_name(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [
        row(dn="cn=b,ou=S,o=O", old="jo", new="jo2"),
        row(dn="cn=c,ou=S,o=O", kind="contact"),
        row(attribute="mail"),
    ]
    values = [
        ("cn=b,ou=S,o=O", "Primary-Windows-NT-Account", "DOM\\jo"),
        ("cn=b,ou=S,o=O", "Home-Server", "SRV"),
        ("cn=b,ou=S,o=O", "givenName", "Jo"),
    ]
    made = change_files(plan_of(rows), EXCHANGE55, directory_of(rows, values))

    assert [
        {
            "mail": "user@site2.org.com", "kind": "person", "site": "SITE2",
            "given": "Jo", "surname": "", "server": "SRV",
            "old": "jo", "new": "jo2", "old_logon": "jo", "new_logon": "jo2",
            "old_logon_with_account": "DOM\\jo\\jo", "new_logon_with_account": "DOM\\jo\\jo2",
            "note": "NTLM logon stops; use DOM\\jo\\jo2", "dn": "cn=b,ou=S,o=O", "label": "",
        }
    ] == told(made.files)  # fmt: skip


def test_a_form_without_its_field_is_empty(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row()]
    (one,) = told(change_files(plan_of(rows), EXCHANGE55, directory_of(rows)).files)

    assert ("user", "user-site2", "", "", "") == (
        one["old_logon"], one["new_logon"], one["old_logon_with_account"], one["new_logon_with_account"], one["note"],
    )  # fmt: skip


def test_nobody_is_told_where_the_alias_is_no_logon_name(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(attribute="mailNickname")]
    assert "changes.notices.csv" not in change_files(plan_of(rows), EXCHANGE, directory_of(rows)).files


@pytest.mark.parametrize("letter", sorted(path.stem for path in LETTERS.glob("*.txt")))
def test_every_field_of_a_letter_is_a_column(letter: str) -> None:
    text = (LETTERS / f"{letter}.txt").read_text(encoding="utf-8")
    fields = set(re.findall(r"\{\{(\w+)\}\}", text))

    assert text.count("{{") == text.count("}}") == len(re.findall(r"\{\{\w+\}\}", text))
    assert {"mail", "new_logon"} <= fields <= set(notices.columns(ruleset.load(letter)))
