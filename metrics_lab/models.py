"""Sheets that people keep in the lab, and the scenarios in them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now


class Sheet(models.Model):
    """A model that a person or a visitor builds; `document` is read by `engine.sheet_json`.

    A visitor's sheet carries the hash of a random token kept in a signed cookie; signing up sets
    ``owner`` and clears it. ``share_token`` lets whoever has the link read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sheets",
    )
    visitor_hash = models.CharField(max_length=64, blank=True, db_index=True)
    title = models.CharField(max_length=120)
    document = models.JSONField()
    previous = models.JSONField(null=True, blank=True, help_text="before the last edit, for undo")
    share_token = models.CharField(max_length=43, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=now)
    touched_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-touched_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(visitor_hash=""),
                name="sheet_has_an_owner_or_a_visitor",
            )
        ]
        indexes = [models.Index(fields=["owner", "-touched_at"], name="sheet_recent_of_owner")]

    def __str__(self) -> str:
        return self.title


class Scenario(models.Model):
    """Levers of a sheet under a name; the one without a name is the draft that is being moved.

    ``levers`` is a list of {"symbol", "how", "amount"} as `engine.scenario.Lever` reads it.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=60, blank=True)
    levers = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "name"], name="one_scenario_a_name_of_a_sheet")
        ]

    def __str__(self) -> str:
        return self.name or "Draft"

    @property
    def is_draft(self) -> bool:
        """Whether it has not been given a name yet."""
        return not self.name
