"""What is asked of the naming: a new name for each value that must give way, from which fields, by which ladder."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from aliasfix.engine import naming
from aliasfix.plan import holder
from aliasfix.text import ladder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.engine.keepers import Order
    from aliasfix.engine.roles import Fate
    from aliasfix.engine.subjects import Subjects
    from aliasfix.plan import Wishes
    from aliasfix.ruleset import Ruleset


def wanted(
    subjects: Subjects, fates: Sequence[Fate], order: Order, ruleset: Ruleset, wishes: Wishes
) -> dict[int, naming.Wanted]:
    """Of renames, repairs and the decide rows that may become renames what a new name is made from, in total order."""
    fields = subjects.fields
    codes, entries = fields.site_code(wishes.site_codes), subjects.entry.tolist()

    @cache
    def steps(kind: str) -> ladder.Ladder:
        found = ruleset.compiled.get(kind) or ruleset.compiled["other"]
        return _site_first(found) if wishes.prefer_site else found

    @cache
    def narrowed(kind: str) -> ladder.Ladder:
        """Where the site tells the two not apart it has no place before a number either."""
        return ladder.counting_without(steps(kind), "site")

    @cache
    def asked(kind: str) -> tuple[tuple[str, list[str]], ...]:
        """The ruleset's fields that the ladder asks for."""
        names = {name for template in steps(kind).rungs for name in template.fields}
        return tuple((name, fields.field(name)) for name in sorted(names & set(ruleset.fields)))

    def one(s: int) -> naming.Wanted:
        at, fate = subjects.place[s], fates[s]
        kind = "repair" if fate.role == "repair" else fields.kind[at]
        values = {name: field[at] for name, field in asked(kind)}
        values["alias"], values["site"] = subjects.value[s], codes[at]
        same_site = fate.first >= 0 and _beside(subjects, fates, fate.first, s)
        return naming.Wanted(
            entry=entries[s],
            holder=holder(fields.label[at], fields.dn_key[at]),
            attribute=subjects.attribute[s],
            old=subjects.value[s],
            ladder=narrowed(kind) if same_site else steps(kind),
            values=values,
            site=fields.named_site(at),
            same_site=same_site,
            domain=fields.policy_domain[at],
        )

    return {s: one(s) for s in order.sorted().tolist() if fates[s].role in ("rename", "repair", "decide")}


def _beside(subjects: Subjects, fates: Sequence[Fate], first: int, s: int) -> bool:
    """Whether the first holder goes on holding the name, in the same site."""
    if fates[first].role not in ("keep", "blocked"):
        return False
    sites = subjects.fields.site_key
    return sites[subjects.place[first]] == sites[subjects.place[s]]


def _site_first(steps: ladder.Ladder) -> ladder.Ladder:
    """The ladder with the rungs that hold the site before all others.

    The counting one too: where the site tells the two not apart, a name without it would depend on what else the export
    happens to hold (an Exchange 5.5 LDIF has the account only as a SID).
    """
    first = tuple(t for t in steps.rungs if "site" in t.fields)
    return replace(steps, rungs=(*first, *(t for t in steps.rungs if t not in first)))
