"""Tests of means and of ratio metrics: size, power, and a ratio's variance by the delta method."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from metrics_lab.engine.experiment.levels import NORMAL, STANDARD, ExperimentError, Levels
from metrics_lab.engine.experiment.quadrature import legendre
from metrics_lab.engine.experiment.sizes import Form, rounded_up

FAR = 10.0
HALVINGS = 50
SMALL_ARM = 5_000
"""Up to here Student's t is reckoned with; above, it differs from the normal by under 1e-4."""


def mean_size(sd: float, difference: float, levels: Levels = STANDARD) -> float:
    """Return people per arm, unrounded, to see a difference of two means with a common ``sd``.

    2 (z + b)² sd² / d² for the known variance (Chow, Shao and Wang, ch. 3).
    """
    _check(sd, difference)
    root = (levels.z_alpha + levels.z_power) * (sd / difference)
    return 2 * root * root


def student_size(sd: float, difference: float, levels: Levels = STANDARD) -> float:
    """Return people per arm for a t-test: the size for the known variance and z² / 4 (Guenther)."""
    return mean_size(sd, difference, levels) + levels.z_alpha**2 / 4


def mean_power(sd: float, difference: float, per_arm: float, levels: Levels = STANDARD) -> float:
    """Return the power of a z-test of two means with ``per_arm`` people in each arm."""
    _check(sd, difference)
    if per_arm < 1:
        raise ExperimentError("People per arm must be at least 1.", "per_arm")
    shift = math.sqrt(per_arm / 2) * abs(difference) / sd
    seen = NORMAL.cdf(shift - levels.z_alpha)
    return seen if levels.sides == 1 else seen + NORMAL.cdf(-shift - levels.z_alpha)


def student_power(sd: float, difference: float, per_arm: int, levels: Levels = STANDARD) -> float:
    """Return the exact power of Student's t-test of two means, by the noncentral t."""
    _check(sd, difference)
    if per_arm > SMALL_ARM:
        return mean_power(sd, difference, per_arm, levels)
    if per_arm < 2:
        raise ExperimentError("A t-test needs 2 people per arm.", "per_arm")
    freedom = 2 * (per_arm - 1)
    critical = _student_critical(freedom, levels.alpha_each / levels.sides)
    shift = math.sqrt(per_arm / 2) * abs(difference) / sd
    seen = _student_above(critical, freedom, shift)
    return seen if levels.sides == 1 else seen + _student_above(critical, freedom, -shift)


def _student_above(bound: float, freedom: int, shift: float) -> float:
    """Return the chance that a noncentral t lies above a bound.

    t = (z + shift) / s with s² = chi² / freedom: the normal tail, averaged over s.
    """
    reach = FAR / math.sqrt(2 * freedom)
    least, most = max(0.0, 1 - reach), 1 + reach
    nodes, weights = legendre()
    half = (most - least) / 2
    scale = least + half * (nodes + 1)
    constant = math.log(2) + freedom / 2 * math.log(freedom / 2) - math.lgamma(freedom / 2)
    density = np.exp(constant + (freedom - 1) * np.log(scale) - freedom * scale**2 / 2)
    tails = [math.erfc((bound * s - shift) / math.sqrt(2)) / 2 for s in scale.tolist()]
    return float(min(1.0, half * float((weights * density) @ np.array(tails))))


@lru_cache(maxsize=512)
def _student_critical(freedom: int, tail: float) -> float:
    """Return the value that a central t exceeds with a given chance, by halving."""
    least, most = -50.0, 50.0
    while _student_above(most, freedom, 0.0) > tail:
        most *= 4
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        if _student_above(middle, freedom, 0.0) > tail:
            least = middle
        else:
            most = middle
    return (least + most) / 2


def mean_forms(sd: float, difference: float, levels: Levels = STANDARD) -> tuple[Form, ...]:
    """Return the published forms for two means with their true power, the lab's (t-test) first."""
    sized = [
        ("student", "t-test (Guenther)", max(2.0, student_size(sd, difference, levels))),
        ("known", "known variance", max(2.0, mean_size(sd, difference, levels))),
    ]
    if (levels.alpha_each, levels.power, levels.sides) == (0.05, 0.8, 2):
        sized.append(
            ("sixteen", "16 s² / d²", max(2.0, 16 * (sd / difference) * (sd / difference)))
        )
    return tuple(
        Form(name, label, size, student_power(sd, difference, rounded_up(size), levels))
        for name, label, size in sized
    )


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio metric from a table with one line a person, such as clicks per view.

    Means, variances and the covariance of numerator and denominator, over people.

    Raises:
        ExperimentError: a figure is out of its range, or the covariance is larger than the two
            variances allow.
    """

    mean_top: float
    variance_top: float
    mean_bottom: float
    variance_bottom: float
    covariance: float

    def __post_init__(self) -> None:
        if self.mean_top <= 0:
            raise ExperimentError("The numerator’s mean must be above 0.", "mean_top")
        if self.mean_bottom <= 0:
            raise ExperimentError("The denominator’s mean must be above 0.", "mean_bottom")
        for name, field in (("numerator", "variance_top"), ("denominator", "variance_bottom")):
            if getattr(self, field) < 0:
                raise ExperimentError(f"The {name}’s variance cannot be below 0.", field)
        limit = math.sqrt(self.variance_top) * math.sqrt(self.variance_bottom)
        if abs(self.covariance) > limit * (1 + 1e-6):
            raise ExperimentError(
                f"With these variances the covariance lies between -{limit:g} and {limit:g}.",
                "covariance",
            )

    @property
    def value(self) -> float:
        """The ratio of the two totals, which is not the mean of people's own ratios."""
        return self.mean_top / self.mean_bottom

    @property
    def variance(self) -> float:
        """The variance per person by the delta method (Deng, Knoblich and Lu, KDD 2018).

        (var(y) - 2 r cov(y, x) + r² var(x)) / mean(x)².
        """
        r = self.value
        spread = self.variance_top - 2 * r * self.covariance + r * r * self.variance_bottom
        return max(0.0, spread) / self.mean_bottom**2

    @property
    def naive_variance(self) -> float | None:
        """The variance per person if every unit of the denominator were a draw of its own.

        None unless the ratio is a share: it would be r (1 - r) over the units a person has.
        """
        r = self.value
        return r * (1 - r) / self.mean_bottom if 0 < r < 1 else None


def ratio_forms(ratio: Ratio, difference: float, levels: Levels = STANDARD) -> tuple[Form, ...]:
    """Return the delta method's size and, for a share, the size that takes units for people.

    Raises:
        ExperimentError: the ratio does not vary, so that no test is needed.
    """
    if ratio.variance <= 0:
        raise ExperimentError(
            "With these figures every person has the same ratio: check the variances.",
            "variance_top",
        )
    sd = math.sqrt(ratio.variance)
    sized = [("delta", "delta method, by person", mean_size(sd, difference, levels))]
    naive = ratio.naive_variance
    if naive is not None:
        size = mean_size(math.sqrt(naive), difference, levels)
        sized.append(("units", "every unit taken for a person of its own", size))
    return tuple(
        Form(name, label, size, mean_power(sd, difference, rounded_up(size), levels))
        for name, label, size in sized
    )


def _check(sd: float, difference: float) -> None:
    if sd <= 0:
        raise ExperimentError("The standard deviation must be above 0.", "sd")
    if difference == 0 or abs(difference / sd) < 1e-150:
        raise ExperimentError("Name the smallest difference worth seeing; it is not 0.", "target")
