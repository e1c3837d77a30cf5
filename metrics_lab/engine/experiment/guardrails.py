"""Guardrails: the size of a test that shows that something did not get worse by a margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics_lab.engine.experiment.levels import NORMAL, STANDARD, ExperimentError, Levels
from metrics_lab.engine.experiment.sizes import rounded_up

MOST_GUARDRAILS = 8
MOST_RATIO = 1e12
"""The largest variance over squared margin that is reckoned with."""


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What may not get worse by ``margin``: a rate with its baseline, a mean with its sd."""

    name: str
    margin: float
    baseline: float | None = None
    sd: float | None = None

    @property
    def variance(self) -> float:
        """The variance of one person."""
        if self.sd is not None:
            return self.sd**2
        rate = self.baseline or 0.0
        return rate * (1 - rate)

    @property
    def is_testable(self) -> bool:
        """Whether the margin is wide enough for a test that people could ever run."""
        return self.variance <= MOST_RATIO * self.margin * self.margin


@dataclass(frozen=True, slots=True)
class GuardrailSize:
    """People per arm that a guardrail needs alone, and where all tests are to pass together."""

    guardrail: Guardrail
    per_arm: int
    per_arm_together: int


def non_inferiority_size(guardrail: Guardrail, levels: Levels = STANDARD) -> float:
    """Return people per arm to rule out that a metric gets worse by its margin.

    (z + b)² 2 s² / m², one-sided, if in truth nothing changes (Blackwelder 1982). One-sided at
    half the level of a two-sided test, which is where its interval ends.

    Raises:
        ExperimentError: the margin, the rate or the deviation cannot be.
    """
    _check(guardrail)
    z = -NORMAL.inv_cdf(levels.alpha_each / levels.sides)
    root = (z + levels.z_power) / guardrail.margin
    return 2 * guardrail.variance * root * root


def guardrail_sizes(
    guardrails: Sequence[Guardrail], levels: Levels = STANDARD
) -> tuple[GuardrailSize, ...]:
    """Return the size of each guardrail, alone and with the risk divided among all decisions."""
    together = replace(levels, power=power_each(levels.power, len(guardrails)))
    return tuple(
        GuardrailSize(
            item,
            rounded_up(non_inferiority_size(item, levels)),
            rounded_up(non_inferiority_size(item, together)),
        )
        for item in guardrails
    )


def power_each(power: float, guardrails: int) -> float:
    """Return the power each test needs so that all, the main one included, pass with ``power``.

    The risk of missing is divided by their number (Bonferroni on beta), however they are related.
    """
    return 1 - (1 - power) / (guardrails + 1)


def power_together(power: float, guardrails: int) -> float:
    """Return the chance that the main test and all guardrails pass if they are independent."""
    return float(power ** (guardrails + 1))


def _check(guardrail: Guardrail) -> None:
    if guardrail.margin <= 0:
        raise ExperimentError("The margin must be above 0: no test rules out any change.", "margin")
    if guardrail.sd is None and not 0 < (guardrail.baseline or 0.0) < 1:
        raise ExperimentError("The guardrail’s rate must lie between 0 and 1.", "baseline")
    if guardrail.sd is not None and guardrail.sd <= 0:
        raise ExperimentError("The standard deviation must be above 0.", "sd")
