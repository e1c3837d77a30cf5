"""A whole plan: people per arm and in total, weeks, guardrails, and the effect one can see."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from metrics_lab.engine.experiment.effects import detectable_mean, detectable_rate
from metrics_lab.engine.experiment.guardrails import Guardrail, GuardrailSize, guardrail_sizes
from metrics_lab.engine.experiment.levels import ExperimentError, Levels
from metrics_lab.engine.experiment.sizes import Form, forms_of

WEEKS_SHOWN = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class Plan:
    """A sized test: people per arm and in total, whole weeks, and the other forms by name."""

    per_arm: int
    total: int
    power: float
    weeks: int | None
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """How long a test runs: people per arm, whole weeks, and what decides it."""

    per_arm: int
    weeks: int | None
    decided_by: str
    guardrails: tuple[GuardrailSize, ...]


def plan(
    p: float,
    q: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    people_per_week: float | None = None,
) -> Plan:
    """Return the plan of a test from rate ``p`` to rate ``q`` in two arms, two-sided.

    Raises:
        ExperimentError: an input that cannot be, named with its remedy.
    """
    levels = Levels(alpha, power)
    return plan_of(forms_of(p, q, levels), levels, people_per_week)


def plan_of(forms: tuple[Form, ...], levels: Levels, people_per_week: float | None = None) -> Plan:
    """Return the plan that goes by the first of the forms."""
    first = forms[0]
    total = levels.arms * first.people
    weeks = None if people_per_week is None else weeks_needed(total, people_per_week)
    return Plan(first.people, total, first.power, weeks, forms)


def weeks_needed(people: float, people_per_week: float) -> int:
    """Return whole weeks, because weekdays differ and a part of a week is not a fair sample."""
    if people_per_week <= 0:
        raise ExperimentError("Traffic per week must be above 0.", "traffic")
    return max(1, math.ceil(people / people_per_week - 1e-9))


def length_of(
    made: Plan,
    guardrails: Sequence[Guardrail],
    levels: Levels,
    people_per_week: float | None = None,
) -> Length:
    """Return how long the test runs until the main metric and every guardrail can be read."""
    sizes = guardrail_sizes(guardrails, levels)
    longest = max(sizes, key=lambda size: size.per_arm, default=None)
    if longest is None or longest.per_arm <= made.per_arm:
        return Length(made.per_arm, made.weeks, "", sizes)
    total = longest.per_arm * levels.arms
    weeks = None if people_per_week is None else weeks_needed(total, people_per_week)
    return Length(longest.per_arm, weeks, longest.guardrail.name, sizes)


def weeks_shown(own: int | None, planned: int | None) -> tuple[int, ...]:
    """Return the lengths for which the smallest visible effect is shown, in order."""
    return tuple(sorted({*WEEKS_SHOWN, *(week for week in (own, planned) if week)}))


def seen_rates(
    p: float, people_per_week: float, weeks: Sequence[int], levels: Levels, *, fall: bool = False
) -> tuple[tuple[int, int, float | None], ...]:
    """Return (weeks, people per arm, smallest visible rate) for each length of a test."""
    rows = [(week, int(people_per_week * week // levels.arms)) for week in weeks]
    return tuple(
        (week, n, detectable_rate(p, n, levels, fall=fall) if n >= 1 else None) for week, n in rows
    )


def seen_means(
    sd: float, people_per_week: float, weeks: Sequence[int], levels: Levels
) -> tuple[tuple[int, int, float | None], ...]:
    """Return (weeks, people per arm, smallest visible difference) for each length of a test."""
    rows = [(week, int(people_per_week * week // levels.arms)) for week in weeks]
    return tuple((week, n, detectable_mean(sd, n, levels) if n >= 1 else None) for week, n in rows)
