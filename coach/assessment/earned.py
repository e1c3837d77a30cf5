"""Which quotes are earned: praise and the rows of a report quote what surely does as they say.

A role is learned and right in nine of ten sentences at its best. For praise the sentence must be
likelier to have that role than any other, and its wording must show the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from coach.assessment import lexicon
from coach.assessment.levels import CriterionLevel
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span

_WORDED: Mapping[str, tuple[str, ...]] = {
    "states_assumption": ("assume",),
    "says_why_it_matters": ("effect", "consequence"),
    "chooses_segment": ("choice",),
    "cause": ("cause",),
    "workaround": ("coping",),
    "chooses_pain": ("choice", "rank_words"),
    "cheap_test": ("test",),
    "names_risk": ("risk",),
    "states_criteria": ("criteria", "criterion_terms"),
    "decides": ("choice", "bet"),
    "cuts": ("cut",),
    "reversal_condition": ("reversal",),
    "given_up": ("given_up",),
    "primary_metric": ("primary",),
    "guardrail": ("guardrail",),
    "fix_guardrail": ("guardrail",),
    "target": ("target",),
    "window": ("window", "horizon"),
    "attribution": ("attribution",),
    "decision_rule": ("decision_rule",),
    "orders_hypotheses": ("order_words",),
    "falsifier": ("falsify",),
    "recommends": ("bet", "recommend", "choice"),
    "names_bet": ("bet", "recommend"),
    "next_step": ("risk_or_next",),
}
"""The wording that goes with a role; for a role that is not here the model alone decides."""
_FIGURED = frozenset(("sizes_segment", "target", "baseline", "number_with_source"))
_EXAMPLE = re.compile(
    r"\W*(?:for example|example|e\.g\.|picture|imagine|think of)\b", re.IGNORECASE
)
_OF_THINGS = frozenset(("behaviour_segment", "demographic_segment"))
LEADS = 0.05
"""Another role is likelier from so much on; below it both may be meant."""


def is_praised_for(r: Reading, role: str, span: Span) -> bool:
    """Whether a sentence may be praised for a role: sure, likelier than others, and worded so.

    Args:
        r: the step.
        role: a role of the step.
        span: one of the reading's units.
    """
    if span not in r.roles(role, sure=True) or "|" in span.quote:
        return False
    if role in _OF_THINGS and _EXAMPLE.match(span.quote):
        return False
    worded = any(lexicon.has(concept, span.quote) for concept in _WORDED.get(role, ()))
    figured = role not in _FIGURED or bool(numbers(span.quote))
    return (worded or role not in _WORDED) and figured and _is_likeliest(r, role, span)


def _is_likeliest(r: Reading, role: str, span: Span) -> bool:
    """Whether no other role that goes with wording of its own is clearly likelier."""
    table = r.read_roles.table or {}
    place = r.read_roles.units.index(span)
    others = (values[place] for name, values in table.items() if name in _WORDED and name != role)
    return table[role][place] + LEADS >= max(others, default=0.0)


def is_earned(r: Reading, criterion: CriterionLevel) -> bool:
    """Whether the quote of a criterion surely shows what its level was given for.

    Words that a pattern found speak for themselves; a sentence that only a role brought has to
    earn that role as praise does. The head of a table shows nothing.
    """
    if criterion.quote is None or criterion.quote.quote.startswith("|"):
        return criterion.quote is None
    behind = [role for role, span in criterion.roles if span == criterion.quote]
    return not behind or any(is_praised_for(r, role, criterion.quote) for role in behind)
