"""Feedback jobs: made once, leased to one worker, given up after five tries, driven again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coach.models import MAX_TRIES, Answer, Attempt, Feedback, FeedbackJob
from coach.selectors.queue import feedback_queue_state
from coach.services import feedback
from coach.services.feedback import (
    feedback_make,
    feedback_redrive,
    feedback_sweep,
    report_for,
    versions_key,
)
from coach.tasks import make_feedback, purge_abandoned_attempts, sweep_feedback_jobs
from tests.coach.factories import SEGMENT_ANSWER, answered, judged

pytestmark = pytest.mark.django_db
Woken = list[tuple[str, list[int]]]


@pytest.fixture
def job(attempt: Attempt) -> FeedbackJob:
    """The job that owes feedback on an answer."""
    return FeedbackJob.objects.get(answer=answered(attempt))


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every report fails."""

    def fail(answer: Answer) -> None:
        raise ZeroDivisionError("words of a student")

    monkeypatch.setattr(feedback, "report_for", fail)


def make_due(job: FeedbackJob) -> None:
    """Let the time to the next try pass."""
    FeedbackJob.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def test_the_task_makes_the_report_and_closes_the_job(job: FeedbackJob) -> None:
    make_feedback(job.pk)
    job.refresh_from_db()
    made = Feedback.objects.get()
    assert (job.state, job.tries, job.lease_until) == ("done", 1, None)
    assert made.answer_id == job.answer_id
    assert set(made.report["versions"]) == {"rubric", "rules", "model"}
    assert made.versions_key == versions_key(made.report["versions"])


def test_a_done_job_is_not_made_again(job: FeedbackJob) -> None:
    feedback_make(job_id=job.pk)
    assert feedback_make(job_id=job.pk) is None
    assert Feedback.objects.count() == 1


def test_a_second_worker_finds_the_lease_taken(
    job: FeedbackJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    second: list[Any] = []
    real = report_for

    def meanwhile(answer: Answer) -> Any:
        second.append(feedback_make(job_id=job.pk))
        return real(answer)

    monkeypatch.setattr(feedback, "report_for", meanwhile)
    assert feedback_make(job_id=job.pk) is not None
    job.refresh_from_db()
    assert second == [None]
    assert job.tries == 1


def test_an_unknown_job_is_no_fault() -> None:
    assert feedback_make(job_id=123456) is None


@pytest.mark.usefixtures("poison")
def test_a_poison_job_is_dead_after_five_tries(job: FeedbackJob) -> None:
    for _ in range(MAX_TRIES + 3):
        feedback_make(job_id=job.pk)
        make_due(job)
    job.refresh_from_db()
    assert (job.state, job.tries) == ("dead", MAX_TRIES)
    assert job.error == "ZeroDivisionError"


@pytest.mark.usefixtures("poison")
def test_a_failed_job_waits_longer_after_each_try(job: FeedbackJob) -> None:
    feedback_make(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "due"
    assert job.due_at > timezone.now() + timedelta(seconds=10)
    assert feedback_make(job_id=job.pk) is None


def test_a_try_is_counted_before_the_work(
    job: FeedbackJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []

    def look(answer: Answer) -> None:
        row = FeedbackJob.objects.get(pk=job.pk)
        seen.append((row.state, row.tries))
        raise KeyError

    monkeypatch.setattr(feedback, "report_for", look)
    feedback_make(job_id=job.pk)
    assert seen == [("running", 1)]


def lapse(job: FeedbackJob, tries: int) -> None:
    """Leave a job as a killed worker leaves it."""
    FeedbackJob.objects.filter(pk=job.pk).update(
        state="running", tries=tries, lease_until=timezone.now() - timedelta(seconds=1)
    )


def test_the_sweep_wakes_what_is_due(job: FeedbackJob, woken: Woken) -> None:
    sweep_feedback_jobs()
    assert woken == [("coach.make_feedback", [job.pk])]


def test_the_sweep_wakes_what_a_killed_worker_left(job: FeedbackJob, woken: Woken) -> None:
    lapse(job, tries=2)
    assert feedback_sweep() == 1
    assert woken == [("coach.make_feedback", [job.pk])]
    assert feedback_make(job_id=job.pk) is not None


def test_the_sweep_leaves_running_waiting_and_done_jobs_alone(
    attempt: Attempt, job: FeedbackJob, woken: Woken
) -> None:
    later = timezone.now() + timedelta(minutes=1)
    FeedbackJob.objects.filter(pk=job.pk).update(state="running", lease_until=later)
    waiting = answered(attempt, "metrics").job
    FeedbackJob.objects.filter(pk=waiting.pk).update(due_at=later)
    judged(attempt, "solutions")
    assert feedback_sweep() == 0
    assert woken == []


def test_the_sweep_declares_dead_what_has_used_up_its_tries(job: FeedbackJob, woken: Woken) -> None:
    lapse(job, tries=MAX_TRIES)
    assert feedback_sweep() == 0
    job.refresh_from_db()
    assert job.state == "dead"
    assert feedback_queue_state()["dead"] == 1


def test_a_broker_that_is_down_does_not_stop_the_sweep(
    job: FeedbackJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "wake_feedback", lambda job_id: False)
    assert feedback_sweep() == 1
    job.refresh_from_db()
    assert job.state == "due"


def test_a_dead_job_is_driven_again_with_new_tries(
    job: FeedbackJob, woken: Woken, django_capture_on_commit_callbacks: Any
) -> None:
    FeedbackJob.objects.filter(pk=job.pk).update(state="dead", tries=MAX_TRIES, error="KeyError")
    with django_capture_on_commit_callbacks(execute=True):
        assert feedback_redrive(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.tries, job.error) == ("due", 0, "")
    assert woken == [("coach.make_feedback", [job.pk])]


def test_a_job_that_lives_is_not_driven_again(job: FeedbackJob) -> None:
    assert not feedback_redrive(job_id=job.pk)


def test_a_student_drives_a_dead_job_again_from_the_page(
    job: FeedbackJob, attempt: Attempt, as_alice: Client
) -> None:
    FeedbackJob.objects.filter(pk=job.pk).update(state="dead", tries=MAX_TRIES)
    address = reverse("practice-ask-again", args=[attempt.pk, "segment"])
    response = as_alice.post(address, {"next_step": "https://evil.example/"})
    job.refresh_from_db()
    assert job.state == "due"
    assert response.url == reverse("practice-step", args=[attempt.pk, "segment"])


def test_the_same_answer_gives_the_same_report_to_the_byte(job: FeedbackJob) -> None:
    reports = [json.dumps(report_for(job.answer).to_dict(), sort_keys=True) for _ in range(3)]
    assert len(set(reports)) == 1


def test_no_remark_is_without_its_exact_words(job: FeedbackJob) -> None:
    report = report_for(job.answer)
    assert len(report.shown) <= 3
    for finding in report.findings:
        if finding.quote and finding.field == "text":
            assert SEGMENT_ANSWER[finding.start : finding.end] == finding.quote
        else:
            assert finding.quote or finding.looked_for


def test_a_later_step_knows_the_steps_before_it_as_they_were(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[list[str]] = []
    real = feedback.assess_step

    def spy(context: Any, answer: Any, *, earlier: Any, **kwargs: Any) -> Any:
        known.append(sorted(earlier))
        return real(context, answer, earlier=earlier, **kwargs)

    answered(attempt, "metrics")
    answered(attempt, "clarify", "Who is a shopper?")
    solutions = answered(attempt, "solutions")
    monkeypatch.setattr(feedback, "assess_step", spy)
    report_for(solutions)
    assert known == [["clarify"]]


def test_the_card_polls_while_pending_and_shows_the_report_when_it_is_there(
    job: FeedbackJob, attempt: Attempt, as_alice: Client
) -> None:
    address = reverse("practice-feedback", args=[attempt.pk, "segment"])
    assert address in as_alice.get(address).content.decode()
    feedback_make(job_id=job.pk)
    card = as_alice.get(address).content.decode()
    assert "Feedback on Segment" in card
    assert "data-poll-url" not in card


def test_an_answer_that_cannot_be_judged_is_gated_with_a_reason(
    attempt: Attempt, as_alice: Client
) -> None:
    answer = judged(attempt, text="I do not know")
    card = as_alice.get(reverse("practice-feedback", args=[attempt.pk, "segment"]))
    made = Feedback.objects.get(answer=answer)
    assert made.gate == "too_short"
    assert "too few to judge" in card.content.decode()


def test_the_daily_purge_is_a_task() -> None:
    purge_abandoned_attempts()
