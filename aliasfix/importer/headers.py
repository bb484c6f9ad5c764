"""The header tables of the known CSV exports, one file each in ``formats``: which column holds which attribute."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from aliasfix.errors import InputError, Where
from aliasfix.importer.csv_rows import Form, Row, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Model):
    """One column: the names it goes by, the attribute it holds, and how its cells are read (see ``cells``)."""

    headers: tuple[str, ...]
    attribute: str
    read: Literal["text", "account", "values", "addresses", "guid", "octets", "time"] = "text"
    words: dict[str, str] = {}  # cell, in lower case -> value; other cells stay as they are
    prefixes: dict[str, str] = {}  # values: what stands before the colon -> attribute; the rest goes to ``attribute``
    refused: tuple[str, ...] = ()  # cells, in lower case, of rows that are no entries but orders to an import

    @field_validator("words")
    @classmethod
    def _lowered(cls, words: dict[str, str]) -> dict[str, str]:
        return {k.lower(): v for k, v in words.items()}

    @property
    def attributes(self) -> tuple[str, ...]:
        """Every attribute its cells can give."""
        return (*self.prefixes.values(), self.attribute)


class Table(_Model):
    """One CSV format.

    ``needs``: headers of which a file of this format has one. ``fallback``: the code page of exports that are not
    UTF-8. ``separator`` and ``escape``: between and inside the values of a cell with several. ``separators``: what
    people may choose instead (see ``separators``); ``rivals``: those that the file was not found to have.
    ``addresses``: the prefixes that start a value there. ``partial``: attributes that the format gives in part only, so
    that another export of the entry may say more. ``not_exported``: what cells hold in place of values (a regular
    expression for the whole cell). ``deletion``: what cells begin with that order one. ``lossy``: what stands in ASCII
    exports for characters beyond ASCII.
    """

    format: str
    title: str
    alias: str
    naming: Literal["container", "distinguished-name", "address", "mapped"]
    columns: tuple[Column, ...]
    needs: tuple[str, ...] = ()
    fallback: str = ""
    strip: bool = False
    separator: str = ""
    separators: str = ""
    rivals: str = ""
    escape: str = ""
    addresses: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    not_exported: str = ""
    deletion: str = ""
    lossy: str = ""

    @cached_property
    def by_header(self) -> dict[str, tuple[Column, int]]:
        """Header -> the column, and the place of that header among those the column goes by."""
        return {plain(h): (column, place) for column in self.columns for place, h in enumerate(column.headers)}

    @cached_property
    def doubt(self) -> str:
        """What a cell holds, in RE2, whose values may be separated by a rival."""
        return rf"[{re.escape(self.rivals)}](?:{'|'.join(self.addresses)}):" if self.rivals else ""

    @property
    def alias_headers(self) -> tuple[str, ...]:
        """What the column with the alias is called."""
        return next(c.headers for c in self.columns if c.attribute == self.alias)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the header of one file says."""

    table: Table
    form: Form
    header: Row
    columns: tuple[tuple[int, Column], ...]  # place in the row, column

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that the file's columns can give, each once, in their order."""
        return tuple(dict.fromkeys(a for _, column in self.columns for a in column.attributes))


@cache
def tables() -> tuple[Table, ...]:
    """The formats that come with aliasfix, by name."""
    folder = Path(__file__).parent / "formats"
    return tuple(
        Table.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.toml"))
    )


def recognise(text: str, path: str, column: str = "", quote: str = '"') -> Layout:
    """The format whose table knows most of the file's columns, under the delimiter that shows most of them.

    ``column``: the delimiter, where the user says it.

    Raises:
        InputError: no column is known, two delimiters fit equally well, a column stands twice, or none holds an alias.

    """
    headers = {d: h for d in column or DELIMITERS if (h := first(text, d, quote))}
    fits = sorted(
        ((_fit(t, h), -place, d, t) for d, h in headers.items() for place, t in enumerate(tables())),
        key=lambda fit: fit[:2],
        reverse=True,
    )
    if not fits or not fits[0][0]:
        raise _no_alias(max(headers.values(), key=lambda h: len(h.cells), default=None), path)
    score, _, delimiter, table = fits[0]
    header = headers[delimiter]
    _refuse_two_ways([d for s, _, d, _ in fits if s == score], headers, path)
    layout = Layout(table, Form(delimiter, table.strip, quote), header, _columns(table, header, path))
    if table.alias not in layout.attributes:
        raise _no_alias(header, path)
    return layout


def laid_out(text: str, path: str, table: Table, column: str = "", quote: str = '"') -> Layout:
    """The columns of the table in a file of any kind, under the delimiter that shows most of them.

    Raises:
        InputError: a column is not there, or stands twice, or two delimiters fit equally well.

    """
    known = {d: h for d in column or DELIMITERS if (h := first(text, d, quote))}
    if not known:
        raise InputError("it is neither LDIF nor CSV", where=Where(path), hint="is it the right file?")
    shows = {d: len(table.by_header.keys() & {plain(c) for c in h.cells}) for d, h in known.items()}
    delimiter = max(known, key=shows.__getitem__)
    if shows[delimiter]:
        _refuse_two_ways([d for d in known if shows[d] == shows[delimiter]], known, path)
    header = known[delimiter]
    shown = [plain(c) for c in header.cells]
    for wanted in table.columns:
        name = wanted.headers[0]
        if shown.count(plain(name)) != 1:
            near = difflib.get_close_matches(plain(name), shown, 1)
            hint = f'did you mean "{header.cells[shown.index(near[0])]}"?' if near else f"it has {_listed(header)}"
            twice = plain(name) in shown
            raise InputError(
                f'it has two columns "{name}"' if twice else f'it has no column "{name}"',
                where=_at(path, header),
                hint="rename one of them" if twice else hint,
            )
    columns = sorted(((shown.index(plain(c.headers[0])), c) for c in table.columns), key=lambda found: found[0])
    return Layout(table, Form(delimiter, table.strip, quote), header, tuple(columns))


def first(text: str, delimiter: str, quote: str = '"') -> Row | None:
    """The first row that holds anything; the #TYPE line of Windows PowerShell stands before it."""
    for row in rows(text, Form(delimiter, strip=True, quote=quote)):
        if isinstance(row, Row) and not row.cells[0].startswith("#TYPE"):
            return row
    return None


def plain(header: str) -> str:
    """The header in lower case, its words one space apart."""
    return " ".join(header.split()).lower()


def _fit(table: Table, header: Row) -> int:
    shown = {plain(c) for c in header.cells}
    needed = {plain(header) for header in table.needs}
    return len(shown & table.by_header.keys()) if not needed or needed & shown else 0


def _refuse_two_ways(delimiters: Sequence[str], headers: Mapping[str, Row], path: str) -> None:
    """Raise InputError where two of the delimiters separate the cells of the header."""
    several = list(dict.fromkeys(d for d in delimiters if len(headers[d].cells) > 1))[:2]
    if len(several) > 1:
        both = " and ".join(DELIMITERS[d] for d in several)
        numbers = ", ".join(f"{ord(d):02} for {DELIMITERS[d]}" for d in several)
        raise InputError(
            f"its columns can't be told apart: {both} both could separate them",
            where=_at(path, headers[several[0]]),
            hint=f"say which: --csv ColumnSeparator={numbers}",
        )


def _columns(table: Table, header: Row, path: str) -> tuple[tuple[int, Column], ...]:
    """The known columns; where two hold one attribute, the one whose name comes first in the table."""
    best: dict[Column | str, tuple[int, int, Column]] = {}
    seen: dict[str, str] = {}
    for place, cell in enumerate(header.cells):
        column, rank = table.by_header.get(plain(cell), (None, 0))
        if column is None:
            continue
        key = column.headers[0]
        if plain(cell) in seen or (key in best and column.attribute == table.alias):
            other = seen.get(plain(cell)) or header.cells[best[key][1]]
            sentence = f'two of its columns, "{other}" and "{cell}", hold one thing'
            raise InputError(sentence, where=_at(path, header), hint="delete or rename one of them")
        seen[plain(cell)] = cell
        if key not in best or rank < best[key][0]:
            best[key] = (rank, place, column)
    return tuple((place, column) for _, place, column in sorted(best.values(), key=lambda b: b[1]))


def _no_alias(header: Row | None, path: str) -> InputError:
    called = ", ".join(f'"{t.alias_headers[0]}" in {t.title}' for t in tables() if t.naming != "address")
    hint = f"the column is called {called}; in any other CSV name it with --map alias=COLUMN"
    if header is None:
        return InputError("it is neither LDIF nor CSV", where=Where(path), hint="is it the right file?")
    names = {plain(n): n for t in tables() for n in t.alias_headers}
    for cell in header.cells:
        near = difflib.get_close_matches(plain(cell), names, 1, 0.85)
        if near:
            hint = f'is "{cell}" meant to be "{names[near[0]]}"?'
    return InputError(f"it has no alias column; its columns are {_listed(header)}", where=_at(path, header), hint=hint)


def _listed(header: Row) -> str:
    shown = [f'"{c[:40]}"' for c in header.cells[:20]]
    more = len(header.cells) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _at(path: str, header: Row) -> Where:
    return Where(path, header.line)
