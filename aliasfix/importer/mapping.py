"""CSV files of any kind, whose columns the user names by the fields of the ruleset."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from aliasfix.errors import UsageError
from aliasfix.importer.headers import Column, Table
from aliasfix.ruleset import SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.ruleset import Ruleset

FORMAT = "mapped"
FIELDS = ("account", "alias", "display", "dn", "given", "guid", "kind", "mail", "site", "surname")
_FIXED = {
    "display": "displayName",
    "dn": "distinguishedName",
    "guid": "objectGUID",
    "site": SITE,
}  # not as rulesets say


def table(columns: Sequence[tuple[str, str]], ruleset: Ruleset) -> Table:
    """The format of a CSV with these columns: field and header, each field once, ``alias`` among them.

    A column holds the attribute that the ruleset's field reads; one of kinds holds their names, as rulesets have them,
    or the values that the ruleset tells them by.

    Raises:
        UsageError: a field does not exist, comes twice, or is none that the ruleset reads, or there is no alias.

    """
    headers: dict[str, str] = {}
    for field, header in columns:
        if field not in FIELDS:
            near = difflib.get_close_matches(field, FIELDS, 1)
            hint = f'did you mean "{near[0]}"?' if near else f"fields are {', '.join(FIELDS)}"
            raise UsageError(f'--map names "{field}", which is no field', hint=hint)
        if field in headers:
            sentence = f'--map gives {field} two columns, "{headers[field]}" and "{header}"'
            raise UsageError(sentence, hint="one holds it")
        headers[field] = header
    if "alias" not in headers:
        raise UsageError("--map names no column for the alias", hint="say --map alias=COLUMN")
    held = {field: _column(field, header, ruleset) for field, header in headers.items()}
    return Table(
        format=FORMAT,
        title="a CSV whose columns --map names",
        alias=held["alias"].attribute,
        naming="mapped",
        columns=tuple(held.values()),
        strip=True,
    )


def _column(field: str, header: str, ruleset: Ruleset) -> Column:
    if field == "kind":
        return _kinds(header, ruleset)
    sources = ruleset.fields.get(field, ())
    whole = [source.attribute for source in sources if source.part == "whole"]
    attribute = _FIXED.get(field) or next(iter((*whole, *(source.attribute for source in sources))), "")
    if not attribute:
        raise UsageError(f"the ruleset {ruleset.name} reads no {field}", hint=f"leave --map {field} out")
    return Column(headers=(header,), attribute=attribute, read="guid" if field == "guid" else "text")


def _kinds(header: str, ruleset: Ruleset) -> Column:
    """Names of kinds as the values of the one attribute by which the ruleset tells most of them."""
    told = [(rule.kind, *next(iter(rule.is_.items()))) for rule in ruleset.kinds if len(rule.is_) == 1]
    attributes = [attribute for _, attribute, _ in told]
    if not attributes:
        raise UsageError(f"the ruleset {ruleset.name} reads no kind", hint="leave --map kind out")
    attribute = max(dict.fromkeys(attributes), key=attributes.count)
    words = {str(kind): values[0] for kind, told_by, values in reversed(told) if told_by == attribute}
    return Column(headers=(header,), attribute=attribute, words=words)
