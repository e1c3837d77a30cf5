"""Making a university and changing its settings."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from universities.audit import AuditAction, audit
from universities.models import Membership, Role, University, new_join_code

RESERVED_SLUGS = frozenset({"join", "invitations"})
SLUG_TRIES = 50


@transaction.atomic
def university_create(
    *, name: str, staff: User, timezone: str = "UTC", actor: User | None = None
) -> University:
    """Make a university with its first staff member.

    Raises:
        ValidationError: the name has no letters, or the time zone is not one.
    """
    university = University(name=name.strip(), slug=_free_slug(name), timezone=timezone)
    university.full_clean()
    university.save()
    member = Membership.objects.create(university=university, user=staff, role=Role.STAFF)
    audit(university, actor, AuditAction.UNIVERSITY_CREATED, member)
    return university


@transaction.atomic
def university_settings_update(
    *,
    university: University,
    actor: User,
    name: str,
    timezone: str,
    join_by_code: bool,
    language_model: bool | None = None,
) -> University:
    """Change name, time zone, whether students join with the code, and whether a language model
    may add to their feedback (None leaves that as it is). The address stays.

    Raises:
        ValidationError: a value cannot be used.
    """
    university.name = name.strip()
    university.timezone = timezone
    university.join_by_code = join_by_code
    switched = language_model is not None and language_model != university.language_model
    if language_model is not None:
        university.language_model = language_model
    university.full_clean()
    university.save(update_fields=["name", "timezone", "join_by_code", "language_model"])
    audit(university, actor, AuditAction.SETTINGS_CHANGED)
    if switched:
        state = "on" if university.language_model else "off"
        audit(university, actor, AuditAction.LANGUAGE_MODEL, state)
    return university


@transaction.atomic
def university_code_renew(*, university: University, actor: User) -> str:
    """Replace the join code and return the new one; the old one stops working at once."""
    university.join_code = new_join_code()
    university.save(update_fields=["join_code"])
    audit(university, actor, AuditAction.CODE_RENEWED)
    return university.join_code


def _free_slug(name: str) -> str:
    base = slugify(name)[:50].strip("-")
    if not base:
        raise ValidationError({"name": "The name needs at least one letter."})
    for number in range(1, SLUG_TRIES):
        slug = base if number == 1 else f"{base}-{number}"
        taken = slug in RESERVED_SLUGS or University.objects.filter(slug=slug).exists()
        if not taken:
            return slug
    raise IntegrityError(f"No free address for {base}.")
