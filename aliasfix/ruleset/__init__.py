"""Rules files and what they say: all that is special about one directory product, in LDAP attribute names."""

from __future__ import annotations

from aliasfix.ruleset.declarations import (
    SITE,
    Check,
    Condition,
    Criterion,
    Dialect,
    Equality,
    FieldSource,
    Guard,
    Limits,
    Namespace,
    Opening,
    Reference,
    Severity,
    Sign,
    Site,
    Store,
    Unique,
)
from aliasfix.ruleset.files import load, schema, shipped
from aliasfix.ruleset.model import Ruleset

__all__ = [
    "SITE",
    "Check",
    "Condition",
    "Criterion",
    "Dialect",
    "Equality",
    "FieldSource",
    "Guard",
    "Limits",
    "Namespace",
    "Opening",
    "Reference",
    "Ruleset",
    "Severity",
    "Sign",
    "Site",
    "Store",
    "Unique",
    "load",
    "schema",
    "shipped",
]
