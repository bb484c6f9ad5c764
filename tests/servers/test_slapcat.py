"""What the change files do to a directory, seen in slapcat's output before and after."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    from tests.servers.conftest import Cure, Entries, Person, Slapd

NO_SUCH_ATTRIBUTE = 16
CONSTRAINT_VIOLATION = 19
# What slapd itself records of a change, on the changed entries only: when it was, by whom, and its serial number.
RECORDED = ("modifyTimestamp", "modifiersName", "entryCSN")


def test_the_changes_name_one_holder_of_each_clash_and_the_name_that_nobody_can_type(
    slapd: Slapd, people: tuple[Person, ...], cure: Callable[[Slapd], Cure]
) -> None:
    made = cure(slapd)

    numbers = {
        dn: dict(values)["employeeNumber"].decode() for dn, values in slapd.entries().items() if "mail" in dict(values)
    }
    expected = {"2001": "user", "2003": "JM", "1004": "hweber", "2005": "office", "1006": "tina", "2007": "lea "}
    assert expected == {numbers[dn]: old for dn, (old, _) in made.renamed.items()}
    keys = [uid.strip().lower() for uid in (*expected.values(), *(p.uid for p in people))]
    assert [new for _, new in made.renamed.values() if new.lower() in keys] == ["lea"]


def test_only_the_uid_of_renamed_entries_differs_after_the_changes(slapd: Slapd, cure: Callable[[Slapd], Cure]) -> None:
    before = slapd.entries()
    made = cure(slapd)

    assert slapd.modify(made.changes).returncode == 0

    assert_changed(before, slapd.entries(), made.renamed)


def test_the_same_changes_applied_again_are_refused_and_change_nothing(
    slapd: Slapd, cure: Callable[[Slapd], Cure]
) -> None:
    made = cure(slapd)
    assert slapd.modify(made.changes).returncode == 0
    once = slapd.entries()

    again = slapd.modify(made.changes, "-c")  # -c: go on after a refusal, so that each record has its answer

    # To slapd "lea " and "lea" are one value: that record finds its old value and writes the new one once more.
    refused = sum(old.strip() != new for old, new in made.renamed.values())
    assert (NO_SUCH_ATTRIBUTE, refused) == (again.returncode, again.stderr.count("No such attribute (16)"))
    assert without(RECORDED, once, made.renamed) == without(RECORDED, slapd.entries(), made.renamed)


def test_after_the_rollback_every_value_is_as_before(slapd: Slapd, cure: Callable[[Slapd], Cure]) -> None:
    before = slapd.entries()
    made = cure(slapd)
    assert slapd.modify(made.changes).returncode == 0

    assert slapd.modify(made.rollback).returncode == 0

    assert_changed(before, slapd.entries(), {dn: (old, old) for dn, (old, _) in made.renamed.items()})


def test_verify_tells_from_a_fresh_export_what_is_done(
    slapd: Slapd, cure: Callable[[Slapd], Cure], aliasfix: Callable[..., CompletedProcess[str]]
) -> None:
    made = cure(slapd)
    fresh = slapd.folder / "fresh.ldif"

    def verified() -> tuple[int, str]:
        fresh.write_text(slapd.slapcat(), encoding="utf-8")
        done = aliasfix("verify", fresh, "--changes", made.changes)
        return done.returncode, done.stdout.partition("\n")[0]

    before = verified()
    assert slapd.modify(made.changes).returncode == 0
    after = verified()
    assert slapd.modify(made.rollback).returncode == 0
    undone = verified()

    everything = len(made.renamed)
    assert before == (0, f"Verify: 0 done, {everything} open, 0 moved.")
    assert after == (0, f"Verify: {everything} done, 0 open, 0 moved.")
    assert undone == before


def test_a_server_that_enforces_unique_names_takes_the_changes_and_refuses_to_have_the_clash_back(
    slapd_unique: Slapd, cure: Callable[[Slapd], Cure]
) -> None:
    before = slapd_unique.entries()
    made = cure(slapd_unique)

    assert slapd_unique.modify(made.changes).returncode == 0
    assert_changed(before, slapd_unique.entries(), made.renamed)

    assert slapd_unique.modify(made.rollback).returncode == CONSTRAINT_VIOLATION


def assert_changed(before: Entries, after: Entries, renamed: dict[str, tuple[str, str]]) -> None:
    """Renamed entries have the new name in place of the old, and that is all; the others are the same line by line."""
    assert list(before) == list(after)
    assert {dn: v for dn, v in before.items() if dn not in renamed} == {
        dn: v for dn, v in after.items() if dn not in renamed
    }
    expected = {
        dn: [(name, new.encode() if (name, value) == ("uid", old.encode()) else value) for name, value in before[dn]]
        for dn, (old, new) in renamed.items()
    }
    assert without(RECORDED, expected, renamed) == without(RECORDED, after, renamed)


def without(
    left_out: tuple[str, ...], entries: Entries, renamed: dict[str, tuple[str, str]]
) -> dict[str, Counter[tuple[str, bytes]]]:
    """The values of the renamed entries but those attributes, in no order: slapd appends what it has written anew."""
    return {dn: Counter(v for v in entries[dn] if v[0] not in left_out) for dn in renamed}
