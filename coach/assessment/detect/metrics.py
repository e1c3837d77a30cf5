"""Metrics: one number that decides, its definition, guardrail, target, and how one will know."""

from __future__ import annotations

import re

from coach.assessment import lexicon
from coach.assessment.chain import forgets_segment, option_names, picked_option
from coach.assessment.detect import claims
from coach.assessment.detect.evidence import committed, lacking, omission
from coach.assessment.detect.rule import Cue, Rule, fact_slots, gap, hit, newly_missing
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, stems

STAGES = (
    "stage_acquire", "stage_activate", "stage_retain", "stage_refer", "stage_revenue",
    "stage_happy",
)  # fmt: skip
BAD_THINGS = ("return", "refund", "churn", "late", "complaint", "cancel", "error", "wait", "fraud")
SUCCESS = frozenset({"success_metrics"})
PRODUCT_DESIGN = frozenset({"product_design"})
MOST_LIFT = 2.0
"""A target beyond this multiple of today's value is hardly believed."""


def with_role(r: Reading, role: str) -> bool:
    """Whether a filled row carries a role."""
    return any(row.get("role") == role for row in r.rows)


def has_primary(r: Reading) -> bool:
    """Whether one number is said to decide."""
    return with_role(r, "north_star") or r.has("primary")


def has_guardrail(r: Reading) -> bool:
    """Whether a number is named that must not get worse."""
    return with_role(r, "guardrail") or r.has("guardrail")


def target(r: Reading) -> Span | None:
    """The clause with a target and its number."""
    for span in r.all("target"):
        if any(n.value is not None for n in numbers(span.quote)):
            return span
    return None


def no_primary(r: Reading) -> Cue | None:
    """Several numbers, none decides."""
    if r.confirmed and r.rows:
        return None if has_primary(r) else gap(r, "metric_terms", exact=True)
    if not r.read_roles.known and not r.has("metric_terms") and not r.items.spans:
        return None
    return omission(r, "primary_metric", worded=has_primary(r), near=("metric_terms",))


def vanity(r: Reading) -> Cue | None:
    """Only totals that rise without anybody being helped."""
    found = lexicon.matches("vanity", r.text)
    named = lexicon.matches("metric_terms", r.text)
    few = len(found) < 2 or r.has("definition") or len(found) < 0.6 * len(named)
    made = committed(
        r, "vanity_metric", None if few else r.first("vanity"), unless=("defines_metric",)
    )
    return hit(made.span, sure=made.sure) if made else None


def undefined(r: Reading) -> Cue | None:
    """No metric says what is divided by what."""
    filled = r.confirmed and all(str(row.get("definition", "")).strip() for row in r.rows)
    named = r.first("metric_terms", "goal_metric")
    if named is None or (r.rows and filled):
        return None
    found = lacking(r, "defines_metric", worded=r.has("definition"))
    return hit(named, sure=found.sure) if found else None


def no_guardrail(r: Reading) -> Cue | None:
    """Nothing that must not get worse."""
    near, facts = ("primary", "metric_terms"), fact_slots(r, *BAD_THINGS)
    if stems(facts.get("fact_name", "")) <= r.stems:
        facts = {}  # the number that is measured guards nothing
    if r.confirmed and r.rows:
        return None if has_guardrail(r) else gap(r, *near, exact=True, facts=facts)
    worded, said = has_guardrail(r), ("says_guardrail",)
    return omission(r, "guardrail", worded=worded, said=said, near=near, facts=facts)


def no_target(r: Reading) -> Cue | None:
    """No value to reach."""
    filled = any(str(row.get("target", "")).strip() for row in r.rows)
    if r.confirmed and filled:
        return None
    near, worded = ("primary", "metric_terms"), filled or target(r) is not None
    facts = fact_slots(r)
    if not stems(facts.get("fact_name", "")) <= r.stems:
        facts = {}  # a figure that shares a word with the step is not yet its number
    return omission(r, "target", worded=worded, near=near, facts=facts)


def points_or_percent(r: Reading) -> Cue | None:
    """Points read as percent, or the other way round."""
    return claims.wrong(r, *claims.POINTS)


def implausible(r: Reading) -> Cue | None:
    """A target outside the case's band, or one that more than doubles today's value."""
    return claims.wrong(r, *claims.TARGETS) or hit(_doubled(r))


def _doubled(r: Reading) -> Span | None:
    """The clause of a lift above 100 percent, or of a target above twice the baseline."""
    for row in r.rows:
        pair = [numbers(str(row.get(key, ""))) for key in ("baseline", "target")]
        values = [found[0].value or 0.0 for found in pair if found]
        if len(values) == 2 and 0 < MOST_LIFT * values[0] < values[1]:
            at = r.text.find(str(row["target"]))
            return r.around(at, at + 1) if at >= 0 and r.sentences else None
    return None


def no_horizon(r: Reading) -> Cue | None:
    """A target without a date."""
    if target(r) is None:
        return None
    return omission(r, "window", worded=r.has("horizon"), near=("target",))


def not_the_bet(r: Reading) -> Cue | None:
    """No metric shares a word with the chosen idea or the chosen pain."""
    priority = r.earlier.get("prioritize")
    options = option_names(r.earlier.get("solutions"))
    picked = picked_option(priority, options, "choice") if priority else None
    if picked is None or stems(picked[0]) & r.stems:
        return None
    pain = r.earlier.get("pain_points")
    shared = pain.stems & r.stems - stems(r.context.product) if pain else frozenset()
    return None if len(shared) >= 2 else gap(r, "primary", "metric_terms", extra=picked[0])


def wrong_kind(r: Reading) -> Cue | None:
    """Retention where people come rarely."""
    return hit(r.first("returning")) if r.context.rare_use else None


def parts(r: Reading) -> Cue | None:
    """A sum that does not hold."""
    return claims.wrong(r, *claims.PARTS, *claims.CONTRADICTIONS)


def no_comparison(r: Reading) -> Cue | None:
    """Nobody without the change to compare with."""
    filled = r.confirmed and str(r.artefact.get("experiment", "")).strip()
    near = ("primary", "measure_attempt")
    return None if filled else omission(r, "attribution", worded=r.has("attribution"), near=near)


def recited(r: Reading) -> Cue | None:
    """Four stages and more, and none decides."""
    found = [stage for stage in STAGES if r.has(stage)]
    listed = len(r.items.spans) >= 4 or re.search(r"aarrr|\bheart\b", r.text, re.IGNORECASE)
    if len(found) < 4 or has_primary(r) or not (listed and r.has("definition", "stage_acquire")):
        return None
    return gap(r, *STAGES)


def one_side(r: Reading) -> Cue | None:
    """No number of those who sell, drive, host or teach."""
    missing = newly_missing(r)
    return gap(r, "metric_terms", extra=missing) if missing else None


def segment_forgotten(r: Reading) -> Cue | None:
    """The chosen people do not come up, others do."""
    chosen = forgets_segment(r)
    return gap(r, "primary", "metric_terms", chosen=chosen.label) if chosen else None


def no_flaw(r: Reading) -> Cue | None:
    """Success metrics: nothing on how the metric misleads."""
    return None if r.has("gaming") else gap(r, "primary", "metric_terms")


def one_speed(r: Reading) -> Cue | None:
    """Success metrics: nothing that moves earlier than the main number."""
    words = (
        r"\b(?:leading|lagging|early|earlier|driver|fed by|leads?:|lags?:|"
        r"(?:first|daily|weekly|quick) (?:sign|signal|number)s?)"
    )
    early = re.search(words, r.text, re.IGNORECASE)
    return None if early else gap(r, "primary", "metric_terms")


def everything(r: Reading) -> Cue | None:
    """Success metrics: more than seven numbers and none decides."""
    count = len(set(map(str.lower, lexicon.matches("metric_terms", r.text))))
    return gap(r, "metric_terms", count=str(count)) if count > 7 and not has_primary(r) else None


def before_goal(r: Reading) -> Cue | None:
    """Success metrics: numbers, and no word anywhere on what the product is for."""
    told = any(e.has("value_for") for e in r.earlier.values()) or r.has("value_for")
    found = lacking(r, worded=told)
    return hit(r.first("metric_terms")) if found and not r.earlier else None


def no_first_users(r: Reading) -> Cue | None:
    """Product design: nobody to begin with, here or before."""
    steps = (r, *r.earlier.values())
    told = any(s.has("first_users", "test") or s.role("cheap_test") for s in steps)
    return None if told else gap(r, "primary")


RULES = (
    Rule("ME1", no_primary),
    Rule("ME2", vanity),
    Rule("ME3", undefined),
    Rule("ME4", no_guardrail),
    Rule("ME5", no_target),
    Rule("ME6", points_or_percent),
    Rule("ME7", implausible),
    Rule("ME8", no_horizon),
    Rule("ME9", not_the_bet),
    Rule("ME10", wrong_kind),
    Rule("ME11", parts),
    Rule("ME12", no_comparison),
    Rule("ME13", recited),
    Rule("ME14", one_side),
    Rule("SEG12", segment_forgotten),
    Rule("SM1", before_goal, SUCCESS),
    Rule("SM2", no_flaw, SUCCESS),
    Rule("SM3", one_speed, SUCCESS),
    Rule("SM4", everything, SUCCESS),
    Rule("PD3", no_first_users, PRODUCT_DESIGN),
)
