"""Settings, the overview, the record, and how a university begins."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.conftest import signed_in
from tests.factories import AuditEventFactory, MembershipFactory, UserFactory
from universities.models import AuditEvent, Membership, Role, University
from universities.services.members import member_remove
from universities.services.universities import university_create

pytestmark = pytest.mark.django_db
SETTINGS = "/universities/north/settings/"


def test_settings_are_saved_and_recorded(as_carol: Client, university: University) -> None:
    as_carol.post(SETTINGS, {"name": "North", "timezone": "Asia/Kolkata"})
    university.refresh_from_db()
    assert (university.name, university.timezone, university.join_by_code) == (
        "North",
        "Asia/Kolkata",
        False,
    )
    assert AuditEvent.objects.get().action == "university.settings"


def test_a_wrong_setting_is_explained_and_the_rest_is_kept(
    as_carol: Client, university: University
) -> None:
    page = as_carol.post(SETTINGS, {"name": "Kept", "timezone": "Moon/Sea"}).content.decode()
    university.refresh_from_db()
    assert 'id="id_timezone_error"' in page
    assert 'value="Kept"' in page
    assert university.name == "North University"


def test_a_new_code_ends_the_old_one(as_carol: Client, university: University) -> None:
    old = university.join_code
    as_carol.post(reverse("join-code-renew", args=["north"]))
    university.refresh_from_db()
    assert university.join_code != old
    signed_in(UserFactory(email="new@example.com")).post("/universities/", {"code": old})
    assert not Membership.objects.filter(user__email="new@example.com").exists()


@pytest.mark.parametrize(("page", "most"), [("", 13), ("settings/", 6), ("audit/", 9)])
def test_pages_need_few_queries(
    as_carol: Client,
    alice: User,
    university: University,
    page: str,
    most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    member = Membership.objects.get(user=alice)
    AuditEventFactory.create_batch(
        20, university=university, actor=alice, subject=f"member:{member.pk}"
    )
    with django_assert_max_num_queries(most):
        as_carol.get(f"/universities/north/{page}")


def test_the_record_names_people_who_are_here_and_nobody_who_is_gone(
    as_carol: Client, carol: User, alice: User, university: University
) -> None:
    member_remove(membership=Membership.objects.get(user=alice), actor=carol)
    page = reverse("audit-list", args=["north"])
    assert "Carol removed a member: Alice" in as_carol.get(page).content.decode()
    alice.delete()
    assert "Carol removed a member: a former member" in as_carol.get(page).content.decode()


def test_a_university_begins_with_one_staff_member(alice: User) -> None:
    made = university_create(name="Östra Universitet", staff=alice)
    assert made.slug == "ostra-universitet"
    assert made.memberships.get().role == Role.STAFF


def test_two_universities_of_one_name_have_two_addresses(alice: User) -> None:
    slugs = [university_create(name="Join", staff=alice).slug for _ in range(2)]
    assert len(set(slugs)) == 2
    assert "join" not in slugs


@pytest.mark.parametrize("name", ["", "---", "大学"])
def test_a_name_without_letters_for_an_address_is_refused(alice: User, name: str) -> None:
    with pytest.raises(ValidationError):
        university_create(name=name, staff=alice)


def test_the_command_makes_a_university(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_university", "West University", "--staff", "Alice@example.com")
    west = University.objects.get(slug="west-university")
    assert west.memberships.get().user == alice
    assert west.join_code in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_says_when_nobody_has_the_address() -> None:
    with pytest.raises(CommandError, match="Nobody has an account"):
        call_command("create_university", "West", "--staff", "nobody@example.com")


def test_an_administrator_makes_a_university_in_the_admin(alice: User) -> None:
    root = User.objects.create_superuser(email="root@example.com", password="x")
    new = {"name": "West", "timezone": "UTC", "first_staff": alice.email}
    signed_in(root).post(reverse("admin:universities_university_add"), new)
    assert University.objects.get(slug="west").memberships.get().user == alice


def test_nobody_changes_the_record_in_the_admin(university: University) -> None:
    root = User.objects.create_superuser(email="root@example.com", password="x")
    event = AuditEventFactory(university=university)
    browser = signed_in(root)
    change = reverse("admin:universities_auditevent_change", args=[event.pk])
    assert browser.post(change, {"subject": "x"}).status_code == 403
    delete = reverse("admin:universities_auditevent_delete", args=[event.pk])
    assert browser.post(delete, {"post": "yes"}).status_code == 403


def test_staff_of_a_university_may_not_enter_the_admin(as_carol: Client) -> None:
    assert as_carol.get(reverse("admin:index")).status_code == 302


def test_members_are_shown_in_the_admin_to_read(university: University) -> None:
    MembershipFactory(university=university)
    root = User.objects.create_superuser(email="root@example.com", password="x")
    assert (
        signed_in(root).get(reverse("admin:universities_membership_changelist")).status_code == 200
    )
