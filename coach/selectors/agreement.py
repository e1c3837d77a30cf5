"""How far the automatic levels agree with those of human coaches, over released reviews."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.cache import cache

from coach.assessment.agreement import agreement
from coach.assessment.levels import lower_median
from coach.models import Feedback, Review, ReviewState

FEWEST = 20
"""Reviews below which a figure would be an accident."""
LATEST = 500
KEY = "agreement-with-coaches"
KEPT_SECONDS = 3600


def agreement_with_coaches() -> dict[str, Any] | None:
    """Return the agreement of step levels over the latest released reviews.

    A coach's level of a step is the lower median of the criteria marked in it, as the rubric has
    it; gated answers have no automatic level and are left out.

    Returns:
        The keys of `coach.assessment.agreement.agreement` (n counts steps) and ``reviews``; None
        with fewer than FEWEST reviews.
    """
    released = Review.objects.filter(state=ReviewState.RELEASED)
    if released.count() < FEWEST:
        return None
    kept: dict[str, Any] | None = cache.get(KEY)
    if kept is None:
        kept = _measured()
        cache.set(KEY, kept, KEPT_SECONDS)
    return kept


def _measured() -> dict[str, Any]:
    reviews = list(
        Review.objects.filter(state=ReviewState.RELEASED)
        .select_related("submission")
        .prefetch_related("marks")
        .order_by("-released_at", "pk")[:LATEST]
    )
    automatic = _automatic(reviews)
    pairs = [pair for review in reviews for pair in _pairs(review, automatic)]
    levels = [coach for coach, _ in pairs], [automatic for _, automatic in pairs]
    return {**agreement(*levels), "reviews": len(reviews)}


def _automatic(reviews: list[Review]) -> dict[int, int]:
    """Level by answer, for every answer that was handed in; the latest report counts."""
    answers = [
        entry["answer_id"] for review in reviews for entry in review.submission.content["steps"]
    ]
    made = Feedback.objects.filter(answer__in=answers, gate="").order_by("pk")
    return dict(made.values_list("answer_id", "level"))


def _pairs(review: Review, automatic: dict[int, int]) -> list[tuple[int, int]]:
    """The coach's level and the automatic one, for each step that has both."""
    marks: dict[str, list[int]] = defaultdict(list)
    for mark in review.marks.all():
        if mark.level is not None:
            marks[mark.step].append(mark.level)
    return [
        (lower_median(marks[entry["step"]]), automatic[entry["answer_id"]])
        for entry in review.submission.content["steps"]
        if marks[entry["step"]] and entry["answer_id"] in automatic
    ]
