"""Coming by a link that opens one case."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import visitors
from accounts.throttling import Limit, throttled
from coach.services.shares import share_link_follow

FOLLOWS = Limit("follow", count=30, seconds=600)


@require_safe
@throttled(FOLLOWS)
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Open the case of a link to whoever comes by it, and go to its page; 404 for a dead link."""
    user = request.user if request.user.is_authenticated else None
    visitor, visitor_hash = visitors.ensure_token(request)
    question = share_link_follow(token=token, user=user, visitor_hash=visitor_hash)
    if question is None:
        raise Http404("This link does not open a case, or no longer does.")
    response = redirect(question)
    response["Referrer-Policy"] = "no-referrer"
    if user is None:
        visitors.remember(response, visitor)
    return response
