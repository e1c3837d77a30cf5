"""Which quotes are earned: praise, blame and the rows of a report quote what does as they say.

A role is learned and right in nine of ten sentences at its best. To be quoted for it a sentence
must be likelier to have that role than its rivals, and its wording must show the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from coach.assessment import lexicon
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, count_words, stem, words

if TYPE_CHECKING:
    from coach.assessment.levels import CriterionLevel

_WORDED: Mapping[str, tuple[str, ...]] = {
    "states_assumption": ("assume",),
    "says_why_it_matters": ("effect",),
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
    "severity_or_frequency": ("severity", "often"),
    "names_metric": ("metric_told", "target", "primary"),
    "asks_stock": ("stock",),
    "asks_for_answer": ("addressed",),
    "runner_up": ("runner_told",),
    "denies_risk": ("no_risk",),
    "company_pain": ("of_company",),
    "falsifier": ("falsify",),
    "recommends": ("bet", "recommend", "choice"),
    "names_bet": ("bet", "recommend"),
    "next_step": ("risk_or_next",),
}
"""The wording that goes with a role; for a role that is not here the model alone decides.

A role that is praised has to be likelier than each of these roles, the faults among them.
"""
_FIGURED = frozenset(("sizes_segment", "target", "baseline", "number_with_source"))
_EXAMPLE = re.compile(
    r"^\W*(?:i )?"
    r"(?:for example|example|e\.g\.|persona|picture|imagine|think of|meet|(?:an? |one )?typical)\b",
    re.IGNORECASE,
)
_SUMMED = re.compile(
    r"^\W*(?:(?:it )?adds? up|in (?:all|total|sum)|together|sum|total|check)\b", re.IGNORECASE
)
_MOVED = re.compile(
    r"\b(?:went|fell|rose|dropped|climbed|sank|grew|moved|has gone)\b", re.IGNORECASE
)
_NOT_TODAY = re.compile(
    r"\b(?:nobody|no ?one|never|not)(?: (?:has|have|yet|been|was))* "
    r"(?:measured|known|knows|counted)\b"
    r"|^(?!.*\b(?:today|now|current(?:ly)?|at present|at the moment|so far)\b).*"
    r"\b(?:went|fell|rose|dropped|climbed|sank|grew|moved|has gone|used to be|ago|"
    r"last (?:week|month|quarter|year|spring|summer|autumn|winter))\b",
    re.IGNORECASE | re.DOTALL,
)
_ANNOUNCED = re.compile(
    r"\b(?:two|three|four|five|six|several|some|[2-9])\b(?: [a-z]+)? "
    r"(?:things|causes|reasons|explanations|hypotheses|possibilities|candidates|factors)\b[^:,;–]*$",
    re.IGNORECASE,
)
_SPARED = re.compile(
    r"\b(?:lose[sd]?|lost|losing|costs?|pays?) (?:\w+ ){0,2}(?:less|fewer|nothing|no|never)\b"
    r"|\b(?:nobody|no ?one|nothing) (?:\w+ )?(?:loses|lost|costs?)\b",
    re.IGNORECASE,
)
_NOT_SO: Mapping[str, re.Pattern[str]] = {
    "given_up": _SPARED,
    "side_loss": _SPARED,
    "behaviour_segment": _EXAMPLE,
    "demographic_segment": _EXAMPLE,
    "sizes_segment": re.compile(f"{_EXAMPLE.pattern}|{_SUMMED.pattern}", re.IGNORECASE),
    "names_metric": _MOVED,
    "baseline": _NOT_TODAY,
    "hypothesis": _ANNOUNCED,
}
"""Wording a role does not go with: an example is no group, a sum of all none, the past no aim and
no value of today, to say that there are causes names none, and who loses less loses nothing."""
_SPEECH = re.compile(r"[\"“”]")
_ABOUT: Mapping[str, frozenset[str]] = {
    criterion: frozenset(roles.split())
    for criterion, roles in {
        "goal": "names_goal",
        "scope": "asks_scope_or_constraint",
        "relevance": "says_why_it_matters",
        "assumptions": "states_assumption",
        "distinct": "behaviour_segment hypothesis",
        "choice": "chooses_segment decides primary_metric names_goal",
        "evidence": "sizes_segment",
        "user_voice": "pain_in_user_voice moment",
        "depth": "cause workaround",
        "ranking": "severity_or_frequency chooses_pain",
        "fit": "mechanism user_flow",
        "variety": "option mechanism",
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
LEAST_QUOTED = 4
"""Words a quote needs; fewer show nothing by themselves."""
ASKS_WELL = "relevance"
"""The one criterion that a question can meet."""
HINTED, LIKELY, SHOWN = 0.25, 0.4, 0.3
"""Probabilities from which a sentence is quoted as a reading: where its wording shows the role as
well, and where the role stands alone; and what such wording is worth between two sentences. On the
corpus, authors left out, such quotes were right in 0.92 and 0.89; from 0.35 and 0.7 on in 0.93 and
0.95, and a third of the sentences that do stand there were not quoted."""
OTHERWISE = 0.7
"""From here on a sentence surely does something else."""
LEADS = 0.05
"""Another role is likelier from so much on; below it both may be meant."""


def roles_about(criteria: Iterable[str]) -> frozenset[str]:
    """The roles that any of the criteria is about."""
    return frozenset[str]().union(*(_ABOUT.get(name, frozenset()) for name in criteria))


def is_praised_for(r: Reading, role: str, span: Span) -> bool:
    """Whether a sentence may be praised for a role: sure, likelier than others, and worded so.

    Args:
        r: the step.
        role: a role of the step.
        span: one of the reading's units.
    """
    if span not in r.roles(role, sure=True) or "|" in span.quote or _is_cut_speech(span.quote):
        return False
    if role in _NOT_SO and _NOT_SO[role].search(span.quote):
        return False
    if role == "hypothesis" and lexicon.has("denied", span.quote):
        return False
    figured = role not in _FIGURED or bool(numbers(span.quote))
    return figured and _is_worded(role, span) and _is_likeliest(r, role, span, _WORDED.keys())


def _is_worded(role: str, span: Span) -> bool:
    """Whether the wording of a sentence goes with a role, or the role needs none."""
    concepts = _WORDED.get(role, ())
    return not concepts or any(lexicon.has(concept, span.quote) for concept in concepts)


def is_worded_in(r: Reading, role: str) -> bool:
    """Whether any sentence of a step has wording that goes with a role."""
    return any(r.has(concept) for concept in _WORDED.get(role, ()))


def _is_cut_speech(quote: str) -> bool:
    """Whether a quote ends inside somebody's words, so that the rest of them is missing."""
    return len(_SPEECH.findall(quote)) % 2 == 1


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
    if role == "vague_magic" and lexicon.has("mechanism", span.quote):
        return False
    sure = span in r.roles(role, sure=True) and _is_worded(role, span)
    return sure and _is_likeliest(r, role, span, rivals)


def _is_likeliest(r: Reading, role: str, span: Span, rivals: Collection[str]) -> bool:
    """Whether none of the rival roles is clearly likelier."""
    table = r.read_roles.table or {}
    place = r.read_roles.units.index(span)
    others = (values[place] for name, values in table.items() if name in rivals and name != role)
    return table[role][place] + LEADS >= max(others, default=0.0)


def likely(r: Reading, criterion: str) -> tuple[str, Span] | None:
    """The role and the unit that most probably do what a criterion is about, if one likely does.

    It is shown as a reading and not as proof. A sentence whose wording goes with its role comes
    before one that only reads like it, and less of the role will do for it; no role that the
    criterion is not about may be clearly likelier.
    """
    table, units = r.read_roles.table or {}, r.read_roles.units
    found = []
    for role in sorted(_ABOUT.get(criterion, frozenset()) & table.keys()):
        for span, chance in zip(units, table[role], strict=True):
            shown = _is_shown(role, span)
            enough = chance >= (HINTED if shown else LIKELY)
            if enough and _may_stand(r, criterion, role, span):
                found.append((chance + SHOWN * shown, -span.start, role, span))
    return max(found)[2:] if found else None


_SHOWN: Mapping[str, tuple[str, ...]] = {
    **_WORDED,
    "trend": ("trends",),
    "strength": ("strengths",),
    "rival": ("rivals", "compare"),
    "horizon": ("long_term",),
    "value_for_user": ("value_for",),
    "links_to_mission": ("link_words", "business"),
    "user_flow": ("flow",),
    "falsifier": ("falsify",),
}


def _is_shown(role: str, span: Span) -> bool:
    """Whether the wording of a sentence goes with a role, of more roles than praise asks it of."""
    return any(lexicon.has(concept, span.quote) for concept in _SHOWN.get(role, ()))


def _may_stand(r: Reading, criterion: str, role: str, span: Span) -> bool:
    """Whether a sentence may be quoted for what a criterion is about."""
    asks = span.quote.rstrip().endswith("?") and criterion != ASKS_WELL
    cut = "|" in span.quote or _is_cut_speech(span.quote)
    if asks or cut or count_words(span.quote) < LEAST_QUOTED:
        return False
    if role in _NOT_SO and _NOT_SO[role].search(span.quote):
        return False
    figured = role not in _FIGURED or bool(numbers(span.quote))
    table, place = r.read_roles.table or {}, r.read_roles.units.index(span)
    others = (table[name][place] for name in table.keys() - _ABOUT[criterion])
    return figured and max(others, default=0.0) < max(OTHERWISE, table[role][place] + LEADS)


def earned_role(r: Reading, criterion: CriterionLevel) -> str:
    """The role that the quote of a criterion surely shows; "" for none.

    It has to earn, as praise does, a role that the criterion is about: the goal of Clarify is not
    shown by what an answer would change.
    """
    quote = criterion.quote
    if quote is None or count_words(quote.quote) < LEAST_QUOTED:
        return ""
    if quote.quote.rstrip().endswith("?") and criterion.id != ASKS_WELL:
        return ""  # a question sets no limit and no goal
    about = _ABOUT.get(criterion.id, frozenset())
    behind = [role for role, span in criterion.roles if span == quote and role in about]
    return next((role for role in behind if is_praised_for(r, role, quote)), "")
