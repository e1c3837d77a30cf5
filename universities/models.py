"""Tenants: a university, who belongs to it in which role, and the keys of its systems."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import validate_timezone

JOIN_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_join_code() -> str:
    """Return eight characters that are hard to misread, in two groups."""
    code = "".join(secrets.choice(JOIN_ALPHABET) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"


class University(models.Model):
    """A tenant. Every row that belongs to one carries its id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    join_code = models.CharField(max_length=9, unique=True, default=new_join_code)
    join_by_code = models.BooleanField("students may join with the code", default=True)
    language_model = models.BooleanField(
        "a language model may add to the feedback of students who agree", default=False
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "universities"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do. Given by staff or by joining, never taken from a form."""

    STUDENT = "student", "Student"
    COACH = "coach", "Coach"
    STAFF = "staff", "Career services"


class Membership(models.Model):
    """One person in one university, in one role. Removing keeps the row and its dates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.STUDENT)
    external_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["university", "user"], name="one_membership_a_person"),
            models.UniqueConstraint(
                fields=["university", "external_id"],
                condition=~Q(external_id=""),
                name="external_id_unique_in_a_university",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.university_id} as {self.role}"


class Cohort(models.Model):
    """A group of students of one university that is assigned cases together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="cohorts")
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(Membership, related_name="cohorts", blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["university", "name"], name="cohort_name_unique_in_a_university"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """An e-mail address invited into a role. Only the hash of its token is stored.

    The token is made when the mail is sent; until then nothing fits the hash. Accepting clears
    address and name: from then on the account alone knows them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.STUDENT)
    external_id = models.CharField(max_length=64, blank=True)
    cohort = models.ForeignKey(Cohort, on_delete=models.SET_NULL, null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["university", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_an_address",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(
                    sent_at__isnull=True, accepted_at__isnull=True, revoked_at__isnull=True
                ),
                name="invitation_to_be_sent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


class RosterImport(models.Model):
    """An uploaded list of people, kept between its dry run and its application.

    ``text`` is cleared when it is applied, and the row goes after a day when it is not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"roster of {self.created_at:%Y-%m-%d}"


class ApiKey(models.Model):
    """A key of one university's system: hashed, scoped, with an end. Shown once when made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class AuditEvent(models.Model):
    """Who did what in a university, for its staff. Written once, never changed."""

    university = models.ForeignKey(
        University, on_delete=models.CASCADE, related_name="audit_events"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
