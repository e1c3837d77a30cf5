"""How far coaches and the software agree: only over released reviews, only with enough of them."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.models import User
from coach.models import Feedback, Review, Submission
from coach.selectors import agreement
from coach.selectors.agreement import agreement_with_coaches
from tests.coach.factories import claimed, handed_in, released
from universities.models import University

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.delete(agreement.KEY)


@pytest.fixture
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "FEWEST", 1)


def test_with_too_few_reviews_there_is_no_figure(submission: Submission, bob: User) -> None:
    released(submission, bob)
    assert agreement_with_coaches() is None


def test_a_coachs_level_of_a_step_is_set_beside_the_automatic_one(
    enough: None, submission: Submission, bob: User
) -> None:
    released(submission, bob)  # every criterion at 3
    Feedback.objects.update(level=2)
    found = agreement_with_coaches()
    assert found is not None
    assert (found["reviews"], found["n"]) == (1, 1)
    assert (found["level_exact"], found["level_within_1"]) == (0.0, 1.0)


def test_drafts_and_gated_answers_do_not_count(
    enough: None, submission: Submission, alice: User, bob: User, university: University
) -> None:
    released(submission, bob)
    claimed(handed_in(alice, university), bob)
    Feedback.objects.update(gate="too_short")
    found = agreement_with_coaches()
    assert found is not None
    assert (found["reviews"], found["n"]) == (1, 0)
    assert found["level_qwk"] is None


def test_the_figures_are_kept_for_a_while(
    enough: None, submission: Submission, bob: User, django_assert_num_queries: object
) -> None:
    released(submission, bob)
    first = agreement_with_coaches()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert agreement_with_coaches() == first
    assert Review.objects.count() == 1
