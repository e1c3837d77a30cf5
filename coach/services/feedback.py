"""Making feedback: the database holds what is owed, Celery only says when to look."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from coach import cases
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step
from coach.assessment.report import StepReport
from coach.interviewer import encoder
from coach.models import MAX_TRIES, Answer, Feedback, FeedbackJob, JobState
from coach.services.answers import step_answer, wake_feedback
from coach.services.language_model import additions_owe
from coach.services.ledger import told_symbols

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""How long a started job is left alone: longer than the hard time limit of a task."""
RETRY_AFTER = timedelta(seconds=20)
SWEEP_BATCH = 200


def feedback_make(*, job_id: int) -> Feedback | None:
    """Make the report a job owes, once.

    The try is counted before the work, so that a job which kills its worker ends after
    ``MAX_TRIES``. A second worker on the same job finds the lease taken and does nothing.

    Returns:
        The report, or None when the job is done, leased, dead or unknown.
    """
    job = _lease(job_id)
    if job is None:
        return None
    try:
        report = report_for(job.answer)
    except Exception as error:
        _failed(job, error)
        logger.exception("feedback job %s failed on try %s", job.pk, job.tries)
        return None
    return _store(job, report)


def feedback_sweep() -> int:
    """Wake a worker for every job that is due or whose lease has passed; return how many.

    Jobs that have used up their tries are declared dead here.
    """
    now = timezone.now()
    lapsed = Q(state=JobState.RUNNING, lease_until__lt=now)
    FeedbackJob.objects.filter(lapsed, tries__gte=MAX_TRIES).update(
        state=JobState.DEAD, error="The worker ended before the work did."
    )
    due = Q(state=JobState.DUE, due_at__lte=now) | lapsed
    job_ids = list(
        FeedbackJob.objects.filter(due)
        .order_by("due_at")
        .values_list("pk", flat=True)[:SWEEP_BATCH]
    )
    for job_id in job_ids:
        if not wake_feedback(job_id):
            break
    return len(job_ids)


def feedback_redrive(*, job_id: int) -> bool:
    """Give a dead job new tries, for staff or for the student who asks again."""
    changed = FeedbackJob.objects.filter(pk=job_id, state=JobState.DEAD).update(
        state=JobState.DUE, tries=0, due_at=timezone.now(), error="", lease_until=None
    )
    if changed:
        transaction.on_commit(lambda: wake_feedback(job_id))
    return bool(changed)


def report_for(answer: Answer) -> StepReport:
    """Return the rules' report on an answer, knowing the earlier steps and what was asked."""
    attempt = answer.attempt
    key = attempt.case_key
    latest: dict[str, StepAnswer] = {}
    for row in attempt.answers.filter(created_at__lte=answer.created_at).order_by("version"):
        latest[row.step] = step_answer(row)
    order = cases.case_of(key).step_ids
    before = order[: order.index(answer.step)]
    return assess_step(
        replace(cases.context_of(key), told=told_symbols(attempt)),
        step_answer(answer),
        earlier={step: latest[step] for step in before if step in latest},
        check_numbers=cases.number_checker_of(key, answer=True),
        encoder=encoder.get_encoder(),
    )


def _lease(job_id: int) -> FeedbackJob | None:
    now = timezone.now()
    free = Q(state=JobState.DUE, due_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = FeedbackJob.objects.filter(free, pk=job_id, tries__lt=MAX_TRIES).update(
        state=JobState.RUNNING, tries=F("tries") + 1, lease_until=now + LEASE
    )
    if not taken:
        return None
    return FeedbackJob.objects.select_related("answer__attempt").get(pk=job_id)


def _failed(job: FeedbackJob, error: Exception) -> None:
    """Note the kind of fault, never its text: a message could hold a student's words."""
    dead = job.tries >= MAX_TRIES
    FeedbackJob.objects.filter(pk=job.pk, state=JobState.RUNNING, tries=job.tries).update(
        state=JobState.DEAD if dead else JobState.DUE,
        due_at=timezone.now() + RETRY_AFTER * job.tries,
        lease_until=None,
        error=type(error).__name__,
    )


@transaction.atomic
def _store(job: FeedbackJob, report: StepReport) -> Feedback:
    """Keep the report and close the job. The report's key makes a second copy impossible."""
    data = report.to_dict()
    feedback, is_new = Feedback.objects.get_or_create(
        answer=job.answer,
        versions_key=versions_key(data["versions"]),
        defaults={
            "report": data,
            "level": report.level,
            "gate": report.gate.kind if report.gate else "",
            "unsure": report.unsure,
        },
    )
    FeedbackJob.objects.filter(pk=job.pk).update(
        state=JobState.DONE, done_at=timezone.now(), lease_until=None, error=""
    )
    if is_new:  # robust: no fault of what may be added can become one of the report
        transaction.on_commit(lambda: additions_owe(feedback=feedback), robust=True)
    return feedback


def versions_key(versions: dict[str, str]) -> str:
    """Return one key for the versions of rubric, rules and model."""
    return hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()
