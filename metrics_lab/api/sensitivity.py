"""/api/v1/lab/sensitivity: which input matters, by four measures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics_lab.api.compute import COMPUTE, PROBLEMS, PlainSerializer
from metrics_lab.api.simulate import RunSerializer, model_of, ranges_of, refused
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.quantity import QuantityError
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sensitivity import (
    INDEX_POINTS,
    QUESTIONS,
    Split,
    Uncertainty,
    elasticity,
    shapley,
    sobol_indices,
    tornado,
)

MAX_POINTS = 16_384


class SensitivitySerializer(RunSerializer):
    """A model with ranges, the figure that matters, and the levers of a change to be split."""

    target = serializers.CharField(max_length=64)
    n = serializers.IntegerField(
        min_value=2,
        max_value=MAX_POINTS,
        required=False,
        default=INDEX_POINTS,
        help_text="Sobol points for each of (ranges + 2) runs; rounded up to a power of 2.",
    )


class SwingSerializer(PlainSerializer):
    """The target at the two ends of one input's range, all others as they are."""

    symbol = serializers.CharField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    at_low = serializers.FloatField()
    at_high = serializers.FloatField()


class ElasticitySerializer(PlainSerializer):
    """Percent of the target for one percent of the input; null where the target is 0."""

    symbol = serializers.CharField()
    slope = serializers.FloatField()
    percent = serializers.FloatField(allow_null=True)


class IndexSerializer(PlainSerializer):
    """Shares of the target's variance: from this input alone, and with all it works with."""

    symbol = serializers.CharField()
    first = serializers.FloatField()
    total = serializers.FloatField()


class UncertaintySerializer(PlainSerializer):
    """Sobol indices; `missing` of the n samples had no value and are left out."""

    n = serializers.IntegerField()
    seed = serializers.IntegerField()
    sd = serializers.FloatField()
    missing = serializers.IntegerField()
    indices = IndexSerializer(many=True)


class PartSerializer(PlainSerializer):
    """What one lever contributes, in the target's unit."""

    symbol = serializers.CharField()
    amount = serializers.FloatField()


class SplitSerializer(PlainSerializer):
    """The target before and after the levers, and the parts, which add up to the difference."""

    before = serializers.FloatField()
    after = serializers.FloatField()
    parts = PartSerializer(many=True)


class MeasuredSerializer(PlainSerializer):
    """Four measures, each with the question it answers."""

    questions = serializers.DictField(child=serializers.CharField())
    tornado = SwingSerializer(many=True)
    elasticity = ElasticitySerializer(many=True)
    sobol = UncertaintySerializer()
    shapley = SplitSerializer(allow_null=True, help_text="null without levers")


class SensitivityView(APIView):
    """Tell which input of a model matters."""

    required_scopes = COMPUTE

    @extend_schema(
        operation_id="sensitivity",
        tags=["lab"],
        request=SensitivitySerializer,
        responses={200: MeasuredSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Return tornado, elasticity, Sobol indices and the Shapley split of the levers' change.

        Tornado, elasticity and Sobol indices are of the model as it is today, before the levers.
        The same request always has the same answer. Nothing is stored.
        """
        data = SensitivitySerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        ranges, target = ranges_of(values), values["target"]
        try:
            model = model_of(values, ranges)
            levers = [Lever(**lever) for lever in values["levers"]]
            swings = tornado(model, target, {s: (r.lo, r.hi) for s, r in ranges.items()})
            split = shapley(model, target, levers) if levers else None
            uncertainty = sobol_indices(model, target, ranges, n=values["n"], seed=values["seed"])
            slopes = elasticity(model, target)
        except (ModelError, QuantityError) as error:
            raise refused(error, values) from error
        answer = {
            "questions": QUESTIONS,
            "tornado": [
                {
                    "symbol": swing.symbol,
                    "low": swing.band[0],
                    "high": swing.band[1],
                    "at_low": swing.at_low,
                    "at_high": swing.at_high,
                }
                for swing in swings
            ],
            "elasticity": [
                {"symbol": e.symbol, "slope": e.slope, "percent": e.percent} for e in slopes
            ],
            "sobol": _uncertainty(uncertainty, values["seed"]),
            "shapley": _split(split) if split else None,
        }
        return Response(answer)


def _uncertainty(found: Uncertainty, seed: int) -> dict[str, Any]:
    return {
        "n": found.n,
        "seed": seed,
        "sd": found.sd,
        "missing": found.missing,
        "indices": [
            {"symbol": index.symbol, "first": index.first, "total": index.total}
            for index in found.indices
        ],
    }


def _split(split: Split) -> dict[str, Any]:
    return {
        "before": split.before,
        "after": split.after,
        "parts": [{"symbol": part.symbol, "amount": part.amount} for part in split.parts],
    }
