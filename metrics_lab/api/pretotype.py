"""/api/v1/lab/pretotype: the smallest exact test of "at least X % of Y will Z", and an interval."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics_lab.api.compute import COMPUTE, PROBLEMS
from metrics_lab.api.numbers import FiniteField, PlainSerializer
from metrics_lab.engine.pretotype.rule import (
    MOST_COUNTED,
    PretotypeError,
    clopper_pearson,
    smallest_test,
)


class PretotypeSerializer(PlainSerializer):
    """The hoped rate ``x`` and the ``poor`` one that is not worth it, as shares of 1; the data."""

    x = FiniteField(min_value=1e-5, max_value=1)
    poor = FiniteField(min_value=0, max_value=1)
    alpha = FiniteField(default=0.05, min_value=1e-4, max_value=0.49)
    power = FiniteField(default=0.8, min_value=0.5, max_value=0.999)
    people = serializers.IntegerField(required=False, min_value=1, max_value=MOST_COUNTED)
    did = serializers.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    coverage = FiniteField(default=0.95, min_value=0.5, max_value=0.9999)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for both counts or for none."""
        if ("people" in attrs) != ("did" in attrs):
            missing = "did" if "people" in attrs else "people"
            raise serializers.ValidationError({missing: "A result needs people and did."})
        return attrs


class TestSerializer(PlainSerializer):
    """Go on at ``go`` or more of ``people``; how often that happens at the two rates."""

    people = serializers.IntegerField()
    go = serializers.IntegerField()
    false_go = serializers.FloatField()
    true_go = serializers.FloatField()


class IntervalSerializer(PlainSerializer):
    """The counted share with its exact interval (Clopper and Pearson)."""

    share = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class PretotypedSerializer(PlainSerializer):
    """The smallest test, and the interval of the data where there are any."""

    test = TestSerializer()
    interval = IntervalSerializer(allow_null=True)


class PretotypeView(APIView):
    """Size a pretotype and read its data."""

    required_scopes = COMPUTE

    @extend_schema(
        operation_id="pretotype",
        tags=["lab"],
        request=PretotypeSerializer,
        responses={200: PretotypedSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Return the smallest exact test and the interval of the data; nothing is stored."""
        sent = PretotypeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        try:
            test = smallest_test(*(values[name] for name in ("x", "poor", "alpha", "power")))
            counted = "people" in values
            interval = (
                clopper_pearson(values["did"], values["people"], values["coverage"])
                if counted
                else None
            )
        except PretotypeError as error:
            raise exceptions.ValidationError({error.field: [str(error)]}) from error
        return Response({"test": asdict(test), "interval": asdict(interval) if interval else None})
