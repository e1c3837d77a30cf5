"""What a student submitted for a step. A revision is a new row."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from coach.models.attempt import Attempt


class Answer(models.Model):
    """One version of the answer to one step: prose and artefact, never changed afterwards."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    step = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    html = models.TextField()
    artefact = models.JSONField(default=dict)
    is_read = models.BooleanField(
        default=False, help_text="the artefact holds cells read from prose that nobody confirmed"
    )
    seconds = models.PositiveIntegerField(default=0)
    after_examples = models.BooleanField(
        default=False, help_text="made after the model answers were open"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["attempt_id", "step", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "step", "version"], name="answer_versions_count_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} v{self.version}"
