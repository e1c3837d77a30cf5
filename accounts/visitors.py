"""A visitor is known by a random token in a signed cookie; the database holds its hash.

The session key is not used for it: signing in rotates that key, and the attempt would be lost.
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "visitor"
MAX_AGE = 30 * 86400
"""Abandoned attempts of visitors are purged after as many days."""


def visitor_hash(request: HttpRequest) -> str:
    """Return the hash of the visitor's token, or an empty string when there is none."""
    token = request.get_signed_cookie(COOKIE, default="", max_age=MAX_AGE)
    return _hash(token) if token else ""


def ensure_token(request: HttpRequest) -> tuple[str, str]:
    """Return (token, its hash): the visitor's own, or a new one to be set by ``remember``."""
    token = request.get_signed_cookie(COOKIE, default="", max_age=MAX_AGE)
    token = token or secrets.token_urlsafe(32)
    return token, _hash(token)


def remember(response: HttpResponse, token: str) -> None:
    """Give the browser the token for 30 days."""
    response.set_signed_cookie(
        COOKIE,
        token,
        max_age=MAX_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
