"""Rulesets and findings as pages on a terminal: each line begins with the word for what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.engine import codes
from aliasfix.review.lines import fit
from aliasfix.text.counted import counted
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aliasfix.ruleset import Check, Condition, Criterion, Guard, Namespace, Opening, Ruleset

CRITERIA: dict[Criterion, str] = {
    "pinned": "whom --keep names",
    "unchangeable": "who can't be changed here",
    "change-only": "who is outside of --change-only",
    "kind": "in this order: {kinds}; and who is out of use behind all of them",
    "in-use": "who is in use; then who logged on last",
    "account": "whose account has the same name",
    "rdn": "who has the name in the DN",
    "primary": "whose primary address has the same local part",
    "policy": "whose primary address follows the alias, by an address policy",
    "posix": "who is a posixAccount",
    "created": "who was created first",
}
_PER = {"exports": "over all exports", "label": "within each label", "domain": "within each domain"}
_COMPARED = {
    "exact": "character by character",
    "rfc4518": "without case",
    "ad": "without case, accents and width",
}


def listed(rulesets: Iterable[Ruleset], width: int) -> str:
    """One ruleset a paragraph: its name, the product, and what shows that an export is of it."""
    lines: list[str] = []
    for rules in rulesets:
        lines += fit(f"{rules.name}: ", shown(rules.title), width, below="    ")
        lines += [line for why in _signs(rules) for line in fit("    chosen because ", shown(why), width)]
    return "\n".join(lines)


def page(rules: Ruleset, width: int) -> str:
    """All that a ruleset says, what the server itself can do against clashes included."""
    lines = [line for lead, text in _page(rules) for line in fit(f"{lead}: ", shown(text), width, below="    ")]
    for guard in rules.guards:
        told = shown(f"{guard.server}: {_one_line(guard.text)} ({guard.source})")
        lines += ["", *fit("Guard: ", told, width, below="    ")]
        lines += map(shown, configuration(rules, guard))
    return "\n".join(lines)


def configuration(rules: Ruleset, guard: Guard) -> Iterator[str]:
    """The lines that set the guard up for every attribute whose names plans change."""
    attributes = dict.fromkeys(a for n in rules.namespaces for a in n.attributes)
    for line in guard.config.strip("\n").splitlines():
        yield from dict.fromkeys(line.replace("{attribute}", attribute) for attribute in attributes)


def meaning(code: codes.Code, rulesets: Iterable[Ruleset], width: int) -> str:
    """What a finding says, and which rulesets ask for it: how grave it is, by whose word, and how it is repaired."""
    lines = [*fit(f"{code.code} {code.name}: ", code.meaning, width, below="    ")]
    for rules in rulesets:
        for lead, text in _rules_of(code, rules):
            lines += fit(f"{rules.name}: {lead}: ", shown(text), width, below="    ")
    return "\n".join(lines)


def whole(path: str, rules: Ruleset, width: int) -> str:
    """That a rules file holds together, in one line of counts."""
    told = ", ".join(
        (
            counted(len(rules.namespaces), "namespace", "namespaces"),
            counted(len(rules.checks), "check", "checks"),
            counted(len(rules.keepers), "criterion", "criteria"),
            counted(len(rules.ladders), "ladder", "ladders"),
            counted(len(rules.signs), "sign", "signs"),
        )
    )
    return "\n".join(fit("Rules: ", f"{shown(path)} holds together: {rules.name}, {told}.", width))


def _page(rules: Ruleset) -> Iterator[tuple[str, str]]:
    yield rules.name, rules.title
    if rules.about:
        yield "About", _one_line(rules.about)
    if rules.check_only:
        yield "Check only", rules.check_only
    yield from (("Sign", why) for why in _signs(rules))
    for space in (*rules.namespaces, *rules.unique):
        yield from (("Unique", told) for told in _unique(space))
    for check in rules.checks:
        yield (
            "Check",
            f"{codes.OF_CHECK[check.check].code} {codes.OF_CHECK[check.check].name}, {_checked(check, rules)}",
        )
    yield from (("Keeper", f"{criterion}: {_criterion(criterion, rules)}") for criterion in rules.keepers)
    yield from ((f"Ladder {kind}", ", ".join(rungs)) for kind, rungs in rules.ladders.items())
    yield "Spelling", _spelling(rules)
    yield "Site", ", else ".join(rules.site.by) + ("; its name stands in new names" if rules.site.slug else "")
    for lead, conditions in (
        ("Out of use", rules.unused),
        ("Unchangeable", rules.unchangeable),
        ("Protected", rules.protected),
        ("Address policy", rules.policies),
    ):
        yield from ((lead, f"{c.reason} ({_condition(c)})") for c in conditions)
    if rules.same_person:
        yield "One person, perhaps", f"where two have the same {' or '.join(rules.same_person)}: a person decides"
    if rules.shadow:
        yield "Shadow", f"a contact whose {rules.shadow} is the address of a mailbox: a person decides"
    yield from (("Store", f"{store.name}, keyed by {store.attribute}: {store.text}") for store in rules.stores)
    yield from (("Reference", f"{r.attribute}: {r.text}: a person decides") for r in rules.references)
    yield from (("Opens", opened(opening)) for opening in rules.opens)
    yield from (("Not over LDAP", f"below {out.dn_under}: {out.reason}") for out in rules.no_ldap)
    limits = rules.limits
    yield (
        "Limit",
        (
            f"more than {limits.renames} changes, or {100 * limits.share:g} % of the entries where that is fewer, "
            f"but at least {limits.floor}, need their exact number"
        ),
    )
    if rules.notices.forms:
        forms, told = " or ".join(rules.notices.forms.values()), " or ".join(rules.notices.kinds)
        yield "Logon name", f"typed as {forms}: write lists every {told} who must be told of a new one"
    yield from _applied(rules)


def door(opening: Opening) -> str:
    """A door, and what is said there."""
    return opening.door + (f", as {' or '.join(opening.by)}" if opening.by else "")


def _applied(rules: Ruleset) -> Iterator[tuple[str, str]]:
    if rules.cmdlets:
        yield "PowerShell", f"also writes scripts with {', '.join(dict.fromkeys(c.set for c in rules.cmdlets))}"
    if rules.apply:
        yield "Apply", rules.apply
    yield from ((f"Apply, --dialect {other.name}", other.apply) for other in rules.dialects if other.apply)


def opened(opening: Opening) -> str:
    """A door, what is said there, and what two holders of a name find, in one line."""
    return f"{door(opening)}; where two hold the name: {_one_line(opening.two)} ({opening.source})"


def _signs(rules: Ruleset) -> Sequence[str]:
    return list(dict.fromkeys(sign.why for sign in rules.signs))


def _unique(space: Namespace) -> Iterator[str]:
    left_out = [f"below {base}" for base in space.without] + [f'"{value}"' for value in space.shared_values]
    without = f", without {', '.join(left_out)}" if left_out else ""
    untouched = "" if space.renames else "; no plan changes these"
    for code, severity, compared in _clashes(space):
        yield f"{code.code} {code.name}, {severity}: {_what(space)}, compared {compared}{without}{untouched}"


def _clashes(space: Namespace) -> Iterator[tuple[codes.Code, str, str]]:
    """The findings of a namespace, how grave each is, and how its values are compared."""
    if space.within != "allowed":
        yield codes.DUPLICATE, space.within, _COMPARED[space.equality]
    if space.across != "allowed" and len(space.attributes) > 1:
        yield codes.ACROSS, space.across, _COMPARED[space.equality]
    if space.also:
        yield codes.FOLDED, "warning", _COMPARED[space.also]


def _what(space: Namespace) -> str:
    """The values that are compared, of whom, and within what."""
    values = ", ".join(f"{space.parts[a]} of {a}" if a in space.parts else a for a in space.attributes)
    whose = f" of {', '.join(space.kinds)}" if space.kinds else ""
    per = f"below each of {', '.join(space.per)}" if isinstance(space.per, tuple) else _PER[space.per]
    return f"{values}{whose}, {per}"


def _checked(check: Check, rules: Ruleset) -> str:
    asked = _asked(check)
    told = f": {asked}" if asked else ""
    source = f" ({check.source})" if check.source else ""
    return f"{check.severity}: {check.attribute}{_about(check)}{told}{source}{_repair(check, rules)}"


def _asked(check: Check) -> str:
    """What a check with keys of its own asks for."""
    if check.max is not None:
        return f"at most {check.max} {check.unit}"
    if check.allowed:
        return f"only characters of [{check.allowed}]"
    if check.forbidden:
        return f"no characters of [{check.forbidden}]"
    if check.names:
        return f"{len(check.names)} names, such as {check.names[0]}"
    return "it must be there" if check.required else ""


def _about(check: Check) -> str:
    """Which values the check is about, where it is not about all."""
    part = {"whole": "", "local": " before the @", "domain": " behind the @"}[check.part]
    types = f" of the types {_types(check.prefixes)}" if check.prefixes else ""
    others = f" of other types than {_types(check.not_prefixes)}" if check.not_prefixes else ""
    kinds = f", of kind {' or '.join(check.kinds)}" if check.kinds else ""
    condition = f", where {_condition(check)}" if check.attributes() else ""
    return part + types + others + kinds + condition


def _types(prefixes: Sequence[str]) -> str:
    return ", ".join(f"{prefix}:" if prefix else "none" for prefix in prefixes)


def _repair(check: Check, rules: Ruleset) -> str:
    named = any(check.attribute in space.attributes for space in rules.namespaces)
    if check.severity == "warning" or rules.check_only or not named:
        return "; no plan changes it"
    return f"; repaired by the first of {', '.join(rules.ladders['repair'])} that is free"


def _criterion(criterion: Criterion, rules: Ruleset) -> str:
    return CRITERIA[criterion].replace("{kinds}", ", ".join(rules.kind_order))


def _spelling(rules: Ruleset) -> str:
    spelled = rules.proposals
    lower = ", in lower case" if spelled.lower else ""
    return (
        f"new names have characters of [{spelled.characters}], the first of [{spelled.first}]{lower}, "
        f"at most {spelled.max}; {{joiner}} is {spelled.joiner}"
    )


def _condition(condition: Condition) -> str:
    told = [f"{a} is {' or '.join(values)}" for a, values in condition.is_.items()]
    told += [f"{a} is not {' or '.join(values)}" for a, values in condition.not_.items()]
    told += [f"{a} has the bits {bits}" for a, bits in condition.bits.items()]
    return ", ".join([*told, *(f"{a} matches {' or '.join(patterns)}" for a, patterns in condition.matches.items())])


def _rules_of(code: codes.Code, rules: Ruleset) -> Iterator[tuple[str, str]]:
    """Severity, and the rule with its source and repair, for each rule of the ruleset that gives this finding."""
    cure = "one holder keeps the name, the others get a new one by the ladder of their kind"
    for space in (*rules.namespaces, *rules.unique):
        then = cure if space.renames else "no plan changes these"
        told = "" if rules.check_only or code is codes.FOLDED else f"; {then}"
        for found, severity, compared in _clashes(space):
            if found is code:
                yield severity, f"{_what(space)}, {compared}{told}"
    for check in rules.checks:
        if codes.OF_CHECK[check.check] is code:
            severity, _, told = _checked(check, rules).partition(": ")
            yield severity, told
    if code is codes.REFERENCE:
        yield from (("to decide", f"{r.attribute}: {r.text}; it is never rewritten") for r in rules.references)


def _one_line(text: str) -> str:
    return " ".join(text.split())
