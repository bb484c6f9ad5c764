"""The errors a user can cause; the command line prints each as one sentence and leaves with its exit code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file: its path as the user named it, and a line counted from 1 (0: the file as a whole).

    In a workbook it is a row of a ``sheet``, or with the letters of a ``column`` a cell.
    """

    path: str
    line: int = 0
    sheet: str = ""
    column: str = ""

    def __str__(self) -> str:
        if self.sheet:
            place = f"cell {self.column}" if self.column else "row "
            return f"{self.path}, sheet {self.sheet}, {place}{self.line}"
        return f"{self.path}:{self.line}" if self.line else self.path


class AliasfixError(Exception):
    """What went wrong, where, and how to mend it.

    ``sentence`` says what and why, ``where`` names the file and line, ``hint`` the way out.
    """

    exit_code = 2

    def __init__(self, sentence: str, *, where: Where | None = None, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.sentence}"


class UsageError(AliasfixError):
    """The user named options that do not fit each other or the input."""


class InputError(AliasfixError):
    """The user gave a file that can't be read as what it should be."""


class RulesetError(AliasfixError):
    """The user named a ruleset that does not exist or does not hold together."""


class ProofError(AliasfixError):
    """The change files would not do exactly what the accepted rows say."""

    exit_code = 1


class UnsafeError(AliasfixError):
    """The user asked for more than the safety limits let through without an explicit word."""

    exit_code = 3


class StalePlanError(AliasfixError):
    """The user handed over a plan that the exports have left behind, or that was altered where it may not be."""

    exit_code = 4
