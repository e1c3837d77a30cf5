"""Which input matters: four measures, because there are four different questions.

- `tornado`: if each input moved over its band alone, how far would the target go?
- `elasticity`: for one percent more of each input, how many percent more of the target?
- `sobol_indices`: where does the uncertainty of the target come from?
- `shapley`: which lever earned how much of a change?

They may well put the inputs in different orders: an input that is known exactly has a tornado
bar and a Sobol index of nothing, and yet may have the highest elasticity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from metrics_lab.engine.duals import Dual, plain, with_slope
from metrics_lab.engine.errors import ImpossibleError, LeverError, ModelError
from metrics_lab.engine.graph import Model
from metrics_lab.engine.order import Rule
from metrics_lab.engine.quantity import Range
from metrics_lab.engine.scenario import Lever, absorber, what_if
from metrics_lab.engine.solve import isolate

if TYPE_CHECKING:
    from metrics_lab.engine.arrays import Array

QUESTIONS = {
    "tornado": "If each moved over its band alone, how far would it carry the result?",
    "elasticity": "For one percent more of each, how many percent more of the result?",
    "sobol": "Where does my uncertainty come from?",
    "shapley": "Who earned this change?",
}
"""The question that each measure answers, as its title."""

INDEX_POINTS = 8_192
MOST_INDICES = 32
MOST_LEVERS = 8


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input does to the target while all others stay as they are today.

    `band` is where the input lies, in its own unit; `at_low` and `at_high` are the target's
    values at the two ends of the band, in the target's unit.
    """

    symbol: str
    band: tuple[float, float]
    at_low: float
    at_high: float

    @property
    def worst(self) -> float:
        """Return the smaller of the target's two values."""
        return min(self.at_low, self.at_high)

    @property
    def best(self) -> float:
        """Return the larger of the target's two values."""
        return max(self.at_low, self.at_high)

    @property
    def width(self) -> float:
        """Return how far the target moves between the two ends."""
        return self.best - self.worst


def tornado(
    model: Model, target: str, bands: Mapping[str, tuple[float, float]]
) -> tuple[Swing, ...]:
    """Return the swing of each input with a band, the widest first, ties by name.

    The question: if each input moved over its band alone, how far would the target go?

    An input on which the target does not depend, or whose band is a point, has width 0. The
    widths do not add up: two inputs that move together multiply. Two evaluations an input.

    Raises:
        UnknownSymbolError: the target or an input is not in the model.
        ImpossibleError: an end of a band cannot be, such as a share over 100 %.
    """
    model.rule(target)
    swings = (_swing(model, target, symbol, band) for symbol, band in bands.items())
    return tuple(sorted(swings, key=lambda swing: (-swing.width, swing.symbol)))


def _swing(model: Model, target: str, symbol: str, band: tuple[float, float]) -> Swing:
    low, high = sorted(band)
    at_low, at_high = (
        what_if(model, [Lever(symbol, "set", end)]).after[target] for end in (low, high)
    )
    return Swing(symbol, (low, high), at_low, at_high)


@dataclass(frozen=True, slots=True)
class Elasticity:
    """How the target answers a small move of one input, all others as they are today.

    `slope` is in the target's unit for one unit of the input. `percent` is how many percent the
    target moves for one percent more of the input; None where the target is 0.
    """

    symbol: str
    slope: float
    percent: float | None


def elasticity(
    model: Model, target: str, symbols: Sequence[str] | None = None
) -> tuple[Elasticity, ...]:
    """Return the elasticity of the target in each input, the strongest first, ties by name.

    The question: for one percent more of each input, how many percent more of the target? The
    answer is exact for a small step (forward derivatives, no step size); a step of 50 % on a
    formula that is no product answers differently. Without `symbols`, all given inputs that the
    target depends on.

    Raises:
        UnknownSymbolError: the target or an input is not in the model.
        ImpossibleError: a formula has no slope at today's values.
    """
    model.rule(target)
    if symbols is None:
        symbols = sorted(model.given.keys() & model.ancestors(target))
    today = model.evaluate()
    found = [_elasticity(model, target, symbol, today) for symbol in symbols]
    return tuple(sorted(found, key=lambda e: (-abs(e.percent or 0.0), -abs(e.slope), e.symbol)))


def _elasticity(model: Model, target: str, symbol: str, today: Mapping[str, float]) -> Elasticity:
    model.rule(symbol)
    slope = _slopes(model, {symbol: Dual(today[symbol], 1.0)})[target].slope
    relative = None if today[target] == 0 else slope * today[symbol] / today[target]
    return Elasticity(symbol, slope, relative)


def _slopes(model: Model, overrides: dict[str, Dual]) -> dict[str, Dual]:
    """Return every symbol with its slope; both sides of an `equals` move as in `what_if`."""
    values = _with_slopes(model, overrides)
    for source, target in model.equalities:
        if values[source].slope and not values[target].slope:
            through, rule = absorber(model, target, overrides), model.rule(target)
            turned = isolate(target, rule.formula, through) if rule and through else None
            if through is None or turned is None:
                overrides[target] = values[source]
            else:
                overrides[through] = _computed(
                    model, Rule(through, turned), {**values, target: values[source]}
                )
            values = _with_slopes(model, overrides)
    return values


def _with_slopes(model: Model, overrides: Mapping[str, Dual]) -> dict[str, Dual]:
    values = {**plain(model.given), **overrides}
    for rule in model.rules:
        if rule.symbol not in overrides:
            values[rule.symbol] = _computed(model, rule, values)
    return values


def _computed(model: Model, rule: Rule, values: dict[str, Dual]) -> Dual:
    try:
        found = with_slope(rule.formula.text)(values)
    except (ArithmeticError, ValueError):
        found = Dual(math.nan, math.nan)
    if not math.isfinite(found.value) or not math.isfinite(found.slope):
        raise ImpossibleError(
            rule.symbol, f"{model.label(rule.symbol)} has no slope at today's values."
        )
    return found


@dataclass(frozen=True, slots=True)
class SobolIndex:
    """Shares of the target's variance: from this input alone, and from all it has a part in.

    Both are estimates with an error of about 0.01, so a value may lie just outside 0 to 1.
    """

    symbol: str
    first: float
    total: float


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Where the target's uncertainty comes from; `missing` samples had no value and are left out.

    `sd` is the target's standard deviation, in its unit.
    """

    indices: tuple[SobolIndex, ...]
    sd: float
    missing: int
    n: int


def sobol_indices(
    model: Model,
    target: str,
    ranges: Mapping[str, Range],
    levers: Sequence[Lever] = (),
    n: int = INDEX_POINTS,
    seed: int | None = None,
) -> Uncertainty:
    """Return each range's share of the target's variance, the largest total first.

    The question: where does my uncertainty come from? `first` is what would go if this input
    became known, `total` what would be left if all others did; the difference is what it does
    together with others. `first` by Saltelli et al. (2010), about the mean; `total` by Jansen
    (1999), both from n * (inputs + 2) evaluations. The ranges are taken to be independent.

    Raises:
        ModelError: an unknown symbol, a range or lever that cannot be, or more than 32 ranges.
    """
    import numpy as np

    from metrics_lab.engine.simulate import SEED, block_for, run_block, scores_for

    model.rule(target)
    names = tuple(ranges)
    if len(names) > MOST_INDICES:
        raise ModelError(names[MOST_INDICES], f"At most {MOST_INDICES} ranges are told apart.")
    twice = tuple(f"{name} {half}" for half in "ab" for name in names)
    scores = scores_for(twice, n, SEED if seed is None else seed)
    a = block_for(model, ranges, scores[: len(names)])
    b = block_for(model, ranges, scores[len(names) :])
    base = run_block(model, a, levers)[0]

    def at(inputs: Mapping[str, Array]) -> Array:
        known = None if levers else base
        return np.broadcast_to(run_block(model, inputs, levers, known)[0][target], scores.shape[1:])

    at_a, at_b = np.broadcast_to(base[target], scores.shape[1:]), at(b)
    swapped = {name: at({**a, name: b[name]}) for name in names}
    valued = ~np.isnan(np.stack([at_a, at_b, *swapped.values()])).any(axis=0)
    if not valued.any():
        raise ImpossibleError(target, f"{model.label(target)} has no value in any of the samples.")
    both = np.concatenate([at_a[valued], at_b[valued]])
    with np.errstate(over="ignore", invalid="ignore"):
        variance, middle = float(np.var(both)), float(np.mean(both))
    if not math.isfinite(variance):
        raise ImpossibleError(target, f"{model.label(target)} is too large for its spread.")

    def index(name: str) -> SobolIndex:
        if not variance:
            return SobolIndex(name, 0.0, 0.0)
        moved = swapped[name][valued] - at_a[valued]
        first = float(np.mean((at_b[valued] - middle) * moved)) / variance
        return SobolIndex(name, first, float(np.mean(moved**2)) / (2 * variance))

    indices = [index(name) for name in names]
    ordered = sorted(indices, key=lambda found: (-found.total, found.symbol))
    missing = int(valued.size - valued.sum())
    return Uncertainty(tuple(ordered), math.sqrt(variance), missing, int(valued.size))


@dataclass(frozen=True, slots=True)
class Part:
    """What one lever contributes to a change, in the target's unit."""

    symbol: str
    amount: float


@dataclass(frozen=True, slots=True)
class Split:
    """A change of the target between two scenarios, and its parts, which add up to it."""

    before: float
    after: float
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """Return the whole change."""
        return self.after - self.before


def shapley(
    model: Model, target: str, after: Sequence[Lever], before: Sequence[Lever] = ()
) -> Split:
    """Return the exact Shapley split (Shapley 1953) of the change from `before` to `after`.

    The question: who earned this change? A lever's part is its contribution, averaged over all
    orders in which the levers could have been pulled, so levers that work together share what
    they only reach together. The parts add up to the whole change. A lever of one scenario that
    the other does not have is pulled or released. 2 ** levers evaluations, at most 256.

    Raises:
        LeverError: more than 8 levers, or a symbol pulled twice in one scenario.
        ModelError: a combination of the levers cannot be.
    """
    old, new = _by_symbol(before), _by_symbol(after)
    players = [symbol for symbol in {**old, **new} if old.get(symbol) != new.get(symbol)]
    if len(players) > MOST_LEVERS:
        raise LeverError(
            players[MOST_LEVERS], f"A change of at most {MOST_LEVERS} levers is split."
        )
    model.rule(target)
    order = list({**old, **new})

    def value(moved: frozenset[str]) -> float:
        chosen = ((new if s in moved or s not in players else old).get(s) for s in order)
        return what_if(model, [lever for lever in chosen if lever is not None]).after[target]

    worth = {
        frozenset(some): value(frozenset(some))
        for size in range(len(players) + 1)
        for some in combinations(players, size)
    }
    try:
        parts = [Part(player, _contribution(player, players, worth)) for player in players]
    except OverflowError:
        raise ImpossibleError(
            target, f"{model.label(target)} is too large for its change to be split."
        ) from None
    return Split(
        worth[frozenset()],
        worth[frozenset(players)],
        tuple(sorted(parts, key=lambda part: (-abs(part.amount), part.symbol))),
    )


def _by_symbol(levers: Sequence[Lever]) -> dict[str, Lever]:
    found: dict[str, Lever] = {}
    for lever in levers:
        if lever.symbol in found:
            raise LeverError(lever.symbol, f"{lever.symbol} is pulled twice. Keep one of the two.")
        found[lever.symbol] = lever
    return found


def _contribution(
    player: str, players: Sequence[str], worth: Mapping[frozenset[str], float]
) -> float:
    """Return the mean over all orders of what the player adds to those pulled before it."""
    others = [other for other in players if other != player]
    return math.fsum(
        (worth[frozenset(some) | {player}] - worth[frozenset(some)])
        / (len(players) * math.comb(len(others), size))
        for size in range(len(players))
        for some in combinations(others, size)
    )
