"""Inviting, accepting, taking back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from tests.conftest import signed_in
from tests.factories import PASSWORD, CohortFactory, InvitationFactory, UserFactory
from universities.models import AuditEvent, Invitation, Membership, Role, University
from universities.services.invitations import invitation_create, invitations_send

pytestmark = pytest.mark.django_db
LIST = "/universities/north/invitations/"
INVITE = {"email": "Ada@Example.com", "name": "Ada", "role": "coach", "cohort": ""}


def token_in_mail() -> str:
    """Return the token of the last invitation that was mailed."""
    found = re.search(r"/universities/invitations/(\S+)/", mail.outbox[-1].body)
    assert found
    return found[1]


@pytest.fixture
def invite(
    university: University,
    carol: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Any:
    """Invite somebody and return the page of the link in the mail."""

    def invited(**fields: Any) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            invitation_create(
                **{"university": university, "actor": carol, "email": "ada@example.com", **fields}
            )
        return reverse("invitation-accept", args=[token_in_mail()])

    return invited


def test_an_invitation_is_stored_mailed_and_recorded(
    as_carol: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_carol.post(LIST, INVITE)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("ada@example.com", Role.COACH)
    assert invitation.sent_at is not None
    assert mail.outbox[0].to == ["ada@example.com"]
    assert AuditEvent.objects.get().subject == f"invitation:{invitation.pk}"


def test_the_token_is_in_the_mail_and_nowhere_else(invite: Any, as_carol: Client) -> None:
    invite()
    token = token_in_mail()
    assert token not in str(list(Invitation.objects.values()))
    assert token not in as_carol.get(LIST).content.decode()


def test_a_wrong_address_is_explained_and_the_rest_is_kept(as_carol: Client) -> None:
    page = as_carol.post(LIST, {**INVITE, "email": "nobody"}).content.decode()
    assert 'id="id_email_error"' in page
    assert 'value="Ada"' in page
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited(as_carol: Client, alice: User) -> None:
    page = as_carol.post(LIST, {**INVITE, "email": alice.email}).content.decode()
    assert "is a member already" in page


def test_a_cohort_of_another_university_cannot_be_chosen(as_carol: Client) -> None:
    foreign = CohortFactory()
    as_carol.post(LIST, {**INVITE, "cohort": str(foreign.pk)})
    assert not Invitation.objects.exists()


def test_inviting_twice_replaces_the_link(invite: Any, client: Client) -> None:
    first, second = invite(), invite()
    assert Invitation.objects.count() == 1
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_the_invited_person_accepts(invite: Any, university: University) -> None:
    cohort = CohortFactory(university=university)
    address = invite(role=Role.STUDENT, cohort=cohort, external_id="s-1")
    user = UserFactory(email="ada@example.com")
    response = signed_in(user).post(address)
    membership = Membership.objects.get(user=user)
    assert response["Location"] == reverse("university-detail", args=["north"])
    assert (membership.role, membership.external_id) == (Role.STUDENT, "s-1")
    assert list(cohort.members.all()) == [membership]


def test_accepting_leaves_no_address_behind(invite: Any) -> None:
    signed_in(UserFactory(email="ada@example.com")).post(invite(name="Ada"))
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.name) == ("", "")
    assert invitation.accepted_at is not None


def test_somebody_else_with_the_link_cannot_accept(invite: Any, charlie: User) -> None:
    address = invite(role=Role.STAFF)
    response = signed_in(charlie).post(address)
    assert response.status_code == 409
    assert not Membership.objects.filter(user=charlie, university__slug="north").exists()


def test_a_link_works_once(invite: Any) -> None:
    browser = signed_in(UserFactory(email="ada@example.com"))
    address = invite()
    browser.post(address)
    Membership.objects.filter(user__email="ada@example.com").update(removed_at=timezone.now())
    assert browser.post(address).status_code == 409
    assert browser.get(address).status_code == 410


def test_an_expired_link_says_so_and_gives_nothing(invite: Any) -> None:
    address = invite()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    browser = signed_in(UserFactory(email="ada@example.com"))
    assert browser.get(address).status_code == 410
    assert browser.post(address).status_code == 409
    assert not Membership.objects.filter(user__email="ada@example.com").exists()


def test_a_link_that_was_taken_back_gives_nothing(invite: Any, as_carol: Client) -> None:
    address = invite()
    as_carol.post(reverse("invitation-revoke", args=["north", Invitation.objects.get().pk]))
    assert signed_in(UserFactory(email="ada@example.com")).post(address).status_code == 409


def test_an_invented_token_is_not_found(client: Client) -> None:
    assert client.get(reverse("invitation-accept", args=["x" * 43])).status_code == 404


def test_sending_again_ends_the_old_link(
    invite: Any,
    as_carol: Client,
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old = invite()
    with django_capture_on_commit_callbacks(execute=True):
        as_carol.post(reverse("invitation-again", args=["north", Invitation.objects.get().pk]))
    assert client.get(old).status_code == 404
    assert client.get(reverse("invitation-accept", args=[token_in_mail()])).status_code == 200


def test_somebody_new_signs_up_and_comes_back_to_the_invitation(
    invite: Any, client: Client
) -> None:
    address = invite()
    assert f"?next={address}" in client.get(address).content.decode()
    new = {"email": "ada@example.com", "password1": PASSWORD, "next": address}
    assert client.post(reverse("account_signup"), new)["Location"] == address
    client.post(address)
    assert Membership.objects.get(user__email="ada@example.com").role == Role.STUDENT


def test_a_mail_server_that_is_down_keeps_the_invitation_waiting(
    invite: Any, settings: Settings, university: University
) -> None:
    InvitationFactory(university=university)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert invitations_send() == 0
    assert Invitation.objects.get().sent_at is None


def test_waiting_invitations_leave_oldest_first_and_once(university: University) -> None:
    InvitationFactory.create_batch(3, university=university)
    assert [invitations_send(limit=2), invitations_send(limit=2), invitations_send()] == [2, 1, 0]
    assert len({message.to[0] for message in mail.outbox}) == 3


def test_a_name_with_a_line_break_forges_no_header(invite: Any, university: University) -> None:
    university.name = "North\nBcc: x@example.com"
    university.save()
    invite()
    assert mail.outbox[-1].recipients() == ["ada@example.com"]


def test_the_list_costs_the_same_for_many_invitations(
    as_carol: Client,
    university: University,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    InvitationFactory.create_batch(30, university=university)
    with django_assert_max_num_queries(9):
        as_carol.get(LIST)
