"""A page of the documentation as blocks, and a session in which its commands run.

A section (whatever stands under one heading) is one session in a fresh folder; a page with the line
``<!-- one session -->``, as a walk from the export to the check has it, is one as a whole. The fenced blocks of
a session are played in order:

``console``
    each ``$ …`` line is run, the lines below it are its output; a line ``...`` stands for lines left out.
``shell-session``
    the same where the page has its servers beside it (tests/servers); elsewhere it is prose.
any other language, after a line that ends in `` `NAME`: ``
    the file of that name gets this content; in language ``diff``, these lines are exchanged in it, and ``…`` at the end
    of one stands for its rest.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.cli import main

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Iterator, Sequence

    Said = tuple[int, str]  # exit code, and what stands on the terminal

COLUMNS = 100
OMITTED = "..."
REST = "…"
LIVE = "shell-session"
WALK = "<!-- one session -->"
SECONDS = 120  # for any one command: the machine may be busy
_FENCE = "```"
_NAMED = re.compile(r"`([^`\s]+)`:\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines: a fenced block, or the prose around them."""

    section: int
    heading: str  # of the section, without #
    language: str  # "" for prose, and for a fence that names none
    name: str  # the file that the line before the fence names
    lines: tuple[str, ...]  # with the fences

    @property
    def body(self) -> tuple[str, ...]:
        """The lines between the fences."""
        return self.lines[1:-1]


def blocks(text: str) -> list[Block]:
    """The page in order; joined, their lines are the page."""
    found: list[Block] = []
    lines: list[str] = []
    section, heading, name = 0, "", ""

    def close(language: str, name: str = "") -> None:
        if lines:
            found.append(Block(section, heading, language, name, tuple(lines)))
            lines.clear()

    language: str | None = None  # None outside of fences
    for line in text.splitlines():
        if language is not None:
            lines.append(line)
            if line == _FENCE:
                close(language, name)
                language, name = None, ""
        elif line.startswith(_FENCE):
            close("")
            language = line.removeprefix(_FENCE)
            lines.append(line)
        else:
            if line.startswith("#"):
                close("")
                section, heading = section + 1, line.lstrip("# ")
            if line:
                named = _NAMED.search(line)
                name = named[1] if named else ""
            lines.append(line)
    assert language is None, f"a fence is never closed under {heading}"
    close("")
    return found


def replayed(text: str, session: Callable[[], contextlib.AbstractContextManager[Session]]) -> str:
    """The page with the outputs that its commands have now."""
    played: list[Block] = []
    one = WALK in text.splitlines()
    for _, section in groupby(blocks(text), key=lambda block: 0 if one else block.section):
        of_section = list(section)
        if not any(block.language == "console" for block in of_section):
            played += of_section
            continue
        with session() as shell:
            played += [_played(block, shell) for block in of_section]
    return "".join(f"{line}\n" for block in played for line in block.lines)


def redirected(run: Callable[[Sequence[str]], subprocess.CompletedProcess[str]]) -> Callable[[Sequence[str]], Said]:
    """The words of a command to its exit code and what it says; ``> FILE`` at their end takes what it prints."""

    def said(words: Sequence[str]) -> Said:
        if ">" not in words:
            done = run(words)
            return done.returncode, done.stdout + done.stderr
        *command, sign, to = words
        assert sign == ">"
        done = run(command)
        Path(to).write_text(done.stdout, encoding="utf-8", newline="\n")
        return done.returncode, done.stderr

    return said


def hold(page: Path, session: Callable[[], contextlib.AbstractContextManager[Session]], *, accept: bool) -> None:
    """The page shows what its commands say; ``accept``: what they say now is written into it."""
    recorded = page.read_text(encoding="utf-8")
    actual = replayed(recorded, session)
    if accept:
        page.write_text(actual, encoding="utf-8", newline="\n")
    else:
        assert recorded.splitlines() == actual.splitlines(), "if the new output is right: --accept"


def _played(block: Block, shell: Session) -> Block:
    if block.language == "console" or (block.language == LIVE and shell.servers):
        first, *_, last = block.lines
        return replace(block, lines=(first, *_outputs(block.body, shell), last))
    if block.name and block.language == "diff":
        shell.exchange(block.name, block.body)
    elif block.name and block.lines[0].startswith(_FENCE):
        shell.write(block.name, block.body)
    return block


def _outputs(lines: Sequence[str], shell: Session) -> Iterator[str]:
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"a console block begins with a command, not with {lines[:1]}"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start]
        yield from _omitting(lines[start + 1 : end], shell.run(lines[start][2:]).splitlines())


def _omitting(recorded: Sequence[str], actual: Sequence[str]) -> list[str]:
    """The actual lines, with those left out that the page leaves out.

    What stands between two omissions must still be there, for nothing tells which lines would take its place.
    """
    if OMITTED not in recorded:
        return list(actual)
    head, *middle, tail = (
        list(lines) for is_mark, lines in groupby(("", *recorded, ""), key=lambda line: line == OMITTED) if not is_mark
    )
    first, last = len(head) - 1, len(actual) - (len(tail) - 1)
    if first >= last:
        return list(actual)
    kept = [*actual[:first], OMITTED]
    for lines in middle:
        at = next((i for i in range(first, last) if list(actual[i : i + len(lines)]) == lines), None)
        assert at is not None, f"these lines are no longer in the output, choose others: {lines}"
        kept += [*lines, OMITTED]
        first = at + len(lines)
    return [*kept, *actual[last:]]


@dataclass(slots=True)
class Session:
    """A shell that knows the few commands of the pages; ``tool`` runs aliasfix, ``servers`` what needs a server."""

    tool: Callable[[Sequence[str]], Said]
    servers: Callable[[Sequence[str]], Said] | None = None
    code: int = 0

    def run(self, line: str) -> str:
        """What the command says, on both of its streams as they come."""
        match shlex.split(line):
            case ["aliasfix", *words]:
                self.code, said = self.tool(words)
                return said
            case ["echo", "$?"]:
                return str(self.code)
            case ["cat", file]:
                return Path(file).read_text(encoding="utf-8-sig")
            case ["cd", folder]:
                os.chdir(folder)
            case ["cp", "-r", old, new]:
                shutil.copytree(old, new)
            case ["cp", old, new]:
                shutil.copyfile(old, new)
            case words if self.servers:
                self.code, said = self.servers(words)
                return said
            case _:
                pytest.fail(f"a page has a command that its tests can't run: {line}")
        return ""

    def write(self, name: str, lines: Sequence[str]) -> None:
        """Make the file; it must not be there."""
        with Path(name).open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)

    def exchange(self, name: str, lines: Sequence[str]) -> None:
        """Apply the hunks, parted by ``@@``: what they take away or keep stands in the file once."""
        text = Path(name).read_text(encoding="utf-8")
        for is_mark, hunk in groupby(lines, key=lambda line: line.startswith("@@")):
            changed = [] if is_mark else list(hunk)
            old = "".join(_start(line[1:]) for line in changed if not line.startswith("+"))
            new = "".join(_start(line[1:]) for line in changed if not line.startswith("-"))
            assert is_mark or text.count(old) == 1, f"{name} does not have these lines, or has them twice:\n{old}"
            text = text.replace(old, new) if changed else text
        Path(name).write_text(text, encoding="utf-8", newline="\n")


def _start(line: str) -> str:
    """The line, or as much of it as the page shows."""
    return line.removesuffix(REST) if line.endswith(REST) else f"{line}\n"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Log(io.TextIOBase):
    """Standard error, shown on the terminal but none: on a terminal it tells how long things take."""

    def __init__(self, screen: io.StringIO) -> None:
        self._screen = screen

    def write(self, text: str, /) -> int:
        return self._screen.write(text)


def here(words: Sequence[str]) -> Said:
    """Run the tool in this process, on a terminal that is ``COLUMNS`` wide."""
    screen = _Terminal()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(COLUMNS))
        patch.setattr(sys, "argv", ["aliasfix", *words])
        patch.setattr(sys, "stdout", screen)
        patch.setattr(sys, "stderr", _Log(screen))
        with pytest.raises(SystemExit) as left:
            main()
    assert isinstance(left.value.code, int)
    return left.value.code, screen.getvalue()


def of_checkout(folder: Path) -> Callable[[Sequence[str]], Said]:
    """Run the tool of another checkout in a process of its own, which is none of those whose coverage counts."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    environment |= {"PYTHONPATH": str(folder), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}

    def run(words: Sequence[str]) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "aliasfix", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout.decode().replace("\r\n", "\n")

    return run
