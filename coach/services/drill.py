"""What is given to a student who drills one step in the middle of a case."""

from __future__ import annotations

from questions.case import Case
from questions.case_substance import (
    ImprovementSubstance,
    MetricsSubstance,
    RootCauseSubstance,
    StrategySubstance,
    TradeOffSubstance,
)

ASK = "You can ask for facts as in the whole case."


def given_text(case: Case, step: str) -> str:
    """Return the work of the earlier steps in a few lines of Markdown, from the case itself.

    Only what the step stands on is given; the scored examples stay closed.
    """
    lines = _lines(case, step)
    if not lines:
        return ASK
    listed = "\n".join(f"- {line}" for line in lines)
    return f"Given from the earlier steps:\n\n{listed}\n\n{ASK}"


def _lines(case: Case, step: str) -> list[str]:
    match case.substance:
        case ImprovementSubstance() as substance:
            return _improvement(substance, step)
        case MetricsSubstance() as substance:
            return _goals(substance, step)
        case RootCauseSubstance() as substance:
            return _causes(substance, step)
        case TradeOffSubstance() as substance:
            return [f"One side: {c.label}. It gains {c.gains}" for c in substance.choices]
        case StrategySubstance() as substance:
            return _options(substance, step)


def _improvement(substance: ImprovementSubstance, step: str) -> list[str]:
    chosen = substance.pain_points[0]
    segment = next(s for s in substance.segments.good if s.id == chosen.segment)
    solutions = [s for s in substance.solutions if s.pain == chosen.id][:3]
    lines = [] if step == "segment" else [f"The person: {segment.label}."]
    if step in ("solutions", "prioritize", "metrics", "summary"):
        lines.append(f"The pain: “{chosen.voice}”")
    if step in ("prioritize", "metrics", "summary"):
        lines.extend(f"An option: {s.name}. {s.user_meets}" for s in solutions)
    return lines


def _goals(substance: MetricsSubstance, step: str) -> list[str]:
    if step == "goal":
        return []
    goal = substance.goals.good[0]
    return [f"The goal: {goal.what_for}, for {goal.for_whom}."]


def _causes(substance: RootCauseSubstance, step: str) -> list[str]:
    shape = substance.shape
    lines = [f"The change: {shape.metric}, since {shape.since}, seen in {shape.where}."]
    if step in ("tests", "fix", "summary"):
        lines.extend(f"A hypothesis: {h.name}." for h in substance.hypotheses)
    return lines


def _options(substance: StrategySubstance, step: str) -> list[str]:
    if step in ("landscape", "options"):
        return []
    return [f"An option: {option.name}. {option.does}" for option in substance.options]
