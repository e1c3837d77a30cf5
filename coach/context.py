"""What every page's frame needs to know about the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Notice
from coach.access import memberships_of
from universities.models import Role


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return ``may_review``, ``staff_universities`` and ``unread_notices``; nothing is read
    from the database before a template asks."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"may_review": False, "staff_universities": [], "unread_notices": 0}
    user = request.user

    def in_role(*roles: str) -> Any:
        return SimpleLazyObject(
            lambda: [m.university for m in memberships_of(request) if m.role in roles]
        )

    return {
        "may_review": in_role(Role.COACH, Role.STAFF),
        "staff_universities": in_role(Role.STAFF),
        "unread_notices": SimpleLazyObject(
            lambda: Notice.objects.filter(user=user, read_at__isnull=True).count()
        ),
    }
