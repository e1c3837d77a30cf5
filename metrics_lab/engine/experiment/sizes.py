"""People per arm for two rates, by every published form the lab knows.

The lab sizes by the pooled form, because its true power is what was asked for to within a few
tenths of a point. The others are named with their own true power, so that a student who brings
one of them hears its name instead of "wrong". All sizes are per arm, unrounded, for equal arms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from metrics_lab.engine.experiment.exact import true_power
from metrics_lab.engine.experiment.levels import STANDARD, ExperimentError, Levels

MOST_PEOPLE = 1e15


@dataclass(frozen=True, slots=True)
class Form:
    """One published sample-size form: ``per_arm`` people (unrounded) and its true power."""

    name: str
    label: str
    per_arm: float
    power: float
    rounds_up: bool = True

    @property
    def people(self) -> int:
        """People per arm as the form gives them: rounded up, or to the nearest."""
        up = rounded_up(self.per_arm)
        return up if self.rounds_up else max(1, round(self.per_arm))


def rounded_up(size: float) -> int:
    """Return whole people; a size that is whole but for the computer's rounding stays so.

    Raises:
        ExperimentError: more people than there could ever be.
    """
    if not size <= MOST_PEOPLE:
        raise ExperimentError("No test has that many people: look for a larger change.", "target")
    return max(1, math.ceil(size - 1e-9 * max(1.0, size)))


def pooled_size(p: float, q: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return people per arm by the pooled form (Fleiss, Statistical Methods for Rates, ch. 4)."""
    return pooled(p, q, Levels(alpha, power))


def unpooled_size(p: float, q: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return people per arm with both arms' own variances."""
    return unpooled(p, q, Levels(alpha, power))


def baseline_size(p: float, q: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return people per arm with the baseline's variance under the null, as web calculators do."""
    return baseline(p, q, Levels(alpha, power))


def arcsine_size(p: float, q: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return people per arm by Cohen's arcsine effect size h."""
    return arcsine(p, q, Levels(alpha, power))


def pooled(p: float, q: float, levels: Levels = STANDARD) -> float:
    """Return people per arm by the pooled form; raise ExperimentError for rates that cannot be."""
    check_rates(p, q)
    mean = (p + q) / 2
    root = levels.z_alpha * math.sqrt(2 * mean * (1 - mean))
    return float(((root + levels.z_power * math.sqrt(_spread(p, q))) / (q - p)) ** 2)


def unpooled(p: float, q: float, levels: Levels = STANDARD) -> float:
    """Return people per arm with both arms' own variances."""
    check_rates(p, q)
    return float((levels.z_alpha + levels.z_power) ** 2 * _spread(p, q) / (q - p) ** 2)


def baseline(p: float, q: float, levels: Levels = STANDARD) -> float:
    """Return people per arm with the baseline's variance under the null."""
    check_rates(p, q)
    root = levels.z_alpha * math.sqrt(2 * p * (1 - p))
    return float(((root + levels.z_power * math.sqrt(_spread(p, q))) / (q - p)) ** 2)


def arcsine(p: float, q: float, levels: Levels = STANDARD) -> float:
    """Return people per arm by Cohen's h (Statistical Power Analysis, ch. 6)."""
    check_rates(p, q)
    h = 2 * math.asin(math.sqrt(q)) - 2 * math.asin(math.sqrt(p))
    return float(2 * ((levels.z_alpha + levels.z_power) / h) ** 2)


def rule_of_sixteen(p: float, q: float) -> float:
    """Return 16 p (1 - p) / d², the rule for 5 % and 80 % (van Belle), at the mean rate."""
    check_rates(p, q)
    mean = (p + q) / 2
    return 16 * mean * (1 - mean) / (q - p) ** 2


def sixteen_at_baseline(p: float, q: float) -> float:
    """Return 16 p (1 - p) / d² with the variance at the baseline rate."""
    check_rates(p, q)
    return 16 * p * (1 - p) / (q - p) ** 2


def margin_size(p: float, q: float, levels: Levels = STANDARD) -> float:
    """Return a survey's size: its margin of error is the difference, and power is left out."""
    check_rates(p, q)
    return float(levels.z_alpha**2 * p * (1 - p) / (q - p) ** 2)


def published_forms(
    p: float, q: float, alpha: float = 0.05, power: float = 0.8
) -> tuple[Form, ...]:
    """Return every published form at a two-sided level, the pooled one first."""
    return forms_of(p, q, Levels(alpha, power))


def forms_of(p: float, q: float, levels: Levels = STANDARD) -> tuple[Form, ...]:
    """Return every published form with its true power, the pooled one first.

    Raises:
        ExperimentError: the rates are equal or not between 0 and 1.
    """
    return tuple(
        _form(name, label, size, p, q, levels) for name, label, size in named_sizes(p, q, levels)
    )


def named_sizes(
    p: float, q: float, levels: Levels = STANDARD
) -> tuple[tuple[str, str, float], ...]:
    """Return (name, label, people per arm unrounded) of every published form, without its power.

    Raises:
        ExperimentError: the rates are equal or not between 0 and 1.
    """
    sized = [
        ("pooled", "pooled variance", pooled(p, q, levels)),
        ("unpooled", "each arm’s own variance", unpooled(p, q, levels)),
        ("baseline", "the baseline’s variance", baseline(p, q, levels)),
        ("arcsine", "arcsine effect size", arcsine(p, q, levels)),
    ]
    if (levels.alpha_each, levels.power, levels.sides) == (0.05, 0.8, 2):
        sized.append(("sixteen", "16 p (1 - p) / d² at the mean", rule_of_sixteen(p, q)))
        sized.append(
            ("sixteen_baseline", "16 p (1 - p) / d² at the baseline", sixteen_at_baseline(p, q))
        )
    return tuple(sized)


def _form(name: str, label: str, size: float, p: float, q: float, levels: Levels) -> Form:
    bare = Form(name, label, size, 0.0, rounds_up=name != "baseline")
    return Form(name, label, size, true_power(p, q, bare.people, levels), bare.rounds_up)


def check_rates(p: float, q: float) -> None:
    """Raise ExperimentError unless both rates lie between 0 and 1 and differ."""
    for name, field, value in (
        ("The baseline rate", "baseline", p),
        ("The target rate", "target", q),
    ):
        if not 0 <= value <= 1:
            raise ExperimentError(f"{name} must lie between 0 and 1; {value:g} does not.", field)
    if p == q or (q - p) ** 2 == 0:
        raise ExperimentError(
            "The two rates are equal: name the smallest change worth seeing.", "target"
        )


def _spread(p: float, q: float) -> float:
    return p * (1 - p) + q * (1 - q)
