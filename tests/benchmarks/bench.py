"""How fast, and with how much memory: python -m tests.benchmarks.bench [ENTRIES]. One table from one run.

Machines differ and are busy, so what counts are the ratios: of CPU time and, as the reading is done by two threads, of
wall time. Every measurement has a process of its own; of those that are short, the best of three stands.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.generate import DIALECTS, Dialect, Mix, write

ROOT = Path(__file__).parents[2]
PEER = ROOT / ".venv-python-ldap"  # of its own: its module is called ldif too
PEER_PYTHON = PEER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
ENTRIES = 100_000
GROWTH = (100_000, 1_000_000, 10_000_000)  # entries; the last of them only where so many are asked for
SHORT = 5.0  # seconds
MIB = 1 << 20
CHUNK = 1 << 16  # characters
HEADINGS = ("export", "work", "MB", "wall s", "CPU s", "MB/s", "peak MiB", "CPU and wall")


@dataclass(frozen=True)
class Measured:
    """Seconds, and MiB."""

    wall: float
    cpu: float
    peak: float


@dataclass
class Table:
    """Rows as they come."""

    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, export: str, work: str, path: Path, measured: Measured, ratio: str) -> None:
        size = path.stat().st_size / 1e6
        self.rows.append(
            (
                export,
                work,
                f"{size:.0f}",
                f"{measured.wall:.2f}",
                f"{measured.cpu:.2f}",
                f"{size / measured.wall:.0f}",
                f"{measured.peak:.0f}" if measured.peak else "-",
                ratio,
            )
        )
        show(self.rows[-1])

    def add_missing(self, export: str, work: str) -> None:
        """A row of something that is not on this machine."""
        self.rows.append((export, work, *"-" * 5, "not installed"))
        show(self.rows[-1])


def show(row: tuple[str, ...]) -> None:
    """A row of a table in Markdown."""
    widths = (29, 31, 5, 6, 6, 5, 8, 28)
    cells = (c.ljust(w) if n in {0, 1, 7} else c.rjust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True)))
    print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201 - the result


def measure(*words: str, python: str = sys.executable) -> Measured:
    """The best of three, or the first when it is not short."""
    best = _once(python, words)
    if best.wall < SHORT:
        best = min(best, _once(python, words), _once(python, words), key=lambda m: m.cpu)
    return best


def _once(python: str, words: tuple[str, ...]) -> Measured:
    line = [python, "-m", "tests.benchmarks.measure", *words]
    done = subprocess.run(line, check=False, cwd=ROOT, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stderr}")
    return Measured(**json.loads(done.stdout))


def readers(name: str, dialect: Dialect, path: Path) -> Measured:
    """The reading, beside that of others."""
    ours = measure("read", str(path), dialect.ruleset)
    TABLE.add(name, "aliasfix reads", path, ours, "")
    if dialect.suffix == ".csv":
        others = {"csv_kept": "csv, rows kept"}
        plain = path
    else:
        others = {"ldif_kept": "ldif, entries kept", "ldif_streamed": "ldif, streamed"}
        others |= {"python_ldap_kept": "python-ldap, kept", "python_ldap_streamed": "python-ldap, streamed"}
        plain = _in_utf8(path, dialect)
    for job, said in others.items():
        title = said if plain == path else f"{said}, as UTF-8"
        python = str(PEER_PYTHON) if job.startswith("python_ldap") else sys.executable
        if Path(python).exists():
            theirs = measure(job, str(plain), python=python)
            TABLE.add(name, title, plain, theirs, f"{_times(theirs, ours)} aliasfix")
            if job == "ldif_kept" and name == "slapcat":
                five = measure("read_five", str(path))
                TABLE.add(name, "aliasfix reads 5 attributes", path, five, f"{_times(theirs, five)} faster than ldif")
        else:
            TABLE.add_missing(name, title)
    if shutil.which("wc"):
        TABLE.add(name, "wc -l", path, measure("wc", str(path)), "")
    return ours


def _times(one: Measured, other: Measured) -> str:
    return f"{one.cpu / other.cpu:.1f}, {one.wall / other.wall:.1f} x"


def _in_utf8(path: Path, dialect: Dialect) -> Path:
    """The export as other readers need it: they know neither UTF-16 nor CRLF in every case."""
    if dialect.encoding == "ascii":
        return path
    plain = path.with_suffix(".utf8.ldif")
    with path.open(encoding=dialect.encoding) as source, plain.open("w", encoding="utf-8", newline="\n") as target:
        shutil.copyfileobj(source, target, CHUNK)
    return plain


def install_python_ldap() -> None:
    """Make its environment, where a compiler and the headers of OpenLDAP and Cyrus SASL are there to build it."""
    if PEER_PYTHON.exists():
        return
    pip = [str(PEER_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "python-ldap>=3.4"]
    for line in ([sys.executable, "-m", "venv", str(PEER)], pip):
        if subprocess.run(line, check=False, capture_output=True).returncode:
            shutil.rmtree(PEER, ignore_errors=True)
            return


def commands(name: str, dialect: Dialect, path: Path, reading: Measured) -> None:
    """check, plan and write as a whole."""
    rules = ("--rules", dialect.ruleset, "--quiet")
    plan, changes = path.with_suffix(".plan.csv"), path.with_suffix(".changes.ldif")
    write_plan = ("plan", str(path), "-o", str(plan), "--overwrite", *rules)
    found = {"check": measure("aliasfix", "check", str(path), *rules), "plan": measure("aliasfix", *write_plan)}
    write_changes = ("write", str(path), "--plan", str(plan), "-o", str(changes), "--overwrite", *rules)
    found["write"] = measure("aliasfix", *write_changes, "--complete", "--expect-renames", str(_accepted(plan)))
    for command, measured in found.items():
        TABLE.add(name, f"aliasfix {command}", path, measured, f"{_times(measured, reading)} reading")


def _accepted(plan: Path) -> int:
    with plan.open(encoding="utf-8-sig", newline="") as file:
        return sum(row["decision"] == "accept" for row in csv.DictReader(file))


def extremes(folder: Path, count: int) -> None:
    """A plan where nobody clashes, and one where everybody holds one alias."""
    dialect = DIALECTS["ldifde"]
    found = []
    for title, mix in (("no clash", Mix(clashes=0)), ("one alias held by all", Mix(alias="info"))):
        path = folder / f"{title.replace(' ', '-')}{dialect.suffix}"
        write(path, dialect, count, mix)
        found.append((title, path, measure("aliasfix", "plan", str(path), "--rules", dialect.ruleset, "--quiet")))
    (title, path, none), (all_title, all_path, everybody) = found
    TABLE.add(f"ldifde, {title}", "aliasfix plan", path, none, "")
    TABLE.add(f"ldifde, {all_title}", "aliasfix plan", all_path, everybody, f"{_times(everybody, none)} no clash")


def growth(folder: Path, count: int) -> None:
    """Ten times the entries, and ten times that: what they cost in relation."""
    dialect = DIALECTS["slapcat"]
    path = folder / "growth.ldif"
    before: dict[str, Measured] = {}
    for size in (size for size in GROWTH if size <= max(count, GROWTH[1])):
        write(path, dialect, size, Mix())
        found = {
            "aliasfix reads": measure("read", str(path), dialect.ruleset),
            "aliasfix plan": measure("aliasfix", "plan", str(path), "--rules", dialect.ruleset, "--quiet"),
        }
        for work, measured in found.items():
            ratio = f"{_times(measured, before[work])} a tenth of it" if before else ""
            TABLE.add(f"slapcat, {size:,} entries", work, path, measured, ratio)
        before = found


TABLE = Table()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    print(  # noqa: T201 - the result
        f"{count} entries; Python {platform.python_version()}, {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores, {load}\n"
    )
    install_python_ldap()
    show(HEADINGS)
    show(tuple("-" * len(h) for h in HEADINGS))
    with tempfile.TemporaryDirectory() as folder:
        for name, dialect in DIALECTS.items():
            for title, mix in ((name, Mix()), (f"{name}, 1/4 accented", Mix(accented=0.25))):
                path = Path(folder) / f"export{dialect.suffix}"
                write(path, dialect, count, mix)
                reading = readers(title, dialect, path)
                if not mix.accented:
                    commands(title, dialect, path, reading)
        extremes(Path(folder), count)
        growth(Path(folder), count)


if __name__ == "__main__":
    main()
