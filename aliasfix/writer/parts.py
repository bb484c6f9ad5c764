"""The parts of the changes: what one file holds, in the order in which the files are applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliasfix.plan import Row


@dataclass(frozen=True, slots=True)
class Part:
    """One change file and its rollback, for the exports of one label."""

    label: str
    stem: str
    rows: Sequence[Row]  # in the order of the plan
    ending: str = "ldif"

    @property
    def forth(self) -> str:
        """The name of the change file."""
        return f"{self.stem}.{self.ending}"

    @property
    def back(self) -> str:
        """The name of its rollback."""
        return f"{self.stem}.rollback.{self.ending}"


@dataclass(frozen=True, slots=True)
class ChangeFiles:
    """The bytes of each file by its name, and what a person must be told of them: sentences in printable ASCII."""

    files: Mapping[str, bytes]
    said: tuple[str, ...]
    parts: tuple[Part, ...] = ()  # what is in the LDIF files
    scripts: tuple[Part, ...] = ()  # what is in the PowerShell scripts
