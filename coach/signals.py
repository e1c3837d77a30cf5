"""A visitor who signs up or in keeps the attempts of this browser."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.visitors import visitor_hash
from coach.services.attempts import attempts_adopt
from coach.services.shares import share_grants_adopt


@receiver(user_logged_in)
def keep_attempts(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Attach what was played and opened before; allauth sends this after a sign-up too."""
    share_grants_adopt(user=user, visitor_hash=visitor_hash(request))
    attempts_adopt(user=user, visitor_hash=visitor_hash(request))
