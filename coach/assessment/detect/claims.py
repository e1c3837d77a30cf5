"""Findings from the checked numbers. The lab checks; this room only says which mistake it is."""

from __future__ import annotations

from typing import Any

from coach.assessment.context import number_words
from coach.assessment.detect.rule import Cue, hit
from coach.assessment.reading import Reading
from coach.assessment.text import Span, clause, span_of

POINTS = ("points_for_percent",)
TARGETS = ("implausible_target",)
PARTS = (
    "wrong_base", "ratio_for_lift", "upside_down", "added_not_compounded", "one_lever_only",
    "revenue_for_gmv", "buyers_for_visitors", "spend_per_buyer_for_order_value", "scale", "unit",
    "period", "arithmetic",
)  # fmt: skip
CONTRADICTIONS = ("contradicts_baseline",)


def _span(r: Reading, claim: Any) -> Span | None:
    start, end = getattr(claim, "start", None), getattr(claim, "end", None)
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(r.text):
        inside = next((s for s in r.sentences if s.start <= start < s.end), None)
        return clause(r.text, inside, start, end) if inside else span_of(r.text, start, end)
    return None


def truth_words(claim: Any) -> str:
    """Return the sentence that tells what a claim should have been; empty without a figure."""
    truth, unit = getattr(claim, "truth", None), getattr(claim, "truth_unit", None) or ""
    if not isinstance(truth, int | float):
        return ""
    money, per = unit.startswith("USD"), unit.partition("/")[2]
    shown = f"${number_words(truth)}" if money else number_words(round(truth, 2))
    unit = "" if money else unit.partition("/")[0]
    return (
        " ".join(part for part in ("I get", shown, unit, f"a {per}" if per else "") if part) + "."
    )


def wrong(r: Reading, *errors: str) -> Cue | None:
    """The first claim found wrong by one of the named errors; stated when its reading is sure."""
    for claim in r.claims:
        if getattr(claim, "verdict", "") == "wrong" and getattr(claim, "error", None) in errors:
            certain = bool(getattr(claim, "certain", False))
            return hit(_span(r, claim), exact=certain, extra=truth_words(claim))
    return None


def any_wrong(r: Reading) -> Span | None:
    """The words of the first wrong claim, whatever its error; None when all hold."""
    for claim in r.claims:
        if getattr(claim, "verdict", "") == "wrong":
            return _span(r, claim)
    return None
