from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix.engine import Finding, Findings, waive
from aliasfix.engine.waivers import Waiver
from aliasfix.errors import InputError, UsageError, Where
from aliasfix.review import read_waivers, write_findings

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code,label,dn,attribute,value,reason,owner\n"
ROW = "A001,east,cn=a,uid,anna,wanted,Ben\n"


def _finding(value: str = "anna", code: str = "A001", dn: str = "cn=a", label: str = "east") -> Finding:
    return Finding(code, "duplicate", "error", "x.ldif", 3, dn, label, "uid", value, "also held by cn=b", "alias:anna")


def _waiver(value: str = "anna", **other: str) -> Waiver:
    told = {"code": "A001", "label": "east", "dn": "cn=a", "attribute": "uid", **other}
    return Waiver(**told, value=value, reason="wanted", owner="Ben", where=Where("w.csv", 2))


@pytest.fixture(name="path")
def path_of_a_file(tmp_path: Path) -> Path:
    return tmp_path / "waivers.csv"


@pytest.mark.parametrize(
    ("waiver", "fits"),
    [
        (_waiver(), True),
        (_waiver(dn="CN = A", attribute="UID"), True),
        (_waiver("Anna"), False),
        (_waiver("anna "), False),
        (_waiver(code="A101"), False),
        (_waiver(label=""), False),
        (_waiver(dn="cn=b"), False),
        (_waiver(attribute="mail"), False),
    ],
)
def test_a_waiver_fits_one_finding(waiver: Waiver, fits: bool) -> None:  # noqa: FBT001 - a column of the table above
    found = waive(Findings((_finding(),)), [waiver])

    assert (Findings(() if fits else (_finding(),)), () if fits else (waiver,)) == (found.new, found.idle)
    assert (((_finding(), waiver),) if fits else ()) == found.waived


def test_the_first_of_two_equal_waivers_counts_and_none_is_idle() -> None:
    first, second = _waiver(), _waiver(dn="CN=A")
    assert (((_finding(), first),), ()) == (
        waive(Findings((_finding(),)), [first, second]).waived,
        waive(Findings((_finding(),)), [first, second]).idle,
    )


def test_what_is_written_and_filled_in_waives_what_it_was_written_of(path: Path) -> None:
    odd = ("=anna", "'a", 'a"b', "a\r\nb", "a\u2028", " a", "", "\u00fc;,\t")
    found = Findings(tuple(_finding(value, dn=f"cn={n},o=x\\2cy") for n, value in enumerate(odd)))
    written = write_findings(waive(found, ()), ".csv").decode("utf-8-sig")
    path.write_bytes(written.replace('"","","x.ldif"', '"wanted","Ben","x.ldif"').encode("utf-16"))

    again = waive(found, read_waivers(path))

    assert (Findings(()), (), [("wanted", "Ben")] * len(odd)) == (
        again.new,
        again.idle,
        [(waiver.reason, waiver.owner) for _, waiver in again.waived],
    )


def test_a_finding_that_is_waived_is_written_with_its_waiver() -> None:
    found = waive(Findings((_finding(), _finding("bob"))), [_waiver()])
    lines = write_findings(found, ".csv").decode("utf-8-sig").split("\r\n")
    assert ['"wanted","Ben"', '"",""'] == [",".join(line.split(",")[-4:-2]) for line in lines[1:3]]


def test_columns_may_be_moved_and_added_and_the_label_left_out(path: Path) -> None:
    path.write_bytes(b"owner;Value;attribute;dn;code;mine;reason\n\n Ben ;anna;uid;cn=a; A001 ;x; wanted \n;;uid;;;;\n")
    assert (_waiver(label=""),) == tuple(
        Waiver(w.code, w.label, w.dn, w.attribute, w.value, w.reason, w.owner, Where("w.csv", 2))
        for w in read_waivers(path)
    )


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, 'the list of waivers has no column "code"'),
        ("code,dn,attribute,value,reason\n", 1, 'the list of waivers has no column "owner"'),
        (HEADER.replace("label", "dn") + ROW, 1, 'the column "dn" is there twice'),
        (HEADER + "\n" + ROW.replace("wanted", " "), 3, "the waiver has an owner and no reason"),
        (HEADER + ROW.replace("Ben", ""), 2, "the waiver has a reason and no owner"),
        (HEADER + ROW.replace("A001", "A01"), 2, 'there is no finding "A01"'),
        (HEADER + ROW.replace("cn=a", "anna"), 2, "the DN can't be read: 'anna' is not attribute=value"),
        (HEADER + ROW + ROW.replace("\n", ",x\n"), 3, "the row has 8 cells, the header 7"),
        (HEADER + ROW + 'A001,"east', 3, "the row is no CSV: unexpected end of data"),
    ],
)
def test_a_damaged_list_is_refused_with_its_line(path: Path, text: str, line: int, sentence: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")

    with pytest.raises(InputError) as caught:
        read_waivers(path)

    assert f"{path}:{line}: {sentence}" == str(caught.value)


def test_a_list_in_a_code_page_is_refused(path: Path) -> None:
    path.write_bytes((HEADER + ROW.replace("Ben", "Jörg")).encode("cp1252"))

    with pytest.raises(InputError) as caught:
        read_waivers(path)

    assert f"{path}:2: the list of waivers is not UTF-8 text" == str(caught.value)


def test_findings_are_written_as_csv_alone() -> None:
    with pytest.raises(UsageError) as caught:
        write_findings(waive(Findings(()), ()), ".json")

    assert "findings are written as CSV" == str(caught.value)
