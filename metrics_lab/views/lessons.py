"""The lessons: a short list, and one lesson with questions that are checked and never stored."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from metrics_lab.presentation.lessons import answers, lessons


@require_safe
def lesson_list(request: HttpRequest) -> HttpResponse:
    """List the lessons in the order they are best read."""
    context = {"tab": "lab-lessons", "lessons": lessons()}
    return render(request, "metrics_lab/lessons.html", context)


@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one lesson; numbers that were typed are checked, and nonsense is said at its field."""
    order = lessons()
    place = next((n for n, each in enumerate(order) if each.slug == slug), None)
    if place is None:
        raise Http404("There is no such lesson.")
    answered = answers(order[place], request.GET)
    context = {
        "tab": "lab-lessons",
        "lesson": order[place],
        "answers": answered,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }
    fragment = bool(request.headers.get("HX-Request"))
    template = "metrics_lab/lesson_asks.html" if fragment else "metrics_lab/lesson.html"
    status = 422 if any(each.error for each in answered) else 200
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
