"""Consent: what no plan does on its own, because it changes more than the row says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine.fields import Fields
from aliasfix.engine.standing import named
from aliasfix.errors import UnsafeError
from aliasfix.ldap import dn as ldap_dn

if TYPE_CHECKING:
    from aliasfix.directory import Directory
    from aliasfix.plan import Plan, Wishes
    from aliasfix.ruleset import Ruleset

_SHOWN = 5


def refuse_policies(directory: Directory, ruleset: Ruleset, wishes: Wishes, plan: Plan) -> None:
    """Stop where an accepted row would change a primary address too, and nobody has said that it may.

    A policy that makes addresses from the alias runs at the next edit of the recipient, whoever wrote the alias.

    Raises:
        UnsafeError: names the first entries; ``--allow`` lets them through.

    """
    if not ruleset.policies or not plan.accepted:
        return
    keys = columns.whole(directory.entries.column("key"))
    hits = np.flatnonzero(columns.is_in(keys, {ldap_dn.key(row.dn) for row in plan.accepted}))
    fields = Fields(directory, ruleset, hits)
    allowed = named(directory, ruleset, wishes).allow
    places = zip(fields.dn, fields.label, fields.policy, hits.tolist(), strict=True)
    driven = {(dn, label) for dn, label, why, entry in places if why and entry not in allowed}
    found = [row for row in plan.accepted if (row.dn, row.label) in driven]
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        told = "; ".join(f"{row.dn}: {row.reason}" for row in found[:_SHOWN])
        raise UnsafeError(
            f"primary addresses would change with the alias: {told}{more}",
            hint="review the plan and hand it over with --plan, or name the entries in a file for --allow",
        )
