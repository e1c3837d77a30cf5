"""The search of every page: a page of its own, and the palette that opens with Ctrl K."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.throttling import Limit, throttled
from coach.selectors.palette import palette

FINDS = Limit("find", count=120, seconds=60)


@require_safe
@throttled(FINDS)
def find(request: HttpRequest) -> HttpResponse:
    """Show what fits; htmx gets the hits alone."""
    text = request.GET.get("q", "")
    groups = palette(request, text)
    context = {"groups": groups, "text": text, "count": sum(len(group.hits) for group in groups)}
    alone = bool(getattr(request, "htmx", False))
    response = render(request, f"find/{'_hits' if alone else 'page'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
