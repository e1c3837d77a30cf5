"""A claim where the case's values are ranges: how often it holds, and whether it is in range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.levers import Supposed, moves
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.result import ClaimCheck, Odds
from metrics_lab.engine.claim.tolerance import in_period
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.wording import percent, spoken

if TYPE_CHECKING:
    from metrics_lab.engine.arrays import Array
    from metrics_lab.engine.simulate import Simulation

COVERAGE = 0.9


def with_odds(
    check: ClaimCheck, statement: Statement, supposed: Sequence[Supposed], model: ClaimModel
) -> ClaimCheck:
    """Return the check with what the case's ranges say of it; as it is where none reach it.

    A bound ("more than $5 million") holds in a share of the samples; any other number is read as
    "at least so much" where it grows and "at most" where it falls.
    """
    name = statement.symbol
    if name is None or check.claimed is None or not model.ranges.keys() & model.above(name):
        return check
    levers = [s.lever for s in supposed]
    try:
        today = _run(model)
        values = _measured(statement, name, today, today.what_if(levers), model)
    except ModelError:
        return check
    odds = _odds(statement, check.claimed, values)
    unit = check.truth_unit or ""
    inside = "inside" if odds.inside else "outside"
    low = odds.low if abs(odds.low) > abs(odds.high) / 1000 else 0.0
    share = "under 1 %" if odds.chance < 0.005 else percent(round(odds.chance, 2))
    step = (
        f"With the case's ranges it lies between {spoken(low, unit)} and "
        f"{spoken(odds.high, unit)} in 90 % of cases; the claim is {inside}. "
        f"“{'At least' if odds.sign == '>=' else 'At most'} {spoken(check.claimed, unit)}” "
        f"holds in {share}."
    )
    return replace(check, odds=odds, steps=(*check.steps, step))


def _run(model: ClaimModel) -> Simulation:
    from metrics_lab.engine.quantity import Range
    from metrics_lab.engine.simulate import simulate

    run: Simulation | None = model.cache.get("samples")
    if run is None:
        ranges = {
            name: Range.of(low, high, model.units[name])
            for name, (low, high) in model.ranges.items()
        }
        run = model.cache["samples"] = simulate(
            model.graph, ranges, correlations=model.correlations
        )
    return run


def _measured(
    statement: Statement, name: str, today: Simulation, after: Simulation, model: ClaimModel
) -> Array:
    """Return the samples of what is claimed: a level, a difference, a change in percent, a ratio.

    Samples without a value are left out.
    """
    import numpy as np

    symbol, shape, number = model.known[name], statement.shape, statement.number
    before, then = today.samples(name), after.samples(name)
    factor = 100.0 if symbol.kind == "share" else in_period(1.0, symbol.period, shape.period)
    with np.errstate(divide="ignore", invalid="ignore"):
        if shape.form == "level":
            values = then * factor
        elif shape.form == "delta" or number.kind == "points":
            values = (then - before) * factor
        else:
            values = 100 * then / before - (0 if shape.form == "ratio" else 100)
    kept: Array = values[np.isfinite(values)]
    if not len(kept):
        raise ModelError(name, "No sample has a value.")
    return kept


def _odds(statement: Statement, claimed: float, values: Array) -> Odds:
    import numpy as np

    low, high = (
        float(one) for one in np.quantile(values, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    )
    at_most = statement.number.bound == "<" or (not statement.number.bound and claimed < 0)
    held = values <= claimed if at_most else values >= claimed
    slack = 1e-9 * max(abs(low), abs(high))
    return Odds(
        "<=" if at_most else ">=",
        float(np.mean(held)),
        low,
        high,
        low - slack <= claimed <= high + slack,
    )


def held_fixed(
    statement: Statement, supposed: Sequence[Supposed], model: ClaimModel
) -> tuple[str, ...]:
    """Return the labels of what must not move for a claimed consequence to hold."""
    name = statement.symbol
    levers = {s.lever.symbol: s for s in supposed}
    if name is None or name in levers or not moves(name, levers, model):
        return ()
    moved = {above for lever in levers for above in model.above(lever)}
    fixed = (model.above(name) & model.values.keys()) - moved
    return tuple(model.known[one].label for one in model.known if one in fixed)
