"""A plan that several people review: hand-outs by site, and what comes back of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SITES = ("site1.csv", "site2.csv")
PLAN = ("plan", "-q", *SITES)
WRITE = ("write", "-q", *SITES, "-o", "changes.ldif")
USER2 = "cn=user,cn=Recipients,ou=SITE2,o=ORG"
INFO1 = "cn=info,cn=Recipients,ou=SITE1,o=ORG"
RUN = "aliasfix write site1.csv site2.csv --plan"


def review(path: str, dn: str, **cells: str) -> None:
    """Fill in the row of an entry, as a person does."""
    rows = list(csv.DictReader(io.StringIO(Path(path).read_bytes().decode("utf-8-sig"), newline="")))
    for row in rows:
        row.update(cells if row["dn"] == dn else {})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    Path(path).write_bytes(out.getvalue().encode())


def changed(ldif: str) -> dict[str, str]:
    """The new alias of each entry in a change file."""
    records = Path(ldif).read_text(encoding="ascii").split("\n\n")
    lines = [record.splitlines() for record in records if record.startswith("dn: ")]
    return {r[0].removeprefix("dn: "): next(x for x in r if x.startswith("uid: ") and x != r[3]) for r in lines}


def test_hand_outs_go_round(command: ModuleType, folder: Path) -> None:
    done = command.run(*PLAN, "-o", "whole.csv", "--by-site", "handed")

    assert done.out.endswith(
        f"Wrote {Path('handed/site1.csv')} for SITE1: 3 to change.\n"
        f"Wrote {Path('handed/site2.csv')} for SITE2: 3 to change, 1 left.\n"
        "Next: hand out the files in handed and put them back there, then\n"
        f"      {RUN} handed -o changes.ldif\n"
    )
    review("handed/site2.csv", USER2, decision="edit", new="user.two")
    review("handed/site1.csv", INFO1, decision="reject")

    wrote = command.run(*WRITE, "--plan", "handed")

    assert (1, "") == (wrote.code, wrote.err)
    assert "\nPlan: 5 to rename, 0 to repair, 7 keep their name, 1 to decide, 0 blocked, 1 rejected; " in wrote.out
    assert "uid: user.two" == changed("changes.ldif")[USER2]
    assert INFO1 not in changed("changes.ldif")
    one_by_one = ("--plan", "handed/site2.csv", "--plan", "handed/site1.csv")
    again = command.run("write", "-q", *SITES, *one_by_one, "-o", "again.ldif")
    assert again.out.splitlines()[-5:-2] == wrote.out.splitlines()[-5:-2]
    assert changed("changes.ldif") == changed("again.ldif")


def test_a_hand_out_is_a_workbook_where_no_format_is_named(command: ModuleType, folder: Path) -> None:
    command.run(*PLAN, "--by-site", "handed")

    assert ["site1.xlsx", "site2.xlsx"] == sorted(path.name for path in Path("handed").iterdir())
    assert 1 == command.run(*WRITE, "--plan", "handed").code


def test_pages_are_handed_out_and_what_they_save_comes_back(command: ModuleType, folder: Path) -> None:
    done = command.run(*PLAN, "-o", "review.html", "--by-site", "handed")

    assert done.out.endswith(
        f"Next: hand out the files in handed and put what they save there, then\n      {RUN} handed -o changes.ldif\n"
    )
    assert b'"saves":"site2.json"' in Path("handed/site2.html").read_bytes()
    command.run(*PLAN, "-o", "review.json", "--by-site", "handed")

    assert 1 == command.run(*WRITE, "--plan", "handed").code


def test_a_hand_out_that_is_not_back_is_missed(command: ModuleType, folder: Path) -> None:
    command.run(*PLAN, "-o", "whole.csv", "--by-site", "handed")
    Path("handed/site1.csv").unlink()

    done = command.run(*WRITE, "--plan", "handed")

    assert done.err.startswith('error: 3 rows of the plan are in no plan file: uid "hweber" of ')
    assert done.err.endswith(
        "\nhint: give every file that was handed out; if the exports have moved on, "
        'plan again with "--decisions handed": every decision that still fits is carried over\n'
    )
    assert (4, False) == (done.code, Path("changes.ldif").exists())


def test_what_is_back_is_carried_over(command: ModuleType, folder: Path) -> None:
    command.run(*PLAN, "-o", "whole.csv", "--by-site", "handed")
    review("handed/site2.csv", USER2, decision="edit", new="user.two")
    Path("handed/site1.csv").unlink()

    done = command.run(*PLAN, "--decisions", "handed", "-o", "rest.csv", "--by-site", "again")

    assert 3 == done.err.count(": no plan file has it\n")
    assert 1 == command.run(*WRITE, "--plan", "again").code
    assert "uid: user.two" == changed("changes.ldif")[USER2]


def test_two_reviewers_of_one_row_must_agree(command: ModuleType, folder: Path) -> None:
    command.run(*PLAN, "-o", "anna.csv")
    command.run(*PLAN, "-o", "bert.xlsx")
    review("anna.csv", USER2, decision="edit", new="user.two")

    done = command.run(*WRITE, "--plan", "anna.csv", "--plan", "bert.xlsx")

    assert (
        f'error: the plan files disagree: uid "user" of {USER2}: anna.csv:15 says edit "user.two", '
        'bert.xlsx, sheet Review, cell B15 says accept "huser"\n'
        "hint: agree on one decision and write it into both files, or take the row out of one of them\n"
    ) == done.err
    assert (2, False) == (done.code, Path("changes.ldif").exists())
    carried = command.run(*PLAN, "--decisions", "anna.csv", "--decisions", "bert.xlsx")
    assert done.err == carried.err


def test_all_files_or_none(command: ModuleType, folder: Path) -> None:
    Path("handed").mkdir()
    Path("handed/site2.csv").write_bytes(b"mine")
    before = command.files(folder)

    done = command.run(*PLAN, "-o", "whole.csv", "--by-site", "handed")

    assert f"error: {Path('handed/site2.csv')}: the file exists\n" == done.err.splitlines(keepends=True)[0]
    assert (2, before) == (done.code, command.files(folder))
    assert 1 == command.run(*PLAN, "-o", "whole.csv", "--by-site", "handed", "--overwrite").code


def test_a_folder_goes_again_where_nothing_is_written(command: ModuleType, folder: Path) -> None:
    Path("whole.csv").write_bytes(b"mine")

    done = command.run(*PLAN, "-o", "whole.csv", "--by-site", "handed")

    assert (2, False) == (done.code, Path("handed").exists())


def test_no_folder_where_nothing_is_to_be_done(command: ModuleType, folder: Path) -> None:
    Path("people.ldif").write_text("dn: cn=A,dc=example\nobjectClass: account\nuid: a\n", encoding="utf-8")

    done = command.run("plan", "-q", "people.ldif", "--by-site", "handed")

    assert (0, False) == (done.code, Path("handed").exists())
    assert done.out.endswith("\nNext: nothing is to be done.\n")


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (
            ("-o", "handed/site1.csv", "--by-site", "handed"),
            "handed/site1.csv: the plan and a hand-out have one name",
            "choose another name",
        ),
        (("--by-site", "site1.csv"), f"{Path('site1.csv/site1.xlsx')}: the file can't be written: Not a directory", ""),
        (("--by-site", "no/handed"), f"{Path('no/handed')}: the folder can't be made: No such file or directory", ""),
        (
            ("--decisions", "empty"),
            "empty: the folder has no plan file",
            "they end in .csv, .xlsx or .json",
        ),
        (("-o", "plan.pdf", "--by-site", "handed"), 'a plan can\'t be written as ".pdf"',
         "name a file that ends in .html, .csv, .xlsx or .json"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)  # fmt: skip
def test_refusals(words: tuple[str, ...], error: str, hint: str, command: ModuleType, folder: Path) -> None:
    Path("handed").mkdir()
    Path("empty").mkdir()
    Path("empty/~$plan.xlsx").write_bytes(b"")
    before = command.files(folder)

    done = command.run(*PLAN, *words)

    assert f"error: {error}\n" + (f"hint: {hint}\n" if hint else "") == done.err
    assert (2, "", before) == (done.code, done.out, command.files(folder))


def test_hand_outs_are_no_exports(command: ModuleType, folder: Path) -> None:
    Path("exports").mkdir()
    for name in SITES:
        Path(name).rename(Path("exports", name))
    before = command.files(folder)

    done = command.run("plan", "-q", "exports", "-o", "plan.csv", "--by-site", "exports")

    assert (
        f"error: {Path('exports/site1.csv')}: the next run would read the file as an export of its folder\n" in done.err
    )
    assert (2, before) == (done.code, command.files(folder))


HOSTILE = ("../../up", "con", "CON", "COM¹", "a/b\\c:d", "\x1b[2J", "abc\u202egpj.exe", "line\nbreak",
           "=cmd|' /C calc'!A0", "<script>", "~$lock", ".hidden", "x" * 200, "日本", "NO SITE", "")  # fmt: skip


def test_hostile_sites_stay_in_the_folder(command: ModuleType, folder: Path) -> None:
    def ou(site: str) -> str:
        return ",ou=" + "".join(f"\\{octet:02x}" for octet in site.encode()) if site else ""

    people = [f"dn: cn={n}{ou(site)},dc=example\nobjectClass: account\nuid: all\n\n" for n, site in enumerate(HOSTILE)]
    Path("people.ldif").write_text("".join(people), encoding="ascii", newline="\n")
    before = set(folder.parent.iterdir())

    done = command.run("plan", "-q", "people.ldif", "--rules", "openldap", "-o", "plan.csv", "--by-site", "handed")

    assert [
        "2j", "a-b-c-d", "abcgpj-exe", "cmd-c-calc-a0", "hidden", "line-break", "lock", "no-site", "no-site-2",
        "riben", "script", "site-com1", "site-con", "up", "x" * 40,
    ] == sorted(path.stem for path in Path("handed").iterdir())  # fmt: skip
    assert before == set(folder.parent.iterdir())
    assert {"\n"} >= {character for character in done.out + done.err if not character.isprintable()}
    options = ("--rules", "openldap", "--plan", "handed", "--expect-renames", "15")
    wrote = command.run("write", "-q", "people.ldif", *options, "-o", "changes.ldif")
    assert (0, "") == (wrote.code, wrote.err)
