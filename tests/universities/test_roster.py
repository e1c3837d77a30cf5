"""Importing people: the dry run, the application, and running it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import User
from tests.factories import CohortFactory, InvitationFactory, MembershipFactory, UserFactory
from universities.models import (
    AuditEvent,
    Cohort,
    Invitation,
    Membership,
    RosterImport,
    University,
)
from universities.services.roster import RosterPlan, roster_apply, roster_plan

pytestmark = pytest.mark.django_db
IMPORT = "/universities/north/import/"
TWO = "email,name,external_id,cohort\nada@x.com,Ada,s-1,MBA\nalan@x.com,Alan,s-2,MBA\n"


def upload(browser: Client, text: str | bytes) -> Any:
    """Send a file to the dry run."""
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(IMPORT, {"file": SimpleUploadedFile("people.csv", data)})


def plan_of(university: University, text: str) -> RosterPlan:
    """Return what a file would do."""
    return roster_plan(roster=RosterImport(university=university, text=text))


def apply(university: University, actor: User, text: str) -> RosterPlan:
    """Apply a file."""
    roster = RosterImport.objects.create(university=university, text=text)
    return roster_apply(roster=roster, actor=actor)


def test_a_dry_run_writes_nobody_and_mails_nobody(as_carol: Client) -> None:
    response = upload(as_carol, TWO)
    page = as_carol.get(response["Location"]).content.decode()
    assert "To be invited: 2" in page
    assert "New cohorts: MBA." in page
    assert (Invitation.objects.count(), Cohort.objects.count(), len(mail.outbox)) == (0, 0, 0)


def test_applying_invites_everybody_and_makes_the_cohort(
    as_carol: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    address = upload(as_carol, TWO)["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        as_carol.post(address)
    ada = Invitation.objects.get(email="ada@x.com")
    assert (ada.name, ada.external_id, ada.cohort) == ("Ada", "s-1", Cohort.objects.get())
    assert len(mail.outbox) == 2
    assert AuditEvent.objects.filter(action="roster.applied").count() == 1
    assert not Membership.objects.filter(user__email="ada@x.com").exists()


def test_an_applied_list_is_cleared_and_gone(as_carol: Client) -> None:
    address = upload(as_carol, TWO)["Location"]
    as_carol.post(address)
    assert RosterImport.objects.get().text == ""
    assert as_carol.post(address).status_code == 404


def test_the_same_file_again_changes_nothing(university: University, carol: User) -> None:
    apply(university, carol, TWO)
    before = list(Invitation.objects.values())
    plan = apply(university, carol, TWO)
    assert {item.kind for item in plan.planned} == {"unchanged"}
    assert list(Invitation.objects.values()) == before


def test_somebody_with_an_account_is_invited_too(university: University, carol: User) -> None:
    UserFactory(email="ada@x.com")
    apply(university, carol, "email\nada@x.com")
    assert Invitation.objects.get().email == "ada@x.com"
    assert not Membership.objects.filter(user__email="ada@x.com").exists()


def test_a_member_gets_id_and_cohort(university: University, carol: User) -> None:
    member = MembershipFactory(university=university, user__email="ada@x.com")
    apply(university, carol, TWO.splitlines()[0] + "\nada@x.com,Ada,s-1,MBA")
    member.refresh_from_db()
    assert member.external_id == "s-1"
    assert [cohort.name for cohort in member.cohorts.all()] == ["MBA"]
    assert member.user.name == ""


def test_an_empty_cell_leaves_things_as_they_are(university: University, carol: User) -> None:
    cohort = CohortFactory(university=university, name="MBA")
    member = MembershipFactory(university=university, external_id="s-1", user__email="a@x.com")
    cohort.members.add(member)
    plan = apply(university, carol, "email,external_id,cohort\na@x.com,,")
    member.refresh_from_db()
    assert [item.kind for item in plan.planned] == ["unchanged"]
    assert (member.external_id, member.cohorts.count()) == ("s-1", 1)


def test_a_member_is_known_by_the_id_after_changing_address(university: University) -> None:
    MembershipFactory(university=university, external_id="s-1", user__email="new@x.com")
    plan = plan_of(university, "email,external_id\nold@x.com,s-1")
    assert [item.words for item in plan.planned] == ["Member, who signs in with another address"]


def test_an_id_of_somebody_else_is_an_error(university: University) -> None:
    MembershipFactory(university=university, external_id="s-1", user__email="ada@x.com")
    MembershipFactory(university=university, user__email="bob@x.com")
    InvitationFactory(university=university, external_id="s-2", email="eve@x.com")
    plan = plan_of(university, "email,external_id\nbob@x.com,s-1\nnew@x.com,s-2")
    assert [(error.line, error.column) for error in plan.errors] == [
        (2, "external_id"),
        (3, "external_id"),
    ]


def test_an_invitation_that_ended_is_sent_again(university: University, carol: User) -> None:
    ended = InvitationFactory(
        university=university,
        email="ada@x.com",
        sent_at=timezone.now(),
        expires_at=timezone.now() - timedelta(days=1),
    )
    apply(university, carol, "email\nada@x.com")
    ended.refresh_from_db()
    assert Invitation.objects.count() == 1
    assert ended.expires_at > timezone.now()
    assert ended.sent_at is None


def test_somebody_removed_is_invited_again(university: University) -> None:
    MembershipFactory(university=university, user__email="ada@x.com", removed_at=timezone.now())
    plan = plan_of(university, "email\nada@x.com")
    assert [item.words for item in plan.planned] == ["Invited again as a student"]


def test_one_wrong_line_stops_all_of_it(as_carol: Client) -> None:
    address = upload(as_carol, f"{TWO}nobody,,,\n")["Location"]
    page = as_carol.get(address).content.decode()
    as_carol.post(address)
    assert "1 thing to correct" in page
    assert "Import now" not in page
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "empty"), (b"\xff\xfe", "UTF-8"), (b"name\nx", "email"), (b"x" * 1_000_001, "1 MB")],
)
def test_a_file_that_cannot_be_read_is_explained_beside_the_field(
    as_carol: Client, data: bytes, words: str
) -> None:
    page = upload(as_carol, data).content.decode()
    assert 'id="id_file_error"' in page
    assert words in page
    assert not RosterImport.objects.exists()


def test_no_file_at_all_is_explained(as_carol: Client) -> None:
    assert 'id="id_file_error"' in as_carol.post(IMPORT, {"other": "1"}).content.decode()


def test_a_list_that_waits_too_long_goes(as_carol: Client, university: University) -> None:
    old = RosterImport.objects.create(
        university=university, text="email", created_at=timezone.now() - timedelta(days=2)
    )
    upload(as_carol, TWO)
    assert not RosterImport.objects.filter(pk=old.pk).exists()


def test_another_universitys_people_are_not_touched(
    university: University, carol: User, charlie: User
) -> None:
    south = charlie.memberships.get()
    south.external_id = "s-1"
    south.save()
    apply(university, carol, "email,external_id\ncharlie@example.com,s-1")
    south.refresh_from_db()
    assert Invitation.objects.get().university == university
    assert (south.external_id, south.role) == ("s-1", "staff")


def test_thousands_of_people_need_few_queries(
    university: University,
    carol: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    text = "email,cohort\n" + "".join(f"p{n}@x.com,MBA\n" for n in range(1000))
    with django_assert_max_num_queries(40):
        apply(university, carol, text)
    assert Invitation.objects.count() == 1000
