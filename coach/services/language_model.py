"""Asking the optional language model, after the rules' report stands, and keeping what it added.

As with feedback, the database holds what is owed and Celery only says when to look. Unlike
feedback, nobody waits: what does not come in time is given up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import BoundedSemaphore

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from coach import cases
from coach.assessment.layout import join
from coach.language_model import client, suggest
from coach.language_model.guards import Places
from coach.language_model.reply import MalformedReply
from coach.language_model.scrub import Private
from coach.models import (
    MAX_CALLS,
    Attempt,
    Feedback,
    JobState,
    Message,
    ModelJob,
    ModelSuggestion,
)
from coach.selectors.language_model import calls_since, standing_of
from coach.selectors.unasked import report_of
from coach.services.answers import step_answer
from coach.services.ledger import told_symbols
from metrics_lab.engine.claim.telling import told_steps
from questions.case import STEP_TITLES
from universities.models import Membership

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than the longest question may take (LANGUAGE_MODEL_SECONDS is at most 45)."""
GIVE_UP_AFTER = timedelta(minutes=10)
"""A suggestion that comes later would surprise somebody who has read the report."""
RETRY_AFTER = timedelta(seconds=20)
CALLS_A_DAY = 60
"""Questions about one person's text in a day: two long cases with all their rewrites."""
AT_ONCE = 2
"""Questions that a worker process asks at the same time; its other threads stay with the rules."""
SWEEP_BATCH = 50
NOT_ALLOWED = "not allowed"
_at_work = BoundedSemaphore(AT_ONCE)


def endpoint() -> client.Endpoint | None:
    """Return where the operator of the site says the model is; None when nowhere."""
    model = settings.LANGUAGE_MODEL
    if not model.url:
        return None
    return client.Endpoint(model.url, model.name, model.key, model.seconds)


def additions_owe(*, feedback: Feedback) -> ModelJob | None:
    """Note that the model is to be asked about a report, if everybody concerned agrees.

    A report that could not judge its answer is not asked about.
    """
    if feedback.gate:
        return None
    return _owe(feedback.answer.attempt.owner, feedback=feedback)


def rewording_owe(*, message: Message) -> ModelJob | None:
    """Note that the model is to put a follow-up in other words, if everybody concerned agrees."""
    return _owe(message.attempt.owner, message=message)


def additions_make(*, job_id: int) -> int | None:
    """Ask what one job owes, and keep what passes the guards.

    A process asks at most ``AT_ONCE`` questions at a time; another one stays due.

    Returns:
        How many suggestions were kept, or None when the job was not run.
    """
    if not _at_work.acquire(blocking=False):
        return None
    try:
        job = _lease(job_id)
        if job is None:
            return None
        kept = _run(job)
    finally:
        _at_work.release()
    _wake_next()
    return kept


def model_sweep() -> int:
    """Wake a worker for what is due, give up what is too old; return how many were woken."""
    now = timezone.now()
    open_jobs = ModelJob.objects.filter(state__in=[JobState.DUE, JobState.RUNNING])
    lapsed = Q(state=JobState.RUNNING, lease_until__lt=now)
    idle = open_jobs.filter(Q(state=JobState.DUE) | lapsed)
    too_old = Q(created_at__lt=now - GIVE_UP_AFTER) | Q(tries__gte=MAX_CALLS)
    idle.filter(too_old).update(state=JobState.DEAD, outcome="late", done_at=now)
    due = idle.filter(lapsed | Q(due_at__lte=now))
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:SWEEP_BATCH])
    for job_id in ids:
        if not wake_model(job_id):
            break
    return len(ids)


def suggestion_dismiss(*, suggestion: ModelSuggestion) -> None:
    """Take a suggestion off the student's pages. Twice is once."""
    ModelSuggestion.objects.filter(pk=suggestion.pk, dismissed_at=None).update(
        dismissed_at=timezone.now()
    )


def wake_model(job_id: int) -> bool:
    """Tell a worker that a question is due; return whether the broker took the message."""
    try:
        current_app.send_task("coach.ask_language_model", args=[job_id], retry=False)
    except (OperationalError, OSError):
        return False
    return True


def _wake_next() -> None:
    """Wake a worker for the oldest question that is due: others stood back while this was asked."""
    now = timezone.now()
    due = ModelJob.objects.filter(
        state=JobState.DUE, due_at__lte=now, created_at__gte=now - GIVE_UP_AFTER
    )
    for job_id in due.order_by("due_at").values_list("pk", flat=True)[:1]:
        wake_model(job_id)


def _owe(
    owner: User | None, *, feedback: Feedback | None = None, message: Message | None = None
) -> ModelJob | None:
    """Visitors have no account in which to agree, so their text is never sent."""
    if endpoint() is None or owner is None or not standing_of(owner).may_ask:
        return None
    if calls_since(owner, timezone.now() - timedelta(days=1)) >= CALLS_A_DAY:
        return None
    job = ModelJob.objects.create(feedback=feedback, message=message)
    transaction.on_commit(lambda: wake_model(job.pk), robust=True)
    return job


def _lease(job_id: int) -> ModelJob | None:
    now = timezone.now()
    free = Q(state=JobState.DUE, due_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = ModelJob.objects.filter(
        free, pk=job_id, tries__lt=MAX_CALLS, created_at__gte=now - GIVE_UP_AFTER
    ).update(state=JobState.RUNNING, tries=F("tries") + 1, lease_until=now + LEASE)
    if not taken:
        return None
    return ModelJob.objects.select_related(
        "feedback__answer__attempt__owner", "message__attempt__owner", "message__reply_to"
    ).get(pk=job_id)


def _run(job: ModelJob) -> int:
    """Ask, and store or give up. Whether it may be asked is looked at anew, before and after."""
    where, attempt = endpoint(), _attempt_of(job)
    if where is None or not _may_ask(attempt):
        return _give_up(job, NOT_ALLOWED)
    try:
        additions = _asked(job, attempt, where)
    except client.ModelFault as fault:
        return _again_or_give_up(job, fault)
    except MalformedReply:
        return _give_up(job, "schema")
    except Exception as error:
        logger.exception("language model job %s failed", job.pk)
        return _give_up(job, type(error).__name__)
    if not _may_ask(attempt):
        return _give_up(job, NOT_ALLOWED)
    return _store(job, additions, where.name)


def _may_ask(attempt: Attempt) -> bool:
    return attempt.owner is not None and standing_of(attempt.owner).may_ask


def _attempt_of(job: ModelJob) -> Attempt:
    if job.feedback is not None:
        return job.feedback.answer.attempt
    assert job.message is not None  # noqa: S101  the row's constraint says so
    return job.message.attempt


def _asked(job: ModelJob, attempt: Attempt, where: client.Endpoint) -> suggest.Additions:
    case, private = _case_side(attempt), _private(attempt)
    ask = partial(client.ask, where)
    if job.feedback is not None:
        return suggest.remarks_on(_work(attempt, job.feedback), case, private, ask)
    assert job.message is not None  # noqa: S101  the row's constraint says so
    said = job.message.reply_to.text if job.message.reply_to else ""
    return suggest.question_again(job.message.text, said, case, private, ask)


def _work(attempt: Attempt, feedback: Feedback) -> suggest.StepWork:
    """The step as the student sees it judged: no figure of an open attempt that was not asked."""
    report = report_of(attempt, feedback)
    return suggest.StepWork(
        step=report.step,
        title=STEP_TITLES[report.step],
        layout=join(step_answer(feedback.answer)),
        findings=report.shown,
        found=frozenset(finding.id for finding in report.findings),
    )


def _case_side(attempt: Attempt) -> suggest.CaseSide:
    key = attempt.case_key
    return suggest.CaseSide(
        prompt=cases.case_of(key).prompt,
        secrets=cases.secrets_of(key),
        confirmed=_confirmed(attempt),
    )


def _confirmed(attempt: Attempt) -> Callable[[str], Places]:
    """Places of numbers that the case's own arithmetic confirms from what the student was told."""
    known = told_symbols(attempt)
    check = cases.number_checker_of(attempt.case_key)

    def places(words: str) -> Places:
        return [
            (found.start, found.end)
            for found in check(words)
            if found.verdict == "correct"
            and told_steps(found.steps, found.sources, known) is not None
        ]

    return places


def _private(attempt: Attempt) -> Private:
    """Everything that says who the student is and where they belong."""
    assert attempt.owner is not None  # noqa: S101  a visitor's text is never asked about
    owner = attempt.owner
    memberships = list(Membership.objects.filter(user=owner).select_related("university"))
    return Private(
        names=(owner.name, owner.email.partition("@")[0]),
        places=tuple(
            term
            for member in memberships
            for term in (member.university.name, member.university.slug, member.external_id)
        ),
    )


def _again_or_give_up(job: ModelJob, fault: client.ModelFault) -> int:
    if not fault.passing or job.tries >= MAX_CALLS:
        return _give_up(job, fault.kind)
    _still_ours(job).update(
        state=JobState.DUE, due_at=timezone.now() + RETRY_AFTER, lease_until=None,
        outcome=fault.kind,
    )  # fmt: skip
    logger.info("language model job %s will be tried again: %s", job.pk, fault.kind)
    return 0


def _give_up(job: ModelJob, kind: str) -> int:
    _still_ours(job).update(
        state=JobState.DEAD, done_at=timezone.now(), lease_until=None, outcome=kind
    )
    logger.info("language model job %s given up: %s", job.pk, kind)
    return 0


@transaction.atomic
def _store(job: ModelJob, additions: suggest.Additions, asked: str) -> int:
    """Keep what passed, once: a job that was given up or taken over meanwhile keeps nothing."""
    closed = _still_ours(job).update(
        state=JobState.DONE, done_at=timezone.now(), lease_until=None, outcome="answered",
        dropped=dict(additions.dropped), model=asked, answered_as=additions.model,
        versions=suggest.versions(),
    )  # fmt: skip
    if not closed:
        return 0
    rows = [
        ModelSuggestion(
            job=job, position=position, kind=made.kind, mistake=made.mistake, title=made.title,
            field=made.field, start=made.start, end=made.end, quote=made.quote, why=made.why,
            rewrite=made.rewrite,
        )
        for position, made in enumerate(additions.suggestions)
    ]  # fmt: skip
    ModelSuggestion.objects.bulk_create(rows)
    logger.info(
        "language model job %s: %s kept, dropped %s", job.pk, len(rows), dict(additions.dropped)
    )
    return len(rows)


def _still_ours(job: ModelJob) -> QuerySet[ModelJob]:
    return ModelJob.objects.filter(pk=job.pk, state=JobState.RUNNING, tries=job.tries)
