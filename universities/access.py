"""Who may see what of a university. Strangers, and members without the role, get 404."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.http import Http404

from accounts.models import User
from universities.models import ApiKey, Cohort, Invitation, Membership, RosterImport, University

STAFF = frozenset({"staff"})
REVIEWERS = frozenset({"coach", "staff"})
ANY_ROLE = frozenset({"student", "coach", "staff"})


def access_membership(user: User, slug: str, *, roles: Collection[str] = ANY_ROLE) -> Membership:
    """Return this person's membership of a university, with the university.

    Raises:
        Http404: there is no such university, or the person is not in it in one of ``roles``.
    """
    membership = (
        Membership.objects.select_related("university")
        .filter(university__slug=slug, user=user, role__in=roles, removed_at__isnull=True)
        .first()
    )
    if membership is None:
        raise Http404
    return membership


def access_university(user: User, slug: str, *, roles: Collection[str] = ANY_ROLE) -> University:
    """Return a university in which this person has one of ``roles``.

    Raises:
        Http404: there is none, or the person is not in it in one of ``roles``.
    """
    return access_membership(user, slug, roles=roles).university


def access_member(university: University, pk: uuid.UUID) -> Membership:
    """Return a present member of the university.

    Raises:
        Http404: it is nobody here, or somebody removed.
    """
    member = (
        Membership.objects.select_related("user", "university")
        .filter(university=university, pk=pk, removed_at__isnull=True)
        .first()
    )
    if member is None:
        raise Http404
    return member


def access_cohort(university: University, pk: uuid.UUID) -> Cohort:
    """Return a cohort of the university.

    Raises:
        Http404: it has none with this id.
    """
    cohort = Cohort.objects.filter(university=university, pk=pk).first()
    if cohort is None:
        raise Http404
    return cohort


def access_invitation(university: University, pk: uuid.UUID) -> Invitation:
    """Return an open invitation of the university, expired or not.

    Raises:
        Http404: it has none with this id.
    """
    invitation = Invitation.objects.filter(
        university=university, pk=pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).first()
    if invitation is None:
        raise Http404
    return invitation


def access_api_key(university: University, pk: uuid.UUID) -> ApiKey:
    """Return a key of the university.

    Raises:
        Http404: it has none with this id.
    """
    key = ApiKey.objects.filter(university=university, pk=pk).first()
    if key is None:
        raise Http404
    return key


def access_roster(university: University, pk: uuid.UUID) -> RosterImport:
    """Return an uploaded roster of the university that has not been applied.

    Raises:
        Http404: it has none with this id.
    """
    roster = RosterImport.objects.filter(
        university=university, pk=pk, applied_at__isnull=True
    ).first()
    if roster is None:
        raise Http404
    return roster
