"""The catalogue of metrics: what each is called, how it is computed, where people go wrong."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from metrics_lab.engine import experiment
from metrics_lab.engine.expr import Expr, ImpossibleValueError, compile_formula
from metrics_lab.engine.units import check_formula

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
    """A published figure with its scope: shown, never graded on."""

    value: str
    scope: str
    source: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: `better` is higher, lower or depends; `kind` is its usual role."""

    id: str
    name: str
    aliases: tuple[str, ...]
    family: str
    formula: str
    inputs: tuple[Input, ...]
    unit: str
    better: str
    kind: str
    benchmark: Benchmark | None
    pitfalls: tuple[str, ...]
    examples: tuple[Mapping[str, Any], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One metric a phrase may mean; `score` is 1 for its very name."""

    metric: Metric
    score: float


@lru_cache(maxsize=1)
def load() -> tuple[Metric, ...]:
    """Return every metric of the shipped catalogue, in its order."""
    return tuple(_metric(raw) for raw in _raw()["metrics"])


def get(metric_id: str) -> Metric:
    """Return one metric; raise MetricError if the catalogue has none of that id."""
    found = _by_id().get(metric_id)
    if found is None:
        raise MetricError(f"The catalogue has no metric “{metric_id}”.")
    return found


def compute(metric_id: str, inputs: Mapping[str, float]) -> float:
    """Return the metric's value; raise InputError naming an input that is missing or cannot be."""
    metric = get(metric_id)
    values = {item.symbol: _checked(item, inputs) for item in metric.inputs}
    special = _SPECIAL.get(metric_id)
    try:
        return special(values) if special else compiled(metric_id)(values)
    except experiment.ExperimentError as error:
        raise InputError(metric.inputs[0].symbol, str(error)) from None
    except (ImpossibleValueError, ZeroDivisionError) as error:
        zero = next((name for name, value in values.items() if value == 0), metric.inputs[0].symbol)
        raise InputError(
            zero, f"{metric.name} has no value when {zero} is {values[zero]:g}."
        ) from error


@lru_cache(maxsize=256)
def compiled(metric_id: str) -> Expr:
    """Return the metric's compiled formula; raise FormulaError for one computed by a procedure."""
    return compile_formula(get(metric_id).formula)


def check_units(metric_id: str) -> None:
    """Raise UnitError unless the formula's unit is the unit the metric declares."""
    metric, raw = get(metric_id), _raw()
    if metric_id in _SPECIAL or metric_id in raw["collapsed_period"]:
        return
    units = {item.symbol: item.unit for item in metric.inputs}
    check_formula(
        compiled(metric_id), units, metric.unit, constants=raw["constants"].get(metric_id, "1")
    )


def resolve(text: str) -> tuple[Candidate, ...]:
    """Return every metric the words may mean, best first; never a silent choice among equals."""
    words = _words(text)
    if not words:
        return ()
    found = [Candidate(metric, _score(words, metric)) for metric in load()]
    return tuple(sorted((c for c in found if c.score >= 0.5), key=lambda c: -c.score))


def _score(words: tuple[str, ...], metric: Metric) -> float:
    names = [_words(name) for name in (metric.name, metric.id, *metric.aliases)]
    if words in names:
        return 1.0
    asked = set(words)
    return max((len(asked & set(n)) / len(asked | set(n)) for n in names if n), default=0.0)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", text.lower().replace("_", " ")))


def _checked(item: Input, inputs: Mapping[str, float]) -> float:
    if item.symbol not in inputs:
        raise InputError(item.symbol, f"Give a value for {item.symbol} ({item.label}).")
    value = inputs[item.symbol]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(item.symbol, f"{item.symbol} must be a number; {value!r} is not.")
    if item.least is not None and value < item.least:
        raise InputError(item.symbol, f"{item.symbol} must be at least {item.least:g}.")
    if item.most is not None and value > item.most:
        raise InputError(item.symbol, f"{item.symbol} must be at most {item.most:g}.")
    return float(value)


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


def _metric(raw: Mapping[str, Any]) -> Metric:
    return Metric(
        id=raw["id"],
        name=raw["name"],
        aliases=tuple(raw["aliases"]),
        family=raw["family"],
        formula=raw["formula"],
        inputs=tuple(_input(item) for item in raw["inputs"]),
        unit=raw["output_unit"],
        better=raw["better"],
        kind=raw["kind"],
        benchmark=Benchmark(**raw["benchmark"]) if raw["benchmark"] else None,
        pitfalls=tuple(raw["pitfalls"]),
        examples=tuple(raw["examples"]),
        note=raw["note"],
    )


def _input(raw: Mapping[str, Any]) -> Input:
    return Input(
        raw["symbol"], raw["label"], raw["unit"], raw["min"], raw["max"], bool(raw["integer"])
    )
