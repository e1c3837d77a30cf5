"""The report: pending, made, gated, given up; examples last; drafts compared."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from coach import cases
from coach.models import Attempt, FeedbackJob
from coach.selectors.report import report_page
from coach.services.answers import answer_revise
from coach.services.attempts import attempt_finish
from coach.services.feedback import feedback_make
from coach.services.ledger import facts_record
from tests.coach.factories import OTHER_ANSWER, answered, finished, judged, play

pytestmark = pytest.mark.django_db


def page(browser: Client, attempt: Attempt) -> str:
    """Return the report as the browser gets it."""
    response = browser.get(reverse("practice-report", args=[attempt.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_report_without_answers_goes_back_to_the_step(attempt: Attempt, as_alice: Client) -> None:
    response = as_alice.get(reverse("practice-report", args=[attempt.pk]))
    assert response.url == reverse("practice-step", args=[attempt.pk, "clarify"])


def test_a_pending_step_asks_for_itself_until_it_is_made(
    attempt: Attempt, as_alice: Client
) -> None:
    answer = answered(attempt)
    address = reverse("practice-report-step", args=[attempt.pk, "segment"])
    assert address in page(as_alice, attempt)
    assert "data-poll-url" in as_alice.get(address).content.decode()
    feedback_make(job_id=answer.job.pk)
    assert "data-poll-url" not in as_alice.get(address).content.decode()


def test_a_judged_step_shows_at_most_three_findings_with_their_versions(
    attempt: Attempt, as_alice: Client
) -> None:
    answer = judged(attempt)
    section = report_page(attempt).sections[0]
    body = page(as_alice, attempt)
    assert len([n for n in section.notes if n["tone"] != "keep"]) <= 3
    assert answer.feedback.get().report["versions"]["rules"] in body


def test_every_criterion_says_why(attempt: Attempt) -> None:
    judged(attempt)
    section = report_page(attempt).sections[0]
    assert section.criteria
    assert all(criterion["why"] for criterion in section.criteria)


def test_a_gated_step_has_a_reason_and_no_level(attempt: Attempt, as_alice: Client) -> None:
    judged(attempt, text="I do not know")
    section = report_page(attempt).sections[0]
    assert section.level is None
    assert list(section.notes) == []
    assert "too few to judge" in page(as_alice, attempt)


def test_a_step_that_was_given_up_can_be_asked_for_again(
    attempt: Attempt, as_alice: Client
) -> None:
    answer = answered(attempt)
    FeedbackJob.objects.filter(pk=answer.job.pk).update(state="dead")
    assert reverse("practice-ask-again", args=[attempt.pk, "segment"]) in page(as_alice, attempt)


def test_examples_open_after_finishing_only(attempt: Attempt, as_alice: Client) -> None:
    judged(attempt)
    example = cases.case_of(attempt.case_key).steps["segment"].examples.level_4.text
    words = escape(example.split(".")[0][:40])
    assert words not in page(as_alice, attempt)
    attempt_finish(attempt=attempt)
    assert words in page(as_alice, attempt)


def test_no_page_of_an_open_attempt_holds_an_example(attempt: Attempt, as_alice: Client) -> None:
    judged(attempt)
    case = cases.case_of(attempt.case_key)
    for step in ("clarify", "segment", "solutions"):
        body = as_alice.get(reverse("practice-step", args=[attempt.pk, step])).content.decode()
        body += as_alice.get(
            reverse("practice-report-step", args=[attempt.pk, "segment"])
        ).content.decode()
        for example in ("level_2", "level_3", "level_4"):
            text = getattr(case.steps[step].examples, example).text
            assert escape(text[:60]) not in body


def test_a_revision_is_compared_with_the_draft_before(attempt: Attempt, as_alice: Client) -> None:
    judged(attempt)
    second = answer_revise(attempt=attempt, step="segment", text=OTHER_ANSWER, artefact={})
    feedback_make(job_id=second.job.pk)
    section = report_page(attempt).sections[0]
    assert section.is_revised
    assert section.comparison is not None
    assert section.earlier is not None
    assert section.earlier.version == 1
    assert "scroll, save and" in page(as_alice, attempt)


def test_a_mock_interview_shows_nothing_before_its_end(alice: User, as_alice: Client) -> None:
    mock = play(alice, "mock")
    judged(mock)
    report = as_alice.get(reverse("practice-report", args=[mock.pk]))
    card = as_alice.get(reverse("practice-feedback", args=[mock.pk, "segment"]))
    part = as_alice.get(reverse("practice-report-step", args=[mock.pk, "segment"]))
    step = as_alice.get(reverse("practice-step", args=[mock.pk, "segment"]))
    revise = as_alice.get(reverse("practice-revise", args=[mock.pk, "segment"]))
    assert [r.status_code for r in (report, card, part)] == [302, 404, 404]
    assert "Feedback on" not in step.content.decode() + revise.content.decode()
    attempt_finish(attempt=mock)
    assert as_alice.get(reverse("practice-report", args=[mock.pk])).status_code == 200


def test_facts_nobody_asked_for_are_listed_at_the_end(attempt: Attempt, as_alice: Client) -> None:
    judged(attempt)
    facts_record(attempt=attempt, step="clarify", fact_ids=["goal"])
    assert report_page(attempt).missed == []
    attempt_finish(attempt=attempt)
    missed = {fact.id for fact in report_page(attempt).missed}
    assert "goal" not in missed
    assert "shopper_definition" in missed


def test_the_whole_is_judged_once_every_step_is(attempt: Attempt) -> None:
    judged(attempt)
    assert report_page(attempt).whole is not None
    answered(attempt, "metrics")
    assert report_page(attempt).whole is None


def test_steps_that_were_left_out_are_named(attempt: Attempt, as_alice: Client) -> None:
    judged(attempt)
    assert "Prioritize" in report_page(attempt).not_done
    assert "Prioritize" in page(as_alice, attempt)


def test_the_text_is_shown_whole_and_escaped(attempt: Attempt, as_alice: Client) -> None:
    text = "I split by <b>habit</b> & price 👩‍👩‍👧. " + OTHER_ANSWER
    judged(attempt, text=text)
    section = report_page(attempt).sections[0]
    assert "".join(s.text for group in section.paragraphs for s in group) == text
    assert "&lt;b&gt;habit&lt;/b&gt; &amp; price" in page(as_alice, attempt)


def test_the_step_pages_of_a_finished_attempt_can_be_read(alice: User, as_alice: Client) -> None:
    done = finished(alice)
    assert as_alice.get(reverse("practice-step", args=[done.pk, "segment"])).status_code == 200
    assert as_alice.get(reverse("practice-resume", args=[done.pk])).url.endswith("/report/")


def test_the_report_needs_few_queries_however_many_steps(
    attempt: Attempt, as_alice: Client, django_assert_max_num_queries: Any
) -> None:
    for step in cases.case_of(attempt.case_key).step_ids:
        judged(attempt, step)
    attempt_finish(attempt=attempt)
    page(as_alice, attempt)
    with django_assert_max_num_queries(11):
        page(as_alice, attempt)


def test_my_practice_needs_few_queries_however_many_attempts(
    alice: User, as_alice: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        play(alice)
    as_alice.get(reverse("practice-home"))
    with django_assert_max_num_queries(12):
        body = as_alice.get(reverse("practice-home")).content.decode()
    assert body.count("/practice/") >= 6


def test_my_practice_shows_nobody_elses_attempts(attempt: Attempt, as_charlie: Client) -> None:
    assert str(attempt.pk) not in as_charlie.get(reverse("practice-home")).content.decode()


def test_a_person_without_attempts_is_told_where_to_start(client: Client, db: None) -> None:
    body = client.get(reverse("practice-home")).content.decode()
    assert reverse("question-list") in body


def test_a_card_shows_pasted_words_without_their_marks(attempt: Attempt, as_alice: Client) -> None:
    groups = (
        "**Groups:** young men, old men and rich women.\n\n**I choose rich women**, I like them."
    )
    judged(attempt, text=groups)
    card = as_alice.get(reverse("practice-feedback", args=[attempt.pk, "segment"]))
    assert "I choose rich women" in card.content.decode()
    assert "**" not in card.content.decode()
