"""Suggestions: the next free names for somebody who is in no export yet, from the same ladder and the same memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine import naming
from aliasfix.engine.beside import besides
from aliasfix.engine.fields import Fields, site_coder
from aliasfix.engine.forecasts import Forecasts
from aliasfix.engine.keys import having, held
from aliasfix.engine.occupants import tries
from aliasfix.engine.propose import propose
from aliasfix.errors import UsageError
from aliasfix.text.equality import fold
from aliasfix.text.ladder import Ladder, counting_without
from aliasfix.text.transliterate import ascii as spelled

if TYPE_CHECKING:
    from aliasfix.directory import Directory
    from aliasfix.engine.explanation import Try
    from aliasfix.engine.keys import Keyed
    from aliasfix.plan import Memory, Wishes
    from aliasfix.ruleset import Namespace, Ruleset

_MOST = 5
_NEWCOMER = -2  # the number of no entry, and not what the naming knows several entries by
_NOBODY = "\x1f"  # nobody's holder in the memory of names, see aliasfix.plan.holder


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that is free, and the rung that gave it."""

    name: str
    rung: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The first few free names, the best first, and what was refused before and between them."""

    asked: str
    namespace: str
    free: tuple[Suggestion, ...]
    refused: tuple[Try, ...]


def suggest(
    directory: Directory, ruleset: Ruleset, memory: Memory, wishes: Wishes, name: str, site: str = ""
) -> Suggestions:
    """Free names for a person who wishes to be called ``name``, or whose given name and surname these are.

    ``site``: where the person will be. The rungs of the ladder ``repair`` that do not count say how a wish is spelled;
    then comes the ladder for people. What anybody holds or held, what is reserved, and what the plan for these exports
    and wishes would give to others is not free.

    Raises:
        UsageError: the ruleset is for checks only, or nothing that names are made of is in the wish.

    """
    plan = propose(directory, ruleset, memory, wishes)
    namespace = _namespace(ruleset)
    rows = held(directory, namespace, namespace.naming)
    values = {
        **_fields(name, ruleset.proposals.transliterate),
        "site": site_coder(ruleset, wishes.site_codes)(site) if site else "",
    }
    ladder = _ladder(ruleset, values)
    same_site = _beside(directory, ruleset, rows, namespace, name, site)
    wanted = naming.Wanted(
        entry=_NEWCOMER,
        holder=_NOBODY,
        attribute=namespace.attributes[0],
        old="",
        ladder=counting_without(ladder, "site") if same_site else ladder,
        values=values,
        site=site,
        same_site=same_site,
        domain="",
    )
    given_away = (row.new for row in plan.rows if row.new)
    known = replace(memory, reserved=(*memory.reserved, *given_away))
    beside, forecasts = besides(directory, ruleset), Forecasts(directory, ruleset)
    found = naming.assign([wanted] * _MOST, rows, namespace, known, ruleset, beside, forecasts)
    free = tuple(Suggestion(each.new, each.rung) for each in found if each.new)
    told = list(dict.fromkeys(text for each in found for text in each.tried))
    refused = tries([told], directory, namespace, ruleset.beside, memory, plan.rows)[0]
    own = {fold(each.name, namespace.naming) for each in free}
    for_want = {f"{t.text} does not apply" for t in ladder.rungs if "site" in t.fields and not site}
    others = tuple(_told(each, for_want) for each in refused if fold(each.candidate, namespace.naming) not in own)
    return Suggestions(name, namespace.name, free, others)


def _namespace(ruleset: Ruleset) -> Namespace:
    """The namespace of the alias; the first where the ruleset has no such field."""
    own = {source.attribute for source in ruleset.fields["alias"]}
    return next((n for n in ruleset.namespaces if own & set(n.attributes)), ruleset.namespaces[0])


def _fields(name: str, table: str) -> dict[str, str]:
    """What is known of the newcomer: several words are a given name and a surname, as in ``Surname, Given`` too."""
    surname, comma, given = (part.strip() for part in name.partition(","))
    if not (comma and given and surname):
        words = name.split()
        small = (at for at, word in enumerate(words[1:], 1) if word.islower() and not words[0].islower())
        at = next(small, len(words) - 1)  # Jürgen de la Cruz
        given, surname = " ".join(words[:at]), " ".join(words[at:])
    if not given:
        return {"alias": name.strip()}
    return {"alias": spelled(f"{given}.{surname}", table).lower(), "given": given, "surname": surname}


def _ladder(ruleset: Ruleset, values: dict[str, str]) -> Ladder:
    """The rungs that apply to a newcomer of whom this is known, or would if the site were known too."""
    steps = [t for t in ruleset.compiled["repair"].rungs if not t.has_counter]
    steps += (ruleset.compiled.get("person") or ruleset.compiled["other"]).rungs
    spelling = naming.spelling(ruleset)
    known = {**values, "site": values["site"] or "x"}
    rungs = tuple(t for t in dict.fromkeys(steps) if t.stem(known, spelling))
    if not rungs:
        p = ruleset.proposals
        raise UsageError(
            f'no name can be made of "{values["alias"]}"',
            hint=f"new names are made of the characters {p.characters} and begin with one of {p.first}",
        )
    return Ladder(rungs)


def _beside(directory: Directory, ruleset: Ruleset, rows: Keyed, namespace: Namespace, name: str, site: str) -> bool:
    """Whether somebody of the same site holds the wished name: then the site tells the two not apart."""
    hits = np.unique(rows.entry[having(rows, namespace, fold(name.strip(), namespace.naming))])
    return any(fold(s, "rfc4518") == fold(site, "rfc4518") for s in Fields(directory, ruleset, hits).site if site)


def _told(refused: Try, for_want_of_a_site: set[str]) -> Try:
    """The refusal in the newcomer's words: to the naming a name that the plan gives away is a reserved one."""
    hows = {occupant.how for occupant in refused.by}
    if "proposed" in hows and "reserved" not in hows:
        return replace(refused, why="proposed to another")
    if refused.why in for_want_of_a_site:
        return replace(refused, why=f"{refused.why}: the newcomer's site is not named")
    return replace(refused, why=refused.why.replace(naming.SAME_SITE, "somebody of the same site has the name"))
