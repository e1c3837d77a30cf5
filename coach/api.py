"""/api/v1/assignments, /submissions and /results: what was submitted to the key's university."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from coach.models import Assignment, Submission, SubmissionState
from coach.selectors import assignments as selectors
from coach.selectors.results import results_of
from coach.serializers import (
    AssignmentCreateSerializer,
    AssignmentSerializer,
    ResultSerializer,
    StandingSerializer,
    SubmissionDetailSerializer,
    SubmissionSerializer,
)
from coach.services.assignments import assignment_create
from questions.models import Question
from universities.api_base import TenantView, problems
from universities.models import Cohort
from universities.scopes import Scope

ORDER = ("-created_at", "id")
STATES = [s for s in SubmissionState.values if s != SubmissionState.WITHDRAWN]


class AssignmentListView(TenantView):
    """The university's assignments."""

    required_scopes = {"GET": Scope.ASSIGNMENTS_READ, "POST": Scope.ASSIGNMENTS_WRITE}
    serializer_class = AssignmentSerializer

    def get_queryset(self) -> QuerySet[Assignment]:
        """Return the tenant's assignments."""
        if getattr(self, "swagger_fake_view", False):
            return Assignment.objects.none()
        return selectors.assignments_of(self.university).order_by(*ORDER)

    @extend_schema(
        operation_id="listAssignments",
        tags=["assignments"],
        responses={200: AssignmentSerializer(many=True), **problems()},
    )
    def get(self, request: Request) -> Response:
        """List assignments, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="createAssignment",
        tags=["assignments"],
        request=AssignmentCreateSerializer,
        responses={201: AssignmentSerializer, **problems(400)},
    )
    def post(self, request: Request) -> Response:
        """Assign a case to a cohort; its members are told on the site."""
        data = AssignmentCreateSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        cohort = Cohort.objects.filter(university=self.university, pk=values["cohort"]).first()
        question = Question.objects.published().filter(slug=values["question"]).first()
        if cohort is None:
            raise exceptions.ValidationError({"cohort": "Your university has no such cohort."})
        if question is None:
            raise exceptions.ValidationError({"question": "The bank has no such question."})
        try:
            assignment = assignment_create(
                university=self.university,
                cohort=cohort,
                question=question,
                due_local=values["due_local"],
                zone=values["timezone"],
                mode=values["mode"],
                note=values["note"],
            )
        except ValidationError as error:
            raise exceptions.ValidationError(_as_sent(error)) from error
        body = AssignmentSerializer(assignment).data
        return Response(body, status=status.HTTP_201_CREATED)


class AssignmentStandingsView(TenantView):
    """Where the students of an assignment stand."""

    required_scopes = {"GET": Scope.ASSIGNMENTS_READ}
    serializer_class = StandingSerializer
    pagination_class = None

    @extend_schema(
        operation_id="listStandings",
        tags=["assignments"],
        responses={200: StandingSerializer(many=True), **problems(404)},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return every present member of the cohort: state, late or not, submission."""
        assignment = get_object_or_404(selectors.assignments_of(self.university), pk=pk)
        rows = selectors.standings(assignment)
        return Response(StandingSerializer(rows, many=True).data)


class SubmissionListView(TenantView):
    """What was submitted to the university."""

    required_scopes = {"GET": Scope.SUBMISSIONS_READ}
    serializer_class = SubmissionSerializer

    def get_queryset(self) -> QuerySet[Submission]:
        """Return the tenant's submissions; withdrawn ones are not visible."""
        if getattr(self, "swagger_fake_view", False):
            return Submission.objects.none()
        return filtered(results_of(self.university), self.request).defer("content")

    @extend_schema(
        operation_id="listSubmissions",
        tags=["submissions"],
        parameters=[
            OpenApiParameter("state", enum=STATES),
            OpenApiParameter("assignment", description="Only this assignment."),
        ],
        responses={200: SubmissionSerializer(many=True), **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """List submissions, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class SubmissionDetailView(TenantView):
    """One submission with its text."""

    required_scopes = {"GET": Scope.SUBMISSIONS_READ}
    serializer_class = SubmissionDetailSerializer

    @extend_schema(
        operation_id="getSubmission",
        tags=["submissions"],
        responses={200: SubmissionDetailSerializer, **problems(404)},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a submission exactly as it was handed in."""
        submission = get_object_or_404(results_of(self.university), pk=pk)
        return Response(self.get_serializer(submission).data)


class ResultListView(TenantView):
    """Submissions with the levels people released."""

    required_scopes = {"GET": Scope.RESULTS_READ}
    serializer_class = ResultSerializer

    def get_queryset(self) -> QuerySet[Submission]:
        """Return the tenant's submissions with their released reviews."""
        if getattr(self, "swagger_fake_view", False):
            return Submission.objects.none()
        return filtered(results_of(self.university), self.request).defer("content")

    @extend_schema(
        operation_id="listResults",
        tags=["results"],
        parameters=[
            OpenApiParameter("state", enum=STATES),
            OpenApiParameter("assignment", description="Only this assignment."),
        ],
        responses={200: ResultSerializer(many=True), **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """List results, newest submission first; drafts of reviews never appear."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _as_sent(error: ValidationError) -> dict[str, list[str]]:
    """Return a service's field errors under the names the API's caller sent."""
    names = {"due_at": "due_local"}
    return {names.get(field, field): words for field, words in error.message_dict.items()}


def filtered(rows: QuerySet[Submission], request: Request) -> QuerySet[Submission]:
    """Return the rows that fit ``state`` and ``assignment``.

    Raises:
        ValidationError: a parameter has a value that does not exist.
    """
    state = request.query_params.get("state", "")
    if state and state not in STATES:
        raise exceptions.ValidationError({"state": f"One of {', '.join(STATES)}."})
    if state:
        rows = rows.filter(state=state)
    if assignment := request.query_params.get("assignment", ""):
        try:
            rows = rows.filter(assignment_id=uuid.UUID(assignment))
        except ValueError as error:
            raise exceptions.ValidationError({"assignment": "This is no id."}) from error
    return rows
