"""/healthz: what a load balancer and people read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from accounts.models import User
from coach.models import FeedbackJob
from config import health
from tests.coach.factories import answered, play

pytestmark = pytest.mark.django_db


def test_a_healthy_site_answers_200_and_says_what_waits(client: Client, alice: User) -> None:
    answered(play(alice))
    FeedbackJob.objects.update(state="dead")
    body = client.get("/healthz").json()
    assert (body["status"], body["database"], body["cache"]) == ("ok", "ok", "ok")
    assert body["feedback"] == {"waiting": 0, "dead": 1, "oldest_seconds": 0}
    assert body["interviewer"]


def test_a_database_that_does_not_answer_is_503(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> None:
        raise DatabaseError

    monkeypatch.setattr(health.connection, "cursor", down)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "DatabaseError"
    assert "feedback" not in response.json()


def test_a_cache_that_does_not_answer_is_503(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Down:
        def set(self, *args: Any, **kwargs: Any) -> None:
            raise ConnectionError

    monkeypatch.setattr(health, "cache", Down())
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["cache"] == "ConnectionError"


def test_the_answer_is_not_kept(client: Client) -> None:
    assert "no-store" in client.get("/healthz")["Cache-Control"]
