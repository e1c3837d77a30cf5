"""/api/v1/lab: the metrics lab's arithmetic over the API."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.graph import Model
from metrics_lab.engine.scenario import Lever, what_if

if TYPE_CHECKING:
    PlainSerializer = serializers.Serializer[Any]
else:
    PlainSerializer = serializers.Serializer

COMPUTE = {"POST": "lab:compute"}
MAX_RELATIONS = 60
MAX_VALUES = 120
MAX_LEVERS = 20
PROBLEMS = {
    (status, "application/problem+json"): OpenApiResponse(
        OpenApiTypes.OBJECT, description="A problem"
    )
    for status in (400, 401, 403, 429)
}


class LeverSerializer(PlainSerializer):
    """One change: set a value, add to it (0.005 on a rate is half a point), or multiply it."""

    symbol = serializers.CharField(max_length=64)
    how = serializers.ChoiceField(choices=["set", "add", "times"])
    amount = serializers.FloatField()

    def validate_amount(self, amount: float) -> float:
        """Refuse what is no finite number."""
        if not math.isfinite(amount):
            raise serializers.ValidationError("A finite number is needed.")
        return amount


class ComputeSerializer(PlainSerializer):
    """Relations such as "gmv = orders * aov", the values that are given, and levers."""

    relations = serializers.ListField(
        child=serializers.CharField(max_length=400), max_length=MAX_RELATIONS, allow_empty=False
    )
    values = serializers.DictField(child=serializers.FloatField(), allow_empty=False)
    levers = LeverSerializer(many=True, required=False, default=list)

    def validate_values(self, values: dict[str, float]) -> dict[str, float]:
        """Bound the number of values, and refuse what is no finite number."""
        if len(values) > MAX_VALUES:
            raise serializers.ValidationError(f"At most {MAX_VALUES} values.")
        odd = [symbol for symbol, value in values.items() if not math.isfinite(value)]
        if odd:
            raise serializers.ValidationError({s: ["A finite number is needed."] for s in odd})
        return values

    def validate_levers(self, levers: list[Any]) -> list[Any]:
        """Bound the number of levers."""
        if len(levers) > MAX_LEVERS:
            raise serializers.ValidationError(f"At most {MAX_LEVERS} levers.")
        return levers


class ComputedSerializer(PlainSerializer):
    """Every symbol before and after the levers."""

    before = serializers.DictField(child=serializers.FloatField())
    after = serializers.DictField(child=serializers.FloatField())


class ComputeView(APIView):
    """Compute a model and what levers do to it."""

    required_scopes = COMPUTE

    @extend_schema(
        operation_id="compute",
        tags=["lab"],
        request=ComputeSerializer,
        responses={200: ComputedSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Return every value before and after the levers; nothing is stored."""
        data = ComputeSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        levers = [Lever(**lever) for lever in values["levers"]]
        try:
            outcome = what_if(Model.build(values["relations"], values["values"]), levers)
        except ModelError as error:
            raise exceptions.ValidationError(at_fault(error, values)) from error
        return Response({"before": dict(outcome.before), "after": dict(outcome.after)})


def at_fault(error: ModelError, values: dict[str, Any]) -> dict[str, Any]:
    """Return the error at the field it is about: a lever, a value, or else the relations."""
    message, levers = [str(error)], values["levers"]
    if any(lever["symbol"] == error.symbol for lever in levers):
        return {
            "levers": [{"symbol": message} if lv["symbol"] == error.symbol else {} for lv in levers]
        }
    if error.symbol in values["values"]:
        return {"values": {error.symbol: message}}
    return {"relations": message}
