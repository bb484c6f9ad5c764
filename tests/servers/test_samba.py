"""Samba as a domain controller: its own database, changed by its own ldbmodify; no daemon is needed for that."""

from __future__ import annotations

import base64
import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    Run = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[2]
PAGE = "docs/active-directory.md"
BASE = "DC=example,DC=org"
# A search of the whole domain also names the other naming contexts as referrals, in which nobody has an alias.
WRITE = ("--rules", "exchange", "--accept-all", "--complete", "--dialect")
# Samba's schema has no mailNickname; setup of Exchange adds it to a forest.
ATTRIBUTE = f"""dn: CN=ms-Exch-Mail-Nickname,CN=Schema,CN=Configuration,{BASE}
changetype: add
objectClass: attributeSchema
lDAPDisplayName: mailNickname
attributeID: 1.2.840.113556.1.2.447
attributeSyntax: 2.5.5.12
oMSyntax: 64
isSingleValued: TRUE
rangeLower: 1
rangeUpper: 64

"""
CLASS = f"""dn: CN=User,CN=Schema,CN=Configuration,{BASE}
changetype: modify
add: mayContain
mayContain: mailNickname
-

"""
PEOPLE = (
    ("CN=Anna Adler,OU=East", "aadler", "anna", "anna@example.org"),
    ("CN=Anna Petit,OU=West", "apetit", "Anna", "petit@example.org"),
    ("CN=Müller\\, Jürgen,OU=East", "jmueller", "müller", "mueller@example.org"),
    ("CN=Müller\\, Jörg,OU=West", "joerg", "müller", "joerg@example.org"),
    ("CN=Zoe,OU=West", "zoe", "zoe", "zoe@example.org"),
)


@dataclass(frozen=True)
class Samba:
    database: Path
    run: Run

    def tool(self, name: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run(name, "-H", self.database, *words)

    def modify(self, changes: Path) -> subprocess.CompletedProcess[str]:
        return self.tool("ldbmodify", changes)

    def export(self, to: Path) -> dict[str, str]:
        """Write an export, and give each DN's mailNickname."""
        done = self.tool("ldbsearch", "-b", BASE, "(mailNickname=*)")
        assert done.returncode == 0, done.stderr
        to.write_text(done.stdout, encoding="utf-8", newline="\n")
        found = {}
        for record in done.stdout.replace("\n ", "").split("\n\n"):
            lines = [line.partition(":") for line in record.split("\n") if line and not line.startswith("#")]
            values = {
                name: base64.b64decode(v[1:]).decode() if v.startswith(":") else v.strip() for name, _, v in lines
            }
            if "mailNickname" in values:
                found[values["dn"]] = values["mailNickname"]
        return found


@pytest.fixture(scope="module")
def provisioned(tmp_path_factory: pytest.TempPathFactory, server_run: Run) -> Path:
    """A domain's database with these people in it."""
    folder = tmp_path_factory.mktemp("samba")
    target = folder / "dc"
    # It ends with an error where the file system has no ACLs; by then the database is whole.
    server_run(
        "samba-tool", "domain", "provision", "--realm=EXAMPLE.ORG", "--domain=EXAMPLE", "--adminpass=Passw0rd.x",
        "--server-role=dc", "--dns-backend=NONE", "--host-name=dc1", "--host-ip=127.0.0.1", f"--targetdir={target}",
    )  # fmt: skip
    samba = Samba(target / "private" / "sam.ldb", server_run)
    people = "".join(
        f"dn:: {base64.b64encode(f'{rdn},{BASE}'.encode()).decode()}\nchangetype: add\nobjectClass: user\n"
        f"sAMAccountName: {account}\nmailNickname:: {base64.b64encode(alias.encode()).decode()}\nmail: {mail}\n\n"
        for rdn, account, alias, mail in PEOPLE
    )
    ous = "".join(
        f"dn: OU={ou},{BASE}\nchangetype: add\nobjectClass: organizationalUnit\n\n" for ou in ("East", "West")
    )
    # A schema change is seen by the next run, not by its own.
    for name, content in (("attribute", ATTRIBUTE), ("class", CLASS), ("people", ous + people)):
        file = folder / f"{name}.ldif"
        file.write_text(content, encoding="utf-8", newline="\n")
        done = samba.tool("ldbmodify", "--option=dsdb:schema update allowed=true", file)
        assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def samba(provisioned: Path, tmp_path: Path, server_run: Run) -> Samba:
    shutil.copytree(provisioned, tmp_path / "dc")
    return Samba(tmp_path / "dc" / "private" / "sam.ldb", server_run)


@pytest.fixture
def changes(samba: Samba, tmp_path: Path, aliasfix: Run) -> Path:
    """What aliasfix writes for an export of the database."""
    samba.export(tmp_path / "export.ldif")
    file = tmp_path / "changes.ldif"
    written = aliasfix("write", tmp_path / "export.ldif", *WRITE, "samba", "-o", file)
    assert written.returncode == 0, written.stderr
    return file


BEFORE = {f"{rdn},{BASE}": alias for rdn, _, alias, _ in PEOPLE}
AFTER = {
    **BEFORE,
    f"CN=Anna Petit,OU=West,{BASE}": "petit",
    f"CN=Müller\\, Jürgen,OU=East,{BASE}": "mueller",
}


def test_ldbmodify_takes_the_changes_and_the_rollback(
    samba: Samba, changes: Path, tmp_path: Path, aliasfix: Run
) -> None:
    fresh = tmp_path / "fresh.ldif"
    assert BEFORE == samba.export(fresh)
    assert 0 == samba.modify(changes).returncode
    after = samba.export(fresh)
    verified = aliasfix("verify", fresh, "--rules", "exchange", "--changes", changes)
    assert 0 == verified.returncode, verified.stdout

    assert len({alias.lower() for alias in after.values()}) == len(after)
    assert AFTER == after
    assert 0 == samba.modify(changes.with_name("changes.rollback.ldif")).returncode
    assert BEFORE == samba.export(fresh)


def test_where_one_entry_has_moved_on_ldbmodify_applies_none(samba: Samba, changes: Path, tmp_path: Path) -> None:
    name = f"CN=Anna Petit,OU=West,{BASE}"
    moved = tmp_path / "moved.ldif"
    moved.write_text(
        f"dn: {name}\nchangetype: modify\nreplace: mailNickname\nmailNickname: petit2\n-\n\n", encoding="utf-8"
    )
    assert 0 == samba.modify(moved).returncode
    refused = samba.modify(changes)

    assert 0 != refused.returncode
    assert "no matching attribute value while deleting" in refused.stderr + refused.stdout
    assert {**BEFORE, name: "petit2"} == samba.export(tmp_path / "fresh.ldif")


@pytest.mark.parametrize("dialect", ["ldifde", "rfc2849"])
def test_of_another_dialect_ldbmodify_reads_nothing(
    samba: Samba, changes: Path, tmp_path: Path, aliasfix: Run, dialect: str
) -> None:
    file = changes.with_name("other.ldif")
    assert 0 == aliasfix("write", tmp_path / "export.ldif", *WRITE, dialect, "-o", file).returncode
    done = samba.modify(file)

    assert "First line of ldif must be a dn" in done.stderr  # of CRLF it says at the end that all went well
    assert " 0 records" in done.stdout
    assert BEFORE == samba.export(tmp_path / "fresh.ldif")


def test_the_ten_checks_of_the_page_show_what_samba_says(
    samba: Samba, pages: ModuleType, tmp_path: Path, *, accept: bool
) -> None:
    def servers(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """A tool of Samba."""
        name, *arguments = words
        assert arguments[:2] == ["-H", "sam.ldb"]
        return samba.tool(name, *arguments[2:])

    @contextlib.contextmanager
    def session() -> Iterator[object]:
        shutil.copytree(ROOT / "samples", tmp_path / "samples")
        with contextlib.chdir(tmp_path):
            yield pages.Session(pages.here, pages.redirected(servers))

    pages.hold(ROOT / PAGE, session, accept=accept)
