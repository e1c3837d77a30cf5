"""Links that open one case: made, followed, closed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from coach.models import ShareGrant, ShareLink
from questions.models import Question
from universities.audit import AuditAction, audit
from universities.models import University

TOKEN_BYTES = 24


@transaction.atomic
def share_link_make(
    *,
    question: Question,
    by: User,
    university: University | None = None,
    note: str = "",
    expires_at: datetime | None = None,
) -> tuple[ShareLink, str]:
    """Make a link to a question and return it with its token, which is shown once.

    A link of a university is noted in its record.

    Raises:
        ValidationError: the question is not published, or the link would end in the past.
    """
    if question.state != "published":
        raise ValidationError({"question": "Only a published question can be shared."})
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": "Choose a time to come."})
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ShareLink.objects.create(
        question=question,
        token_hash=_hash(token),
        note=note.strip(),
        created_by=by,
        university=university,
        expires_at=expires_at,
    )
    if university is not None:
        audit(university, by, AuditAction.LINK_CREATED, question.title)
    return link, token


@transaction.atomic
def share_link_revoke(*, link: ShareLink, by: User | None = None) -> bool:
    """Close a link: nobody opens the case by it any more. Attempts that were started stay.

    Return whether it was still open. Closing one of a university is noted in its record.
    """
    standing = ShareLink.objects.filter(pk=link.pk, revoked_at=None)
    closed = standing.update(revoked_at=timezone.now()) == 1
    if closed and link.university is not None:
        audit(link.university, by, AuditAction.LINK_CLOSED, link.question.title)
    return closed


@transaction.atomic
def share_link_follow(*, token: str, user: User | None, visitor_hash: str = "") -> Question | None:
    """Let somebody open the case of a link from now on; None for a link that does not stand."""
    ends = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    links = ShareLink.objects.filter(ends, token_hash=_hash(token), revoked_at=None)
    link = links.select_related("question").first()
    if link is None:
        return None
    if user is not None:
        ShareGrant.objects.get_or_create(link=link, user=user)
    else:
        ShareGrant.objects.get_or_create(link=link, user=None, visitor_hash=visitor_hash)
    return link.question


@transaction.atomic
def share_grants_adopt(*, user: User, visitor_hash: str) -> None:
    """Give what a visitor came by to the user who has just signed up or in."""
    if not visitor_hash:
        return
    grants = ShareGrant.objects.filter(user=None, visitor_hash=visitor_hash)
    known = ShareGrant.objects.filter(user=user).values("link")
    grants.filter(link__in=known).delete()
    grants.update(user=user, visitor_hash="")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
