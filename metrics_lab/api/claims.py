"""/api/v1/lab/claims: check the numbers of a text against a case's figures."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics_lab.api.compute import COMPUTE, MAX_RELATIONS, MAX_VALUES, PROBLEMS
from metrics_lab.engine.claim import ClaimCheck, ClaimModel, check
from metrics_lab.engine.claim.check import LONGEST
from metrics_lab.engine.claim.result import RANK
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.quantity import QuantityError, Range

if TYPE_CHECKING:
    PlainSerializer = serializers.Serializer[Any]
else:
    PlainSerializer = serializers.Serializer

MAX_SYMBOLS = MAX_VALUES + MAX_RELATIONS
MAX_ALIASES = 12
BOUNDS = (">=", "<=")
MAX_RANGES = 30


class NamesSerializer(PlainSerializer):
    """What people call a figure, and its unit, as "eur/order" or "user/month"; a share is "1"."""

    label = serializers.CharField(  # type: ignore[assignment]  # a field of that name, not its label
        max_length=120, required=False, allow_blank=True, default=""
    )
    unit = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=MAX_ALIASES, required=False,
        default=list,
    )  # fmt: skip


class CaseSerializer(PlainSerializer):
    """A case's figures: given values (shares of 1), what follows, names and plausible bands."""

    values = serializers.DictField(child=serializers.FloatField(), allow_empty=False)
    relations = serializers.ListField(
        child=serializers.CharField(max_length=400), max_length=MAX_RELATIONS, required=False,
        default=list,
    )  # fmt: skip
    symbols = serializers.DictField(child=NamesSerializer(), required=False, default=dict)
    plausible = serializers.DictField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        required=False, default=dict,
    )  # fmt: skip
    ranges = serializers.DictField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        required=False, default=dict,
        help_text="The ends between which a symbol lies with 90 %.",
    )  # fmt: skip

    def validate_values(self, values: dict[str, float]) -> dict[str, float]:
        """Bound the number of values, and refuse what is no finite number."""
        if len(values) > MAX_VALUES:
            raise serializers.ValidationError(f"At most {MAX_VALUES} values.")
        odd = [symbol for symbol, value in values.items() if not math.isfinite(value)]
        if odd:
            raise serializers.ValidationError({s: ["A finite number is needed."] for s in odd})
        return values

    def validate_symbols(self, symbols: dict[str, Any]) -> dict[str, Any]:
        """Bound the number of names."""
        if len(symbols) > MAX_SYMBOLS:
            raise serializers.ValidationError(f"At most {MAX_SYMBOLS} symbols.")
        return symbols

    def validate_plausible(self, bands: dict[str, list[float]]) -> dict[str, list[float]]:
        """Bound the number of bands; each needs two finite ends in order."""
        if len(bands) > MAX_SYMBOLS:
            raise serializers.ValidationError(f"At most {MAX_SYMBOLS} bands.")
        odd = [s for s, (low, high) in bands.items() if not -math.inf < low <= high < math.inf]
        if odd:
            raise serializers.ValidationError({s: ["Two numbers in order."] for s in odd})
        return bands

    def validate_ranges(self, ranges: dict[str, list[float]]) -> dict[str, list[float]]:
        """Bound the number of ranges."""
        if len(ranges) > MAX_RANGES:
            raise serializers.ValidationError(f"At most {MAX_RANGES} ranges.")
        return ranges

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a range that no distribution fits."""
        for symbol, (low, high) in attrs["ranges"].items():
            unit = attrs["symbols"].get(symbol, {}).get("unit", "")
            try:
                Range.of(low, high, unit)
            except QuantityError as error:
                raise serializers.ValidationError({"ranges": {symbol: [str(error)]}}) from error
        return attrs


class ClaimsSerializer(PlainSerializer):
    """A text and the case it speaks of."""

    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    case = CaseSerializer()


class OddsSerializer(PlainSerializer):
    """What the case's ranges say of a claim."""

    sign = serializers.ChoiceField(choices=BOUNDS)
    chance = serializers.FloatField(help_text="How often at least (or at most) the claim holds.")
    low = serializers.FloatField()
    high = serializers.FloatField()
    inside = serializers.BooleanField(help_text="The claim lies in the 90 % range.")


class CheckSerializer(PlainSerializer):
    """One number of the text. Percentages are in percent; offsets are code points into the text."""

    verdict = serializers.ChoiceField(choices=sorted(RANK))
    error = serializers.CharField(allow_null=True, help_text="The named mistake of a wrong claim.")
    certain = serializers.BooleanField(help_text="False: show it as a question.")
    quote = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    symbol = serializers.CharField(allow_null=True, help_text="What the number was read as.")
    supposed = serializers.BooleanField(help_text="The number is a supposition of the text.")
    claimed = serializers.FloatField(allow_null=True)
    truth = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    steps = serializers.ListField(child=serializers.CharField())
    odds = OddsSerializer(allow_null=True, help_text="Null where no range reaches the claim.")


class CheckedSerializer(PlainSerializer):
    """Every number of the text that claims something, in order."""

    checks = CheckSerializer(many=True)


class ClaimsView(APIView):
    """Check the claims of a text."""

    required_scopes = COMPUTE

    @extend_schema(
        operation_id="check_claims",
        tags=["lab"],
        request=ClaimsSerializer,
        responses={200: CheckedSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Return a check for each number of the text; nothing is stored."""
        data = ClaimsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        text, case = data.validated_data["text"], data.validated_data["case"]
        model = ClaimModel(**case)
        try:
            unknown = case["ranges"].keys() - model.today.keys()
            if unknown:
                told = {symbol: ["The case has no such symbol."] for symbol in unknown}
                raise exceptions.ValidationError({"case": {"ranges": told}})
            checks = check(text, model)
        except ModelError as error:
            raise exceptions.ValidationError({"case": _at_fault(error, case)}) from error
        return Response({"checks": [_row(one) for one in checks]})


def _row(one: ClaimCheck) -> dict[str, Any]:
    return {
        "verdict": one.verdict,
        "error": one.error,
        "certain": one.certain,
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
        "symbol": one.symbol,
        "supposed": one.supposed,
        "claimed": _finite(one.claimed),
        "truth": _finite(one.truth),
        "unit": one.truth_unit,
        "steps": list(one.steps),
        "odds": asdict(one.odds) if one.odds else None,
    }


def _finite(value: float | None) -> float | None:
    """Return the value, None where JSON has no number for it."""
    return value if value is not None and math.isfinite(value) else None


def _at_fault(error: ModelError, case: dict[str, Any]) -> dict[str, Any]:
    """Return the error at the part of the case that it is about."""
    if error.symbol in case["values"]:
        return {"values": {error.symbol: str(error)}}
    return {"relations": str(error)}
