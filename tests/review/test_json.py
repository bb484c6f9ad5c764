from __future__ import annotations

import json as json_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.errors import InputError, Where
from aliasfix.plan import COLUMNS, EDITABLE, fingerprint
from aliasfix.review import json

if TYPE_CHECKING:
    from pathlib import Path

    from aliasfix.plan import Plan

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def test_a_document_says_where_the_plan_comes_from_and_what_is_in_it(plan: Plan) -> None:
    document = json_module.loads(json.write(plan))
    rows = document.pop("rows")

    assert [
        ("schema", "aliasfix.plan/1"),
        ("tool", "aliasfix"),
        ("ruleset", "exchange55"),
        ("why", "its entries have rdn and uid"),
        ("hash", plan.hash()),
        (
            "sources",
            [
                {
                    "path": "export.ldif",
                    "label": "east",
                    "sha256": "ab" * 32,
                    "format": "ldif",
                    "encoding": "utf-8",
                    "entries": 7,
                    "unreadable": 1,
                    "complete": False,
                }
            ],
        ),
        (
            "summary",
            {
                "entries": 7,
                "changes": 2,
                "left": 2,
                "roles": {"rename": 1, "keep": 1, "repair": 1, "decide": 1, "blocked": 1},
                "decisions": {"none": 3, "accept": 2, "reject": 0, "edit": 0},
            },
        ),
        ("notes", []),
    ] == list(document.items())
    assert [{**r.texts(), "line": r.line, "fingerprint": fingerprint(r.texts())} for r in plan.rows] == rows


def test_a_document_is_readable_text(plan_of: Any, row: Any) -> None:
    content = json.write(plan_of([row(old="M\u00fcller")]))

    assert b'\n   "old": "M\xc3\xbcller",\n' in content
    assert content.endswith(b"\n }\n]\n}\n".replace(b"\n }\n]", b"\n  }\n ]"))
    assert b"\r" not in content


@given(data=st.data())
def test_what_is_written_is_read_back_exactly(
    plan_of: Any, row: Any, tmp_path_factory: Any, data: st.DataObject
) -> None:
    texts = st.fixed_dictionaries({c: TEXTS for c in COLUMNS if c not in ("role", "decision", "line")})
    rows = [row(**columns) for columns in data.draw(st.lists(texts, max_size=4))]
    path = tmp_path_factory.getbasetemp() / "identity.json"
    path.write_bytes(json.write(plan_of(rows)))

    assert [
        (r.decision, r.new, fingerprint(r.texts()), {c: r.texts()[c] for c in COLUMNS if c not in EDITABLE})
        for r in rows
    ] == [(d.decision, d.new, d.fingerprint, dict(d.recorded)) for d in json.read(path)]


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_a_decision_knows_its_line(plan: Plan, tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json_module.dumps(json_module.loads(json.write(plan)), indent=indent), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [n for n, line in enumerate(lines, 1) if indent and line == " " * 2 * indent + "{"][-5:] or [1] * 5

    assert [Where(str(path), line) for line in starts] == [d.where for d in json.read(path)]


def _changed(plan: Plan, **cells: object) -> bytes:
    document = json.document(plan)
    rows: Any = document["rows"]
    rows[1] = {name: cell for name, cell in {**rows[1], **cells}.items() if cell is not None}
    return json_module.dumps(document, indent=1).encode()


@pytest.mark.parametrize(
    ("cells", "sentence", "hint"),
    [
        (
            {"decision": "maybe"},
            'the decision on uid "user" of cn=user,cn=Recipients,ou=SITE2,o=ORG is "maybe"',
            'write "accept", "reject", "edit", or leave it empty',
        ),
        (
            {"decision": None, "decisions": "accept"},
            'the plan has no column "decision"',
            'rename the column "decisions" back to "decision"',
        ),
        ({"new": 5}, '"new" of the row is no text', ""),
        ({"line": "12"}, '"line" of the row is no number', ""),
        ({"line": True}, '"line" of the row is no number', ""),
        ({"new": "a\ud800"}, '"new" of the row holds half a character (a lone surrogate)', ""),
    ],
)
def test_a_row_that_can_not_be_read_is_named(
    plan: Plan, tmp_path: Path, cells: dict[str, object], sentence: str, hint: str
) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(_changed(plan, **cells))
    second = [n for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if line == "  {"][2]

    with pytest.raises(InputError) as refused:
        json.read(path)
    assert (sentence, Where(str(path), second), hint) == (
        refused.value.sentence,
        refused.value.where,
        refused.value.hint,
    )


NO_PLAN = "the document's schema is not aliasfix.plan/1, or it has no rows"


@pytest.mark.parametrize(
    ("content", "sentence", "line"),
    [
        (b'{"schema":\n}', "the plan is no JSON: Expecting value", 2),
        (b"", "the plan is no JSON: Expecting value", 1),
        (b"[" * 100_000, "the plan is nested too deeply or holds too long a number", 0),
        (b"1" * 5_000, "the plan is nested too deeply or holds too long a number", 0),
        (b"[]", NO_PLAN, 0),
        (b'{"schema": "aliasfix.plan/2", "rows": []}', NO_PLAN, 0),
        (b'{"schema": "aliasfix.plan/1", "rows": {}}', NO_PLAN, 0),
        (b'{"schema": "aliasfix.plan/1", "rows": [\n[]]}', "a row of the plan is no object", 2),
        (b"\xff", "the plan is not UTF-8 text", 0),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, content: bytes, sentence: str, line: int) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)

    with pytest.raises(InputError) as refused:
        json.read(path)
    assert (sentence, Where(str(path), line)) == (refused.value.sentence, refused.value.where)


def test_rows_are_found_in_any_document_that_json_allows(plan: Plan, tmp_path: Path) -> None:
    row = json_module.dumps(json_module.loads(json.write(plan))["rows"][1])
    path = tmp_path / "plan.json"
    path.write_text(f'\ufeff {{ "a" : "rows", "rows" : [ {row} , {row} ] , "schema":"aliasfix.plan/1" }} ', "utf-8")

    assert ["accept", "accept"] == [d.decision for d in json.read(path)]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        json.read(tmp_path / "plan.json")
    assert f"{tmp_path / 'plan.json'}: the plan can't be read: No such file or directory" == str(refused.value)
