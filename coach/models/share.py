"""A link that opens one case to whoever has it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from questions.models import Question


class ShareLink(models.Model):
    """One case behind an address that cannot be guessed; only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=120, blank=True, help_text="whom it is for")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="share_links",
    )
    university = models.ForeignKey(
        "universities.University",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="share_links",
        help_text="whose staff made it; empty: the site's",
    )
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"link to {self.question_id}"

    @property
    def state(self) -> str:
        """Whether it still opens its case: open, ended or closed."""
        if self.revoked_at is not None:
            return "closed"
        return "ended" if self.expires_at and self.expires_at <= now() else "open"


class ShareGrant(models.Model):
    """Somebody came by a link: they may open its case as long as the link stands."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="share_grants",
    )
    visitor_hash = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(visitor_hash=""),
                name="grant_has_a_user_or_a_visitor",
            ),
            models.UniqueConstraint(
                fields=["link", "user"],
                condition=Q(user__isnull=False),
                name="one_grant_a_link_and_user",
            ),
            models.UniqueConstraint(
                fields=["link", "visitor_hash"],
                condition=Q(user__isnull=True),
                name="one_grant_a_link_and_visitor",
            ),
        ]

    def __str__(self) -> str:
        return f"grant of {self.link_id}"
