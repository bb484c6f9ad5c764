"""One measurement, in a process of its own: ``python -m tests.benchmarks.measure JOB WORD...`` prints it as JSON.

What is measured starts when everything is imported and was used once, and ends when the result stands in memory or on
the disk.
"""

from __future__ import annotations

import contextlib
import csv
import gc
import importlib
import io
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Work = Callable[[], object]

SAMPLE = str(Path(__file__).parents[2] / "samples" / "openldap" / "slapcat.ldif")
FIVE = ("objectClass", "uid", "mail", "sn", "givenName")


def read(path: str, ruleset: str) -> Work:
    """The reading alone, with the attributes that the ruleset wants."""
    from aliasfix.api import open_exports  # noqa: PLC0415 - a peer's process must not hold our imports
    from aliasfix.columns import prefer_jemalloc  # noqa: PLC0415 - likewise

    prefer_jemalloc()
    open_exports([SAMPLE], "openldap")
    return lambda: open_exports([path], ruleset)


def read_five(path: str) -> Work:
    """The reading alone, with five attributes."""
    from aliasfix.columns import prefer_jemalloc  # noqa: PLC0415 - a peer's process must not hold our imports
    from aliasfix.importer import Options, probe, read  # noqa: PLC0415 - likewise

    prefer_jemalloc()
    read(probe([SAMPLE], Options()), FIVE, Options())
    return lambda: read(probe([path], Options()), FIVE, Options())


def aliasfix(*words: str) -> Work:
    """A command as a whole, without the start of Python."""
    _command(("plan", SAMPLE, "--quiet"))
    return lambda: _command(words)


def ldif_kept(path: str) -> Work:
    """The library ``ldif``, all entries kept."""
    return lambda: list(_ldif(path))


def ldif_streamed(path: str) -> Work:
    """The library ``ldif``, every entry dropped at once."""
    return lambda: all(True for _ in _ldif(path))


def python_ldap_kept(path: str) -> Work:
    """The module ``ldif`` of python-ldap, all entries kept."""
    return lambda: _python_ldap(path, keep=True)


def python_ldap_streamed(path: str) -> Work:
    """The module ``ldif`` of python-ldap, every entry dropped at once."""
    return lambda: _python_ldap(path, keep=False)


def csv_kept(path: str) -> Work:
    """The module ``csv``, all rows kept."""
    return lambda: list(csv.reader(io.StringIO(Path(path).read_text(encoding="cp1252"), newline="")))


def wc(path: str) -> Work:
    """How long the lines take to count."""
    return lambda: subprocess.run(["wc", "-l", path], check=True, stdout=subprocess.DEVNULL)


JOBS: dict[str, Callable[..., Work]] = {
    f.__name__: f
    for f in (read, read_five, aliasfix, ldif_kept, ldif_streamed, python_ldap_kept, python_ldap_streamed, csv_kept, wc)
}


def _command(words: Iterable[str]) -> None:
    sys.argv = ["aliasfix", *words]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            importlib.import_module("aliasfix.cli").main()
    except SystemExit as e:
        if e.code not in (0, 1):
            raise


def _ldif(path: str) -> Iterable[object]:
    from ldif import LDIFParser  # noqa: PLC0415 - our own process must not hold it

    logging.disable()  # it tells of every footer
    with Path(path).open("rb") as file:
        yield from LDIFParser(file, strict=False).parse()


def _python_ldap(path: str, *, keep: bool) -> object:
    import ldif  # noqa: PLC0415 - in the environment of python-ldap this is another module than in ours

    with Path(path).open("rb") as file:
        parser = (ldif.LDIFRecordList if keep else ldif.LDIFParser)(file)
        try:
            parser.parse()
        except ValueError as e:
            if "'search'" not in str(e):  # the footer of ldapsearch, behind the last entry
                raise
    return parser


def _peak(job: str) -> float:
    """MiB that the process held at most, 0 where the system does not say, and for a process that is not ours."""
    if job == "wc":
        return 0.0
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return 0.0
    most: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main(job: str, *words: str) -> None:
    work = JOBS[job](*words)
    gc.collect()
    before, start = os.times(), time.perf_counter()
    kept = work()
    wall, after = time.perf_counter() - start, os.times()
    del kept
    cpu = sum(after[:4]) - sum(before[:4])  # of this process and of those it waited for
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": _peak(job)}))  # noqa: T201 - the result


if __name__ == "__main__":
    main(*sys.argv[1:])
