"""The plan, its rows and a person's decisions: the columns in one place. Types only, no files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from aliasfix.directory import Source
    from aliasfix.errors import Where

Role = Literal["rename", "keep", "repair", "decide", "blocked"]
Decided = Literal["", "accept", "reject", "edit"]
Only = Literal["", "renames", "repairs"]  # what is carried out; empty: both
ROLES: tuple[str, ...] = get_args(Role)
DECISIONS: tuple[str, ...] = get_args(Decided)
ONLY: tuple[Only, ...] = get_args(Only)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan: one value of one entry, what becomes of it and why."""

    role: Role
    decision: Decided
    code: str  # the finding's code
    group: str  # the clash or fault it belongs to: "alias:user"
    dn: str
    label: str
    kind: str
    site: str
    attribute: str
    old: str
    new: str  # "" where nothing is proposed
    reason: str
    rung: str  # the template that gave ``new``
    tried: str  # what was tried before it and who was in the way
    mail: str
    source: str  # path of the export
    line: int  # of the value

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What a decision is keyed by: label, DN, attribute, old value."""
        return (self.label, self.dn, self.attribute, self.old)

    def texts(self) -> dict[str, str]:
        """The columns as text, in the order of ``COLUMNS``."""
        return dict(zip(COLUMNS, map(str, _CELLS(self)), strict=True))

    @property
    def accepted(self) -> bool:
        """Whether the row changes a value: a person's word and a new value are both there."""
        return self.decision in ("accept", "edit") and bool(self.new)

    @property
    def state(self) -> str:
        """Why a row that is left stays open, in one word."""
        if self.decision == "reject":
            return "rejected"
        return "blocked" if self.role == "blocked" else "undecided"


COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Row))
_CELLS = attrgetter(*COLUMNS)
EDITABLE: tuple[str, ...] = ("decision", "new")
PLACES: tuple[str, ...] = ("source", "line")  # differ between runs on equal exports; never part of a hash
_WITHOUT_PLACES = attrgetter(*(c for c in COLUMNS if c not in PLACES))  # all of them texts


def fingerprint(row: Mapping[str, str]) -> str:
    """Sixteen hexadecimal digits over the columns of a proposed row that nobody may change, without its places."""
    return _digest(row[c] for c in COLUMNS if c not in (*EDITABLE, *PLACES))[:16]


@dataclass(frozen=True)
class Plan:
    """Every row in canonical order: by namespace and key of the clash, its keeper first, from data alone."""

    rows: tuple[Row, ...]
    ruleset: str
    why: str  # why this ruleset
    sources: tuple[Source, ...]
    entries: int  # in the directory
    notes: tuple[str, ...] = ()  # what the preview must say besides the rows

    @cached_property
    def accepted(self) -> tuple[Row, ...]:
        """The rows that change a value."""
        return tuple(r for r in self.rows if r.accepted)

    @cached_property
    def left(self) -> tuple[Row, ...]:
        """The rows that stay open: blocked, undecided, or rejected by a person."""
        return tuple(r for r in self.rows if r.role != "keep" and not r.accepted and not _answered(r))

    def hash(self) -> str:
        """SHA-256 over the rows in canonical order, with the decisions, without paths and lines."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        return _digest([self.ruleset, *chain.from_iterable(map(_WITHOUT_PLACES, self.rows))])

    def with_rows(self, rows: Iterable[Row]) -> Plan:
        """The same plan with other rows."""
        return replace(self, rows=tuple(rows))

    def frame(self) -> pd.DataFrame:
        """The rows as a DataFrame with the columns of ``COLUMNS``."""
        import pandas as pd  # noqa: PLC0415 - a quarter of a second that only users of the frame pay

        return pd.DataFrame([[getattr(r, c) for c in COLUMNS] for r in self.rows], columns=list(COLUMNS))


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on one row, as read from a plan file."""

    decision: str
    new: str
    fingerprint: str  # as the file holds it
    recorded: Mapping[str, str]  # every other column as the file holds it
    where: Where
    letters: Mapping[str, str] = field(default_factory=dict)  # by which a workbook calls each column

    def place(self, column: str) -> Where:
        """The cell of the column, where the file has cells."""
        return replace(self.where, column=self.letters.get(column, ""))


@dataclass(frozen=True)
class Decisions:
    """The decisions of plan files, in the order of the files and of their rows."""

    paths: tuple[str, ...]  # of files and folders, as the user named them
    rows: tuple[Decision, ...]

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.rows)


@dataclass(frozen=True, slots=True)
class Named:
    """An entry as a person names it, by DN or mail address, and the place where the person wrote it."""

    text: str
    where: Where


@dataclass(frozen=True)
class Wishes:
    """What the admin asked of this run besides the ruleset."""

    keep: tuple[Named, ...] = ()  # these keep the name
    protect: tuple[Named, ...] = ()  # these are not to be renamed
    allow: tuple[Named, ...] = ()  # these may be renamed although they are protected
    change_only: tuple[str, ...] = ()  # only entries of these sites or labels, or below these DNs; empty: all
    only: Only = ""  # which proposals count as accepted; "": both
    prefer_site: bool = False  # the rung with the site comes first
    site_codes: tuple[tuple[str, str], ...] = ()  # (site, code), before the ruleset's own


@dataclass(frozen=True)
class Memory:
    """Names that nobody may be given: reserved ones, and those held before, each with its holder (see ``holder``)."""

    reserved: tuple[str, ...] = ()
    held: tuple[tuple[str, str], ...] = ()  # (holder, name), from earlier maps


def holder(label: str, dn_key: str) -> str:
    """Who held a name: the DN's key, with the label in front of it where the exports have labels."""
    return f"{label}\x1f{dn_key}" if label else dn_key


def _answered(row: Row) -> bool:
    """A reference has no new value: a person's accept says that the keeper is meant."""
    return row.role == "decide" and row.decision == "accept" and not row.new


def _digest(parts: Iterable[str]) -> str:
    """SHA-256 of the parts, each preceded by its length in UTF-8 so that no two lists give the same bytes."""
    counted = "".join(
        [f"{len(part) if part.isascii() else len(part.encode('utf-8', 'surrogatepass'))}:{part}" for part in parts]
    )
    return hashlib.sha256(counted.encode("utf-8", "surrogatepass")).hexdigest()
