"""The conversation: append-only messages, and the ledger of what came out of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.timezone import now

from coach.models.attempt import Attempt


class Author(models.TextChoices):
    """Who speaks."""

    COACH = "coach", "Coach"
    STUDENT = "student", "You"


class MessageKind(models.TextChoices):
    """What a message is for; decides how it is drawn."""

    BRIEF = "brief", "Brief"
    TALK = "talk", "Message"
    FACTS = "facts", "Facts"
    UNKNOWN = "unknown", "Not known"
    SUGGEST = "suggest", "Did you mean"
    READ = "read", "Read from your text"
    FOLLOW_UP = "follow_up", "Follow-up"
    HINT = "hint", "Hint"


class Message(models.Model):
    """One message. ``html`` is rendered once, when it is stored."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="messages")
    step = models.CharField(max_length=20)
    author = models.CharField(max_length=10, choices=Author.choices)
    kind = models.CharField(max_length=10, choices=MessageKind.choices, default=MessageKind.TALK)
    text = models.TextField()
    html = models.TextField()
    data = models.JSONField(default=dict, help_text="fact ids, suggestions, hint size")
    asks = models.BooleanField(default=False, help_text="only asks; is no part of the answer")
    client_id = models.UUIDField(default=uuid.uuid4)
    reply_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "client_id"], name="a_retried_message_is_one_message"
            )
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.kind}"


class LedgerEntry(models.Model):
    """One line of the ledger: a fact that was given, or an assumption the student made."""

    FACT = "fact"
    ASSUMPTION = "assumption"

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="ledger")
    kind = models.CharField(max_length=10, choices=[(FACT, "Fact"), (ASSUMPTION, "Assumption")])
    step = models.CharField(max_length=20)
    key = models.CharField(max_length=80, help_text="fact id, or a running name")
    label = models.CharField(max_length=120)
    value = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "kind", "key"], name="a_ledger_line_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.value}"
