"""Which detectors look at which step, and which mistakes nobody detects yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.assessment.detect import (
    choices,
    clarify,
    metrics,
    pain_points,
    prioritize,
    root_cause,
    segment,
    solutions,
    summary,
)
from coach.assessment.detect.rule import Cue, Rule
from coach.assessment.reading import Reading
from coach.assessment.rubric import load_rubric

RULES: Mapping[str, tuple[Rule, ...]] = {
    "clarify": clarify.RULES + root_cause.CLARIFY,
    "segment": segment.RULES,
    "pain_points": pain_points.RULES,
    "solutions": solutions.RULES,
    "prioritize": prioritize.RULES,
    "metrics": metrics.RULES,
    "summary": summary.RULES,
    "goal": choices.GOAL + clarify.GOAL,
    "hypotheses": root_cause.HYPOTHESES,
    "tests": root_cause.TESTS,
    "fix": root_cause.FIX,
    "analysis": choices.ANALYSIS,
    "decision": choices.DECISION,
    "landscape": choices.LANDSCAPE,
    "options": choices.OPTIONS,
    "plan": choices.PLAN,
}
PRECISION_FILE = Path(__file__).parents[1] / "data" / "precision.json"
UNDETECTED_FILE = Path(__file__).parents[1] / "data" / "undetected.json"


FAIR, FEWEST = 0.5, 5
"""A rule asks where it was right in more than half of the texts, if so many were measured."""


@lru_cache(maxsize=1)
def measured() -> Mapping[str, Any]:
    """The measured precision of each rule (data/precision.json); {} before it was measured."""
    if not PRECISION_FILE.is_file():
        return {}
    table: dict[str, Any] = json.loads(PRECISION_FILE.read_text("utf-8"))
    return table


@lru_cache(maxsize=1)
def strengths() -> Mapping[str, str]:
    """Ids that may state on prose, with the strength it takes: "all" cues or the "sure" ones.

    A strength may state when it was measured precise enough, often enough.
    """
    if not measured():
        return {}
    floor, fewest = measured()["states_from"]["precision"], measured()["states_from"]["n"]

    def good(row: Mapping[str, Any]) -> bool:
        return row["n"] >= fewest and row["precision"] is not None and row["precision"] >= floor

    found = {}
    for key, row in measured()["rules"].items():
        if good(row):
            found[key] = "all"
        elif good(row["sure"]):
            found[key] = "sure"
    return found


def may_state() -> frozenset[str]:
    """Ids whose check on prose may state, always or when it is sure."""
    return frozenset(strengths())


def states(key: str, cue: Cue) -> bool:
    """Whether a cue of a mistake is stated; else it is asked."""
    strength = strengths().get(key)
    return cue.exact or strength == "all" or (strength == "sure" and cue.sure)


def asks(key: str, cue: Cue) -> bool:
    """Whether a cue may be put to the student, at least as a question.

    A rule that was wrong more often than right is no fair question; where its sure cues were
    right in more than half of the texts, they are asked.
    """
    strength = asking(key)
    return cue.exact or strength == "all" or (strength == "sure" and cue.sure)


def asking(key: str) -> str:
    """Which cues of a mistake may ask: "all" of them, the "sure" ones, or "" for none."""
    row = measured().get("rules", {}).get(key)
    if row is None or _is_fair(row):
        return "all"
    return "sure" if row["sure"]["n"] and _is_fair(row["sure"]) else ""


def _is_fair(row: Mapping[str, Any]) -> bool:
    return bool(row["n"] < FEWEST or row["precision"] > FAIR)


@lru_cache(maxsize=1)
def undetected() -> Mapping[str, str]:
    """Mistakes no detector finds yet, each with what stands in the way."""
    table: dict[str, str] = json.loads(UNDETECTED_FILE.read_text("utf-8"))
    return table


def detected() -> frozenset[str]:
    """All ids that some detector can find."""
    return frozenset(rule.id for rules in RULES.values() for rule in rules)


def look(r: Reading) -> tuple[tuple[str, Cue], ...]:
    """Every mistake found in a step, as (id, cue), by effect and then by id; an id once."""
    mistakes = load_rubric().mistakes
    found: dict[str, Cue] = {}
    for rule in RULES.get(r.step, ()):
        if rule.types and r.context.type not in rule.types:
            continue
        cue = rule.detect(r)
        if cue is not None:
            found.setdefault(rule.id, cue)
    return tuple(sorted(found.items(), key=lambda pair: (-mistakes[pair[0]].effect, pair[0])))
