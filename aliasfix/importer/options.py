"""What the user says about the exports besides their paths."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

Named = tuple[tuple[str, str], ...]  # (file as given or its base name; "" for every file, name)


@dataclass(frozen=True, slots=True)
class Options:
    """``encoding`` names a code page; the others name something for one file or for all."""

    encoding: str = ""
    labels: Named = ()
    organization: Named = ()  # Exchange 5.5 CSV: the o above site-relative containers
    site: Named = ()  # Exchange 5.5 CSV: the ou above site-relative containers

    def refuse_strangers(self, paths: Sequence[str]) -> None:
        """Raise UsageError where an option speaks of a file that is not among the exports, or of two at once."""
        for field in fields(self)[1:]:
            for file, _ in getattr(self, field.name):
                _one_file(field.name.removesuffix("s"), file, paths)


def name_for(named: Named, path: str) -> str:
    """What is said of this file: by its path, else by its base name, else of all files, else ``""``."""
    said = {_plain(file) if file else "": name for file, name in named}
    return next((said[key] for key in (_plain(path), Path(path).name, "") if key in said), "")


def _one_file(option: str, file: str, paths: Sequence[str]) -> None:
    whole = [p for p in paths if _plain(p) == _plain(file)]
    meant = whole or [p for p in paths if Path(p).name == file]
    if file and not meant:
        raise UsageError(
            f'--{option} names "{file}", which is none of the exports', hint=f"they are {', '.join(paths)}"
        )
    if file and len(meant) > 1:
        raise UsageError(f'--{option} names "{file}", which is {" and ".join(meant)}', hint="name the path as a whole")


def _plain(path: str) -> str:
    return str(Path(path))
