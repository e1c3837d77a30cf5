"""Reads of accounts."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Consent, Notice, User


def notices_of(user: User) -> QuerySet[Notice]:
    """Return a person's notices, newest first."""
    return Notice.objects.filter(user=user)


def access_notice(user: User, pk: int) -> Notice:
    """Return one notice of this person.

    Raises:
        Http404: there is none with this number, or it is somebody else's.
    """
    notice = notices_of(user).filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


def access_session(user: User, pk: int) -> UserSession:
    """Return one signed-in browser of this person.

    Raises:
        Http404: there is none with this number, or it is somebody else's.
    """
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        raise Http404
    return session


def standing_consent(user: User, purpose: str) -> Consent | None:
    """Return what a person agreed to and has not withdrawn, or None."""
    return Consent.objects.filter(user=user, purpose=purpose, withdrawn_at__isnull=True).first()
