from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix import ruleset
from aliasfix.writer import change_files

EXCHANGE55 = ruleset.load("exchange55")
IN_SITE = "cn=Recipients,ou=SITE2,o=ORG"
HEADER = "Obj-Class,Mode,Alias Name,Directory Name,Home-Server,Obj-Container\r\n"


def test_the_import_file_modifies_what_is_there_and_its_rollback_undoes_it(
    plan_of: Any, row: Any, directory_of: Any
) -> None:
    rows = [
        row(dn="cn=u1,cn=Recipients,ou=SITE2,o=ORG", new="user-site2"),
        row(dn="cn=M\u00fcller\\, Jo,cn=Sub,cn=Recipients,ou=SITE2,o=ORG", kind="contact", old="m", new="m2"),
        row(dn="cn=all,cn=Recipients,ou=SITE2,o=ORG", kind="group", old="all", new="all2"),
        row(dn=f"cn=room,{IN_SITE}", kind="shared", old="room", new="room2"),
    ]
    values = [("cn=u1,cn=Recipients,ou=SITE2,o=ORG", "Home-Server", "SERVER2")]
    made = change_files(plan_of(rows), EXCHANGE55, directory_of(rows, values))

    assert (
        HEADER + "Mailbox,Modify,user-site2,u1,SERVER2,/o=ORG/ou=SITE2/cn=Recipients\r\n"
        'Remote,Modify,m2,"M\u00fcller, Jo",,/o=ORG/ou=SITE2/cn=Recipients/cn=Sub\r\n'
        "dl,Modify,all2,all,,/o=ORG/ou=SITE2/cn=Recipients\r\n"
        "Mailbox,Modify,room2,room,,/o=ORG/ou=SITE2/cn=Recipients\r\n"
    ).encode("cp1252") == made.files["changes.import.csv"]
    assert (
        HEADER + "Mailbox,Modify,room,room,,/o=ORG/ou=SITE2/cn=Recipients\r\n"
        "dl,Modify,all,all,,/o=ORG/ou=SITE2/cn=Recipients\r\n"
        'Remote,Modify,m,"M\u00fcller, Jo",,/o=ORG/ou=SITE2/cn=Recipients/cn=Sub\r\n'
        "Mailbox,Modify,user,u1,SERVER2,/o=ORG/ou=SITE2/cn=Recipients\r\n"
    ).encode("cp1252") == made.files["changes.import.rollback.csv"]
    assert () == made.said


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"kind": "public-folder"}, "a public folder can't be imported"),
        ({"kind": "system"}, "a system can't be imported"),
        ({"attribute": "mail"}, "the import changes nothing but the alias"),
        ({"dn": "cn=u+uid=u,cn=Recipients,ou=SITE2,o=ORG"}, "the DN is no place in an Exchange 5.5 site"),
        ({"dn": "cn=u,cn=Recipients"}, "the DN is no place in an Exchange 5.5 site"),
        ({"dn": "cn=u"}, "the DN is no place in an Exchange 5.5 site"),
        ({"dn": f"cn=\u03a9,{IN_SITE}"}, "the import file's code page (cp1252) can't spell it"),
        ({"old": "\u0141uk"}, "the import file's code page (cp1252) can't spell it"),
        *(
            (columns, "the Administrator takes a blank, ~DEL or a control character for something else")
            for columns in (
                {"dn": f"cn=~DEL,{IN_SITE}"},
                {"old": "~del<x>"},
                {"old": " "},
                {"old": ""},
                {"new": "a\nb"},
                {"dn": f"cn=a\\0Db,{IN_SITE}"},
            )
        ),
    ],
)
def test_a_row_that_can_not_be_imported_is_in_neither_file_and_told(
    plan_of: Any, row: Any, directory_of: Any, columns: dict[str, str], reason: str
) -> None:
    out = row(**{"dn": f"cn=out,{IN_SITE}", **columns})
    rows = [row(), out]
    made = change_files(plan_of(rows), EXCHANGE55, directory_of(rows))

    assert [2, 2] == [made.files[f"changes.import{end}"].count(b"\r\n") for end in (".csv", ".rollback.csv")]
    assert [
        f"changes.import.csv leaves out 1 ({ascii(out.dn)[1:-1].replace(2 * chr(92), chr(92))}): {reason}."
    ] == list(made.said)


def test_no_import_file_is_made_where_it_would_be_empty(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(kind="public-folder")]
    made = change_files(plan_of(rows), EXCHANGE55, directory_of(rows))

    assert ["changes.ldif", "changes.rollback.ldif", "changes.map.csv"] == list(made.files)


CELLS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), min_size=1).filter(
    lambda text: text.strip() and not text.strip().lower().startswith("~del")
)


@given(old=CELLS, new=CELLS, server=CELLS)
def test_a_row_that_is_imported_keeps_its_words(
    plan_of: Any, row: Any, directory_of: Any, old: str, new: str, server: str
) -> None:
    rows = [row(old=old, new=new)]
    files = change_files(plan_of(rows), EXCHANGE55, directory_of(rows, [(rows[0].dn, "Home-Server", server)])).files
    place = ["user", server, "/o=ORG/ou=SITE2/cn=Recipients"]

    for end, alias in ((".csv", new), (".rollback.csv", old)):
        text = files[f"changes.import{end}"].decode("cp1252")
        assert ["Mailbox", "Modify", alias, *place] == list(csv.reader(io.StringIO(text, newline="")))[1]
