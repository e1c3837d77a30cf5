"""Who did what in a university, written beside the deed and in its transaction."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from universities.models import ApiKey, AuditEvent, Invitation, Membership, University

Actor = User | ApiKey
"""A person, or a key that acts for a university's own system."""


class AuditAction(models.TextChoices):
    """Every act that is recorded, with its words for staff."""

    UNIVERSITY_CREATED = "university.created", "made the university"
    SETTINGS_CHANGED = "university.settings", "changed the settings"
    LANGUAGE_MODEL = "university.language_model", "switched the language model"
    CODE_RENEWED = "university.code", "renewed the join code"
    MEMBER_JOINED = "member.joined", "joined with the code"
    MEMBER_ACCEPTED = "member.accepted", "accepted an invitation"
    MEMBER_LEFT = "member.left", "left"
    MEMBER_REMOVED = "member.removed", "removed a member"
    MEMBER_ROLE = "member.role", "changed a role"
    MEMBER_CHANGED = "member.changed", "changed a member's id"
    INVITED = "invitation.created", "invited"
    INVITATION_RENEWED = "invitation.renewed", "invited again"
    INVITATION_CHANGED = "invitation.changed", "changed an invitation"
    INVITATION_REVOKED = "invitation.revoked", "took an invitation back"
    ROSTER_APPLIED = "roster.applied", "imported people"
    COHORT_CREATED = "cohort.created", "made a cohort"
    COHORT_RENAMED = "cohort.renamed", "renamed a cohort"
    COHORT_MEMBERS = "cohort.members", "changed who is in a cohort"
    KEY_CREATED = "key.created", "made an API key"
    KEY_REVOKED = "key.revoked", "revoked an API key"
    KEY_ROTATED = "key.rotated", "replaced an API key"
    LINK_CREATED = "link.created", "made a link to a case"
    LINK_CLOSED = "link.closed", "closed a link to a case"


def audit(
    university: University, actor: Actor | None, action: str, subject: object = ""
) -> AuditEvent:
    """Record one act.

    A person or an invitation as the subject is stored by its id, never by name or address, so
    that the record says nothing more about somebody whose account is deleted.
    """
    words = _subject(subject)
    if isinstance(actor, ApiKey):
        words = f"{words} (with the key {actor.prefix})".strip()
    return AuditEvent.objects.create(
        university=university,
        actor=actor if isinstance(actor, User) else None,
        action=action,
        subject=words[:200],
    )


def _subject(subject: object) -> str:
    if isinstance(subject, Membership):
        return f"member:{subject.pk}"
    if isinstance(subject, Invitation):
        return f"invitation:{subject.pk}"
    return str(subject)
