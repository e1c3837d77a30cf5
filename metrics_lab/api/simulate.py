"""/api/v1/lab/simulate: what may come out of a model whose inputs are ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics_lab.api.compute import (
    COMPUTE,
    MAX_VALUES,
    PROBLEMS,
    ComputeSerializer,
    PlainSerializer,
    at_fault,
)
from metrics_lab.engine.errors import ModelError, UnknownSymbolError
from metrics_lab.engine.graph import Model
from metrics_lab.engine.quantity import COVERAGE, KINDS, QuantityError, Range
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.simulate import KEPT_WHOLE, POINTS, SEED, SIGNS, Simulation, simulate

MAX_RANGES = 32
MAX_CORRELATIONS = 60
MAX_BINS = 200
MAX_UNIT = 64
LARGEST_SEED = 2**32 - 1


class RangeSerializer(PlainSerializer):
    """A range that holds the true value with the probability `coverage`; 0.9 unless stated.

    Without a kind the symbol's unit settles it: a share is a beta distribution, another positive
    number a lognormal, and one that may be negative a normal.
    """

    lo = serializers.FloatField()
    hi = serializers.FloatField()
    kind = serializers.ChoiceField(choices=list(KINDS), required=False)
    coverage = serializers.FloatField(required=False, default=COVERAGE)


class CorrelationSerializer(PlainSerializer):
    """A rank correlation (Spearman) of two ranges."""

    one = serializers.CharField(max_length=64)
    other = serializers.CharField(max_length=64)
    rank = serializers.FloatField(min_value=-0.99, max_value=0.99)


class TargetSerializer(PlainSerializer):
    """What one figure is hoped to be: its symbol, a sign and a number."""

    symbol = serializers.CharField(max_length=64)
    sign = serializers.ChoiceField(choices=list(SIGNS))
    value = serializers.FloatField()

    def validate_value(self, value: float) -> float:
        """Refuse what is no finite number."""
        if not math.isfinite(value):
            raise serializers.ValidationError("A finite number is needed.")
        return value


class RunSerializer(ComputeSerializer):
    """Relations, values and levers as for `compute`, with ranges and units."""

    values = serializers.DictField(child=serializers.FloatField(), required=False, default=dict)
    units = serializers.DictField(
        child=serializers.CharField(max_length=MAX_UNIT, allow_blank=True),
        required=False,
        default=dict,
        help_text='A unit that begins with "share" keeps its symbol between 0 and 1.',
    )
    ranges = serializers.DictField(child=RangeSerializer(), allow_empty=False)
    n = serializers.IntegerField(
        min_value=2,
        max_value=KEPT_WHOLE,
        required=False,
        default=POINTS,
        help_text="Sobol points; rounded up to a power of 2.",
    )
    seed = serializers.IntegerField(
        min_value=0, max_value=LARGEST_SEED, required=False, default=SEED
    )

    def validate_units(self, units: dict[str, str]) -> dict[str, str]:
        """Bound the number of units."""
        if len(units) > MAX_VALUES:
            raise serializers.ValidationError(f"At most {MAX_VALUES} units.")
        return units

    def validate_ranges(self, ranges: dict[str, Any]) -> dict[str, Any]:
        """Bound the number of ranges."""
        if len(ranges) > MAX_RANGES:
            raise serializers.ValidationError(f"At most {MAX_RANGES} ranges.")
        return ranges


class SimulateSerializer(RunSerializer):
    """A run: ranges in, and for each figure a median and a 90 % interval out."""

    target = TargetSerializer(required=False)
    correlations = CorrelationSerializer(many=True, required=False, default=list)
    bins = serializers.IntegerField(min_value=2, max_value=MAX_BINS, required=False, default=40)

    def validate_correlations(self, correlations: list[Any]) -> list[Any]:
        """Bound the number of correlations."""
        if len(correlations) > MAX_CORRELATIONS:
            raise serializers.ValidationError(f"At most {MAX_CORRELATIONS} correlations.")
        return correlations


class FigureSerializer(PlainSerializer):
    """One figure's samples in short; `missing` of them have no value and are left out of these."""

    symbol = serializers.CharField()
    median = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="5 % of the samples lie below.")
    high = serializers.FloatField(allow_null=True, help_text="5 % of the samples lie above.")
    missing = serializers.IntegerField()


class HistogramSerializer(PlainSerializer):
    """Counts between neighboring edges, and of the rarest samples beyond them."""

    edges = serializers.ListField(child=serializers.FloatField())
    counts = serializers.ListField(child=serializers.IntegerField())
    below = serializers.IntegerField()
    above = serializers.IntegerField()


class ChanceSerializer(TargetSerializer):
    """The share of all samples that meet the target; a sample without a value does not."""

    chance = serializers.FloatField()
    histogram = HistogramSerializer(allow_null=True)


class SimulatedSerializer(PlainSerializer):
    """The record of a run: points, seed and model name what was computed, so it can be repeated."""

    n = serializers.IntegerField()
    seed = serializers.IntegerField()
    model_hash = serializers.CharField()
    figures = FigureSerializer(many=True)
    held = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Samples that a lever would have carried past 0 or 100 %, by symbol.",
    )
    target = ChanceSerializer(allow_null=True)


class SimulateView(APIView):
    """Carry ranges through a model."""

    required_scopes = COMPUTE

    @extend_schema(
        operation_id="simulate",
        tags=["lab"],
        request=SimulateSerializer,
        responses={200: SimulatedSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Return median, mean and 90 % interval of every figure, and the chance of a target.

        The same request always has the same answer. Nothing is stored.
        """
        data = SimulateSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        pairs = {(row["one"], row["other"]): row["rank"] for row in values["correlations"]}
        ranges = ranges_of(values)
        try:
            model = model_of(values, ranges)
            levers = [Lever(**lever) for lever in values["levers"]]
            run = simulate(model, ranges, levers, values["n"], values["seed"], correlations=pairs)
            return Response(_answer(run, values.get("target"), values["bins"]))
        except (ModelError, QuantityError) as error:
            raise refused(error, values) from error


def ranges_of(values: Mapping[str, Any]) -> dict[str, Range]:
    """Return the ranges of a request; raise ValidationError at the end of a range at fault."""
    found, wrong = {}, {}
    for symbol, row in values["ranges"].items():
        try:
            found[symbol] = _range(row, values["units"].get(symbol, ""))
        except QuantityError as error:
            wrong[symbol] = {error.field: [str(error)]}
    if wrong:
        raise exceptions.ValidationError({"ranges": wrong})
    return found


def _range(row: Mapping[str, Any], unit: str) -> Range:
    if "kind" in row:
        return Range(row["lo"], row["hi"], row["kind"], row["coverage"])
    return Range.of(row["lo"], row["hi"], unit, coverage=row["coverage"])


def model_of(values: Mapping[str, Any], ranges: Mapping[str, Range]) -> Model:
    """Return the model of a request; a range without a value stands at its median."""
    derived = {text.partition("=")[0].strip() for text in values["relations"]}
    given = dict(values["values"])
    for symbol, found in ranges.items():
        if symbol not in given and symbol not in derived:
            given[symbol] = found.median
    return Model.build(values["relations"], given, units=values["units"])


def refused(
    error: ModelError | QuantityError, values: Mapping[str, Any]
) -> exceptions.ValidationError:
    """Return the error at the field that it is about."""
    message = [str(error)]
    if isinstance(error, QuantityError):
        return exceptions.ValidationError({"ranges": message})
    target = values.get("target")
    symbol = target["symbol"] if isinstance(target, dict) else target
    if error.symbol in ("n", "correlations"):
        return exceptions.ValidationError({error.symbol: message})
    if any(lever["symbol"] == error.symbol for lever in values["levers"]):
        return exceptions.ValidationError(at_fault(error, dict(values)))
    if error.symbol in values["ranges"]:
        return exceptions.ValidationError({"ranges": {error.symbol: message}})
    if isinstance(error, UnknownSymbolError) and error.symbol == symbol:
        return exceptions.ValidationError({"target": message})
    return exceptions.ValidationError(at_fault(error, dict(values)))


def _answer(run: Simulation, target: Mapping[str, Any] | None, bins: int) -> dict[str, Any]:
    return {
        "n": run.n,
        "seed": run.seed,
        "model_hash": run.model_hash,
        "figures": [_figure(run, symbol) for symbol in run.columns],
        "held": {symbol: count for symbol, count in run.held.items() if count},
        "target": _chance(run, target, bins) if target else None,
    }


def _figure(run: Simulation, symbol: str) -> dict[str, Any]:
    missing = run.missing(symbol)
    if missing == run.n:
        empty = dict.fromkeys(("median", "mean", "low", "high"))
        return {"symbol": symbol, **empty, "missing": missing}
    low, high = run.interval(symbol)
    return {
        "symbol": symbol,
        "median": _finite(run.median(symbol)),
        "mean": _finite(run.mean(symbol)),
        "low": _finite(low),
        "high": _finite(high),
        "missing": missing,
    }


def _finite(value: float) -> float | None:
    """Return a number, or None between samples so large that nothing lies between them."""
    return value if math.isfinite(value) else None


def _chance(run: Simulation, target: Mapping[str, Any], bins: int) -> dict[str, Any]:
    symbol = target["symbol"]
    chance = run.chance(symbol, target["sign"], target["value"])
    if run.missing(symbol) == run.n:
        return {**target, "chance": chance, "histogram": None}
    histogram = run.histogram(symbol, bins)
    return {
        **target,
        "chance": chance,
        "histogram": {
            "edges": histogram.edges,
            "counts": histogram.counts,
            "below": histogram.below,
            "above": histogram.above,
        },
    }
