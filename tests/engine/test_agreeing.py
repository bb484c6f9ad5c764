"""What several reviewers say of one row: one word of all of theirs, or a disagreement that names both files."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.engine.agreeing import agreed
from aliasfix.errors import AliasfixError, InputError, StalePlanError, Where
from aliasfix.plan import COLUMNS, DECISIONS, EDITABLE, Decided, Decision, Decisions, Plan, Role, Row, fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

DN = "cn=Anna,ou=west,dc=example"
AT = ("", "cn=anna,ou=west,dc=example", "uid", "anna")
Word = tuple[str, str]


def _row(role: Role = "rename", decision: Decided = "accept", new: str = "anna2", dn: str = DN) -> Row:
    return Row(
        role=role, decision=decision, code="A001", group="alias:anna", dn=dn, label="", kind="person", site="west",
        attribute="uid", old="anna", new=new, reason="", rung="", tried="", mail="", source="x.ldif", line=3,
    )  # fmt: skip


def _plan(*rows: Row) -> Plan:
    return Plan(rows, "openldap", "", (), len(rows))


def _decision(row: Row, word: Word, file: str, line: int = 2) -> Decision:
    texts = row.texts()
    recorded = {c: texts[c] for c in COLUMNS if c not in EDITABLE}
    return Decision(*word, fingerprint(texts), recorded, Where(file, line))


def _told(row: Row, *words: Word) -> Word | str:
    """What the reviewers agree on, whatever the order of their files; or the sentence of their disagreement."""
    files = [_decision(row, word, f"{name}.csv") for name, word in zip("abc", words, strict=False)]
    found: list[Word | str] = []
    for order in permutations(files):
        try:
            word = agreed(Decisions(("plans",), order), _plan(row))[AT]
        except InputError as e:
            found.append(e.sentence if order == tuple(files) else "")
        else:
            found.append((word.decision, word.new))
    assert isinstance(found[0], str) or [found[0]] * len(found) == found
    assert isinstance(found[0], tuple) or not any(isinstance(each, tuple) for each in found)
    return found[0]


RENAME = _row()
QUESTION = _row("decide", "", "anna2")
REFERENCE = _row("decide", "", "")
KEEP = _row("keep", "", "")
LATER = _row("repair", "", "anna2")  # as --only renames leaves a repair
HEAD = f'the plan files disagree: uid "anna" of {DN}: '

AGREED: list[tuple[str, Row, list[Word], Word]] = [
    ("both accept", RENAME, [("accept", "anna2"), ("accept", "anna2")], ("accept", "anna2")),
    ("both reject", RENAME, [("reject", "anna2"), ("reject", "anna2")], ("reject", "anna2")),
    ("both edit alike", RENAME, [("edit", "zed"), ("edit", "zed")], ("edit", "zed")),
    ("both leave it open", RENAME, [("", "anna2"), ("", "anna2")], ("", "anna2")),
    ("one answers the question", QUESTION, [("", "anna2"), ("accept", "anna2")], ("accept", "anna2")),
    ("one answers the question with a name", QUESTION, [("", "anna2"), ("edit", "zed")], ("edit", "zed")),
    ("one of three says no", QUESTION, [("", "anna2"), ("reject", "anna2"), ("", "anna2")], ("reject", "anna2")),
    ("one cleared a name that was proposed", QUESTION, [("", ""), ("accept", "anna2")], ("accept", "anna2")),
    ("nobody answers", QUESTION, [("", "anna2"), ("", "anna2")], ("", "anna2")),
    ("one answers for a reference", REFERENCE, [("accept", ""), ("", "")], ("accept", "")),
    ("one renames the keeper", KEEP, [("", ""), ("edit", "zed")], ("edit", "zed")),
    ("one accepts what was not to be done yet", LATER, [("", "anna2"), ("accept", "anna2")], ("accept", "anna2")),
]  # fmt: skip


@pytest.mark.parametrize(("row", "words", "word"), [a[1:] for a in AGREED], ids=[a[0] for a in AGREED])
def test_what_reviewers_agree_on(row: Row, words: list[Word], word: Word) -> None:
    assert word == _told(row, *words)


DISPUTED: list[tuple[str, Row, list[Word], str]] = [
    ("accept and reject", RENAME, [("accept", "anna2"), ("reject", "anna2")],
     'a.csv:2 says accept "anna2", b.csv:2 says reject'),
    ("two names", RENAME, [("edit", "zed"), ("edit", "zoe")], 'a.csv:2 says edit "zed", b.csv:2 says edit "zoe"'),
    ("accept and another name", RENAME, [("accept", "anna2"), ("edit", "zoe")],
     'a.csv:2 says accept "anna2", b.csv:2 says edit "zoe"'),
    # The plan accepts a rename: somebody emptied the cell, and not to be renamed is a word too.
    ("accept and undecided", RENAME, [("accept", "anna2"), ("", "anna2")],
     'a.csv:2 says accept "anna2", b.csv:2 leaves it open'),
    ("two answers", QUESTION, [("", "anna2"), ("reject", "anna2"), ("accept", "anna2")],
     'b.csv:2 says reject, c.csv:2 says accept "anna2"'),
    ("an answer and a name without a decision", QUESTION, [("accept", "anna2"), ("", "zed")],
     'a.csv:2 says accept "anna2", b.csv:2 has "zed" without a decision'),
]  # fmt: skip


@pytest.mark.parametrize(("row", "words", "sentence"), [d[1:] for d in DISPUTED], ids=[d[0] for d in DISPUTED])
def test_what_they_do_not_agree_on_names_both_files(row: Row, words: list[Word], sentence: str) -> None:
    assert HEAD + sentence == _told(row, *words)


def test_how_a_disagreement_is_mended() -> None:
    files = (_decision(RENAME, ("accept", "anna2"), "a.csv"), _decision(RENAME, ("reject", "anna2"), "b.csv"))

    with pytest.raises(InputError) as refused:
        agreed(Decisions(("a.csv", "b.csv"), files), _plan(RENAME))
    assert (
        "agree on one decision and write it into both files, or take the row out of one of them",
        2,
    ) == (refused.value.hint, refused.value.exit_code)


def test_an_edit_that_repeats_the_proposal_accepts_it() -> None:
    assert ("accept", "anna2") == _told(RENAME, ("accept", "anna2"), ("accept", "anna2"))
    files = (_decision(RENAME, ("accept", "anna2"), "a.csv"), _decision(RENAME, ("edit", "anna2"), "b.csv"))

    assert "accept" == agreed(Decisions(("a", "b"), files), _plan(RENAME))[AT].decision


def test_each_file_has_its_own_rows() -> None:
    rows = (RENAME, _row(dn="cn=Bob,dc=example"))
    files = [_decision(row, ("accept", "anna2"), f"{name}.csv") for name, row in zip("ab", rows, strict=True)]

    assert ["a.csv", "b.csv"] == [d.where.path for d in agreed(Decisions(("a",), tuple(files)), _plan(*rows)).values()]


def test_of_two_plans_the_fresh_one_is_heard() -> None:
    """The earlier has the row in another role: what was asked there is not what is asked now."""
    earlier = _decision(QUESTION, ("accept", "anna2"), "a.csv")
    fresh = _decision(RENAME, ("accept", "anna2"), "b.csv")

    assert fresh is agreed(Decisions(("a", "b"), (earlier, fresh)), _plan(RENAME))[AT]


def test_rows_of_no_plan_are_compared_too() -> None:
    with pytest.raises(InputError, match=r"^the plan files disagree: "):
        agreed(Decisions(("a",), tuple(_decision(RENAME, (w, "anna2"), w) for w in ("accept", "reject"))), _plan())


def test_a_cell_that_was_altered_is_named_as_spreadsheets_do() -> None:
    found = _decision(RENAME, ("accept", "anna2"), "plan.xlsx", 12)
    found = replace(
        found, where=Where("plan.xlsx", 12, "Review"), letters={"mail": "H", "dn": "F", "decision": "B"},
        recorded={**found.recorded, "dn": "cn=Bob"},
    )  # fmt: skip

    with pytest.raises(StalePlanError) as refused:
        agreed(Decisions(("plan.xlsx",), (found,)), _plan(RENAME))
    assert 'plan.xlsx, sheet Review, cell F12: the column "dn" was changed to "cn=Bob"' == str(refused.value)
    with pytest.raises(StalePlanError) as unknown:
        agreed(Decisions(("plan.xlsx",), (found,)), _plan())
    assert "plan.xlsx, sheet Review, row 12: a column that is no one's to change was changed" == str(unknown.value)


def test_further_rows_that_were_altered_are_counted() -> None:
    found = _decision(RENAME, ("accept", "anna2"), "plan.csv")
    altered = replace(found, recorded={**found.recorded, "mail": "x"})

    def told(count: int) -> str:
        with pytest.raises(StalePlanError) as refused:
            agreed(Decisions(("plan.csv",), (altered,) * count), _plan(RENAME))
        return str(refused.value)

    assert [
        'plan.csv:2: the column "mail" was changed to "x"',
        'plan.csv:2: the column "mail" was changed to "x", and 1 more row was altered',
        'plan.csv:2: the column "mail" was changed to "x", and 2 more rows were altered',
    ] == [told(count) for count in (1, 2, 3)]


WORDS = st.tuples(st.sampled_from(DECISIONS), st.sampled_from(["", "anna2", "zed"]))


@given(st.sampled_from(get_args(Role)), st.sampled_from(["", "accept"]), st.lists(WORDS, min_size=1, max_size=4))
def test_no_word_is_lost(role: Role, start: Decided, words: Sequence[Word]) -> None:
    """Where reviewers agree, each of them has said what is done, or nothing where the plan says nothing either."""
    row = _row(role, start)
    files = tuple(_decision(row, word, f"{n}.csv") for n, word in enumerate(words))
    try:
        done = agreed(Decisions(("plans",), files), _plan(row))[AT]
    except AliasfixError:
        assert len(set(words)) > 1
        return
    meant = {"accept" if word == "edit" else word for word, _ in words}
    assert meant <= {"accept" if done.decision == "edit" else done.decision, *([""] if start == "" else [])}
    assert done.decision == "reject" or {new for word, new in words if word in ("accept", "edit")} <= {done.new}
