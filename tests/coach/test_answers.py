"""Submitting and revising: the answer and the job that owes it feedback come together."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from celery import Celery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from coach.models import Answer, Attempt, Author, FeedbackJob
from coach.services import answers
from coach.services.answers import answer_revise, answer_submit
from coach.services.attempts import attempt_finish
from tests.coach.factories import OTHER_ANSWER, SEGMENT_ANSWER, answered, say

pytestmark = pytest.mark.django_db
Woken = list[tuple[str, list[int]]]


def done_url(attempt: Attempt, step: str = "segment") -> str:
    """Where a step is closed."""
    return reverse("practice-done", args=[attempt.pk, step])


def test_being_done_stores_the_answer_with_its_job_and_wakes_a_worker_by_name(
    attempt: Attempt,
    as_alice: Client,
    woken: Woken,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = as_alice.post(done_url(attempt), {"text": SEGMENT_ANSWER})
    answer = Answer.objects.get()
    assert response.url == reverse("practice-step", args=[attempt.pk, "pain_points"])
    assert (answer.text, answer.version) == (SEGMENT_ANSWER, 1)
    assert woken == [("coach.make_feedback", [answer.job.pk])]


def test_the_worker_is_woken_after_the_commit_only(
    attempt: Attempt, woken: Woken, django_capture_on_commit_callbacks: Any
) -> None:
    say(attempt, SEGMENT_ANSWER)
    with django_capture_on_commit_callbacks() as callbacks:
        answer_submit(attempt=attempt, step="segment")
    assert woken == []
    assert len(callbacks) == 1


def test_answer_and_job_are_stored_together_or_not_at_all(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    say(attempt, SEGMENT_ANSWER)
    monkeypatch.setattr(answers.FeedbackJob.objects, "create", full)
    with pytest.raises(RuntimeError), transaction.atomic():
        answer_submit(attempt=attempt, step="segment")
    assert not Answer.objects.exists()
    assert attempt.steps.get(step="segment").submitted_at is None


def test_a_broker_that_is_down_loses_nothing(
    attempt: Attempt,
    as_alice: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def down(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(Celery, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        response = as_alice.post(done_url(attempt), {"text": SEGMENT_ANSWER})
    assert response.status_code == 302
    assert FeedbackJob.objects.get().state == "due"


def test_done_twice_is_one_message_one_answer_and_one_job(
    attempt: Attempt, as_alice: Client
) -> None:
    sent = {"text": SEGMENT_ANSWER, "client_id": str(uuid.uuid4())}
    for _ in range(2):
        as_alice.post(done_url(attempt), sent)
    assert attempt.messages.filter(author=Author.STUDENT).count() == 1
    assert Answer.objects.count() == FeedbackJob.objects.count() == 1


def test_a_second_press_on_the_last_step_goes_to_the_report(
    attempt: Attempt, as_alice: Client
) -> None:
    attempt.steps.exclude(step="segment").delete()
    for _ in range(2):
        response = as_alice.post(done_url(attempt), {"text": SEGMENT_ANSWER})
        assert response.url == reverse("practice-report", args=[attempt.pk])
    assert Answer.objects.count() == 1


def test_a_step_of_which_nothing_is_said_is_not_submitted(
    attempt: Attempt, as_alice: Client
) -> None:
    response = as_alice.post(done_url(attempt), {"text": "  "})
    assert response.status_code == 422
    assert "counts as the answer" in response.content.decode()
    assert not Answer.objects.exists()


def test_an_artefact_alone_is_an_answer(attempt: Attempt, as_alice: Client) -> None:
    as_alice.post(done_url(attempt), {"rows-0-name": "Gift buyers", "rows-chosen": "0"})
    answer = Answer.objects.get()
    assert answer.text == ""
    assert answer.artefact["rows"][0]["chosen"] is True


def test_questions_are_the_answer_in_clarify_and_in_no_other_step(attempt: Attempt) -> None:
    for step in ("clarify", "segment"):
        message = say(attempt, "What is the goal?", step)
        message.asks = True
        message.save()
        say(attempt, "Then I assume growth.", step)
        answer_submit(attempt=attempt, step=step)
    texts = dict(Answer.objects.values_list("step", "text"))
    assert texts["clarify"] == "What is the goal?\n\nThen I assume growth."
    assert texts["segment"] == "Then I assume growth."


def test_a_revision_is_a_second_version_and_the_first_stays(attempt: Attempt) -> None:
    answered(attempt)
    second = answer_revise(attempt=attempt, step="segment", text=OTHER_ANSWER, artefact={})
    assert second.version == 2
    assert Answer.objects.get(version=1).text == SEGMENT_ANSWER
    assert FeedbackJob.objects.count() == 2


def test_a_revision_that_changes_nothing_is_no_version(attempt: Attempt) -> None:
    first = answered(attempt)
    again = answer_revise(attempt=attempt, step="segment", text=first.text, artefact=first.artefact)
    artefact_alone = Answer.objects.count()
    assert again.text == first.text
    assert artefact_alone <= 2
    answer_revise(attempt=attempt, step="segment", text=first.text, artefact=again.artefact)
    assert Answer.objects.count() == artefact_alone


def test_done_again_after_a_revision_keeps_the_revised_words(attempt: Attempt) -> None:
    answered(attempt)
    answer_revise(attempt=attempt, step="segment", text=OTHER_ANSWER, artefact={})
    assert answer_submit(attempt=attempt, step="segment").text == OTHER_ANSWER
    say(attempt, "And I would ask sellers too.")
    third = answer_submit(attempt=attempt, step="segment")
    assert third.text == f"{OTHER_ANSWER}\n\nAnd I would ask sellers too."


@pytest.mark.parametrize(("text", "words"), [("", "new version"), ("x" * 6001, "6,000")])
def test_a_revision_that_is_empty_or_too_long_is_refused_and_kept(
    attempt: Attempt, as_alice: Client, text: str, words: str
) -> None:
    answered(attempt)
    address = reverse("practice-revise", args=[attempt.pk, "segment"])
    response = as_alice.post(address, {"text": text})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert text in response.content.decode()
    assert Answer.objects.count() == 1


def test_an_answer_knows_whether_the_examples_were_open(attempt: Attempt) -> None:
    before = answered(attempt)
    attempt_finish(attempt=attempt)
    after = answer_revise(attempt=attempt, step="segment", text=OTHER_ANSWER, artefact={})
    assert (before.after_examples, after.after_examples) == (False, True)


def test_cells_nobody_confirmed_are_marked_in_the_answer(attempt: Attempt) -> None:
    attempt.steps.filter(step="segment").update(read_cells=["rows.0.name"])
    assert answered(attempt).is_read
    revised = answer_revise(attempt=attempt, step="segment", text=OTHER_ANSWER, artefact={})
    assert not revised.is_read


def test_nothing_is_revised_before_it_is_submitted(attempt: Attempt, as_alice: Client) -> None:
    response = as_alice.post(reverse("practice-revise", args=[attempt.pk, "segment"]), {})
    assert response.status_code == 302
    with pytest.raises(ValidationError):
        answer_submit(attempt=attempt, step="segment")
