"""Folding: the keys of whole columns at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix import columns
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    import pyarrow as pa

    from aliasfix.ruleset import Equality


def folded(values: pa.Array, equality: Equality) -> pa.Array:
    """Each value's key. ASCII without spaces and controls is lower-cased in one go, the rest value by value."""
    if equality == "exact":
        return values
    keys = columns.lowered(values)
    odd = columns.matches(values, r"[^\x21-\x7e]")
    if not odd.any():
        return keys
    return columns.laid_over(keys, odd, columns.mapped(columns.only(values, odd), lambda v: fold(v, equality)))
