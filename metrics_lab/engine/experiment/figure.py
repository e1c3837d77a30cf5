"""A size that somebody brings along: which published form it is, and its true power."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from metrics_lab.engine.experiment.exact import true_power
from metrics_lab.engine.experiment.levels import Levels
from metrics_lab.engine.experiment.sizes import Form, baseline, margin_size, pooled

NEAR = 0.01
"""A figure within 1 % of a form counts as that form: people round, and z is 1.96 to most."""

Kind = Literal["same", "other_form", "other"]


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """What a brought size is: the lab's own, another form or reading (named), or just a size.

    ``power`` is the true power with ``people`` in each arm, whatever the figure was meant as;
    ``per_arm`` is how many in each arm the reading makes of it.
    """

    kind: Kind
    people: int
    label: str
    power: float
    per_arm: int


def judge_rates(
    people: int, p: float, q: float, forms: Sequence[Form], levels: Levels
) -> OwnFigure:
    """Return what a size for two rates is; every known reading is tried, the nearest named."""
    readings = []
    if levels.alpha_each != levels.alpha:
        each = replace(levels, divided=False)
        undivided = "with the error level not divided among the variants"
        readings += [
            (f"pooled, {undivided}", pooled(p, q, each)),
            (f"the baseline’s variance, {undivided}", baseline(p, q, each)),
        ]
    other = replace(levels, sides=3 - levels.sides)
    sides = "the two-sided form" if levels.sides == 1 else "the one-sided form"
    survey = "a survey’s margin of error, which leaves out the power"
    readings += [(sides, pooled(p, q, other)), (survey, margin_size(p, q, levels))]
    return judge(people, forms, levels, lambda n: true_power(p, q, n, levels), readings)


def judge(
    people: int,
    forms: Sequence[Form],
    levels: Levels,
    power_of: Callable[[int], float],
    readings: Sequence[tuple[str, float]] = (),
) -> OwnFigure:
    """Return what a size is among published forms, their totals over all arms, and readings."""
    power = power_of(people)
    known = [("", forms[0].per_arm, people)]
    known += [(f"another form ({form.label})", form.per_arm, people) for form in forms[1:]]
    known += [(f"another form ({label})", size, people) for label, size in readings]
    per_arm = max(1, people // levels.arms)
    known.append((f"the total of all {levels.arms} arms", forms[0].per_arm * levels.arms, per_arm))
    label, size, each = min(known, key=lambda item: abs(item[1] - people))
    if abs(size - people) > max(NEAR * size, 1.0):
        return OwnFigure("other", people, "", power, people)
    if not label:
        return OwnFigure("same", people, "", power, people)
    return OwnFigure("other_form", people, label, power, each)
