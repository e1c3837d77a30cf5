"""What is said of a model when it leaves the lab: what was set by hand, and its formulas."""

from collections.abc import Mapping

from metrics_lab.engine.expr import FormulaError, evaluate
from metrics_lab.engine.graph import Model, close
from metrics_lab.engine.quantity import Range
from metrics_lab.engine.wording import format_value, percent, written_formula

Scenario = tuple[str, Mapping[str, float]]
"""A name and what differs from the model's given values, by symbol; a derived symbol may too."""

HYPOTHETICAL = "All figures are hypothetical: they are for practice and describe no real company."
EXACT = 1e-12
Ranges = Mapping[str, Range]


def overrides_from(model: Model, after: Mapping[str, float]) -> dict[str, float]:
    """Return what has to be set so that the model gives the values of `after`.

    For an outcome of levers: its own values alone do not say which figures were set (a derived
    figure may have been, and one that equals another has to follow).
    """
    overrides = {
        name: after[name] for name, value in model.given.items() if not _same(value, after[name])
    }
    for rule in model.rules:
        try:
            computed: float | None = evaluate(rule.formula, after)
        except FormulaError:
            computed = None
        if computed is None or not _same(computed, after[rule.symbol]):
            overrides[rule.symbol] = after[rule.symbol]
    return overrides


def unit_words(model: Model, symbol: str) -> str:
    """Return the unit of a symbol for a heading; nothing where none was stated."""
    return model.units.get(symbol, "")


def formula_words(model: Model, symbol: str, ranges: Ranges) -> str:
    """Return how a symbol is computed, in labels, or that it is an input, with its range."""
    rule = model.rule(symbol)
    if found := ranges.get(symbol):
        ends = (
            format_value(end, model.units.get(symbol, "number")) for end in (found.lo, found.hi)
        )
        return f"input, {percent(found.coverage)} range {' to '.join(ends)}"
    if rule is None:
        return "input"
    names = {name: model.label(name) for name in rule.formula.names}
    return written_formula(rule.formula.text, names)


def _same(one: float, other: float) -> bool:
    return one == other or close(one, other, EXACT)
