"""One word for each row, of all that the plan files hold: unaltered, and agreed upon where several have the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.errors import InputError, StalePlanError
from aliasfix.ldap import dn as ldap_dn
from aliasfix.plan import COLUMNS, EDITABLE, PLACES, fingerprint
from aliasfix.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aliasfix.plan import Decision, Decisions, Plan, Row

_SHOWN = 10
_ONLY_TWO = 'only "decision" and "new" may be changed; take the plan file as it was written'
_AGREE = "agree on one decision and write it into both files, or take the row out of one of them"
_PLACE = ("label", "dn", "attribute", "old")

Identity = tuple[str, str, str, str]


def agreed(decisions: Decisions, plan: Plan) -> dict[Identity, Decision]:
    """The decision on each row of the plan files.

    An empty decision where the fresh ``plan`` has none either gives way to an answer in another file: nobody has
    spoken there. Anywhere else an accept may be a word as well as a reject, whether somebody typed it or left it.

    Raises:
        StalePlanError: a column that nobody may change was changed, or a file has a row twice.
        InputError: two files hold different decisions on a row.

    """
    altered = [d for d in decisions if fingerprint(d.recorded) != d.fingerprint]
    if altered:
        raise _alteration(altered, plan)
    given: dict[Identity, dict[str, Decision]] = {}
    for d in decisions:
        files = given.setdefault(_identity(*(d.recorded[c] for c in _PLACE)), {})
        if d.where.path in files:
            raise StalePlanError(f"the row stands twice in the plan: {said(d)}", where=d.where, hint=_ONLY_TWO)
        files[d.where.path] = d
    fresh = {of_row(row): row for row in plan.rows}
    found, disputed = {}, []
    for identity, files in given.items():
        row = fresh.get(identity)
        words = [d for d in files.values() if not _is_silent(d, row)] or list(files.values())
        other = next((d for d in words if _meaning(d, row) != _meaning(words[0], row)), None)
        if other:
            disputed.append(f"{said(words[0])}: {_told(words[0], row)}, {_told(other, row)}")
        found[identity] = next((d for d in words if row and is_seen(row, d)), words[0])
    if disputed:
        raise InputError(f"the plan files disagree: {listed(disputed)}", hint=_AGREE)
    return found


def of_row(row: Row) -> Identity:
    """What a decision on the row is keyed by: like the row's own identity, however the DN is spelled."""
    return _identity(row.label, row.dn, row.attribute, row.old)


def is_seen(row: Row, decision: Decision) -> bool:
    """Whether the row is the one that the person saw: then another new name is theirs, and no earlier proposal."""
    return decision.fingerprint == fingerprint(row.texts())


def said(decision: Decision) -> str:
    """Which row the decision is on."""
    r = decision.recorded
    return f'{r["attribute"]} "{r["old"]}" of {r["dn"]}'


def listed(sentences: Iterable[str]) -> str:
    """The first of them as one sentence, and how many more there are."""
    told = list(sentences)
    more = f"; and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return "; ".join(told[:_SHOWN]) + more


def _identity(label: str, dn: str, attribute: str, old: str) -> Identity:
    try:
        return (label, ldap_dn.key(dn), attribute.lower(), old)
    except ldap_dn.DNError:
        return (label, dn, attribute.lower(), old)


def _is_silent(decision: Decision, row: Row | None) -> bool:
    """Whether nobody has spoken: neither a decision nor a new name, as in the fresh plan."""
    proposed = (row.decision, row.new) if row else ("", "")
    return decision.decision == "" == proposed[0] and decision.new in ("", proposed[1])


def _meaning(decision: Decision, row: Row | None) -> tuple[str, str]:
    """What becomes of the row: an edit that repeats the proposal accepts it, and no name matters that is not given."""
    word, new = decision.decision, decision.new
    if word in ("accept", "edit"):
        return "accept", new
    return word, "" if word == "reject" or (row and new == row.new) else new


def _told(decision: Decision, row: Row | None) -> str:
    word, (_, name) = decision.decision, _meaning(decision, row)
    what = f"says {word}" if word else "has" if name else "leaves it open"
    new = f' "{name}"' if name else ""
    return f"{decision.place('decision')} {what}{new}{'' if word or not name else ' without a decision'}"


def _alteration(altered: Sequence[Decision], plan: Plan) -> StalePlanError:
    """Which cell of the first altered row was changed, as far as the fresh plan can tell, and how many more were."""
    first = altered[0]
    column = _altered_column(first, plan)
    what = f'the column "{column}"' if column else "a column that is no one's to change"
    value = first.fingerprint if column == "fingerprint" else first.recorded.get(column, "")
    new = f' to "{value}"' if column else ""
    more = f", and {counted(len(altered) - 1, 'more row was', 'more rows were')} altered" if altered[1:] else ""
    return StalePlanError(f"{what} was changed{new}{more}", where=first.place(column), hint=_ONLY_TWO)


def _altered_column(decision: Decision, plan: Plan) -> str:
    texts = [row.texts() for row in plan.rows]
    place = [decision.recorded[c] for c in _PLACE]
    same = next((t for t in texts if fingerprint(t) == decision.fingerprint), None)
    same = same or next((t for t in texts if [t[c] for c in _PLACE] == place), None)
    if not same:
        return ""
    kept = [c for c in COLUMNS if c not in (*EDITABLE, *PLACES)]
    return next((c for c in kept if same[c] != decision.recorded[c]), "fingerprint")
