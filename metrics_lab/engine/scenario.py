"""What if: pull levers on a model and compare before with after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from metrics_lab.engine.errors import ContradictionError, ImpossibleError, LeverError
from metrics_lab.engine.graph import Model, close
from metrics_lab.engine.solve import isolate

How = Literal["set", "add", "times"]
MOVED = 1e-9


@dataclass(frozen=True, slots=True)
class Lever:
    """One change. `add` is in the symbol's own unit: 0.005 on a rate is half a percentage point."""

    symbol: str
    how: How
    amount: float


@dataclass(frozen=True, slots=True)
class Change:
    """One symbol before and after; `relative` is None where there was nothing before."""

    symbol: str
    before: float
    after: float

    @property
    def absolute(self) -> float:
        """Return the difference in the symbol's own unit."""
        return self.after - self.before

    @property
    def relative(self) -> float | None:
        """Return the difference as a share of what was before."""
        return None if self.before == 0 else self.absolute / self.before


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every value before and after the levers."""

    before: Mapping[str, float]
    after: Mapping[str, float]

    def change(self, symbol: str) -> Change:
        """Return one symbol's change."""
        return Change(symbol, self.before[symbol], self.after[symbol])

    @property
    def moved(self) -> tuple[Change, ...]:
        """Return the changes of all symbols that moved, in the model's order."""
        changes = (self.change(symbol) for symbol in self.before)
        return tuple(c for c in changes if not close(c.before, c.after, MOVED))


def what_if(model: Model, levers: Sequence[Lever]) -> Outcome:
    """Return the outcome of the levers, applied in order; raise LeverError or ImpossibleError."""
    before = model.evaluate()
    overrides: dict[str, float] = {}
    for lever in levers:
        if lever.symbol in overrides:
            raise LeverError(lever.symbol, f"{lever.symbol} is pulled twice. Keep one of the two.")
        model.rule(lever.symbol)
        current = (model.evaluate(overrides) if overrides else before)[lever.symbol]
        overrides[lever.symbol] = _applied(model, lever, current)
    return Outcome(before, _reconciled(model, before, overrides))


def _applied(model: Model, lever: Lever, current: float) -> float:
    if lever.how == "set":
        value = lever.amount
    elif lever.how == "add":
        value = current + lever.amount
    elif lever.how == "times":
        value = current * lever.amount
    else:
        raise LeverError(lever.symbol, f"A lever is set, add or times; “{lever.how}” is not.")
    if model.units.get(lever.symbol, "").startswith("share") and not 0 <= value <= 1:
        raise ImpossibleError(
            lever.symbol, f"{model.label(lever.symbol)} would be {value:.1%}: a share ends at 100%."
        )
    return value


def _reconciled(
    model: Model, before: Mapping[str, float], overrides: dict[str, float]
) -> dict[str, float]:
    """Carry a change across `equals`: if one side moved, the other side has to follow."""
    after = model.evaluate(overrides)
    for source, target in model.equalities:
        source_moved = not close(before[source], after[source], MOVED)
        target_moved = not close(before[target], after[target], MOVED)
        if source_moved and target_moved and not close(after[source], after[target]):
            raise ContradictionError(
                source, f"{source} and {target} are one figure, but move apart. Pull one side only."
            )
        if source_moved and not target_moved:
            overrides |= _following(model, target, after[source], after, overrides)
            after = model.evaluate(overrides)
    return after


def absorber(model: Model, target: str, overrides: Mapping[str, object]) -> str | None:
    """Return the given input through which a derived target follows: one that an `equals` names."""
    rule = model.rule(target)
    composite = {name for _, name in model.equalities}
    names = rule.formula.in_order if rule else ()
    free = (n for n in names if n in model.given and n in composite and n not in overrides)
    return next(free, None)


def _following(
    model: Model,
    target: str,
    wanted: float,
    values: Mapping[str, float],
    overrides: Mapping[str, float],
) -> dict[str, float]:
    through, rule = absorber(model, target, overrides), model.rule(target)
    turned = isolate(target, rule.formula, through) if rule and through else None
    if through is None or turned is None:
        return {target: wanted}
    return {through: turned({**values, target: wanted})}
