"""A person's word on each row: what it does, what is refused, and what a plan that has grown stale is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aliasfix.engine import carry_over, decide, propose
from aliasfix.errors import AliasfixError, InputError, StalePlanError, UnsafeError, Where
from aliasfix.ldap import dn
from aliasfix.plan import COLUMNS, EDITABLE, Decision, Decisions, Memory, Named, Plan, Row, Wishes, fingerprint
from aliasfix.proof import prove
from aliasfix.ruleset import Ruleset, load
from aliasfix.writer import change_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from aliasfix.directory import Directory
    from aliasfix.engine import Carried

Entry = dict[str, Any]


def _entry(name: str, **attributes: str | list[str]) -> Entry:
    values = {a: v if isinstance(v, list) else [v] for a, v in attributes.items()}
    return {"dn": name, "label": "", "attributes": values}


ANN = "cn=Ann,ou=people,ou=east,dc=example"
BOB = "cn=Bob,ou=people,ou=west,dc=example"
CID = "cn=Cid,ou=people,ou=west,dc=example"
DAN = "cn=Dan,ou=people,ou=west,dc=example"
EVE = "uid=eve,ou=people,ou=east,dc=example"
EVE2 = "uid=eve,ou=people,ou=west,dc=example"
FAY = "cn=Fay,ou=people,ou=west,dc=example"
TEAM = "cn=team,ou=groups,dc=example"

# Every role once: keep, rename, repair, decide, blocked; and a reference to a clash.
EVERY_ROLE = (
    _entry(ANN, uid="smith", createTimestamp="20010101000000Z"),
    _entry(BOB, uid="Smith", createTimestamp="20020101000000Z", mail="bob@example"),
    _entry(CID, uid="cid "),
    _entry("cn=Dan,ou=people,ou=east,dc=example", uid="dan", employeeNumber="7", createTimestamp="20010101000000Z"),
    _entry(DAN, uid="dan", employeeNumber="7", createTimestamp="20020101000000Z"),
    _entry(EVE, uid="eve"),
    _entry(EVE2, uid="eve"),
    _entry(FAY, uid="fay"),
    _entry(TEAM, objectClass="posixGroup", memberUid="smith"),
)
ROWS = {"keep": ANN, "rename": BOB, "repair": CID, "decide": DAN, "blocked": EVE2, "reference": TEAM}
IN_DN = "the name is part of the DN: a rename of the entry, not yet supported"


@dataclass(frozen=True)
class Case:
    """A fresh plan, and what it is made from."""

    directory: Directory
    ruleset: Ruleset
    memory: Memory = field(default_factory=Memory)
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def plan(self) -> Plan:
        return propose(self.directory, self.ruleset, self.memory, self.wishes)

    def rows(self) -> dict[str, Row]:
        return {row.dn: row for row in self.plan.rows}

    def decide(self, decisions: Sequence[Decision]) -> Plan:
        given = Decisions(("plan.csv",), tuple(decisions))
        return decide(self.plan, given, self.directory, self.ruleset, self.memory, self.wishes)

    def carry_over(self, decisions: Sequence[Decision]) -> Carried:
        given = Decisions(("plan.csv",), tuple(decisions))
        return carry_over(self.plan, given, self.directory, self.ruleset, self.memory, self.wishes)

    def place(self, name: str) -> str:
        """Where the plan file has the row of an entry."""
        return f"plan.csv:{2 + [row.dn for row in self.plan.rows].index(name)}"

    def refused(self, decisions: Sequence[Decision]) -> AliasfixError:
        with pytest.raises(AliasfixError) as caught:
            self.decide(decisions)
        return caught.value


def _decisions(plan: Plan, words: Mapping[str, tuple[str, str | None]] | None = None) -> list[Decision]:
    """The plan file as written, but for a word and a new name (None: as proposed) on the rows of some entries."""
    found = []
    for line, row in enumerate(plan.rows, 2):
        word, new = (words or {}).get(row.dn, (row.decision, None))
        texts = row.texts()
        recorded = {c: texts[c] for c in COLUMNS if c not in EDITABLE}
        given = row.new if new is None else new
        found.append(Decision(word, given, fingerprint(texts), recorded, Where("plan.csv", line)))
    return found


@pytest.fixture(name="case")
def case_of_entries(strategies: ModuleType) -> Callable[..., Case]:
    """``case(entries, ruleset, memory, wishes)``: every role of an OpenLDAP export where nothing is named."""

    def make(entries: Sequence[Entry] = EVERY_ROLE, ruleset: str = "openldap", **more: Any) -> Case:
        return Case(strategies.directory(tuple(entries)), load(ruleset), **more)

    return make


def test_the_plan_has_a_row_of_each_role(case: Callable[..., Case]) -> None:
    rows = case().rows()

    assert {
        "keep": ("keep", "", "smith", ""),
        "rename": ("rename", "accept", "Smith", "bob"),
        "repair": ("repair", "accept", "cid ", "cid"),
        "decide": ("decide", "", "dan", "dan2"),
        "blocked": ("blocked", "", "eve", ""),
        "reference": ("decide", "", "smith", ""),
    } == {role: _short(rows[name]) for role, name in ROWS.items()}


def _short(row: Row) -> tuple[str, str, str, str]:
    return (row.role, row.decision, row.old, row.new)


NEW_NAME = "it has a new name, but no accept or edit"
NO_REJECT = "it keeps its name, so there is nothing to reject: give it a new name, or leave it"
REFERENCE = "a reference is never rewritten here: accept it, or leave it"

# The row's role, the word and the new name (None: as proposed): role, decision and new name after it, or a refusal.
TRANSITIONS: list[tuple[str, str, str | None, tuple[str, str, str] | str]] = [
    ("keep", "", None, ("keep", "", "")),
    ("keep", "accept", None, ("keep", "", "")),
    ("keep", "reject", None, NO_REJECT),
    ("keep", "edit", None, "it says edit, but its new name is empty"),
    ("keep", "", "zed", NEW_NAME),
    ("keep", "accept", "zed", ("rename", "edit", "zed")),
    ("keep", "reject", "zed", NEW_NAME),
    ("keep", "edit", "zed", ("rename", "edit", "zed")),
    *(
        (role, word, new, after)
        for role, own in (("rename", "bob"), ("repair", "cid"), ("decide", "dan2"))
        for word, new, after in (
            ("", None, (role, "", own)),
            ("accept", None, (role, "accept", own)),
            ("reject", None, (role, "reject", own)),
            ("edit", None, (role, "accept", own)),
            ("", "zed", NEW_NAME),
            ("accept", "zed", (role, "edit", "zed")),
            ("reject", "zed", NEW_NAME),
            ("edit", "zed", (role, "edit", "zed")),
            ("", "", (role, "", own)),
            ("accept", "", "it says accept, but its new name is empty"),
            ("reject", "", (role, "reject", own)),
            ("edit", "", "it says edit, but its new name is empty"),
        )
    ),
    ("blocked", "", None, ("blocked", "", "")),
    ("blocked", "accept", None, f"the row is blocked: {IN_DN}"),
    ("blocked", "reject", None, ("blocked", "reject", "")),
    ("blocked", "edit", None, "it says edit, but its new name is empty"),
    ("blocked", "", "zed", NEW_NAME),
    ("blocked", "accept", "zed", IN_DN),
    ("blocked", "reject", "zed", NEW_NAME),
    ("blocked", "edit", "zed", IN_DN),
    ("reference", "", None, ("decide", "", "")),
    ("reference", "accept", None, ("decide", "accept", "")),
    ("reference", "reject", None, ("decide", "reject", "")),
    ("reference", "edit", None, REFERENCE),
    ("reference", "", "zed", REFERENCE),
    ("reference", "accept", "zed", REFERENCE),
    ("reference", "reject", "zed", REFERENCE),
    ("reference", "edit", "zed", REFERENCE),
]


@pytest.mark.parametrize(("role", "word", "new", "expected"), TRANSITIONS)
def test_each_word_on_each_role(
    case: Callable[..., Case], role: str, word: str, new: str | None, expected: tuple[str, str, str] | str
) -> None:
    made = case()
    row = made.rows()[ROWS[role]]
    decisions = _decisions(made.plan, {row.dn: (word, new)})

    if isinstance(expected, str):
        error = made.refused(decisions)
        assert f'{made.place(row.dn)}: {row.attribute} "{row.old}" of {row.dn}: {expected}' == str(error)
        assert isinstance(error, InputError)
    else:
        after = {r.dn: r for r in made.decide(decisions).rows}
        assert expected == (after[row.dn].role, after[row.dn].decision, after[row.dn].new)
        assert {d: r for d, r in made.rows().items() if d != row.dn} == {d: r for d, r in after.items() if d != row.dn}


def test_a_keeper_that_is_renamed_by_hand_says_so(case: Callable[..., Case]) -> None:
    made = case()
    after = made.decide(_decisions(made.plan, {ANN: ("edit", "zed"), BOB: ("reject", None)}))

    expected = replace(made.rows()[ANN], role="rename", decision="edit", new="zed", reason="renamed by hand")
    assert expected == after.rows[[r.dn for r in made.plan.rows].index(ANN)]
    assert [ANN, CID] == sorted(r.dn for r in after.accepted)
    assert [BOB, DAN, TEAM, EVE2] == sorted(r.dn for r in after.left)


def test_the_notes_are_those_of_the_new_name(case: Callable[..., Case]) -> None:
    """Who loses the name of the NT account must log on in another way (exchange55)."""
    first, second, third = (f"cn=user,cn=Recipients,ou=SITE{n},o=ORG" for n in (1, 2, 3))
    account = {"Primary-Windows-NT-Account": "DOM2\\user"}
    entries = (
        _entry(first, uid="user", **account | {"Primary-Windows-NT-Account": "DOM1\\user"}),
        _entry(second, uid="user", **account),
        _entry(third, uid="other"),
    )
    made = case(entries, "exchange55")
    why = f"{first} keeps the name: nothing tells them apart but the order of their DNs"
    assert f"{why}; NTLM logon stops; use DOM2\\user\\user-site2" == made.rows()[second].reason

    after = {r.dn: r.reason for r in made.decide(_decisions(made.plan, {second: ("edit", "zed")})).rows}
    assert f"{why}; NTLM logon stops; use DOM2\\user\\zed" == after[second]

    words = {first: ("edit", "zed"), second: ("reject", None)}
    carried = made.carry_over(_decisions(made.plan, words)).plan
    after = {r.dn: r.reason for r in made.decide(_decisions(carried)).rows}
    assert "renamed by hand; NTLM logon stops; use DOM1\\user\\zed" == after[first]


# An edited name is judged as a proposal is


@pytest.mark.parametrize(
    ("new", "memory", "why"),
    [
        ("fay", Memory(), "taken"),
        ("FAY", Memory(), "taken"),
        ("smith", Memory(), "taken"),
        ("Smith", Memory(), "it is the name it has"),
        ("cid", Memory(), "proposed to another"),
        ("zed", Memory(reserved=("Zed",)), "reserved"),
        ("zed", Memory(held=((dn.key(FAY), "ZED"),)), "held before by another"),
        ("zed ", Memory(), "it ends with white space"),
        (" ", Memory(), "it is blank"),
        ("\u00ad", Memory(), "it is blank"),
        ("z\ned", Memory(), "it holds a control character"),
        ("z\x00ed", Memory(), "it holds a control character"),
        ("z\ud800ed", Memory(), "it holds a control character"),
    ],
)
def test_an_edited_name_is_refused(case: Callable[..., Case], new: str, memory: Memory, why: str) -> None:
    made = case(memory=memory)

    error = made.refused(_decisions(made.plan, {BOB: ("edit", new)}))

    assert f'{made.place(BOB)}: uid "Smith" of {BOB}: "{new}" is refused: {why}' == str(error)
    assert "edit the new name, or reject the row" == error.hint
    assert isinstance(error, InputError)


@pytest.mark.parametrize(("new", "why"), [("u we", "space"), ('u"we', '"'), ("uwe ", "white space"), ("u" * 65, "65")])
def test_an_edited_name_may_not_break_a_rule_that_is_a_warning_on_exported_ones(
    case: Callable[..., Case], new: str, why: str
) -> None:
    first, second = (f"cn={name},cn=Recipients,ou=S,o=ORG" for name in ("a", "b"))
    made = case((_entry(first, uid="user"), _entry(second, uid="user")), "exchange55")

    said = str(made.refused(_decisions(made.plan, {second: ("edit", new)})))

    assert why in said.partition(f'"{new}" is refused: ')[2]


@pytest.mark.parametrize(
    ("new", "memory"),
    [
        ("dan2", Memory()),  # proposed to a row that nobody accepted
        ("zed", Memory(held=((dn.key(BOB), "zed"),))),  # his own of old
        ("Zed", Memory(reserved=("smith",))),
        ("züd", Memory()),
    ],
)
def test_an_edited_name_is_taken(case: Callable[..., Case], new: str, memory: Memory) -> None:
    made = case(memory=memory)

    after = made.decide(_decisions(made.plan, {BOB: ("edit", new)}))

    assert [(CID, "cid"), (BOB, new)] == [(r.dn, r.new) for r in after.accepted]


def test_a_name_that_the_plan_frees_is_not_handed_on(case: Callable[..., Case]) -> None:
    made = case()
    for words in ({BOB: ("edit", "cid"), CID: ("edit", "cid3")}, {BOB: ("edit", "smith"), ANN: ("edit", "zed")}):
        error = made.refused(_decisions(made.plan, words))

        assert f'{made.place(BOB)}: uid "Smith" of {BOB}: "{words[BOB][1]}" is refused: taken' == str(error)


def test_proposals_may_be_swapped(case: Callable[..., Case]) -> None:
    made = case()

    after = made.decide(_decisions(made.plan, {BOB: ("edit", "cid9"), CID: ("edit", "bob")}))

    assert [(CID, "bob"), (BOB, "cid9")] == [(r.dn, r.new) for r in after.accepted]


def test_every_refused_name_is_told_in_the_order_of_the_rows(case: Callable[..., Case]) -> None:
    made = case()

    error = made.refused(_decisions(made.plan, {BOB: ("edit", "zed"), CID: ("edit", "fay"), DAN: ("edit", "ZED")}))

    assert (
        f'{made.place(CID)}: uid "cid " of {CID}: "fay" is refused: taken; '
        f'uid "Smith" of {BOB}: "zed" is refused: proposed to another'
    ) == str(error)


def test_the_entrys_own_other_name_is_refused(case: Callable[..., Case]) -> None:
    both = _entry(BOB, uid=["Smith", "bobby"], createTimestamp="20020101000000Z")
    made = case((EVERY_ROLE[0], both))

    error = made.refused(_decisions(made.plan, {BOB: ("edit", "Bobby")}))

    assert f'{made.place(BOB)}: uid "Smith" of {BOB}: "Bobby" is refused: the entry has it already' == str(error)


def test_a_repair_may_keep_its_key(case: Callable[..., Case]) -> None:
    made = case()

    after = made.decide(_decisions(made.plan, {CID: ("edit", "CID")}))

    assert [(CID, "CID"), (BOB, "bob")] == [(r.dn, r.new) for r in after.accepted]


# What may not be changed, may not by hand either


@pytest.mark.parametrize(
    ("entries", "ruleset", "name", "kind", "why"),
    [
        (EVERY_ROLE, "openldap", EVE, InputError, IN_DN),
        (
            (_entry(ANN, uid=["smith", "SMITH"], uidNumber="1"), _entry(BOB, uid="smith", mail="bob@example")),
            "openldap",
            ANN,
            InputError,
            "the entry holds the name in two values: take one away by hand",
        ),
        (
            (_entry(ANN, mailNickname="smith", IsDirSynced="TRUE"), _entry(BOB, mailNickname="smith")),
            "exchange",
            ANN,
            InputError,
            "it is synchronised from another directory: change it there, on premises",
        ),
        (
            (
                _entry(ANN, mailNickname="smith", IsDirSynced="TRUE"),
                _entry(BOB, mailNickname="smith", IsDirSynced="TRUE"),
            ),
            "exchange",
            BOB,
            InputError,
            "it is synchronised from another directory: change it there, on premises",
        ),
        (
            (
                _entry(ANN, mailNickname="smith", msExchRecipientTypeDetails="8388608"),
                _entry(BOB, mailNickname="smith"),
            ),
            "exchange",
            ANN,
            InputError,
            "it is a system object",
        ),
        (
            (_entry(ANN, mailNickname="smith", adminCount="1"), _entry(BOB, mailNickname="smith")),
            "exchange",
            ANN,
            UnsafeError,
            "it is a protected administrator (adminCount 1): --allow must name it",
        ),
        (
            (_entry(ANN, mailNickname="smith", adminCount="1"), _entry(BOB, mailNickname="smith", adminCount="1")),
            "exchange",
            BOB,
            UnsafeError,
            "it is a protected administrator (adminCount 1): --allow must name it",
        ),
        (  # --allow would not help: it is synchronised as well
            (_entry(ANN, mailNickname="smith", adminCount="1", IsDirSynced="TRUE"), _entry(BOB, mailNickname="smith")),
            "exchange",
            ANN,
            InputError,
            "it is synchronised from another directory: change it there, on premises",
        ),
    ],
)
def test_an_entry_that_stays_is_not_renamed_by_hand(
    case: Callable[..., Case], entries: Sequence[Entry], ruleset: str, name: str, kind: type[AliasfixError], why: str
) -> None:
    made = case(entries, ruleset)
    row = made.rows()[name]

    error = made.refused(_decisions(made.plan, {name: ("edit", "zed")}))

    assert f'{made.place(name)}: {row.attribute} "{row.old}" of {name}: {why}' == str(error)
    assert kind is type(error)
    assert (
        "name it in a file of DNs, one a line, and give that with --allow" if kind is UnsafeError else ""
    ) == error.hint
    assert {InputError: 2, UnsafeError: 3}[kind] == error.exit_code


def _admins() -> tuple[Entry, ...]:
    return (_entry(ANN, mailNickname="smith", adminCount="1"), _entry(BOB, mailNickname="smith"))


def test_a_protected_entry_that_is_allowed_may_be_renamed(case: Callable[..., Case]) -> None:
    allow = Wishes(allow=(Named(ANN, Where("allow.txt", 1)),))
    made = case(_admins(), "exchange", wishes=allow)

    after = made.decide(_decisions(made.plan, {ANN: ("edit", "zed"), BOB: ("reject", None)}))

    assert [(ANN, "zed")] == [(r.dn, r.new) for r in after.accepted]


@pytest.mark.parametrize(
    ("wishes", "kind", "why"),
    [
        (
            Wishes(protect=(Named(ANN, Where("protect.txt", 1)),)),
            UnsafeError,
            "it is protected (--protect): --allow must name it",
        ),
        (Wishes(change_only=("west",)), InputError, "it is outside what --change-only names"),
    ],
)
def test_what_was_wished_holds_for_edits(
    case: Callable[..., Case], wishes: Wishes, kind: type[AliasfixError], why: str
) -> None:
    made = case(wishes=wishes)

    error = made.refused(_decisions(made.plan, {ANN: ("edit", "zed")}))

    assert (kind, f'{made.place(ANN)}: uid "smith" of {ANN}: {why}') == (type(error), str(error))


def test_a_name_that_was_not_found_may_be_given_by_hand(case: Callable[..., Case]) -> None:
    made = case()
    last = replace(made, ruleset=_with_ladders(made.ruleset, "{mail}"))
    assert ("blocked", "", "dan", "") == _short(last.rows()[DAN])

    after = last.decide(_decisions(last.plan, {DAN: ("edit", "zed")}))

    expected = replace(last.rows()[DAN], role="rename", decision="edit", new="zed", reason="renamed by hand", tried="")
    assert expected == next(r for r in after.rows if r.dn == DAN)


def _with_ladders(ruleset: Ruleset, template: str) -> Ruleset:
    ladders = {"other": (template,), "repair": (template,)}
    return Ruleset.model_validate({**ruleset.model_dump(by_alias=True), "ladders": ladders})


# A plan file that was altered


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in (*EDITABLE, "source", "line")])
def test_an_altered_cell_is_named(case: Callable[..., Case], column: str) -> None:
    made = case()
    decisions = _decisions(made.plan)
    decisions[1] = replace(decisions[1], recorded={**decisions[1].recorded, column: "altered"})

    error = made.refused(decisions)

    assert f'plan.csv:3: the column "{column}" was changed to "altered"' == str(error)
    assert 'only "decision" and "new" may be changed; take the plan file as it was written' == error.hint
    assert (StalePlanError, 4) == (type(error), error.exit_code)


def test_an_altered_fingerprint_is_told(case: Callable[..., Case]) -> None:
    made = case()
    decisions = _decisions(made.plan)
    decisions[1] = replace(decisions[1], fingerprint="0" * 16)

    assert 'plan.csv:3: the column "fingerprint" was changed to "0000000000000000"' == str(made.refused(decisions))


def test_an_altered_row_of_other_exports_is_told(case: Callable[..., Case]) -> None:
    """Nothing shows which cell it was."""
    made = case()
    decisions = _decisions(made.plan)
    decisions[1] = replace(decisions[1], recorded={**decisions[1].recorded, "dn": FAY, "mail": "x"})
    other = case((EVERY_ROLE[0], _entry(FAY, uid="Smith")))

    assert "plan.csv:3: a column that is no one's to change was changed" == str(other.refused(decisions))


def test_the_places_of_rows_do_not_count(case: Callable[..., Case]) -> None:
    made = case()
    decisions = [
        replace(d, recorded={**d.recorded, "source": "elsewhere.ldif", "line": "99"}) for d in _decisions(made.plan)
    ]

    assert made.plan == made.decide(decisions)


def test_a_row_that_stands_twice_is_refused(case: Callable[..., Case]) -> None:
    made = case()
    decisions = _decisions(made.plan)
    twice = next(replace(d, where=Where("plan.csv", 99)) for d in decisions if d.recorded["dn"] == BOB)

    error = made.refused([*decisions, twice])

    assert f'plan.csv:99: the row stands twice in the plan: uid "Smith" of {BOB}' == str(error)
    assert isinstance(error, StalePlanError)


def test_rows_may_be_sorted(case: Callable[..., Case]) -> None:
    made = case()
    decisions = _decisions(made.plan, {BOB: ("edit", "zed"), CID: ("reject", None)})

    assert made.decide(decisions) == made.decide(decisions[::-1])


def test_a_spelling_of_the_dn_is_the_same_row(case: Callable[..., Case]) -> None:
    """A later export of the same entry may spell it in capitals."""
    made = case()
    later = case([{**e, "dn": e["dn"].upper()} for e in EVERY_ROLE])

    after = later.decide(_decisions(made.plan, {BOB: ("edit", "zed")}))

    assert [(CID.upper(), "cid"), (BOB.upper(), "zed")] == [(r.dn, r.new) for r in after.accepted]


# A plan file that has grown stale


def _without(*names: str) -> list[Entry]:
    return [e for e in EVERY_ROLE if e["dn"] not in names]


def _with(*entries: Entry) -> list[Entry]:
    changed = {e["dn"]: e for e in entries}
    return [changed.pop(e["dn"], e) for e in EVERY_ROLE] + list(changed.values())


STALE: list[tuple[str, list[Entry], list[str]]] = [
    (
        "value changed",
        _with(_entry(BOB, uid="smith", createTimestamp="20020101000000Z", mail="bob@example")),
        [f'uid "Smith" of {BOB}: it is no longer in the plan', f'uid "smith" of {BOB}: no plan file has it'],
    ),
    (
        "entry gone",
        _without(CID),
        [f'uid "cid " of {CID}: it is no longer in the plan'],
    ),
    (
        "clash gone",
        _with(_entry(BOB, uid="bob")),
        [
            f'uid "smith" of {ANN}: it is no longer in the plan',
            f'uid "Smith" of {BOB}: it is no longer in the plan',
            f'memberUid "smith" of {TEAM}: it is no longer in the plan',
        ],
    ),
    (
        "another took the name",
        _with(_entry("cn=New,ou=people,ou=west,dc=example", uid="bob")),
        [f'uid "Smith" of {BOB}: "bob" was accepted, "smith2" is proposed now'],
    ),
    (
        "another keeps the name",
        _with(_entry(BOB, uid="Smith", createTimestamp="19990101000000Z", mail="bob@example")),
        [
            f'uid "smith" of {ANN}: was keep, is rename now',
            f'uid "Smith" of {BOB}: was rename, is keep now',
        ],
    ),
    (
        "the same person no more",
        _with(_entry(DAN, uid="dan", employeeNumber="8", createTimestamp="20020101000000Z")),
        [f'uid "dan" of {DAN}: was decide, is rename now'],
    ),
]


@pytest.mark.parametrize(("entries", "moved"), [s[1:] for s in STALE], ids=[s[0] for s in STALE])
def test_a_stale_plan_tells_what_moved(case: Callable[..., Case], entries: list[Entry], moved: list[str]) -> None:
    made, later = case(), case(entries)

    error = later.refused(_decisions(made.plan))

    count = "1 row" if len(moved) == 1 else f"{len(moved)} rows"
    assert f"the exports are not those of this plan, {count} moved: {'; '.join(moved)}" == str(error)
    assert 'plan again with "--decisions plan.csv": every decision that still fits is carried over' == error.hint
    assert (StalePlanError, 4) == (type(error), error.exit_code)
    assert tuple(moved) == later.carry_over(_decisions(made.plan)).moved


NEW = "cn=New,ou=people,ou=west,dc=example"
LACKING = [("fay", FAY), ("SMITH", NEW)]  # a new clash, and one more in a clash


@pytest.mark.parametrize(("uid", "holder"), LACKING)
def test_a_row_that_is_new_is_told(case: Callable[..., Case], uid: str, holder: str) -> None:
    made, later = case(), case(_with(_entry(NEW, uid=uid.upper(), createTimestamp="20240101000000Z")))

    error = later.refused(_decisions(made.plan))

    assert f'1 row of the plan is in no plan file: uid "{uid}" of {holder} (west)' == str(error)
    assert (
        "give every file that was handed out; if the exports have moved on, "
        'plan again with "--decisions plan.csv": every decision that still fits is carried over'
    ) == error.hint
    assert (StalePlanError, 4) == (type(error), error.exit_code)
    assert (f'uid "{uid}" of {holder}: no plan file has it',) == later.carry_over(_decisions(made.plan)).moved


def test_a_row_that_was_taken_out_of_the_plan_file_is_told(case: Callable[..., Case]) -> None:
    made = case()
    decisions = [d for d in _decisions(made.plan) if d.recorded["dn"] not in (ANN, CID)]  # a keeper need not be there

    error = made.refused(decisions)

    assert f'1 row of the plan is in no plan file: uid "cid " of {CID} (west)' == str(error)


def test_no_more_than_ten_lacking_rows_are_told(case: Callable[..., Case]) -> None:
    entries = [_entry(f"cn=e{n:02},dc=example", uid=f"e{n:02} ") for n in range(12)]

    error = case(entries).refused([])

    told = "; ".join(f'uid "e{n:02} " of cn=e{n:02},dc=example' for n in range(10))
    assert f"12 rows of the plan are in no plan file: {told}; and 2 more" == str(error)


def test_no_more_than_ten_moved_rows_are_told(case: Callable[..., Case]) -> None:
    entries = [_entry(f"cn=e{n:02},dc=example", uid=f"e{n:02} ") for n in range(12)]

    error = case().refused(_decisions(case(entries).plan))

    told = "; ".join(f'uid "e{n:02} " of cn=e{n:02},dc=example: it is no longer in the plan' for n in range(10))
    assert str(error).startswith(f"the exports are not those of this plan, 17 rows moved: {told}; and 7 more")


def test_what_still_fits_is_carried_over(case: Callable[..., Case]) -> None:
    made = case()
    decisions = _decisions(
        made.plan, {BOB: ("edit", "zed"), CID: ("reject", None), DAN: ("accept", None), TEAM: ("accept", None)}
    )
    new = "cn=New,ou=people,ou=west,dc=example"
    later = case([*_without(EVE, EVE2), _entry(new, uid="cid", createTimestamp="20240101000000Z")])

    carried = later.carry_over(decisions)

    assert [
        (new, "keep", "", "cid", ""),
        (CID, "rename", "accept", "cid ", "cid2"),
        ("cn=Dan,ou=people,ou=east,dc=example", "keep", "", "dan", ""),
        (DAN, "decide", "accept", "dan", "dan2"),
        (ANN, "keep", "", "smith", ""),
        (BOB, "rename", "edit", "Smith", "zed"),
        (TEAM, "decide", "accept", "smith", ""),
    ] == [(r.dn, *_short(r)) for r in carried.plan.rows]
    assert (
        f'uid "cid " of {CID}: was repair, is rename now',
        f'uid "eve" of {EVE}: it is no longer in the plan',
        f'uid "eve" of {EVE2}: it is no longer in the plan',
    ) == carried.moved


@pytest.mark.parametrize("word", ["", "reject"])
def test_who_did_not_want_the_old_proposal_is_not_given_the_new_one(case: Callable[..., Case], word: str) -> None:
    made = case()
    later = case(_with(_entry("cn=New,ou=people,ou=west,dc=example", uid="bob")))

    after = later.decide(_decisions(made.plan, {BOB: (word, None)}))

    assert ("rename", word, "Smith", "smith2") == _short(next(r for r in after.rows if r.dn == BOB))


def test_an_edited_name_that_was_taken_meanwhile_is_refused(case: Callable[..., Case]) -> None:
    made = case()
    later = case(_with(_entry("cn=New,ou=people,ou=west,dc=example", uid="ZED")))

    error = later.refused(_decisions(made.plan, {BOB: ("edit", "zed")}))

    assert f'{made.place(BOB)}: uid "Smith" of {BOB}: "zed" is refused: taken' == str(error)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("edit", ("rename", "edit", "smith", "zed")),
        ("accept", ("rename", "edit", "smith", "zed")),
        ("", ("keep", "", "smith", "")),
        ("reject", ("keep", "", "smith", "")),
    ],
)
def test_a_rename_by_hand_is_carried_over_again(
    case: Callable[..., Case], word: str, expected: tuple[str, str, str, str]
) -> None:
    """The plan file that holds it says rename where a fresh plan says keep."""
    made = case()
    carried = made.carry_over(_decisions(made.plan, {ANN: ("edit", "zed"), BOB: ("reject", None)})).plan

    after = made.decide(_decisions(carried, {ANN: (word, None)}))

    rows = {row.dn: row for row in after.rows}
    assert (expected, ("rename", "reject", "Smith", "bob")) == (_short(rows[ANN]), _short(rows[BOB]))


def test_two_forests_are_told_apart_by_their_labels(case: Callable[..., Case]) -> None:
    name = "cn=u,dc=example"
    east, west = ({**_entry(name, uid=uid), "label": label} for uid, label in (("u ", "east"), ("v ", "west")))
    made = case((east, west))
    decisions = [
        replace(d, decision="edit", new="zed") if d.recorded["label"] == "west" else d for d in _decisions(made.plan)
    ]

    after = made.decide(decisions)

    assert [("east", "u"), ("west", "zed")] == sorted((r.label, r.new) for r in after.accepted)


# Whatever a person says


@given(data=st.data())
def test_what_is_not_refused_is_proved(data: st.DataObject, strategies: ModuleType) -> None:
    drawn = data.draw(strategies.cases())
    keys = [dn.key(entry["dn"]) for entry in drawn.entries]
    assume(len(set(keys)) == len(keys))  # of two labels: a record can't mean two entries
    made = Case(drawn.directory(), drawn.loaded(), drawn.memory, drawn.wishes)
    words = st.one_of(
        st.sampled_from((("", None), ("accept", None), ("reject", None))),
        st.tuples(st.just("edit"), st.one_of(strategies.names, st.sampled_from(("zed", "Zed", "zed2", "z ed")))),
    )
    decisions = [
        replace(decision, decision=word, new=decision.new if new is None else new)
        for decision in _decisions(made.plan)
        for word, new in [data.draw(st.one_of(st.just((decision.decision, None)), words))]
    ]

    try:
        after = made.decide(decisions)
    except (InputError, UnsafeError):
        return
    files = change_files(after, made.ruleset, made.directory).files

    assert () == prove(made.directory, after, files, made.ruleset, made.memory).faults
