"""The links that open a case."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from coach.models import ShareLink
from universities.models import University


def links_of(university: University) -> QuerySet[ShareLink]:
    """Return a university's links, newest first, each with ``came``: how many came by it."""
    return with_came(ShareLink.objects.filter(university=university))


def with_came(links: QuerySet[ShareLink]) -> QuerySet[ShareLink]:
    """Return links with their question, maker, university, and how many people came by each."""
    return (
        links.select_related("question", "created_by", "university")
        .annotate(came=Count("grants"))
        .order_by("-created_at", "-id")
    )
