"""Joining, leaving and changing roles. A university always keeps one staff member."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from accounts.services import notice_create
from universities.audit import Actor, AuditAction, audit
from universities.models import Membership, Role, University

LAST_STAFF = "This is the only staff member. Give somebody else the staff role first."

RANKS: list[str] = [Role.STUDENT, Role.COACH, Role.STAFF]
"""From the role that may do least to the one that may do most."""


def normalized_join_code(text: str) -> str:
    """Return a typed code as it is stored: capitals, two groups of four."""
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    return f"{letters[:4]}-{letters[4:]}"


@transaction.atomic
def membership_join_by_code(*, user: User, code: str) -> Membership:
    """Make somebody a student of the university whose code this is.

    Members keep the role they have.

    Raises:
        ValidationError: no university takes this code, or staff has removed this person before.
    """
    university = University.objects.filter(
        join_code=normalized_join_code(code), join_by_code=True
    ).first()
    if university is None:
        raise ValidationError("No university takes this code. Check it, or ask who gave it to you.")
    membership, created = Membership.objects.get_or_create(university=university, user=user)
    if membership.removed_at is not None:
        raise ValidationError(
            f"You were a member of {university.name} before. Ask its staff to invite you again."
        )
    if created:
        audit(university, user, AuditAction.MEMBER_JOINED, membership)
    return membership


@transaction.atomic
def membership_grant(
    *, university: University, user: User, role: str, external_id: str = ""
) -> Membership:
    """Make somebody a member, again if they were removed; an invitation calls this.

    A present member whose role allows more keeps it: an old invitation takes nothing away.

    Raises:
        ValidationError: the university's own id for them belongs to another member.
    """
    membership, created = Membership.objects.get_or_create(
        university=university, user=user, defaults={"role": role}
    )
    if external_id and external_id != membership.external_id:
        external_id_assign(membership=membership, external_id=external_id)
    if not created:
        was_removed = membership.removed_at is not None
        membership.role = role if was_removed else max(role, membership.role, key=RANKS.index)
        membership.removed_at = None
        membership.save(update_fields=["role", "removed_at"])
    return membership


def external_id_assign(*, membership: Membership, external_id: str) -> None:
    """Store the university's own id for a member.

    Raises:
        ValidationError: it belongs to another member.
    """
    others = Membership.objects.filter(
        university=membership.university_id, external_id=external_id
    ).exclude(pk=membership.pk)
    if others.exists():
        raise ValidationError(f"The id {external_id} belongs to another member.")
    membership.external_id = external_id
    membership.save(update_fields=["external_id"])


@transaction.atomic
def member_role_change(*, membership: Membership, role: str, actor: User) -> Membership:
    """Give a member another role and tell them.

    Raises:
        ValidationError: there is no such role, or nobody would be staff any more.
    """
    if role not in Role.values:
        raise ValidationError("There is no such role.")
    if role == membership.role:
        return membership
    keep_one_staff(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    audit(membership.university, actor, AuditAction.MEMBER_ROLE, membership)
    words = f"{membership.university}: your role is now {Role(role).label.lower()}."
    notice_create(user=membership.user, text=words)
    return membership


@transaction.atomic
def member_remove(*, membership: Membership, actor: Actor) -> Membership:
    """End a membership; the row and its dates stay, the cohorts are left.

    Raises:
        ValidationError: nobody would be staff any more.
    """
    keep_one_staff(membership)
    membership.removed_at = now()
    membership.save(update_fields=["removed_at"])
    membership.cohorts.clear()
    left = isinstance(actor, User) and actor.pk == membership.user_id
    action = AuditAction.MEMBER_LEFT if left else AuditAction.MEMBER_REMOVED
    audit(membership.university, actor, action, membership)
    return membership


def keep_one_staff(membership: Membership) -> None:
    """Refuse to take staff away from a university that has no other.

    The university's row is locked, so that two staff members cannot remove each other at once.

    Raises:
        ValidationError: this member is the only staff.
    """
    if membership.role != Role.STAFF:
        return
    University.objects.select_for_update().get(pk=membership.university_id)
    others = Membership.objects.filter(
        university=membership.university_id, role=Role.STAFF, removed_at__isnull=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise ValidationError(LAST_STAFF)
