"""What repeated looks at a running test do to its error level, and the bounds that allow them.

Armitage, McPherson and Rowe (1969): after look j the sum of the increments is a random walk, and
the density of a walk that has not crossed yet follows from the one before by one integral. The
integrals are taken by Gauss-Legendre; the looks are equally spaced.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from metrics_lab.engine.experiment.levels import NORMAL, ExperimentError
from metrics_lab.engine.experiment.quadrature import Floats, legendre

MOST_LOOKS = 100
HALVINGS = 28
FAR = 9.0
"""Standard deviations beyond which a walk need not be followed."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A group-sequential plan: the critical z at each look, and how much longer it may take."""

    name: str
    critical: tuple[float, ...]
    inflation: float


@lru_cache(maxsize=256)
def error_of_looks(looks: int, alpha: float = 0.05, sides: int = 2) -> float:
    """Return the true error rate of stopping at the first of ``looks`` significant looks.

    Raises:
        ExperimentError: there are no looks, or more than 100.
    """
    z = -NORMAL.inv_cdf(alpha / sides)
    return 1 - _never_crossed(_checked(looks), lambda j: z * math.sqrt(j), sides)


@lru_cache(maxsize=128)
def pocock(looks: int, alpha: float = 0.05, power: float = 0.8, sides: int = 2) -> Bounds:
    """Return Pocock's bounds: the same critical value at each look."""
    c = _solve(lambda c: 1 - _never_crossed(looks, lambda j: c * math.sqrt(j), sides), alpha)
    critical = (c,) * _checked(looks)
    return Bounds("Pocock", critical, _inflation(critical, alpha, power, sides))


@lru_cache(maxsize=128)
def obrien_fleming(looks: int, alpha: float = 0.05, power: float = 0.8, sides: int = 2) -> Bounds:
    """Return O'Brien and Fleming's bounds: strict early, nearly the usual value at the end."""
    whole = math.sqrt(_checked(looks))
    c = _solve(lambda c: 1 - _never_crossed(looks, lambda j: c * whole, sides), alpha)
    critical = tuple(c * math.sqrt(looks / j) for j in range(1, looks + 1))
    return Bounds("O’Brien and Fleming", critical, _inflation(critical, alpha, power, sides))


def _inflation(critical: tuple[float, ...], alpha: float, power: float, sides: int) -> float:
    """Return the greatest size of the plan over the size of a test with one look."""
    looks = len(critical)

    def missed(drift: float) -> float:
        return _never_crossed(looks, lambda j: critical[j - 1] * math.sqrt(j), sides, drift)

    plain = -NORMAL.inv_cdf(alpha / sides) + NORMAL.inv_cdf(power)
    drift = _solve(missed, 1 - power, least=0.0, most=3 * plain / math.sqrt(looks))
    return looks * (drift / plain) ** 2


def _solve(
    falling: Callable[[float], float], wanted: float, least: float = 0.1, most: float = 8.0
) -> float:
    """Return where a falling function takes a value, by halving."""
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        if falling(middle) > wanted:
            least = middle
        else:
            most = middle
    return (least + most) / 2


def _never_crossed(
    looks: int, bound: Callable[[int], float], sides: int, drift: float = 0.0
) -> float:
    """Return the chance that a walk with unit steps stays within its bounds at every look."""
    places, weights = _within(1, bound, sides, drift)
    density = _normal(places - drift)
    for look in range(2, looks + 1):
        new_places, new_weights = _within(look, bound, sides, drift)
        kernel = _normal(new_places[:, None] - places[None, :] - drift)
        density = kernel @ (weights * density)
        places, weights = new_places, new_weights
    return float(weights @ density)


def _within(
    look: int, bound: Callable[[int], float], sides: int, drift: float
) -> tuple[Floats, Floats]:
    """Return nodes and weights over the region in which a walk goes on after a look."""
    spread = FAR * math.sqrt(look)
    top = min(bound(look), drift * look + spread)
    bottom = -bound(look) if sides == 2 else drift * look - spread
    bottom = max(bottom, drift * look - spread)
    if top <= bottom:
        return np.zeros(1), np.zeros(1)
    nodes, weights = legendre()
    half = (top - bottom) / 2
    return bottom + half * (nodes + 1), half * weights


def _normal(values: Floats) -> Floats:
    found: Floats = np.exp(-0.5 * values**2) / math.sqrt(2 * math.pi)
    return found


def _checked(looks: int) -> int:
    if not 1 <= looks <= MOST_LOOKS:
        raise ExperimentError(f"Plan 1 to {MOST_LOOKS} looks.", "looks")
    return looks
