"""The parts of the changes: what one LDIF file holds, in the order in which the files are applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.plan import Row


@dataclass(frozen=True, slots=True)
class Part:
    """One change file and its rollback, for the exports of one label."""

    label: str
    stem: str
    rows: Sequence[Row]  # in the order of the plan

    @property
    def forth(self) -> str:
        """The name of the change file."""
        return f"{self.stem}.ldif"

    @property
    def back(self) -> str:
        """The name of its rollback."""
        return f"{self.stem}.rollback.ldif"
