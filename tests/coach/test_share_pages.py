"""Staff make, count and close links to one case, on their university's pages and in the admin."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from coach.models import Attempt, ShareLink
from coach.services.shares import share_link_follow, share_link_make
from questions.models import Audience, Question
from tests.coach.factories import SHOP, question_of
from tests.factories import UserFactory
from universities.models import AuditEvent, University

pytestmark = pytest.mark.django_db
LIST = "/universities/north/links/"
ADMIN = "/admin/coach/sharelink/"
ADDRESS = re.compile(r"http://testserver/shared/[\w-]{32}/")


@pytest.fixture
def question() -> Question:
    """The shop case, for members only."""
    question = question_of()
    Question.objects.filter(pk=question.pk).update(audience=Audience.MEMBERS)
    question.refresh_from_db()
    return question


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator's browser."""
    user = User.objects.create_superuser(email="admin@example.com", password="a long password")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(question: Question, /, **changes: str) -> dict[str, str]:
    return {"question": str(question.pk), "note": "Open day", "last_day": "", **changes}


def day(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def test_a_link_is_made_its_address_shown_once_and_it_opens_the_case(
    as_carol: Client, question: Question, carol: User, university: University, client: Client
) -> None:
    made = as_carol.post(LIST, form(question))
    [address] = set(ADDRESS.findall(made.content.decode()))
    assert "no-store" in made["Cache-Control"]
    link = ShareLink.objects.get()
    assert (link.created_by, link.university, link.note) == (carol, university, "Open day")
    assert link.expires_at is None
    assert not ADDRESS.findall(as_carol.get(LIST).content.decode())
    assert client.get(address).url == reverse("question-detail", args=[SHOP])
    assert client.get(reverse("question-detail", args=[SHOP])).status_code == 200
    event = AuditEvent.objects.get()
    assert (event.actor, event.action) == (carol, "link.created")
    assert event.subject == question.title


def test_a_last_day_ends_where_the_university_is(as_carol: Client, question: Question) -> None:
    University.objects.update(timezone="Pacific/Auckland")
    as_carol.post(LIST, form(question, last_day=day(3)))
    ends = ShareLink.objects.get().expires_at
    assert ends.astimezone(timezone.get_default_timezone()).hour in (11, 12)
    assert timedelta(days=2) < ends - timezone.now() < timedelta(days=5)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("question", "", "required"),
        ("question", "0", "valid choice"),
        ("last_day", "2001-01-01", "later day"),
        ("last_day", "9999-12-31", "within ten years"),
        ("last_day", "soon", "valid date"),
        ("note", "x" * 121, "120"),
    ],
)
def test_a_wrong_field_is_named_and_everything_typed_is_kept(
    field: str, value: str, words: str, as_carol: Client, question: Question
) -> None:
    response = as_carol.post(LIST, form(question, **{"note": "kept note", field: value}))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert field == "note" or "kept note" in page
    assert not ShareLink.objects.exists()


def test_a_draft_cannot_be_chosen(as_carol: Client, question: Question) -> None:
    Question.objects.update(published_at=None)
    assert as_carol.post(LIST, form(question)).status_code == 422
    assert not ShareLink.objects.exists()


def test_the_page_says_who_made_a_link_and_how_many_came(
    as_carol: Client, question: Question, carol: User, university: University
) -> None:
    _, token = share_link_make(question=question, by=carol, university=university)
    for user in UserFactory.create_batch(2):
        share_link_follow(token=token, user=user)
    share_link_follow(token=token, user=None, visitor_hash="v")
    page = as_carol.get(LIST).content.decode()
    assert "Carol" in page
    assert re.search(r'data-label="Came by it"[^>]*>3<', page)


def test_closing_shuts_the_case_for_who_came_by_it_and_is_noted(
    as_carol: Client, question: Question, university: University, client: Client, carol: User
) -> None:
    link, token = share_link_make(question=question, by=carol, university=university)
    client.get(reverse("share-follow", args=[token]))
    client.post(reverse("practice-start", args=[SHOP]))
    attempt = Attempt.objects.get()
    response = as_carol.post(f"{LIST}{link.pk}/close/")
    assert response.url == LIST
    assert client.get(reverse("question-detail", args=[SHOP])).status_code == 404
    assert client.get(reverse("practice-resume", args=[attempt.pk]), follow=True).status_code == 200
    assert "closed" in as_carol.get(LIST).content.decode()
    as_carol.post(f"{LIST}{link.pk}/close/")
    actions = AuditEvent.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["link.created", "link.closed"]


def test_strangers_and_members_who_are_not_staff_find_nothing(
    as_alice: Client,
    as_bob: Client,
    as_charlie: Client,
    question: Question,
    university: University,
    carol: User,
) -> None:
    link, _ = share_link_make(question=question, by=carol, university=university)
    for browser in (as_alice, as_bob, as_charlie):
        assert browser.get(LIST).status_code == 404
        assert browser.post(LIST, form(question)).status_code == 404
        assert browser.post(f"{LIST}{link.pk}/close/").status_code == 404
    assert as_charlie.post(f"/universities/south/links/{link.pk}/close/").status_code == 404
    link.refresh_from_db()
    assert link.state == "open"
    assert ShareLink.objects.count() == 1


def test_the_links_of_the_site_and_of_others_are_not_listed(
    as_carol: Client, question: Question, charlie: User
) -> None:
    south = charlie.memberships.get().university
    share_link_make(question=question, by=charlie, note="Site")
    share_link_make(question=question, by=charlie, university=south, note="South")
    page = as_carol.get(LIST).content.decode()
    assert "No links yet" in page


def test_twenty_links_take_as_many_queries_as_one(
    as_carol: Client,
    question: Question,
    university: University,
    carol: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(20):
        share_link_make(question=question, by=carol, university=university)
    with django_assert_max_num_queries(9):
        as_carol.get(LIST)


def test_site_staff_make_a_link_in_the_admin_and_see_its_address_once(
    admin: Client, question: Question
) -> None:
    made = admin.post(f"{ADMIN}add/", form(question, last_day=day(1)), follow=True)
    link = ShareLink.objects.get()
    [address] = set(ADDRESS.findall(made.content.decode()))
    assert link.university is None
    assert link.created_by.email == "admin@example.com"
    assert link.expires_at > timezone.now()
    assert not ADDRESS.findall(admin.get(ADMIN).content.decode())
    assert Client().get(address).status_code == 302
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("changes", [{"last_day": "2001-01-01"}, {"question": "0"}])
def test_a_wrong_field_in_the_admin_is_named(
    changes: dict[str, str], admin: Client, question: Question
) -> None:
    response = admin.post(f"{ADMIN}add/", form(question, **changes))
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not ShareLink.objects.exists()


def test_site_staff_close_links_and_cannot_change_or_delete_one(
    admin: Client, question: Question, carol: User, university: University
) -> None:
    link, _ = share_link_make(question=question, by=carol, university=university)
    assert admin.get(f"{ADMIN}{link.pk}/change/").status_code == 200
    assert admin.post(f"{ADMIN}{link.pk}/change/", {"note": "x"}).status_code == 403
    assert admin.post(f"{ADMIN}{link.pk}/delete/").status_code == 403
    chosen = {"action": "close", "_selected_action": [str(link.pk)]}
    assert "1 link closed." in admin.post(ADMIN, chosen, follow=True).content.decode()
    link.refresh_from_db()
    assert link.state == "closed"
    assert link.note == ""
