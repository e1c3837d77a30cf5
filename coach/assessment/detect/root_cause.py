"""Hypotheses, tests and fix of a root-cause case."""

from __future__ import annotations

import re

from coach.assessment import lexicon
from coach.assessment.detect.evidence import having, omission
from coach.assessment.detect.rule import Cue, Detector, Rule, gap, hit, units
from coach.assessment.earned import LEAST_QUOTED
from coach.assessment.reading import Reading
from coach.assessment.text import count_words, overlap, stems

EARLY_WORDS = 40
LEAST_OF_ONE_KIND = 2
"""Sentences with causes of one kind, and none of the other, that make a list one-sided."""


def _ever(r: Reading, *concepts: str) -> bool:
    """Whether this step or one before it has a concept."""
    return r.has(*concepts) or any(e.has(*concepts) for e in r.earlier.values())


def _never(*concepts: str) -> Detector:
    def detect(r: Reading) -> Cue | None:
        return omission(r, worded=_ever(r, *concepts), near=("cause", "friction"))

    return detect


def guess(r: Reading) -> Cue | None:
    """A cause named at once, before the shape of the change."""
    span = r.first("guess_first")
    early = span is not None and len(r.text[: span.start].split()) < EARLY_WORDS
    return hit(span) if early and not r.items.spans else None


def one_origin(r: Reading) -> Cue | None:
    """Only causes inside the company, or only outside."""
    inside, outside = r.has("internal"), r.has("external")
    one_kind = [s for s in r.telling if lexicon.has("internal" if inside else "external", s.quote)]
    if inside == outside or len(one_kind) < LEAST_OF_ONE_KIND:
        return None
    missing = "a cause outside the company" if inside else "a cause inside the company"
    return gap(r, "internal", "external", extra=missing)


def overlapping(r: Reading) -> Cue | None:
    """Two hypotheses share most of their words."""
    found = r.items.spans
    for i, left in enumerate(found):
        for right in found[i + 1 :]:
            a, b = stems(left.quote), stems(right.quote)
            if min(len(a), len(b)) >= 3 and overlap(a, b) > 0.6:
                return hit(right, extra=left.quote[:80])
    return None


def untested(r: Reading) -> Cue | None:
    """Fewer tests than hypotheses: one whose words do not come up here."""
    before = r.earlier.get("hypotheses")
    causes = before.items.spans if before else ()
    one_each = len(r.items.spans) >= len(causes)  # "d) last year, same weeks" names no cause
    for span in () if one_each else causes:
        if not stems(span.quote) & r.stems:
            return gap(r, "falsify", extra=f'"{span.quote[:90]}"')
    return omission(
        r, "test_for_hypothesis", worded=r.has("falsify"), near=("cause",), extra="a cause"
    )


def equal(r: Reading) -> Cue | None:
    """Causes in a row, none before the others."""
    ranked = any(str(row.get("rank", "")).strip() for row in r.rows)
    count = max(len(units(r)), len(having(r, "hypothesis", "test_for_hypothesis")))
    if count < 3 or ranked:
        return None
    worded = r.has("order_words", "believes")
    return omission(r, "orders_hypotheses", worded=worded, near=("cause",), count=str(count))


def fix_first(r: Reading) -> Cue | None:
    """A repair while the cause is open."""
    return hit(r.first("fix_words"))


def fix_without_cause(r: Reading) -> Cue | None:
    """A repair that rests on no cause, named here or before."""
    return None if names_a_cause(r) else hit(r.role("fix") or r.first("fix_words"))


def no_way_back(r: Reading) -> Cue | None:
    """No number at which the repair is taken back."""
    return omission(r, "fix_guardrail", worded=r.has("guardrail", "reversal"), near=("fix_words",))


def improvement_talk(r: Reading) -> Cue | None:
    """Personas and wishes in place of what changed."""
    return hit(r.first("persona_talk"))


def no_cause(r: Reading) -> Cue | None:
    """Hypotheses without a why; asked beside a hypothesis where one is read."""
    told = r.has("cause") or re.search(r"\b(?:would|should) (?:show|fall|rise|drop)", r.text)
    if told:
        return None
    if r.roles("hypothesis", sure=True):
        return None  # a hypothesis says why the number moved
    likely = r.role("hypothesis")
    if likely is None:
        return gap(r)
    is_heading = count_words(likely.quote) < LEAST_QUOTED
    return None if is_heading else Cue(None, likely)


def no_data_check(r: Reading) -> Cue | None:
    """Nobody asks whether the number itself is right, here or before."""
    if any(e.has("data_check") for e in r.earlier.values()):
        return None
    near = ("cause", "friction")
    worded, said = r.has("data_check"), ("says_data",)
    return omission(r, "data_quality_check", worded=worded, said=said, near=near)


no_season = _never("season")
no_funnel = _never("funnel")
ROOT = frozenset({"root_cause"})
HYPOTHESES = (
    Rule("RC2", no_data_check),
    Rule("RC3", guess),
    Rule("RC4", one_origin),
    Rule("RC5", overlapping),
    Rule("RC6", no_season),
    Rule("RC7", no_funnel),
    Rule("RC9", equal),
    Rule("RC10", fix_first),
    Rule("RC11", improvement_talk),
    Rule("PP11", no_cause),
)
TESTS = (
    Rule("RC2", no_data_check),
    Rule("RC6", no_season),
    Rule("RC7", no_funnel),
    Rule("RC8", untested),
    Rule("RC9", equal),
    Rule("RC10", fix_first),
    Rule("RC11", improvement_talk),
)
FIX = (
    Rule("RC10", fix_without_cause),
    Rule("RC11", improvement_talk),
    Rule("TR7", no_way_back),
)
CLARIFY = (
    Rule("RC2", no_data_check, ROOT),
    Rule("RC3", guess, ROOT),
    Rule("RC6", no_season, ROOT),
    Rule("RC10", fix_first, ROOT),
)


def names_a_cause(r: Reading) -> bool:
    """Whether the fix rests on a cause that a hypothesis named."""
    before = r.earlier.get("hypotheses")
    shared = before is not None and len(before.stems & r.stems - stems(r.context.product)) >= 2
    return shared or r.has("cause")
