"""Dates in the person's own time zone, and when each of their browsers was last used."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class TimezoneMiddleware:
    """Activate the signed-in person's time zone for one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with the person's time zone active."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(request.user.timezone)):
            return self.get_response(request)


SEEN_EVERY = timedelta(minutes=10)


class BrowserActivityMiddleware:
    """Note when a browser was last used, every ten minutes.

    allauth's own middleware writes to the database at every request, which queues up all pages
    behind one lock on SQLite. Reading first costs one look into an index.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the browser if that is due, then answer the request."""
        key = request.session.session_key
        if key and request.user.is_authenticated and not _was_seen_lately(key):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def _was_seen_lately(session_key: str) -> bool:
    seen = UserSession.objects.filter(session_key=session_key).values_list("last_seen_at")
    return any(when > timezone.now() - SEEN_EVERY for (when,) in seen)
