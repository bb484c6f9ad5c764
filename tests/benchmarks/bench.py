"""How fast, and with how much memory: python -m tests.benchmarks.bench [ENTRIES]. One table from one run.

Machines differ and are busy, so what counts are the ratios, and these are of CPU time. Every measurement has a process
of its own; of those that are short, the best of three stands.
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
ENTRIES = 100_000
SHORT = 5.0  # seconds
MIB = 1 << 20
CHUNK = 1 << 16  # characters
HEADINGS = ("export", "work", "MB", "wall s", "CPU s", "MB/s", "peak MiB", "ratio")


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


def show(row: tuple[str, ...]) -> None:
    """A row of a table in Markdown."""
    widths = (29, 29, 5, 6, 6, 5, 8, 21)
    cells = (c.ljust(w) if n in {0, 1, 7} else c.rjust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True)))
    print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201 - the result


def measure(*words: str) -> Measured:
    """The best of three, or the first when it is not short."""
    best = _once(*words)
    if best.wall < SHORT:
        best = min(best, _once(*words), _once(*words), key=lambda m: m.cpu)
    return best


def _once(*words: str) -> Measured:
    line = [sys.executable, "-m", "tests.benchmarks.measure", *words]
    done = subprocess.run(line, check=False, cwd=ROOT, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stderr}")
    return Measured(**json.loads(done.stdout))


def readers(name: str, dialect: Dialect, path: Path) -> Measured:
    """The reading, beside that of others."""
    ours = measure("read", str(path), dialect.ruleset)
    others: list[tuple[str, str, Path]] = []
    if dialect.suffix == ".csv":
        others.append(("csv_kept", "csv, rows kept", path))
    else:
        plain = _in_utf8(path, dialect)
        others += [("ldif_kept", "ldif, entries kept", plain), ("ldif_streamed", "ldif, streamed", plain)]
    if shutil.which("wc"):
        others.append(("wc", "wc -l", path))
    measured = [measure(job, str(where)) for job, _, where in others]
    TABLE.add(
        name, "aliasfix reads", path, ours, f"{measured[0].cpu / ours.cpu:.1f} x {others[0][1].split(',')[0]} kept"
    )
    for (_, title, where), theirs in zip(others, measured, strict=True):
        TABLE.add(name, title if where == path else f"{title}, as UTF-8", where, theirs, "")
    return ours


def _in_utf8(path: Path, dialect: Dialect) -> Path:
    """The export as other readers need it: they know neither UTF-16 nor CRLF in every case."""
    if dialect.encoding == "ascii":
        return path
    plain = path.with_suffix(".utf8.ldif")
    with path.open(encoding=dialect.encoding) as source, plain.open("w", encoding="utf-8", newline="\n") as target:
        shutil.copyfileobj(source, target, CHUNK)
    return plain


def commands(name: str, dialect: Dialect, path: Path, reading: Measured) -> None:
    """check, plan and write as a whole."""
    rules = ("--rules", dialect.ruleset, "--quiet")
    plan, changes = path.with_suffix(".plan.csv"), path.with_suffix(".changes.ldif")
    write_plan = ("plan", str(path), "-o", str(plan), "--overwrite", *rules)
    found = {"check": measure("aliasfix", "check", str(path), *rules), "plan": measure("aliasfix", *write_plan)}
    write_changes = ("write", str(path), "--plan", str(plan), "-o", str(changes), "--overwrite", *rules)
    found["write"] = measure("aliasfix", *write_changes, "--complete", "--expect-renames", str(_accepted(plan)))
    for command, measured in found.items():
        TABLE.add(name, f"aliasfix {command}", path, measured, f"{measured.cpu / reading.cpu:.1f} x reading")


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
    TABLE.add(
        f"ldifde, {all_title}", "aliasfix plan", all_path, everybody, f"{everybody.cpu / none.cpu:.1f} x no clash"
    )


TABLE = Table()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    print(  # noqa: T201 - the result
        f"{count} entries; Python {platform.python_version()}, {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores, {load}\n"
    )
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


if __name__ == "__main__":
    main()
