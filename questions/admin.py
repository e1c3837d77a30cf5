"""The bank for staff: publish and withdraw questions, read the versions of their cases."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from questions.models import CaseVersion, Company, Question, Tag

FROM_THE_FILE = [
    "slug",
    "title",
    "prompt",
    "type",
    "difficulty",
    "minutes",
    "industry",
    "why_practise",
    "about",
    "companies",
    "tags",
    "current_version",
]


class CaseVersionInline(admin.TabularInline[CaseVersion, Question]):
    """The versions of a question's case: to read, never to change."""

    model = CaseVersion
    fields = ["number", "content_hash", "created_at"]
    readonly_fields = ["number", "content_hash", "created_at"]
    extra = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        """Versions come from case files alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Attempts point to versions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A version is immutable."""
        return False


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin[Question]):
    """What the case file says is read-only here; only publishing is decided by staff."""

    list_display = ["title", "type", "difficulty", "minutes", "about", "state"]
    list_filter = ["type", "difficulty", "published_at", "retired_at"]
    list_select_related = ["about"]
    search_fields = ["title", "prompt", "slug"]
    fields = [*FROM_THE_FILE, "audience", "published_at", "retired_at"]
    readonly_fields = FROM_THE_FILE
    inlines = [CaseVersionInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Questions come from case files: manage.py load_library."""
        return False


@admin.register(CaseVersion)
class CaseVersionAdmin(admin.ModelAdmin[CaseVersion]):
    """Immutable: to read only."""

    list_display = ["question", "number", "content_hash", "created_at"]
    list_select_related = ["question"]
    list_filter = ["question__type"]
    search_fields = ["question__title", "content_hash"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Versions come from case files alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: CaseVersion | None = None) -> bool:
        """A version is never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CaseVersion | None = None) -> bool:
        """Attempts point to versions."""
        return False


@admin.register(Company, Tag)
class NamedAdmin(admin.ModelAdmin[Company]):
    """Companies and tags: a case file makes them, staff may spell them better."""

    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    readonly_fields = ["slug"]
