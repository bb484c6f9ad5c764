"""Real servers (slapd, Dovecot) on loopback, each in a temporary folder and ended by the test that started it."""

from __future__ import annotations

import base64
import csv
import imaplib
import os
import poplib
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HOST = "127.0.0.1"
SECONDS = 60  # for any one program or answer: the machine may be busy
SEARCHED = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin"  # where a user's PATH has no servers


def program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where everything has to be there."""
    found = shutil.which(name, path=SEARCHED)
    if not found:
        missing(f"{name} is not installed; .ci/run names the packages")
    return found


def missing(what: str) -> NoReturn:
    if os.environ.get("ALIASFIX_NO_SKIP") == "1":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LDAPNOINIT": "1"},  # no ldap.conf or .ldaprc of this machine
        timeout=SECONDS,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


class Service:
    """A server in the foreground. Its streams are on the null device: a service that inherits a pipe keeps it open."""

    def __init__(self, command: Sequence[str | Path], ports: Sequence[int]) -> None:
        null = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=null, stdout=null, stderr=null)
        for port in ports:
            self._wait_for(port)

    def _wait_for(self, port: int) -> None:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError), socket.create_connection((HOST, port), timeout=SECONDS):
                return
            time.sleep(0.05)
        self.stop()
        pytest.fail(f"{self.process.args!r} does not answer on port {port}: exit code {self.process.returncode}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(SECONDS)


@dataclass(frozen=True)
class Person:
    site: str
    rdn: str  # as a person writes it; slapd exports its own spelling
    uid: str
    number: str  # never changes, whatever the name
    mail: str
    created: str

    @property
    def password(self) -> str:
        return f"secret-{self.number}"

    @property
    def message(self) -> bytes:
        return f"From: postmaster@example.org\r\nTo: {self.mail}\r\n\r\nYour number is {self.number}.\r\n".encode()


Entries = dict[str, list[tuple[str, bytes]]]  # DN to attributes and values
PEOPLE = (
    Person("SITE1", "cn=Ursula Sehr", "user", "1001", "user@site1.org.com", "20110101000000Z"),
    Person("SITE2", "cn=Ulrich Sehr", "user", "2001", "user@site2.org.com", "20120101000000Z"),
    Person("SITE1", "cn=Third", "third", "1002", "third@site1.org.com", "20110101000000Z"),
    Person("SITE1", "cn=Jo Marsh", "jm", "1003", "jm@site1.org.com", "20120101000000Z"),
    Person("SITE2", "cn=Jürgen Müller", "JM", "2003", "juergen.mueller@site2.org.com", "20110101000000Z"),
    Person("SITE1", "cn=Weber\\, Hans", "hweber", "1004", "hans.weber@site1.org.com", "20110101000000Z"),
    Person("SITE2", "cn=Heike Weber", "hweber", "2004", "hweber@site2.org.com", "20120101000000Z"),
    Person("SITE1", "cn=Office", "office", "1005", "office@site1.org.com", "20120101000000Z"),
    Person("SITE2", "cn=Roth \\+ Söhne", "office", "2005", "roth@site2.org.com", "20110101000000Z"),
    Person("SITE1", "cn=Tina Ost+employeeNumber=1006", "tina", "1006", "tina.ost@site1.org.com", "20110101000000Z"),
    Person("SITE2", "cn=Tina West", "tina", "2006", "tina@site2.org.com", "20120101000000Z"),
    Person("SITE2", "cn=Lea Lang", "lea ", "2007", "lea@site2.org.com", "20110101000000Z"),
)


def _line(name: str, value: str) -> str:
    plain = value.isascii() and value == value.strip()
    return f"{name}: {value}\n" if plain else f"{name}:: {base64.b64encode(value.encode()).decode('ascii')}\n"


def organization(homes: Path) -> str:
    """The directory as LDIF: each person's homeDirectory is keyed by the number, ``l`` is the site."""
    records = ["dn: o=ORG\nobjectClass: organization\no: ORG\n"]
    for site in ("SITE1", "SITE2"):
        records.append(f"dn: ou={site},o=ORG\nobjectClass: organizationalUnit\nou: {site}\n")
        records.append(f"dn: cn=Recipients,ou={site},o=ORG\nobjectClass: organizationalRole\ncn: Recipients\n")
    for p in PEOPLE:
        name = p.rdn.removeprefix("cn=").split("+employeeNumber")[0].replace("\\", "")
        lines = {
            "dn": f"{p.rdn},cn=Recipients,ou={p.site},o=ORG",
            "cn": name,
            "sn": name.split()[-1],
            "uid": p.uid,
            "mail": p.mail,
            "l": p.site,
            "employeeNumber": p.number,
            "userPassword": p.password,
            "uidNumber": p.number,
            "gidNumber": "100",
            "homeDirectory": str(homes / p.number),
            "createTimestamp": p.created,
        }
        head, *rest = (_line(n, v) for n, v in lines.items())
        records.append("".join([head, "objectClass: inetOrgPerson\nobjectClass: posixAccount\n", *rest]))
    return "\n".join(records)


@dataclass
class Slapd:
    folder: Path
    suffix: str = "o=ORG"
    port: int = field(default_factory=free_port)
    service: Service | None = None

    @property
    def conf(self) -> Path:
        return self.folder / "slapd.conf"

    @property
    def admin(self) -> str:
        return f"cn=admin,{self.suffix}"

    def load(self, directory: bytes, settings: str = "") -> None:
        """Nothing but the entries of this LDIF; the server need not run."""
        database = self.folder / "database"
        shutil.rmtree(database, ignore_errors=True)
        database.mkdir()
        schemas = ("core", "cosine", "nis", "inetorgperson")
        self.conf.write_text(
            "".join(f"include /etc/ldap/schema/{s}.schema\n" for s in schemas)
            + "modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload unique\n"
            f'database mdb\nsuffix "{self.suffix}"\nrootdn "{self.admin}"\nrootpw admin\ndirectory {database}\n'
            f"maxsize 16777216\nindex uid eq\naccess to * by self write by anonymous auth by * read\n{settings}\n",
            encoding="utf-8",
        )
        load = self.folder / "load.ldif"
        load.write_bytes(directory)
        loaded = run(program("slapadd"), "-q", "-f", self.conf, "-l", load)
        assert (loaded.returncode, loaded.stderr) == (0, "")

    def start(self, settings: str = "") -> None:
        """Load the organization and serve it; each homeDirectory is ``FOLDER/homes/NUMBER``."""
        self.load(organization(self.folder / "homes").encode(), settings)
        self.serve()

    def serve(self) -> None:
        """Serve what is loaded."""
        self.service = Service(
            [program("slapd"), "-d", "0", "-f", self.conf, "-h", f"ldap://{HOST}:{self.port}"], [self.port]
        )

    def slapcat(self) -> str:
        done = run(program("slapcat"), "-f", self.conf)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def entries(self) -> Entries:
        """What slapcat writes: the values of each DN, in their order."""
        found = {}
        for record in self.slapcat().replace("\n ", "").strip().split("\n\n"):
            values = []
            for line in record.split("\n"):
                name, _, rest = line.partition(":")
                raw = base64.b64decode(rest[1:]) if rest.startswith(":") else rest.removeprefix(" ").encode()
                values.append((name, raw))
            found[values[0][1].decode()] = values[1:]
        return found

    def modify(self, changes: Path, *options: str) -> subprocess.CompletedProcess[str]:
        server = f"ldap://{HOST}:{self.port}"
        return run(program("ldapmodify"), "-x", "-H", server, "-D", self.admin, "-w", "admin", *options, "-f", changes)

    def stop(self) -> None:
        if self.service:
            self.service.stop()


@dataclass
class Dovecot:
    folder: Path
    pop3_port: int = field(default_factory=free_port)
    imap_port: int = field(default_factory=free_port)
    service: Service | None = None

    @property
    def conf(self) -> Path:
        return self.folder / "dovecot.conf"

    def start(self, ldap: str) -> None:
        """``ldap``: how users are looked up, dovecot-ldap.conf.ext."""
        base = self.folder / "dovecot"
        base.mkdir()
        lookup = self.folder / "dovecot-ldap.conf.ext"
        lookup.write_text(ldap, encoding="utf-8")
        self.conf.write_text(
            f"base_dir = {base}\nstate_dir = {base}\nlog_path = {self.folder / 'dovecot.log'}\n"
            f"protocols = imap pop3\nlisten = {HOST}\nssl = no\ndisable_plaintext_auth = no\n"
            "auth_mechanisms = plain\nauth_failure_delay = 0\nauth_username_format = %u\n"
            "first_valid_uid = 1\nmail_uid = nobody\nmail_gid = nogroup\nmail_location = maildir:~/Maildir\n"
            f"service imap-login {{\n inet_listener imap {{\n  port = {self.imap_port}\n }}\n}}\n"
            f"service pop3-login {{\n inet_listener pop3 {{\n  port = {self.pop3_port}\n }}\n}}\n"
            # No penalty for the address that failed before: each refusal would take seconds.
            "service anvil {\n unix_listener anvil-auth-penalty {\n  mode = 0\n }\n}\n"
            f"passdb {{\n driver = ldap\n args = {lookup}\n}}\nuserdb {{\n driver = ldap\n args = {lookup}\n}}\n",
            encoding="utf-8",
        )
        self.service = Service([program("dovecot"), "-F", "-c", self.conf], [self.pop3_port, self.imap_port])

    def deliver(self, mailbox: Path, message: bytes) -> None:
        """One message into a new maildir, as a delivery agent leaves it: all of it is the mail user's own."""
        for folder in ("cur", "new", "tmp"):
            (mailbox / folder).mkdir(parents=True)
        (mailbox / "new" / "1.M1P1.localhost").write_bytes(message.replace(b"\r\n", b"\n"))
        for path in (mailbox.parent, mailbox, *mailbox.rglob("*")):
            shutil.chown(path, "nobody", "nogroup")

    def read_pop3(self, name: str, password: str) -> list[bytes]:
        """Log on and read every message. Raises poplib.error_proto with the server's words where it refuses."""
        server = poplib.POP3(HOST, self.pop3_port, timeout=SECONDS)
        try:
            server.user(name)
            server.pass_(password)
            return [b"\r\n".join([*server.retr(n + 1)[1], b""]) for n in range(server.stat()[0])]
        finally:
            server.close()

    def read_imap(self, name: str, password: str) -> list[bytes]:
        """Log on and read every message. Raises imaplib.IMAP4.error with the server's words where it refuses."""
        server = imaplib.IMAP4(HOST, self.imap_port, timeout=SECONDS)
        try:
            server.login(name, password)
            server.select(readonly=True)
            answers = [
                server.fetch(n, "(BODY.PEEK[])")[1][0] for n in server.search(None, "ALL")[1][0].decode().split()
            ]
            return [answer[1] for answer in answers if isinstance(answer, tuple)]
        finally:
            server.shutdown()

    def stop(self) -> None:
        if self.service:
            self.service.stop()


@dataclass(frozen=True)
class Cure:
    """What aliasfix made of an export: the files, and the rows of its tables."""

    folder: Path

    @property
    def changes(self) -> Path:
        return self.folder / "changes.ldif"

    @property
    def rollback(self) -> Path:
        return self.folder / "changes.rollback.ldif"

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.folder / table).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def renamed(self) -> dict[str, tuple[str, str]]:
        """DN to old and new name, as the map has them."""
        return {row["dn"]: (row["old"], row["new"]) for row in self.rows("changes.map.csv")}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not tmp_path: Dovecot's users must be able to search every folder above their own, and socket names are short."""
    with tempfile.TemporaryDirectory(prefix="aliasfix-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def server_run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """A server's own program, which must be installed, with its arguments."""

    def start(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run(program(name), *arguments)

    return start


@pytest.fixture
def people() -> tuple[Person, ...]:
    return PEOPLE


@pytest.fixture
def slapd(folder: Path) -> Iterator[Slapd]:
    """OpenLDAP with the organization in it."""
    server = Slapd(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def slapd_at_rest(folder: Path) -> Slapd:
    """The same, empty, for slapadd and slapcat alone."""
    program("slapadd")
    return Slapd(folder)


@pytest.fixture
def slapd_of_example(folder: Path) -> Iterator[Slapd]:
    """The same for dc=example,dc=org, empty and not started."""
    program("slapadd")
    server = Slapd(folder, "dc=example,dc=org")
    yield server
    server.stop()


@pytest.fixture
def slapd_unique(folder: Path) -> Iterator[Slapd]:
    """The same, but from now on it refuses a second holder of a uid."""
    server = Slapd(folder)
    server.start("overlay unique\nunique_uri ldap:///?uid?sub")
    yield server
    server.stop()


@pytest.fixture
def aliasfix() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The tool, as a person starts it."""

    def start(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run(sys.executable, "-m", "aliasfix", *arguments)

    return start


@pytest.fixture
def cure(aliasfix: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[[Slapd], Cure]:
    """The work of an admin: slapcat, aliasfix plan, aliasfix write. Nothing is applied yet."""

    def make(slapd: Slapd) -> Cure:
        export, plan = slapd.folder / "export.ldif", slapd.folder / "plan.csv"
        made = Cure(slapd.folder)
        export.write_text(slapd.slapcat(), encoding="utf-8")
        planned = aliasfix("plan", export, "-o", plan)
        assert planned.returncode == 1, planned.stderr  # there are clashes
        written = aliasfix("write", export, "--plan", plan, "-o", made.changes)
        assert written.returncode == 0, written.stderr  # and none is left
        return made

    return make


@pytest.fixture
def dovecot(folder: Path) -> Iterator[Dovecot]:
    """Dovecot, to be started once its mailboxes are there."""
    program("dovecot")
    if os.geteuid() != 0:
        missing("Dovecot reads each mailbox as its owner, so root must start it")
    for parent in folder.parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            missing(f"Dovecot's users can't search {parent}; set TMPDIR to a folder that they can")
    server = Dovecot(folder)
    yield server
    server.stop()
