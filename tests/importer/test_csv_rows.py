from __future__ import annotations

import csv
import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.importer.csv_rows import BadRow, Form, Row, rows

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4).filter(lambda r: any(c.strip() for c in r)), max_size=6)
DIALECTS = [
    (d, e, q) for d in ",;\t|" for e, q in (("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL))
]


def written(table: list[list[str]], delimiter: str, end: str, quoting: int) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    return out.getvalue()


@given(TABLES, st.sampled_from(DIALECTS))
def test_what_csv_writer_writes_reads_back_equal(table: list[list[str]], dialect: tuple[str, str, int]) -> None:
    delimiter, end, quoting = dialect

    found = list(rows(written(table, delimiter, end, quoting), Form(delimiter, strip=False)))

    assert [tuple(r) for r in table] == [r.cells for r in found if isinstance(r, Row)]
    assert len(table) == len(found)


@given(TABLES, st.sampled_from(DIALECTS))
def test_the_line_of_a_row_is_where_it_starts(table: list[list[str]], dialect: tuple[str, str, int]) -> None:
    delimiter, end, quoting = dialect
    texts = [written([row], delimiter, end, quoting) for row in table]
    starts = itertools.accumulate((len(io.StringIO(t, newline="").readlines()) for t in texts), initial=1)

    found = list(rows("".join(texts), Form(delimiter, strip=False)))

    assert list(itertools.islice(starts, len(table))) == [r.line for r in found]


@given(st.text(st.sampled_from('a, ;"\r\n\\'), max_size=40), st.booleans())
def test_any_text_is_read_to_its_end(text: str, strip: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    lines = [r.line for r in rows(text, Form(",", strip=strip))]

    assert sorted(set(lines)) == lines


@pytest.mark.parametrize("text", ["NA,null", "007,1e5", "None,nan", "TRUE,0x1F", "1,5", "-,#N/A"])
def test_cells_stay_text(text: str) -> None:
    assert [Row(1, 1, tuple(text.split(",")))] == list(rows(text, Form(",", strip=True)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b"c\n', [Row(1, 1, ("a", 'b"c'))]),
        ("\n  \na,b\n,,,\n\nc,d", [Row(3, 3, ("a", "b")), Row(6, 6, ("c", "d"))]),
        ("a\rb\r", [Row(1, 1, ("a",)), Row(2, 2, ("b",))]),
        ('"a\r\nb",c\r\nd,e', [Row(1, 2, ("a\r\nb", "c")), Row(3, 3, ("d", "e"))]),
        ('a,"b\nc,d\ne,f', [BadRow(1, "the quotation mark that opens its field 2 is never closed"),
                            Row(2, 2, ("c", "d")), Row(3, 3, ("e", "f"))]),
        ('"a"b,c\nd,e', [BadRow(1, "text follows the closing quotation mark of its field 1"), Row(2, 2, ("d", "e"))]),
        ('a,"x\ny"z\nd,e', [BadRow(1, "text follows the closing quotation mark of its field 2"),
                            Row(2, 2, ('y"z',)), Row(3, 3, ("d", "e"))]),
        ('"",""\na', [Row(2, 2, ("a",))]),
    ],
)  # fmt: skip
def test_rows_and_faults(text: str, expected: list[Row | BadRow]) -> None:
    assert expected == list(rows(text, Form(",", strip=False)))


def test_spaces_around_cells_go_where_the_format_says_so_but_not_inside_quotation_marks() -> None:
    assert [Row(1, 1, ("a", "b", "c", " ", "d"))] == list(rows('a,  b, "c" ," ",d ', Form(",", strip=True)))


def test_a_long_field_is_read() -> None:
    members = "x%" * 1_000_000

    assert [Row(1, 1, ("a", members))] == list(rows(f'a,"{members}"\n', Form(",", strip=True)))
