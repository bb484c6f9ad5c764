"""Every way to be refused: the exit code, the whole message, and no file that was not there before."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import python_calamine
import xlsxwriter

from aliasfix.writer import ldif

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

RULES = 'extends = "exchange55"\nname = "mine"\ntitle = "Mine"\n'
READ = (
    "Read 23 entries from 2 exports.\nRead as cp1252, being no UTF-8: site1.csv, site2.csv; --encoding names another.\n"
    "Ruleset exchange55: site1.csv: it is an Exchange 5.5 Administrator export.\n"
)
SITES = ("site1.csv", "site2.csv")
WRITE = ("write", *SITES, "-o", "changes.ldif")


@dataclass(frozen=True)
class Refused:
    name: str
    words: tuple[str, ...]
    error: str
    hint: str = ""
    code: int = 2
    log: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


OPTIONED = b"dn: uid=a,dc=x\nobjectClass: account\nuid: a\n\ndn: cn=b,dc=x\nobjectClass: account\nuid;lang-de: a\n"
REFUSED = [
    Refused(
        "a name with an option, which nobody would see",
        ("write", "people.ldif", "--accept-all", "-o", "changes.ldif"),
        "the exports may be incomplete: people.ldif: values of uid with an option (as uid;lang-de has) are not read: 1",
        "export again without a limit; if it is complete as it is, say so with --complete",
        log="Read 2 entries from 1 export.\n"
        "Ruleset openldap: its entries have uid and the classes of an LDAP server.\n"
        "warning: people.ldif: values of uid with an option (as uid;lang-de has) are not read: 1\n",
        files={"people.ldif": OPTIONED},
    ),
    Refused(
        "a site that is none",
        ("plan", *SITES, "--change-only", "SITE9"),
        '--change-only names "SITE9", which is no site, no label and no DN above an entry of the exports',
        "sites and labels are SITE1, SITE2",
        log=READ,
    ),
    Refused(
        "a code for a site that is none",
        ("plan", *SITES, "--site-code", "SITE9=x"),
        '--site-code names "SITE9", which is no site of the exports',
        "sites are SITE1, SITE2",
        log=READ,
    ),
    Refused(
        "a file that is not there",
        ("check", "site11.csv"),
        "site11.csv: there is no such file",
        "did you mean site1.csv?",
    ),
    Refused("a folder that is not there", ("check", "no/site1.csv"), "no/site1.csv: there is no such file",
            "there is no folder no either"),
    Refused(
        "a folder without exports",
        ("check", "folder"),
        "folder: the folder holds no exports",
        "exports are *.ldif, *.ldf, *.csv, *.tsv, *.txt, also packed as .gz",
        files={"folder/notes.doc": b"no export"},
    ),
    Refused("an empty file", ("check", "empty.csv"), "empty.csv: the file is empty", files={"empty.csv": b""}),
    Refused(
        "a binary file",
        ("check", "mailbox.csv"),
        "mailbox.csv:2: it holds NUL bytes, so it is no text file",
        "is it the right file?",
        files={"mailbox.csv": b"\x7fELF\x02\n\x00\x01\x02"},
    ),
    Refused(
        "a workbook",
        ("check", "mailbox.csv"),
        "mailbox.csv: this is a zip archive or an Excel workbook, not an export",
        "save it as CSV in UTF-8",
        files={"mailbox.csv": b"PK\x03\x04rest"},
    ),
    Refused(
        "a table without aliases",
        ("check", "people.csv"),
        'people.csv:1: it has no alias column; its columns are "Name", "Mail"',
        'the column is called "mailNickname" in a csvde export, "Alias Name" in an Exchange 5.5 Administrator export, '
        '"Alias" in a PowerShell export (Get-Mailbox | Export-Csv); '
        "in any other CSV name it with --map alias=COLUMN",
        files={"people.csv": b"Name,Mail\nAda,ada@example.org\n"},
    ),
    Refused(
        "exports of no known product",
        ("check", "people.ldif"),
        "nothing shows which product the exports come from: people.ldif is ldif with cn",
        "say which with --rules: active-directory, addresses, exchange, exchange55, microsoft365, openldap, samba",
        files={"people.ldif": b"dn: cn=Ada\ncn: Ada\n"},
    ),
    Refused(
        "a ruleset that does not exist",
        ("check", *SITES, "--rules", "exchange5"),
        'there is no ruleset "exchange5"',
        'did you mean "exchange55"?',
    ),
    Refused(
        "a rules file with a wrong key",
        ("check", *SITES, "--rules", "mine.toml"),
        "mine.toml: limits.rename: no such key",
        'did you mean "renames"?',
        files={"mine.toml": f"{RULES}[limits]\nrename = 3\n".encode()},
    ),
    Refused(
        "a rules file that is no TOML",
        ("check", *SITES, "--rules", "mine.toml"),
        "mine.toml: the ruleset is no TOML: Expected '=' after a key in a key/value pair (at line 1, column 5)",
        files={"mine.toml": b"not toml\n"},
    ),
    Refused(
        "a label for another file",
        ("check", *SITES, "--label", "site3.csv=west"),
        '--label names "site3.csv", which is none of the exports',
        "they are site1.csv, site2.csv",
    ),
    Refused("a label without a name", ("check", *SITES, "--label", "west"), '--label can\'t be "west"',
            "it has the form FILE=NAME"),
    Refused("an encoding that does not exist", ("check", *SITES, "--encoding", "latin-99"),
            'there is no encoding "latin-99"', "utf-8, cp1252, cp850 and utf-16-le are some"),
    Refused("a preference that does not exist", ("plan", *SITES, "--prefer", "given"),
            '--prefer can\'t be "given"', "it can be site"),
    Refused(
        "an entry to keep that is in no export",
        ("plan", *SITES, "--keep", "keep.txt"),
        'keep.txt:2: no entry of the exports has the DN or mail address "nobody@site1.org.com"',
        "one DN or mail address a line, as the exports spell it",
        log=READ,
        files={"keep.txt": b"# ours\nnobody@site1.org.com\n"},
    ),
    Refused(
        "a plan in a format that is none",
        ("plan", *SITES, "-o", "plan.txt"),
        'a plan can\'t be written as ".txt"',
        "name a file that ends in .html, .csv, .xlsx or .json",
        log=READ,
    ),
    Refused(
        "a plan over one that is there",
        ("plan", *SITES, "-o", "plan.csv"),
        "plan.csv: the file exists",
        "choose another name, or replace it by --overwrite",
        log=READ,
        files={"plan.csv": b"reviewed for days"},
    ),
    Refused(
        "a plan over an export",
        ("plan", *SITES, "-o", "site1.csv", "--overwrite"),
        "site1.csv: the file is one of the inputs",
        "choose another name",
        log=READ,
    ),
    Refused(
        "a plan among the exports of its folder",
        ("plan", "folder", "-o", "folder/plan.csv"),
        "folder/plan.csv: the next run would read the file as an export of its folder",
        "write it elsewhere, or name the exports one by one",
        files={"folder/people.ldif": b"dn: cn=Ada\nuid: ada\n"},
    ),
    Refused("no plan and no word", WRITE, "write needs a reviewed plan, or the word that none is wanted",
            "give --plan FILE or --accept-all, one of the two"),
    Refused("a plan and a word", (*WRITE, "--plan", "plan.csv", "--accept-all"),
            "write needs a reviewed plan, or the word that none is wanted",
            "give --plan FILE or --accept-all, one of the two"),
    Refused("a change file that is no LDIF", ("write", *SITES, "--accept-all", "-o", "changes.csv"),
            'the change file can\'t be "changes.csv"', "name it FILE.ldif; the others are named after it"),
    Refused("a change file that is named a rollback", ("write", *SITES, "--accept-all", "-o", "x.rollback.ldif"),
            'the change file can\'t be "x.rollback.ldif"', "name it FILE.ldif; the others are named after it"),
    Refused("a folder for the change files that is not there", ("write", *SITES, "--accept-all", "-o", "no/c.ldif"),
            "no/c.ldif: the file can't be written: No such file or directory", log=READ),
    Refused("a plan that is not there", (*WRITE, "--plan", "plan.csv"),
            "plan.csv: the plan can't be read: No such file or directory"),
    Refused(
        "a plan that is none",
        (*WRITE, "--plan", "plan.csv"),
        'plan.csv:1: the plan has no column "role"',
        "take the plan file as it was written",
        files={"plan.csv": b"Name,Mail\nAda,ada@example.org\n"},
    ),
    Refused(
        "a plan with a column renamed",
        (*WRITE, "--plan", "plan.csv"),
        'plan.csv:1: the plan has no column "decision"',
        'rename the column "decisions" back to "decision"',
        files={
            "plan.csv": b"role,decisions,code,group,dn,label,kind,site,attribute,old,new,reason,rung,tried,mail,source,"
            b"line,fingerprint\n"
        },
    ),
    Refused(
        "a search that was cut off",
        ("write", "people.ldif", "--accept-all", "-o", "changes.ldif"),
        "the exports may be incomplete: people.ldif: line 7: "
        "the search that wrote it ended with '4 Size limit exceeded'",
        "export again without a limit; if it is complete as it is, say so with --complete",
        log="Read 1 entry from 1 export.\nRuleset openldap: its entries have uid and the classes of an LDAP server.\n"
        "warning: people.ldif: line 7: the search that wrote it ended with '4 Size limit exceeded'\n",
        files={
            "people.ldif": b"dn: cn=Ada\nobjectClass: account\nuid: ada\n\n# search result\nsearch: 2\n"
            b"result: 4 Size limit exceeded\n"
        },
    ),
    Refused(
        "a row that can't be read",
        ("write", "people.csv", "--accept-all", "-o", "changes.ldif"),
        "the exports may be incomplete: people.csv:3: "
        "the row can't be read: the quotation mark that opens its field 1 is never closed",
        "export again without a limit; if it is complete as it is, say so with --complete",
        log="Read 1 entry from 1 export.\nRuleset exchange55: it is an Exchange 5.5 Administrator export.\n"
        "warning: people.csv:3: the row can't be read: the quotation mark that opens its field 1 is never closed\n",
        files={
            "people.csv": b"Obj-Class,Alias Name,Directory Name,Obj-Container\nMailbox,ada,ada,/o=O/ou=S/cn=R\n"
            b'"Mailbox,bob,bob,/o=O/ou=S/cn=R\n'
        },
    ),
    Refused("change files that are not there", ("verify", *SITES, "--changes", "changes.ldif"),
            "changes.ldif: the change file can't be read: No such file or directory"),
    Refused(
        "an export as a change file",
        ("verify", *SITES, "--changes", "people.ldif"),
        "people.ldif:1: it is no change file of aliasfix: the record is not a plain changetype: modify",
        files={"people.ldif": b"dn: cn=Ada\nuid: ada\n"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refused(case: Refused, command: ModuleType, folder: Path) -> None:
    for name, content in case.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    before = command.files(folder)

    done = command.run(*case.words)

    hint = f"hint: {case.hint}\n" if case.hint else ""
    assert f"{case.log}error: {case.error}\n{hint}" == done.err
    assert done.out == ""
    assert case.code == done.code
    assert before == command.files(folder)


USAGE = [
    (("chek", "site1.csv"), "'check'", "aliasfix --help"),
    (("check",), "'EXPORT...'", "aliasfix check --help"),
    (("check", "site1.csv", "--rulez", "x"), "--rules", "aliasfix check --help"),
    (("write", "site1.csv", "--accept-all"), "'--output' / '-o'", "aliasfix write --help"),
    ((*WRITE, "--accept-all", "--expect-renames", "many"), "'--expect-renames'", "aliasfix write --help"),
    (("verify", "site1.csv"), "'--changes'", "aliasfix verify --help"),
]


@pytest.mark.parametrize(("words", "named", "hint"), USAGE, ids=" ".join)
def test_wrong_words(words: tuple[str, ...], named: str, hint: str, command: ModuleType, folder: Path) -> None:
    before = command.files(folder)

    done = command.run(*words)

    error, hinted = done.err.splitlines()
    assert error.startswith("error: ")
    assert named in error
    assert f"hint: {hint} shows what can be said" == hinted
    assert (2, "") == (done.code, done.out)
    assert before == command.files(folder)


def test_a_common_size_limit(command: ModuleType, folder: Path, clashes: Callable[[int], str]) -> None:
    Path("people.ldif").write_text(clashes(250), encoding="utf-8", newline="\n")
    words = ("write", "people.ldif", "-q", "--accept-all", "--expect-renames", "250", "-o", "changes.ldif")

    refused, made = command.run(*words), command.run(*words, "--complete")

    warning = "warning: people.ldif: it has exactly 500 entries, a common size limit\n"
    assert (
        f"{warning}error: the exports may be incomplete: people.ldif: it has exactly 500 entries, a common size limit\n"
        "hint: export again without a limit; if it is complete as it is, say so with --complete\n"
    ) == refused.err
    assert (2, 0) == (refused.code, made.code)
    assert warning == made.err


def test_many_renames(command: ModuleType, folder: Path, clashes: Callable[[int], str]) -> None:
    unique = "".join(f"dn: cn=U{i},dc=example,dc=org\nuid: u{i}\n\n" for i in range(2000))
    Path("people.ldif").write_text(clashes(101) + unique, encoding="utf-8", newline="\n")
    words = ("write", "people.ldif", "-q", "--accept-all", "-o", "changes.ldif")
    before = command.files(folder)

    untold = command.run(*words)
    wrong = command.run(*words, "--expect-renames", "100")
    unchanged = command.files(folder)
    told = command.run(*words, "--expect-renames", "101")

    assert (
        "error: the plan changes 101 values (101 renames and 0 repairs), 4.6 % of 2202 entries; "
        "above 100 the exact number is asked for\n"
        "hint: if that is what you want, say --expect-renames 101\n"
    ) == untold.err
    assert (
        "error: --expect-renames says 100, but the plan changes 101 values (101 renames and 0 repairs)\n"
        "hint: look at the plan again before you name its number\n"
    ) == wrong.err
    assert before == unchanged
    assert "" == told.err
    assert (3, 3, 0) == (untold.code, wrong.code, told.code)


def test_as_many_renames_as_are_let_through(command: ModuleType, folder: Path, clashes: Callable[[int], str]) -> None:
    Path("people.ldif").write_text(clashes(10), encoding="utf-8", newline="\n")

    done = command.run("write", "people.ldif", "--accept-all", "-o", "changes.ldif")

    assert 0 == done.code


def _reviewed(plan: Path, dn: str, **cells: str) -> None:
    """Change cells of the row of this entry."""
    header, *rows = csv.reader(io.StringIO(plan.read_bytes().decode("utf-8-sig"), newline=""))
    (row,) = [r for r in rows if r[header.index("dn")] == dn]
    for column, text in cells.items():
        row[header.index(column)] = text
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    plan.write_bytes(out.getvalue().encode("utf-8-sig"))


def test_a_protected_entry(command: ModuleType, folder: Path) -> None:
    dn = "cn=user,cn=Recipients,ou=SITE1,o=ORG"
    Path("protected.txt").write_text(dn, encoding="utf-8")
    protect = ("--protect", "protected.txt")
    command.run("plan", *SITES, *protect, "-o", "plan.csv")
    _reviewed(Path("plan.csv"), dn, decision="edit", new="user.one")
    before = command.files(folder)

    refused = command.run(*WRITE, "-q", "--plan", "plan.csv", *protect)
    unchanged = command.files(folder)
    allowed = command.run(*WRITE, "-q", "--plan", "plan.csv", *protect, "--allow", "protected.txt")

    assert (
        f'error: plan.csv:14: uid "user" of {dn}: it is protected (--protect): --allow must name it\n'
        "hint: name it in a file of DNs, one a line, and give that with --allow\n"
    ) == refused.err
    assert before == unchanged
    assert (3, 1) == (refused.code, allowed.code)
    assert "uid: user.one\n" in Path("changes.ldif").read_text(encoding="ascii")


def test_an_altered_plan(command: ModuleType, folder: Path) -> None:
    command.run("plan", *SITES, "-o", "plan.csv")
    _reviewed(Path("plan.csv"), "cn=user,cn=Recipients,ou=SITE2,o=ORG", mail="other@example.org")
    before = command.files(folder)

    done = command.run(*WRITE, "-q", "--plan", "plan.csv")

    assert (
        'error: plan.csv:15: the column "mail" was changed to "other@example.org"\n'
        'hint: only "decision" and "new" may be changed; take the plan file as it was written\n'
    ) == done.err
    assert (4, "") == (done.code, done.out)
    assert before == command.files(folder)


def test_an_altered_cell_of_a_workbook(command: ModuleType, folder: Path) -> None:
    command.run("plan", *SITES, "-o", "plan.xlsx")
    cells = python_calamine.CalamineWorkbook.from_path("plan.xlsx").get_sheet_by_name("Review").to_python()
    cells[14][cells[0].index("mail")] = "other@example.org"
    with xlsxwriter.Workbook("plan.xlsx") as book:
        page = book.add_worksheet("Review")
        for number, row in enumerate(cells):
            page.write_row(number, 0, row)

    done = command.run(*WRITE, "-q", "--plan", "plan.xlsx")

    assert (
        'error: plan.xlsx, sheet Review, cell H15: the column "mail" was changed to "other@example.org"\n'
        'hint: only "decision" and "new" may be changed; take the plan file as it was written\n'
    ) == done.err
    assert (4, False) == (done.code, Path("changes.ldif").exists())


def test_a_stale_plan(command: ModuleType, folder: Path) -> None:
    command.run("plan", *SITES, "-o", "plan.csv")
    export = folder / "site2.csv"
    export.write_bytes(export.read_bytes().replace(b",user,user,", b",hugo,user,"))
    before = command.files(folder)

    done = command.run(*WRITE, "-q", "--plan", "plan.csv")

    assert (
        "error: the exports are not those of this plan, 2 rows moved: "
        'uid "user" of cn=user,cn=Recipients,ou=SITE1,o=ORG: it is no longer in the plan; '
        'uid "user" of cn=user,cn=Recipients,ou=SITE2,o=ORG: it is no longer in the plan\n'
        'hint: plan again with "--decisions plan.csv": every decision that still fits is carried over\n'
    ) == done.err
    assert (4, "") == (done.code, done.out)
    assert before == command.files(folder)


def test_a_proof_that_fails(command: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ldif.unparse
    monkeypatch.setattr(ldif, "unparse", lambda records: made(records).replace(b"uid: huser", b"uid: hansw"))
    before = command.files(folder)

    plan = command.run("plan", *SITES, "-q")
    write = command.run(*WRITE, "-q", "--accept-all")

    fault = 'the changes file lacks uid "user" -> "huser" of cn=user,cn=Recipients,ou=SITE2,o=ORG'
    assert f"\nProof: FAILS at rows: {fault}\n" in plan.out
    assert plan.out.endswith("\nNext: report it: a proposal that can't be proved is a bug in aliasfix.\n")
    assert f"error: the proof fails at rows: {fault}\nhint: nothing was written\n" == write.err
    assert (1, 1, "") == (plan.code, write.code, write.out)
    assert before == command.files(folder)
