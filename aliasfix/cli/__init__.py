"""The command line: one module per command, one boundary that turns errors into a sentence and an exit code."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys

import typer
from typer.exceptions import Exit, TyperException

from aliasfix import __version__
from aliasfix.cli import check, clean, explain, plan, rules, session, suggest, verify, write
from aliasfix.errors import AliasfixError
from aliasfix.text.terminal import shown

HELP = """Find mail aliases and logon names that clash in directory exports, and write a proven LDIF change file.

It works on files only: no server is ever contacted.

Exit codes: 0 done, nothing left; 1 something is left, or a proof fails; 2 wrong usage, ruleset or input, an incomplete
export; 3 refused by a safety limit; 4 the plan is stale, or altered where it may not be; 130 interrupted.
"""
DEBUG = "--debug, before or after the command, shows the traceback of an error."


def _typer(name: str, text: str) -> typer.Typer:
    return typer.Typer(
        name=name, help=text, epilog=DEBUG, invoke_without_command=True, add_completion=False, rich_markup_mode=None,
        pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip


app = _typer("aliasfix", HELP)
for module in (check, plan, write, verify, explain, suggest, clean):
    app.command(module.__name__.rpartition(".")[2], epilog=DEBUG)(module.run)
rulebook = _typer("rules", rules.HELP)
for name, function in rules.COMMANDS.items():
    rulebook.command(name, epilog=DEBUG)(function)
app.add_typer(rulebook)


@app.callback()
def _common(
    context: typer.Context,
    *,
    version: bool = typer.Option(False, "--version", help="Print the version and leave.", is_eager=True),
) -> None:
    if version:
        print(f"aliasfix {__version__}")  # noqa: T201 - the result
        raise Exit
    _ask_for_a_command(context)


@rulebook.callback()
def _ask_for_a_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())  # noqa: T201 - the result
        raise Exit(2)


def main() -> None:
    """Run the command line and leave with its exit code."""
    _make_ready()
    words = sys.argv[1:]
    debug = "--debug" in words
    code = _run([word for word in words if word != "--debug"], debug=debug)
    _let_go()
    sys.exit(code)


def _make_ready() -> None:
    """Standard streams that are there, and that show a character's escape where they can't show the character.

    One command makes millions of small objects and hardly a cycle: looking for cycles among them takes a third of its
    time, and what it would find goes with the process.
    """
    gc.disable()
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the caller closed it
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as we do
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stand-in of a test or an embedding program
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _let_go() -> None:
    """A stream that refuses what it is given must not fail once more when the interpreter flushes it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(words: list[str], *, debug: bool) -> int:
    try:
        code = _invoked(words)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as e:  # noqa: BLE001 - the error boundary
        if _closed(e):
            return 1
        if debug:
            import traceback

            traceback.print_exception(e)
        sentence, hint, code = _complaint(e)
        with contextlib.suppress(OSError):
            _tell(sentence, hint)
    return code


def _invoked(words: list[str]) -> int:
    """The exit code of the command; its exceptions are those of the command, not what a framework makes of them."""
    session.refuse_undecodable(words)
    command = typer.main.get_command(app)
    try:
        with command.make_context("aliasfix", words) as context:
            return int(command.invoke(context))
    except Exit as e:
        return e.exit_code


def _closed(error: BaseException) -> bool:
    """Whether whoever read the output has seen enough; Windows calls that an invalid argument."""
    return isinstance(error, OSError) and error.filename is None and error.errno in (errno.EPIPE, errno.EINVAL)


def _complaint(error: BaseException) -> tuple[str, str, int]:
    """What is said of the error, how to mend it, and the exit code."""
    match error:
        case AliasfixError():
            return str(error), error.hint, error.exit_code
        case TyperException():
            path = context.command_path if (context := getattr(error, "ctx", None)) else "aliasfix"
            return error.format_message(), f"{path} --help shows what can be said", 2
        case KeyboardInterrupt():
            return "interrupted", "files are written whole or not at all", 130
        case MemoryError():
            return "the memory is used up", "give it fewer exports at a time, or a machine with more memory", 2
        case OSError(filename=None):
            return f"the result can't be written: {error.strerror or error}", "", 2
        case _:
            what = f"{type(error).__name__}: {error}"
            return f"this is a bug in aliasfix {__version__}: {what}", "report it, with what --debug shows", 2


def _tell(sentence: str, hint: str) -> None:
    print(f"error: {shown(sentence)}", file=sys.stderr)  # noqa: T201 - the error boundary
    if hint:
        print(f"hint: {shown(hint)}", file=sys.stderr)  # noqa: T201 - the error boundary
