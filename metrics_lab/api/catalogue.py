"""/api/v1/lab/metrics: the catalogue of metrics over the API, and each metric's arithmetic."""

from __future__ import annotations

import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import relations, working
from metrics_lab.engine.catalogue.metrics import InputError, Metric, MetricError
from metrics_lab.engine.catalogue.search import Candidate, search
from metrics_lab.presentation.metrics import DIRECTIONS, FAMILIES, KINDS

if TYPE_CHECKING:
    PlainSerializer = serializers.Serializer[Any]
else:
    PlainSerializer = serializers.Serializer

READ, COMPUTE = {"GET": "lab:compute"}, {"POST": "lab:compute"}
PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
MAX_INPUTS = 20
LONGEST_QUERY = 80
VIEWS = [framework.id for framework in relations.frameworks()]
METRIC_KINDS = [word.id for word in KINDS]
FILTERS = {
    "kind": METRIC_KINDS,
    "family": [word.id for word in FAMILIES],
    "better": [word.id for word in DIRECTIONS],
    "view": VIEWS,
}


def _problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    return {
        (status, "application/problem+json"): OpenApiResponse(
            OpenApiTypes.OBJECT, description="A problem"
        )
        for status in (401, 403, 429, *statuses)
    }


class MetricInputSerializer(PlainSerializer):
    """One number that a metric needs, with the range it can lie in; null is no bound."""

    symbol = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not its label
    unit = serializers.CharField(help_text='such as "usd/order"; "1" has none')
    least = serializers.FloatField(allow_null=True)
    most = serializers.FloatField(allow_null=True)
    integer = serializers.BooleanField()


class BenchmarkSerializer(PlainSerializer):
    """One published figure with its scope: others differ, and nothing is graded on it."""

    value = serializers.CharField()
    scope = serializers.CharField()
    sources = serializers.ListField(child=serializers.URLField())
    secondary = serializers.BooleanField(help_text="the sources quote it")


class MetricSerializer(PlainSerializer):
    """A metric as it stands in the list."""

    id = serializers.CharField()
    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    means = serializers.CharField(help_text="what it says, in one sentence")
    family = serializers.ChoiceField(choices=FILTERS["family"])
    kind = serializers.ChoiceField(choices=FILTERS["kind"])
    better = serializers.ChoiceField(choices=FILTERS["better"])
    formula = serializers.CharField()
    unit = serializers.CharField()


class FoundMetricSerializer(MetricSerializer):
    """A metric that words may mean; the words choose none of them."""

    when = serializers.CharField(help_text="what tells it from the others, or empty")


class MetricPageSerializer(PlainSerializer):
    """One page of metrics, and the address of the next."""

    next = serializers.URLField(allow_null=True)
    results = FoundMetricSerializer(many=True)


class ConfusionSerializer(PlainSerializer):
    """What a metric is often taken for."""

    metric = serializers.CharField(
        source="other", help_text="id; empty where the catalogue has it not"
    )
    name = serializers.CharField()
    formula = serializers.CharField()
    difference = serializers.CharField()


class MetricDetailSerializer(MetricSerializer):
    """A metric with its inputs, range, pitfalls, and what it is confused with."""

    least = serializers.FloatField(allow_null=True)
    most = serializers.FloatField(allow_null=True)
    inputs = MetricInputSerializer(many=True)
    pitfalls = serializers.ListField(child=serializers.CharField())
    benchmark = BenchmarkSerializer(allow_null=True)
    confused_with = serializers.SerializerMethodField()
    can_be_solved_for = serializers.SerializerMethodField()

    @extend_schema_field(ConfusionSerializer(many=True))
    def get_confused_with(self, metric: Metric) -> list[dict[str, str]]:
        """Return what the metric is often taken for."""
        found = relations.confusions_of(metric.id)
        return list(ConfusionSerializer(found, many=True).data)

    def get_can_be_solved_for(self, metric: Metric) -> list[str]:
        """Return the inputs that a wanted result can be solved for."""
        return list(working.can_be_turned(metric))


class ValuesSerializer(PlainSerializer):
    """The inputs by symbol, and a result that is wanted, if any."""

    inputs = serializers.DictField(child=serializers.FloatField(), allow_empty=False)
    wanted = serializers.FloatField(required=False, help_text="solve each input for this result")

    def validate_inputs(self, inputs: dict[str, float]) -> dict[str, float]:
        """Bound the number of inputs, and refuse what is no finite number."""
        if len(inputs) > MAX_INPUTS:
            raise serializers.ValidationError(f"At most {MAX_INPUTS} inputs.")
        odd = [symbol for symbol, value in inputs.items() if not math.isfinite(value)]
        if odd:
            raise serializers.ValidationError({s: ["A finite number is needed."] for s in odd})
        return inputs

    def validate_wanted(self, wanted: float) -> float:
        """Refuse what is no finite number."""
        if not math.isfinite(wanted):
            raise serializers.ValidationError("A finite number is needed.")
        return wanted


class WorkingStepSerializer(PlainSerializer):
    """One step of the working."""

    formula = serializers.CharField()
    numbers = serializers.CharField()
    value = serializers.FloatField()


class SolvedSerializer(PlainSerializer):
    """What one input would have to be for the wanted result, the others as they are."""

    symbol = serializers.CharField()
    formula = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    problem = serializers.CharField(help_text="why no value does it, or empty")


class MetricValueSerializer(PlainSerializer):
    """A metric's value with its unit and working."""

    value = serializers.FloatField()
    unit = serializers.CharField()
    caution = serializers.CharField(help_text="said when the value is outside the metric's range")
    steps = WorkingStepSerializer(many=True)
    solved = SolvedSerializer(many=True)


class MetricListView(APIView):
    """The catalogue of metrics."""

    required_scopes = READ

    @extend_schema(
        operation_id="listMetrics",
        tags=["lab"],
        parameters=[
            OpenApiParameter("q", str, description="Words; typing errors are forgiven."),
            *(OpenApiParameter(name, str, enum=values) for name, values in FILTERS.items()),
            OpenApiParameter("cursor", str, description="Where the page starts; follow `next`."),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
                description="Rows a page.",
            ),
        ],
        responses={
            200: MetricPageSerializer,
            **_problems(400, 404),
        },
    )
    def get(self, request: Request) -> Response:
        """List the metrics in the catalogue's order, or every one that words may mean, best first.

        A word with several meanings, such as "conversion", gives them all.
        """
        filters = _filters(request)
        found = [each for each in _candidates(request) if _fits(each.metric, filters)]
        rows, after = _page(request, found)
        body = [_row(each) for each in rows]
        return Response({"next": after, "results": body})


class MetricDetailView(APIView):
    """One metric."""

    required_scopes = READ

    @extend_schema(
        operation_id="getMetric",
        tags=["lab"],
        responses={200: MetricDetailSerializer, **_problems(404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return one metric with its inputs, range, pitfalls and neighbours."""
        return Response(MetricDetailSerializer(_metric(slug)).data)


class MetricComputeView(APIView):
    """One metric's arithmetic."""

    required_scopes = COMPUTE

    @extend_schema(
        operation_id="computeMetric",
        tags=["lab"],
        request=ValuesSerializer,
        responses={200: MetricValueSerializer, **_problems(400, 404)},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Compute a metric from its inputs, with its steps; nothing is stored."""
        metric = _metric(slug)
        data = ValuesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        inputs, wanted = data.validated_data["inputs"], data.validated_data.get("wanted")
        unknown = sorted(inputs.keys() - {item.symbol for item in metric.inputs})
        if unknown:
            said = {symbol: [f"{metric.name} has no input {symbol}."] for symbol in unknown}
            raise exceptions.ValidationError({"inputs": said})
        try:
            value = catalogue.compute_metric(metric, inputs)
            steps = working.steps(metric, inputs)
        except InputError as error:
            raise exceptions.ValidationError({"inputs": {error.symbol: [str(error)]}}) from error
        solved = [] if wanted is None else working.turned_round(metric, inputs, wanted)
        return Response(
            {
                "value": value,
                "unit": metric.unit,
                "caution": catalogue.caution(metric, value),
                "steps": WorkingStepSerializer(steps, many=True).data,
                "solved": SolvedSerializer(solved, many=True).data,
            }
        )


def _metric(metric_id: str) -> Metric:
    try:
        return catalogue.get(metric_id)
    except MetricError as error:
        raise exceptions.NotFound(str(error)) from error


def _filters(request: Request) -> dict[str, str]:
    """Return the filters that were sent; raise ValidationError naming one without such a value."""
    sent = {name: request.query_params.get(name, "") for name in FILTERS}
    wrong = {
        name: f"One of {', '.join(FILTERS[name])}."
        for name, value in sent.items()
        if value and value not in FILTERS[name]
    }
    if len(request.query_params.get("q", "")) > LONGEST_QUERY:
        wrong["q"] = f"At most {LONGEST_QUERY} characters."
    if wrong:
        raise exceptions.ValidationError(wrong)
    return {name: value for name, value in sent.items() if value}


def _fits(metric: Metric, filters: dict[str, str]) -> bool:
    view = filters.get("view")
    if view and all(f.id != view or metric.id not in f.metrics for f in relations.frameworks()):
        return False
    return all(getattr(metric, name) == value for name, value in filters.items() if name != "view")


def _candidates(request: Request) -> Sequence[Candidate]:
    query = request.query_params.get("q", "").strip()
    if query:
        return search(query).candidates
    return [Candidate(metric, 1.0) for metric in catalogue.load()]


def _row(each: Candidate) -> dict[str, Any]:
    return {**MetricSerializer(each.metric).data, "when": each.when}


def _page(request: Request, found: Sequence[Candidate]) -> tuple[Sequence[Candidate], str | None]:
    """Return one page and the address of the next; a cursor holds the last row's id.

    Raises:
        NotFound: the cursor is not one that was given out for this list.
    """
    start, size = 0, _size(request.query_params.get("page_size", ""))
    if cursor := request.query_params.get("cursor"):
        try:
            last = urlsafe_b64decode(cursor.encode()).decode()
        except ValueError:
            last = ""
        ids = [each.metric.id for each in found]
        if last not in ids:
            raise exceptions.NotFound("This cursor does not exist. Start with the first page.")
        start = ids.index(last) + 1
    rows = found[start : start + size]
    if start + size >= len(found):
        return rows, None
    after = urlsafe_b64encode(rows[-1].metric.id.encode()).decode()
    return rows, str(replace_query_param(request.build_absolute_uri(), "cursor", after))


def _size(given: str) -> int:
    if not (given.isascii() and given.isdigit()):
        return PAGE_SIZE
    return min(max(int(given[:6]), 1), MAX_PAGE_SIZE)
