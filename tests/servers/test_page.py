"""docs/openldap-dovecot.md on a real slapd and a real Dovecot: all that it shows is what they say.

``pytest tests/servers/test_page.py --accept`` writes what they say now into the page.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from subprocess import CompletedProcess
    from types import ModuleType

    from tests.servers.conftest import Dovecot, Slapd

ROOT = Path(__file__).parents[2]
PAGE = "docs/openldap-dovecot.md"
SERVER = "ldap.example.org"
SETTINGS = """sizelimit 10
limits dn.exact="cn=export,dc=example,dc=org" size=unlimited
overlay unique
unique_uri ldap:///?uid?sub
"""
ACCOUNTS = ("export", "dovecot")


def directory() -> bytes:
    """The sample, whose people have passwords here, and the two accounts that the page asks as."""
    sample = (ROOT / "samples/openldap/slapcat.ldif").read_text(encoding="utf-8")
    people = sample.replace("employeeNumber:", "userPassword: secret\nemployeeNumber:")
    accounts = "".join(
        f"\ndn: cn={name},dc=example,dc=org\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
        f"cn: {name}\nuserPassword: {name}\n"
        for name in ACCOUNTS
    )
    return (people + accounts).encode()


def test_what_the_page_shows_of_the_servers_is_what_they_say(
    slapd_of_example: Slapd,
    dovecot: Dovecot,
    server_run: Callable[..., CompletedProcess[str]],
    pages: ModuleType,
    tmp_path: Path,
    *,
    accept: bool,
) -> None:
    slapd = slapd_of_example
    slapd.load(directory(), SETTINGS)
    slapd.serve()
    shown = pages.blocks((ROOT / PAGE).read_text(encoding="utf-8"))
    lookup = next(block for block in shown if block.name == "dovecot-ldap.conf.ext" and block.language)
    dovecot.start("\n".join(lookup.body).replace(SERVER, f"127.0.0.1:{slapd.port}") + "\n")

    def servers(words: Sequence[str]) -> CompletedProcess[str]:
        """A program of a server, which answers on another address here."""
        name, *arguments = (word.replace(SERVER, f"127.0.0.1:{slapd.port}") for word in words)
        return server_run(name, *(["-c", dovecot.conf] if name == "doveadm" else []), *arguments)

    @contextlib.contextmanager
    def session() -> Iterator[object]:
        shutil.copytree(ROOT / "samples", tmp_path / "samples")
        for folder in (tmp_path, tmp_path / "samples" / "openldap"):
            for name in ("admin", *ACCOUNTS):
                secret = folder / f"{name}.secret"
                secret.touch(mode=0o600)  # others are warned of
                secret.write_text(name, encoding="ascii")
        with contextlib.chdir(tmp_path):
            yield pages.Session(pages.here, pages.redirected(servers))

    pages.hold(ROOT / PAGE, session, accept=accept)
