"""Reads that span several of the coach's tables."""

from __future__ import annotations

from django.utils import timezone

from coach.models import FeedbackJob, JobState


def feedback_queue_state() -> dict[str, int]:
    """Return how many feedback jobs wait and are given up, and the oldest one's age in seconds."""
    waiting = FeedbackJob.objects.filter(state__in=[JobState.DUE, JobState.RUNNING])
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    age = int((timezone.now() - oldest).total_seconds()) if oldest else 0
    return {
        "waiting": waiting.count(),
        "dead": FeedbackJob.objects.filter(state=JobState.DEAD).count(),
        "oldest_seconds": age,
    }
