"""Ideas ranked by RICE or ICE when their figures are ranges: who is first, and how surely.

A range holds its true value nine times out of ten (see `quantity`). All ideas are scored on the
same fixed points (see `simulate`), each range varying on its own, so the same table always gives
the same chances. Where scores are equal, ideas share the places between them.

RICE is Intercom's (Sean McBride, 2016): reach in a quarter x impact x confidence / effort. ICE is
the product of impact, confidence and ease, each from 1 to 10.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from metrics_lab.engine.priority.scores import CONFIDENCE_SCALE, IMPACT_SCALE, PriorityError
from metrics_lab.engine.quantity import Range, spread
from metrics_lab.engine.wording import plain

if TYPE_CHECKING:
    from metrics_lab.engine.arrays import Array

Scheme = Literal["rice", "ice"]
Verdict = Literal["clear", "likely", "close"]
Value = float | Range

MOST_IDEAS = 12
POINTS = 8_192
SEED = 20_260
SAME = 1e-12
"""Scores that differ by less, relative to their size, are equal: rounding sets them apart."""
SMALLEST, LARGEST = 1e-6, 1e12
CLEAR, LIKELY = 0.9, 0.75
MOONSHOT = 0.5
LONG_EFFORT, SHORT_EFFORT = 24, 0.5


@dataclass(frozen=True, slots=True)
class Factor:
    """One column of a scheme: its bounds, and whether it multiplies (1) or divides (-1)."""

    id: str
    label: str
    unit: str
    power: int = 1
    least: float = 0.0
    most: float = math.inf


SCHEMES: Mapping[Scheme, tuple[Factor, ...]] = {
    "rice": (
        Factor("reach", "Reach", "people a quarter"),
        Factor("impact", "Impact", "0.25 to 3"),
        Factor("confidence", "Confidence", "share", most=1),
        Factor("effort", "Effort", "person-months", power=-1),
    ),
    "ice": (
        Factor("ice_impact", "Impact", "1 to 10", least=1, most=10),
        Factor("ice_confidence", "Confidence", "1 to 10", least=1, most=10),
        Factor("ice_ease", "Ease", "1 to 10", least=1, most=10),
    ),
}


@dataclass(frozen=True, slots=True)
class Idea:
    """A name and the value of each factor of its scheme, by the factor's id."""

    name: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Standing:
    """One idea's score: its median, its 90 % range, and the chance of each place from the first.

    `doubt` is the share of the spread of the score (on a log scale) that each range brings.
    """

    name: str
    median: float
    lo: float
    hi: float
    places: tuple[float, ...]
    doubt: Mapping[str, float]

    @property
    def first(self) -> float:
        """Return the chance of being first."""
        return self.places[0]


@dataclass(frozen=True, slots=True)
class Duel:
    """Two neighbors of the ranking: how often the upper one has the higher score."""

    upper: str
    lower: str
    chance: float

    @property
    def verdict(self) -> Verdict:
        """Return how much the order of the two can be trusted."""
        if self.chance >= CLEAR:
            return "clear"
        return "likely" if self.chance >= LIKELY else "close"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ideas from the highest median to the lowest; equal medians keep the order they came in."""

    scheme: Scheme
    standings: tuple[Standing, ...]
    duels: tuple[Duel, ...]
    n: int
    seed: int


def rank_ideas(ideas: Sequence[Idea], scheme: Scheme, n: int = POINTS, seed: int = SEED) -> Ranking:
    """Return the ranking of the ideas over `n` draws, a power of 2 up to 65,536.

    Raises:
        PriorityError: no ideas, too many of them, or a value that `check_value` refuses.
    """
    import numpy as np

    if not 1 <= len(ideas) <= MOST_IDEAS:
        raise PriorityError(f"A ranking takes 1 to {MOST_IDEAS} ideas.")
    scores, logs = _scores(ideas, scheme, n, seed)
    medians = np.median(scores, axis=1)
    order = sorted(range(len(ideas)), key=lambda i: -float(medians[i]))
    places = _places(scores)
    standings = tuple(
        Standing(
            ideas[i].name,
            float(medians[i]),
            float(np.quantile(scores[i], 0.05)),
            float(np.quantile(scores[i], 0.95)),
            tuple(float(chance) for chance in places[i]),
            _doubt(logs[i]),
        )
        for i in order
    )
    duels = tuple(
        Duel(ideas[i].name, ideas[j].name, _beats(scores[i], scores[j])) for i, j in pairwise(order)
    )
    return Ranking(scheme, standings, duels, n, seed)


def check_value(factor: Factor, value: Value) -> None:
    """Raise PriorityError, with the remedy, for a value of which no score can be made."""
    lo, hi = (value.lo, value.hi) if isinstance(value, Range) else (value, value)
    if not (math.isfinite(lo) and math.isfinite(hi)) or hi > LARGEST or 0 < lo < SMALLEST:
        raise PriorityError("Write a number between a millionth and a million million.")
    if factor.least and not factor.least <= lo <= hi <= factor.most:
        raise PriorityError(f"{factor.label} runs from {factor.least:g} to {factor.most:g}.")
    if factor.power < 0 and lo <= 0:
        raise PriorityError(f"{factor.label} must be above 0: write 0.5 for two weeks.")
    if lo < 0:
        raise PriorityError(f"{factor.label} cannot be below 0.")
    if isinstance(value, Range) and lo == 0:
        raise PriorityError("A range has to begin above 0: some values lie below its low end.")
    if hi > factor.most:
        raise PriorityError(f"{factor.label} is a share: it ends at 100 %.")


def remark(factor: Factor, value: Value, population: float | None = None) -> str:
    """Return what is unusual about a value that has a score all the same; "" when nothing is."""
    lo, hi = (value.lo, value.hi) if isinstance(value, Range) else (value, value)
    if factor.id == "reach":
        return _reach_remark(lo, hi, population)
    if factor.id == "impact":
        return _impact_remark(lo, hi)
    if factor.id == "confidence":
        return _confidence_remark(lo, hi)
    if factor.id == "effort":
        return _effort_remark(lo, hi)
    return ""


def _reach_remark(lo: float, hi: float, population: float | None) -> str:
    if population is not None and hi > population:
        return f"More than the {plain(population)} people there are."
    if 0 < hi < 1:
        return "Less than one person: write people a quarter, not a share."
    return ""


def _impact_remark(lo: float, hi: float) -> str:
    scale = ", ".join(f"{step:g}" for step in IMPACT_SCALE)
    if lo == hi and lo not in IMPACT_SCALE:
        return f"Off the scale {scale}."
    if lo < IMPACT_SCALE[0] or hi > IMPACT_SCALE[-1]:
        return f"Leaves the scale, which runs from {IMPACT_SCALE[0]:g} to {IMPACT_SCALE[-1]:g}."
    return ""


def _confidence_remark(lo: float, hi: float) -> str:
    if hi < MOONSHOT:
        return "Below 50 %: Intercom calls that a moonshot."
    if lo == hi and lo not in CONFIDENCE_SCALE:
        return "Off the scale 50 %, 80 %, 100 %."
    return ""


def _effort_remark(lo: float, hi: float) -> str:
    if hi > LONG_EFFORT:
        return f"{hi:g} person-months is over two years of one person. Are these days or weeks?"
    if lo < SHORT_EFFORT:
        return "Under two weeks. Intercom counts half a person-month at least."
    return ""


def _scores(
    ideas: Sequence[Idea], scheme: Scheme, n: int, seed: int
) -> tuple[Array, list[dict[str, Array]]]:
    """Return all scores, of shape (ideas, n), and each idea's ranges as logs of their samples."""
    import numpy as np

    from metrics_lab.engine.simulate import scores_for

    factors = SCHEMES[scheme]
    names = [
        f"{index}.{factor.id}"
        for index, idea in enumerate(ideas)
        for factor in factors
        if isinstance(idea.values[factor.id], Range)
    ]
    drawn = dict(zip(names, scores_for(names, n, seed), strict=True)) if names else {}
    scores, logs = np.ones((len(ideas), n)), []
    for index, idea in enumerate(ideas):
        varying: dict[str, Array] = {}
        for factor in factors:
            value = idea.values[factor.id]
            check_value(factor, value)
            if isinstance(value, Range):
                samples = np.clip(
                    spread(value, drawn[f"{index}.{factor.id}"]), factor.least, factor.most
                )
                varying[factor.id] = np.log(np.maximum(samples, np.finfo(np.float64).tiny))
            else:
                samples = np.full(n, value)
            scores[index] = (np.multiply if factor.power > 0 else np.divide)(scores[index], samples)
        logs.append(varying)
    return scores, logs


def _places(scores: Array) -> Array:
    """Return the chance of each idea (row) to have each place (column); both sum to 1.

    In a draw in which m ideas are equal, each has the m places between them with chance 1/m.
    """
    import numpy as np

    count = len(scores)
    apart = scores[None, :, :] - scores[:, None, :]
    equal = np.abs(apart) <= SAME * np.maximum(scores[None, :, :], scores[:, None, :])
    above = np.sum((apart > 0) & ~equal, axis=1)
    ties = np.sum(equal, axis=1)
    places = np.empty((count, count))
    for place in range(count):
        held = (above <= place) & (place < above + ties)
        places[:, place] = np.mean(held / ties, axis=1)
    return places


def _beats(one: Array, other: Array) -> float:
    """Return how often one score is the higher; an equal one counts half."""
    import numpy as np

    equal = np.abs(one - other) <= SAME * np.maximum(one, other)
    return float(np.mean(np.where(equal, 0.5, one > other)))


def _doubt(logs: Mapping[str, Array]) -> dict[str, float]:
    """Return each range's share of the variance of log score: for a product the parts add up."""
    import numpy as np

    parts = {name: float(np.var(samples)) for name, samples in logs.items()}
    whole = sum(parts.values())
    return {name: part / whole for name, part in parts.items()} if whole else {}
