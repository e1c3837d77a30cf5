"""A figure that was not asked for is told by nothing while the attempt is open."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from coach.models import Attempt
from coach.selectors.unasked import HELD_BACK
from coach.services.attempts import attempt_finish
from coach.services.ledger import facts_record
from tests.coach.factories import judged, play

pytestmark = pytest.mark.django_db
GUESS = "Our goal is GMV. I think the average order value is $40 and conversion is 5%."


def report_of(browser: Client, attempt: Attempt) -> str:
    """Return the page of an attempt's report."""
    return browser.get(reverse("practice-report", args=[attempt.pk])).content.decode()


def test_a_guess_does_not_bring_the_figure_out(as_alice: Client, alice: User) -> None:
    attempt = play(alice)
    judged(attempt, "clarify", GUESS)
    page = report_of(as_alice, attempt)
    assert HELD_BACK in page
    assert "$30" not in page
    card = as_alice.get(reverse("practice-feedback", args=[attempt.pk, "clarify"]))
    assert "$30" not in card.content.decode()


def test_a_figure_that_was_given_is_checked_in_full(as_alice: Client, alice: User) -> None:
    attempt = play(alice)
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis"])
    judged(attempt, "segment", "The average order value is $30, so I split by order size.")
    page = report_of(as_alice, attempt)
    assert "Average order value: $30 (given)" in page


def test_the_sum_opens_with_the_end_of_the_attempt(as_alice: Client, alice: User) -> None:
    attempt = play(alice)
    judged(attempt, "clarify", GUESS)
    attempt_finish(attempt=attempt)
    page = report_of(as_alice, attempt)
    assert HELD_BACK not in page
    assert "$30" in page


def test_a_right_guess_looks_like_a_wrong_one(as_alice: Client, alice: User) -> None:
    attempt = play(alice)
    judged(attempt, "clarify", "I take an average order value of $30 for granted.")
    page = report_of(as_alice, attempt)
    assert HELD_BACK in page
    assert "number right" not in page
