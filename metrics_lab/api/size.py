"""/api/v1/lab/size: how many people a test needs, with its true power."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics_lab.api.compute import COMPUTE, PROBLEMS
from metrics_lab.api.numbers import FiniteField, PlainSerializer
from metrics_lab.engine import experiment
from metrics_lab.engine.experiment import ExperimentError, Form, Guardrail, Levels, OwnFigure, Ratio
from metrics_lab.engine.experiment.guardrails import MOST_GUARDRAILS
from metrics_lab.engine.experiment.looks import MOST_LOOKS

LARGEST = 1e12
LONGEST_TEST = 520
NEEDED = {
    "rates": ("baseline", "target"),
    "means": ("sd", "difference"),
    "ratio": ("ratio", "difference"),
}
TEST_KINDS = list(NEEDED)
RATES = {
    "kind": "rates",
    "baseline": 0.2,
    "target": 0.25,
    "people_per_week": 1000,
    "own": 1030,
    "guardrails": [{"name": "refund rate", "baseline": 0.04, "margin": 0.01}],
}


class GuardrailSerializer(PlainSerializer):
    """A metric that may not get worse by a margin: a rate with its baseline, or a mean with sd."""

    name = serializers.CharField(max_length=80)
    baseline = FiniteField(required=False, min_value=1e-9, max_value=1 - 1e-9)
    sd = FiniteField(required=False, min_value=1e-9, max_value=LARGEST)
    margin = FiniteField(min_value=1e-9, max_value=LARGEST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of baseline and sd."""
        if ("baseline" in attrs) == ("sd" in attrs):
            raise serializers.ValidationError(
                {"baseline": "Give the baseline of a rate, or the sd of a mean, and not both."}
            )
        if not Guardrail(**attrs).is_testable:
            raise serializers.ValidationError(
                {"margin": "No test is large enough for so narrow a margin."}
            )
        return attrs


class RatioSerializer(PlainSerializer):
    """Five figures over a table with one row a person."""

    mean_top = FiniteField(min_value=1e-9, max_value=LARGEST)
    variance_top = FiniteField(min_value=0, max_value=LARGEST)
    mean_bottom = FiniteField(min_value=1e-9, max_value=LARGEST)
    variance_bottom = FiniteField(min_value=0, max_value=LARGEST)
    covariance = FiniteField(min_value=-LARGEST, max_value=LARGEST)


class SizeSerializer(PlainSerializer):
    """A test: rates are shares of 1, and a target or difference is never in percent.

    ``kind`` "rates" needs baseline and target, "means" sd and difference, "ratio" ratio and
    difference. ``people_per_week`` are new people in all arms together.
    """

    kind = serializers.ChoiceField(choices=TEST_KINDS)
    baseline = FiniteField(required=False, min_value=0, max_value=1)
    target = FiniteField(required=False, min_value=0, max_value=1)
    sd = FiniteField(required=False, min_value=1e-9, max_value=LARGEST)
    difference = FiniteField(required=False, min_value=-LARGEST, max_value=LARGEST)
    ratio = RatioSerializer(required=False)
    alpha = FiniteField(default=0.05, min_value=1e-6, max_value=0.5)
    power = FiniteField(default=0.8, min_value=0.01, max_value=0.999)
    sides = serializers.ChoiceField(choices=[1, 2], default=2)
    arms = serializers.IntegerField(default=2, min_value=2, max_value=20)
    divided = serializers.BooleanField(
        default=True, help_text="Divide the error level among the comparisons with the control."
    )
    people_per_week = FiniteField(required=False, min_value=1e-6, max_value=LARGEST)
    weeks = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST_TEST,
        help_text="Also say what a test of this length can see; needs people_per_week.",
    )
    own = serializers.IntegerField(
        required=False, min_value=2, max_value=10**12, help_text="A size to name and to judge."
    )
    looks = serializers.IntegerField(required=False, min_value=1, max_value=MOST_LOOKS)
    guardrails = GuardrailSerializer(many=True, required=False, default=list)

    def validate_guardrails(self, guardrails: list[Any]) -> list[Any]:
        """Bound their number."""
        if len(guardrails) > MOST_GUARDRAILS:
            raise serializers.ValidationError(f"At most {MOST_GUARDRAILS} guardrails.")
        return guardrails

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what the kind of test needs."""
        missing = [name for name in NEEDED[attrs["kind"]] if name not in attrs]
        if missing:
            raise serializers.ValidationError(dict.fromkeys(missing, "This kind needs it."))
        if "weeks" in attrs and "people_per_week" not in attrs:
            raise serializers.ValidationError({"people_per_week": "Weeks of how many people?"})
        return attrs


class FormSerializer(PlainSerializer):
    """A published form: its unrounded size, whole people, and their true power."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member, not its own label
    per_arm = serializers.FloatField()
    people = serializers.IntegerField()
    power = serializers.FloatField()


class OwnSerializer(PlainSerializer):
    """What a brought size is: "same", "other_form" (with its label), or "other"."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member, not its own label
    per_arm = serializers.IntegerField()
    power = serializers.FloatField()


class GuardrailSizeSerializer(PlainSerializer):
    """People per arm that a guardrail needs alone, and where all are to pass together."""

    name = serializers.CharField()
    per_arm = serializers.IntegerField()
    per_arm_together = serializers.IntegerField()


class LookSerializer(PlainSerializer):
    """The true error level of stopping at the first of so many significant looks."""

    looks = serializers.IntegerField()
    error = serializers.FloatField()


class SeenSerializer(PlainSerializer):
    """What a test of so many weeks can see: a rate for rates, else a difference; null if none."""

    weeks = serializers.IntegerField()
    per_arm = serializers.IntegerField()
    smallest = serializers.FloatField(allow_null=True)


class SizedSerializer(PlainSerializer):
    """The sized test. ``weeks`` and ``decided_by`` reckon with the guardrails."""

    per_arm = serializers.IntegerField()
    total = serializers.IntegerField()
    power = serializers.FloatField()
    forms = FormSerializer(many=True)
    weeks = serializers.IntegerField(allow_null=True)
    per_arm_with_guardrails = serializers.IntegerField()
    decided_by = serializers.CharField(allow_blank=True)
    guardrails = GuardrailSizeSerializer(many=True)
    seen = SeenSerializer(allow_null=True)
    own = OwnSerializer(allow_null=True)
    peeking = LookSerializer(allow_null=True)


class SizeView(APIView):
    """Size a test of rates, means or a ratio."""

    required_scopes = COMPUTE

    @extend_schema(
        operation_id="size",
        tags=["lab"],
        request=SizeSerializer,
        responses={200: SizedSerializer, **PROBLEMS},
        examples=[OpenApiExample("20 % to 25 %", RATES, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Return people per arm and in total, true power, other forms, weeks; nothing is stored."""
        sent = SizeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            return Response(sized(sent.validated_data))
        except ExperimentError as error:
            raise exceptions.ValidationError(_at_fault(error, sent.validated_data)) from error


def sized(values: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to checked values; raises ExperimentError naming the field at fault."""
    levels = Levels(
        values["alpha"], values["power"], values["sides"], values["arms"], values["divided"]
    )
    weekly = values.get("people_per_week")
    forms, judged, smallest = _tested(values, levels)
    made = experiment.plan_of(forms, levels, weekly)
    guardrails = [Guardrail(**item) for item in values["guardrails"]]
    length = experiment.length_of(made, guardrails, levels, weekly)
    own, looks, weeks = (values.get(name) for name in ("own", "looks", "weeks"))
    return {
        "per_arm": made.per_arm,
        "total": made.total,
        "power": made.power,
        "forms": [
            {"name": f.name, "label": f.label, "per_arm": f.per_arm, "people": f.people}
            | {"power": f.power}
            for f in forms
        ],
        "weeks": length.weeks,
        "per_arm_with_guardrails": length.per_arm,
        "decided_by": length.decided_by,
        "guardrails": [
            {"name": size.guardrail.name, "per_arm": size.per_arm}
            | {"per_arm_together": size.per_arm_together}
            for size in length.guardrails
        ],
        "seen": _seen(weekly, weeks, levels, smallest) if weekly and weeks else None,
        "own": _own(judged(own)) if own else None,
        "peeking": {
            "looks": looks,
            "error": experiment.error_of_looks(looks, levels.alpha_each, levels.sides),
        }
        if looks
        else None,
    }


Judge = Callable[[int], OwnFigure]
Smallest = Callable[[int], float | None]


def _tested(values: dict[str, Any], levels: Levels) -> tuple[tuple[Form, ...], Judge, Smallest]:
    """Return the forms of a kind, what judges a brought size, and what a size can see."""
    if values["kind"] == "rates":
        p, q = values["baseline"], values["target"]
        forms = experiment.forms_of(p, q, levels)
        return (
            forms,
            lambda n: experiment.judge_rates(n, p, q, forms, levels),
            lambda n: experiment.detectable_rate(p, n, levels, fall=q < p),
        )
    difference = values["difference"]
    if values["kind"] == "ratio":
        ratio = Ratio(**values["ratio"])
        forms, sd = experiment.ratio_forms(ratio, difference, levels), math.sqrt(ratio.variance)
        power = partial(experiment.mean_power, sd, difference, levels=levels)
    else:
        sd = values["sd"]
        forms = experiment.mean_forms(sd, difference, levels)
        power = partial(experiment.student_power, sd, difference, levels=levels)
    return (
        forms,
        lambda n: experiment.judge(n, forms, levels, power),
        lambda n: experiment.detectable_mean(sd, n, levels),
    )


def _seen(weekly: float, weeks: int, levels: Levels, smallest: Smallest) -> dict[str, Any]:
    per_arm = int(weekly * weeks // levels.arms)
    found = smallest(per_arm) if per_arm >= 1 else None
    return {"weeks": weeks, "per_arm": per_arm, "smallest": found}


def _own(figure: OwnFigure) -> dict[str, Any]:
    return {
        "kind": figure.kind,
        "label": figure.label,
        "per_arm": figure.per_arm,
        "power": figure.power,
    }


def _at_fault(error: ExperimentError, values: dict[str, Any]) -> dict[str, Any]:
    """Return the error at the field it is about; the size itself is the target's fault."""
    message = [str(error)]
    if values["kind"] == "ratio" and error.field in values["ratio"]:
        return {"ratio": {error.field: message}}
    if error.field in values and error.field != "target":
        return {error.field: message}
    return {NEEDED[values["kind"]][-1]: message}
