"""What a university asks of a cohort, and what a student hands in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import validate_timezone
from coach.models.attempt import Attempt, Mode
from questions.models import Question
from universities.models import Cohort, University


class Assignment(models.Model):
    """One case for one cohort, due at a time that was meant in a time zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="assignments")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="assignments")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(
        max_length=10,
        choices=[(Mode.GUIDED, "Guided"), (Mode.MOCK, "Mock interview")],
        default=Mode.GUIDED,
    )
    note = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField()
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.question_id} for {self.cohort_id}"


class SubmissionState(models.TextChoices):
    """Where a submission stands for the student. What a coach drafts is not visible here."""

    WAITING = "waiting", "Waiting for a coach"
    CLAIMED = "claimed", "With a coach"
    RELEASED = "released", "Reviewed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Submission(models.Model):
    """A frozen set of answers handed to a university. Only this is visible to it.

    ``content`` is ``{"prompt", "title", "steps": [{"step", "version", "text", "artefact",
    "report"}]}`` and ``sha256`` its hash: comments are anchored to exactly this text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="submissions")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="submissions")
    student = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="submissions"
    )
    assignment = models.ForeignKey(
        Assignment, on_delete=models.SET_NULL, null=True, blank=True, related_name="submissions"
    )
    number = models.PositiveSmallIntegerField(default=1, help_text="of this attempt's hand-ins")
    state = models.CharField(
        max_length=10, choices=SubmissionState.choices, default=SubmissionState.WAITING
    )
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    unsure = models.BooleanField(default=False, help_text="the rules are unsure: a person first")
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(state__in=["waiting", "claimed"]),
                name="one_open_submission_an_attempt",
            ),
            models.UniqueConstraint(
                fields=["attempt", "number"], name="submission_numbers_count_up"
            ),
        ]
        indexes = [
            models.Index(fields=["university", "state", "created_at"], name="submission_queue")
        ]

    def __str__(self) -> str:
        return f"submission {self.id}"
