"""Inviting people by e-mail. The token exists in the mail alone; its hash is stored."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import User
from universities.audit import AuditAction, audit
from universities.authentication import hash_secret
from universities.models import Cohort, Invitation, Membership, Role, University
from universities.services.members import membership_grant

logger = logging.getLogger(__name__)

INVITATION_DAYS = 14
SEND_AT_ONCE = 20
"""So many mails are sent before the page answers; the rest leave with the worker."""


@transaction.atomic
def invitation_create(
    *,
    university: University,
    actor: User,
    email: str,
    role: str = Role.STUDENT,
    name: str = "",
    external_id: str = "",
    cohort: Cohort | None = None,
) -> Invitation:
    """Invite an address into a role; the mail leaves after the commit.

    An open invitation to the same address is replaced: its link stops working.

    Raises:
        ValidationError: the address, role or cohort cannot be used, or the person is a member.
    """
    address = _checked_address(university, email)
    if role not in Role.values:
        raise ValidationError("There is no such role.")
    if cohort is not None and cohort.university_id != university.pk:
        raise ValidationError("There is no such cohort.")
    invitation, created = Invitation.objects.update_or_create(
        university=university,
        email=address,
        accepted_at=None,
        revoked_at=None,
        defaults={
            **{"role": role, "name": name, "external_id": external_id, "cohort": cohort},
            **_fresh(actor),
        },
    )
    action = AuditAction.INVITED if created else AuditAction.INVITATION_RENEWED
    audit(university, actor, action, invitation)
    transaction.on_commit(invitations_send)
    return invitation


@transaction.atomic
def invitation_renew(*, invitation: Invitation, actor: User) -> Invitation:
    """Send an open invitation again with a new link and a new end; the old link stops working."""
    for name, value in _fresh(actor).items():
        setattr(invitation, name, value)
    invitation.save()
    audit(invitation.university, actor, AuditAction.INVITATION_RENEWED, invitation)
    transaction.on_commit(invitations_send)
    return invitation


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, actor: User) -> Invitation:
    """Take an open invitation back; its link stops working at once."""
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    audit(invitation.university, actor, AuditAction.INVITATION_REVOKED, invitation)
    return invitation


@transaction.atomic
def invitation_accept(*, invitation: Invitation, user: User) -> Membership:
    """Make the invited person a member.

    Raises:
        ValidationError: it has ended or was used, or it was sent to another address.
    """
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation_is_open(fresh):
        raise ValidationError("This invitation no longer works. Ask for a new one.")
    if user.email.lower() != fresh.email.lower():
        raise ValidationError("This invitation was sent to another address.")
    membership = membership_grant(
        university=fresh.university, user=user, role=fresh.role, external_id=fresh.external_id
    )
    if fresh.cohort is not None and fresh.role == Role.STUDENT:
        fresh.cohort.members.add(membership)
    fresh.accepted_at, fresh.email, fresh.name = now(), "", ""
    fresh.save(update_fields=["accepted_at", "email", "name"])
    audit(fresh.university, user, AuditAction.MEMBER_ACCEPTED, membership)
    return membership


def invitation_is_open(invitation: Invitation) -> bool:
    """Say whether an invitation can still be accepted."""
    ended = invitation.accepted_at or invitation.revoked_at
    return not ended and invitation.expires_at > now()


def invitations_send(*, limit: int = SEND_AT_ONCE) -> int:
    """Mail up to ``limit`` invitations that wait, oldest first; return how many were mailed.

    Each row is claimed before its mail, so that a second sender passes it over, and given back
    when the mail server refuses. Nothing is raised: a mail server that is down must not undo the
    invitation, and the next run tries again.
    """
    waiting = list(
        Invitation.objects.select_related("university")
        .filter(sent_at__isnull=True, accepted_at__isnull=True, revoked_at__isnull=True)
        .order_by("created_at", "id")[:limit]
    )
    if not waiting:
        return 0
    try:
        with get_connection() as connection:
            return _send_each(waiting, connection)
    except (OSError, SMTPException) as error:
        logger.warning("Invitations wait: the mail server failed with %s.", type(error).__name__)
        return 0


def _send_each(waiting: Iterable[Invitation], connection: BaseEmailBackend) -> int:
    sent = 0
    for invitation in waiting:
        token = secrets.token_urlsafe(32)
        claim = Invitation.objects.filter(pk=invitation.pk, sent_at__isnull=True)
        if not claim.update(sent_at=now(), token_hash=hash_secret(token)):
            continue
        try:
            _mail(invitation, token, connection).send()
        except (OSError, SMTPException):
            Invitation.objects.filter(pk=invitation.pk).update(sent_at=None)
            raise
        sent += 1
    return sent


def _mail(invitation: Invitation, token: str, connection: BaseEmailBackend) -> EmailMessage:
    address = settings.SITE_URL + reverse("invitation-accept", args=[token])
    context = {"invitation": invitation, "address": address}
    body = render_to_string("universities/email/invitation.txt", context)
    # A line break in a name would be refused by the mail library as a forged header.
    subject = f"{' '.join(invitation.university.name.split())} invites you to Case Coach"
    return EmailMessage(subject, body, to=[invitation.email], connection=connection)


def _fresh(actor: User) -> dict[str, object]:
    return {
        "token_hash": hash_secret(secrets.token_urlsafe(32)),
        "created_by": actor,
        "created_at": now(),
        "expires_at": now() + timedelta(days=INVITATION_DAYS),
        "sent_at": None,
    }


def _checked_address(university: University, email: str) -> str:
    address = email.strip().lower()
    validate_email(address)
    members = Membership.objects.filter(
        university=university, user__email__iexact=address, removed_at__isnull=True
    )
    if members.exists():
        raise ValidationError(f"{address} is a member already.")
    return address
