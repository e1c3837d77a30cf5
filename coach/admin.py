"""What the site's administrators see of the coach: feedback jobs, never a student's words."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from coach.models import FeedbackJob, ModelJob
from coach.services.feedback import feedback_redrive


@admin.register(FeedbackJob)
class FeedbackJobAdmin(admin.ModelAdmin[FeedbackJob]):
    """Jobs that wait, run, are done or are dead; dead ones can be driven again."""

    list_display = ("id", "state", "tries", "error", "created_at", "due_at", "done_at")
    list_filter = ("state", "error")
    readonly_fields = (
        "state", "tries", "error", "created_at", "due_at", "lease_until", "done_at",
    )  # fmt: skip
    exclude = ("answer",)
    actions = ("drive_again",)

    @admin.action(description="Drive dead jobs again", permissions=["view"])
    def drive_again(self, request: HttpRequest, jobs: QuerySet[FeedbackJob]) -> None:
        """Give the chosen dead jobs new tries."""
        driven = sum(feedback_redrive(job_id=job.pk) for job in jobs)
        self.message_user(request, f"{driven} jobs driven again.", messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jobs are made with answers alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: FeedbackJob | None = None) -> bool:
        """Jobs are changed by services alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FeedbackJob | None = None) -> bool:
        """A job goes with its answer."""
        return False


@admin.register(ModelJob)
class ModelJobAdmin(admin.ModelAdmin[ModelJob]):
    """What the language model was asked and what became of it, to read; no words of anybody."""

    list_display = ("id", "state", "outcome", "dropped", "model", "created_at", "done_at")
    list_filter = ("state", "outcome")
    readonly_fields = (
        "state", "tries", "outcome", "dropped", "model", "answered_as", "versions", "created_at",
        "due_at", "lease_until", "done_at",
    )  # fmt: skip
    exclude = ("feedback", "message")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Questions are noted with a report or a follow-up alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModelJob | None = None) -> bool:
        """Questions are changed by services alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ModelJob | None = None) -> bool:
        """A question goes with what it was about."""
        return False
