"""A figure that was not asked for is told by nothing while the attempt is open."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from coach.models import Attempt, Feedback
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


def test_a_figure_the_interviewer_told_is_not_called_unasked(as_alice: Client, alice: User) -> None:
    attempt = play(alice)
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis", "shopper_definition"])
    judged(attempt, "clarify", "Our goal is GMV. Today there are 200,000 orders a month.")
    page = report_of(as_alice, attempt)
    assert HELD_BACK not in page
    assert "200,000 orders per month" in page


def test_a_finding_names_a_figure_only_once_it_was_asked_for(alice: User) -> None:
    groups = "Searchers know what they want, scrollers do not. I choose the visitors who search."
    blind, told = play(alice), play(alice)
    facts_record(attempt=told, step="clarify", fact_ids=["kpis", "shopper_definition"])
    findings = [
        str(Feedback.objects.get(answer=judged(attempt, "segment", groups)).report["findings"])
        for attempt in (blind, told)
    ]
    assert "the case gives" not in findings[0]
    assert all("SEG11" in found for found in findings)
    assert "(10 million)" in findings[1]


def test_a_report_from_before_sources_were_kept_is_held_back_until_the_end(
    as_alice: Client, alice: User
) -> None:
    attempt = play(alice)
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis"])
    judged(attempt, "segment", "The average order value is $30, so I split by order size.")
    kept = Feedback.objects.get(answer__attempt=attempt)
    for check in kept.report["checks"]:
        del check["sources"]
    kept.save()
    page = report_of(as_alice, attempt)
    assert HELD_BACK in page
    assert "(given)" not in page
    attempt_finish(attempt=attempt)
    assert "Average order value: $30 (given)" in report_of(as_alice, attempt)
