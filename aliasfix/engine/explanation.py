"""The explanation of a name: types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from aliasfix.plan import Row

Meaning = Literal["name", "entry"]
How = Literal["held", "alike", "proposed", "reserved", "held before"]


@dataclass(frozen=True, slots=True)
class Occupant:
    """Who has a name, and how: ``alike`` is a name that only the coarser equality takes for the same."""

    how: How
    value: str  # the name as the occupant has it
    dn: str = ""  # held before: the DN's key; reserved: nobody
    label: str = ""
    attribute: str = ""
    source: str = ""  # path of the export
    line: int = 0


@dataclass(frozen=True, slots=True)
class Try:
    """A candidate that was refused and who was in the way, or a rung that gave none."""

    candidate: str  # "" where the rung gave none
    why: str
    by: tuple[Occupant, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """One value of one entry that is the name."""

    dn: str
    label: str
    kind: str
    site: str
    mail: str
    attribute: str
    value: str
    source: str  # path of the export
    line: int
    faults: tuple[str, ...]  # the rules that the value breaks: severity, code, name and sentence
    says: tuple[str, ...]  # what the holder says at the doors that the name opens
    row: Row | None  # of the plan; None where it says nothing of this value
    tried: tuple[Try, ...]  # before the row's new name was found


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds one key: the keeper first, the others in the plan's order."""

    group: str  # as the plan calls it: "alias:user"
    holders: tuple[Holder, ...]
    clash: bool  # they are two or more entries
    criteria: tuple[str, ...]  # in a clash: those by which the keeper was chosen, the one that decided last
    references: tuple[Row, ...]  # of the plan: entries that name somebody by this name


@dataclass(frozen=True, slots=True)
class Name:
    """One name in one namespace."""

    name: str
    namespace: str
    held: tuple[Held, ...]  # one, unless names are unique per label or domain only
    besides: tuple[Occupant, ...]  # who holds it outside of the namespace, or holds one that is spelled alike
    objection: str  # where nobody holds it: the rule that it breaks
    obstacles: tuple[Occupant, ...]  # where nobody holds it: to whom it is not free

    @property
    def wrong(self) -> bool:
        """Whether it clashes or breaks a rule; where nobody holds it, whether it can't be given."""
        faulty = any(h.clash or any(holder.faults for holder in h.holders) for h in self.held)
        near = any(o.how == "alike" or not self.held for o in self.besides)
        return faulty or near or bool(self.objection or self.obstacles)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked, and each name that is meant by it."""

    asked: str
    means: Meaning
    entries: tuple[str, ...]  # the DNs of the entries that were asked for by DN or mail address
    names: tuple[Name, ...]  # the same name in each namespace, or the names of the entries

    @property
    def wrong(self) -> bool:
        """Whether any of the names clashes, breaks a rule, or can't be given."""
        return any(name.wrong for name in self.names)
