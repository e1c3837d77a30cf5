"""A human coach's review: claimed by one, saved as one goes, released in one act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from coach.assessment.report import SHOWN
from coach.assessment.rubric import load_rubric
from coach.models import (
    Decision,
    Feedback,
    FindingDecision,
    Review,
    ReviewComment,
    ReviewMark,
    ReviewState,
    Submission,
    SubmissionState,
)
from coach.posted import plain_text
from questions.case import STEP_TITLES

LEASE = timedelta(hours=2)
"""A draft that was not touched for so long may be taken over; every save renews it."""
MAX_NOTE = 2000
TAKEN = "{name} has claimed this submission."
NOT_YOURS = "This review is no longer yours. Your colleague has taken it over."
OWN_WORK = "Nobody reviews their own work."
NOT_WAITING = "This submission has been withdrawn or reviewed."


def review_claim(*, submission: Submission, coach: User) -> Review:
    """Claim a submission for one coach; claiming one's own again returns the same review.

    The unique constraint on live reviews decides between two coaches at the same moment.

    Raises:
        ValidationError: it is the coach's own work (code "own"), a colleague holds it, or it is
            withdrawn or reviewed (code "conflict").
    """
    if submission.student_id == coach.pk:
        raise ValidationError(OWN_WORK, code="own")
    with transaction.atomic():
        live = (
            Review.objects.select_for_update(of=("self",))
            .filter(submission=submission, state__in=[ReviewState.DRAFT, ReviewState.RELEASED])
            .select_related("coach")
            .first()
        )
        if live and live.state == ReviewState.DRAFT and live.coach_id == coach.pk:
            return _renewed(live)
        if live and (live.state == ReviewState.RELEASED or live.lease_until > timezone.now()):
            name = live.coach.shown_name if live.coach else "A colleague"
            raise ValidationError(TAKEN.format(name=name), code="conflict")
        if live:
            _drop(live)
        return _claim_free(submission, coach)


@transaction.atomic
def review_give_back(*, review: Review) -> None:
    """Put a claimed submission back into the queue; the draft is kept out of sight."""
    _require_draft(review)
    _drop(review)
    Submission.objects.filter(pk=review.submission_id, state=SubmissionState.CLAIMED).update(
        state=SubmissionState.WAITING
    )


@transaction.atomic
def mark_set(
    *, review: Review, step: str, criterion: str, level: int | None, note: str | None = None
) -> ReviewMark:
    """Set a level from 1 to 4 on a criterion, or its note, or both; None keeps what is there.

    Raises:
        ValidationError: no such criterion in the submission, or no such level.
    """
    _require_draft(review)
    if criterion not in load_rubric().criteria.get(step, {}):
        raise ValidationError("There is no such criterion in this step.", code="criterion")
    step_of(review.submission, step)
    if level is not None and level not in (1, 2, 3, 4):
        raise ValidationError("Choose a level from 1 to 4.", code="level")
    mark, _ = ReviewMark.objects.get_or_create(review=review, step=step, criterion=criterion)
    if level is not None:
        mark.level = level
    if note is not None:
        mark.note = _bounded(note)
    mark.save(update_fields=["level", "note"])
    _renewed(review)
    return mark


@transaction.atomic
def comment_add(*, review: Review, step: str, start: int, end: int, body: str) -> ReviewComment:
    """Anchor a comment to code points ``start`` to ``end`` of a step's submitted text.

    Raises:
        ValidationError: the range is not in the text, or the comment is empty.
    """
    _require_draft(review)
    text = step_of(review.submission, step)["text"]
    if not 0 <= start < end <= len(text):
        raise ValidationError("Select the words your comment is about.", code="range")
    body = _bounded(body)
    if not body:
        raise ValidationError("Write the comment first.", code="empty")
    comment = ReviewComment.objects.create(
        review=review,
        step=step,
        start=start,
        end=end,
        quote=text[start:end],
        submission_sha256=review.submission.sha256,
        body=body,
    )
    _renewed(review)
    return comment


@transaction.atomic
def comment_remove(*, review: Review, comment_id: int) -> None:
    """Remove a comment from a draft."""
    _require_draft(review)
    review.comments.filter(pk=comment_id).delete()
    _renewed(review)


@transaction.atomic
def finding_decide(
    *, review: Review, step: str, position: int, decision: str, text: str = ""
) -> FindingDecision:
    """Accept, edit or drop an automatic finding; what is not decided is not released.

    Raises:
        ValidationError: no such finding, no such decision, or an edit without words.
    """
    _require_draft(review)
    if position >= _findings_shown(review.submission, step):
        raise ValidationError("There is no such finding in this step.", code="finding")
    if decision not in Decision.values:
        raise ValidationError("Accept, edit or drop the finding.", code="decision")
    text = _bounded(text) if decision == Decision.EDIT else ""
    if decision == Decision.EDIT and not text:
        raise ValidationError("Write your wording of the finding.", code="empty")
    decided, _ = FindingDecision.objects.update_or_create(
        review=review,
        step=step,
        position=position,
        defaults={"decision": decision, "text": text},
    )
    _renewed(review)
    return decided


@transaction.atomic
def summary_save(*, review: Review, summary: str, asks_another: bool) -> None:
    """Save the closing words, and whether another version is asked for."""
    _require_draft(review)
    review.summary = _bounded(summary)
    review.asks_another = asks_another
    review.save(update_fields=["summary", "asks_another"])
    _renewed(review)


def missing_marks(review: Review) -> list[tuple[str, str]]:
    """Return (step, criterion) for every criterion of the submitted steps without a level."""
    marked = set(review.marks.filter(level__isnull=False).values_list("step", "criterion"))
    return [
        (entry["step"], criterion)
        for entry in review.submission.content["steps"]
        for criterion in load_rubric().criteria[entry["step"]]
        if (entry["step"], criterion) not in marked
    ]


@transaction.atomic
def review_release(*, review: Review) -> None:
    """Show the review to the student, all of it at once, and tell them.

    Raises:
        ValidationError: a criterion has no level yet; the message names the steps.
    """
    missing = missing_marks(review)
    if missing:
        steps = dict.fromkeys(STEP_TITLES[step] for step, _ in missing)
        raise ValidationError(
            f"Set a level for every criterion first. Still open: {', '.join(steps)}.",
            code="missing",
        )
    changed = Review.objects.filter(pk=review.pk, state=ReviewState.DRAFT).update(
        state=ReviewState.RELEASED, released_at=timezone.now()
    )
    if not changed:
        raise ValidationError(NOT_YOURS, code="conflict")
    Submission.objects.filter(pk=review.submission_id).update(state=SubmissionState.RELEASED)
    review.refresh_from_db(fields=["state", "released_at"])
    _tell_student(review)


@transaction.atomic
def review_recall(*, review: Review, reason: str) -> Review:
    """Take a released review back, with a reason; the coach goes on from a copy of it.

    Returns:
        The new draft with the same marks, comments and decisions.

    Raises:
        ValidationError: no reason is given, or the review is not released.
    """
    reason = plain_text(reason).strip()[:500]
    if not reason:
        raise ValidationError("Say why you recall it; the student reads the reason.", code="reason")
    changed = Review.objects.filter(pk=review.pk, state=ReviewState.RELEASED).update(
        state=ReviewState.RECALLED, recalled_at=timezone.now(), recall_reason=reason
    )
    if not changed:
        raise ValidationError("This review is not released.", code="conflict")
    Submission.objects.filter(pk=review.submission_id).update(state=SubmissionState.CLAIMED)
    Notice.objects.create(
        user=review.submission.student,
        text=f"The review of {review.submission.content['title']} was recalled: {reason}"[:240],
        url=reverse("submission-detail", args=[review.submission_id]),
    )
    return _copied(review)


def step_of(submission: Submission, step: str) -> dict[str, Any]:
    """Return the frozen entry of a step.

    Raises:
        ValidationError: the step was not handed in.
    """
    for entry in submission.content["steps"]:
        if entry["step"] == step:
            found: dict[str, Any] = entry
            return found
    raise ValidationError("This step was not handed in.", code="step")


def _findings_shown(submission: Submission, step: str) -> int:
    """Return how many automatic findings the desk shows for a step."""
    answer_id = step_of(submission, step)["answer_id"]
    feedback = Feedback.objects.filter(answer_id=answer_id).order_by("pk").first()
    if feedback is None or feedback.gate:
        return 0
    return min(len(feedback.report["findings"]), SHOWN)


def _claim_free(submission: Submission, coach: User) -> Review:
    free = [SubmissionState.WAITING, SubmissionState.CLAIMED]
    changed = Submission.objects.filter(pk=submission.pk, state__in=free).update(
        state=SubmissionState.CLAIMED
    )
    if not changed:
        raise ValidationError(NOT_WAITING, code="conflict")
    try:
        with transaction.atomic():
            return Review.objects.create(
                university_id=submission.university_id,
                submission=submission,
                coach=coach,
                lease_until=timezone.now() + LEASE,
            )
    except IntegrityError as error:
        raise ValidationError(TAKEN.format(name="A colleague"), code="conflict") from error


def _require_draft(review: Review) -> None:
    """Refuse changes to a review that was released, recalled or taken over meanwhile.

    The row stays locked until the change is stored, so that nothing slips into a review that is
    released at the same moment.
    """
    drafts = Review.objects.select_for_update().filter(pk=review.pk, state=ReviewState.DRAFT)
    if drafts.values_list("pk", flat=True).first() is None:
        raise ValidationError(NOT_YOURS, code="conflict")


def _renewed(review: Review) -> Review:
    now = timezone.now()
    Review.objects.filter(pk=review.pk).update(lease_until=now + LEASE, saved_at=now)
    review.lease_until, review.saved_at = now + LEASE, now
    return review


def _drop(review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(state=ReviewState.DROPPED)
    review.state = ReviewState.DROPPED


def _copied(review: Review) -> Review:
    copy = Review.objects.create(
        university_id=review.university_id,
        submission=review.submission,
        coach=review.coach,
        summary=review.summary,
        asks_another=review.asks_another,
        lease_until=timezone.now() + LEASE,
    )
    for related in (review.marks, review.comments, review.decisions):
        for row in related.all():
            row.pk = None
            row.review = copy
            row.save(force_insert=True)
    return copy


def _tell_student(review: Review) -> None:
    submission = review.submission
    coach = review.coach.shown_name if review.coach else "A coach"
    title = submission.content["title"]
    url = reverse("submission-detail", args=[submission.pk])
    asks = " and asks for another version" if review.asks_another else ""
    Notice.objects.create(
        user=submission.student, text=f"{coach} has reviewed {title}{asks}."[:240], url=url
    )
    address, body = (
        submission.student.email,
        (
            f"{coach} has reviewed your work on {title}{asks}.\n\n"
            f"Read it here: {settings.SITE_URL}{url}\n"
        ),
    )
    transaction.on_commit(
        lambda: send_mail(f"Your review of {title}", body, None, [address], fail_silently=True)
    )


def _bounded(text: str) -> str:
    text = plain_text(text).strip()
    if len(text) > MAX_NOTE:
        raise ValidationError("Keep it under 2,000 characters.", code="too_long")
    return text
