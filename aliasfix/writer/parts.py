"""The parts of the changes: what one file holds, in the order in which the files are applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliasfix.plan import Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """One change file and its rollback, for the exports of one label."""

    label: str
    stem: str
    rows: Sequence[Row]  # in the order of the plan
    ending: str = "ldif"
    number: int = 0  # of the batch, from 1; 0: there are no batches

    @property
    def forth(self) -> str:
        """The name of the change file."""
        return f"{self.stem}.{self.ending}"

    @property
    def back(self) -> str:
        """The name of its rollback."""
        return f"{self.stem}.rollback.{self.ending}"


@dataclass(frozen=True, slots=True)
class Batches:
    """How the changed entries are spread over files: ``pilot`` in the first, then ``size`` in each; 0: all others."""

    pilot: int = 0
    size: int = 0

    def stems(self, stem: str, entries: Sequence[T]) -> list[tuple[int, str, Sequence[T]]]:
        """Each batch with its number and the stem of its files, which is ``stem`` itself where nothing is asked for."""
        if not (self.pilot or self.size):
            return [(0, stem, entries)]
        first = self.pilot or self.size
        rest = entries[first:]
        step = self.size or len(rest) or 1
        cut = [entries[:first], *(rest[at : at + step] for at in range(0, len(rest), step))]
        return [(number, f"{stem}.{number}", batch) for number, batch in enumerate(cut, 1)]


@dataclass(frozen=True, slots=True)
class ChangeFiles:
    """The bytes of each file by its name, and what a person must be told of them: sentences in printable ASCII."""

    files: Mapping[str, bytes]
    said: tuple[str, ...]
    parts: tuple[Part, ...] = ()  # what is in the LDIF files
    scripts: tuple[Part, ...] = ()  # what is in the PowerShell scripts
