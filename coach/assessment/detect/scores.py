"""RICE scores read from prose or from the filled table, and worked out again.

Score = reach x impact x confidence / effort; impact is one of 0.25, 0.5, 1, 2, 3, confidence is
between 0 and 100 percent, effort is above 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, span_of

IMPACTS = (0.25, 0.5, 1.0, 2.0, 3.0)


def _part(letter: str, rest: str) -> str:
    """A letter or its word, and the number behind it with its scale."""
    number = r"[^\d.]{0,8}?(?P<X>\d[\d,. ]*\d|\d)\s?(?P<Xs>k|m|%|million|thousand)?"
    return rf"\b{letter}(?:{rest})?\b" + number.replace("X", letter)


_RICE = re.compile(
    r"[^\d]{0,12}?".join(
        _part(letter, rest)
        for letter, rest in (("r", "each"), ("i", "mpact"), ("c", "onfidence"), ("e", "ffort"))
    ),
    re.IGNORECASE,
)
_RESULT = re.compile(r"(?:=|->|→|score(?: is)?|gives)\s*(\d[\d,. ]*\d|\d)\s?(k|m)?", re.IGNORECASE)
_CORRECTED = re.compile(r"\bno,?\s*(\d[\d,.]*\d)")


@dataclass(frozen=True)
class Score:
    """One option's RICE: what was written and what it comes to. ``confidence`` is a fraction."""

    name: str
    span: Span
    reach: float
    impact: float
    confidence: float
    effort: float
    claimed: float | None

    @property
    def true(self) -> float:
        """Reach x impact x confidence / effort; 0 for an effort of 0."""
        return self.reach * self.impact * self.confidence / self.effort if self.effort else 0.0

    def fault(self) -> str:
        """What is off its scale, as a sentence; "" when nothing is."""
        if self.confidence > 1:
            return f"Confidence ends at 100 %, and {self.confidence:.0%} is above it."
        if self.effort <= 0:
            return "Effort has to be above 0."
        if self.impact not in IMPACTS:
            return f"Impact is one of 0.25, 0.5, 1, 2 and 3, and {self.impact:g} is none of them."
        return ""


def _value(digits: str, scale: str | None) -> float:
    found = numbers(f"{digits.strip()}{scale if scale and scale != '%' else ''}")
    return found[0].value or 0.0 if found else 0.0


def _claimed(tail: str) -> float | None:
    results = [_value(m.group(1), m.group(2)) for m in _RESULT.finditer(tail)]
    corrected = [_value(m.group(1), None) for m in _CORRECTED.finditer(tail)]
    found = corrected or results
    return found[-1] if found else None


def _from_match(r: Reading, m: re.Match[str], line_end: int) -> Score:
    confidence = _value(m["c"], None)
    fraction = confidence / 100 if m["cs"] == "%" or confidence > 1 else confidence
    start = max(r.text.rfind("\n", 0, m.start()), r.text.rfind(". ", 0, m.start())) + 1
    name = re.split(r"[:|]", r.text[start : m.start()])[0].strip(" .-*")
    return Score(
        name=name,
        span=span_of(r.text, start, min(line_end, m.end() + 60)),
        reach=_value(m["r"], m["rs"]),
        impact=_value(m["i"], None),
        confidence=fraction,
        effort=_value(m["e"], None),
        claimed=_claimed(r.text[m.end() : line_end]),
    )


def _from_row(r: Reading, row: Any) -> Score | None:
    values = [numbers(str(row.get(key, ""))) for key in ("reach", "impact", "confidence", "effort")]
    if not all(values) or any(v[0].value is None for v in values):
        return None
    reach, impact, confidence, effort = (v[0].value or 0.0 for v in values)
    name = str(row.get("solution", ""))
    at = max(r.text.find(name), 0) if name else 0
    span = span_of(r.text, at, at + len(name))
    return Score(name, span, reach, impact, confidence / 100, effort, None) if span.quote else None


def read(r: Reading) -> tuple[Score, ...]:
    """All RICE scores of a step, in order."""
    if r.confirmed and r.rows:
        return tuple(score for row in r.rows if (score := _from_row(r, row)))
    found = []
    for m in _RICE.finditer(r.text):
        following = _RICE.search(r.text, m.end())
        newline = r.text.find("\n", m.end())
        ends = [e for e in (newline, following.start() if following else -1) if e >= 0]
        found.append(_from_match(r, m, min(ends, default=len(r.text))))
    return tuple(found)
