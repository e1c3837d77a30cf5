"""Joining with a code, seeing one's universities, leaving."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.conftest import signed_in
from tests.factories import MembershipFactory, UniversityFactory, UserFactory
from universities.models import AuditEvent, Membership, Role, University

pytestmark = pytest.mark.django_db
HOME = "/universities/"


@pytest.fixture
def newcomer() -> User:
    """Somebody without a university."""
    return UserFactory(email="new@example.com")


def test_the_code_makes_a_student(newcomer: User, university: University) -> None:
    response = signed_in(newcomer).post(HOME, {"code": university.join_code, "role": "staff"})
    membership = Membership.objects.get(user=newcomer)
    assert response["Location"] == reverse("university-detail", args=["north"])
    assert (membership.university, membership.role) == (university, Role.STUDENT)
    assert AuditEvent.objects.get().action == "member.joined"


def test_the_code_is_read_however_it_is_typed(newcomer: User, university: University) -> None:
    typed = f"  {university.join_code.lower().replace('-', ' ')} "
    signed_in(newcomer).post(HOME, {"code": typed})
    assert Membership.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize("code", ["AAAA-AAAA", "nonsense", "'; --", "ÄÖÜ"])
def test_a_wrong_code_is_explained_beside_the_field_and_kept(newcomer: User, code: str) -> None:
    page = signed_in(newcomer).post(HOME, {"code": code}).content.decode()
    assert "No university takes this code" in page
    assert 'id="id_code_error"' in page
    assert not Membership.objects.exists()


def test_a_university_can_switch_its_code_off(newcomer: User) -> None:
    university = UniversityFactory(join_by_code=False)
    signed_in(newcomer).post(HOME, {"code": university.join_code})
    assert not Membership.objects.exists()


def test_joining_twice_is_joining_once(newcomer: User, university: University) -> None:
    browser = signed_in(newcomer)
    for _ in range(2):
        browser.post(HOME, {"code": university.join_code})
    assert Membership.objects.filter(user=newcomer).count() == 1
    assert AuditEvent.objects.count() == 1


def test_joining_takes_no_role_away(as_carol: Client, carol: User, university: University) -> None:
    as_carol.post(HOME, {"code": university.join_code})
    assert Membership.objects.get(user=carol).role == Role.STAFF


def test_somebody_removed_cannot_come_back_with_the_code(
    newcomer: User, university: University
) -> None:
    MembershipFactory(university=university, user=newcomer, removed_at="2026-01-01T00:00Z")
    page = signed_in(newcomer).post(HOME, {"code": university.join_code}).content.decode()
    assert "invite you again" in page
    assert Membership.objects.get(user=newcomer).removed_at is not None


def test_guessing_codes_is_slowed_down(newcomer: User) -> None:
    browser = signed_in(newcomer)
    answers = [browser.post(HOME, {"code": "AAAA-AAAA"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_list_names_ones_universities_alone(as_alice: Client) -> None:
    UniversityFactory(name="South University")
    page = as_alice.get(HOME).content.decode()
    assert "North University" in page
    assert "South University" not in page


def test_the_list_needs_few_queries(
    as_alice: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    MembershipFactory.create_batch(5, user=alice)
    with django_assert_max_num_queries(6):
        as_alice.get(HOME)


def test_a_student_reads_who_can_see_what(as_alice: Client, bob: User, carol: User) -> None:
    page = as_alice.get(reverse("university-detail", args=["north"])).content.decode()
    assert "Who can see what" in page
    assert "Only you" in page
    assert "Bob" in page
    assert "Carol" in page


def test_leaving_ends_the_membership(as_alice: Client, alice: User) -> None:
    as_alice.post(reverse("university-leave", args=["north"]))
    assert Membership.objects.get(user=alice).removed_at is not None
    assert AuditEvent.objects.get().action == "member.left"


def test_the_only_staff_member_cannot_leave(as_carol: Client, carol: User) -> None:
    response = as_carol.post(reverse("university-leave", args=["north"]), follow=True)
    assert "only staff member" in response.content.decode()
    assert Membership.objects.get(user=carol).removed_at is None
