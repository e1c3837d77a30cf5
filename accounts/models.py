"""People, and what they are told."""

from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now

from accounts.managers import UserManager


def validate_timezone(value: str) -> None:
    """Refuse a name that is not in the time zone database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone such as Europe/Berlin.", code="timezone")


class ExtraTime(models.IntegerChoices):
    """More time in mock mode, in percent of the case's budget."""

    NONE = 0, "No extra time"
    QUARTER = 25, "A quarter more"
    HALF = 50, "Half as much again"
    DOUBLE = 100, "Twice the time"


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail. What they may do comes from memberships, never from here."""

    email = models.EmailField("e-mail", max_length=254, unique=True)
    name = models.CharField(max_length=80, blank=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    interview_date = models.DateField(null=True, blank=True)
    extra_time = models.PositiveSmallIntegerField(choices=ExtraTime.choices, default=ExtraTime.NONE)
    is_staff = models.BooleanField("may use the admin", default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What others see: the name, or the part of the e-mail before the @."""
        return self.name or self.email.partition("@")[0]


class Notice(models.Model):
    """Something a person is told on the site: a review released, an assignment given."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=240)
    url = models.CharField(max_length=240, blank=True)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "read_at"], name="notice_unread_of_a_user"),
        ]

    def __str__(self) -> str:
        return self.text


class Purpose(models.TextChoices):
    """What a person can be asked to agree to."""

    LANGUAGE_MODEL = "language_model", "A language model reads answers and adds to the feedback"


class Consent(models.Model):
    """A person's yes to one purpose, with what it was said to. Withdrawing keeps the row."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    words = models.PositiveSmallIntegerField(help_text="version of the words agreed to")
    recipient = models.CharField(max_length=253, help_text="the host that gets the text")
    given_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_standing_consent_a_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}, {self.recipient}"
