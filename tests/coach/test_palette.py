"""The search of every page: what it finds, for whom, in how many queries."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from coach.selectors.palette import PLACES
from questions import search
from questions.models import Audience, Question
from tests.coach.factories import SHOP, finished, play, question_of
from tests.conftest import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FIND = "/find/"


@pytest.fixture
def shop() -> Question:
    question = question_of()
    search.index_write([question])
    return question


def found(client: Client, text: str) -> str:
    response = client.get(FIND, {"q": text}, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def test_a_question_a_metric_and_a_page_are_found_by_their_words(
    client: Client, shop: Question
) -> None:
    html = found(client, "tiktk shop")
    assert f'href="/questions/{SHOP}/"' in html
    assert 'href="/questions/?q=tiktk+shop"' in html
    assert 'href="/lab/metrics/' in found(client, "churn")
    assert f'href="{reverse("lab-experiment")}"' in found(client, "size a tst")


def test_own_attempts_are_found_and_nobody_elses(
    as_alice: Client, alice: User, shop: Question
) -> None:
    attempt = play(alice)
    done = finished(alice)
    html = found(as_alice, "improve")
    assert reverse("practice-resume", args=[attempt.pk]) in html
    assert reverse("practice-report", args=[done.pk]) in html
    other = found(signed_in(UserFactory()), "improve")
    assert "My attempts" not in other
    assert str(attempt.pk) not in other


def test_before_anything_is_typed_it_shows_where_one_was_and_the_pages(
    as_alice: Client, alice: User
) -> None:
    play(alice)
    html = found(as_alice, "")
    assert html.index("My attempts") < html.index("Pages")
    assert "Questions</h3>" not in html


def test_a_case_for_members_is_found_by_members_only(
    client: Client, as_alice: Client, shop: Question
) -> None:
    Question.objects.update(audience=Audience.MEMBERS)
    assert SHOP in found(as_alice, "tiktok")
    assert SHOP not in found(client, "tiktok")


def test_pages_of_reviewers_are_shown_to_reviewers(as_bob: Client, as_alice: Client) -> None:
    assert reverse("desk-queue") in found(as_bob, "desk")
    assert reverse("desk-queue") not in found(as_alice, "desk")
    assert reverse("account-home") not in found(Client(), "account")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.label)
def test_every_page_it_names_is_there(place, as_bob: Client) -> None:
    assert as_bob.get(reverse(place.name)).status_code == 200


def test_without_a_script_it_is_a_page(client: Client, shop: Question) -> None:
    response = client.get(FIND, {"q": "tiktok"})
    html = response.content.decode()
    assert "<h1>Search</h1>" in html
    assert 'value="tiktok"' in html
    assert SHOP in html
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("text", ["", "\0", "<script>", '"', "&" * 400, "zzyzx"])
def test_whatever_is_typed_is_answered(client: Client, text: str) -> None:
    html = found(client, text)
    assert "<script>" not in html


def test_it_takes_the_same_queries_whatever_is_found(
    as_alice: Client,
    alice: User,
    shop: Question,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(4):
        play(alice)
    found(as_alice, "tiktk")
    with django_assert_max_num_queries(14):
        found(as_alice, "tiktk")
