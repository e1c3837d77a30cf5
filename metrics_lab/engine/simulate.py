"""A model whose inputs are ranges: what may come out, with which probability.

Every range is sampled at the points of one scrambled Sobol sequence, which covers the
possibilities more evenly than random draws. Model, ranges, number of points and seed settle the
points, so the same question always has the same answer, and two scenarios are compared on the
same points: their difference has no sampling noise of its own. An input that stands in several
formulas has one value in all of them, so `x - x` is exactly 0.

A sample for which a formula has no value (a division by zero, a share over 100 %) stays in the
count: `missing` says how many there are, and such a sample meets no target.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np

from metrics_lab.engine.arrays import Array, number, on_arrays
from metrics_lab.engine.errors import (
    ContradictionError,
    ImpossibleError,
    LeverError,
    ModelError,
    UnknownSymbolError,
)
from metrics_lab.engine.graph import CLOSE, Model
from metrics_lab.engine.quantity import Range, is_share, spread
from metrics_lab.engine.scenario import How, Lever, absorber
from metrics_lab.engine.solve import isolate
from metrics_lab.engine.together import STRONGEST

Sign = Literal[">=", "<=", ">", "<"]
Correlations = Mapping[tuple[str, str], float]

SEED = 20_260
POINTS = 8_192
CHUNK = 16_384
KEPT_WHOLE = 65_536
"""Up to here a run keeps the samples of every symbol; a larger one must say which to keep."""
REMEMBERED = 16_384
"""Up to here a process keeps the point sets that it has drawn, 8 MB each at most."""
LARGEST = 2**20
MOST_RANGES = 64
BLOCK_OF_RANGES = 16
"""Points are drawn for so many ranges at once: one range more leaves those of the others alone."""
ROUNDING = 1e-9
BINS = 40
FAN = (0.05, 0.25, 0.5, 0.75, 0.95)

SIGNS = {">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less}


@dataclass(frozen=True, slots=True)
class Points:
    """One fixed point set for the ranges `names`; `n` is rounded up to a power of 2."""

    names: tuple[str, ...]
    n: int = POINTS
    seed: int = SEED
    correlations: Correlations = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ModelError, with the symbol "n" or a range's, for what cannot be drawn."""
        if not 2 <= self.n <= LARGEST:
            raise ModelError("n", f"A simulation has 2 to {LARGEST:,} samples.")
        if len(self.names) > MOST_RANGES:
            raise ModelError(
                self.names[MOST_RANGES], f"At most {MOST_RANGES} numbers may be ranges."
            )
        object.__setattr__(self, "n", 1 << math.ceil(math.log2(self.n)))

    def blocks(self) -> Iterator[tuple[int, Array]]:
        """Yield (first, scores) of at most 16,384 points; scores are standard normal, (d, n)."""
        mix = _mix(self.names, self.correlations)
        for first, scores in self._independent():
            wanted = scores[: len(self.names)]
            yield first, wanted if mix is None else mix @ wanted

    def _independent(self) -> Iterator[tuple[int, Array]]:
        dimensions = -(-max(len(self.names), 1) // BLOCK_OF_RANGES) * BLOCK_OF_RANGES
        if self.n > REMEMBERED:
            yield from _drawn(dimensions, self.n, self.seed)
            return
        whole = _remembered(dimensions, self.n, self.seed)
        for first in range(0, self.n, CHUNK):
            yield first, whole[:, first : first + CHUNK]


def seed_for(key: str) -> int:
    """Return the seed that belongs to a case, settled by its name."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")


def warm_up() -> None:
    """Import SciPy and draw the usual points, so that nobody waits the seconds that it takes."""
    _remembered(BLOCK_OF_RANGES, POINTS, SEED)


def _drawn(dimensions: int, n: int, seed: int) -> Iterator[tuple[int, Array]]:
    """Yield the scores of a scrambled Sobol sequence (Owen 1998; Joe and Kuo 2008) in blocks."""
    from scipy.special import ndtri
    from scipy.stats import qmc  # slow to import, so only a simulation waits for it

    bits = 30
    source = qmc.Sobol(dimensions, scramble=True, bits=bits, rng=np.random.default_rng(seed))
    for first in range(0, n, CHUNK):
        # Half a step keeps a coordinate off 0, where the normal's inverse has no value.
        shares = source.random(min(CHUNK, n - first)) + 2.0 ** -(bits + 1)
        yield first, ndtri(np.ascontiguousarray(shares.T))


@lru_cache(maxsize=8)
def _remembered(dimensions: int, n: int, seed: int) -> Array:
    """Return the scores of a whole point set, of shape (dimensions, n)."""
    scores = np.concatenate([block for _, block in _drawn(dimensions, n, seed)], axis=1)
    scores.flags.writeable = False
    return scores


def check_correlations(correlations: Correlations) -> None:
    """Raise ModelError("correlations") for those that no numbers can have together."""
    _mix(sorted({name for pair in correlations for name in pair}), correlations)


def _mix(names: Sequence[str], correlations: Correlations) -> Array | None:
    """Return the matrix that gives independent scores the wanted rank correlations.

    A Gaussian copula: the scores' own correlation is 2 sin(pi r / 6) for a rank correlation r
    (Pearson 1907). Raise ModelError("correlations") for those that no numbers can have together.
    """
    if not correlations:
        return None
    matrix = np.eye(len(names))
    for (one, other), rank in correlations.items():
        for name in (one, other):
            if name not in names:
                raise ModelError("correlations", f"{name} has no range, so nothing can go with it.")
        if one == other or not abs(rank) <= STRONGEST:
            raise ModelError(
                "correlations",
                f"A rank correlation of {one} with another range lies between"
                f" -{STRONGEST} and {STRONGEST}.",
            )
        i, j = names.index(one), names.index(other)
        matrix[i, j] = matrix[j, i] = 2 * math.sin(math.pi * rank / 6)
    try:
        mix = np.linalg.cholesky(matrix).astype(np.float64)
    except np.linalg.LinAlgError:
        raise ModelError(
            "correlations",
            "These correlations cannot hold together; a pair that is not named counts as 0."
            " Weaken one of them, or name the pair in between.",
        ) from None
    return mix


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of samples between neighboring `edges`; the rarest lie below and above them."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int
    above: int


@dataclass(frozen=True)
class Samples:
    """The samples of every kept symbol; a symbol that does not vary has one number, shape ()."""

    columns: Mapping[str, Array]
    n: int
    seed: int
    model_hash: str
    _sorted: dict[str, Array] = field(default_factory=dict, repr=False, compare=False)

    def samples(self, symbol: str) -> Array:
        """Return the symbol's samples, of shape (n,), read-only; NaN where it has no value."""
        return np.broadcast_to(self._column(symbol), (self.n,))

    def missing(self, symbol: str) -> int:
        """Return the number of samples for which the symbol has no value."""
        column = self._column(symbol)
        return int(np.isnan(column).sum()) * (1 if column.ndim else self.n)

    def quantile(self, symbol: str, share: float) -> float:
        """Return the value that the given share of the samples with a value stays below."""
        return float(np.quantile(self._valued(symbol), share))

    def median(self, symbol: str) -> float:
        """Return the middle of the samples that have a value."""
        return self.quantile(symbol, 0.5)

    def mean(self, symbol: str) -> float:
        """Return the mean of the samples that have a value."""
        values = self._valued(symbol)
        with np.errstate(over="ignore"):
            found = float(np.mean(values))
        # Where the sum overflows, the mean of parts of the samples does not.
        return found if math.isfinite(found) else float(np.sum(values / values.size))

    def interval(self, symbol: str, coverage: float = 0.9) -> tuple[float, float]:
        """Return the ends between which the middle `coverage` of the samples lies."""
        tail = (1 - coverage) / 2
        return self.quantile(symbol, tail), self.quantile(symbol, 1 - tail)

    def chance(self, symbol: str, sign: Sign, target: float) -> float:
        """Return the share of all samples that meet the target; one without a value does not."""
        if sign not in SIGNS:
            raise ModelError("sign", f"A target is compared by {', '.join(SIGNS)}.")
        with np.errstate(invalid="ignore"):
            return float(np.mean(SIGNS[sign](self._column(symbol), target)))

    def histogram(self, symbol: str, bins: int = BINS) -> Histogram:
        """Return equal bins between the 0.5 % and the 99.5 % quantile, and how many lie beyond."""
        values = np.atleast_1d(self._valued(symbol))
        if not np.isfinite(float(values[-1]) - float(values[0])):
            raise ImpossibleError(symbol, f"{symbol} is too large to be counted in bins.")
        low, high = (float(np.quantile(values, share)) for share in (0.005, 0.995))
        if not low < high:
            low, high = low - abs(low) / 2 - 0.5, high + abs(high) / 2 + 0.5
        inside = values[(values >= low) & (values <= high)]
        counts, edges = np.histogram(inside, bins=bins, range=(low, high))
        weight = 1 if values.size > 1 else self.n
        return Histogram(
            tuple(map(float, edges)),
            tuple(int(count) * weight for count in counts),
            int(np.sum(values < low)),
            int(np.sum(values > high)),
        )

    def _column(self, symbol: str) -> Array:
        if symbol not in self.columns:
            raise UnknownSymbolError(symbol, f"No samples of {symbol} were kept.")
        return self.columns[symbol]

    def _valued(self, symbol: str) -> Array:
        """Return the samples that have a value, sorted; raise ImpossibleError if there is none."""
        if symbol not in self._sorted:
            column = self._column(symbol)
            valued = np.sort(column[~np.isnan(column)]) if column.ndim else column
            if not valued.size or np.isnan(valued).all():
                raise ImpossibleError(symbol, f"{symbol} has no value in any of the samples.")
            self._sorted[symbol] = valued
        return self._sorted[symbol]


@dataclass(frozen=True)
class Simulation(Samples):
    """A run: its samples, the levers in force, and how often a lever had to stop at 0 or 100 %."""

    model: Model = field(kw_only=True)
    points: Points = field(kw_only=True)
    inputs: Mapping[str, Array] = field(kw_only=True)
    levers: tuple[Lever, ...] = field(kw_only=True)
    held: Mapping[str, int] = field(kw_only=True)

    def what_if(self, levers: Sequence[Lever]) -> Simulation:
        """Return the same samples under these levers instead; only what they reach is computed.

        Raises:
            ModelError: this run kept only some symbols, or a lever cannot be pulled.
        """
        if set(self.columns) != set(self.model.symbols):
            raise ModelError("n", f"A what-if needs a run of at most {KEPT_WHOLE:,} samples.")
        base = None if self.levers else self.columns
        values, held = run_block(self.model, self.inputs, levers, base)
        return Simulation(
            values,
            self.n,
            self.seed,
            self.model_hash,
            model=self.model,
            points=self.points,
            inputs=self.inputs,
            levers=tuple(levers),
            held=held,
        )


def simulate(
    model: Model,
    ranges: Mapping[str, Range],
    levers: Sequence[Lever] = (),
    n: int = POINTS,
    seed: int = SEED,
    *,
    correlations: Correlations | None = None,
    keep: Collection[str] | None = None,
) -> Simulation:
    """Return a run of the model in which the symbols of `ranges` vary and all others stay.

    A range of a derived symbol takes the place of its formula. Levers are applied to every
    sample, in order; one that would carry a share past 0 or 100 % stops there, and `held` counts
    it. `correlations` are rank correlations of pairs of ranges. Memory: blocks of 16,384 points,
    and 8 bytes a sample for each symbol kept.

    Raises:
        ModelError: its `symbol` is the range, the lever, or "n" or "keep".
        QuantityError: a range that no distribution fits.
    """
    points = Points(tuple(ranges), n, seed, correlations or {})
    _check_ranges(model, ranges)
    kept = _kept(model, points.n, keep)
    parts: list[Mapping[str, Array]] = []
    inputs: list[Mapping[str, Array]] = []
    held: dict[str, int] = {}
    for _, scores in points.blocks():
        block = _spread_out(ranges, scores)
        values, stopped = run_block(model, block, levers)
        parts.append({symbol: values[symbol] for symbol in kept})
        inputs.append({name: column for name, column in block.items() if name in kept})
        held = {symbol: held.get(symbol, 0) + count for symbol, count in stopped.items()}
    return Simulation(
        _joined(parts),
        points.n,
        seed,
        model_hash(model, ranges, correlations or {}),
        model=model,
        points=points,
        inputs=_joined(inputs) if levers or len(parts) > 1 else inputs[0],
        levers=tuple(levers),
        held=held,
    )


def scores_for(names: Sequence[str], n: int, seed: int) -> Array:
    """Return the whole point set for these names, of shape (names, n), n at most 65,536."""
    if n > KEPT_WHOLE:
        raise ModelError("n", f"At most {KEPT_WHOLE:,} samples here.")
    return np.concatenate([scores for _, scores in Points(tuple(names), n, seed).blocks()], axis=1)


def block_for(model: Model, ranges: Mapping[str, Range], scores: Array) -> dict[str, Array]:
    """Return the samples of each range at the scores of its row; raise as `simulate` does."""
    _check_ranges(model, ranges)
    return _spread_out(ranges, scores)


def compare(one: Simulation, other: Simulation) -> Samples:
    """Return `other` less `one`, sample by sample, for every symbol that both kept.

    Raises:
        ModelError: the two were not run on the same points.
    """
    if one.points != other.points:
        raise ModelError("n", "Only two runs on the same points can be compared.")
    both = [symbol for symbol in one.columns if symbol in other.columns]
    columns = {symbol: other.columns[symbol] - one.columns[symbol] for symbol in both}
    return Samples(columns, one.n, one.seed, one.model_hash)


@dataclass(frozen=True, slots=True)
class FanStep:
    """The quantiles of a target at one amount of a lever, in the order of the shares asked for."""

    amount: float
    quantiles: tuple[float, ...]
    missing: int


def fan(
    run: Simulation,
    target: str,
    lever: tuple[str, How],
    amounts: Sequence[float],
    shares: Sequence[float] = FAN,
) -> tuple[FanStep, ...]:
    """Return the target's quantiles as one lever takes each amount, on the run's own points.

    Raises:
        ModelError: the target or the lever is unknown, or an amount cannot be.
    """
    symbol, how = lever
    others = [pulled for pulled in run.levers if pulled.symbol != symbol]
    steps = []
    for amount in amounts:
        there = run.what_if([*others, Lever(symbol, how, amount)])
        quantiles = tuple(there.quantile(target, share) for share in shares)
        steps.append(FanStep(amount, quantiles, there.missing(target)))
    return tuple(steps)


def model_hash(
    model: Model, ranges: Mapping[str, Range], correlations: Correlations | None = None
) -> str:
    """Return 12 letters that name the formulas, the values and the ranges of a run together."""
    record = {
        "given": dict(model.given),
        "rules": [[rule.symbol, rule.formula.text] for rule in model.rules],
        "equalities": model.equalities,
        "shares": sorted(symbol for symbol, unit in model.units.items() if is_share(unit)),
        # In their order, which settles the coordinate of the points that each range gets.
        "ranges": [[s, r.lo, r.hi, r.kind, r.coverage] for s, r in ranges.items()],
        "correlations": [[*pair, rank] for pair, rank in (correlations or {}).items()],
    }
    written = json.dumps(record, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def _spread_out(ranges: Mapping[str, Range], scores: Array) -> dict[str, Array]:
    return {name: spread(ranges[name], row) for name, row in zip(ranges, scores, strict=True)}


def _joined(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    if len(parts) == 1:
        return dict(parts[0])
    return {
        symbol: np.concatenate([part[symbol] for part in parts]) if first.ndim else first
        for symbol, first in parts[0].items()
    }


def _kept(model: Model, n: int, keep: Collection[str] | None) -> tuple[str, ...]:
    if keep is None:
        if n > KEPT_WHOLE:
            raise ModelError(
                "keep", f"Above {KEPT_WHOLE:,} samples, name the symbols whose samples are kept."
            )
        return model.symbols
    for symbol in keep:
        model.rule(symbol)
    return tuple(keep)


def _check_ranges(model: Model, ranges: Mapping[str, Range]) -> None:
    for symbol, found in ranges.items():
        model.rule(symbol)
        if is_share(model.units.get(symbol, "")) and found.kind != "beta":
            raise ImpossibleError(
                symbol, f"{model.label(symbol)} is a share: its range lies between 0 and 100 %."
            )


def run_block(
    model: Model,
    inputs: Mapping[str, Array],
    levers: Sequence[Lever],
    base: Mapping[str, Array] | None = None,
) -> tuple[dict[str, Array], dict[str, int]]:
    """Return every symbol's samples and how many each lever held at a bound.

    `base` is what the inputs alone give; what the levers do not reach is taken from there.
    """
    overrides, held = dict(inputs), dict[str, int]()
    for lever in levers:
        if lever.symbol in held:
            raise LeverError(lever.symbol, f"{lever.symbol} is pulled twice. Keep one of the two.")
        model.rule(lever.symbol)
        if lever.symbol in overrides:
            current = overrides[lever.symbol]
        elif lever.symbol in model.given:
            current = number(model.given[lever.symbol])
        else:
            current = values_of(model, overrides, base)[lever.symbol]
        overrides[lever.symbol], held[lever.symbol] = _pulled(model, lever, current)
    return _reconciled(model, overrides, base), held


def _pulled(model: Model, lever: Lever, current: Array) -> tuple[Array, int]:
    """Return the symbol's samples under the lever, and how many had to stop at a bound."""
    with np.errstate(over="ignore"):
        if lever.how == "set":
            moved = number(lever.amount)
        elif lever.how == "add":
            moved = current + lever.amount
        elif lever.how == "times":
            moved = current * lever.amount
        else:
            raise LeverError(lever.symbol, f"A lever is set, add or times; “{lever.how}” is not.")
    moved = np.where(np.isinf(moved), np.nan, moved) if np.isinf(moved).any() else moved
    if not is_share(model.units.get(lever.symbol, "")):
        return moved, 0
    beyond = int(np.sum((moved < 0) | (moved > 1)))
    if beyond == moved.size and beyond:
        raise ImpossibleError(
            lever.symbol,
            f"{model.label(lever.symbol)} would pass its bounds: a share lies between 0 and 100 %.",
        )
    return (np.clip(moved, 0.0, 1.0), beyond) if beyond else (moved, 0)


def values_of(
    model: Model, overrides: Mapping[str, Array], base: Mapping[str, Array] | None
) -> dict[str, Array]:
    """Return every symbol's samples; an override of a derived symbol cuts its formula."""
    values = {symbol: number(value) for symbol, value in model.given.items()}
    values.update(overrides)
    known = base or {}
    stale = {symbol for symbol, column in overrides.items() if known.get(symbol) is not column}
    for rule in model.rules:
        if rule.symbol in overrides:
            continue
        if rule.symbol in known and stale.isdisjoint(rule.formula.names):
            values[rule.symbol] = known[rule.symbol]
            continue
        stale.add(rule.symbol)
        found = on_arrays(rule.formula, values)
        values[rule.symbol] = _within(found) if _is_share(model, rule.symbol) else found
    return values


def _is_share(model: Model, symbol: str) -> bool:
    return is_share(model.units.get(symbol, ""))


def _within(values: Array) -> Array:
    """Return a derived share with NaN where it is below 0 or above 1 by more than rounding."""
    if values.min() >= 0 and values.max() <= 1:
        return values
    inside = (values >= -ROUNDING) & (values <= 1 + ROUNDING)
    return np.where(inside, np.clip(values, 0.0, 1.0), np.nan)


def _reconciled(
    model: Model, overrides: dict[str, Array], base: Mapping[str, Array] | None
) -> dict[str, Array]:
    """Carry what varies across `equals`: if one side moves, the other has to follow."""
    values = values_of(model, overrides, base)
    for source, target in model.equalities:
        moves = [not overrides.keys().isdisjoint(model.ancestors(s)) for s in (source, target)]
        if all(moves) and not _agree(values[source], values[target]):
            raise ContradictionError(
                source,
                f"{source} and {target} are one figure, but move apart. Let one side alone vary.",
            )
        if moves == [True, False]:
            overrides |= _following(model, target, values[source], values, overrides)
            values = values_of(model, overrides, base)
    return values


def _agree(one: Array, other: Array) -> bool:
    apart = np.abs(one - other) > CLOSE * np.maximum(np.abs(one), np.abs(other))
    return not bool(np.any(apart))


def _following(
    model: Model,
    target: str,
    wanted: Array,
    values: Mapping[str, Array],
    overrides: Mapping[str, Array],
) -> dict[str, Array]:
    """Return the override through which a target takes the wanted values, as `what_if` does."""
    through, rule = absorber(model, target, overrides), model.rule(target)
    turned = isolate(target, rule.formula, through) if rule and through else None
    if through is None or turned is None:
        return {target: wanted}
    return {through: on_arrays(turned, {**values, target: wanted})}
