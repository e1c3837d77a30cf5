"""Where the person who asks stands with each question; the bank shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from coach.access import attempts_of
from coach.models import Attempt
from questions.standing import Standing, Suggestion

SUGGESTED = 3
LOOKED_AT = 30
"""Open attempts that are looked through for three different questions."""


class CoachStanding:
    """The bank's source: attempts of the asker, by question; one query each."""

    def standings(
        self, request: HttpRequest, question_ids: Sequence[int]
    ) -> Mapping[int, Standing]:
        """Return the latest attempt's standing for each question that was started."""
        attempts = (
            attempts_of(request)
            .filter(case_version__question__in=question_ids)
            .select_related("case_version")
            .defer("case_version__data")
            .order_by("touched_at")
        )
        return {attempt.case_version.question_id: _standing(attempt) for attempt in attempts}

    def suggestions(self, request: HttpRequest) -> Sequence[Suggestion]:
        """Return the open attempts that were touched last, one for each question."""
        attempts = (
            attempts_of(request)
            .filter(finished_at__isnull=True)
            .select_related("case_version__question")
            .defer("case_version__data")
            .order_by("-touched_at")[:LOOKED_AT]
        )
        latest: dict[int, Attempt] = {}
        for attempt in attempts:
            latest.setdefault(attempt.case_version.question_id, attempt)
        return [
            Suggestion(
                eyebrow="Go on",
                title=attempt.case_version.question.title,
                url=_url(attempt),
                text=f"{attempt.get_mode_display()}, you were at "
                f"{attempt.current_step.replace('_', ' ')}.",
                action="Continue",
                primary=index == 0,
            )
            for index, attempt in enumerate(list(latest.values())[:SUGGESTED])
        ]


def _standing(attempt: Attempt) -> Standing:
    if attempt.is_finished:
        return Standing(state="finished", url=_url(attempt))
    return Standing(state="in_progress", url=_url(attempt))


def _url(attempt: Attempt) -> str:
    if attempt.is_finished:
        return reverse("practice-report", args=[attempt.pk])
    return reverse("practice-resume", args=[attempt.pk])
