"""What the coach hands to a question's page: who has handed in, and how people do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from coach.models import Answer, Attempt, AttemptStep, Feedback
from coach.selectors.standing import CoachStanding
from questions.models import Question
from questions.standing import ENOUGH_PEOPLE
from tests.coach.factories import SHOP, answered, play, question_of
from tests.conftest import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = f"/questions/{SHOP}/"


def judge(person: User | None, level: int, *, minutes: int = 30, **answer: object) -> Attempt:
    """Return a finished attempt of which one step was judged."""
    attempt = play(person)
    fields = {"step": "segment", "version": 1, "text": "x", "html": "x", **answer}
    row = Answer.objects.create(attempt=attempt, **fields)
    Feedback.objects.create(answer=row, versions_key="k", report={}, level=level)
    AttemptStep.objects.filter(attempt=attempt).update(submitted_at=timezone.now())
    first = attempt.steps.first()
    AttemptStep.objects.filter(pk=first.pk).update(seconds=60 * minutes)
    Attempt.objects.filter(pk=attempt.pk).update(finished_at=timezone.now())
    return attempt


@pytest.fixture
def shop() -> Question:
    """The question that is played."""
    return question_of()


def test_a_step_that_was_handed_in_counts_as_submitted_for_its_owner_alone(
    shop: Question, alice: User, bob: User, as_alice: Client, as_bob: Client
) -> None:
    source = CoachStanding()
    attempt = play(alice)
    request = as_alice.get(PAGE).wsgi_request
    assert not source.has_submitted(request, shop.pk)
    answered(attempt)
    assert source.has_submitted(request, shop.pk)
    assert not source.has_submitted(request, shop.pk + 1)
    assert not source.has_submitted(as_bob.get(PAGE).wsgi_request, shop.pk)
    assert not source.has_submitted(Client().get(PAGE).wsgi_request, shop.pk)


def leads_on(page: str) -> str:
    """Return the words of the page's first button: the way on with what was started."""
    button = page.partition('class="btn btn-primary btn-wide" href="')[2]
    return strip_tags(button.partition(">")[2].partition("</a>")[0]).strip()


def test_the_way_on_is_called_what_it_opens(shop: Question, alice: User, as_alice: Client) -> None:
    attempt = play(alice)
    page = as_alice.get(PAGE).content.decode()
    assert leads_on(page) == "Continue"
    assert f'href="{reverse("practice-resume", args=[attempt.pk])}"' in page
    assert page.count('<label class="check-line"><input type="checkbox" name="numbers"') == 2
    Attempt.objects.filter(pk=attempt.pk).update(finished_at=timezone.now())
    page = as_alice.get(PAGE).content.decode()
    assert leads_on(page) == "Read the report"
    assert f'href="{reverse("practice-report", args=[attempt.pk])}"' in page


def test_how_people_do_is_shown_from_twenty_different_people_on(
    shop: Question, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [UserFactory() for _ in range(ENOUGH_PEOPLE)]
    for number, person in enumerate(people[:-1]):
        judge(person, level=2 if number < 5 else 3, minutes=20 + number)
    for _ in range(3):
        judge(people[0], level=4)
        judge(None, level=1)
    body = signed_in(people[0]).get(PAGE).content.decode()
    assert "Not shown yet." in body
    assert CoachStanding().results(shop.pk) is None
    judge(people[-1], level=4)
    with django_assert_max_num_queries(2):
        found = CoachStanding().results(shop.pk)
    assert found is not None
    # The first person's lower median of 2, 4, 4 and 4 is 4; whoever is a visitor is not counted.
    assert (found.people, found.levels) == (20, (0, 4, 14, 2))
    assert found.minutes is not None
    assert 25 <= found.minutes <= 35
    body = Client().get(PAGE).content.decode()
    assert "20 people" in body
    assert "14 of 20" in body


def test_revisions_gated_answers_and_those_after_the_examples_do_not_count(
    shop: Question, alice: User
) -> None:
    for _ in range(ENOUGH_PEOPLE):
        judge(UserFactory(), level=3)
    judge(UserFactory(), level=4, version=2)
    judge(UserFactory(), level=4, after_examples=True)
    Feedback.objects.filter(answer__attempt=judge(UserFactory(), level=1)).update(gate="empty")
    found = CoachStanding().results(shop.pk)
    assert found is not None
    assert found.levels == (0, 0, ENOUGH_PEOPLE, 0)


def test_minutes_need_twenty_people_who_finished_every_step(shop: Question) -> None:
    for _ in range(ENOUGH_PEOPLE):
        judge(UserFactory(), level=3)
    left = Attempt.objects.order_by("pk").first()
    left.steps.filter(step="summary").update(submitted_at=None)
    found = CoachStanding().results(shop.pk)
    assert found is not None
    assert found.minutes is None
    assert "Too few have finished it" in Client().get(PAGE).content.decode()


def test_the_latest_attempt_of_a_person_says_how_long_it_takes(shop: Question) -> None:
    for _ in range(ENOUGH_PEOPLE):
        person = UserFactory()
        first = judge(person, level=3, minutes=90)
        Attempt.objects.filter(pk=first.pk).update(started_at=timezone.now() - timedelta(days=1))
        judge(person, level=3, minutes=25)
    found = CoachStanding().results(shop.pk)
    assert found is not None
    assert found.minutes == 25
