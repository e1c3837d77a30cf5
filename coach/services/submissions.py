"""Handing in an attempt to a university, and taking it back while nobody has claimed it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from coach import cases
from coach.models import Assignment, Attempt, Submission, SubmissionState
from universities.models import Membership, University

NOT_A_MEMBER = "You are not a member of this university."
NOTHING = "Submit at least one step to the coach first."
OPEN_ALREADY = "This attempt is handed in already. Withdraw it first to hand in a newer version."
CLAIMED_ALREADY = "A coach has started on it, so it can no longer be withdrawn."


def submission_make(
    *, attempt: Attempt, university: University, assignment: Assignment | None = None
) -> Submission:
    """Freeze the latest answers of an attempt and hand them in.

    From now on the members who review for the university see exactly this text and nothing else
    of the student's practice.

    Raises:
        ValidationError: the student is no member, nothing is answered, or an earlier hand-in is
            still open (code "conflict").
    """
    student = attempt.owner
    if student is None or not _is_member(student, university):
        raise ValidationError(NOT_A_MEMBER, code="member")
    content = frozen_content(attempt)
    if not content["steps"]:
        raise ValidationError(NOTHING, code="empty")
    try:
        with transaction.atomic():
            return Submission.objects.create(
                university=university,
                attempt=attempt,
                student=student,
                assignment=assignment,
                number=attempt.submissions.count() + 1,
                content=content,
                sha256=content_hash(content),
                unsure=any(step["unsure"] for step in content["steps"]),
            )
    except IntegrityError as error:
        raise ValidationError(OPEN_ALREADY, code="conflict") from error


def frozen_content(attempt: Attempt) -> dict[str, Any]:
    """Return the latest answers of an attempt, in the order of the steps, as plain data."""
    case = cases.case_of(attempt.case_key)
    answers = attempt.answers.prefetch_related("feedback").order_by("version")
    latest = {answer.step: answer for answer in answers}
    return {
        "title": case.title,
        "prompt": case.prompt,
        "mode": attempt.mode,
        "hints": attempt.hints.count(),
        "steps": [
            {
                "step": step,
                "answer_id": latest[step].pk,
                "version": latest[step].version,
                "text": latest[step].text,
                "artefact": latest[step].artefact,
                "after_examples": latest[step].after_examples,
                "unsure": any(feedback.unsure for feedback in latest[step].feedback.all()),
            }
            for step in case.step_ids
            if step in latest
        ],
    }


def content_hash(content: dict[str, Any]) -> str:
    """Return the SHA-256 of frozen content, for the receipt and for anchored comments."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def submission_withdraw(*, submission: Submission) -> None:
    """Take back a submission that nobody has claimed.

    One conditional update decides against a coach who claims it at the same moment.

    Raises:
        ValidationError: a coach has claimed it, or it is reviewed (code "conflict").
    """
    changed = Submission.objects.filter(pk=submission.pk, state=SubmissionState.WAITING).update(
        state=SubmissionState.WITHDRAWN, withdrawn_at=timezone.now()
    )
    if not changed:
        raise ValidationError(CLAIMED_ALREADY, code="conflict")
    submission.refresh_from_db(fields=["state", "withdrawn_at"])


def _is_member(user: User, university: University) -> bool:
    return Membership.objects.filter(
        user=user, university=university, removed_at__isnull=True
    ).exists()
