"""Where the person who asks stands with each question; the bank shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from statistics import median, median_low

from django.db.models import Exists, OuterRef, Sum
from django.http import HttpRequest
from django.urls import reverse

from coach.access import attempts_of, sight_of
from coach.models import Answer, Attempt, AttemptStep, Feedback, Mode
from coach.selectors.next_case import next_case, next_cases
from coach.selectors.own import OwnAttempt, own_attempts
from questions.models import Sight
from questions.standing import ENOUGH_PEOPLE, Results, Standing, Suggestion

SUGGESTED = 3
JUDGED_STEPS = 4_000
"""Judged steps of a question, the latest ones, that say how people do."""
FINISHED_ATTEMPTS = 500
"""Finished attempts, the latest ones, that say how long a question takes."""


class CoachStanding:
    """The bank's source: what the asker may open, played and was judged on."""

    def sight(self, request: HttpRequest) -> Sight:
        """Return which questions the asker may open."""
        return sight_of(request)

    def ranked(self, request: HttpRequest) -> Mapping[int, str]:
        """Return the reason of each question by id, the right one now first."""
        return {found.id: found.reason for found in next_cases(request)}

    def standings(
        self, request: HttpRequest, question_ids: Sequence[int]
    ) -> Mapping[int, Standing]:
        """Return the latest attempt's standing for each question that was started."""
        wanted = set(question_ids)
        latest_last = reversed(own_attempts(request))
        return {own.question_id: _standing(own) for own in latest_last if own.question_id in wanted}

    def suggestions(self, request: HttpRequest) -> Sequence[Suggestion]:
        """Return the open attempts that were touched last, one for each question, and the right
        next case; nothing for who has not played."""
        own = own_attempts(request)
        if not own:
            return []
        latest: dict[int, OwnAttempt] = {}
        for attempt in own:
            if not attempt.is_finished:
                latest.setdefault(attempt.question_id, attempt)
        go_on = [
            Suggestion(
                eyebrow="Go on",
                title=attempt.title,
                url=_url(attempt),
                text=f"{Mode(attempt.mode).label}, you were at "
                f"{attempt.current_step.replace('_', ' ')}.",
                action="Continue",
                primary=index == 0,
            )
            for index, attempt in enumerate(list(latest.values())[: SUGGESTED - 1])
        ]
        return [*go_on, *_next(request, set(latest), primary=not go_on)]

    def has_submitted(self, request: HttpRequest, question_id: int) -> bool:
        """Return whether the asker has handed in a step of the question, in any attempt."""
        attempts = attempts_of(request).filter(case_version__question=question_id)
        return Answer.objects.filter(attempt__in=attempts).exists()

    def results(self, question_id: int) -> Results | None:
        """Return how signed-in people did, or None while fewer than `ENOUGH_PEOPLE` were judged.

        A visitor can be one person many times over, so visitors are not counted. Two queries.
        """
        levels = _levels_of_people(question_id)
        if len(levels) < ENOUGH_PEOPLE:
            return None
        one, two, three, four = (levels.count(level) for level in (1, 2, 3, 4))
        return Results(len(levels), (one, two, three, four), _median_minutes(question_id))


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


def _levels_of_people(question_id: int) -> list[int]:
    """Return each person's level: the lower median of their first answers that were judged."""
    judged = (
        Feedback.objects.filter(
            answer__attempt__case_version__question=question_id,
            answer__attempt__owner__isnull=False,
            answer__version=1,
            answer__after_examples=False,
            gate="",
        )
        .order_by("-created_at", "-id")
        .values_list("answer__attempt__owner", "level")[:JUDGED_STEPS]
    )
    people: dict[int, list[int]] = {}
    for person, level in judged:
        people.setdefault(person, []).append(level)
    return [median_low(levels) for levels in people.values()]


def _median_minutes(question_id: int) -> int | None:
    """Return the median minutes of those who handed in every step, once a person: the latest."""
    left_open = AttemptStep.objects.filter(attempt=OuterRef("pk"), submitted_at=None)
    played = (
        Attempt.objects.filter(case_version__question=question_id, owner__isnull=False)
        .exclude(mode=Mode.DRILL)
        .filter(~Exists(left_open), finished_at__isnull=False)
        .annotate(seconds=Sum("steps__seconds"))
        .order_by("-started_at", "id")
        .values_list("owner", "seconds")[:FINISHED_ATTEMPTS]
    )
    seconds: dict[int, int] = {}
    for person, spent in played:
        seconds.setdefault(person, spent)
    if len(seconds) < ENOUGH_PEOPLE:
        return None
    return max(1, round(median(seconds.values()) / 60))


def _standing(attempt: OwnAttempt) -> Standing:
    if attempt.is_finished:
        return Standing(state="finished", url=_url(attempt))
    return Standing(state="in_progress", url=_url(attempt))


def _url(attempt: OwnAttempt) -> str:
    if attempt.is_finished:
        return reverse("practice-report", args=[attempt.id])
    return reverse("practice-resume", args=[attempt.id])
