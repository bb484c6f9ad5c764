"""The plan cut into hand-outs: one for each site, with its own rows, for its local admin to review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.text.equality import fold
from aliasfix.text.filenames import distinct

if TYPE_CHECKING:
    from aliasfix.plan import Plan, Row


@dataclass(frozen=True)
class Handout:
    """What one site is to review."""

    site: str  # with the label before it, where that says more; "": rows without a site
    stem: str  # of its file: safe on every system, and no other site's
    plan: Plan


def handouts(plan: Plan) -> list[Handout]:
    """The rows of each site and label, in the order of the plan; sites are one whose names differ in case alone."""
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in plan.rows:
        rows.setdefault((row.label, fold(row.site, "rfc4518")), []).append(row)
    places = sorted(rows)
    names = [_name(rows[place]) for place in places]
    stems = distinct(names, "site", "no-site")
    return [
        Handout(name, stem, plan.with_rows(rows[place])) for place, name, stem in zip(places, names, stems, strict=True)
    ]


def _name(rows: list[Row]) -> str:
    site, label = min(row.site for row in rows), rows[0].label
    return site if label in ("", site) else f"{label} {site}".strip()
