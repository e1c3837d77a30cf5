"""A student's play of one case, and the work on each of its steps."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from questions.models import CaseVersion


class Mode(models.TextChoices):
    """How a case is played."""

    GUIDED = "guided", "Guided"
    MOCK = "mock", "Mock interview"
    DRILL = "drill", "Drill"


class CaseKey(NamedTuple):
    """What names the case of an attempt: an immutable version, and the seed of its numbers."""

    version_id: int
    variant: int | None = None


class Attempt(models.Model):
    """One play of one immutable case version, by a signed-in student or by a visitor.

    A visitor's attempt carries the hash of a random token kept in a signed cookie; signing up
    sets ``owner`` and clears it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attempts",
    )
    visitor_hash = models.CharField(max_length=64, blank=True, db_index=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.GUIDED)
    drill_step = models.CharField(max_length=20, blank=True)
    current_step = models.CharField(max_length=20)
    extra_time = models.PositiveSmallIntegerField(default=0, help_text="percent, mock mode")
    assignment = models.ForeignKey(
        "coach.Assignment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="attempts",
    )
    variant = models.PositiveIntegerField(
        null=True, blank=True, help_text="seed of the case's other numbers; empty: its own"
    )
    started_at = models.DateTimeField(default=now)
    touched_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(visitor_hash=""),
                name="attempt_has_an_owner_or_a_visitor",
            )
        ]
        indexes = [models.Index(fields=["owner", "-touched_at"], name="attempt_recent_of_owner")]

    def __str__(self) -> str:
        return f"{self.mode} attempt {self.id}"

    @property
    def case_key(self) -> CaseKey:
        """What names the case with the numbers it is played with; see `coach.cases`."""
        return CaseKey(self.case_version_id, self.variant)

    @property
    def is_finished(self) -> bool:
        """Whether the student has closed the attempt and may compare with the examples."""
        return self.finished_at is not None


class AttemptStep(models.Model):
    """The work on one step before it is submitted: what is typed, and the time it took."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    composer = models.TextField(blank=True, help_text="typed and not yet sent")
    artefact = models.JSONField(default=dict)
    read_cells = models.JSONField(default=list, help_text="cells read from prose, unconfirmed")
    composer_sequence = models.PositiveBigIntegerField(default=0, help_text="of the last save")
    artefact_sequence = models.PositiveBigIntegerField(default=0, help_text="of the last save")
    seconds = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "step"], name="one_row_a_step_of_an_attempt")
        ]

    def __str__(self) -> str:
        return self.step


class HintUse(models.Model):
    """A hint that was opened; recorded because using one is part of the result."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="hints")
    step = models.CharField(max_length=20)
    size = models.CharField(max_length=6, choices=[("small", "S"), ("medium", "M"), ("large", "L")])
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "step", "size"], name="one_use_a_hint")
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.size}"
