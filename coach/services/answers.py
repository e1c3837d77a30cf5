"""Submitting and revising the answer to a step."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import markdown
from coach.assessment import artefacts
from coach.assessment.answer import StepAnswer
from coach.models import Answer, Attempt, AttemptStep, Author, FeedbackJob, Message
from coach.services.drafts import check_length

NOTHING = "Write something for this step first; your conversation so far counts as the answer."


def spoken_text(attempt: Attempt, step: str) -> str:
    """Return what the student said in a step, in order, as the answer's text.

    In Clarify the questions are the answer. Elsewhere a message that only asks for facts is not
    part of it.
    """
    messages = Message.objects.filter(attempt=attempt, step=step, author=Author.STUDENT)
    if step != "clarify":
        messages = messages.filter(asks=False)
    return "\n\n".join(messages.values_list("text", flat=True))


@transaction.atomic
def answer_submit(*, attempt: Attempt, step: str) -> Answer:
    """Close a step: store its answer with the job that owes it feedback, and wake a worker.

    Submitting the same content again returns the answer that is there: a double click makes one.

    Raises:
        ValidationError: nothing has been said or filled in.
    """
    row = attempt.steps.select_for_update().get(step=step)
    text = _kept(attempt, step, spoken_text(attempt, step))
    if not text and artefacts.is_empty(row.artefact):
        raise ValidationError(NOTHING, code="empty")
    answer = _store(attempt, row, text, dict(row.artefact), is_read=bool(row.read_cells))
    row.submitted_at = row.submitted_at or timezone.now()
    row.composer = ""
    row.save(update_fields=["submitted_at", "composer"])
    return answer


@transaction.atomic
def answer_revise(*, attempt: Attempt, step: str, text: str, artefact: dict[str, Any]) -> Answer:
    """Store a rewritten answer as a new version; the old one stays.

    Raises:
        ValidationError: nothing is left, or the text is over the documented size.
    """
    row = attempt.steps.select_for_update().get(step=step)
    text = check_length(text)
    cleaned = artefacts.clean(step, artefact)
    if not text and artefacts.is_empty(cleaned):
        raise ValidationError("Write your new version first.", code="empty")
    row.artefact = cleaned
    row.save(update_fields=["artefact"])
    return _store(attempt, row, text, cleaned, is_read=False)


def _kept(attempt: Attempt, step: str, spoken: str) -> str:
    """Return the answer's text with a revision kept: what was said since is added to it.

    Without this, pressing "done" again after a rewrite would bring the old words back.
    """
    texts = list(
        attempt.answers.filter(step=step).order_by("-version").values_list("text", flat=True)
    )
    said_before = next((text for text in texts if spoken.startswith(text)), None)
    if said_before is None or said_before == texts[0]:
        return spoken
    return f"{texts[0]}\n\n{spoken[len(said_before) :].strip()}".strip()


def _store(
    attempt: Attempt, row: AttemptStep, text: str, artefact: dict[str, Any], *, is_read: bool
) -> Answer:
    latest = attempt.answers.filter(step=row.step).order_by("-version").first()
    if latest and latest.text == text and latest.artefact == artefact:
        return latest
    answer = Answer.objects.create(
        attempt=attempt,
        step=row.step,
        version=latest.version + 1 if latest else 1,
        text=text,
        html=markdown.render(text),
        artefact=artefact,
        is_read=is_read,
        seconds=row.seconds,
        after_examples=attempt.is_finished,
    )
    job = FeedbackJob.objects.create(answer=answer)
    # Robust: the answer is stored, so no fault of the broker may become the student's.
    transaction.on_commit(lambda: wake_feedback(job.pk), robust=True)
    return answer


def step_answer(answer: Answer) -> StepAnswer:
    """Return an answer as the rules read it."""
    return StepAnswer(
        step=answer.step,
        text=answer.text,
        artefact=answer.artefact,
        source="read" if answer.is_read else "student",
        draft=answer.version,
    )


def wake_feedback(job_id: int) -> bool:
    """Tell a worker that a job is due. A broker that is down is no fault: the sweep comes back.

    Returns:
        Whether the broker took the message.
    """
    try:
        current_app.send_task("coach.make_feedback", args=[job_id], retry=False)
    except (OperationalError, OSError):
        return False
    return True
