"""What the admin's list of questions adds for publishing: states, a filter, and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from questions.models import Audience, Question
from questions.services.publishing import question_bring_back, question_publish, question_retire


class StateFilter(admin.SimpleListFilter):
    """Questions by where they stand."""

    title = "state"
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        """Return the four states."""
        states = ("draft", "scheduled", "published", "retired")
        return [(state, state.capitalize()) for state in states]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Question]
    ) -> QuerySet[Question] | None:
        """Return the questions in the chosen state, as Question.state names it."""
        now = timezone.now()
        retired = Q(retired_at__isnull=False, retired_at__lte=now)
        draft = Q(published_at=None) | Q(current_version=None)
        wanted = {
            "retired": retired,
            "draft": ~retired & draft,
            "scheduled": ~retired & ~draft & Q(published_at__gt=now),
            "published": ~retired & ~draft & Q(published_at__lte=now),
        }.get(self.value() or "")
        return queryset.filter(wanted) if wanted else queryset


class PublishingAdmin(admin.ModelAdmin[Question]):
    """Publish, retire and bring back, for one question or many; attempts keep their case."""

    actions = ["publish", "retire", "bring_back", "for_everybody", "for_members"]

    @admin.display(description="State", ordering="published_at")
    def state_words(self, question: Question) -> str:
        """Return the state with its day."""
        state = question.state
        if state == "retired":
            return f"Retired {_day(question.retired_at)}"
        if state == "scheduled":
            return f"Scheduled for {_day(question.published_at)}"
        if state == "published" and question.retired_at:
            return f"Published until {_day(question.retired_at)}"
        return state.capitalize()

    @admin.action(description="Publish now", permissions=["change"])
    def publish(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        """Let people open the chosen drafts and scheduled questions from now on."""
        self._each(request, questions, question_publish, "published")

    @admin.action(description="Retire now (attempts go on)", permissions=["change"])
    def retire(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        """Show the chosen questions no longer."""
        self._each(request, questions, question_retire, "retired")

    @admin.action(description="Bring back from retirement", permissions=["change"])
    def bring_back(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        """Undo the retirement of the chosen questions."""
        self._each(request, questions, question_bring_back, "brought back")

    @admin.action(description="Open to everybody", permissions=["change"])
    def for_everybody(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        """Let everybody open the chosen questions once they are published."""
        self._open_to(request, questions, Audience.EVERYBODY)

    @admin.action(description="Open to members of a university only", permissions=["change"])
    def for_members(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        """Let only members, and whoever has a link, open the chosen questions."""
        self._open_to(request, questions, Audience.MEMBERS)

    def _each(
        self,
        request: HttpRequest,
        questions: QuerySet[Question],
        change: Callable[..., None],
        done: str,
    ) -> None:
        """Change each question; say how many were, and why the others were not."""
        count = 0
        for question in questions:
            try:
                change(question=question)
            except ValidationError as error:
                self.message_user(request, error.messages[0], messages.WARNING)
            else:
                count += 1
                self.log_change(request, question, done.capitalize())
        if count:
            noun = "question" if count == 1 else "questions"
            self.message_user(request, f"{count} {noun} {done}.", messages.SUCCESS)

    def _open_to(
        self, request: HttpRequest, questions: QuerySet[Question], audience: Audience
    ) -> None:
        changed = list(questions.exclude(audience=audience))
        questions.update(audience=audience)
        for question in changed:
            self.log_change(request, question, f"Open to: {audience.label}")
        noun = "question" if len(changed) == 1 else "questions"
        said = f"{len(changed)} {noun} changed. Open to: {str(audience.label).lower()}."
        self.message_user(request, said, messages.SUCCESS)


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i")
