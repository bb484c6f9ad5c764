"""Naming: a new name for each value that must change, rung by rung, from a memory of names that only grows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliasfix.engine.beside import near
from aliasfix.engine.checks import objection
from aliasfix.text.equality import fold
from aliasfix.text.ladder import Spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from aliasfix.engine.beside import Beside
    from aliasfix.engine.forecasts import Forecasts
    from aliasfix.engine.keys import Keyed
    from aliasfix.plan import Memory
    from aliasfix.ruleset import Namespace, Ruleset
    from aliasfix.text.ladder import Ladder, Template

OWN = "it is the name it has"
SAME_SITE = "same site as the keeper"
_SEVERAL = -1
_WIDEST = 9  # digits of a counter: more than there are people
_END = 10**_WIDEST
_PATIENCE = 256  # numbers that break a rule, after which no other is tried: a rule may refuse them all
_SHOWN = 12  # obstacles told one by one


@dataclass(frozen=True, slots=True)
class Wanted:
    """One value that needs a new name."""

    entry: int
    holder: str  # as the memory of names knows the entry
    attribute: str
    old: str
    ladder: Ladder
    values: Mapping[str, str]  # of the template fields
    site: str  # as the export spells it; "" where it is generic
    same_site: bool  # as the keeper: the site tells them not apart
    domain: str  # of the primary address that a policy will make of the new name; "": of none that is known


@dataclass(slots=True)
class Named:
    """The name that was found, or the empty string; the rung that gave it, and what was tried before."""

    new: str = ""
    rung: str = ""
    tried: list[str] = field(default_factory=list)


class Taken:
    """The keys of one namespace that a proposal may not have: all that are or were held, the reserved, the proposed."""

    def __init__(self, namespace: Namespace, memory: Memory, beside: Sequence[Beside], forecasts: Forecasts) -> None:
        self._attributes = namespace.attributes
        self._equality = namespace.naming
        self._beside = [b for b in beside if not set(b.namespace.attributes).isdisjoint(namespace.attributes)]
        self._forecasts = forecasts
        self._reserved = {fold(name, self._equality) for name in (*memory.reserved, *namespace.shared_values)}
        self._before: dict[str, set[str]] = {}
        for holder, name in memory.held:
            self._before.setdefault(fold(name, self._equality), set()).add(holder)
        self._holder: dict[str, int] = {}
        self._value: dict[str, tuple[int, str, str] | None] = {}  # None: more than one has the key
        self._proposed: set[str] = set()

    def learn(self, rows: Keyed, exact: Collection[str], numbered: Collection[str]) -> None:
        """Of all keys only those matter that a candidate can meet: the same key, or the same stem and a number."""
        for beside in self._beside:
            beside.learn(exact, numbered)
        for entry, attribute, value, key in rows.at(near(rows.key, exact, numbered, self.key)):
            own = (entry, self._attributes[attribute], value)
            self._holder[key] = entry if self._holder.get(key, entry) == entry else _SEVERAL
            self._value[key] = own if self._value.get(key, own) == own else None

    def key(self, name: str) -> str:
        """The key of a name. It has no scope: a name is not given to one domain while somebody in another has it."""
        return fold(name, self._equality)

    def obstacle(self, wanted: Wanted, name: str) -> str:
        """Who has the name; ``""`` where nobody has, or the value that is to be changed alone."""
        key = self.key(name)
        if key in self._proposed:
            return "proposed to another"
        own = (wanted.entry, wanted.attribute, wanted.old)
        if self._value.get(key, own) != own:
            return "the entry has it already" if self._holder[key] == wanted.entry else "taken"
        if key in self._reserved:
            return "reserved"
        if self._before.get(key, {wanted.holder}) != {wanted.holder}:
            return "held before by another"
        found = (beside.obstacle(wanted.entry, wanted.attribute, name) for beside in self._beside)
        if why := next(filter(None, found), ""):
            return why
        return self._forecasts.obstacle(wanted.entry, f"{name}@{wanted.domain}") if wanted.domain else ""

    def propose(self, wanted: Wanted, name: str) -> None:
        """Nobody else gets this name from now on."""
        self._proposed.add(self.key(name))
        for beside in self._beside:
            beside.propose(wanted.entry, wanted.attribute, name)
        if wanted.domain:
            self._forecasts.propose(wanted.entry, f"{name}@{wanted.domain}")


def spelling(ruleset: Ruleset) -> Spelling:
    """How the ruleset spells a new name."""
    p = ruleset.proposals
    return Spelling(p.characters, p.first, p.max, p.joiner, p.lower, p.transliterate)


def assign(
    wanted: Sequence[Wanted],
    rows: Keyed,
    namespace: Namespace,
    memory: Memory,
    ruleset: Ruleset,
    beside: Sequence[Beside],
    forecasts: Forecasts,
) -> list[Named]:
    """A name for each, in the order given, which comes from data alone.

    Rung by rung: nobody has a worse name than a free earlier one, whatever the order of files and rows.
    """
    spelled = spelling(ruleset)
    taken = Taken(namespace, memory, beside, forecasts)
    found = [Named() for _ in wanted]
    open_ = list(range(len(wanted)))
    cursors: dict[tuple[str, int, str], int] = {}  # for all ladders: what was refused to one is refused to all
    for rung in range(max((len(w.ladder.rungs) for w in wanted), default=0)):
        here = [(i, wanted[i].ladder.rungs[rung]) for i in open_ if rung < len(wanted[i].ladder.rungs)]
        bases = {i: _base(wanted[i], template, spelled) for i, template in here}
        taken.learn(rows, *_near(here, bases, spelled))
        forecasts.learn(*_near([(i, template) for i, template in here if wanted[i].domain], bases, spelled))
        for i, template in here:
            if template.has_counter:
                name = _counted(wanted[i], template, bases[i], cursors, taken, ruleset, spelled, found[i].tried)
            else:
                name = _tried(wanted[i], template, bases[i], taken, ruleset, found[i].tried)
            if name:
                taken.propose(wanted[i], name)
                found[i].new, found[i].rung = name, template.text
        open_ = [i for i in open_ if not found[i].new]
    return found


def refusal(wanted: Wanted, name: str, taken: Taken, ruleset: Ruleset) -> str:
    """Why the entry may not have the name; ``""`` where it may."""
    if not name:
        return "it is empty"
    if broken := objection(ruleset, wanted.attribute, name):
        return broken
    if name == wanted.old:
        return OWN
    return taken.obstacle(wanted, name)


def _base(wanted: Wanted, template: Template, spelled: Spelling) -> str:
    """The candidate of a rung, without its number where it has a counter; ``""`` where the rung does not apply."""
    if template.has_counter:
        return template.stem(wanted.values, spelled) or ""
    return template.render(wanted.values, spelled) or ""


def _near(
    here: Sequence[tuple[int, Template]], bases: Mapping[int, str], spelled: Spelling
) -> tuple[set[str], set[str]]:
    """The candidates without a number, and some of those with one."""
    exact = {bases[i] for i, template in here if bases[i] and not template.has_counter}
    stems = {(template, bases[i]) for i, template in here if bases[i] and template.has_counter}
    return exact, {name for template, stem in stems for name in _numbered(template, stem, spelled)}


def _numbered(template: Template, stem: str, spelled: Spelling) -> Iterator[str]:
    """Of the names that the counter could give one for each width of the number: the others differ in digits alone."""
    for width in range(1, _WIDEST + 1):
        number = max(template.first_number, 10 ** (width - 1))
        if numbered := template.numbered(stem, number, spelled):
            yield numbered
        if len(stem) + len(spelled.joiner) + _WIDEST <= spelled.maximum:
            break


def _tried(wanted: Wanted, template: Template, candidate: str, taken: Taken, ruleset: Ruleset, tried: list[str]) -> str:
    if not candidate:
        tried.append(f"{template.text} does not apply{_for_want_of_a_code(wanted, template)}")
        return ""
    if wanted.same_site and "site" in template.fields:
        tried.append(f"{template.text} does not apply: {SAME_SITE}")
        return ""
    if why := refusal(wanted, candidate, taken, ruleset):
        tried.append(f"{candidate}: {why}")
        return ""
    return candidate


def _for_want_of_a_code(wanted: Wanted, template: Template) -> str:
    if "site" in template.fields and wanted.site and not wanted.values["site"]:
        return f": {wanted.site} has no code, name one with --site-code"
    return ""


def _counted(
    wanted: Wanted,
    template: Template,
    stem: str,
    cursors: dict[tuple[str, int, str], int],
    taken: Taken,
    ruleset: Ruleset,
    spelled: Spelling,
    tried: list[str],
) -> str:
    """The next free number.

    What was refused to one is refused to all of that stem, so the cursor only goes up. Those of whose names addresses
    are made have a cursor for each domain: to others their addresses are no obstacle.
    """
    if not stem:
        tried.append(f"{template.text} does not apply")
        return ""
    number = template.first_number
    refused: list[str] = []
    broken = 0
    while number < _END and (name := template.numbered(stem, number, spelled)) is not None:
        width = len(str(number))
        cursor = (taken.key(name[: len(name) - width]), width, wanted.domain)
        if cursors.get(cursor, number) > number:
            number = cursors[cursor]
            continue
        if not (why := refusal(wanted, name, taken, ruleset)):
            cursors[cursor] = number + 1
            tried.extend(_shortened(refused))
            return name
        refused.append(f"{name}: {why}")
        broken += bool(objection(ruleset, wanted.attribute, name))
        number = number + 1 if broken < _PATIENCE else _END
        cursors[cursor] = number
    tried.extend(_shortened(refused) or [f"{template.text}: no number left"])
    return ""


def _shortened(refused: Sequence[str]) -> Iterable[str]:
    return refused if len(refused) <= _SHOWN else [refused[0], f"... {len(refused) - 2} more ...", refused[-1]]
