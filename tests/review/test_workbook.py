from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from aliasfix.errors import InputError, UsageError, Where
from aliasfix.plan import COLUMNS, EDITABLE, fingerprint
from aliasfix.review import workbook
from aliasfix.review.columns import PLAN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aliasfix.plan import Decision, Plan, Row

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=30)
TRICKY = st.one_of(
    TEXTS,
    st.builds(str.__add__, st.sampled_from("=+-@\t\r'\n\"\uff1d\uff0b ;,<>&"), TEXTS),
    st.sampled_from(
        [
            "",
            "'",
            "''",
            "'=",
            "007",
            "1e5",
            " x ",
            "a\r\nb",
            '"',
            "\x00",
            "\ufeff",
            "http://x",
            "TRUE",
            "_x0041_",
            "1.5",
        ]
    ),
)


def spoken(row: Row) -> tuple[str, str, str, dict[str, str]]:
    texts = row.texts()
    return row.decision, row.new, fingerprint(texts), {c: texts[c] for c in COLUMNS if c not in EDITABLE}


def said(decision: Decision) -> tuple[str, str, str, dict[str, str]]:
    return decision.decision, decision.new, decision.fingerprint, dict(decision.recorded)


def made(rows: list[list[object]], sheet: str = workbook.SHEET) -> bytes:
    """A workbook as somebody else may hand it in."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def cells(row: Row, **others: object) -> list[object]:
    texts: Mapping[str, object] = {**row.texts(), "fingerprint": fingerprint(row.texts()), **others}
    return [texts[c] for c in PLAN_COLUMNS]


@settings(deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back_exactly(
    plan_of: Any, row: Any, tmp_path_factory: Any, data: st.DataObject
) -> None:
    texts = st.fixed_dictionaries({c: TRICKY for c in COLUMNS if c not in ("role", "decision", "line")})
    rows = [row(**columns) for columns in data.draw(st.lists(texts, max_size=4))]
    path = tmp_path_factory.getbasetemp() / "identity.xlsx"
    path.write_bytes(workbook.write(plan_of(rows)))

    assert [spoken(r) for r in rows] == [said(d) for d in workbook.read(path)]


def test_equal_plans_give_equal_bytes(plan: Plan) -> None:
    assert workbook.write(plan) == workbook.write(plan)
    assert b"2000-01-01T00:00:00Z" in zipfile.ZipFile(io.BytesIO(workbook.write(plan))).read("docProps/core.xml")


def test_no_cell_is_a_formula_a_number_or_a_link(plan_of: Any, row: Any) -> None:
    hostile = row(old="=1+1", new="+cmd|' /C calc'!A0", mail="http://evil.example", tried="@SUM(1)", site="1e5")
    book = zipfile.ZipFile(io.BytesIO(workbook.write(plan_of([hostile]))))
    sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]

    assert 3 == len(sheets)
    assert {"s"} == {kind for sheet in sheets for kind in re.findall(r'<c r="[A-Z]+[0-9]+"[^>]* t="(\w+)"', sheet)}
    assert [] == [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]
    assert [] == [name for name in book.namelist() if "external" in name.lower()]


def test_the_sheet_to_decide_in(plan: Plan) -> None:
    sheet = zipfile.ZipFile(io.BytesIO(workbook.write(plan))).read("xl/worksheets/sheet1.xml").decode()

    assert '<pane xSplit="4" ySplit="1"' in sheet
    assert '<autoFilter ref="A1:R6"/>' in sheet
    assert 'sqref="B2:B6"><formula1>"accept,reject,edit"</formula1>' in sheet
    assert "<sheetProtection " in sheet


def test_what_is_left_alone_has_a_sheet_of_its_own(plan: Plan, tmp_path: Path) -> None:
    import python_calamine  # noqa: PLC0415 - what the other sheets hold

    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook.write(plan))
    book = python_calamine.CalamineWorkbook.from_path(str(path))

    assert ["Review", "Summary", "Left alone"] == book.sheet_names
    expected = [[r.state, r.attribute, r.old, r.dn, r.label, r.reason, r.tried] for r in plan.left]
    assert expected == book.get_sheet_by_name("Left alone").to_python()[1:]
    summary = {str(line[0]): line[1] for line in book.get_sheet_by_name("Summary").to_python()}
    assert ("exchange55: its entries have rdn and uid", plan.hash(), "1") == (
        summary["Ruleset"], summary["Plan"], summary["blocked"],
    )  # fmt: skip


def test_cells_that_became_numbers_are_read_as_they_look(plan_of: Any, row: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(made([list(PLAN_COLUMNS), cells(row(new="x"), new=7, line=12), cells(row(old="b"), new=True)]))

    assert ["7", "TRUE"] == [d.new for d in workbook.read(path)]


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "no workbook": (b"", "the plan is no Excel workbook", "save it as an Excel workbook (.xlsx) without a password"),
    "no such sheet": (
        made([["role"]], "Sheet1"),
        'the workbook has no sheet "Review"',
        "the decisions are in the sheet of that name; there is Sheet1",
    ),
    "empty": (made([]), 'the plan has no column "role"', "take the plan file as it was written"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_plan_is_refused(tmp_path: Path, case: str) -> None:
    content, sentence, hint = REFUSED[case]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)

    with pytest.raises(InputError) as refused:
        workbook.read(path)
    assert (sentence, hint) == (refused.value.sentence, refused.value.hint)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        workbook.read(tmp_path / "plan.xlsx")
    assert f"{tmp_path / 'plan.xlsx'}: the plan can't be read: No such file or directory" == str(refused.value)


def test_an_unknown_decision_is_refused_with_its_row(row: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(made([list(PLAN_COLUMNS), cells(row()), cells(row(), decision="yes")]))

    with pytest.raises(InputError) as refused:
        workbook.read(path)
    assert f"{path}, sheet Review, cell B3" == str(refused.value.where)


def test_a_cell_is_called_as_spreadsheet_programs_do(row: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    before = [f"x{n}" for n in range(700)]
    path.write_bytes(made([[*before, *PLAN_COLUMNS], [*before, *cells(row())]]))

    (found,) = workbook.read(path)
    assert Where(str(path), 2, "Review") == found.where
    assert [f"{path}, sheet Review, {cell}" for cell in ("cell ZY2", "cell AAC2", "row 2")] == [
        str(found.place(column)) for column in ("role", "dn", "no such column")
    ]
    assert ("A", "Z", "AA") == tuple(found.letters[f"x{n}"] for n in (0, 25, 26))


def test_a_date_is_refused_with_its_cell(row: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(workbook.SHEET)
    page.write_row(0, 0, PLAN_COLUMNS)
    page.write_row(1, 0, cells(row()))
    page.write_datetime(1, 10, dt.datetime(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001 - as Excel has it
    book.close()
    path.write_bytes(out.getvalue())

    with pytest.raises(InputError) as refused:
        workbook.read(path)
    assert f"{path}, sheet Review, cell K2: a cell holds a date or time (2026-03-01)" == str(refused.value)


@pytest.mark.parametrize(
    ("old", "sentence"),
    [
        ("x" * 32_768, 'a cell takes 32767 characters, "old" of cn=u has 32768'),
        ("_x005F_x0041_", 'a workbook can\'t hold "old" of cn=u exactly'),
        ("\uffff", 'a workbook can\'t hold "old" of cn=u exactly'),
    ],
)
def test_what_a_workbook_would_change_is_refused(plan_of: Any, row: Any, old: str, sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        workbook.write(plan_of([row(dn="cn=u", old=old)]))
    assert (sentence, "write the plan as .csv") == (refused.value.sentence, refused.value.hint)


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200), at=st.integers(0, 3000))
def test_any_other_content_is_read_or_refused(tmp_path_factory: Any, content: bytes, at: int) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "hostile.xlsx"
    whole = made([list(PLAN_COLUMNS)])
    path.write_bytes(whole[:at] + content + whole[at + len(content) :])
    with contextlib.suppress(InputError):
        workbook.read(path)
