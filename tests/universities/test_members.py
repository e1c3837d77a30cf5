"""The list of members, roles and removal."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice, User
from tests.factories import CohortFactory, MembershipFactory
from universities.models import AuditEvent, Membership, Role, University
from universities.services.members import member_role_change, membership_grant

pytestmark = pytest.mark.django_db
LIST = "/universities/north/members/"


def of(user: User) -> Membership:
    """Return somebody's membership."""
    return Membership.objects.get(user=user)


def test_members_are_listed_without_those_removed(as_carol: Client, university: University) -> None:
    MembershipFactory(university=university, user__name="Ada")
    MembershipFactory(university=university, user__name="Gone", removed_at="2026-01-01T00:00Z")
    page = as_carol.get(LIST).content.decode()
    assert "Ada" in page
    assert "Gone" not in page


@pytest.mark.parametrize("search", ["ada", "ADA@", "s-10"])
def test_members_are_found_by_name_address_and_id(
    as_carol: Client, university: University, search: str
) -> None:
    MembershipFactory(
        university=university, user__email="ada@x.example", user__name="Ada L", external_id="s-10"
    )
    page = as_carol.get(LIST, {"q": search})
    assert [member.user.name for member in page.context["page"]] == ["Ada L"]


def test_members_are_filtered_by_role(as_carol: Client, alice: User, bob: User) -> None:
    page = as_carol.get(LIST, {"role": "coach"})
    assert [member.user for member in page.context["page"]] == [bob]


def test_a_search_without_result_says_so(as_carol: Client) -> None:
    assert "Nobody found" in as_carol.get(LIST, {"q": "zzz"}).content.decode()


def test_the_list_costs_the_same_for_many_members(
    as_carol: Client,
    university: University,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    members = MembershipFactory.create_batch(30, university=university)
    CohortFactory(university=university, members=members)
    with django_assert_max_num_queries(9):
        as_carol.get(LIST)


def test_the_list_comes_in_pages_that_keep_the_search(
    as_carol: Client, university: University
) -> None:
    MembershipFactory.create_batch(51, university=university)
    page = as_carol.get(LIST, {"q": "person"}).content.decode()
    assert "?q=person&amp;page=2" in page


def test_a_role_is_changed_recorded_and_told(as_carol: Client, alice: User) -> None:
    as_carol.post(reverse("member-role", args=["north", of(alice).pk]), {"role": "coach"})
    assert of(alice).role == Role.COACH
    assert AuditEvent.objects.get().subject == f"member:{of(alice).pk}"
    assert "coach" in Notice.objects.get(user=alice).text


def test_an_unknown_role_is_refused(as_carol: Client, alice: User) -> None:
    as_carol.post(reverse("member-role", args=["north", of(alice).pk]), {"role": "owner"})
    assert of(alice).role == Role.STUDENT


def test_the_only_staff_member_keeps_the_role(as_carol: Client, carol: User) -> None:
    as_carol.post(reverse("member-role", args=["north", of(carol).pk]), {"role": "student"})
    assert of(carol).role == Role.STAFF


def test_staff_can_step_down_when_there_is_another(carol: User, university: University) -> None:
    MembershipFactory(university=university, role=Role.STAFF)
    member_role_change(membership=of(carol), role=Role.COACH, actor=carol)
    assert of(carol).role == Role.COACH


def test_a_removed_staff_member_does_not_count(carol: User, university: University) -> None:
    MembershipFactory(university=university, role=Role.STAFF, removed_at="2026-01-01T00:00Z")
    with pytest.raises(ValidationError):
        member_role_change(membership=of(carol), role=Role.COACH, actor=carol)


def test_a_removed_member_leaves_the_cohorts(
    as_carol: Client, alice: User, university: University
) -> None:
    cohort = CohortFactory(university=university, members=[of(alice)])
    as_carol.post(reverse("member-remove", args=["north", of(alice).pk]))
    assert of(alice).removed_at is not None
    assert not cohort.members.exists()
    assert AuditEvent.objects.get().action == "member.removed"


def test_an_invitation_never_takes_a_role_away(bob: User, university: University) -> None:
    membership_grant(university=university, user=bob, role=Role.STUDENT)
    assert of(bob).role == Role.COACH


def test_an_invitation_gives_the_higher_role(alice: User, university: University) -> None:
    membership_grant(university=university, user=alice, role=Role.COACH)
    assert of(alice).role == Role.COACH
