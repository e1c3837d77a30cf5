"""A figure that was not asked for is told by nothing while the attempt is open."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from coach.assessment.report import NumberCheck
from coach.models import Attempt, Feedback
from coach.selectors.unasked import HELD_BACK, given_lines, told_steps
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


STEPS = (
    "Trips = Planners / Planners per trip = 480,000 / 1.5 = 320,000",
    "Friends' trips = Trips × Trips of friends = 320,000 × 40 % = 128,000",
    "The sum gives 128,000 trips; the text says 128,000 trips.",
)
INPUTS = [("planners", "480,000"), ("planners per trip", "1.5"), ("trips of friends", "40 %")]


def sum_of(*steps: str) -> NumberCheck:
    """Return a right check with these steps."""
    return NumberCheck("128,000", 0, 7, "correct", None, 128e3, 128e3, "trips", steps)


def test_a_sum_of_figures_that_were_all_asked_for_is_told_in_full() -> None:
    assert told_steps(sum_of(*STEPS), given_lines(INPUTS)) == STEPS


@pytest.mark.parametrize("missing", range(3))
def test_a_sum_with_one_figure_unasked_is_held_back(missing: int) -> None:
    given = given_lines(INPUTS[:missing] + INPUTS[missing + 1 :])
    assert told_steps(sum_of(*STEPS), given) is None


def test_a_figure_given_as_it_is_stands_without_what_it_is_made_of() -> None:
    told = told_steps(sum_of(*STEPS), given_lines([("Trips", "320,000"), INPUTS[2]]))
    assert told == ("Trips: 320,000 (given)", *STEPS[1:])
    result = told_steps(sum_of(*STEPS), given_lines([("Friends' trips", "128,000")]))
    assert result == ("Friends' trips: 128,000 (given)", STEPS[2])


def test_the_name_of_a_given_figure_inside_another_opens_nothing() -> None:
    late = "Kept = Late orders × 2 = 10 × 2 = 20"
    assert told_steps(sum_of(late, STEPS[2]), given_lines([("orders", "10")])) is None


def test_what_a_student_supposes_opens_only_over_a_figure_that_was_given() -> None:
    steps = ("Planners: 500,000 (supposed)", *STEPS)
    assert told_steps(sum_of(*steps), given_lines(INPUTS)) == steps
    results = [("Trips", "320,000"), ("Friends' trips", "128,000")]
    assert told_steps(sum_of(*steps), given_lines([*results, INPUTS[0]])) is None


@pytest.mark.parametrize(
    "step",
    [
        "Planners would go from 480,000 to 600,000.",
        "Planners is 480,000 today.",
        "Planners is 480,000 today; 9 million lies outside what is plausible.",
        "The digits are those of the planners, which is 480,000.",
        "Planners / Planners = 480,000 / 480,000 = 100 %.",
    ],
)
def test_no_other_step_brings_out_a_figure_of_today(step: str) -> None:
    assert told_steps(sum_of(step), given_lines(INPUTS[1:])) is None
    assert told_steps(sum_of(step), given_lines(INPUTS)) == (step,)


def test_a_sum_of_the_students_own_numbers_is_never_held_back() -> None:
    own = ("(300 × 2 × 0.5) / 4 = 75.",)
    assert told_steps(sum_of(*own), given_lines([])) == own
