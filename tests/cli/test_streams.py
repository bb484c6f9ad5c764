"""What goes where: the result on standard output, the log on standard error, exports from anywhere."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SITES = ("site1.csv", "site2.csv")
SOURCE = ["path", "label", "sha256", "format", "encoding", "entries", "unreadable", "complete"]
FINDING = [
    "code", "name", "severity", "source", "line", "dn", "label", "attribute", "value", "message", "group", "proposal",
]  # fmt: skip
ROW = [
    "role", "decision", "code", "group", "dn", "label", "kind", "site", "attribute", "old", "new", "reason", "rung",
    "tried", "mail", "source", "line", "fingerprint",
]  # fmt: skip


def _of(rows: list[dict[str, Any]], **cells: object) -> dict[str, Any]:
    (row,) = [row for row in rows if cells.items() <= row.items()]
    return row


def test_check_as_json(command: ModuleType, folder: Path) -> None:
    done = command.run("check", "--json", *SITES)

    document = json.loads(done.out)
    assert ["schema", "ruleset", "why", "sources", "summary", "findings", "waived", "idle_waivers"] == list(document)
    assert "aliasfix.check/1" == document["schema"]
    assert "exchange55" == document["ruleset"]
    assert [SOURCE, SOURCE] == [list(source) for source in document["sources"]]
    assert {"entries": 23, "errors": 14, "warnings": 0, "waived": 0, "codes": {"A001": 14}} == document["summary"]
    assert all(list(finding) == FINDING for finding in document["findings"])
    assert {
        "code": "A001",
        "name": "duplicate",
        "severity": "error",
        "source": "site2.csv",
        "line": 2,
        "dn": "cn=user,cn=Recipients,ou=SITE2,o=ORG",
        "label": "",
        "attribute": "uid",
        "value": "user",
        "message": "also held by cn=user,cn=Recipients,ou=SITE1,o=ORG",
        "group": "alias:user",
        "proposal": "huser",
    } == _of(document["findings"], source="site2.csv", line=2)
    assert 1 == done.code


def test_plan_as_json(command: ModuleType, folder: Path) -> None:
    done = command.run("plan", "--json", *SITES)

    document = json.loads(done.out)
    assert ["schema", "tool", "ruleset", "why", "hash", "sources", "summary", "notes", "rows", "proof"] == list(
        document
    )
    assert "aliasfix.plan/1" == document["schema"]
    assert {
        "entries": 23,
        "changes": 6,
        "left": 1,
        "roles": {"rename": 6, "keep": 7, "repair": 0, "decide": 1, "blocked": 0},
        "decisions": {"none": 8, "accept": 6, "reject": 0, "edit": 0},
    } == document["summary"]
    assert all(list(row) == ROW for row in document["rows"])
    renamed = _of(document["rows"], dn="cn=user,cn=Recipients,ou=SITE2,o=ORG")
    assert ("rename", "accept", "user", "huser", "{account}", "site2.csv", 2) == tuple(
        renamed[column] for column in ("role", "decision", "old", "new", "rung", "source", "line")
    )
    assert {"holds": True, "changed": 6, "holding": 21, "left": 2, "faults": []} == document["proof"]
    assert 1 == done.code


def test_json_is_ascii(command: ModuleType, folder: Path) -> None:
    done = command.run("plan", "--json", "corp.ldf", encoding="cp437")

    assert done.out.isascii()
    assert "CN=Grüße Empfang,OU=Berlin,DC=corp,DC=example" in [row["dn"] for row in json.loads(done.out)["rows"]]


@pytest.mark.parametrize("words", [("check",), ("plan",), ("plan", "--json"), ("check", "--json")])
def test_quiet_takes_the_log_only(words: tuple[str, ...], command: ModuleType, folder: Path) -> None:
    usual, quiet = command.run(*words, *SITES), command.run(*words, *SITES, "--quiet")

    assert (
        "Read 23 entries from 2 exports.\n"
        "Read as cp1252, being no UTF-8: site1.csv, site2.csv; --encoding names another.\n"
        "Ruleset exchange55: site1.csv: it is an Exchange 5.5 Administrator export.\n"
    ) == usual.err
    assert "" == quiet.err
    assert usual.out == quiet.out


def test_warnings_stay_when_it_is_quiet(command: ModuleType, folder: Path) -> None:
    bad = "".join(f"dn: cn=P{i}\nuid:: AA*\n\n" for i in range(12))
    Path("bad.ldif").write_text(bad, encoding="ascii")

    done = command.run("check", "bad.ldif", "--rules", "openldap", "-q")

    told = [f"warning: bad.ldif:{line}: the value is not whole base64" for line in range(2, 32, 3)]
    assert [*told, "warning: 2 more could not be read"] == done.err.splitlines()
    assert "Check: 0 errors, 0 warnings, 12 places that can't be read.\n" == done.out
    assert 1 == done.code


def test_exports_from_anywhere(command: ModuleType, folder: Path) -> None:
    raw = Path("slapcat.ldif").read_bytes()
    Path("packed.ldif.gz").write_bytes(gzip.compress(raw))
    Path("exports").mkdir()
    Path("exports/slapcat.ldif").write_bytes(raw)

    plain = command.run("check", "slapcat.ldif")
    packed = command.run("check", "packed.ldif.gz")
    stdin = command.run("check", "-", stdin=raw)
    packed_stdin = command.run("check", "-", stdin=gzip.compress(raw))
    within = command.run("check", "exports")

    assert plain.out == packed.out.replace("packed.ldif.gz", "slapcat.ldif")
    assert plain.out == within.out.replace("exports/slapcat.ldif", "slapcat.ldif").replace(
        " exports\n", " slapcat.ldif\n"
    )
    assert stdin == packed_stdin
    assert plain.out == stdin.out.replace("-:", "slapcat.ldif:").replace(" -\n", " slapcat.ldif\n")
    assert 'uid "anna" of uid=anna' in plain.out
