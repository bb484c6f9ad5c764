"""What a ruleset declares, table by table, in LDAP attribute names."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from aliasfix.ldap import dn
from aliasfix.text import catalogue, equality, parts, patterns, terms

Kind = Literal["person", "shared", "group", "public-folder", "contact", "system"]
Equality = equality.Equality
Part = parts.Part
Severity = Literal["error", "warning"]
Attribute = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]
_LONGEST = 1_000_000  # characters or octets that a value may be allowed to have


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


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Model):
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


class FieldSource(Model):
    """Where a template field comes from.

    ``local`` and ``domain``: of a mail address, without ``smtp:``; ``account``: what follows the last backslash, empty
    where there is none; ``primary``: the value that starts with ``SMTP:`` in capitals, ``primary-local``: its local
    part.
    """

    attribute: Attribute
    part: Part = "whole"


SITE = "(site)"  # stands for an attribute with the entry's site, which goes before all else; no LDAP name has brackets


class Site(Model):
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


class Namespace(Model):
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
    max: Annotated[int, Field(ge=1, le=_LONGEST)] | None = None
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


class Proposals(Model):
    """How a new name is spelled: from these characters, starting with those, at most so long (in characters)."""

    characters: str = "A-Za-z0-9._-"
    first: str = "A-Za-z0-9"
    max: Annotated[int, Field(ge=1, le=_LONGEST)] = 64
    joiner: str = "-"
    lower: bool = False
    transliterate: Literal["german", "plain", "icao", "ukrainian", "bulgarian"] = "german"  # of text.spellings

    @field_validator("characters", "first")
    @classmethod
    def _compiles(cls, value: str) -> str:
        """Printable ASCII alone: so no new name can be mistaken for one in the letters of another script."""
        patterns.refuse_beyond_ascii(value)
        return value


class Store(Model):
    """Something outside the directory that is keyed by the name: it must be moved when the name changes."""

    name: str
    attribute: Attribute  # whose value keys it
    also: tuple[Attribute, ...] = ()  # further attributes that the person who moves it needs
    text: str


class Reference(Model):
    """An attribute of other entries that names an entry by its alias. Never rewritten."""

    attribute: Attribute
    text: str


class Note(Model):
    """A warning on a row whose old value equals a field, and whose new value does not; ``text`` is a template."""

    old_equals: str
    text: str


class Opening(Model):
    """A door that the name opens; ``by``: templates of what its holder says there, left out where a field is empty."""

    door: str
    kinds: tuple[Kind, ...] = ("person", "shared")  # who goes through it
    by: tuple[str, ...] = ()
    two: str  # what happens at the door when two hold the name
    source: str


class Guard(Model):
    """What in the directory server keeps a cured clash from coming back.

    ``config``: the lines to configure it; one with ``{attribute}`` is there once for each attribute of the namespaces.
    """

    server: str
    text: str
    config: str = ""
    source: str


class NoLdap(Model):
    """Entries under this DN are in no directory that takes LDIF."""

    dn_under: str
    reason: str


class Sign(Model):
    """What shows that an export comes from this product; of all signs that hold the heaviest decides."""

    format: str = ""
    attributes: tuple[Attribute, ...] = ()
    classes: tuple[str, ...] = ()  # any of these objectClass values
    dn_under: str = ""
    weight: int
    why: str


class Cmdlet(Condition):
    """The PowerShell cmdlet that gives an entry of these kinds, for which the condition holds, another alias.

    What reads it is called the same with ``Get-``.
    """

    set: Annotated[str, Field(pattern=r"^Set-[A-Za-z]+$")]
    kinds: tuple[Kind, ...] = ()  # empty: all of them


class Dialect(Model):
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


class Notices(Model):
    """The alias is a logon name: who must be told of a new one, and what they type.

    ``forms``: name -> template of what is typed, in which ``{alias}`` is the old name and then the new one.
    """

    kinds: tuple[Kind, ...] = ("person", "shared")
    forms: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], str] = {}  # none: the alias is no logon name


class RunBook(Model):
    """What the run book says of this product alone: sentences, but ``export``, which is a command."""

    where: str = ""  # the file is run
    who: str = ""  # runs it
    export: str = ""  # makes a fresh export
    replication: str = ""  # how it shows that a change has arrived everywhere
    trial: str = ""  # what people try with their new names
    imported: str = ""  # how the Administrator's import file goes in
    after: tuple[str, ...] = ()  # what is to be done besides
    not_undone: tuple[str, ...] = ()  # fragments: what no rollback takes back


class Limits(Model):
    """Above the smaller of ``renames`` and ``share`` of the entries, at least ``floor``: the exact number is asked."""

    renames: Annotated[int, Field(ge=0)] = 100
    share: Annotated[float, Field(ge=0, le=1)] = 0.05
    floor: Annotated[int, Field(ge=0)] = 10
