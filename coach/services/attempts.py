"""Starting, opening, finishing and keeping attempts."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import markdown
from accounts.models import User
from coach import cases
from coach.models import (
    Assignment,
    Attempt,
    AttemptStep,
    Author,
    CaseKey,
    Message,
    MessageKind,
    Mode,
)
from coach.services.drill import given_text
from questions.models import Question
from questions.variant import VARIANTS

COUNTED_PAUSE = timedelta(seconds=120)
"""A longer gap between two requests does not count as time on the step."""
DRILL_MINUTES = 10
ABANDONED_AFTER = timedelta(days=30)


@transaction.atomic
def attempt_start(
    *,
    question: Question,
    mode: str,
    owner: User | None,
    visitor_hash: str = "",
    step: str = "",
    assignment: Assignment | None = None,
    other_numbers: bool = False,
) -> Attempt:
    """Start a play of the question's current case version and open its first step.

    With ``other_numbers`` the next set of numbers that this person has not played yet is taken,
    from the first again after the last.

    Raises:
        ValidationError: an unknown mode, a drill of a step the case does not have, or other
            numbers where the case has none or the task needs its own.
    """
    if mode not in Mode.values:
        raise ValidationError("Choose guided, mock or drill.", code="mode")
    if question.current_version_id is None:
        raise ValidationError("This question cannot be played yet.", code="question")
    case = cases.case_of(CaseKey(question.current_version_id))
    steps = case.step_ids
    if mode == Mode.DRILL:
        if step not in steps:
            raise ValidationError("Choose the step to drill.", code="step")
        steps = (step,)
    if other_numbers and (case.variant is None or mode == Mode.DRILL or assignment):
        raise ValidationError("This is played with the case's own numbers.", code="numbers")
    attempt = Attempt.objects.create(
        case_version_id=question.current_version_id,
        owner=owner,
        visitor_hash="" if owner else visitor_hash,
        mode=mode,
        drill_step=step if mode == Mode.DRILL else "",
        current_step=steps[0],
        extra_time=owner.extra_time if owner and mode == Mode.MOCK else 0,
        assignment=assignment,
        variant=_next_variant(question, owner, visitor_hash) if other_numbers else None,
    )
    AttemptStep.objects.bulk_create(
        AttemptStep(attempt=attempt, step=name, position=number)
        for number, name in enumerate(steps, start=1)
    )
    step_open(attempt=attempt, step=steps[0])
    return attempt


def _next_variant(question: Question, owner: User | None, visitor_hash: str) -> int:
    whose = Q(owner=owner) if owner else Q(owner=None, visitor_hash=visitor_hash)
    played = Attempt.objects.filter(
        whose, case_version__question=question, variant__isnull=False
    ).count()
    return played % VARIANTS + 1


@transaction.atomic
def step_open(*, attempt: Attempt, step: str) -> AttemptStep:
    """Make a step the current one; the first opening says the coach's brief."""
    row = attempt.steps.select_for_update().get(step=step)
    if row.opened_at is None:
        row.opened_at = timezone.now()
        row.save(update_fields=["opened_at"])
        _say_brief(attempt, step)
    if attempt.current_step != step:
        attempt.current_step = step
        attempt.save(update_fields=["current_step"])
    return row


def attempt_touch(*, attempt: Attempt) -> None:
    """Count the time since the last request to the current step, pauses left out."""
    now = timezone.now()
    passed = min(now - attempt.touched_at, COUNTED_PAUSE)
    seconds = max(int(passed.total_seconds()), 0)
    if not seconds:
        return
    Attempt.objects.filter(pk=attempt.pk).update(touched_at=now)
    if attempt.finished_at is None:
        AttemptStep.objects.filter(
            attempt=attempt, step=attempt.current_step, submitted_at=None
        ).update(seconds=F("seconds") + seconds)
    attempt.touched_at = now


def attempt_resume(*, attempt: Attempt) -> None:
    """Restart the clock when the practice page is opened: time away is not time on the step."""
    now = timezone.now()
    if now - attempt.touched_at > COUNTED_PAUSE:
        Attempt.objects.filter(pk=attempt.pk).update(touched_at=now)
        attempt.touched_at = now


def attempt_finish(*, attempt: Attempt) -> None:
    """Close an attempt: from now on the examples are open and revisions are marked as later.

    Raises:
        ValidationError: no step has been submitted.
    """
    if not attempt.answers.exists():
        raise ValidationError("Submit at least one step first.", code="empty")
    Attempt.objects.filter(pk=attempt.pk, finished_at=None).update(finished_at=timezone.now())
    attempt.refresh_from_db(fields=["finished_at"])


def attempts_adopt(*, user: User, visitor_hash: str) -> int:
    """Give a visitor's attempts to the user who has just signed up or in; return how many."""
    if not visitor_hash:
        return 0
    return Attempt.objects.filter(owner=None, visitor_hash=visitor_hash).update(
        owner=user, visitor_hash=""
    )


def attempts_purge_abandoned() -> int:
    """Delete visitors' attempts that nobody touched for 30 days; return how many."""
    before = timezone.now() - ABANDONED_AFTER
    abandoned = Attempt.objects.filter(owner=None, touched_at__lt=before)
    count = abandoned.count()
    abandoned.delete()
    return count


def _say_brief(attempt: Attempt, step: str) -> None:
    case = cases.case_of(attempt.case_key)
    brief = case.steps[step].brief
    first = case.step_ids[0]
    if attempt.mode == Mode.DRILL and step != first:
        text = f"{case.prompt}\n\n{given_text(case, step)}\n\n{brief}"
    elif step == first:
        text = f"**{case.prompt}** {brief}"
    else:
        text = brief
    Message.objects.create(
        attempt=attempt,
        step=step,
        author=Author.COACH,
        kind=MessageKind.BRIEF,
        text=text,
        html=markdown.render(text),
    )
