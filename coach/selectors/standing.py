"""Where the person who asks stands with each question; the bank shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from coach.access import attempts_of, questions_open_to
from coach.models import Attempt
from coach.selectors.next_case import next_case, next_cases
from questions.models import Question
from questions.standing import Standing, Suggestion

SUGGESTED = 3
LOOKED_AT = 30
"""Open attempts that are looked through for three different questions."""


class CoachStanding:
    """The bank's source: attempts of the asker, by question; one query each."""

    def questions(self, request: HttpRequest) -> QuerySet[Question]:
        """Return what the asker may open."""
        return questions_open_to(request)

    def ranked(self, request: HttpRequest) -> Mapping[int, str]:
        """Return the reason of each question by id, the right one now first."""
        return {found.id: found.reason for found in next_cases(request)}

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
        go_on = [
            Suggestion(
                eyebrow="Go on",
                title=attempt.case_version.question.title,
                url=_url(attempt),
                text=f"{attempt.get_mode_display()}, you were at "
                f"{attempt.current_step.replace('_', ' ')}.",
                action="Continue",
                primary=index == 0,
            )
            for index, attempt in enumerate(list(latest.values())[: SUGGESTED - 1])
        ]
        if not latest and not attempts_of(request).exists():
            return []
        return [*go_on, *_next(request, set(latest), primary=not go_on)]


def _next(
    request: HttpRequest, besides: AbstractSet[int], *, primary: bool
) -> Iterator[Suggestion]:
    """The right next case, besides those that are open; nothing where there is none."""
    found = next_case(request, besides)
    if found is not None:
        question, reason = found
        yield Suggestion(
            eyebrow="Next for you",
            title=question.title,
            url=question.get_absolute_url(),
            text=reason,
            action="Look at it",
            primary=primary,
        )


def _standing(attempt: Attempt) -> Standing:
    if attempt.is_finished:
        return Standing(state="finished", url=_url(attempt))
    return Standing(state="in_progress", url=_url(attempt))


def _url(attempt: Attempt) -> str:
    if attempt.is_finished:
        return reverse("practice-report", args=[attempt.pk])
    return reverse("practice-resume", args=[attempt.pk])
