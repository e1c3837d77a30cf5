"""The catalogue of metrics: what each is called, how it is computed, where people go wrong."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import StatisticsError
from typing import Any

from metrics_lab.engine import experiment
from metrics_lab.engine.expr import Expr, ImpossibleValueError, compile_formula
from metrics_lab.engine.units import check_formula

MOST_QUOTED = 40
DATA = Path(__file__).parent / "data" / "kpis.json"


class MetricError(ValueError):
    """A metric that is not in the catalogue."""


class InputError(ValueError):
    """An input of a metric that is missing or cannot be; `symbol` names it."""

    def __init__(self, symbol: str, message: str) -> None:
        super().__init__(message)
        self.symbol = symbol


@dataclass(frozen=True, slots=True)
class Input:
    """One number that a metric needs, with the range it can lie in."""

    symbol: str
    label: str
    unit: str
    least: float | None
    most: float | None
    integer: bool


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published figure with its scope: shown, never graded on.

    `sources` are addresses; `secondary` says that they quote the figure and did not measure it.
    """

    value: str
    scope: str
    sources: tuple[str, ...]
    secondary: bool


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: `better` is higher, lower or depends; `kind` is its usual role.

    `least` and `most` bound the values that the metric can have, in its own unit; None is no bound.
    """

    id: str
    name: str
    means: str
    aliases: tuple[str, ...]
    family: str
    formula: str
    inputs: tuple[Input, ...]
    unit: str
    least: float | None
    most: float | None
    better: str
    kind: str
    benchmark: Benchmark | None
    pitfalls: tuple[str, ...]
    examples: tuple[Mapping[str, Any], ...]
    note: str


@lru_cache(maxsize=1)
def load() -> tuple[Metric, ...]:
    """Return every metric of the shipped catalogue, in its order."""
    return tuple(read_metric(raw) for raw in _raw()["metrics"])


def get(metric_id: str) -> Metric:
    """Return one metric; raise MetricError if the catalogue has none of that id."""
    found = _by_id().get(metric_id)
    if found is None:
        raise MetricError(f"The catalogue has no metric “{metric_id}”.")
    return found


def compute(metric_id: str, inputs: Mapping[str, float]) -> float:
    """Return the metric's value; raise InputError naming an input that is missing or cannot be."""
    return compute_metric(get(metric_id), inputs)


def compute_metric(metric: Metric, inputs: Mapping[str, float]) -> float:
    """Return the value of any metric, of the shipped catalogue or of another in its form.

    Raise InputError naming an input that is missing or cannot be, FormulaError for a formula that
    is not accepted.
    """
    values = {item.symbol: _checked(item, inputs) for item in metric.inputs}
    special = procedure(metric)
    try:
        result = special(values) if special else formula_of(metric)(values)
    except experiment.ExperimentError as error:
        raise InputError(metric.inputs[0].symbol, str(error)) from None
    except (ImpossibleValueError, ArithmeticError, StatisticsError) as error:
        raise no_value(metric, values) from error
    if not math.isfinite(result):
        raise no_value(metric, values)
    return result


def no_value(metric: Metric, values: Mapping[str, float]) -> InputError:
    """Return the error of numbers that lead nowhere, at the zero among them if there is one."""
    symbol = next((name for name, value in values.items() if value == 0), "")
    if symbol:
        return InputError(symbol, f"{metric.name} has no value when {symbol} is 0.")
    # Not at zero: then some number is beyond what can be computed with.
    symbol = max(values, key=lambda name: abs(values[name]))
    said = f"{metric.name} has no value when {symbol} is {values[symbol]:g}."
    return InputError(symbol, said)


def procedure(metric: Metric) -> Callable[[Mapping[str, float]], float] | None:
    """Return what computes a metric whose formula is no expression, such as a sample size."""
    shipped = _by_id().get(metric.id)
    same = shipped is not None and shipped.formula == metric.formula
    return _SPECIAL.get(metric.id) if same else None


@lru_cache(maxsize=512)
def _compiled(formula: str) -> Expr:
    return compile_formula(formula)


def formula_of(metric: Metric) -> Expr:
    """Return a metric's compiled formula; raise FormulaError for one computed by a procedure."""
    return _compiled(metric.formula)


def caution(metric: Metric, value: float) -> str:
    """Return what to look at when a value lies outside the metric's range, or ""."""
    if metric.most is not None and value > metric.most * (1 + 1e-9):
        # Two shares of a whole, such as orders over sessions, are easily turned upside down.
        hint = _UPSIDE_DOWN if (metric.least, metric.most) == (0, 1) else "check the numbers."
        return f"{metric.name} cannot be above {_bound(metric, metric.most)}: {hint}"
    if metric.least is not None and value < metric.least - 1e-9 * abs(metric.least):
        return f"{metric.name} cannot be below {_bound(metric, metric.least)}: check the numbers."
    return ""


_UPSIDE_DOWN = (
    "what is counted above the line must be a part of what is counted beneath it. "
    "Check both, and that the fraction is not upside down."
)


def _bound(metric: Metric, bound: float) -> str:
    """Return a bound as it is read: a share in percent."""
    is_share = metric.most == 1 or metric.least == -1
    return f"{100 * bound:g} %" if is_share else f"{bound:g}"


def compiled(metric_id: str) -> Expr:
    """Return the metric's compiled formula; raise FormulaError for one computed by a procedure."""
    return formula_of(get(metric_id))


def check_units(metric_id: str) -> None:
    """Raise UnitError unless the formula's unit is the unit the metric declares."""
    metric, raw = get(metric_id), _raw()
    if metric_id in _SPECIAL or metric_id in raw["collapsed_period"]:
        return
    units = {item.symbol: item.unit for item in metric.inputs}
    check_formula(
        compiled(metric_id), units, metric.unit, constants=raw["constants"].get(metric_id, "1")
    )


def _checked(item: Input, inputs: Mapping[str, float]) -> float:
    if item.symbol not in inputs:
        named = item.symbol if item.label == item.symbol else f"{item.symbol} ({item.label})"
        raise InputError(item.symbol, f"Give a value for {named}.")
    given = inputs[item.symbol]
    value = _number(given)
    if value is None:
        # A whole number can have so many digits that Python declines to write them.
        said = "one of that length" if type(given) is int else f"{given!r}"[:MOST_QUOTED]
        raise InputError(item.symbol, f"{item.symbol} must be a number; {said} is not.")
    if item.least is not None and value < item.least:
        raise InputError(item.symbol, f"{item.symbol} must be at least {item.least:g}.")
    if item.most is not None and value > item.most:
        raise InputError(item.symbol, f"{item.symbol} must be at most {item.most:g}.")
    return value


def _number(value: object) -> float | None:
    """Return a finite number, or None: True is none, and neither is one of 400 digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _sample_size(v: Mapping[str, float]) -> float:
    size = experiment.pooled_size(v["p_c"], v["p_c"] + v["mde"], v["alpha"], v["power"])
    return float(math.ceil(size - 1e-9))


def _power(v: Mapping[str, float]) -> float:
    return experiment.power_at(v["p_c"], v["p_c"] + v["mde"], v["n_arm"], v["alpha"])


def _difference(v: Mapping[str, float]) -> float:
    return experiment.detectable_difference(v["sd"], int(v["n_arm"]), v["alpha"], v["power"])


_SPECIAL: Mapping[str, Callable[[Mapping[str, float]], float]] = {
    "sample_size": _sample_size,
    "power": _power,
    "mde": _difference,
}


@lru_cache(maxsize=1)
def _raw() -> Any:
    return json.loads(DATA.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _by_id() -> Mapping[str, Metric]:
    return {metric.id: metric for metric in load()}


def read_metric(raw: Mapping[str, Any]) -> Metric:
    """Return one metric from its form in a catalogue file; raise KeyError for a part missing."""
    valid = raw.get("range", {})
    return Metric(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        means=raw.get("means", ""),
        aliases=tuple(raw.get("aliases", ())),
        family=raw.get("family", "other").replace(" ", "_"),
        formula=raw["formula"],
        inputs=tuple(_input(item) for item in raw["inputs"]),
        unit=raw.get("output_unit", "1"),
        least=valid.get("least"),
        most=valid.get("most"),
        better=raw.get("better", "depends"),
        kind=raw.get("kind", "driver").removesuffix(" candidate").replace(" ", "_"),
        benchmark=_benchmark(raw.get("benchmark")),
        pitfalls=tuple(raw.get("pitfalls", ())),
        examples=tuple(raw.get("examples", ())),
        note=raw.get("note", ""),
    )


def _benchmark(raw: Mapping[str, Any] | None) -> Benchmark | None:
    if not raw or "sources" not in raw:
        return None
    return Benchmark(raw["value"], raw["scope"], tuple(raw["sources"]), raw["secondary"])


def _input(raw: Mapping[str, Any]) -> Input:
    return Input(
        raw["symbol"],
        raw.get("label", raw["symbol"]),
        raw.get("unit", "1"),
        raw.get("min"),
        raw.get("max"),
        bool(raw.get("integer")),
    )
