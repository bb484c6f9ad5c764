"""Help: every option documented, 80 columns, and no waiting for what only the work needs."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer

from aliasfix import __version__
from aliasfix.cli import app

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

COMMANDS = ("check", "plan", "write", "verify", "explain", "suggest", "clean", "rules show", "rules check")
BARE = ("rules", "rules list", "rules schema")  # they take nothing
ARGUMENTS = {"exports": "EXPORT...", "file": "FILE", "name": "NAME"}
HEAVY = {"pandas", "pyarrow", "numpy", "rich"}


@pytest.mark.parametrize("name", ["", *COMMANDS, *BARE])
def test_help(name: str, command: ModuleType, folder: Path) -> None:
    done = command.run(*name.split(), "--help")

    assert done.out.startswith(f"Usage: aliasfix {name}".rstrip())
    assert [] == [line for line in done.out.splitlines() if len(line) > 80]
    assert "\n  --debug, before or after the command, shows the traceback of an error.\n" in done.out
    assert (0, "") == (done.code, done.err)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(name: str, command: ModuleType) -> None:
    help_text = " ".join(command.run(*name.split(), "--help").out.split())

    found: Any = typer.main.get_command(app)
    for word in name.split():
        assert isinstance(found, typer.core.TyperGroup)
        found = found.commands[word]
    options: list[Any] = list(found.params)
    assert options
    for option in options:
        assert option.help
        assert f"{ARGUMENTS.get(option.opts[0], option.opts[0])} " in help_text
        assert option.help in help_text.replace("site- relative", "site-relative")


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), *((*name.split(), "--help") for name in (*COMMANDS, *BARE))]
)
def test_help_does_not_wait(words: tuple[str, ...], command: ModuleType) -> None:
    program = (
        "import sys\n"
        "from aliasfix.cli import main\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", program, *words),
        capture_output=True,
        env=command.environment(),
        encoding="utf-8",
        check=True,
    )

    assert set() == HEAVY & set(done.stderr.split())


def test_version(command: ModuleType) -> None:
    done = command.run("--version")

    assert (0, f"aliasfix {__version__}\n", "") == (done.code, done.out, done.err)


def test_no_command_is_a_call_for_help(command: ModuleType) -> None:
    done = command.run()

    assert (2, command.run("--help").out, "") == (done.code, done.out, done.err)
