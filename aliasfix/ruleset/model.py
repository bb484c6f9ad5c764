"""A ruleset as a whole: its declarations, and that they hold together."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from aliasfix.errors import UsageError
from aliasfix.ruleset.declarations import (
    Check,
    Cmdlet,
    Condition,
    Criterion,
    Dialect,
    Equality,
    FieldSource,
    Guard,
    Kind,
    KindRule,
    Limits,
    Model,
    Namespace,
    NoLdap,
    Note,
    Notices,
    Opening,
    OtherDialect,
    Proposals,
    ReasonedCondition,
    Reference,
    RunBook,
    Sign,
    Site,
    Store,
    Unique,
    Unused,
)
from aliasfix.text import ladder

_MOST = 64  # namespaces: each is looked at with all others
_MOST_ATTRIBUTES = 1000


class Ruleset(Model):
    """One directory product."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: str
    about: str = ""
    signs: tuple[Sign, ...] = ()
    kinds: tuple[KindRule, ...] = ()
    kind_order: tuple[Kind, ...] = ("system", "person", "shared", "group", "public-folder", "contact")
    fields: dict[str, tuple[FieldSource, ...]]
    site: Site
    namespaces: Annotated[tuple[Namespace, ...], Field(min_length=1, max_length=_MOST)]
    unique: Annotated[
        tuple[Unique, ...], Field(max_length=_MOST)
    ] = ()  # only checked: no plan makes these values unique
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
    cmdlets: tuple[Cmdlet, ...] = ()  # the first that holds; none: no scripts are written
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
        asked += ["guid"] if self.cmdlets else []
        for field in asked:
            if field not in self.fields:
                raise ValueError(f"no such field: {field} (known: {', '.join(sorted(self.fields))})")
        if len(self.attributes) > _MOST_ATTRIBUTES:
            raise ValueError(f"it speaks of more than {_MOST_ATTRIBUTES} attributes")
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

    @property
    def addresses(self) -> Namespace:
        """What a primary address must differ from: the values of the field ``mail``, and those compared with them."""
        return self.space(next((source.attribute for source in self.fields["mail"]), "mail"))

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
            *self.cmdlets,
        )  # fmt: skip
        names |= {a for c in conditions for a in c.attributes()}
        names |= {a for s in self.stores for a in (s.attribute, *s.also)} | {r.attribute for r in self.references}
        return tuple(sorted(names))
