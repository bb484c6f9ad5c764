"""Seeded faults: each wrong change file, plan or export must fail the step that it violates, by name."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.api import Job, Options, open_exports
from aliasfix.engine import propose
from aliasfix.ldap import changes, dn
from aliasfix.ldap.changes import Modify, Swap
from aliasfix.plan import Memory, Plan, Row, Wishes
from aliasfix.proof import Fault, Proof, prove, prove_changes, states
from aliasfix.writer import change_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

SAMPLES = Path(__file__).parents[1] / "samples"

# Every trap in one export: DNs in base64, with a comma, with a plus; two values, an edge space, twins, a reference.
PEOPLE = """\
dn:: {gross}
objectClass: inetOrgPerson
cn:: {cn_gross}
uid: anna
mail: anna@berlin.example
createTimestamp: 20110101000000Z

dn: cn=Weber\\, Anna,ou=people,ou=paris,dc=example,dc=org
objectClass: inetOrgPerson
uid: Anna
uid: weber
mail: anna.weber@paris.example
createTimestamp: 20120101000000Z

dn: cn=Bo+employeeNumber=7,ou=people,ou=berlin,dc=example,dc=org
objectClass: inetOrgPerson
uid: bo
employeeNumber: 7
homeDirectory: /home/bo
mail: bo.ek@berlin.example
createTimestamp: 20130101000000Z

dn: cn=Bo Ek,ou=people,ou=paris,dc=example,dc=org
objectClass: inetOrgPerson
uid: BO
mail: bo@paris.example
createTimestamp: 20120101000000Z

dn:: {lea}
objectClass: inetOrgPerson
uid:: bGVhIA==
createTimestamp: 20130101000000Z

dn: cn=Tom,ou=people,ou=berlin,dc=example,dc=org
objectClass: inetOrgPerson
uid: tom
employeeNumber: 12
createTimestamp: 20130101000000Z

dn: cn=Tom,ou=people,ou=paris,dc=example,dc=org
objectClass: inetOrgPerson
uid: tom
employeeNumber: 12
createTimestamp: 20140101000000Z

dn: uid=zoe,ou=people,ou=berlin,dc=example,dc=org
objectClass: inetOrgPerson
uid: zoe
createTimestamp: 20140101000000Z

dn: cn=team,ou=groups,ou=berlin,dc=example,dc=org
objectClass: posixGroup
memberUid: anna

"""
GROSS = "cn=Anna Groß,ou=people,ou=berlin,dc=example,dc=org"
WEBER = "cn=Weber\\, Anna,ou=people,ou=paris,dc=example,dc=org"
BO = "cn=Bo+employeeNumber=7,ou=people,ou=berlin,dc=example,dc=org"
LEA = "cn=Léa,ou=people,ou=berlin,dc=example,dc=org"
TOM = "cn=Tom,ou=people,ou=paris,dc=example,dc=org"
ZOE = "uid=zoe,ou=people,ou=berlin,dc=example,dc=org"

# Two tenants without DNs: the map is all there is. The same address is a mailbox here and a contact there.
TENANT = (
    '"Alias","PrimarySmtpAddress","RecipientTypeDetails"\r\n"info","info@{0}.example","{1}"\r\n"kim","{2}","{3}"\r\n'
)


@dataclass(frozen=True)
class Made:
    """What is proved."""

    job: Job
    plan: Plan
    files: Mapping[str, bytes]
    memory: Memory = field(default_factory=Memory)

    def faults(self) -> tuple[Fault, ...]:
        return prove(self.job.directory, self.plan, self.files, self.job.ruleset, self.memory).faults

    def row(self, entry: str) -> Row:
        return next(r for r in self.plan.accepted if r.dn == entry)

    def edited(self, name: str, old: bytes, new: bytes) -> Made:
        """The first ``old`` of a file is ``new``."""
        assert old in self.files[name]
        return replace(self, files={**self.files, name: self.files[name].replace(old, new, 1)})

    def replanned(self, rows: Iterable[Row]) -> Made:
        """The plan has these rows, and the files say the same."""
        plan = self.plan.with_rows(rows)
        return replace(self, plan=plan, files=change_files(plan, self.job.ruleset, self.job.directory).files)

    def without(self, entry: str) -> Made:
        """The plan lacks the rows of the entry."""
        return self.replanned(row for row in self.plan.rows if row.dn != entry)

    def renamed(self, names: Mapping[str, str]) -> Made:
        """The accepted rows of these entries give other names."""
        return self.replanned(
            replace(row, new=names[row.dn]) if row.accepted and row.dn in names else row for row in self.plan.rows
        )

    def with_values(self, attribute: str, entry: str, values: list[str]) -> Made:
        """The exports have these values instead."""
        directory = self.job.directory
        number = directory.entries.column("dn").to_pylist().index(entry)
        kept = [v for v in directory.values.to_pylist() if (v["attribute"], v["entry"]) != (attribute, number)]
        added = [{"attribute": attribute, "entry": number, "value": v, "source": 0, "line": 1} for v in values]
        rows = sorted([*kept, *added], key=lambda v: (v["attribute"], v["entry"]))
        table = pa.Table.from_pylist(rows, schema=directory.values.schema)
        return replace(self, job=replace(self.job, directory=replace(directory, values=table)))


def _made(job: Job) -> Made:
    plan = propose(job.directory, job.ruleset, Memory(), Wishes())
    return Made(job, plan, change_files(plan, job.ruleset, job.directory).files)


@pytest.fixture(scope="module", name="made")
def made_of_each_kind(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    folder = tmp_path_factory.mktemp("exports")
    people = folder / "people.ldif"
    text = PEOPLE.format(gross=_base64(GROSS), cn_gross=_base64("Anna Groß"), lea=_base64(LEA))
    people.write_text(text, encoding="utf-8", newline="\n")
    one, two = folder / "one.csv", folder / "two.csv"
    one.write_bytes(TENANT.format("one", "SharedMailbox", "kim@one.example", "UserMailbox").encode())
    two.write_bytes(TENANT.format("two", "SharedMailbox", "kim@one.example", "MailContact").encode())
    sites = [str(SAMPLES / "exchange55" / f"site{n}.csv") for n in (1, 2)]
    labels = Options(labels=((str(one), "one"), (str(two), "two")))
    return {
        "openldap": _made(open_exports([str(people)], "openldap")),
        "exchange55": _made(open_exports(sites, "exchange55")),
        "microsoft365": _made(open_exports([str(one), str(two)], "microsoft365", labels)),
    }


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "openldap",
            ["changes.ldif", "changes.map.csv", "changes.notices.csv", "changes.rollback.ldif", "changes.stores.csv"],
        ),
        (
            "exchange55",
            [
                "changes.import.csv",
                "changes.import.rollback.csv",
                "changes.ldif",
                "changes.map.csv",
                "changes.notices.csv",
                "changes.rollback.ldif",
            ],
        ),
        ("microsoft365", ["changes.map.csv"]),
    ],
)
def test_the_files_of_the_writer_hold(made: dict[str, Made], kind: str, names: list[str]) -> None:
    assert names == sorted(made[kind].files)
    assert () == made[kind].faults()


# P1, P2: the files are damaged


def dropped_record(made: Made) -> Made:
    return made.edited("changes.ldif", _record(made.row(BO)), b"")


def duplicated_record(made: Made) -> Made:
    return made.edited("changes.ldif", _record(made.row(BO)), 2 * _record(made.row(BO)))


def extra_record(made: Made) -> Made:
    return made.edited("changes.ldif", _record(made.row(BO)), _record(made.row(BO)) + _modify(ZOE, "zoe", "zoe2"))


def two_records_for_one_entry(made: Made) -> Made:
    """Two rows of one entry, each in a record of its own: a server may do one of them and refuse the other."""
    made = _made(made.with_values("uid", BO, ["bo", "bø "]).job)
    first, second = (row for row in made.plan.accepted if row.dn == BO)
    both = changes.parse(made.files["changes.ldif"])
    record = next(m for m in both if m.dn == BO)
    assert [first.old.encode(), second.old.encode()] == [s.old for s in record.swaps]
    return made.edited(
        "changes.ldif",
        b"uid: bo-ek\n-\n",
        b"uid: bo-ek\n-\n\ndn: " + BO.encode() + b"\nchangetype: modify\n",
    )


def old_and_new_swapped(made: Made) -> Made:
    return made.edited("changes.ldif", _record(made.row(BO)), _modify(BO, "bo-ek", "bo"))


def wrong_dn(made: Made) -> Made:
    return made.edited("changes.ldif", BO.encode(), BO.replace("berlin", "paris").encode())


def dn_that_folds_to_the_same_key(made: Made) -> Made:
    """A server need not fold as the key does: full-width letters name another entry, or none."""
    wide = BO.replace("Bo", "\uff22\uff4f")
    assert dn.key(wide) == dn.key(BO)
    return made.edited("changes.ldif", b"dn: " + BO.encode(), b"dn:: " + _base64(wide).encode())


def dn_with_a_space_at_its_end(made: Made) -> Made:
    return made.edited("changes.ldif", BO.encode() + b"\n", BO.encode() + b" \n")


def extra_attribute(made: Made) -> Made:
    swap = b"delete: mail\nmail: bo.ek@berlin.example\n-\nadd: mail\nmail: x@berlin.example\n-\n"
    return made.edited("changes.ldif", b"uid: bo-ek\n-\n", b"uid: bo-ek\n-\n" + swap)


def other_attribute(made: Made) -> Made:
    record = _record(made.row(BO))
    return made.edited("changes.ldif", record, record.replace(b"uid", b"cn"))


def case_change_of_new(made: Made) -> Made:
    return made.edited("changes.ldif", b"uid: bo-ek", b"uid: Bo-ek")


def case_change_of_old(made: Made) -> Made:
    return made.edited("changes.ldif", b"uid: bo\n", b"uid: Bo\n")


def new_in_another_normal_form(made: Made) -> Made:
    made = made.renamed({BO: "bo\u00e9k"})
    return made.edited("changes.ldif", _base64("bo\u00e9k").encode(), _base64("boe\u0301k").encode())


def trailing_space_of_old_lost(made: Made) -> Made:
    return made.edited("changes.ldif", b"uid:: bGVhIA==", b"uid: lea")


def attribute_with_an_option(made: Made) -> Made:
    record = _record(made.row(BO))
    return made.edited("changes.ldif", record, record.replace(b"uid", b"uid;lang-de"))


def replaced_instead_of_deleted_and_added(made: Made) -> Made:
    replacing = f"dn: {BO}\nchangetype: modify\nreplace: uid\nuid: bo-ek\n-\n\n".encode()
    return made.edited("changes.ldif", _record(made.row(BO)), replacing)


def whole_attribute_deleted(made: Made) -> Made:
    return made.edited("changes.ldif", b"delete: uid\nuid: bo\n", b"delete: uid\n")


def cut_off_in_the_middle(made: Made) -> Made:
    raw = made.files["changes.ldif"]
    return replace(made, files={**made.files, "changes.ldif": raw[: raw.index(b"uid: bo-ek")]})


def cut_off_before_its_last_line_end(made: Made) -> Made:
    return replace(made, files={**made.files, "changes.ldif": made.files["changes.ldif"].rstrip(b"\n") + b"\n"})


def record_behind_a_comment(made: Made) -> Made:
    record = _record(made.row(BO))
    return made.edited("changes.ldif", record, b"# " + record)


def record_in_a_comment_behind_a_lone_cr(made: Made) -> Made:
    """A reader that takes CR for a line end finds a record in the comment."""
    return made.edited(
        "changes.ldif", b"# Left", b"#\r\r" + _modify(ZOE, "zoe", "x").replace(b"\n", b"\r") + b"\r# Left"
    )


def byte_order_mark(made: Made) -> Made:
    return replace(made, files={**made.files, "changes.ldif": b"\xef\xbb\xbf" + made.files["changes.ldif"]})


def utf_16(made: Made) -> Made:
    raw = made.files["changes.ldif"].decode().encode("utf-16")
    return replace(made, files={**made.files, "changes.ldif": raw})


def value_that_is_not_utf_8(made: Made) -> Made:
    return made.edited("changes.ldif", b"uid: bo-ek", b"uid:: " + base64.b64encode(b"bo\xffk"))


def value_from_a_url(made: Made) -> Made:
    return made.edited("changes.ldif", b"uid: bo-ek", b"uid:< file:///etc/passwd")


def entry_deleted_as_well(made: Made) -> Made:
    record = _record(made.row(BO))
    return made.edited("changes.ldif", record, record + f"dn: {ZOE}\nchangetype: delete\n\n".encode())


def control(made: Made) -> Made:
    return made.edited("changes.ldif", b"changetype", b"control: 1.2.840.113556.1.4.805 true\nchangetype")


def no_changes(made: Made) -> Made:
    return replace(made, files={n: raw for n, raw in made.files.items() if n != "changes.ldif"})


def no_rollback(made: Made) -> Made:
    return replace(made, files={n: raw for n, raw in made.files.items() if n != "changes.rollback.ldif"})


def no_map(made: Made) -> Made:
    return replace(made, files={n: raw for n, raw in made.files.items() if n != "changes.map.csv"})


def rollback_of_another_stem(made: Made) -> Made:
    files = dict(made.files)
    files["older.rollback.ldif"] = files.pop("changes.rollback.ldif")
    return replace(made, files=files)


def file_nobody_knows(made: Made) -> Made:
    return replace(made, files={**made.files, "changes.bat": b"del *"})


def second_change_file(made: Made) -> Made:
    return replace(made, files={**made.files, "more.ldif": _modify(ZOE, "zoe", "zoe2")})


def rollback_lacks_a_record(made: Made) -> Made:
    return made.edited("changes.rollback.ldif", _modify(BO, "bo-ek", "bo"), b"")


def rollback_in_wrong_values(made: Made) -> Made:
    return made.edited("changes.rollback.ldif", _modify(BO, "bo-ek", "bo"), _modify(BO, "bo-ek", "bob"))


def rollback_is_the_change_file(made: Made) -> Made:
    return replace(made, files={**made.files, "changes.rollback.ldif": made.files["changes.ldif"]})


def rollback_cut_off(made: Made) -> Made:
    return replace(made, files={**made.files, "changes.rollback.ldif": made.files["changes.rollback.ldif"][:-30]})


def rollback_with_two_records_for_one_entry(made: Made) -> Made:
    undo = _modify(BO, "bo-ek", "bo")
    return made.edited("changes.rollback.ldif", undo, 2 * undo)


def map_row_missing(made: Made) -> Made:
    line = next(x for x in made.files["changes.map.csv"].splitlines(keepends=True) if b"bo-ek" in x)
    return made.edited("changes.map.csv", line, b"")


def map_row_twice(made: Made) -> Made:
    line = next(x for x in made.files["changes.map.csv"].splitlines(keepends=True) if b"bo-ek" in x)
    return made.edited("changes.map.csv", line, 2 * line)


def map_with_another_new_name(made: Made) -> Made:
    return made.edited("changes.map.csv", b'"bo-ek"', b'"boeck"')


def map_with_anothers_mail(made: Made) -> Made:
    return made.edited("changes.map.csv", b"bo.ek@berlin.example", b"bo@paris.example")


def map_without_a_column(made: Made) -> Made:
    return made.edited("changes.map.csv", b'"old"', b'"former"')


def map_with_a_column_twice(made: Made) -> Made:
    return made.edited("changes.map.csv", b'"kind"', b'"new"')


def map_with_a_formula(made: Made) -> Made:
    """Read back it is the same name: the guard is what keeps a spreadsheet program from running it."""
    return made.renamed({BO: "=bo"}).edited("changes.map.csv", b'"\'=bo"', b'"=bo"')


def map_row_without_its_last_cells(made: Made) -> Made:
    return made.edited("changes.map.csv", b',"person"', b"")


def map_cut_off_within_a_cell(made: Made) -> Made:
    return replace(made, files={**made.files, "changes.map.csv": made.files["changes.map.csv"][:-5]})


def map_that_is_empty(made: Made) -> Made:
    return replace(made, files={**made.files, "changes.map.csv": b""})


def map_that_is_not_utf_8(made: Made) -> Made:
    return made.edited("changes.map.csv", "Léa".encode(), b"L\xe9a")


def store_row_missing(made: Made) -> Made:
    line = next(x for x in made.files["changes.stores.csv"].splitlines(keepends=True) if b"bo-ek" in x)
    return made.edited("changes.stores.csv", line, b"")


def store_moved_to_another_name(made: Made) -> Made:
    return made.edited("changes.stores.csv", b'"bo-ek"', b'"anna-weber"')


def store_of_another_home(made: Made) -> Made:
    return made.edited("changes.stores.csv", b'"/home/bo"', b'"/home/zoe"')


def notice_row_missing(made: Made) -> Made:
    line = next(x for x in made.files["changes.notices.csv"].splitlines(keepends=True) if b"bo-ek" in x)
    return made.edited("changes.notices.csv", line, b"")


def notice_of_another_form(made: Made) -> Made:
    """The column of the new name is right, what its holder shall type is not."""
    line = next(x for x in made.files["changes.notices.csv"].splitlines(keepends=True) if b"bo-ek" in x)
    forth, cell, back = line.rpartition(b'"bo-ek"')
    return made.edited("changes.notices.csv", line, forth + cell.replace(b"bo-ek", b"bock") + back)


def no_notices(made: Made) -> Made:
    return replace(made, files={n: raw for n, raw in made.files.items() if n != "changes.notices.csv"})


def no_stores(made: Made) -> Made:
    return replace(made, files={n: raw for n, raw in made.files.items() if n != "changes.stores.csv"})


# P3: the exports moved on


def old_value_gone(made: Made) -> Made:
    return made.with_values("uid", BO, ["bo2"])


def old_value_twice(made: Made) -> Made:
    return made.with_values("uid", BO, ["bo", "bo"])


def old_value_in_another_case(made: Made) -> Made:
    return made.with_values("uid", BO, ["Bo"])


def value_that_is_part_of_the_dn(made: Made) -> Made:
    row = replace(made.row(BO), dn=ZOE, old="zoe", new="zoe2")
    return made.replanned([*made.plan.rows, row])


# P4: the cure is none


def new_name_in_the_clash_it_was_in(made: Made) -> Made:
    return made.renamed({BO: "Bo"})


def change_that_changes_nothing(made: Made) -> Made:
    return made.renamed({LEA: "lea "})


def new_name_that_breaks_a_rule(made: Made) -> Made:
    return made.renamed({BO: "bo-ek "})


def clash_that_the_plan_does_not_list(made: Made) -> Made:
    return made.without(TOM)


def clash_of_which_only_a_reference_is_listed(made: Made) -> Made:
    return made.without(WEBER)


def broken_value_that_the_plan_does_not_list(made: Made) -> Made:
    return made.without(LEA)


# P5: the new name is not free


def new_name_given_twice(made: Made) -> Made:
    return made.renamed({BO: "ANNA-WEBER"})


def new_name_somebody_elses(made: Made) -> Made:
    return made.renamed({BO: "zoe"})


def new_name_the_entrys_own_already(made: Made) -> Made:
    """The server refuses to add what is there (RFC 4511 section 4.6, attributeOrValueExists)."""
    return made.renamed({WEBER: "Weber"})


def name_handed_on_in_the_plan(made: Made) -> Made:
    """Bo gets what Léa gives up."""
    return made.renamed({BO: "lea", LEA: "lea2"})


def new_name_reserved(made: Made) -> Made:
    return replace(made, memory=Memory(reserved=("Bo-Ek",)))


def new_name_held_before_by_another(made: Made) -> Made:
    return replace(made, memory=Memory(held=((dn.key(ZOE), "BO-EK"),)))


def names_swapped(made: Made) -> Made:
    """Each gets what the other gives up: whatever comes first is refused."""
    broken = _made(made.with_values("uid", BO, ["bo 2 "]).with_values("uid", LEA, ["lea "]).job)
    return broken.renamed({BO: "lea", LEA: "bo 2"})


# Exchange 5.5: the import file


def import_into_the_other_site(made: Made) -> Made:
    """The same Directory Name stands in both sites: the wrong container is the wrong person."""
    return made.edited("changes.import.csv", b"huser,user,SRV2,/o=ORG/ou=SITE2", b"huser,user,SRV2,/o=ORG/ou=SITE1")


def import_that_deletes(made: Made) -> Made:
    return made.edited("changes.import.csv", b"Mailbox,Modify,huser", b"Mailbox,Delete,huser")


def import_that_creates_what_it_does_not_find(made: Made) -> Made:
    return made.edited("changes.import.csv", b"Mailbox,Modify,huser", b"Mailbox,Update,huser")


def import_of_another_class(made: Made) -> Made:
    return made.edited("changes.import.csv", b"Mailbox,Modify,huser", b"Remote,Modify,huser")


def import_of_another_alias(made: Made) -> Made:
    return made.edited("changes.import.csv", b",huser,", b",user2,")


def import_to_another_server(made: Made) -> Made:
    return made.edited("changes.import.csv", b"huser,user,SRV2", b"huser,user,SRV1")


def import_row_twice(made: Made) -> Made:
    line = next(x for x in made.files["changes.import.csv"].splitlines(keepends=True) if b"huser" in x)
    return made.edited("changes.import.csv", line, 2 * line)


def import_row_for_somebody_else(made: Made) -> Made:
    line = b"Mailbox,Modify,dost2,dost,SRV2,/o=ORG/ou=SITE2/cn=Recipients\r\n"
    return replace(made, files={**made.files, "changes.import.csv": made.files["changes.import.csv"] + line})


def import_with_one_more_column(made: Made) -> Made:
    raw = made.files["changes.import.csv"].splitlines()
    wider = b"".join(x + (b",Hide from AB" if not n else b",1") + b"\r\n" for n, x in enumerate(raw))
    return replace(made, files={**made.files, "changes.import.csv": wider})


def import_with_a_byte_order_mark(made: Made) -> Made:
    """The Administrator does not know it and takes it for a part of the first column's name."""
    raw = b"\xef\xbb\xbf" + made.files["changes.import.csv"]
    return replace(made, files={**made.files, "changes.import.csv": raw})


def import_without_its_rollback(made: Made) -> Made:
    return replace(made, files={n: raw for n, raw in made.files.items() if n != "changes.import.rollback.csv"})


def import_rollback_without_its_import(made: Made) -> Made:
    return replace(made, files={n: raw for n, raw in made.files.items() if n != "changes.import.csv"})


def import_rollback_lacks_a_row(made: Made) -> Made:
    raw = made.files["changes.import.rollback.csv"]
    line = next(x for x in raw.splitlines(keepends=True) if b",user,user," in x)
    return made.edited("changes.import.rollback.csv", line, b"")


def import_rollback_to_another_alias(made: Made) -> Made:
    return made.edited("changes.import.rollback.csv", b",user,user,", b",user2,user,")


def import_of_what_the_administrator_takes_for_an_order(made: Made) -> Made:
    """The rows say the same, but ~DEL clears the field (KB Q152854)."""
    user = "cn=user,cn=Recipients,ou=SITE2,o=ORG"
    named = made.renamed({user: "user3"}).edited("changes.import.csv", b",user3,", b",~DEL3,")
    return replace(named, plan=made.renamed({user: "~DEL3"}).plan)


def import_rollback_of_more(made: Made) -> Made:
    line = next(x for x in made.files["changes.import.csv"].splitlines(keepends=True) if b"huser" in x)
    return made.edited("changes.import.csv", line, b"")


IMPORT_FAULTS: list[tuple[Callable[[Made], Made], str, str]] = [
    (import_into_the_other_site, "rows", "Mailbox, Modify, huser, user, SRV2, cn=recipients,ou=site1,o=org"),
    (import_that_deletes, "rows", "Delete"),
    (import_that_creates_what_it_does_not_find, "rows", "Update"),
    (import_of_another_class, "rows", "Remote"),
    (import_of_another_alias, "rows", "user2"),
    (import_to_another_server, "rows", "SRV1"),
    (import_row_twice, "rows", "huser"),
    (import_row_for_somebody_else, "rows", "dost2"),
    (import_with_one_more_column, "readable", "changes.import.csv has other columns than Obj-Class"),
    (import_with_a_byte_order_mark, "readable", "changes.import.csv has other columns than Obj-Class"),
    (import_without_its_rollback, "readable", "there is no *.import.rollback.csv"),
    (import_rollback_without_its_import, "readable", "there is no *.import.csv"),
    (import_rollback_lacks_a_row, "rows", "the import rollback file lacks"),
    (import_rollback_to_another_alias, "rows", "the import rollback file has"),
    (import_of_what_the_administrator_takes_for_an_order, "rows", "takes '~DEL3' of the import files"),
    (import_rollback_of_more, "rows", "the import rollback file has Mailbox, Modify, user, user, SRV2"),
]


@pytest.mark.parametrize(("fault", "step", "word"), IMPORT_FAULTS, ids=[f.__name__ for f, _, _ in IMPORT_FAULTS])
def test_a_seeded_fault_of_the_import_file_fails_its_step(
    made: dict[str, Made], fault: Callable[[Made], Made], step: str, word: str
) -> None:
    found = fault(made["exchange55"]).faults()

    assert (step, True) in {(f.step, word in f.sentence) for f in found}


# Tenants without DNs: the map is all there is


def row_of_the_map_missing(made: Made) -> Made:
    line = next(x for x in made.files["changes.map.csv"].splitlines(keepends=True) if b"kim2" in x)
    return made.edited("changes.map.csv", line, b"")


def change_file_although_no_directory_takes_it(made: Made) -> Made:
    row = next(r for r in made.plan.accepted if r.old == "info")
    forth = _modify(row.dn, "info", "info2").replace(b"uid", b"mailNickname")
    back = _modify(row.dn, "info2", "info").replace(b"uid", b"mailNickname")
    return replace(made, files={**made.files, "changes.ldif": forth, "changes.rollback.ldif": back})


def row_of_the_other_tenant(made: Made) -> Made:
    """The mailbox of one tenant and the contact of the other have one address: the file it is from tells them apart."""
    line = next(x for x in made.files["changes.map.csv"].splitlines(keepends=True) if b"kim2" in x)
    return made.edited("changes.map.csv", line, line.replace(b"two.csv", b"one.csv"))


@pytest.mark.parametrize(
    ("fault", "step", "word"),
    [
        (row_of_the_map_missing, "rows", "the map file lacks"),
        (change_file_although_no_directory_takes_it, "rows", "the changes file has"),
        (row_of_the_other_tenant, "rows", "the map file has mail=kim@one.example"),
    ],
)
def test_a_seeded_fault_of_the_map_alone_fails_its_step(
    made: dict[str, Made], fault: Callable[[Made], Made], step: str, word: str
) -> None:
    found = fault(made["microsoft365"]).faults()

    assert (step, True) in {(f.step, word in f.sentence) for f in found}


# What is proved, in numbers


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("openldap", Proof((), changed=3, holding=7, left=2)),  # anna, anna-weber, weber, bo-ek, BO, lea, zoe; tom, tom
        ("exchange55", Proof((), changed=6, holding=21, left=2)),  # tberg, tberg
        ("microsoft365", Proof((), changed=2, holding=4, left=0)),
    ],
)
def test_says_how_much_was_proved(made: dict[str, Made], kind: str, expected: Proof) -> None:
    found = made[kind]

    assert expected == prove(found.job.directory, found.plan, found.files, found.job.ruleset, found.memory)


def test_where_nothing_is_accepted_everything_is_left(made: dict[str, Made]) -> None:
    found = made["openldap"]
    rejected = found.replanned(replace(r, decision="reject") if r.accepted else r for r in found.plan.rows)

    proof = prove(found.job.directory, rejected.plan, rejected.files, found.job.ruleset, Memory())

    assert Proof((), changed=0, holding=2, left=7) == proof  # weber, zoe


def test_a_value_that_clashes_and_breaks_a_rule_is_one(made: dict[str, Made]) -> None:
    found = made["openldap"].with_values("uid", LEA, ["tom ", "tom"])

    proof = prove_changes(found.job.directory, [], None, found.job.ruleset, Memory())

    assert Proof((), changed=0, holding=2, left=8) == proof


# Change files without their plan


def _parsed(made: Made, name: str) -> list[Modify]:
    return list(changes.parse(made.files[name]))


def _swap(entry: str, old: str | bytes, new: str | bytes, attribute: str = "uid") -> Modify:
    raw = [text.encode() if isinstance(text, str) else text for text in (old, new)]
    return Modify(entry, (Swap(attribute, *raw),))


def test_change_files_hold_without_their_plan(made: dict[str, Made]) -> None:
    found = made["openldap"]
    forth, back = (_parsed(found, name) for name in ("changes.ldif", "changes.rollback.ldif"))

    assert Proof((), 3, 7, 2) == prove_changes(found.job.directory, forth, back, found.job.ruleset, Memory())
    assert Proof((), 3, 7, 2) == prove_changes(found.job.directory, forth, None, found.job.ruleset, Memory())


@pytest.mark.parametrize(
    ("forth", "back", "step", "word"),
    [
        ([_swap(BO, "bo", "bo-ek")] * 2, None, "rows", "the changes file has more than one record"),
        ([_swap(BO, "bo", "bo-ek")], [_swap(BO, "bo-ek", "bo")] * 2, "rows", "the rollback file has more than one"),
        ([_swap("cn=gone,o=x", "bo", "bo-ek")], None, "guard", "not in the exports"),
        ([_swap(BO, "bob", "bo-ek")], None, "guard", "not in the exports"),
        ([_swap(BO, "bo", "bo-ek", "userPassword")], None, "guard", "not in the exports"),
        ([_swap(BO, "bo", b"bo\xff")], None, "guard", "not UTF-8"),
        ([_swap(BO, "bo", "")], None, "guard", "empty"),
        ([_swap(ZOE, "zoe", "zoe2")], None, "guard", "part of the DN"),
        ([_swap(ZOE.upper(), "zoe", "zoe2")], None, "guard", "part of the DN"),
        ([Modify(BO, 2 * _swap(BO, "bo", "bo-ek").swaps)], None, "guard", "deleted twice"),
        ([_swap(BO, "bo", "Bo")], None, "cure", "still clashes"),
        ([_swap(LEA, "lea ", " lea")], None, "cure", "breaks a rule"),
        ([_swap(BO, "bo", "anna")], None, "cure", "clashes"),
        ([_swap(BO, "bo", "zoe")], None, "fresh", "somebody else's"),
        ([_swap(WEBER, "Anna", "weber")], None, "fresh", "the entry has already"),
        ([_swap(BO, "bo.ek@berlin.example", "bo@berlin.example", "mail")], None, "fresh", "in no namespace"),
        ([_swap(BO, "bo", "bo-ek")], [], "undo", "does not give back"),
        ([_swap(BO, "bo", "bo-ek")], [_swap(BO, "bo-ek", "Bo")], "undo", "does not give back"),
        ([_swap(BO, "bo", "bo-ek")], [_swap(BO, "bo", "bo-ek")], "undo", "not in the exports"),
    ],
)
def test_a_fault_of_change_files_without_their_plan_fails_its_step(
    made: dict[str, Made], forth: list[Modify], back: list[Modify] | None, step: str, word: str
) -> None:
    job = made["openldap"].job

    found = prove_changes(job.directory, forth, back, job.ruleset, Memory()).faults

    assert (step, True) in {(f.step, word in f.sentence) for f in found}


def test_a_record_can_not_mean_two_entries_of_one_dn(made: dict[str, Made], tmp_path: Path) -> None:
    """Of two forests one server would do the record that is meant for the other."""
    text = f"dn: {BO}\nobjectClass: inetOrgPerson\nuid: bo\n\n"
    paths = [str(tmp_path / f"{label}.ldif") for label in ("east", "west")]
    for path in paths:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    job = open_exports(paths, "openldap", Options(labels=tuple((p, Path(p).stem) for p in paths)))

    proof = prove_changes(job.directory, [_swap(BO, "bo", "bo-ek")], None, job.ruleset, Memory())

    sentence = f'the exports have the old value 2 times under this DN: uid "bo" -> "bo-ek" of {BO}'
    assert (Fault("guard", sentence),) == proof.faults


def test_a_fresh_export_tells_what_is_done_and_what_has_moved(made: dict[str, Made]) -> None:
    found = made["openldap"]
    later = found.with_values("uid", BO, ["bo-ek"]).with_values("uid", LEA, ["lee"])

    told = states(later.job.directory, _parsed(found, "changes.ldif"))

    assert [
        ("done", f'uid "bo" -> "bo-ek" of {BO}'),
        ("moved", f'uid "lea " -> "lea" of {LEA}'),
        ("open", f'uid "Anna" -> "anna-weber" of {WEBER}'),
    ] == told


# Whatever is made or damaged


@given(data=st.data())
def test_the_files_of_every_plan_hold(data: st.DataObject, strategies: ModuleType) -> None:
    case = data.draw(strategies.cases())
    directory, ruleset = case.directory(), case.loaded()
    plan = propose(directory, ruleset, case.memory, case.wishes)

    proof = prove(directory, plan, change_files(plan, ruleset, directory).files, ruleset, case.memory)

    assert () == proof.faults


@given(
    name=st.sampled_from(["changes.ldif", "changes.rollback.ldif"]),
    at=st.integers(0, 10_000),
    cut=st.integers(0, 40),
    put=st.one_of(st.binary(max_size=3), st.sampled_from([b"\n", b"\n\n", b"\r\n", b" ", b"\n ", b"#", b"-", b"dn: "])),
)
def test_a_damaged_file_fails_or_says_the_same(made: dict[str, Made], name: str, at: int, cut: int, put: bytes) -> None:
    whole = made["openldap"]
    raw = whole.files[name]
    at %= len(raw)
    damaged = replace(whole, files={**whole.files, name: raw[:at] + put + raw[at + cut :]})

    if not damaged.faults():
        assert [(m.dn, m.swaps) for m in _parsed(whole, name)] == [(m.dn, m.swaps) for m in _parsed(damaged, name)]


def _record(row: Row) -> bytes:
    return _modify(row.dn, row.old, row.new)


def _modify(entry: str, old: str, new: str) -> bytes:
    return f"dn: {entry}\nchangetype: modify\ndelete: uid\nuid: {old}\n-\nadd: uid\nuid: {new}\n-\n\n".encode()


FAULTS: list[tuple[Callable[[Made], Made], str, str]] = [
    (dropped_record, "rows", "the changes file lacks"),
    (duplicated_record, "rows", "which no accepted row says"),
    (extra_record, "rows", "which no accepted row says"),
    (two_records_for_one_entry, "rows", "more than one record"),
    (old_and_new_swapped, "rows", "lacks"),
    (wrong_dn, "rows", "lacks"),
    (dn_that_folds_to_the_same_key, "rows", "lacks"),
    (dn_with_a_space_at_its_end, "rows", "lacks"),
    (extra_attribute, "rows", "mail"),
    (other_attribute, "rows", "lacks"),
    (case_change_of_new, "rows", "Bo-ek"),
    (case_change_of_old, "rows", '"Bo"'),
    (new_in_another_normal_form, "rows", "lacks"),
    (trailing_space_of_old_lost, "rows", '"lea "'),
    (attribute_with_an_option, "readable", "does not name"),
    (replaced_instead_of_deleted_and_added, "readable", "whole swaps"),
    (whole_attribute_deleted, "readable", "whole swaps"),
    (cut_off_in_the_middle, "readable", "changes.ldif, line"),
    (cut_off_before_its_last_line_end, "readable", "no blank line"),
    (record_behind_a_comment, "readable", "does not begin with its dn"),
    (record_in_a_comment_behind_a_lone_cr, "readable", "changes.ldif, line 5"),
    (byte_order_mark, "readable", "changes.ldif, line 1"),
    (utf_16, "readable", "changes.ldif, line 1"),
    (value_that_is_not_utf_8, "rows", "xff"),
    (value_from_a_url, "readable", "URL"),
    (entry_deleted_as_well, "readable", "not a plain changetype: modify"),
    (control, "readable", "not a plain changetype: modify"),
    (no_changes, "readable", "there is no *.ldif"),
    (no_rollback, "readable", "there is no *.rollback.ldif"),
    (no_map, "readable", "there is no *.map.csv"),
    (rollback_of_another_stem, "rows", "of changes.ldif and changes.rollback.ldif there is one only"),
    (file_nobody_knows, "readable", "changes.bat is none of the files"),
    (second_change_file, "readable", "more.ldif is none of the files"),
    (rollback_lacks_a_record, "rows", "the rollback file lacks"),
    (rollback_in_wrong_values, "rows", "bob"),
    (rollback_is_the_change_file, "rows", "the rollback file lacks"),
    (rollback_cut_off, "readable", "changes.rollback.ldif, line"),
    (rollback_with_two_records_for_one_entry, "rows", "the rollback file has more than one record"),
    (map_row_missing, "rows", "the map file lacks"),
    (map_row_twice, "rows", "the map file has"),
    (map_with_another_new_name, "rows", "boeck"),
    (map_with_anothers_mail, "rows", "the map file has cn=Bo+"),
    (map_without_a_column, "readable", "other columns"),
    (map_with_a_column_twice, "readable", "columns"),
    (map_with_a_formula, "readable", "'=bo' for a formula"),
    (map_row_without_its_last_cells, "readable", "row 2: it has 8 cells"),
    (map_cut_off_within_a_cell, "readable", "is no table"),
    (map_that_is_empty, "readable", "columns"),
    (map_that_is_not_utf_8, "readable", "is no table"),
    (store_row_missing, "rows", "the stores file lacks"),
    (store_moved_to_another_name, "rows", "the stores file has"),
    (store_of_another_home, "rows", "/home/zoe"),
    (no_stores, "readable", "there is no *.stores.csv"),
    (notice_row_missing, "rows", "the notices file lacks"),
    (notice_of_another_form, "rows", "bock"),
    (no_notices, "readable", "there is no *.notices.csv"),
    (old_value_gone, "guard", "not in the exports"),
    (old_value_twice, "guard", "2 times"),
    (old_value_in_another_case, "guard", "not in the exports"),
    (value_that_is_part_of_the_dn, "guard", "part of the DN"),
    (new_name_in_the_clash_it_was_in, "cure", "still clashes"),
    (change_that_changes_nothing, "cure", "changes nothing"),
    (new_name_that_breaks_a_rule, "cure", "breaks a rule"),
    (clash_that_the_plan_does_not_list, "cure", f"does not list {TOM} as left"),
    (clash_of_which_only_a_reference_is_listed, "cure", f"does not list {WEBER} as left"),
    (broken_value_that_the_plan_does_not_list, "cure", f"does not list {LEA} as left"),
    (new_name_given_twice, "fresh", "given twice"),
    (new_name_somebody_elses, "fresh", "somebody else's"),
    (new_name_the_entrys_own_already, "fresh", "the entry has already"),
    (name_handed_on_in_the_plan, "fresh", "somebody else's"),
    (new_name_reserved, "fresh", "reserved"),
    (new_name_held_before_by_another, "fresh", "somebody else's before"),
    (names_swapped, "fresh", "somebody else's"),
]


@pytest.mark.parametrize(("fault", "step", "word"), FAULTS, ids=[f.__name__ for f, _, _ in FAULTS])
def test_a_seeded_fault_fails_its_step(
    made: dict[str, Made], fault: Callable[[Made], Made], step: str, word: str
) -> None:
    found = fault(made["openldap"]).faults()

    assert (step, True) in {(f.step, word in f.sentence) for f in found}
