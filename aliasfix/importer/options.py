"""What the user says about the exports besides their paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.importer.headers import Table

Named = tuple[tuple[str, str], ...]  # (file or folder as given, or its base name; "" for every file, name)


@dataclass(frozen=True, slots=True)
class Options:
    """``encoding`` names a code page; labels, organization and site name something for one file or for all.

    ``separators``: what stands between columns, around cells and between values of CSV files (see ``separators``).
    ``columns``: field and header of CSV files of any kind; ``table`` is what they come to under a ruleset (see
    ``mapping``), and is made by whoever knows the ruleset.
    """

    encoding: str = ""
    labels: Named = ()
    organization: Named = ()  # Exchange 5.5 CSV: the o above site-relative containers
    site: Named = ()  # Exchange 5.5 CSV: the ou above site-relative containers
    columns: tuple[tuple[str, str], ...] = ()
    separators: tuple[tuple[str, str], ...] = ()
    table: Table | None = None

    def refuse_strangers(self, paths: Sequence[str]) -> None:
        """Raise UsageError where an option speaks of a file or folder without exports, or of two at once."""
        for option, named in (("label", self.labels), ("organization", self.organization), ("site", self.site)):
            for file, _ in named:
                _one_place(option, file, paths)


def name_for(named: Named, path: str) -> str:
    """What is said of this file, of the nearest folder above it, or of all files, else ``""``.

    File and folder go by their path, else by their base name.
    """
    said = {_plain(file) if file else "": name for file, name in named}
    for place in (Path(path), *Path(path).parents):
        for key in (str(place), place.name):
            if key and key in said:
                return said[key]
    return said.get("", "")


def _one_place(option: str, place: str, paths: Sequence[str]) -> None:
    """What is said of a file or a folder must be true of one, by its path or by its base name."""
    known = {p for path in paths for p in (Path(path), *Path(path).parents)}
    meant = sorted(p.as_posix() for p in known if place and (p == Path(place) or p.name == place))
    if place and not meant:
        raise UsageError(
            f'--{option} names "{place}", which is none of the exports', hint=f"they are {', '.join(paths)}"
        )
    if len(meant) > 1:
        hint = "name the exports by absolute paths" if Path(place).as_posix() in meant else "name the path as a whole"
        raise UsageError(f'--{option} names "{place}", which is {" and ".join(meant)}', hint=hint)


def _plain(path: str) -> str:
    return str(Path(path))
