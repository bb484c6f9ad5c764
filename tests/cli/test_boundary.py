"""The edge of the process: bugs, interrupts, pipes that close, full disks, consoles that can't show a character."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from aliasfix import __version__, api

if TYPE_CHECKING:
    from types import ModuleType

SITES = ("site1.csv", "site2.csv")
SECONDS = 60


def _broken(*_: object) -> NoReturn:
    raise KeyError("\x1b[31mspoilt\nname")


def test_a_bug_is_one_sentence(command: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "propose", _broken)
    before = command.files(folder)

    done = command.run("write", *SITES, "-q", "--accept-all", "-o", "changes.ldif")

    assert (
        f"error: this is a bug in aliasfix {__version__}: KeyError: '\\x1b[31mspoilt\\nname'\n"
        "hint: report it, with what --debug shows\n"
    ) == done.err
    assert (2, "") == (done.code, done.out)
    assert before == command.files(folder)


def test_no_memory_is_no_bug(command: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def used_up(*_: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(api, "read", used_up)

    done = command.run("check", *SITES)

    assert (
        "error: the memory is used up\nhint: give it fewer exports at a time, or a machine with more memory\n"
    ) == done.err
    assert 2 == done.code


@pytest.mark.parametrize("words", [("--debug", "check", "nosuch.csv"), ("check", "nosuch.csv", "--debug")])
def test_debug_shows_where_it_was(words: tuple[str, ...], command: ModuleType, folder: Path) -> None:
    done = command.run(*words)

    assert "Traceback (most recent call last):\n" in done.err
    assert done.err.endswith("error: nosuch.csv: there is no such file\n")
    assert 2 == done.code


def test_debug_of_a_bug(command: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "propose", _broken)

    done = command.run("plan", *SITES, "--debug")

    assert "in _broken\n" in done.err
    assert done.err.endswith("hint: report it, with what --debug shows\n")


def test_an_interrupt(command: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)  # while the first change file is brought to the disk
    before = command.files(folder)

    done = command.run("write", *SITES, "-q", "--accept-all", "-o", "changes.ldif")

    assert "error: interrupted\nhint: files are written whole or not at all\n" == done.err
    assert (130, "") == (done.code, done.out)
    assert before == command.files(folder)


def test_an_interrupt_of_the_process(command: ModuleType, folder: Path) -> None:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from aliasfix.cli import main; main()"
    )
    words = ("write", "-", "--rules", "openldap", "--accept-all", "-o", "changes.ldif")
    before = command.files(folder)
    with subprocess.Popen(
        (sys.executable, "-c", program, *words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=command.environment(),
    ) as tool:
        assert tool.stdin is not None
        tool.stdin.write(b"#" * (1 << 20))  # more than a pipe holds: when that is gone, the tool reads
        tool.stdin.flush()
        tool.send_signal(signal.SIGINT)
        out, err = tool.communicate(timeout=SECONDS)

    assert b"error: interrupted\nhint: files are written whole or not at all\n" == err
    assert (130, b"") == (tool.returncode, out)
    assert before == command.files(folder)


@pytest.mark.parametrize("words", [("check", *SITES), ("plan", *SITES), ("plan", *SITES, "--json"), ("--help",)])
def test_a_reader_that_has_seen_enough(words: tuple[str, ...], command: ModuleType, folder: Path) -> None:
    with subprocess.Popen(
        command.line(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=command.environment()
    ) as tool:
        assert tool.stdout is not None
        tool.stdout.close()
        assert tool.stderr is not None
        err = tool.stderr.read().decode()
        assert 1 == tool.wait(SECONDS)

    assert [] == [
        line for line in err.splitlines() if not line.startswith(("Read 23 ", "Read as cp1252", "Ruleset exchange55"))
    ]


def test_a_log_that_nobody_reads(command: ModuleType, folder: Path) -> None:
    with subprocess.Popen(
        command.line("check", *SITES), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=command.environment()
    ) as tool:
        assert tool.stderr is not None
        tool.stderr.close()
        assert tool.stdout is not None
        assert b"" == tool.stdout.read()
        assert 1 == tool.wait(SECONDS)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk(command: ModuleType, folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command.line("plan", *SITES, "-q"),
            stdout=full,
            stderr=subprocess.PIPE,
            env=command.environment(),
            timeout=SECONDS,
            check=False,
        )

    assert b"error: the result can't be written: No space left on device\n" == done.stderr
    assert 2 == done.returncode


@pytest.mark.parametrize(("closed", "code", "out"), [("<&-", 2, ""), (">&-", 1, ""), ("2>&-", 1, "Check: ")])
@pytest.mark.skipif(os.name == "nt", reason="cmd.exe can't close a stream")
def test_streams_that_are_closed(closed: str, code: int, out: str, command: ModuleType, folder: Path) -> None:
    exports = ("-",) if closed == "<&-" else SITES
    done = subprocess.run(
        ("sh", "-c", f'"$@" {closed}', "sh", *command.line("check", "-q", *exports)),
        capture_output=True,
        env=command.environment(),
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )

    assert ("error: -: the file is empty\n" if closed == "<&-" else "") == done.stderr
    assert out in done.stdout
    assert "Read 23" not in done.stdout
    assert code == done.returncode


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
def test_a_console_that_cannot_show_every_character(encoding: str, command: ModuleType, folder: Path) -> None:
    done = command.process("check", "corp.ldf", encoding=encoding)

    name = "müller".encode(encoding, "backslashreplace").decode(encoding)
    assert f'mailNickname "{name}" of ' in done.out
    assert 1 == done.code


def test_arguments_that_are_no_text(command: ModuleType, folder: Path) -> None:
    done = command.run("check", "caf\udce9.csv")

    assert 'error: "caf\\udce9.csv" is no text\nhint: give the file or option a name in UTF-8\n' == done.err
    assert 2 == done.code


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no file names that are no text")
def test_a_file_name_that_is_no_text(command: ModuleType, folder: Path) -> None:
    (folder / "exports").mkdir()
    Path("slapcat.ldif").rename("exports/caf\udce9.ldif")

    done = command.run("plan", "exports", "-q")

    assert 'error: "exports/caf\\udce9.ldif" is no text\nhint: give the file or option a name in UTF-8\n' == done.err
    assert 2 == done.code


def test_a_wildcard_that_the_shell_left_alone_names_what_it_matches(command: ModuleType, folder: Path) -> None:
    named = command.run("check", *SITES, "-q")
    matched = command.run("check", "site?.csv", "-q")

    assert (named.code, named.out.rpartition("Next:")[0]) == (matched.code, matched.out.rpartition("Next:")[0])
    assert "Next: aliasfix plan 'site?.csv'\n" == "".join(matched.out.rpartition("Next:")[1:])


def test_brackets_match_nothing_but_themselves(command: ModuleType, folder: Path) -> None:
    Path("[12]").mkdir()
    Path("site1.csv").rename(Path("[12]") / "site1.csv")

    assert "Read 13 entries from 1 export." in command.run("check", "[12]/*.csv").err.splitlines()


def test_no_output_goes_where_the_wildcard_would_find_it(command: ModuleType, folder: Path) -> None:
    done = command.run("plan", "site?.csv", "-q", "-o", "siteX.csv")

    assert "error: siteX.csv: the next run would read the file as an export of its folder" in done.err
    assert 2 == done.code
