"""/api/v1/members and /api/v1/cohorts."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from universities.access import access_cohort
from universities.api_base import TenantView, problems
from universities.models import Cohort, Membership, Role
from universities.scopes import Scope
from universities.selectors import cohort_members, cohorts_of, members_of
from universities.serializers import (
    CohortMembersSerializer,
    CohortSerializer,
    MemberSerializer,
)
from universities.services.cohorts import cohort_create, cohort_members_set, cohort_rename

LIST_ORDER = ("-created_at", "id")


class MemberListView(TenantView):
    """The university's members."""

    required_scopes = {"GET": Scope.MEMBERS_READ}
    serializer_class = MemberSerializer

    def get_queryset(self) -> QuerySet[Membership]:
        """Return present members, filtered by role and by the university's own id."""
        if getattr(self, "swagger_fake_view", False):
            return Membership.objects.none()
        role = self.request.query_params.get("role", "")
        if role and role not in Role.values:
            raise exceptions.ValidationError({"role": f"One of {', '.join(Role.values)}."})
        members = members_of(self.university, role=role)
        if external_id := self.request.query_params.get("external_id", ""):
            members = members.filter(external_id=external_id)
        return members.order_by(*LIST_ORDER)

    @extend_schema(
        operation_id="listMembers",
        tags=["members"],
        parameters=[
            OpenApiParameter("role", enum=Role.values, description="Only this role."),
            OpenApiParameter("external_id", description="Only the member with this id of yours."),
        ],
        responses={200: MemberSerializer(many=True), **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """List members, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class MemberDetailView(TenantView):
    """One member."""

    required_scopes = {"GET": Scope.MEMBERS_READ}
    serializer_class = MemberSerializer

    @extend_schema(
        operation_id="getMember",
        tags=["members"],
        responses={200: MemberSerializer, **problems(404)},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return one present member."""
        member = members_of(self.university).filter(pk=pk).first()
        if member is None:
            raise Http404
        return Response(self.get_serializer(member).data)


class CohortListView(TenantView):
    """The university's cohorts."""

    required_scopes = {"GET": Scope.COHORTS_READ, "POST": Scope.COHORTS_WRITE}
    serializer_class = CohortSerializer

    def get_queryset(self) -> QuerySet[Cohort]:
        """Return cohorts with their size."""
        if getattr(self, "swagger_fake_view", False):
            return Cohort.objects.none()
        return cohorts_of(self.university).order_by(*LIST_ORDER)

    @extend_schema(
        operation_id="listCohorts",
        tags=["cohorts"],
        responses={200: CohortSerializer(many=True), **problems()},
    )
    def get(self, request: Request) -> Response:
        """List cohorts, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="createCohort",
        tags=["cohorts"],
        responses={201: CohortSerializer, **problems(400)},
    )
    def post(self, request: Request) -> Response:
        """Make a cohort. A name that is taken is refused."""
        name = _valid(self, request)["name"]
        cohort = cohort_create(university=self.university, actor=self.key, name=name)
        return Response(_cohort_body(self, cohort), status=status.HTTP_201_CREATED)


class CohortDetailView(TenantView):
    """One cohort."""

    required_scopes = {"GET": Scope.COHORTS_READ, "PUT": Scope.COHORTS_WRITE}
    serializer_class = CohortSerializer

    @extend_schema(
        operation_id="getCohort",
        tags=["cohorts"],
        responses={200: CohortSerializer, **problems(404)},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return one cohort."""
        return Response(_cohort_body(self, access_cohort(self.university, pk)))

    @extend_schema(
        operation_id="renameCohort",
        tags=["cohorts"],
        responses={200: CohortSerializer, **problems(400, 404)},
    )
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Give a cohort another name."""
        cohort = access_cohort(self.university, pk)
        cohort_rename(cohort=cohort, actor=self.key, name=_valid(self, request)["name"])
        return Response(_cohort_body(self, cohort))


class CohortMembersView(TenantView):
    """Who is in a cohort."""

    required_scopes = {"GET": Scope.COHORTS_READ, "PUT": Scope.COHORTS_WRITE}
    serializer_class = CohortMembersSerializer

    @extend_schema(
        operation_id="listCohortMembers",
        tags=["cohorts"],
        responses={200: MemberSerializer(many=True), **problems(404)},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """List the members of a cohort, newest first."""
        cohort = access_cohort(self.university, pk)
        members = cohort_members(cohort).prefetch_related("cohorts").order_by(*LIST_ORDER)
        page = self.paginate_queryset(members)
        return self.get_paginated_response(MemberSerializer(page, many=True).data)

    @extend_schema(
        operation_id="setCohortMembers",
        tags=["cohorts"],
        request=CohortMembersSerializer,
        responses={200: CohortSerializer, **problems(400, 404)},
    )
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Make exactly these students the cohort; doing it twice is the same as once."""
        cohort = access_cohort(self.university, pk)
        ids = _valid(self, request)["members"]
        cohort_members_set(cohort=cohort, actor=self.key, member_ids=ids)
        return Response(_cohort_body(self, cohort))


def _valid(view: TenantView, request: Request) -> dict[str, Any]:
    serializer = view.get_serializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _cohort_body(view: TenantView, cohort: Cohort) -> dict[str, Any]:
    return dict(CohortSerializer(cohorts_of(view.university).get(pk=cohort.pk)).data)
