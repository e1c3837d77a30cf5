"""What the site's administrators see of the coach: jobs and links, never a student's words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from coach.forms import ShareLinkForm
from coach.models import FeedbackJob, ModelJob, ShareLink
from coach.selectors.shares import with_came
from coach.services.feedback import feedback_redrive
from coach.services.shares import share_link_make, share_link_revoke


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


class SiteLinkForm(ModelForm[ShareLink], ShareLinkForm):
    """A link that the site itself gives away."""

    class Meta:
        model = ShareLink
        fields = ("question", "note")


@admin.register(ShareLink)
class ShareLinkAdmin(admin.ModelAdmin[ShareLink]):
    """Links to one case, of the site and of universities: make, count, close."""

    list_display = ("question", "note", "university", "created_by", "came", "created_at", "state")
    list_filter = ("revoked_at", "university")
    search_fields = ("question__title", "note")
    fields = ("question", "note", "university", "created_by", "created_at", "expires_at", "state")
    actions = ("close",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShareLink]:
        """Return every link with how many came by it."""
        return with_came(super().get_queryset(request))

    @admin.display(description="Came by it", ordering="came")
    def came(self, link: Any) -> int:
        """Return how many people came by the link."""
        count: int = link.came
        return count

    @admin.action(description="Close: nobody opens the case by it any more", permissions=["add"])
    def close(self, request: HttpRequest, links: QuerySet[ShareLink]) -> None:
        """Close the chosen links."""
        by: Any = request.user
        closed = sum(share_link_revoke(link=link, by=by) for link in links)
        noun = "link" if closed == 1 else "links"
        self.message_user(request, f"{closed} {noun} closed.", messages.SUCCESS)

    def get_fields(self, request: HttpRequest, obj: ShareLink | None = None) -> Any:
        """Ask for a case, a note and a last day; show the rest once the link is there."""
        return ("question", "note", "last_day") if obj is None else self.fields

    def get_form(
        self,
        request: HttpRequest,
        obj: ShareLink | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Return the form of the university's page; a link that is there is only read."""
        return SiteLinkForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: ShareLink, form: Any, change: bool) -> None:
        """Make the link and show its address, once."""
        by: Any = request.user
        data = form.cleaned_data
        link, token = share_link_make(
            question=data["question"], by=by, note=data["note"], expires_at=data["last_day"]
        )
        obj.pk, obj._state.adding = link.pk, False
        address = request.build_absolute_uri(reverse("share-follow", args=[token]))
        said = "This is the link. It is shown now and never again: copy it. {}"
        self.message_user(request, format_html(said, address), messages.SUCCESS)

    def has_change_permission(self, request: HttpRequest, obj: ShareLink | None = None) -> bool:
        """A link is made and closed, never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ShareLink | None = None) -> bool:
        """A link is closed; who came by it stays counted."""
        return False
