from __future__ import annotations

import codecs
import contextlib
import csv as csv_module
import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliasfix.errors import InputError, Where
from aliasfix.plan import COLUMNS, EDITABLE, fingerprint
from aliasfix.review import csv

if TYPE_CHECKING:
    from pathlib import Path

    from aliasfix.plan import Decision, Plan, Row

HEADER = "role,decision,code,group,dn,label,kind,site,attribute,old,new,reason,rung,tried,mail,source,line,fingerprint"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TRICKY = st.one_of(
    TEXTS,
    st.builds(str.__add__, st.sampled_from("=+-@\t\r'\n\"\uff1d\uff0b\uff0d\uff20 ;,"), TEXTS),
    st.sampled_from(["", "'", "''", "'=", "007", "1e5", " x ", "a\r\nb", '"', '""', "\x00", "\ufeff", "sep=;"]),
)


def spoken(row: Row) -> tuple[str, str, str, dict[str, str]]:
    """What a plan file that nobody touched says of a row."""
    texts = row.texts()
    return row.decision, row.new, fingerprint(texts), {c: texts[c] for c in COLUMNS if c not in EDITABLE}


def said(decision: Decision) -> tuple[str, str, str, dict[str, str]]:
    return decision.decision, decision.new, decision.fingerprint, dict(decision.recorded)


def saved(content: bytes, delimiter: str, encoding: str) -> bytes:
    """The table as a spreadsheet program saves it: quotes only where they must be."""
    out = io.StringIO(newline="")
    rows = csv_module.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    csv_module.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def test_a_row_is_one_quoted_line_after_the_header(plan_of: Any, row: Any) -> None:
    given_row = row(dn="cn=Smith\\, Jane,o=ORG", tried='"smith": taken')
    header, line, end = csv.write(plan_of([given_row])).split(b"\r\n")

    assert codecs.BOM_UTF8 + ",".join(f'"{c}"' for c in HEADER.split(",")).encode() == header
    assert (
        '"rename","accept","A001","alias:user","cn=Smith\\, Jane,o=ORG","","person","SITE2","uid","user","user-site2",'
        '"user stays with cn=user,cn=Recipients,ou=SITE1,o=ORG","{alias}{joiner}{site}","""smith"": taken",'
        f'"user@site2.org.com","export.ldif","12","{fingerprint(given_row.texts())}"'
    ).encode() == line
    assert b"" == end


@pytest.mark.parametrize("start", [*"=+-@\t\r'\uff1d\uff0b\uff0d\uff20"])
def test_no_cell_starts_a_formula(plan_of: Any, row: Any, start: str) -> None:
    content = csv.write(plan_of([row(old=start + "cmd|' /C calc'!A0")])).decode("utf-8-sig")
    _, line = csv_module.reader(io.StringIO(content, newline=""))

    assert f"'{start}cmd|' /C calc'!A0" == line[HEADER.split(",").index("old")]


@given(data=st.data())
def test_what_is_written_is_read_back_exactly(
    plan_of: Any, row: Any, tmp_path_factory: Any, data: st.DataObject
) -> None:
    texts = st.fixed_dictionaries({c: TRICKY for c in COLUMNS if c not in ("role", "decision", "line")})
    rows = [row(**columns) for columns in data.draw(st.lists(texts, max_size=4))]
    path = tmp_path_factory.getbasetemp() / "identity.csv"
    path.write_bytes(csv.write(plan_of(rows)))

    assert [spoken(r) for r in rows] == [said(d) for d in csv.read(path)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_a_spreadsheet_program_saves_is_read(plan: Plan, tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(saved(csv.write(plan), delimiter, encoding))

    assert [spoken(r) for r in plan.rows] == [said(d) for d in csv.read(path)]


def test_a_decision_knows_the_line_it_starts_at(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(csv.write(plan.with_rows(reversed(plan.rows))))

    assert [Where(str(path), line) for line in (2, 4, 5, 6, 7)] == [d.where for d in csv.read(path)]


@pytest.mark.parametrize(
    ("written", "read"),
    [("accept", "accept"), ("REJECT", "reject"), (" Edit ", "edit"), ("\u00a0", ""), ("", "")],
)
def test_a_decision_may_be_written_in_any_case(plan_of: Any, row: Any, tmp_path: Path, written: str, read: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(csv.write(plan_of([row(decision=written)])))

    assert [read] == [d.decision for d in csv.read(path)]


def test_columns_may_be_moved_and_added_and_lines_left_empty(plan_of: Any, row: Any, tmp_path: Path) -> None:
    given_row = row(new="u2")
    names = ["My notes", *reversed(HEADER.split(","))]
    cells = {**given_row.texts(), "fingerprint": fingerprint(given_row.texts()), "My notes": "ask Jane"}
    path = tmp_path / "plan.csv"
    path.write_text("\n".join([";".join(names), ";" * 18, ";".join(cells[n] for n in names), ""]), encoding="utf-8")

    assert [spoken(given_row)] == [said(d) for d in csv.read(path)]


CASES: dict[str, tuple[bytes, str, int, str]] = {
    "empty": (b"", 'the plan has no column "role"', 1, "take the plan file as it was written"),
    "renamed column": (
        HEADER.replace("decision", "Decison").encode(),
        'the plan has no column "decision"',
        1,
        'rename the column "decison" back to "decision"',
    ),
    "column twice": ((HEADER + ",new").encode(), 'the column "new" is there twice', 1, ""),
    "unknown decision": (
        f"{HEADER}\nrename,yes,A001,g,cn=u,,person,,uid,user,u2,,,,,,1,f\n".encode(),
        'the decision on uid "user" of cn=u is "yes"',
        2,
        'write "accept", "reject", "edit", or leave it empty',
    ),
    "too many cells": (f"{HEADER}\n{',' * 17}x,y".encode(), "the row has 19 cells, the header 18", 2, ""),
    "code page": (
        f"{HEADER}\nrename,,,,cn=M\u00fcller".encode("cp1252"),
        "the plan is not UTF-8 text",
        2,
        'save it as "CSV UTF-8 (comma delimited)" (Excel) or as text CSV with character set UTF-8 (LibreOffice)',
    ),
    "open quote": (
        f'{HEADER}\n"rename'.encode(),
        "the row is no CSV: unexpected end of data",
        2,
        'save it as "CSV UTF-8 (comma delimited)" (Excel) or as text CSV with character set UTF-8 (LibreOffice)',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_no_plan_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    content, sentence, line, hint = CASES[case]
    path = tmp_path / "plan.csv"
    path.write_bytes(content)

    with pytest.raises(InputError) as refused:
        csv.read(path)
    assert (sentence, Where(str(path), line), hint) == (refused.value.sentence, refused.value.where, refused.value.hint)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        csv.read(tmp_path / "plan.csv")
    assert f"{tmp_path / 'plan.csv'}: the plan can't be read: No such file or directory" == str(refused.value)


def test_a_cell_may_be_longer_than_the_csv_module_lets_it(plan_of: Any, row: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(csv.write(plan_of([row(dn="cn=" + "x" * 200_000)])))
    limit = csv_module.field_size_limit()

    assert [200_003] == [len(d.recorded["dn"]) for d in csv.read(path)]
    assert limit == csv_module.field_size_limit()


@settings(max_examples=200)
@given(content=st.one_of(st.binary(), TEXTS.map(str.encode), TEXTS.map(lambda t: f"{HEADER}\n{t}".encode())))
def test_any_other_content_is_read_or_refused(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile.csv"
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        csv.read(path)
