"""The true power of the pooled z-test of two rates, by enumeration of both binomials.

A sample-size form is an approximation; the power of the test that is run afterwards is not. The
work is bounded: only counts within nine standard deviations of their mean are gone through
(what lies outside has a probability below 1e-15), so it grows with the square root of n.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from metrics_lab.engine.experiment.levels import NORMAL, STANDARD, ExperimentError, Levels

Floats = NDArray[np.float64]
MOST_ENUMERATED = 100_000_000
"""Above this the normal approximation is used; there it agrees to better than 1e-4."""
REACH_SD, REACH_COUNTS = 9, 40


def binomial_window(n: int, p: float) -> tuple[int, Floats]:
    """Return (first count, probabilities) of Bin(n, p) over all counts that matter.

    The probabilities are built from their ratios, outwards from the mode, and sum to 1.
    """
    if p <= 0 or p >= 1:
        return (0 if p <= 0 else n), np.ones(1)
    mode = min(n, math.floor((n + 1) * p))
    reach = math.ceil(REACH_SD * math.sqrt(n * p * (1 - p))) + REACH_COUNTS
    first, last = max(0, mode - reach), min(n, mode + reach)
    counts = np.arange(first, last, dtype=np.float64)
    steps = np.log(n - counts) - np.log(counts + 1) + math.log(p) - math.log1p(-p)
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(logs - logs.max())
    return first, weights / weights.sum()


def exact_power(p: float, q: float, per_arm: int, levels: Levels = STANDARD) -> float:
    """Return the unconditional power of the pooled z-test with ``per_arm`` people in each arm.

    The test rejects where (y - x)² > z² (x + y)(2n - x - y) / 2n; for each count x of the
    control that is a pair of bounds on y, the roots of a quadratic. One-sided tests reject only
    in the direction of q. With p equal to q this is the true error rate.
    """
    z = levels.z_alpha
    first_x, weight = binomial_window(per_arm, p)
    x = first_x + np.arange(len(weight), dtype=np.float64)
    c = z * z / (2 * per_arm)
    middle = x * (1 - c) + per_arm * c
    gap = np.sqrt(np.maximum(0.0, middle**2 - (1 + c) * ((1 + c) * x**2 - 2 * per_arm * c * x)))
    lowest = np.ceil((middle - gap) / (1 + c) - 1e-9)
    highest = np.floor((middle + gap) / (1 + c) + 1e-9)
    below = _cumulated(per_arm, q, lowest - 1)
    above = 1 - _cumulated(per_arm, q, highest)
    towards = above if q >= p else below
    rejected = towards if levels.sides == 1 else above + below
    return float(min(1.0, max(0.0, float(weight @ rejected))))


def power_at(p: float, q: float, per_arm: float, alpha: float = 0.05) -> float:
    """Return the power of the pooled two-sided z-test, both tails, by the normal approximation.

    It agrees with enumeration to about 0.2 points at the sizes product tests have.
    """
    return approximate_power(p, q, per_arm, Levels(alpha, max(0.8, (1 + alpha) / 2)))


def approximate_power(p: float, q: float, per_arm: float, levels: Levels = STANDARD) -> float:
    """Return the power of the pooled z-test by the normal approximation."""
    _check(p, q)
    if per_arm < 1:
        raise ExperimentError("People per arm must be at least 1.", "per_arm")
    mean = (p + q) / 2
    null = levels.z_alpha * math.sqrt(2 * mean * (1 - mean))
    shift = math.sqrt(per_arm) * abs(q - p)
    own = math.sqrt(p * (1 - p) + q * (1 - q))
    if own == 0:
        return 1.0
    seen = NORMAL.cdf((shift - null) / own)
    return seen if levels.sides == 1 else seen + NORMAL.cdf((-shift - null) / own)


def true_power(p: float, q: float, per_arm: int, levels: Levels = STANDARD) -> float:
    """Return the exact power, or its approximation for more people than anybody tests on."""
    if per_arm > MOST_ENUMERATED:
        return approximate_power(p, q, per_arm, levels)
    if per_arm < 1:
        raise ExperimentError("People per arm must be at least 1.", "per_arm")
    return exact_power(p, q, per_arm, levels)


def _cumulated(n: int, p: float, counts: Floats) -> Floats:
    """Return P(Y <= count) of Bin(n, p) for many counts."""
    first, probabilities = binomial_window(n, p)
    sums = np.concatenate(([0.0], np.cumsum(probabilities)))
    place = np.clip(counts - first + 1, 0, len(probabilities)).astype(np.int64)
    return np.minimum(1.0, sums[place])


def _check(p: float, q: float) -> None:
    for value in (p, q):
        if not 0 <= value <= 1:
            raise ExperimentError(f"A rate must lie between 0 and 1; {value:g} does not.")
    if p == q:
        raise ExperimentError("The two rates are equal: name the smallest change worth seeing.")
