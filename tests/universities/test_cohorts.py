"""Cohorts and who is in them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import CohortFactory, MembershipFactory
from universities.models import AuditEvent, Cohort, Membership, Role, University
from universities.services.cohorts import cohort_members_set

pytestmark = pytest.mark.django_db
LIST = "/universities/north/cohorts/"


@pytest.fixture
def cohort(university: University) -> Cohort:
    """A cohort without members."""
    return CohortFactory(university=university, name="MBA")


def page_of(cohort: Cohort) -> str:
    """Return a cohort's address."""
    return reverse("cohort-detail", args=["north", cohort.pk])


def test_a_cohort_is_made_and_recorded(as_carol: Client) -> None:
    as_carol.post(LIST, {"name": "  MBA   2027 "})
    assert Cohort.objects.get().name == "MBA 2027"
    assert AuditEvent.objects.get().action == "cohort.created"


@pytest.mark.parametrize("name", ["", "   ", "mba", "x" * 121])
def test_a_name_that_cannot_be_used_is_explained_beside_the_field(
    as_carol: Client, cohort: Cohort, name: str
) -> None:
    page = as_carol.post(LIST, {"name": name}).content.decode()
    assert 'id="id_name_error"' in page
    assert Cohort.objects.count() == 1


def test_two_universities_may_use_the_same_name(as_carol: Client) -> None:
    CohortFactory(name="MBA")
    as_carol.post(LIST, {"name": "MBA"})
    assert Cohort.objects.filter(name="MBA").count() == 2


def test_a_cohort_is_renamed(as_carol: Client, cohort: Cohort) -> None:
    as_carol.post(reverse("cohort-rename", args=["north", cohort.pk]), {"name": "MBA 28"})
    cohort.refresh_from_db()
    assert cohort.name == "MBA 28"


def test_a_taken_new_name_is_kept_in_the_form(
    as_carol: Client, cohort: Cohort, university: University
) -> None:
    CohortFactory(university=university, name="Other")
    address = reverse("cohort-rename", args=["north", cohort.pk])
    page = as_carol.post(address, {"name": "Other"}).content.decode()
    assert 'id="rename_name_error"' in page
    assert 'value="Other"' in page
    assert "<h1>MBA</h1>" in page


def test_students_are_put_in_by_address(as_carol: Client, cohort: Cohort, alice: User) -> None:
    as_carol.post(page_of(cohort), {"emails": "Alice@Example.com;\n"})
    assert [member.user for member in cohort.members.all()] == [alice]


def test_an_address_that_is_no_student_here_is_named_and_kept(
    as_carol: Client, cohort: Cohort, alice: User, bob: User, charlie: User
) -> None:
    typed = f"{alice.email} {bob.email} {charlie.email}"
    page = as_carol.post(page_of(cohort), {"emails": typed}).content.decode()
    assert "No student here has this address: bob@example.com, charlie@example.com." in page
    assert typed in page
    assert not cohort.members.exists()


def test_a_student_is_taken_out(as_carol: Client, cohort: Cohort, alice: User) -> None:
    member = Membership.objects.get(user=alice)
    cohort.members.add(member)
    as_carol.post(reverse("cohort-take-out", args=["north", cohort.pk, member.pk]))
    assert not cohort.members.exists()
    assert Membership.objects.get(user=alice).removed_at is None


def test_members_of_another_university_are_refused(cohort: Cohort, carol: User) -> None:
    foreign = MembershipFactory()
    with pytest.raises(ValidationError):
        cohort_members_set(cohort=cohort, actor=carol, member_ids=[foreign.pk])
    assert not cohort.members.exists()


def test_a_coach_is_not_put_into_a_cohort(
    cohort: Cohort, carol: User, university: University
) -> None:
    coach = MembershipFactory(university=university, role=Role.COACH)
    with pytest.raises(ValidationError):
        cohort_members_set(cohort=cohort, actor=carol, member_ids=[coach.pk])


def test_pages_cost_the_same_for_many_cohorts_and_students(
    as_carol: Client,
    cohort: Cohort,
    university: University,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    CohortFactory.create_batch(20, university=university)
    cohort.members.set(MembershipFactory.create_batch(20, university=university))
    with django_assert_max_num_queries(8):
        as_carol.get(LIST)
    with django_assert_max_num_queries(9):
        as_carol.get(page_of(cohort))
