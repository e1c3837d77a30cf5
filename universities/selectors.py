"""Reads of universities. Every one takes the university it may read from."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now

from accounts.models import User
from universities.audit import AuditAction
from universities.authentication import hash_secret
from universities.models import (
    ApiKey,
    AuditEvent,
    Cohort,
    Invitation,
    Membership,
    Role,
    University,
)

PRESENT = Q(removed_at__isnull=True)
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return where a person is a member now, with the university, by its name."""
    return (
        Membership.objects.filter(PRESENT, user=user)
        .select_related("university")
        .order_by("university__name")
    )


def members_of(university: University, *, search: str = "", role: str = "") -> QuerySet[Membership]:
    """Return present members by address, with user and cohorts.

    ``search`` looks into name, address and the university's own id; an unknown role finds nobody.
    """
    members = Membership.objects.filter(PRESENT, university=university)
    if search:
        members = members.filter(
            Q(user__name__icontains=search)
            | Q(user__email__icontains=search)
            | Q(external_id__icontains=search)
        )
    if role:
        members = members.filter(role=role)
    return members.select_related("user").prefetch_related("cohorts").order_by("user__email")


def reviewers_of(university: University) -> QuerySet[Membership]:
    """Return who may see what students of this university submit."""
    return (
        Membership.objects.filter(PRESENT, university=university, role__in=[Role.COACH, Role.STAFF])
        .select_related("user")
        .order_by("role", "user__name", "user__email")
    )


def open_invitations_of(university: University) -> QuerySet[Invitation]:
    """Return invitations that nobody has accepted or taken back, newest first."""
    return Invitation.objects.filter(
        university=university, accepted_at__isnull=True, revoked_at__isnull=True
    ).select_related("cohort")


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation whose mail held this token, ended or not."""
    return (
        Invitation.objects.select_related("university", "cohort")
        .filter(token_hash=hash_secret(token))
        .first()
    )


def cohorts_of(university: University) -> QuerySet[Cohort]:
    """Return cohorts by name, each with ``size``, its number of present members."""
    size = Count("members", filter=Q(members__removed_at__isnull=True))
    return Cohort.objects.filter(university=university).annotate(size=size).order_by("name")


def cohort_members(cohort: Cohort) -> QuerySet[Membership]:
    """Return present members of a cohort by address, with the user."""
    return cohort.members.filter(PRESENT).select_related("user").order_by("user__email")


def api_keys_of(university: University) -> QuerySet[ApiKey]:
    """Return the university's keys, newest first, with who made them."""
    return ApiKey.objects.filter(university=university).select_related("created_by")


@dataclass(frozen=True)
class Counts:
    """How large a university is."""

    students: int
    coaches: int
    staff: int
    cohorts: int
    invitations: int
    keys: int


def counts_of(university: University) -> Counts:
    """Return how many of each thing a university has now."""
    roles = dict(
        Membership.objects.filter(PRESENT, university=university)
        .values_list("role")
        .annotate(number=Count("pk"))
        .order_by()
    )
    keys = ApiKey.objects.filter(
        university=university, revoked_at__isnull=True, expires_at__gt=now()
    )
    return Counts(
        students=roles.get(Role.STUDENT, 0),
        coaches=roles.get(Role.COACH, 0),
        staff=roles.get(Role.STAFF, 0),
        cohorts=university.cohorts.count(),
        invitations=open_invitations_of(university).count(),
        keys=keys.count(),
    )


@dataclass(frozen=True)
class AuditLine:
    """One act in words."""

    who: str
    did: str
    subject: str
    when: datetime


def audit_events_of(university: University) -> QuerySet[AuditEvent]:
    """Return what was done in a university, newest first."""
    return AuditEvent.objects.filter(university=university).select_related("actor")


def audit_lines(events: Iterable[AuditEvent]) -> list[AuditLine]:
    """Put events into words; ids of people become names where the person is still here."""
    events = list(events)
    names = _subject_names(events)
    words = dict(AuditAction.choices)
    return [
        AuditLine(
            who=event.actor.shown_name if event.actor else "Somebody",
            did=str(words.get(event.action, event.action)),
            subject=names.get(event.subject, event.subject),
            when=event.created_at,
        )
        for event in events
    ]


def _subject_names(events: list[AuditEvent]) -> dict[str, str]:
    """Return names for the ids in the events, of each event's own university alone.

    A subject is also free text, such as the name of a cohort: one that is written like an id must
    neither break the page nor bring a name or an address from elsewhere.
    """
    universities = {event.university_id for event in events}
    members, invitations = _ids(events, "member:"), _ids(events, "invitation:")
    names = {f"member:{pk}": "a former member" for pk in members}
    names |= {f"invitation:{pk}": "somebody who has joined" for pk in invitations}
    present = Membership.objects.filter(university__in=universities, pk__in=members)
    for member in present.select_related("user"):
        names[f"member:{member.pk}"] = member.user.shown_name
    invited = Invitation.objects.filter(university__in=universities, pk__in=invitations)
    for row in invited.exclude(email=""):
        names[f"invitation:{row.pk}"] = row.email
    return names


def _ids(events: list[AuditEvent], kind: str) -> list[uuid.UUID]:
    found = [event.subject.removeprefix(kind) for event in events if event.subject.startswith(kind)]
    return [uuid.UUID(text) for text in found if UUID_TEXT.fullmatch(text)]
