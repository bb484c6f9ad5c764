"""The command line: one module per command, one boundary that turns errors into a sentence and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys

import typer
from typer.exceptions import Abort, Exit, TyperException

from aliasfix import __version__
from aliasfix.cli import check, plan, verify, write
from aliasfix.errors import AliasfixError
from aliasfix.text.terminal import shown

HELP = """Find mail aliases and logon names that clash in directory exports, and write a proven LDIF change file.

It works on files only: no server is ever contacted.

Exit codes: 0 done, nothing left; 1 something is left, or a proof fails; 2 wrong usage, ruleset or input, an incomplete
export; 3 refused by a safety limit; 4 the plan is stale, or altered where it may not be; 130 interrupted.
"""

app = typer.Typer(
    name="aliasfix", help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
for module in (check, plan, write, verify):
    app.command(module.__name__.rpartition(".")[2])(module.run)


@app.callback()
def _common(
    *,
    version: bool = typer.Option(False, "--version", help="Print the version and leave.", is_eager=True),
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
) -> None:
    if debug:
        _State.debug = True
    if version:
        print(f"aliasfix {__version__}")  # noqa: T201 - the result
        raise Exit


class _State:
    debug = False


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console that can't show a character shows its escape instead of failing.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(_run())


def _run() -> int:
    try:
        result = app(standalone_mode=False)
        sys.stdout.flush()
    except AliasfixError as e:
        _tell(str(e), e.hint)
        _trace(e)
        return e.exit_code
    except TyperException as e:
        _tell(e.format_message(), "aliasfix --help shows every command and option")
        return 2
    except Exit as e:
        return e.exit_code
    except (KeyboardInterrupt, Abort):
        _tell("interrupted; nothing was written", "")
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; the interpreter must not complain at its own flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return result if isinstance(result, int) else 0


def _tell(sentence: str, hint: str) -> None:
    print(f"error: {shown(sentence)}", file=sys.stderr)  # noqa: T201 - the error boundary
    if hint:
        print(f"hint: {shown(hint)}", file=sys.stderr)  # noqa: T201 - the error boundary


def _trace(error: AliasfixError) -> None:
    if _State.debug:
        import traceback

        traceback.print_exception(error)
