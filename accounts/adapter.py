"""How allauth asks this site about its people."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-up is open; roles come from memberships and never from here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may make an account."""
        return True

    def format_email_subject(self, subject: str) -> str:
        """Leave the subject as it is written; the sender's name says who writes."""
        return str(subject)
