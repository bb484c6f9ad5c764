"""The exports choose their ruleset by the signs they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.errors import UsageError
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.directory import Source
    from aliasfix.ruleset import Ruleset, Sign


@dataclass(frozen=True, slots=True)
class Choice:
    """A ruleset and what speaks for it."""

    ruleset: Ruleset
    why: str


def choose(sources: Sequence[Source], rulesets: Sequence[Ruleset]) -> Choice:
    """The ruleset of the heaviest sign; exports that show none go along with the others.

    Raises:
        UsageError: no export shows a sign, or the heaviest ones name different rulesets.

    """
    best: dict[str, tuple[Source, Ruleset, Sign]] = {}
    for source in sorted(sources, key=lambda s: s.path):
        for ruleset, sign in _heaviest(source, rulesets):
            old = best.get(ruleset.name)
            if old is None or sign.weight > old[2].weight:
                best[ruleset.name] = (source, ruleset, sign)
    hint = f"say which with --rules: {', '.join(sorted(r.name for r in rulesets))}"
    if not best:
        raise UsageError(f"nothing shows which product the exports come from: {_seen(sources)}", hint=hint)
    if len(best) > 1:
        said = "; ".join(f"{s.path} looks like {name}, {sign.why}" for name, (s, _, sign) in sorted(best.items()))
        raise UsageError(f"the exports seem to come from different products: {said}", hint=hint)
    source, ruleset, sign = next(iter(best.values()))
    return Choice(ruleset, f"{source.path}: {sign.why}" if len(sources) > 1 else sign.why)


def _heaviest(source: Source, rulesets: Sequence[Ruleset]) -> list[tuple[Ruleset, Sign]]:
    shown = [(r, s) for r in sorted(rulesets, key=lambda r: r.name) for s in r.signs if _holds(s, source)]
    most = max((s.weight for _, s in shown), default=0)
    return [(r, s) for r, s in shown if s.weight == most]


def _holds(sign: Sign, source: Source) -> bool:
    attributes = {a.lower() for a in source.attributes}
    classes = {c.lower() for c in source.classes}
    return (
        sign.format in ("", source.format)
        and all(a.lower() in attributes for a in sign.attributes)
        and (not sign.classes or any(c.lower() in classes for c in sign.classes))
        and (not sign.dn_under or any(dn.under(dn.key(d), dn.key(sign.dn_under)) for d in source.dns))
    )


def _seen(sources: Sequence[Source]) -> str:
    shown = [f"{s.path} is {s.format} with {', '.join(s.attributes[:8]) or 'no attributes'}" for s in sources[:3]]
    return "; ".join(shown)
