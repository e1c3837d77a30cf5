"""Requests of signed-in people, for the type checker, and views that take what a form posts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from accounts.models import User

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponse])


class SignedInRequest(HttpRequest):
    """What a view behind ``login_required`` gets."""

    user: User
    htmx: HtmxDetails


def posted_from(page: str, *names: str) -> Callable[[ViewT], ViewT]:
    """Let a view take POST alone; a GET goes to the page that holds its form, with its query.

    So a reload after a form was refused, signing in on the way and trying again after a limit
    end on a page and not at 405.

    Args:
        page: the name of the page's address.
        names: the arguments of the view's own address that the page's takes, too.
    """

    def decorate(view: ViewT) -> ViewT:
        @wraps(view)
        def posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            address = reverse(page, kwargs={name: kwargs[name] for name in names})
            query = request.META.get("QUERY_STRING", "")
            return redirect(f"{address}?{query}" if query else address)

        return cast(ViewT, require_http_methods(["GET", "HEAD", "POST"])(posted))

    return decorate
