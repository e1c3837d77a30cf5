"""Keys of a university's own systems. The whole key is returned once, by the service alone."""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from universities.audit import AuditAction, audit
from universities.authentication import hash_secret
from universities.models import ApiKey, University
from universities.scopes import Scope

PREFIX_ALPHABET = string.ascii_lowercase + string.digits
LONGEST_DAYS = 365
ROTATION_OVERLAP = timedelta(hours=24)


@transaction.atomic
def api_key_create(
    *,
    university: University,
    actor: User,
    name: str,
    scopes: Collection[str],
    days: int = LONGEST_DAYS,
) -> tuple[ApiKey, str]:
    """Make a key that lives ``days`` days; return the row and the whole key.

    Raises:
        ValidationError: there is no name or scope, a scope is unknown, or it would live longer
            than a year.
    """
    if not name.strip():
        raise ValidationError({"name": "Say what the key is for."})
    if not scopes or not set(scopes) <= set(Scope.values):
        raise ValidationError({"scopes": "Choose at least one of the scopes."})
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": f"Between 1 and {LONGEST_DAYS} days."})
    made = _make(university, actor, name.strip(), scopes, now() + timedelta(days=days))
    audit(university, actor, AuditAction.KEY_CREATED, _words(made[0]))
    return made


@transaction.atomic
def api_key_revoke(*, key: ApiKey, actor: User) -> ApiKey:
    """End a key at once; the next request with it is refused."""
    if key.revoked_at is None:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
        audit(key.university, actor, AuditAction.KEY_REVOKED, _words(key))
    return key


@transaction.atomic
def api_key_rotate(*, key: ApiKey, actor: User) -> tuple[ApiKey, str]:
    """Make a key with the same name, scopes and length of life.

    The old one works for another day, so that the system can be switched without a gap.

    Raises:
        ValidationError: the key has ended already.
    """
    current = now()
    if key.revoked_at or key.expires_at <= current:
        raise ValidationError("This key has ended. Make a new one.")
    life = key.expires_at - key.created_at
    made = _make(key.university, actor, key.name, key.scopes, current + life)
    key.expires_at = min(key.expires_at, current + ROTATION_OVERLAP)
    key.save(update_fields=["expires_at"])
    audit(key.university, actor, AuditAction.KEY_ROTATED, _words(key))
    return made


def _make(
    university: University, actor: User, name: str, scopes: Collection[str], end: datetime
) -> tuple[ApiKey, str]:
    prefix = "".join(secrets.choice(PREFIX_ALPHABET) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        university=university,
        name=name,
        prefix=prefix,
        secret_hash=hash_secret(secret),
        scopes=sorted(scopes),
        created_by=actor,
        expires_at=end,
    )
    return key, f"pmc_{prefix}_{secret}"


def _words(key: ApiKey) -> str:
    return f"{key.name}, {key.prefix}"
