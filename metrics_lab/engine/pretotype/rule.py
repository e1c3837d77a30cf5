"""A pretotype: a hypothesis with a number, the exact size of its test, a rule, and an interval.

"At least X % of Y will Z" (after Alberto Savoia, The Right It). The test counts people who do Z;
it goes on at ``go`` or more of ``people``. All probabilities are binomial and exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

from metrics_lab.engine.experiment.exact import binomial_window

MOST_PEOPLE = 100_000
"""A pretotype that needs more is no pretotype."""
MOST_COUNTED = 10_000_000
HALVINGS = 60
_NORMAL = NormalDist()

Standing = Literal["above", "below", "open"]
Outcome = Literal["go", "again", "stop", "early", "over"]


class PretotypeError(ValueError):
    """An input that cannot be, with its remedy; ``field`` names it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class SmallestTest:
    """The smallest exact test: go on at ``go`` or more of ``people``.

    ``false_go`` is the chance to go on if the rate is the one that is not worth it, ``true_go``
    the chance to go on if the hypothesis holds.
    """

    people: int
    go: int
    false_go: float
    true_go: float


@dataclass(frozen=True, slots=True)
class Rule:
    """What was decided before the data: people to ask, and the counts at which one goes or stops.

    From ``go`` on one goes on; below ``stop`` one stops; in between one repeats. ``stop`` equal
    to ``go`` leaves no room between.

    Raises:
        PretotypeError: the counts do not fit one another.
    """

    people: int
    go: int
    stop: int

    def __post_init__(self) -> None:
        if not 1 <= self.people <= MOST_COUNTED:
            raise PretotypeError(f"Ask 1 to {MOST_COUNTED:,} people.", "rule_people")
        if not 1 <= self.go <= self.people:
            raise PretotypeError(
                f"The count to go on lies between 1 and the {self.people:,} people asked.",
                "rule_go",
            )
        if not 0 <= self.stop <= self.go:
            raise PretotypeError(
                f"One stops below the count to go on: 0 to {self.go:,}.", "rule_stop"
            )

    def outcome(self, people: int, did: int) -> Outcome:
        """Return what the rule says of a count.

        "early" while people are still to be asked, "over" if more were asked than it speaks of.
        """
        if people != self.people:
            return "early" if people < self.people else "over"
        if did >= self.go:
            return "go"
        return "stop" if did < self.stop else "again"


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its exact two-sided interval."""

    share: float
    low: float
    high: float

    def standing(self, line: float) -> Standing:
        """Return whether the whole interval lies above a line, below it, or around it."""
        if self.low > line:
            return "above"
        return "below" if self.high < line else "open"


def chance_of(least: int, people: int, rate: float) -> float:
    """Return the chance that ``least`` or more of ``people`` do it at a true ``rate``."""
    if least <= 0:
        return 1.0
    first, probabilities = binomial_window(people, rate)
    return float(min(1.0, probabilities[max(0, least - first) :].sum()))


def clopper_pearson(did: int, people: int, coverage: float = 0.95) -> Interval:
    """Return the exact interval of a share (Clopper and Pearson 1934).

    Its ends are the rates at which a count as high, or as low, has half of what is not covered.

    Raises:
        PretotypeError: more people did it than were asked, or a count is out of range.
    """
    if not 1 <= people <= MOST_COUNTED:
        raise PretotypeError(f"Count 1 to {MOST_COUNTED:,} people.", "people")
    if not 0 <= did <= people:
        raise PretotypeError(
            f"Of {people:,} people 0 to {people:,} can have done it; {did:,} cannot.", "did"
        )
    if not 0 < coverage < 1:
        raise PretotypeError("The coverage lies between 0 and 1, as 0.95.", "coverage")
    tail = (1 - coverage) / 2
    low = 0.0 if did == 0 else _rate_at(did, people, tail)
    high = 1.0 if did == people else _rate_at(did + 1, people, 1 - tail)
    return Interval(did / people, low, high)


def _rate_at(least: int, people: int, chance: float) -> float:
    """Return the rate at which ``least`` or more of ``people`` have a given chance."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if chance_of(least, people, middle) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@lru_cache(maxsize=512)
def smallest_test(
    hoped: float, poor: float, alpha: float = 0.05, power: float = 0.8
) -> SmallestTest:
    """Return the smallest exact one-sided test that tells ``hoped`` from ``poor`` (A'Hern 2001).

    Each count ``go`` allows at most so many people before chance alone reaches it too often at the
    poor rate, and needs at least so many to be reached often enough at the hoped one. The first
    count for which both fit gives the smallest test.

    Raises:
        PretotypeError: the rates are not 0 <= poor < hoped <= 1, or need over 100,000 people.
    """
    _check_rates(hoped, poor, alpha, power)
    about = _about(hoped, poor, alpha, power)
    if about > MOST_PEOPLE:
        raise PretotypeError(
            f"That takes about {about:,.0f} people, and a pretotype is cheap: set the rate that is"
            " not worth it further away.",
            "poor",
        )
    go = max(1, math.floor(about * 0.85 * (poor + hoped) / 2) - 8)
    people = _fewest(go, hoped, power, least=go)
    while chance_of(go, people, poor) > alpha:
        go += 1
        people = _fewest(go, hoped, power, least=max(go, people))
    return SmallestTest(people, go, chance_of(go, people, poor), chance_of(go, people, hoped))


def _about(hoped: float, poor: float, alpha: float, power: float) -> float:
    """Return the size by the normal approximation of the one-sample test."""
    root = -_NORMAL.inv_cdf(alpha) * math.sqrt(poor * (1 - poor))
    root += _NORMAL.inv_cdf(power) * math.sqrt(hoped * (1 - hoped))
    return (root / (hoped - poor)) ** 2


def _fewest(go: int, rate: float, power: float, least: int) -> int:
    """Return the fewest people, ``least`` or more, of whom ``go`` do it with chance ``power``."""
    if chance_of(go, least, rate) >= power:
        return least
    low, step = least, max(1, math.ceil(1 / rate))
    while chance_of(go, low + step, rate) < power:
        low, step = low + step, step * 2
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        if chance_of(go, middle, rate) < power:
            low = middle
        else:
            high = middle
    return high


def _check_rates(hoped: float, poor: float, alpha: float, power: float) -> None:
    if not 0 < hoped <= 1:
        raise PretotypeError("X lies above 0 % and not above 100 %.", "x")
    if not 0 <= poor < hoped:
        raise PretotypeError("The rate that is not worth it lies below X.", "poor")
    if not 0 < alpha < 0.5:
        raise PretotypeError("The chance to go on for nothing lies between 0 and 50 %.", "alpha")
    if not alpha < power < 1:
        raise PretotypeError("Power lies above that chance and below 100 %.", "power")
