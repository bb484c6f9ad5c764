"""Rows: what becomes of the subjects of a namespace, as the plan says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine.naming import Named
from aliasfix.engine.notes import note, noted
from aliasfix.plan import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aliasfix.directory import Source
    from aliasfix.engine.keepers import Order
    from aliasfix.engine.roles import Fate
    from aliasfix.engine.subjects import Subjects
    from aliasfix.ruleset import Ruleset

_NONE = Named()


def rows(
    subjects: Subjects,
    fates: Sequence[Fate],
    names: Mapping[int, Named],
    order: Order,
    references: Mapping[str, Sequence[Row]],
    sources: Sequence[Source],
    ruleset: Ruleset,
) -> Iterator[Row]:
    """By key; in a clash the first holder first, the others in order, then the references to the name."""
    place = np.argsort(order.sorted()).tolist()
    first = {fate.first for fate in fates}
    key = subjects.key
    ordered = sorted(range(len(subjects)), key=lambda s: (key[s], s not in first, place[s]))
    for i, s in enumerate(ordered):
        yield _row(s, subjects, fates[s], names.get(s, _NONE), sources, ruleset)
        if i + 1 == len(ordered) or key[ordered[i + 1]] != key[s]:
            yield from references.get(key[s], ())


def _row(s: int, subjects: Subjects, fate: Fate, found: Named, sources: Sequence[Source], ruleset: Ruleset) -> Row:
    at, fields = subjects.place[s], subjects.fields
    return Row(
        role=fate.role,
        decision="accept" if fate.role in ("rename", "repair") else "",
        code=fate.code,
        group=subjects.group(s),
        dn=fields.dn[at],
        label=fields.label[at],
        kind=fields.kind[at],
        site=fields.site[at],
        attribute=subjects.attribute[s],
        old=subjects.value[s],
        new=found.new,
        reason=noted(fate.reason, note(fields, at, ruleset, subjects.value[s], found.new)),
        rung=found.rung,
        tried="; ".join(found.tried),
        mail=fields.field("mail")[at],
        source=sources[subjects.source[s]].path,
        line=subjects.line[s],
    )
