"""`aliasfix rules`: what the rulesets and findings say, and whether a ruleset of one's own holds together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from aliasfix.cli import session
from aliasfix.errors import RulesetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliasfix.ruleset import Ruleset

_CODE = re.compile("[A-Za-z][0-9]{3}")
HELP = "Show the rulesets and findings, or check a ruleset of your own."
FILE = Annotated[str, typer.Argument(metavar="FILE", help="A ruleset: a file that ends in .toml.", show_default=False)]
NAME = Annotated[
    str,
    typer.Argument(metavar="NAME", help="A ruleset, its file, or the code of a finding (A101).", show_default=False),
]


def listed() -> int:
    """Name each ruleset, its product, and what in an export chooses it."""
    from aliasfix.review import rulebook

    session.say(rulebook.listed(_shipped(), session.width()))
    return 0


def show(name: NAME) -> int:
    """Show all that a ruleset says, or what a finding means and which rulesets ask for it."""
    from aliasfix import load
    from aliasfix.engine import codes
    from aliasfix.review import rulebook

    known = {code.code: code for code in codes.ALL}
    if name.upper() in known:
        session.say(rulebook.meaning(known[name.upper()], _shipped(), session.width()))
    elif _CODE.fullmatch(name):
        raise UsageError(f"there is no finding {name}", hint=f"findings are {', '.join(known)}")
    else:
        session.say(rulebook.page(load(name), session.width()))
    return 0


def check(file: FILE) -> int:
    """Check that a ruleset holds together; what is wrong is named with its key, template and column."""
    from aliasfix import load
    from aliasfix.review import rulebook

    if not file.endswith(".toml"):
        raise RulesetError(f'"{file}" is no ruleset file', hint="name a file that ends in .toml")
    rules = load(file)
    session.say(rulebook.whole(file, rules, session.width()))
    session.say(f"Next: {session.command('check', ['EXPORT'], ['--rules', file])}")
    return 0


def schema() -> int:
    """Print the JSON schema of a ruleset file, for editors that complete and check TOML."""
    from aliasfix.ruleset import schema

    session.say_json(schema())
    return 0


COMMANDS: dict[str, Callable[..., int]] = {"list": listed, "show": show, "check": check, "schema": schema}


def _shipped() -> list[Ruleset]:
    from aliasfix.api import load
    from aliasfix.ruleset import shipped

    return [load(name) for name in shipped()]
