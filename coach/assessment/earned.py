"""Which quotes are earned: praise and the rows of a report quote what surely does as they say.

A role is learned and right in nine of ten sentences at its best. For praise the sentence must be
likelier to have that role than any other, and its wording must show the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from coach.assessment import lexicon
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, stem, words

if TYPE_CHECKING:
    from coach.assessment.levels import CriterionLevel

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
_ABOUT: Mapping[str, frozenset[str]] = {
    criterion: frozenset(roles.split())
    for criterion, roles in {
        "goal": "names_goal",
        "scope": "asks_scope_or_constraint",
        "relevance": "says_why_it_matters",
        "assumptions": "states_assumption",
        "distinct": "behaviour_segment hypothesis",
        "choice": "chooses_segment decides primary_metric",
        "evidence": "sizes_segment",
        "user_voice": "pain_in_user_voice moment",
        "depth": "cause workaround",
        "ranking": "severity_or_frequency chooses_pain",
        "user_flow": "user_flow",
        "risk": "names_risk cheap_test plan_risk",
        "criteria": "states_criteria",
        "rigor": "compares_options number_with_source",
        "decision": "decides cuts",
        "primary": "primary_metric defines_metric",
        "guardrail": "guardrail fix_guardrail",
        "target": "target baseline",
        "measurement": "attribution decision_rule",
        "complete": "names_bet recommends names_pain names_user names_metric",
        "concise": "names_bet recommends",
        "value": "value_for_user",
        "link": "links_to_mission test_for_hypothesis",
        "coverage": "hypothesis data_quality_check",
        "order": "orders_hypotheses",
        "falsifiable": "falsifier",
        "cause": "fix",
        "sides": "side_gain side_loss",
        "size": "size_of_effect",
        "horizon": "horizon",
        "given_up": "given_up",
        "reversal": "reversal_condition",
        "rivals": "rival",
        "trends": "trend",
        "strengths": "strength",
        "stages": "stage",
        "stop_rule": "stop_rule",
    }.items()
}
"""The roles that a criterion is about, among those its conditions rest on."""
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
    if role == "hypothesis" and lexicon.has("denied", span.quote):
        return False
    worded = any(lexicon.has(concept, span.quote) for concept in _WORDED.get(role, ()))
    figured = role not in _FIGURED or bool(numbers(span.quote))
    rivals = _WORDED.keys()
    return (worded or role not in _WORDED) and figured and _is_likeliest(r, role, span, rivals)


def is_group_of_its_own(r: Reading, span: Span) -> bool:
    """Whether a label has words of age, place or income that are not those of the case itself.

    In a case about "young workers" the young are everybody, and no group of their own.
    """
    said = [word for m in lexicon.matches("demographic", span.quote) for word in words(m)]
    found = {stem(word) for word in said if word != "people"}
    return not found or not found <= r.context.words


def is_blamed_for(r: Reading, role: str, span: Span) -> bool:
    """Whether a sentence may be named for a role no answer should have: sure, and likeliest of all.

    Args:
        r: the step.
        role: a role of the step.
        span: one of the reading's units.
    """
    if role == "demographic_segment" and not is_group_of_its_own(r, span):
        return False
    rivals = (r.read_roles.table or {}).keys()
    return span in r.roles(role, sure=True) and _is_likeliest(r, role, span, rivals)


def _is_likeliest(r: Reading, role: str, span: Span, rivals: Collection[str]) -> bool:
    """Whether none of the rival roles is clearly likelier."""
    table = r.read_roles.table or {}
    place = r.read_roles.units.index(span)
    others = (values[place] for name, values in table.items() if name in rivals and name != role)
    return table[role][place] + LEADS >= max(others, default=0.0)


def is_earned(r: Reading, criterion: CriterionLevel) -> bool:
    """Whether the quote of a criterion surely shows what its level was given for.

    It has to earn, as praise does, a role that the criterion is about: the goal of Clarify is not
    shown by what an answer would change. Where no roles are read, the wording speaks for itself.
    """
    if criterion.quote is None or not r.read_roles.known:
        return criterion.quote is not None and not criterion.quote.quote.startswith("|")
    behind = [role for role, span in criterion.roles if span == criterion.quote]
    about = _ABOUT.get(criterion.id, frozenset())
    return any(is_praised_for(r, role, criterion.quote) for role in behind if role in about)
