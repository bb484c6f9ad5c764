"""The tool as a user calls it, in this process, where that is enough and faster, or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import aliasfix
from aliasfix.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 120  # for any one command: the machine may be busy


@dataclass(frozen=True)
class Done:
    """What a command left behind besides files."""

    code: int
    out: str
    err: str


class _Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


def run(*words: str, stdin: bytes = b"", encoding: str = "utf-8", columns: int = 0) -> Done:
    """Run the command in this process; on a terminal of so many columns, if there are any."""
    out = io.TextIOWrapper(_Terminal() if columns else io.BytesIO(), encoding, newline="\n")
    err = io.TextIOWrapper(io.BytesIO(), encoding, newline="\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns or 80))
        patch.setattr(sys, "argv", ["aliasfix", *words])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as left:
            main()
    assert isinstance(left.value.code, int)
    return Done(left.value.code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode(stream.encoding)


def line(*words: str, python: str = sys.executable) -> tuple[str, ...]:
    """The command line that starts the tool as a process."""
    return (python, "-m", "aliasfix", *words)


def environment(**variables: str) -> dict[str, str]:
    """The environment that a process of the tool needs, with further variables."""
    return {**os.environ, "PYTHONPATH": str(Path(aliasfix.__file__).parents[1]), **variables}


def process(
    *words: str,
    python: str = sys.executable,
    stdin: bytes = b"",
    encoding: str = "utf-8",
    env: Mapping[str, str] | None = None,
) -> Done:
    """Run the command in a process of its own, on a console with this encoding."""
    done = subprocess.run(
        line(*words, python=python),
        input=stdin,
        capture_output=True,
        env=environment(PYTHONIOENCODING=encoding, **(env or {})),
        timeout=SECONDS,
        check=False,
    )
    out, err = (raw.decode(encoding).replace(os.linesep, "\n") for raw in (done.stdout, done.stderr))
    return Done(done.returncode, out, err)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
