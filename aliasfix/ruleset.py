"""The model of a rules file: all that is special about one directory product, in LDAP attribute names."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from aliasfix.errors import RulesetError, UsageError, Where
from aliasfix.ldap import dn
from aliasfix.text import catalogue, equality, ladder, parts, patterns, terms

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Kind = Literal["person", "shared", "group", "public-folder", "contact", "system"]
Equality = equality.Equality
Part = parts.Part
Severity = Literal["error", "warning"]
Attribute = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]


def _a_dn(text: str) -> str:
    try:
        dn.key(text)
    except dn.DNError as e:
        raise ValueError(f'"{text}" is no DN: {e}') from e
    return text


Base = Annotated[str, AfterValidator(_a_dn)]
Criterion = Literal[
    "pinned", "unchangeable", "change-only", "kind", "in-use", "account", "rdn", "policy", "primary", "posix", "created"
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Model):
    """Holds for an entry when every line of it holds.

    ``is``: the attribute has one of the values (compared as caseIgnoreMatch does; ``*``: any value).
    ``not``: the attribute has none of them (``*``: no value at all). ``bits``: the integer has all these bits.
    ``matches``: a whole value matches one of the patterns (RE2, without case, so that no value takes long); the
    attribute ``dn`` stands for the DN.
    """

    is_: dict[Attribute, tuple[str, ...]] = Field(default={}, alias="is")
    not_: dict[Attribute, tuple[str, ...]] = Field(default={}, alias="not")
    bits: dict[Attribute, int] = {}
    matches: dict[Attribute, tuple[str, ...]] = {}

    @field_validator("matches")
    @classmethod
    def _compiles(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        from aliasfix.columns import refuse_pattern  # noqa: PLC0415 - the rulesets of most commands have none

        for pattern in (p for some in value.values() for p in some):
            refuse_pattern(pattern)
        return value

    def attributes(self) -> set[str]:
        """The attributes it looks at."""
        return {*self.is_, *self.not_, *self.bits, *self.matches} - {"dn"}


class KindRule(Condition):
    """The first rule that holds gives the entry its kind."""

    kind: Kind


class ReasonedCondition(Condition):
    """A condition and the words that tell a person of it."""

    reason: str


class Unused(ReasonedCondition):
    """What shows that an entry of one of these kinds is out of use."""

    kinds: tuple[Kind, ...]


class FieldSource(_Model):
    """Where a template field comes from.

    ``local`` and ``domain``: of a mail address, without ``smtp:``; ``account``: what follows the last backslash, empty
    where there is none; ``primary``: the value that starts with ``SMTP:`` in capitals, ``primary-local``: its local
    part.
    """

    attribute: Attribute
    part: Part = "whole"


SITE = "(site)"  # stands for an attribute with the entry's site, which goes before all else; no LDAP name has brackets


class Site(_Model):
    """Where the site is found, and its short names.

    ``by`` is tried in order, a ``generic`` name counts only where nothing else gives one:
    ``ou-below-o`` (5.5: the ``ou`` right below ``o``), ``top-ou`` (the OU next to the
    domain), ``domain`` (the ``dc`` parts joined by periods), ``label``, ``mail-domain``. ``slug``: a site without a
    code may be used as it is, spelled in ASCII letters and digits.
    """

    by: tuple[Literal["ou-below-o", "top-ou", "domain", "label", "mail-domain"], ...]
    slug: bool = False
    generic: tuple[str, ...] = ()
    codes: dict[str, str] = {}


class Namespace(_Model):
    """Values that must be unique together.

    ``parts``: what of an attribute's values is compared. ``also``: a coarser equality whose clashes nothing enforces: a
    warning. ``per``: unique in all exports together, within each label or domain, or below each of these DNs (of two
    above an entry the nearer counts; what is below none is not in the namespace). ``within``, ``across``: how grave it
    is that entries hold a key in one attribute, or else in different ones. ``same_entry``: an entry that holds a
    key in several values is one holder, or clashes with itself.
    """

    renames: ClassVar[bool] = True  # whether plans change its values

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    attributes: tuple[Attribute, ...]
    parts: dict[Attribute, Part] = {}
    equality: Equality = "rfc4518"
    also: Equality | None = None
    per: Literal["exports", "label", "domain"] | tuple[Base, ...] = "exports"
    without: tuple[Base, ...] = ()
    kinds: tuple[Kind, ...] = ()  # empty: all of them
    shared_values: tuple[str, ...] = ()  # meant to be held by several
    within: Severity | Literal["allowed"] = "error"
    across: Severity | Literal["allowed"] = "error"
    same_entry: Literal["one-holder", "clash"] = "one-holder"

    @model_validator(mode="after")
    def _whole(self) -> Namespace:
        strange = sorted(set(self.parts) - set(self.attributes))
        if strange:
            raise ValueError(f"parts.{strange[0]} is none of its attributes")
        if self.renames and (self.parts or {self.within, self.across, self.same_entry} != {"error", "one-holder"}):
            raise ValueError(
                "parts, within, across and same_entry are for values that no plan changes: make it a table [[unique]]"
            )
        return self

    @property
    def naming(self) -> Equality:
        """The coarsest equality in which a proposal must differ from everybody's names."""
        return self.also or self.equality


class Unique(Namespace):
    """A namespace that is only checked: no plan changes its values, and no new name makes a clash in it."""

    renames: ClassVar[bool] = False


class Check(Condition):
    """One rule for every value of an attribute; ``source`` says who demands it.

    It is about entries of these ``kinds``, for which the condition holds; about values with one of the ``prefixes``
    (``smtp``; ``""``: without one) and none of ``not_prefixes``. Where it speaks of prefixes it judges what follows.
    """

    attribute: Attribute
    check: str
    severity: Severity = "error"
    kinds: tuple[Kind, ...] = ()  # empty: all of them
    prefixes: tuple[str, ...] = ()
    not_prefixes: tuple[str, ...] = ()
    part: terms.Section = "whole"
    max: int | None = None
    unit: terms.Unit = "characters"
    allowed: str = ""  # the inside of a character class
    forbidden: str = ""  # the same
    names: tuple[str, ...] = ()
    file: str = ""  # beside the ruleset, a name a line; they are in ``names`` once it is loaded
    required: bool = False
    source: str = ""

    @property
    def rule(self) -> catalogue.Rule:
        """The catalogue's row for it."""
        return catalogue.RULES[self.check]

    @field_validator("check")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in catalogue.RULES:
            raise ValueError(f"no such check: {value} (known: {', '.join(sorted(catalogue.RULES))})")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Check:
        rule = self.rule
        given = [key for key in _TERMS if getattr(self, key) != type(self).model_fields[key].default]
        for key in given:
            if key not in (*rule.one_of, *rule.takes):
                users = sorted(n for n, r in catalogue.RULES.items() if key in (*r.one_of, *r.takes))
                raise ValueError(f"a check of {self.check} has no {key}; it is for {', '.join(users)}")
        if rule.one_of and not set(rule.one_of) & set(given):
            raise ValueError(f"a check of {self.check} needs {' or '.join(rule.one_of)}")
        if self.allowed and self.forbidden:
            raise ValueError("allowed or forbidden: not both")
        for inside in filter(None, (self.allowed, self.forbidden)):
            patterns.character_class(inside)
        return self


_TERMS = ("max", "unit", "allowed", "forbidden", "names", "file", "required")  # what only some checks have


class Proposals(_Model):
    """How a new name is spelled: from these characters, starting with those, at most so long (in characters)."""

    characters: str = "A-Za-z0-9._-"
    first: str = "A-Za-z0-9"
    max: int = 64
    joiner: str = "-"
    lower: bool = False

    @field_validator("characters", "first")
    @classmethod
    def _compiles(cls, value: str) -> str:
        patterns.character_class(value)
        return value


class Store(_Model):
    """Something outside the directory that is keyed by the name: it must be moved when the name changes."""

    name: str
    attribute: Attribute  # whose value keys it
    also: tuple[Attribute, ...] = ()  # further attributes that the person who moves it needs
    text: str


class Reference(_Model):
    """An attribute of other entries that names an entry by its alias. Never rewritten."""

    attribute: Attribute
    text: str


class Note(_Model):
    """A warning on a row whose old value equals a field, and whose new value does not; ``text`` is a template."""

    old_equals: str
    text: str


class Opening(_Model):
    """A door that the name opens; ``by``: templates of what its holder says there, left out where a field is empty."""

    door: str
    kinds: tuple[Kind, ...] = ("person", "shared")  # who goes through it
    by: tuple[str, ...] = ()
    two: str  # what happens at the door when two hold the name
    source: str


class Guard(_Model):
    """What in the directory server keeps a cured clash from coming back.

    ``config``: the lines to configure it; one with ``{attribute}`` is there once for each attribute of the namespaces.
    """

    server: str
    text: str
    config: str = ""
    source: str


class NoLdap(_Model):
    """Entries under this DN are in no directory that takes LDIF."""

    dn_under: str
    reason: str


class Sign(_Model):
    """What shows that an export comes from this product; of all signs that hold the heaviest decides."""

    format: str = ""
    attributes: tuple[Attribute, ...] = ()
    classes: tuple[str, ...] = ()  # any of these objectClass values
    dn_under: str = ""
    weight: int
    why: str


class Dialect(_Model):
    """How an LDIF file is spelled for the program that takes it; it is plain ASCII with guarded changes in any.

    ``version``: the first line is ``version: 1`` (RFC 2849), which ldbmodify refuses and others ask for.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] = "ldif"
    line_end: Literal["lf", "crlf"] = "lf"
    version: bool = False
    comments: bool = True  # at the head; the label of the exports stands there without them too


class OtherDialect(Dialect):
    """A dialect that ``--dialect`` asks for, and the command that applies a file in it."""

    apply: str = ""


class Notices(_Model):
    """The alias is a logon name: who must be told of a new one, and what they type.

    ``forms``: name -> template of what is typed, in which ``{alias}`` is the old name and then the new one.
    """

    kinds: tuple[Kind, ...] = ("person", "shared")
    forms: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], str] = {}  # none: the alias is no logon name


class RunBook(_Model):
    """What the run book says of this product alone: sentences, but ``export``, which is a command."""

    where: str = ""  # the file is run
    who: str = ""  # runs it
    export: str = ""  # makes a fresh export
    replication: str = ""  # how it shows that a change has arrived everywhere
    trial: str = ""  # what people try with their new names
    imported: str = ""  # how the Administrator's import file goes in
    after: tuple[str, ...] = ()  # what is to be done besides
    not_undone: tuple[str, ...] = ()  # fragments: what no rollback takes back


class Limits(_Model):
    """Above the smaller of ``renames`` and ``share`` of the entries, at least ``floor``: the exact number is asked."""

    renames: int = 100
    share: float = 0.05
    floor: int = 10


class Ruleset(_Model):
    """One directory product."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: str
    about: str = ""
    signs: tuple[Sign, ...] = ()
    kinds: tuple[KindRule, ...] = ()
    kind_order: tuple[Kind, ...] = ("system", "person", "shared", "group", "public-folder", "contact")
    fields: dict[str, tuple[FieldSource, ...]]
    site: Site
    namespaces: Annotated[tuple[Namespace, ...], Field(min_length=1)]
    unique: tuple[Unique, ...] = ()  # only checked: no plan makes these values unique
    checks: tuple[Check, ...] = ()
    name_matching: bool = False  # also tell of aliases that another alias, or a surname, begins with
    keepers: tuple[Criterion, ...]
    unused: tuple[Unused, ...] = ()
    unchangeable: tuple[ReasonedCondition, ...] = ()
    protected: tuple[ReasonedCondition, ...] = ()
    policies: tuple[ReasonedCondition, ...] = ()  # where the primary address follows the alias
    same_person: tuple[str, ...] = ()  # fields
    shadow: str = ""  # the field with the address of the mailbox that a contact stands for; "": contacts tell no such
    ladders: dict[Kind | Literal["other", "repair"], tuple[str, ...]]
    proposals: Proposals = Proposals()
    stores: tuple[Store, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    opens: tuple[Opening, ...] = ()
    guards: tuple[Guard, ...] = ()
    no_ldap: tuple[NoLdap, ...] = ()
    check_only: str = ""  # why exports of this product can be checked, but not planned for: a sentence
    administrator_csv: bool = False  # Exchange 5.5: also write the Administrator's import file
    apply: str = ""  # the command that applies changes.ldif; {file} stands for its name
    dialect: Dialect = Dialect()
    dialects: tuple[OtherDialect, ...] = ()  # what else may be asked for
    notices: Notices = Notices()
    run_book: RunBook = RunBook()
    limits: Limits = Limits()
    digest: str = ""  # SHA-256 of the files it came from

    @model_validator(mode="after")
    def _holds_together(self) -> Ruleset:
        missing = sorted({"alias", "account", "created", "mail", "mail_local"} - set(self.fields))
        if missing:
            raise ValueError(f"fields.{missing[0]} is missing (an empty list says that the product has none)")
        for kind, rungs in self.ladders.items():
            self._ladder(kind, rungs)
        for kind in ("other", "repair"):
            if kind not in self.ladders:
                raise ValueError(f"ladders.{kind} is missing")
        asked = [*self.same_person, *(n.old_equals for n in self.notes), *([self.shadow] if self.shadow else [])]
        asked += [criterion for criterion in self.keepers if criterion == "posix"]
        asked += ["surname"] if self.name_matching else []
        for field in asked:
            if field not in self.fields:
                raise ValueError(f"no such field: {field} (known: {', '.join(sorted(self.fields))})")
        for one, other in pairwise(sorted(self.attributes, key=lambda name: (name.lower(), name))):
            if one.lower() == other.lower():
                raise ValueError(f"{one} and {other} are one attribute: spell it in one way")
        return self

    @model_validator(mode="after")
    def _namespaces_fit(self) -> Ruleset:
        names = [n.name for n in (*self.namespaces, *self.unique)]
        twice = next((name for name in names if names.count(name) > 1), "")
        if twice:
            raise ValueError(f"namespaces, unique: two of them are called {twice}")
        for n in self.beside:
            cut = sorted(set(n.parts) & {a for renamed in self.namespaces for a in renamed.attributes})
            if cut:
                raise ValueError(f"unique: {n.name}: {cut[0]} is changed by plans, so it is compared whole")
        return self

    @model_validator(mode="after")
    def _texts_fill(self) -> Ruleset:
        for note in self.notes:
            self._text("notes", note.text, {*self.fields, "new"})
        for opening in self.opens:
            for said in opening.by:
                self._text("opens", said, set(self.fields))
        for form in self.notices.forms.values():
            self._text("notices", form, set(self.fields))
        return self

    def _text(self, key: str, template: str, known: set[str]) -> None:
        try:
            if ladder.fill(template, dict.fromkeys(known, "x")) is None:
                ladder.refuse_unknown(template, ladder.fields_of(template), known)
        except ladder.LadderError as e:
            raise ValueError(f"{key}: {e}") from e

    def _ladder(self, kind: str, rungs: tuple[str, ...]) -> None:
        try:
            for template in ladder.compile_ladder(rungs).rungs:
                ladder.refuse_unknown(template.text, template.fields, {*self.fields, "site", "joiner"})
        except ladder.LadderError as e:
            raise ValueError(f"ladders.{kind}: {e}") from e

    def speaking(self, dialect: str) -> Ruleset:
        """The same ruleset, whose LDIF files are in the dialect of that name.

        Raises:
            UsageError: it knows no such dialect.

        """
        if dialect == self.dialect.name:
            return self
        other = next((other for other in self.dialects if other.name == dialect), None)
        if other is None:
            known = ", ".join([self.dialect.name, *(other.name for other in self.dialects)])
            raise UsageError(f'ruleset {self.name} has no dialect "{dialect}"', hint=f"it has {known}")
        return self.model_copy(update={"dialect": other, "apply": other.apply})

    @cached_property
    def compiled(self) -> dict[str, ladder.Ladder]:
        """The ladders, by kind, compiled; ``other`` serves the kinds that have none."""
        return {str(kind): ladder.compile_ladder(rungs) for kind, rungs in self.ladders.items()}

    @property
    def beside(self) -> tuple[Namespace, ...]:
        """The namespaces that are only checked, and that compare values with those that a plan changes."""
        changed = {a for n in self.namespaces for a in n.attributes}
        return tuple(n for n in self.unique if not changed.isdisjoint(n.attributes))

    def names(self, attribute: str) -> bool:
        """Whether the attribute is of a namespace: its values are names."""
        return any(attribute.lower() == a.lower() for n in self.namespaces for a in n.attributes)

    def must_differ(self, attribute: str) -> bool:
        """Whether no two entries may have one value of an attribute outside the namespaces."""
        return any(attribute in n.attributes for n in self.unique)

    def space(self, attribute: str) -> Namespace:
        """The values that one of an attribute outside the namespaces must differ from: of ``unique``, else its own.

        Whether ``smtp:`` stands in front makes no difference.
        """
        found = {attribute}
        while near := {a for n in self.unique for a in n.attributes if found & set(n.attributes)} - found:
            found |= near
        coarse = any(n.naming == "ad" for n in self.unique if found & set(n.attributes))
        equality: Equality = "ad" if coarse else "rfc4518"
        names = tuple(sorted(found))
        return Unique(name="values", attributes=names, parts=dict.fromkeys(names, "address"), equality=equality)

    @cached_property
    def rules(self) -> dict[str, tuple[Check, ...]]:
        """The checks by attribute."""
        names = sorted({c.attribute for c in self.checks})
        return {n: tuple(c for c in self.checks if c.attribute == n) for n in names}

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Every attribute that must be read, spelled as the ruleset spells it."""
        names = {s.attribute for sources in self.fields.values() for s in sources}
        names |= {a for n in (*self.namespaces, *self.unique) for a in n.attributes} | {
            c.attribute for c in self.checks
        }
        conditions: tuple[Condition, ...] = (
            *self.kinds, *self.unused, *self.unchangeable, *self.protected, *self.policies, *self.checks,
        )  # fmt: skip
        names |= {a for c in conditions for a in c.attributes()}
        names |= {a for s in self.stores for a in (s.attribute, *s.also)} | {r.attribute for r in self.references}
        return tuple(sorted(names))


def shipped() -> dict[str, Path]:
    """The rulesets that come with aliasfix: name -> path. A wheel has them in the package, a checkout beside it."""
    here = Path(__file__).parent
    folder = next((f for f in (here / "rules", here.parent / "rules") if f.is_dir()), here / "rules")
    return {p.stem: p for p in sorted(folder.glob("*.toml"))}


def load(name: str) -> Ruleset:
    """The ruleset of that name, or of that path when it ends in ``.toml``.

    Raises:
        RulesetError: there is none, it is no TOML, or it does not hold together; the message names key and value.

    """
    known = shipped()
    path = Path(name) if name.endswith(".toml") else known.get(name)
    if path is None:
        import difflib  # noqa: PLC0415 - only for the message

        near = difflib.get_close_matches(name, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}, or a path ending in .toml"
        raise RulesetError(f'there is no ruleset "{name}"', hint=hint)
    try:
        raw = _tables(path, ())
    except OSError as e:
        raise RulesetError(f"the ruleset can't be read: {e.strerror}", where=Where(str(path))) from e
    digest = hashlib.sha256(repr(_sorted(raw)).encode()).hexdigest()
    try:
        return Ruleset.model_validate({**raw, "digest": digest})
    except ValidationError as e:
        raise RulesetError(_complaint(e), where=Where(str(path)), hint=_nearest(e)) from e


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a rules file; one that extends another may leave every key to it."""
    whole = Ruleset.model_json_schema(by_alias=True)
    properties = {key: value for key, value in whole["properties"].items() if key != "digest"}
    properties = {"extends": {"title": "Extends", "type": "string"}, **properties}
    required = whole.pop("required")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "properties": properties,
        "anyOf": [{"required": ["extends"]}, {"required": required}],
    }


def _tables(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """The file's tables laid over those of the ruleset it extends; a table is merged, any other value replaced."""
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise RulesetError(f"the ruleset is no TOML: {e}", where=Where(str(path))) from e
    except RecursionError as e:
        raise RulesetError("the ruleset is nested too deeply", where=Where(str(path))) from e
    _name_files(own, path)
    base = own.pop("extends", None)
    if base is None:
        return own
    parent = shipped().get(base) or path.parent / f"{base}.toml"
    if parent in seen or not parent.exists():
        raise RulesetError(f'it extends "{base}", which does not exist or extends it', where=Where(str(path)))
    return _laid_over(_tables(parent, (*seen, path)), own)


def _name_files(own: dict[str, Any], path: Path) -> None:
    """Put what the files of checks list into their ``names``, so that the digest covers it too."""
    checks = own.get("checks", ())
    for check in checks if isinstance(checks, list) else ():
        if isinstance(check, dict) and isinstance(file := check.get("file"), str) and file:
            beside = path.parent / file
            try:
                lines = beside.read_text(encoding="utf-8-sig").splitlines()
            except (OSError, UnicodeDecodeError) as e:
                why = e.strerror if isinstance(e, OSError) else "it is not UTF-8"
                raise RulesetError(f"the list of names can't be read: {why}", where=Where(str(beside))) from e
            names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
            check["names"] = [*check.get("names", ()), *names]


def _laid_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in own.items():
        old = both.get(key)
        both[key] = _laid_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _sorted(raw: Any) -> Any:  # noqa: ANN401 - any TOML value
    if isinstance(raw, dict):
        return [(k, _sorted(v)) for k, v in sorted(raw.items())]
    return [_sorted(v) for v in raw] if isinstance(raw, list) else raw


def _first(error: ValidationError) -> ErrorDetails:
    """The error to tell: a key that does not exist before one that is missing, which it was probably meant to be."""
    found = error.errors()
    return next((e for e in found if e["type"] == "extra_forbidden"), found[0])


def _complaint(error: ValidationError) -> str:
    first = _first(error)
    key = ".".join(map(str, first["loc"]))
    what = {"extra_forbidden": "no such key", "missing": "it is missing"}.get(first["type"], first["msg"])
    what = what.removeprefix("Value error, ")
    return f"{key}: {what}" if key else what


def _nearest(error: ValidationError) -> str:
    """For a key that does not exist, the one that was probably meant."""
    import difflib  # noqa: PLC0415 - only for the message

    first = _first(error)
    if first["type"] != "extra_forbidden":
        return ""
    models: list[type[_Model]] = [
        Ruleset, Condition, KindRule, Unused, FieldSource, Site, Namespace, Unique,
        Check, Proposals, Store, Reference, Note,
        Opening, Guard, NoLdap, Sign, Limits,
        RunBook, Notices, OtherDialect,
    ]  # fmt: skip
    names = {f.alias or n for m in models for n, f in m.model_fields.items()}
    near = difflib.get_close_matches(str(first["loc"][-1]), sorted(names), 1)
    return f'did you mean "{near[0]}"?' if near else ""
