"""Who may open which case: everybody, members of a university, and whoever has a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from coach.models import Attempt, ShareGrant, ShareLink
from coach.services.shares import share_link_make, share_link_revoke
from questions.models import Audience, Question
from tests.coach.factories import SHOP, question_of
from tests.conftest import signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    """The browser of somebody without a university."""
    return signed_in(UserFactory())


@pytest.fixture
def members_case() -> Question:
    """The shop case, for members of a university only."""
    question = question_of()
    Question.objects.filter(pk=question.pk).update(audience=Audience.MEMBERS)
    question.refresh_from_db()
    return question


@pytest.fixture
def link(members_case: Question) -> tuple[ShareLink, str]:
    return share_link_make(question=members_case, by=UserFactory())


def opens(client: Client) -> bool:
    """Whether somebody sees the case's page, finds it in the list, and may start it."""
    page = client.get(reverse("question-detail", args=[SHOP])).status_code == 200
    listed = f"/questions/{SHOP}/" in client.get(reverse("question-list")).content.decode()
    before = Attempt.objects.count()
    started = client.post(reverse("practice-start", args=[SHOP])).status_code == 302
    assert page == listed == started == (Attempt.objects.count() > before)
    return page


def test_everybody_opens_an_open_case(client: Client) -> None:
    question_of()
    assert opens(client)


def test_a_case_for_members_is_not_there_for_others(
    client: Client, stranger: Client, members_case: Question
) -> None:
    assert not opens(client)
    assert not opens(stranger)


def test_a_member_of_any_university_opens_it_until_they_leave(
    as_alice: Client, alice: User, members_case: Question
) -> None:
    assert opens(as_alice)
    alice.memberships.update(removed_at=timezone.now())
    assert not opens(as_alice)


def test_a_link_opens_its_case_for_a_visitor_and_keeps_open_after_signing_in(
    client: Client, link: tuple[ShareLink, str]
) -> None:
    response = client.get(reverse("share-follow", args=[link[1]]))
    assert response.url == reverse("question-detail", args=[SHOP])
    assert response["Referrer-Policy"] == "no-referrer"
    assert opens(client)
    user = UserFactory()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert ShareGrant.objects.get().user == user
    assert opens(client)


def test_following_a_link_twice_is_one_grant(stranger: Client, link: tuple[ShareLink, str]) -> None:
    for _ in range(2):
        stranger.get(reverse("share-follow", args=[link[1]]))
    assert ShareGrant.objects.count() == 1


def test_a_closed_or_ended_link_opens_nothing_for_anybody(
    stranger: Client, client: Client, link: tuple[ShareLink, str]
) -> None:
    stranger.get(reverse("share-follow", args=[link[1]]))
    assert opens(stranger)
    share_link_revoke(link=link[0])
    assert not opens(stranger)
    assert client.get(reverse("share-follow", args=[link[1]])).status_code == 404
    past = timezone.now() - timedelta(minutes=1)
    ShareLink.objects.update(revoked_at=None, expires_at=past)
    assert not opens(stranger)
    assert client.get(reverse("share-follow", args=[link[1]])).status_code == 404


def test_an_invented_link_is_not_found(client: Client) -> None:
    assert client.get(reverse("share-follow", args=["guessed"])).status_code == 404
    assert not ShareGrant.objects.exists()


def test_the_token_itself_is_kept_nowhere(link: tuple[ShareLink, str]) -> None:
    assert link[1] not in str(ShareLink.objects.values())


def test_a_draft_cannot_be_shared_and_no_link_ends_in_the_past(members_case: Question) -> None:
    with pytest.raises(ValidationError, match="to come"):
        share_link_make(question=members_case, by=UserFactory(), expires_at=timezone.now())
    Question.objects.update(published_at=None)
    members_case.refresh_from_db()
    with pytest.raises(ValidationError, match="published"):
        share_link_make(question=members_case, by=UserFactory())
    assert not ShareLink.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"published_at": None},
        {"published_at": timezone.now() + timedelta(days=9)},
        {"retired_at": timezone.now() - timedelta(days=9)},
    ],
)
def test_a_draft_a_scheduled_and_a_retired_case_are_open_to_nobody(
    stranger: Client, link: tuple[ShareLink, str], change: dict[str, object]
) -> None:
    stranger.get(reverse("share-follow", args=[link[1]]))
    Question.objects.update(**change)
    assert not opens(stranger)
