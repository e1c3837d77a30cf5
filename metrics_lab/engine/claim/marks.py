"""Numbers that claim nothing: list marks, clock times, days of a plan, "per 100", scores."""

import re

from metrics_lab.engine.claim.numbers import Number

_MARK_BEFORE = re.compile(r"(?:^|[\s(\[“\"])\(?$")
_MARK_AFTER = re.compile(r"^\)(?!\s*[x×*/=+])")
_ORDINAL = re.compile(r"^(?:st|nd|rd|th)\b")
# "day 66", "stage 2", "the top 5": a place in an order, not an amount.
_PLACE = re.compile(
    r"\b(?:day|week|month|quarter|year|stage|step|phase|version|option|idea|part|chapter|number|"
    r"no\.|top|figure|table|level|point|round|q|v|days|weeks|months)\s+(?:\d+\s*[-–]\s*)?$|\b[vqVQ]$",
    re.I,
)
# What a student puts a mark on: no case knows the right one.
_SCORED = re.compile(
    r"\b(?:severity|impact|effort|confidence|certainty|score|scores|priority|weight|"
    r"rating|correlation|alpha|power|significance)\s*(?:of|is|at|:|=|to|I'd\s+call)?\s*$",
    re.I,
)
_BASE_BEFORE = re.compile(
    r"\b(?:per|out\s+of|in|of|of\s+(?:the\s+)?(?:last|first|every)|for\s+(?:each|every)|every|among|"
    r"the\s+last|the\s+first)\s+$",
    re.I,
)
_STOP_AFTER = re.compile(r"\.\s")
_LINE_BEFORE = re.compile(r"(?:^|\n)\s*$|[.!?:]\s$")
_MINUTES_AFTER = re.compile(r":\d\d\b")
_HOUR_BEFORE = re.compile(r"\b\d{1,2}:$")
_BASES = (10, 100, 1000, 10_000, 100_000)
_BASE_ALWAYS = re.compile(r"\b(?:per|out\s+of|of\s+(?:the\s+)?(?:last|first))\s+$", re.I)


def is_structural(number: Number, text: str) -> bool:
    """Return whether a number is a mark, a place, a score or a base and so claims nothing."""
    before, after = text[max(0, number.start - 30) : number.start], text[number.end :]
    if number.kind == "percent":
        return bool(_SCORED.search(before))
    if number.kind != "count":
        return False
    whole = number.value == round(number.value) and number.value < 100
    if whole and (_is_mark(before, after) or _is_clock(before, after)):
        return True
    place = number.value < 1000 and _PLACE.search(before)
    return bool(_ORDINAL.match(after) or place or _SCORED.search(before) or is_base(number, text))


def _is_mark(before: str, after: str) -> bool:
    """Return whether a number opens a point of a list: "2) ...", "(2) ...", "2. ..."."""
    if _MARK_AFTER.match(after) and _MARK_BEFORE.search(before):
        return True
    return bool(_STOP_AFTER.match(after) and _LINE_BEFORE.search(before))


def _is_clock(before: str, after: str) -> bool:
    """Return whether a number is part of a time of day: "23:40", or the 40 of it."""
    return bool(_MINUTES_AFTER.match(after) or _HOUR_BEFORE.search(before))


def is_base(number: Number, text: str) -> bool:
    """Return whether a number only says "per how many": "1.76 per 100 visitors"."""
    before = text[max(0, number.start - 20) : number.start]
    if number.kind != "count" or number.value not in _BASES:
        return False
    return bool(_BASE_ALWAYS.search(before)) or (
        number.value in (100, 1000) and bool(_BASE_BEFORE.search(before))
    )
