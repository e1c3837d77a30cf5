"""Whether a person's text may go to the language model, and what it has added so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import Consent, Purpose, User
from accounts.selectors import standing_consent
from coach.models import Feedback, JobState, ModelJob, ModelSuggestion
from universities.models import Membership

CONSENT_WORDS = 1
"""Version of templates/account/language_model.html: what it says a person agrees to."""


@dataclass(frozen=True)
class ModelStanding:
    """What stands between a person's text and the language model.

    ``consent`` stands for today's words and today's host; ``lapsed`` is a yes to others.
    ``off_at`` are universities of theirs that have not switched it on.
    """

    host: str
    name: str
    consent: Consent | None
    lapsed: Consent | None
    off_at: Sequence[str]
    belongs_nowhere: bool
    without_university: bool

    @property
    def is_set_up(self) -> bool:
        """Whether the operator of the site has named a model."""
        return bool(self.host)

    @property
    def is_let(self) -> bool:
        """Whether site and universities let it, so that only the person's yes decides."""
        if not self.is_set_up or self.off_at:
            return False
        return self.without_university or not self.belongs_nowhere

    @property
    def may_ask(self) -> bool:
        """Whether text of this person may be sent now."""
        return self.is_let and self.consent is not None


def standing_of(user: User) -> ModelStanding:
    """Return where a person stands; two queries.

    Each university a person belongs to has to have switched it on: one that has not keeps it off,
    in whatever role and for whatever attempt.
    """
    model = settings.LANGUAGE_MODEL
    given = standing_consent(user, Purpose.LANGUAGE_MODEL)
    is_for_this = given is not None and (given.words, given.recipient) == (
        CONSENT_WORDS,
        model.host,
    )
    memberships = list(
        Membership.objects.filter(user=user, removed_at__isnull=True).values_list(
            "university__name", "university__language_model"
        )
    )
    return ModelStanding(
        host=model.host,
        name=model.name,
        consent=given if is_for_this else None,
        lapsed=None if is_for_this else given,
        off_at=[name for name, is_on in memberships if not is_on],
        belongs_nowhere=not memberships,
        without_university=model.without_university,
    )


def calls_since(user: User, since: datetime) -> int:
    """Return how many questions about a person's text were made since then."""
    of_them = ModelJob.objects.filter(created_at__gte=since)
    about_reports = of_them.filter(feedback__answer__attempt__owner=user)
    about_messages = of_them.filter(message__attempt__owner=user)
    return about_reports.count() + about_messages.count()


def feedback_with_additions() -> Prefetch[str]:
    """Return how to fetch an answer's ``feedback`` with ``model_job`` and its ``kept``, the
    suggestions that were not dismissed; one query more only where the model was asked."""
    kept = ModelSuggestion.objects.filter(dismissed_at__isnull=True)
    asked = Feedback.objects.select_related("model_job").prefetch_related(
        Prefetch("model_job__suggestions", queryset=kept, to_attr="kept")
    )
    return Prefetch("feedback", queryset=asked)


def reworded(message_ids: Iterable[int]) -> Mapping[int, ModelSuggestion]:
    """Return message id -> the follow-up in other words; no query without messages."""
    ids = list(message_ids)
    if not ids:
        return {}
    found = ModelSuggestion.objects.filter(
        job__message__in=ids, dismissed_at__isnull=True
    ).select_related("job")
    return {s.job.message_id: s for s in found if s.job.message_id is not None}


def model_queue_state() -> dict[str, bool | int]:
    """Return whether a model is set up, how many questions wait, and how many were given up in
    the last hour."""
    waiting = ModelJob.objects.filter(state__in=[JobState.DUE, JobState.RUNNING])
    hour = timezone.now() - timedelta(hours=1)
    given_up = ModelJob.objects.filter(state=JobState.DEAD, created_at__gte=hour)
    return {
        "set_up": bool(settings.LANGUAGE_MODEL.url),
        "waiting": waiting.count(),
        "given_up_last_hour": given_up.count(),
    }
