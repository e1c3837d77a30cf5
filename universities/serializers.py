"""How members and cohorts look in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from universities.models import Cohort, Membership

if TYPE_CHECKING:
    # The framework's own classes take no type parameter when the program runs.
    MembershipSerializer = serializers.ModelSerializer[Membership]
    CohortModelSerializer = serializers.ModelSerializer[Cohort]
    PlainSerializer = serializers.Serializer[Any]
else:
    MembershipSerializer = CohortModelSerializer = serializers.ModelSerializer
    PlainSerializer = serializers.Serializer

MOST_MEMBERS = 5_000


class MemberSerializer(MembershipSerializer):
    """A present member. ``external_id`` is the university's own id for the person."""

    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    cohorts = serializers.SerializerMethodField()
    joined_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "name", "email", "role", "external_id", "cohorts", "joined_at")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_cohorts(self, member: Membership) -> list[str]:
        """Return the ids of the member's cohorts."""
        return [str(cohort.pk) for cohort in member.cohorts.all()]


class CohortSerializer(CohortModelSerializer):
    """A cohort and how many students are in it."""

    size = serializers.IntegerField(read_only=True)

    class Meta:
        model = Cohort
        fields = ("id", "name", "size", "created_at")
        read_only_fields = ("id", "size", "created_at")
        # The service checks that a name is free within the tenant, which is not in the body.
        validators: tuple[Any, ...] = ()


class CohortMembersSerializer(PlainSerializer):
    """The members a cohort is to have, all of them."""

    members = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=True, max_length=MOST_MEMBERS
    )


class ProblemErrorSerializer(PlainSerializer):
    """One value that cannot be used."""

    field = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(PlainSerializer):
    """What went wrong, as RFC 9457 writes it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(required=False)
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment]  # a field
