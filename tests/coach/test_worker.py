"""A real worker process on the embedded broker, killed in the middle of its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from coach.models import Feedback, FeedbackJob
from coach.services.feedback import feedback_sweep
from tests.coach.factories import OTHER_ANSWER, SEGMENT_ANSWER, answered, play

pytestmark = pytest.mark.django_db(transaction=True)
SEND_TASK = Celery.send_task
ROOT = Path(settings.BASE_DIR)
PATIENCE = 180
"""Seconds; a wait on a state ends with it, so only a fault takes this long."""
JOBS = 12
Start = Callable[[], "subprocess.Popen[bytes]"]


def database_url() -> str:
    """Return the address of the test's own database for another process."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return (
        f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}"
        f"/{values['NAME']}"
    )


def share_vectors(var: Path) -> None:
    """Let a worker with a folder of its own find the vectors of fact sheets that are kept."""
    kept = Path(settings.VAR_DIR) / "vectors"
    kept.mkdir(exist_ok=True)
    (var / "vectors").symlink_to(kept, target_is_directory=True)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start workers of the product, as the Procfile does; all are gone afterwards."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": "filesystem://",
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "only for this test",
    }
    share_vectors(tmp_path)
    workers = []

    def start_one() -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "config.celery", "worker",
             "--pool", "threads", "--concurrency", "2", "--loglevel", "error"],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        workers.append(worker)
        return worker

    yield start_one
    for worker in workers:
        worker.kill()
        worker.wait(timeout=10)


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Sweep into the worker's broker, as beat does; returns how many jobs were woken."""
    folder = tmp_path / "broker"
    folder.mkdir(exist_ok=True)
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery would prefer it
    app = Celery("sweeper", broker="filesystem://", set_as_current=False)
    app.conf.task_default_queue = settings.CELERY_TASK_DEFAULT_QUEUE
    app.conf.broker_transport_options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }

    def wake(job_id: int) -> bool:
        SEND_TASK(app, "coach.make_feedback", args=[job_id], retry=False)
        return True

    monkeypatch.setattr("coach.services.feedback.wake_feedback", wake)
    return feedback_sweep


def wait_for(reached: Callable[[], bool]) -> None:
    """Wait until something is so; fail when it does not come."""
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def in_state(*states: str) -> int:
    """Return how many jobs are in one of the states."""
    return FeedbackJob.objects.filter(state__in=states).count()


def test_a_worker_killed_in_the_middle_of_its_work_loses_and_doubles_nothing(
    alice: User, start: Start, broker: Callable[[], int]
) -> None:
    for number in range(JOBS):
        text = (SEGMENT_ANSWER, OTHER_ANSWER)[number % 2] * (1 + number % 3)
        answered(play(alice), text=f"Answer {number}. {text}")
    first = start()
    assert broker() == JOBS
    wait_for(lambda: in_state("running") > 0)
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=10)
    left = in_state("running")
    assert left > 0
    assert in_state("done") < JOBS
    passed = timezone.now() - timedelta(seconds=1)
    FeedbackJob.objects.filter(state="running").update(lease_until=passed)
    start()
    broker()
    wait_for(lambda: in_state("done") == JOBS)
    assert Feedback.objects.count() == JOBS
    assert Feedback.objects.values("answer").distinct().count() == JOBS
    assert FeedbackJob.objects.filter(tries=2).count() == left
