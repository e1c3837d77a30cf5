"""The bank for staff: publish and withdraw questions, read the versions of their cases."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from questions.admin_case import CaseAdmin
from questions.admin_publish import PublishingAdmin, StateFilter
from questions.models import (
    Asked,
    CaseVersion,
    Comment,
    CommentReport,
    Company,
    Question,
    QuestionRequest,
    Tag,
    WeekCase,
)
from questions.selectors.week import monday_of
from questions.services.interest import request_decide

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
        """Versions come from files, from imports and from the page that edits the case."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Attempts point to versions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A version is immutable."""
        return False


class WeekCaseForm(forms.ModelForm[WeekCase]):
    """A Monday and its case."""

    def clean_monday(self) -> date:
        """Refuse a day that begins no week."""
        day: date = self.cleaned_data["monday"]
        if day != monday_of(day):
            raise ValidationError(
                f"{day:%d %B %Y} is a {day:%A}. The week begins on {monday_of(day):%d %B %Y}."
            )
        return day


@admin.register(WeekCase)
class WeekCaseAdmin(admin.ModelAdmin[WeekCase]):
    """The case of the week; weeks without a row choose by themselves."""

    form = WeekCaseForm
    list_display = ["monday", "question"]
    list_select_related = ["question"]
    autocomplete_fields = ["question"]


@admin.register(Question)
class QuestionAdmin(CaseAdmin, PublishingAdmin):
    """When a question is out, and for whom, is decided here; its case on pages of its own."""

    list_display = ["title", "state_words", "audience", "type", "difficulty", "about"]
    list_filter = [StateFilter, "audience", "type", "difficulty"]
    list_select_related = ["about"]
    search_fields = ["title", "prompt", "slug"]
    fieldsets = [
        (
            "When it is out, and for whom",
            {
                "fields": ["state_words", "published_at", "retired_at", "audience"],
                "description": "Attempts that were started keep their case, whatever is set here.",
            },
        ),
        ("From the case", {"fields": tuple(FROM_THE_FILE)}),
    ]
    readonly_fields = [*FROM_THE_FILE, "state_words"]
    inlines = [CaseVersionInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Questions come with their case: from a file, or by importing one."""
        return False


@admin.register(CaseVersion)
class CaseVersionAdmin(admin.ModelAdmin[CaseVersion]):
    """Immutable: to read only."""

    list_display = ["question", "number", "content_hash", "created_at"]
    list_select_related = ["question"]
    list_filter = ["question__type"]
    search_fields = ["question__title", "content_hash"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Versions come from files, from imports and from the page that edits the case."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: CaseVersion | None = None) -> bool:
        """A version is never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CaseVersion | None = None) -> bool:
        """Attempts point to versions."""
        return False


@admin.register(Company, Tag)
class NamedAdmin(admin.ModelAdmin[Company]):
    """Companies and tags: cases and people make them, staff may spell them better."""

    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    readonly_fields = ["slug"]


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that people made: staff read them here and act elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People write these on the site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes what somebody else said."""
        return False


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """To find a comment. What becomes of it is decided on the page for moderation: deleted here,
    it would take the replies of others along."""

    list_display = ["question", "kind", "text", "spoils", "score", "created_at", "hidden_at"]
    list_filter = ["kind", "spoils", "hidden_at", "deleted_at"]
    list_select_related = ["question"]
    search_fields = ["text", "question__title"]
    fields = ["question", "kind", "text", "spoils", "score", "created_at", "deleted_at"]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Its writer deletes it, and a moderator hides it."""
        return False


@admin.register(CommentReport)
class CommentReportAdmin(ReadOnlyAdmin):
    """What was objected to, and what was decided."""

    list_display = ["comment", "reason", "note", "created_at", "decision", "decided_at"]
    list_filter = ["reason", "decision"]
    list_select_related = ["comment"]
    fields = ["comment", "reason", "note", "created_at", "decision", "decided_at"]


@admin.register(Asked)
class AskedAdmin(ReadOnlyAdmin):
    """Which companies asked which questions; staff delete what cannot be true."""

    list_display = ["question", "company", "month", "created_at"]
    list_filter = ["company"]
    list_select_related = ["question", "company"]
    search_fields = ["question__title", "company__name"]
    fields = ["question", "company", "month", "created_at"]


@admin.register(QuestionRequest)
class QuestionRequestAdmin(admin.ModelAdmin[QuestionRequest]):
    """The most wanted first: staff say what becomes of a request and link the case written for
    it. The asker is told."""

    list_display = ["title", "company", "score", "state", "question", "created_at"]
    list_filter = ["state"]
    list_select_related = ["question"]
    search_fields = ["title", "details", "company"]
    ordering = ["-score", "-created_at", "-id"]
    fields = ["title", "details", "company", "score", "created_at", "state", "question"]
    readonly_fields = ["title", "details", "company", "score", "created_at"]
    autocomplete_fields = ["question"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People ask on the site."""
        return False

    def save_model(
        self, request: HttpRequest, obj: QuestionRequest, form: Any, change: bool
    ) -> None:
        """Let the service decide, which tells the asker."""
        request_decide(request=obj, state=obj.state, question=obj.question)
