"""A real worker between the report and the model: it asks in its own time, and may be killed."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable

import pytest
from celery import Celery

from accounts.models import User
from coach.models import Feedback, FeedbackJob, ModelJob, ModelSuggestion
from tests.coach.factories import SEGMENT_ANSWER, answered, play
from tests.coach.test_worker import Start, broker, start, wait_for
from tests.language_model.conftest import KEY, Server

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["broker", "start"]  # fixtures of the coach's own worker test
COUNT = 5


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs at once here: only real workers work, and this process wakes none itself."""
    monkeypatch.setattr(Celery, "send_task", lambda self, *args, **kwargs: None)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, server: Server, request: pytest.FixtureRequest) -> None:
    """Tell workers where the model is and which script it plays; named before ``start``, which
    reads the environment."""
    monkeypatch.setenv("LANGUAGE_MODEL_URL", server.url)
    monkeypatch.setenv("LANGUAGE_MODEL_NAME", request.param)
    monkeypatch.setenv("LANGUAGE_MODEL_KEY", KEY)
    monkeypatch.setenv("LANGUAGE_MODEL_SECONDS", "40")


def reports_by_worker(owner: User) -> None:
    """Leave jobs of answers that a worker has to make reports of."""
    for number in range(COUNT):
        answered(play(owner), text=f"Answer {number}. {SEGMENT_ANSWER}")


@pytest.mark.parametrize("told", ["good"], indirect=True)
def test_a_worker_makes_the_reports_and_then_asks_the_model(
    agreed: User, told: None, start: Start, broker: Callable[[], int]
) -> None:
    reports_by_worker(agreed)
    start()
    assert broker() == COUNT
    wait_for(lambda: ModelJob.objects.filter(state="done").count() == COUNT)
    asked = ModelSuggestion.objects.filter(kind="finding")
    assert asked.values("job").distinct().count() == COUNT
    assert all(one.quote in one.job.feedback.answer.text for one in asked)


@pytest.mark.parametrize("told", ["slow"], indirect=True)
def test_reports_are_on_time_while_the_model_says_nothing(
    agreed: User, told: None, start: Start, broker: Callable[[], int],
    server: Server,
) -> None:  # fmt: skip
    reports_by_worker(agreed)
    first = start()
    broker()
    wait_for(lambda: FeedbackJob.objects.filter(state="done").count() == COUNT)
    before = {feedback.pk: json.dumps(feedback.report) for feedback in Feedback.objects.all()}
    wait_for(lambda: ModelJob.objects.filter(state="running").exists())
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=10)
    assert not ModelSuggestion.objects.exists()
    after = {feedback.pk: json.dumps(feedback.report) for feedback in Feedback.objects.all()}
    assert after == before
    assert len(after) == COUNT
    assert len(server.asked()) <= 2
