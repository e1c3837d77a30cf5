"""/healthz: whether this process can do its work, for a load balancer and for people."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from coach.interviewer import encoder
from coach.selectors.language_model import model_queue_state
from coach.selectors.queue import feedback_queue_state


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and cache answer, 503 otherwise, with what was seen."""
    checks: dict[str, str] = {"database": _database(), "cache": _cache()}
    healthy = all(state == "ok" for state in checks.values())
    body: dict[str, Any] = {
        "status": "ok" if healthy else "failing",
        **checks,
        "interviewer": encoder.status().sentence,
    }
    if checks["database"] == "ok":
        body["feedback"] = feedback_queue_state()
        body["language_model"] = model_queue_state()
    return JsonResponse(body, status=200 if healthy else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _cache() -> str:
    try:
        cache.set("healthz", "1", timeout=5)
        return "ok" if cache.get("healthz") == "1" else "no answer"
    except Exception as error:  # any cache backend raises its own kind
        return type(error).__name__
