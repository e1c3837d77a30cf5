"""What people tell about questions: where they were asked one, and which they would like."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from questions.models.question import Company, Question


class Asked(models.Model):
    """Somebody was asked this in an interview, by a company in a month; shown as a count only."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="asked")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="its first day")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="asked"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "asked"
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "company", "user"], name="asked_once_by_a_company"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.month:%Y-%m}"


class RequestState(models.TextChoices):
    """What became of a request."""

    OPEN = "open", "Open"
    PLANNED = "planned", "Planned"
    DONE = "done", "Written"
    DECLINED = "declined", "Not planned"


class QuestionRequest(models.Model):
    """A question that somebody would like to practise. ``score`` counts its votes."""

    title = models.CharField(max_length=120)
    details = models.CharField(max_length=1000, blank=True)
    company = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="question_requests",
    )
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.OPEN)
    question = models.ForeignKey(
        Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    score = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-score", "-created_at", "-id"]

    def __str__(self) -> str:
        return self.title


class RequestVote(models.Model):
    """One person would like a requested question too."""

    request = models.ForeignKey(QuestionRequest, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="request_votes"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "user"], name="one_vote_a_request")
        ]

    def __str__(self) -> str:
        return f"vote for {self.request_id}"
