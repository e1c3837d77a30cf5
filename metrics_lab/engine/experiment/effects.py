"""The smallest effect that a test of a given size can show."""

from __future__ import annotations

import math

from metrics_lab.engine.experiment.levels import STANDARD, ExperimentError, Levels
from metrics_lab.engine.experiment.sizes import pooled

HALVINGS = 80


def detectable_rate(
    p: float, per_arm: float, levels: Levels = STANDARD, *, fall: bool = False
) -> float | None:
    """Return the rate nearest to ``p`` that ``per_arm`` people can tell from it.

    Solves the pooled form for the target by halving, upwards or (``fall``) downwards. None where
    even the furthest rate, 1 or 0, needs more people.
    """
    if not 0 <= p <= 1:
        raise ExperimentError(
            f"The baseline rate must lie between 0 and 1; {p:g} does not.", "baseline"
        )
    if per_arm < 1:
        raise ExperimentError("People per arm must be at least 1.", "per_arm")
    end = 0.0 if fall else 1.0
    if p == end or pooled(p, end, levels) > per_arm:
        return None
    near, far = p, end
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        if (middle - p) ** 2 == 0 or pooled(p, middle, levels) > per_arm:
            near = middle
        else:
            far = middle
    return far


def detectable_difference(
    sd: float, per_arm: int, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the smallest difference of means that ``per_arm`` people can show, in sd's unit."""
    return detectable_mean(sd, per_arm, Levels(alpha, power))


def detectable_mean(sd: float, per_arm: float, levels: Levels = STANDARD) -> float:
    """Return the smallest difference of means that ``per_arm`` people can show, in sd's unit."""
    if per_arm < 1:
        raise ExperimentError("People per arm must be at least 1.", "per_arm")
    return (levels.z_alpha + levels.z_power) * sd * math.sqrt(2 / per_arm)
