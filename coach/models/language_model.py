"""What the optional language model is asked, and what it added. Apart from the rules' reports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from coach.models.feedback import Feedback, JobState
from coach.models.message import Message

MAX_CALLS = 2
"""After so many started tries a question is given up; nobody waits for it."""


class ModelJob(models.Model):
    """One question to the model: about a report of the rules, or about a follow-up.

    It is written when that already stands, and given up without harm. Dead means given up.
    """

    feedback = models.OneToOneField(
        Feedback, on_delete=models.CASCADE, null=True, related_name="model_job"
    )
    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, null=True, related_name="model_job"
    )
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.DUE)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    lease_until = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=60, blank=True, help_text="a word, no text of anybody")
    dropped = models.JSONField(default=dict, help_text="guard: how often it dropped something")
    model = models.CharField(max_length=100, blank=True, help_text="as the site names it")
    answered_as = models.CharField(max_length=100, blank=True, help_text="as it names itself")
    versions = models.JSONField(default=dict, help_text="of prompts, guards and rubric")
    created_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(feedback__isnull=False, message__isnull=True)
                | Q(feedback__isnull=True, message__isnull=False),
                name="a_model_job_is_about_one_thing",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["due", "running"]),
                name="model_job_sweep",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} question {self.pk} to the model"


class SuggestionKind(models.TextChoices):
    """What a suggestion is."""

    FINDING = "finding", "A finding of its own"
    REWORDING = "rewording", "A finding of the rules in other words"


class ModelSuggestion(models.Model):
    """One thing the model added that passed every guard. It has no level and counts nowhere."""

    job = models.ForeignKey(ModelJob, on_delete=models.CASCADE, related_name="suggestions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=SuggestionKind.choices)
    mistake = models.CharField(max_length=8, blank=True)
    title = models.CharField(max_length=200)
    field = models.CharField(max_length=60, help_text="text, or a cell of the artefact")
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quote = models.TextField(blank=True)
    why = models.CharField(max_length=320)
    rewrite = models.CharField(max_length=260, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["job_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "position"], name="suggestions_of_a_job_count_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mistake}"
