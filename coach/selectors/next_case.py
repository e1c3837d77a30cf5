"""The right next case for the person who asks, from what they played and how it was judged."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone

from coach import cases
from coach.access import attempts_of, questions_open_to
from coach.models import CaseKey, Feedback
from coach.next_case import Judged, Playable, Ranked, rank
from questions.models import Question
from questions.selectors.bank import FIRST_CASE

MEMO = "_next_cases"


def next_case(request: HttpRequest, besides: AbstractSet[int]) -> tuple[Question, str] | None:
    """Return the question that is right now, besides some by id, with the reason."""
    for found in next_cases(request):
        if found.id not in besides:
            return questions_open_to(request).get(pk=found.id), found.reason
    return None


def next_cases(request: HttpRequest) -> list[Ranked]:
    """Return every question the asker may play, the right one now first.

    Four queries, once a request: the bank's list and what it suggests both ask.
    """
    found: list[Ranked] | None = getattr(request, MEMO, None)
    if found is None:
        found = _next_cases(request)
        setattr(request, MEMO, found)
    return found


def _next_cases(request: HttpRequest) -> list[Ranked]:
    attempts = attempts_of(request)
    judged = Feedback.objects.filter(answer__attempt__in=attempts, gate="")
    history = [
        Judged(step, level, at)
        for step, level, at in judged.values_list("answer__step", "level", "created_at")
    ]
    played = dict(
        attempts.order_by().values_list("case_version__question").annotate(last=Max("touched_at"))
    )
    fields = ("pk", "slug", "type", "difficulty", "minutes", "current_version_id")
    playable = [
        Playable(
            pk, slug, kind, difficulty, minutes, played.get(pk),
            pk in played and cases.case_of(CaseKey(version_id)).variant is not None,
        )
        for pk, slug, kind, difficulty, minutes, version_id in questions_open_to(
            request
        ).values_list(*fields)
    ]  # fmt: skip
    interview = getattr(request.user, "interview_date", None)
    return rank(playable, history, timezone.now(), interview, FIRST_CASE)
