"""The answers a person is writing, for sentences that come from the lab."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from coach.access import attempts_of, with_question
from metrics_lab.takers import Taker

OFFERED = 3


def open_answers(request: HttpRequest) -> Sequence[Taker]:
    """Return the open attempts of the asker at their current step, the last touched first."""
    attempts = with_question(attempts_of(request)).filter(finished_at=None)
    return [
        Taker(
            label=f"“{attempt.case_version.question.title}”, "
            f"{attempt.current_step.replace('_', ' ')}",
            url=reverse("practice-lab-put", args=[attempt.pk]),
        )
        for attempt in attempts.order_by("-touched_at")[:OFFERED]
    ]
