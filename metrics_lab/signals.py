"""A visitor who signs up or in keeps the sheets of this browser."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.visitors import visitor_hash
from metrics_lab.services import sheets_adopt


@receiver(user_logged_in)
def keep_sheets(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Attach what was built before signing in; allauth sends this after a sign-up too."""
    sheets_adopt(user=user, visitor_hash=visitor_hash(request))
