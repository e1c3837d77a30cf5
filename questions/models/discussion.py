"""What people say to each other below a question, and what is done where somebody objects."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from questions.models.question import Question


class CommentKind(models.TextChoices):
    """What a comment is for."""

    COMMENT = "comment", "Comment"
    QUESTION = "question", "Question"


class Comment(models.Model):
    """A comment or a question; a reply has a parent that is no reply itself.

    ``spoils`` marks what helps to solve the case: it is shown only to those who have handed in
    an attempt. ``score`` counts its votes. A comment that its author deleted keeps its place
    while it has replies, without its words.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
    )
    kind = models.CharField(max_length=8, choices=CommentKind.choices, default=CommentKind.COMMENT)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="the text, rendered and cleaned once")
    spoils = models.BooleanField(default=True)
    score = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="by its author")
    hidden_at = models.DateTimeField(null=True, blank=True, help_text="by a moderator")

    open_reports: int
    """How many people's reports wait for a decision, where a selector has counted them. Without
    a value: what was not counted must not pass for "nobody objects"."""
    is_unanswered: bool = False
    """Whether it is a question to which nobody else has replied, where a selector has looked."""

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["question", "created_at"], name="comment_of_a_question")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        """The comment on its question's page."""
        page = reverse("question-detail", args=[self.question.slug])
        return f"{page}#comment-{self.pk}"

    @property
    def is_shown(self) -> bool:
        """Whether its words may be read at all."""
        return self.deleted_at is None and self.hidden_at is None

    def delete_words(self) -> None:
        """Delete what was said and keep the place, for the replies below it."""
        self.text, self.html, self.deleted_at = "", "", now()
        self.save(update_fields=["text", "html", "deleted_at"])


class CommentVote(models.Model):
    """One person finds a comment useful."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comment_votes"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="one_vote_a_comment")
        ]

    def __str__(self) -> str:
        return f"vote for {self.comment_id}"


class ReportReason(models.TextChoices):
    """Why somebody objects to a comment."""

    SPOILER = "spoiler", "It gives the solution away and is not marked"
    UNKIND = "unkind", "It is unkind or attacks somebody"
    PERSONAL = "personal", "It tells something private about a person"
    SPAM = "spam", "It advertises, or has nothing to do with the case"
    COPIED = "copied", "It is copied from somewhere else"
    OTHER = "other", "Something else"


class Decision(models.TextChoices):
    """What a moderator decided on a reported comment."""

    KEPT = "kept", "Kept"
    MARKED = "marked", "Marked as a spoiler"
    HIDDEN = "hidden", "Hidden"


class CommentReport(models.Model):
    """An objection to a comment, and what a moderator decided."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comment_reports"
    )
    reason = models.CharField(max_length=10, choices=ReportReason.choices)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"],
                condition=Q(decided_at__isnull=True),
                name="one_open_report_a_person_and_comment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.comment_id}"
