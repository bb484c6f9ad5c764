"""The engine: from a directory to findings, from findings to a plan, from a plan and decisions to what will be done."""

from aliasfix.engine.consent import refuse_policies
from aliasfix.engine.deciding import Carried, carry_over, decide
from aliasfix.engine.explain import explain
from aliasfix.engine.explanation import Explanation
from aliasfix.engine.findings import Finding, Findings, check
from aliasfix.engine.places import refuse_strangers
from aliasfix.engine.propose import propose
from aliasfix.engine.suggest import Suggestions, suggest
from aliasfix.engine.waivers import waive

__all__ = [
    "Carried",
    "Explanation",
    "Finding",
    "Findings",
    "Suggestions",
    "carry_over",
    "check",
    "decide",
    "explain",
    "propose",
    "refuse_policies",
    "refuse_strangers",
    "suggest",
    "waive",
]
