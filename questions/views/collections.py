"""Pages of guides and paths: all of them with the case of the week, and one with its cases."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts import markdown
from questions import standing
from questions.case import STEP_TITLES
from questions.models import CollectionKind, Question
from questions.selectors import collection as read
from questions.selectors.week import case_of_week

_STEPS = ("", *STEP_TITLES)
"""Paths stand in the order of the steps they train, those that train all of them first."""


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """Show the guides, the paths and the case of the week."""
    seen = [each for each in read.shown(request, read.guides_and_paths()) if each.places]
    paths = [each for each in seen if each.collection.kind == CollectionKind.PATH]
    week = case_of_week(standing.shelf_for(request), timezone.localdate())
    context = {
        "guides": [each for each in seen if each.collection.kind == CollectionKind.COMPANY_GUIDE],
        "paths": sorted(paths, key=lambda each: _STEPS.index(each.collection.skill)),
        "week": Question.objects.select_related("about").filter(pk=week.id).first()
        if week
        else None,
    }
    return render(request, "questions/collections.html", context)


@require_safe
def collection_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a guide or a path: its words, and its cases in order."""
    collection = read.access_collection(slug)
    context = {
        "collection": collection,
        "shown": read.shown_one(request, collection),
        "html": mark_safe(markdown.render(collection.text)),  # noqa: S308  made safe there
        "with_standing": standing.source() is not None,
    }
    return render(request, "questions/collection.html", context)
