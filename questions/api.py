"""The bank over the API: what a question is, never what helps to solve it."""

from __future__ import annotations

from typing import TypedDict

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError

from questions.forms import FilterForm
from questions.models import CaseType, Company, Difficulty, Question, Tag
from questions.selectors import bank
from questions.selectors.bank import MINUTES

READ = {"GET": "questions:read"}


def problem(status: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the OpenAPI response of one error status: an RFC 9457 problem document."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            OpenApiTypes.OBJECT, description="A problem"
        )
    }


PROBLEMS = {**problem(401), **problem(403), **problem(429)}
FILTERS = [
    OpenApiParameter("q", str, description="Words; typing errors are forgiven."),
    OpenApiParameter("type", str, enum=CaseType.values, many=True),
    OpenApiParameter("difficulty", str, enum=Difficulty.values, many=True),
    OpenApiParameter("minutes", str, enum=[each.id for each in MINUTES], many=True),
    OpenApiParameter("company", str, description="Slug of a company.", many=True),
    OpenApiParameter("industry", str, description="As in a question's industry.", many=True),
    OpenApiParameter("tag", str, description="Slug of a tag.", many=True),
]


class StepOut(TypedDict):
    """A step of a question: its id and its time budget in minutes."""

    id: str
    minutes: int


class CompanySerializer(serializers.ModelSerializer[Company]):
    """A company a question is about or is asked by."""

    class Meta:
        model = Company
        fields = ["slug", "name"]


class TagSerializer(serializers.ModelSerializer[Tag]):
    """A word to find questions by."""

    class Meta:
        model = Tag
        fields = ["slug", "name"]


class QuestionSerializer(serializers.ModelSerializer[Question]):
    """A question as it stands in the list."""

    companies = CompanySerializer(many=True, read_only=True)
    tags = TagSerializer(many=True, read_only=True)

    class Meta:
        model = Question
        fields = [
            "slug",
            "title",
            "prompt",
            "type",
            "difficulty",
            "minutes",
            "industry",
            "companies",
            "tags",
            "created_at",
        ]


class StepSerializer(serializers.Serializer[StepOut]):
    """A step of a question."""

    id = serializers.CharField()
    minutes = serializers.IntegerField(help_text="time budget")


class QuestionDetailSerializer(QuestionSerializer):
    """A question with what it trains, its steps and the number of its current version."""

    version = serializers.IntegerField(source="current_version.number", read_only=True)
    steps = serializers.SerializerMethodField()

    class Meta(QuestionSerializer.Meta):
        fields = [*QuestionSerializer.Meta.fields, "why_practise", "version", "steps"]

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, question: Question) -> list[StepOut]:
        """Return the steps in their order."""
        lines = bank.question_steps(question)
        return [StepOut(id=line.id, minutes=line.minutes) for line in lines]


@extend_schema_view(
    get=extend_schema(
        operation_id="listQuestions",
        tags=["questions"],
        parameters=FILTERS,
        responses={200: QuestionSerializer(many=True), **PROBLEMS, **problem(400)},
    )
)
class QuestionListView(generics.ListAPIView[Question]):
    """The published questions, newest first. A key is a university's: those for members too."""

    required_scopes = READ
    serializer_class = QuestionSerializer

    def get_queryset(self) -> QuerySet[Question]:
        """Return the questions that fit the parameters.

        Raises:
            ValidationError: a parameter has a value that does not exist.
        """
        if getattr(self, "swagger_fake_view", False):
            return Question.objects.none()
        form = FilterForm(self.request.query_params)
        if not form.is_valid():
            faults = form.errors.items()
            raise ValidationError({name: [str(each) for each in found] for name, found in faults})
        return bank.questions_filtered(Question.objects.published(), form.filters())


@extend_schema_view(
    get=extend_schema(
        operation_id="getQuestion",
        tags=["questions"],
        responses={200: QuestionDetailSerializer, **PROBLEMS, **problem(404)},
    )
)
class QuestionDetailView(generics.RetrieveAPIView[Question]):
    """One published question."""

    required_scopes = READ
    serializer_class = QuestionDetailSerializer
    lookup_field = "slug"
    queryset = Question.objects.published()

    def get_object(self) -> Question:
        """Return the question; 404 when there is none or it is not published."""
        return bank.access_question(Question.objects.published(), self.kwargs["slug"])
