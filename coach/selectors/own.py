"""The asker's own attempts, in a row each: what the bank shows and suggests is made of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from coach.access import attempts_of

MEMO = "_own_attempts"
FIELDS = (
    "pk", "case_version__question", "case_version__question__title", "mode", "current_step",
    "finished_at", "touched_at",
)  # fmt: skip


@dataclass(frozen=True)
class OwnAttempt:
    """An attempt as far as the bank tells of it."""

    id: uuid.UUID
    question_id: int
    title: str
    mode: str
    current_step: str
    finished_at: datetime | None
    touched_at: datetime

    @property
    def is_finished(self) -> bool:
        """Whether the whole attempt is done."""
        return self.finished_at is not None


def own_attempts(request: HttpRequest) -> list[OwnAttempt]:
    """Return all attempts of the asker, the one touched last first. One query a request."""
    found: list[OwnAttempt] | None = getattr(request, MEMO, None)
    if found is None:
        rows = attempts_of(request).order_by("-touched_at").values_list(*FIELDS)
        found = [OwnAttempt(*row) for row in rows]
        setattr(request, MEMO, found)
    return found
