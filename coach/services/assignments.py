"""Assigning a case to a cohort, due at a time meant in a time zone."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from coach.models import Assignment, Mode
from questions.models import Question
from universities.models import Cohort, University

PAST = "Choose a due time in the future."
NO_SUCH_DAY = "Choose a day of this century."


@transaction.atomic
def assignment_create(
    *,
    university: University,
    cohort: Cohort,
    question: Question,
    due_local: dt.datetime,
    zone: str,
    mode: str = Mode.GUIDED,
    note: str = "",
    created_by: User | None = None,
) -> Assignment:
    """Assign a question to a cohort and tell its members.

    Args:
        due_local: the wall-clock time without a zone; ``zone`` gives it its meaning.

    Raises:
        ValidationError: the cohort belongs to another university, the question cannot be played,
            the zone is unknown, or the time is past or does not exist on that day.
    """
    if cohort.university_id != university.pk:
        raise ValidationError({"cohort": "Choose a cohort of your university."})
    if question.state != "published":
        raise ValidationError({"question": "This question cannot be played."})
    if mode not in (Mode.GUIDED, Mode.MOCK):
        raise ValidationError({"mode": "Choose guided or mock."})
    assignment = Assignment.objects.create(
        university=university,
        cohort=cohort,
        question=question,
        mode=mode,
        note=note.strip()[:500],
        due_at=due_in_zone(due_local, zone),
        timezone=zone,
        created_by=created_by,
    )
    members = cohort.members.filter(removed_at__isnull=True).values_list("user_id", flat=True)
    Notice.objects.bulk_create(
        Notice(
            user_id=user_id,
            text=f"{university.name} has assigned you {question.title}."[:240],
            url=reverse("practice-home"),
        )
        for user_id in members
    )
    return assignment


def assignment_delete(*, assignment: Assignment) -> None:
    """Withdraw an assignment; attempts and submissions made for it stay with their students."""
    assignment.delete()


def due_in_zone(due_local: dt.datetime, zone: str) -> dt.datetime:
    """Return the moment a wall-clock time means in a zone.

    Raises:
        ValidationError: an unknown zone, a time skipped by a change of clocks, or one that is past.
    """
    if zone not in zoneinfo.available_timezones():
        raise ValidationError({"timezone": "Choose a time zone such as Europe/Berlin."})
    moment = due_local.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    try:
        back = moment.astimezone(dt.UTC).astimezone(zoneinfo.ZoneInfo(zone))
    except OverflowError as error:  # the first and the last day that a calendar can hold
        raise ValidationError({"due_at": NO_SUCH_DAY}) from error
    if back.replace(tzinfo=None) != due_local.replace(tzinfo=None):
        raise ValidationError({"due_at": "Clocks skip this time on that day. Choose another."})
    if moment <= timezone.now():
        raise ValidationError({"due_at": PAST})
    return moment
