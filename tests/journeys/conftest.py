"""A site as people meet it: a live server, a real worker beside it, and browsers of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from coach.cases import warm_up
from tests.browser import Browsers
from tests.coach.factories import question_of
from tests.coach.test_worker import share_vectors
from tests.journeys.play import Site

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Point this process at a broker of the tests' own; return the environment of a worker."""
    if os.environ.get("CELERY_BROKER_URL"):
        return {}
    var = tmp_path_factory.mktemp("var")
    folder = var / "broker"
    (folder / "control").mkdir(parents=True)
    share_vectors(var)
    current_app.conf.broker_transport_options = {
        **django_settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    return {"VAR_DIR": str(var)}


@pytest.fixture(scope="session")
def worker(django_db_setup: None, broker: dict[str, str]) -> Iterator[None]:
    """A real Celery worker on the test database, started once."""
    command = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "--pool", "threads"]
    process = subprocess.Popen(
        [
            *command,
            "--concurrency",
            "4",
            "--loglevel",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        cwd=ROOT,
        env=os.environ | broker | {"DATABASE_URL": _database_url(), "PYTHONWARNINGS": "ignore"},
    )
    _until_it_answers()
    yield
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until_it_answers(attempts: int = 180) -> None:
    """Wait for the worker, whose start may take longer than a journey waits for a report."""
    for _ in range(attempts):
        if current_app.control.ping(timeout=1):
            return
    pytest.fail("The worker did not answer within three minutes.")


def _database_url() -> str:
    data = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{data['NAME']}"
    login = ":".join(str(part) for part in (data["USER"], data["PASSWORD"]) if part)
    return f"postgres://{login}@{data['HOST']}:{data['PORT'] or 5432}/{data['NAME']}"


@pytest.fixture
def site(worker: None, live_server: LiveServer, browsers: Browsers) -> Iterator[Site]:
    """The site with the shop case in its bank; every page of every browser is watched."""
    question_of()
    warm_up()
    made = Site(live_server.url, browsers)
    yield made
    made.close()
    with connection.cursor() as cursor:  # no table of a model: the flush after a journey leaves it
        cursor.execute("DELETE FROM questions_search")
    assert made.complaints() == []


@pytest.fixture
def page(site: Site) -> Page:
    """One visitor's browser."""
    return site.browser()
