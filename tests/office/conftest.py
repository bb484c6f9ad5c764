"""A real LibreOffice, without a window and with a profile of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 120  # for one start of LibreOffice: the machine may be busy
_FILTERS = {
    ".xlsx": ("Calc MS Excel 2007 XML", ""),
    # Comma, quotation mark, UTF-8, from line 1; every column as text, as the import dialog offers; every field quoted.
    ".csv": (
        "Text - txt - csv (StarCalc)",
        f"44,34,76,1,{'/'.join(f'{n}/2' for n in range(1, 31))},0,true,false,false",
    ),
}


@pytest.fixture(scope="session")
def decide(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Path, int, str, str], None]:
    """``decide(source, target, row, decision, new)``: open the plan, write both into a row, save it elsewhere."""
    office, python = _program("soffice"), _python_with_uno()

    def run(source: Path, target: Path, row: int, decision: str, new: str) -> None:
        profile = tmp_path_factory.mktemp("office")  # a new one: the office is stopped without a word
        style, options = _FILTERS[target.suffix]
        pipe = f"aliasfix-{os.getpid()}-{target.suffix[1:]}"
        listening = subprocess.Popen(
            [office, "--headless", "--norestore", f"--accept=pipe,name={pipe};urp",
             f"-env:UserInstallation={profile.as_uri()}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        words = [pipe, source.as_uri(), target.as_uri(), style, options, str(row), decision, new]
        try:
            done = subprocess.run(
                [python, str(Path(__file__).with_name("edit.py")), *words],
                stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False,
            )  # fmt: skip
            assert (0, "") == (done.returncode, done.stderr)
        finally:
            os.killpg(listening.pid, signal.SIGKILL)  # soffice is a script: what it started belongs to its session
            listening.wait(SECONDS)

    return run


def _program(name: str) -> str:
    return shutil.which(name) or _missing(f"{name} is not installed; .ci/run names the package")


def _python_with_uno() -> str:
    """Debian's own Python: its package python3-uno is for no other."""
    pythons = [found for name in ("/usr/bin/python3", "python3") if (found := shutil.which(name))]
    able = [
        p for p in pythons if not subprocess.run([p, "-c", "import uno"], capture_output=True, check=False).returncode
    ]
    return able[0] if able else _missing("no Python has the module uno; .ci/run names the package")


def _missing(what: str) -> NoReturn:
    if os.environ.get("ALIASFIX_NO_SKIP") == "1":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
