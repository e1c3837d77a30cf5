"""Figures that a case holds, so that a number restating one of them is never called wrong."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from metrics_lab.engine.claim.model import ClaimModel, Symbol
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.tolerance import in_period

NEAR = 0.005


def is_known(number: Number, known: Sequence[float]) -> bool:
    """Return whether a number, as written, is among ordered figures (shares in percent)."""
    value = abs(number.value)
    allowed = max(number.strict, min(number.half, 0.02 * value), NEAR * value, 1e-12)
    place = bisect_left(known, value - allowed)
    return place < len(known) and known[place] <= value + allowed


def told(model: ClaimModel) -> tuple[float, ...]:
    """Return `figures_of` the model, worked out once."""
    found: tuple[float, ...] | None = model.cache.get("told")
    if found is None:
        found = model.cache["told"] = figures_of(model)
    return found


def figures_of(model: ClaimModel) -> tuple[float, ...]:
    """Return, in order, every figure of a case and what follows from it in one plain step.

    That is: the figures the case tells besides its model, each value, what is left of a share,
    a flow in another period, the difference of two alike, and a share of what it is a share of.
    """
    found = {abs(figure) for figure in model.figures}
    found |= {abs(value) for value in _steps(model)}
    return tuple(sorted(value for value in found if value))


def _steps(model: ClaimModel) -> Iterator[float]:
    symbols = list(model.known.values())
    for symbol in symbols:
        yield from _alone(symbol, model.today[symbol.name])
    shares = [s for s in symbols if s.kind == "share"]
    for one, other in combinations(symbols, 2):
        if one.unit == other.unit and one.kind == other.kind:
            factor = 100 if one.kind == "share" else 1
            yield factor * (model.today[one.name] - model.today[other.name])
    yield from _parts(model, shares, [s for s in symbols if s.kind == "count"])


def _alone(symbol: Symbol, value: float) -> Iterable[float]:
    if symbol.kind == "share":
        return (100 * value, 100 * (1 - value), value, 1 - value)
    periods = ("day", "week", "month", "quarter", "year")
    moved = (in_period(value, symbol.period, period) for period in periods)
    return (value, *(moved if symbol.period else ()))


def _parts(
    model: ClaimModel, shares: Sequence[Symbol], counts: Sequence[Symbol]
) -> Iterator[float]:
    """Yield "40 % of visitors" and the rest of them, where the share's unit names the whole."""
    for share in shares:
        whole = share.unit.partition(" of ")[2].split(" ")
        for count in counts:
            if whole[0] and count.counts[:4] == whole[0][:4]:
                part = model.today[share.name] * model.today[count.name]
                yield part
                yield model.today[count.name] - part
