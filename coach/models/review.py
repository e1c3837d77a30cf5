"""What a human coach says about a submission."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from coach.models.assignment import Submission
from universities.models import University


class ReviewState(models.TextChoices):
    """A draft is the coach's alone, a released one the student's too, a recalled one nobody's."""

    DRAFT = "draft", "Draft"
    RELEASED = "released", "Released"
    RECALLED = "recalled", "Recalled"
    DROPPED = "dropped", "Given back"


class Review(models.Model):
    """One coach's review of one submission. The unique constraint makes a claim exclusive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="reviews")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="reviews")
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reviews"
    )
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.DRAFT)
    summary = models.TextField(blank=True)
    asks_another = models.BooleanField(default=False, help_text="asks for another version")
    lease_until = models.DateTimeField(help_text="a draft past this time may be taken over")
    created_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(state__in=["draft", "released"]),
                name="one_live_review_a_submission",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} review {self.id}"


class ReviewMark(models.Model):
    """A level the coach set for one criterion, with a note."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="marks")
    step = models.CharField(max_length=20)
    criterion = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "step", "criterion"], name="one_mark_a_criterion"
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 4)), name="mark_level_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.criterion} {self.level}"


class ReviewComment(models.Model):
    """A comment anchored to exact characters of the submitted text. Never matched loosely."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments")
    step = models.CharField(max_length=20)
    start = models.PositiveIntegerField(help_text="code points into the step's text")
    end = models.PositiveIntegerField()
    quote = models.TextField()
    submission_sha256 = models.CharField(max_length=64)
    body = models.TextField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["step", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=models.F("start")), name="comment_covers_some_text"
            )
        ]

    def __str__(self) -> str:
        return f"comment on {self.step}"


class Decision(models.TextChoices):
    """What the coach does with an automatic finding. Undecided findings stay out of a release."""

    ACCEPT = "accept", "Accepted"
    EDIT = "edit", "Edited"
    DROP = "drop", "Dropped"


class FindingDecision(models.Model):
    """The coach's word on one automatic finding of the submission."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="decisions")
    step = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(help_text="of the finding in the step's report")
    decision = models.CharField(max_length=6, choices=Decision.choices)
    text = models.TextField(blank=True, help_text="the coach's wording of an edited finding")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "step", "position"], name="one_decision_a_finding"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.step} {self.position}"
