"""Equal exports give equal bytes: in any order of files and records, under any hash seed, locale, time zone and Python.

Everything here runs as processes of their own. Changes, rollback and whatever else is written must be the same bytes;
the plan, the map of names and the mentions are the same but for the places that they were read from.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import random
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
SETS = {
    "exchange55-csv": ("exchange55/site1.csv", "exchange55/site2.csv"),
    "exchange55-ldif": ("exchange55/org.ldif",),
    "active-directory": ("active-directory/corp.ldf",),
    "microsoft365": ("microsoft365/one.csv", "microsoft365/two.csv"),
    "openldap": ("openldap/slapcat.ldif",),
}
ENVIRONMENTS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kathmandu"},
    {"PYTHONHASHSEED": "random", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Chatham"},
]
VERSIONS = ["3.11", "3.12", "3.13", "3.14"]
PLACES = ("source", "line")
# Both commands in one process: starting Python takes longer than the work.
PROGRAM = """
import sys
from aliasfix.cli import main
exports = sys.argv[1:]
commands = ["plan", "-o", "out/plan.csv"], ["write", "--plan", "out/plan.csv", "-o", "out/c.ldif"]
for words in commands:
    sys.argv = ["aliasfix", *words, *exports]
    try:
        main()
    except SystemExit as left:
        if left.code not in (0, 1):
            raise
"""


PLACED = ("plan.csv", "c.map.csv", "c.mentions.csv")  # what says where in the exports something stands


def _made(folder: Path, exports: list[str], python: str, env: Mapping[str, str]) -> dict[str, object]:
    """What is written for these exports, without the places."""
    (folder / "out").mkdir()
    subprocess.run((python, "-c", PROGRAM, *exports), cwd=folder, capture_output=True, env=env, timeout=120, check=True)
    return {path.name: _content(path) for path in sorted((folder / "out").iterdir())}


def _content(path: Path) -> object:
    raw = path.read_bytes()
    if path.name == "c.manifest.json":
        told = json.loads(raw)
        del told["exports"]  # their names, and hashes of their rows as they are ordered
        told["files"] = {name: digest for name, digest in told["files"].items() if name not in PLACED}
        return told
    if path.name not in PLACED:
        return raw
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows
    return [{name: cell for name, cell in row.items() if name not in PLACES} for row in rows]


@pytest.fixture(scope="module", name="usual")
def usual_fixture(command: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> object:
    """``usual(name)``: what is written for the samples as they are, by this Python, in a plain environment."""

    @cache
    def usual(name: str) -> dict[str, object]:
        folder = tmp_path_factory.mktemp("usual")
        for sample in SETS[name]:
            shutil.copy(SAMPLES / sample, folder)
        env = command.environment(**ENVIRONMENTS[0])
        return _made(folder, [Path(sample).name for sample in SETS[name]], sys.executable, env)

    return usual


def _shuffled(raw: bytes, chance: random.Random) -> bytes:
    """The export with its records or rows in another order."""
    encoding = "utf-16" if raw.startswith(codecs.BOM_UTF16_LE) else "latin-1"
    text = raw.decode(encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    if re.search("^dn:", text, re.MULTILINE):
        parts, joint = text.rstrip(end).split(end * 2), end * 2
        movable = [i for i, part in enumerate(parts) if re.search("^dn:", part, re.MULTILINE)]
    else:
        parts, joint = text.rstrip(end).split(end), end
        header = 1 if parts[0].startswith(("#TYPE", "\xef\xbb\xbf#TYPE")) else 0
        movable = list(range(header + 1, len(parts)))
    assert len(movable) > 5
    order = chance.sample(movable, len(movable))
    moved = dict(zip(movable, order, strict=True))
    return (joint.join(parts[moved.get(i, i)] for i in range(len(parts))) + joint).encode(encoding)


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: env["LC_ALL"])
@pytest.mark.parametrize("name", SETS)
def test_in_any_order_and_environment(
    name: str, env: dict[str, str], usual: object, command: ModuleType, tmp_path: Path
) -> None:
    chance = random.Random(f"{name} {env['LC_ALL']}")  # noqa: S311 - an order that can be had again
    exports = []
    for number, sample in enumerate(SETS[name]):
        path = tmp_path / f"{9 - number} of {env['TZ'].replace('/', ' ')}{Path(sample).suffix}"
        path.write_bytes(_shuffled((SAMPLES / sample).read_bytes(), chance))
        exports.append(path.name)

    made = _made(tmp_path, exports[::-1], sys.executable, command.environment(**env))

    assert usual(name) == made  # type: ignore[operator]  # a fixture's function
    assert "c.map.csv" in made


@pytest.mark.parametrize("version", VERSIONS)
def test_under_any_python(version: str, usual: object, command: ModuleType, tmp_path: Path) -> None:
    python = _python(version)
    env = command.environment(PYTHONHASHSEED="random")
    for name, samples in SETS.items():
        folder = tmp_path / name
        folder.mkdir()
        for sample in samples:
            shutil.copy(SAMPLES / sample, folder)

        made = _made(folder, [Path(sample).name for sample in samples], python, env)

        assert usual(name) == made  # type: ignore[operator]  # a fixture's function


def _python(version: str) -> str:
    """An interpreter of this version that has what aliasfix needs."""
    prepared = ROOT / f".venv-{version}" / "bin" / "python"
    for candidate in (sys.executable, str(prepared), shutil.which(f"python{version}")):
        if candidate and _fits(candidate, version):
            return candidate
    return pytest.skip(f"no Python {version} has the dependencies: make pythons prepares those that are installed")


def _fits(python: str, version: str) -> bool:
    program = "import sys, anyascii, ldif, pandas, pyarrow, pydantic, typer; print(sys.version_info[:2])"
    try:
        done = subprocess.run((python, "-c", program), capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return False
    return done.stdout.strip() == f"({version.replace('.', ', ')})"


def test_names_with_the_site_do_not_depend_on_the_kind_of_export(command: ModuleType, folder: Path) -> None:
    new = []
    for exports in (("site1.csv", "site2.csv"), ("org.ldif",)):
        done = command.run("plan", *exports, "--prefer", "site", "-o", "plan.csv", "--overwrite")
        assert 1 == done.code
        rows = csv.DictReader(io.StringIO(Path("plan.csv").read_bytes().decode("utf-8-sig"), newline=""))
        new.append({dn.key(row["dn"]): (row["role"], row["old"], row["new"]) for row in rows})

    assert 14 == len(new[0])
    assert new[0] == new[1]
    assert ("rename", "user", "user-site2") == new[0]["cn=user,cn=recipients,ou=site2,o=org"]
