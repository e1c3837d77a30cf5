"""Feedback on an answer, and the job that makes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from coach.models.answer import Answer

MAX_TRIES = 5
"""After so many started tries a job is dead, is shown to staff, and can be driven again."""


class Feedback(models.Model):
    """The automatic report on one answer version under one version of rubric and rules."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="feedback")
    versions_key = models.CharField(max_length=64, help_text="of rubric, rules and model")
    report = models.JSONField(help_text="coach.assessment StepReport.to_dict()")
    level = models.PositiveSmallIntegerField()
    gate = models.CharField(max_length=20, blank=True)
    unsure = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "versions_key"], name="one_report_an_answer_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"feedback on {self.answer_id}"


class JobState(models.TextChoices):
    """Where a job stands. Running with a lease that has passed counts as due again."""

    DUE = "due", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Given up"


class FeedbackJob(models.Model):
    """Feedback that is owed for an answer. Written with the answer, in one transaction."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="job")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.DUE)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(
        max_length=300, blank=True, help_text="kind of fault, no text of people"
    )
    created_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["due", "running"]),
                name="feedback_job_sweep",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} job {self.pk}"
