"""A server process that speaks the protocol, and the way through the site that leads to it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from pytest_django import Settings

from accounts.models import Purpose, User
from accounts.services import consent_give
from coach import tasks
from coach.models import Attempt
from coach.selectors.language_model import CONSENT_WORDS
from config.env import LanguageModelSettings
from tests.coach.factories import play
from universities.models import University

PATIENCE, IMPATIENCE = 30.0, 0.6
"""Seconds a question may take: with a script that answers, and with one that never ends."""
ENDLESS = {"slow", "drip-headers", "drip-body"}
KEY = "a-key-for-tests"


@dataclass(frozen=True)
class Server:
    """The server process, as a test sees it."""

    port: int

    @property
    def url(self) -> str:
        """Its address up to the version."""
        return f"http://127.0.0.1:{self.port}/v1"

    def asked(self) -> list[dict[str, Any]]:
        """Every request it got: path, headers, body."""
        found: list[dict[str, Any]] = json.loads(self._request("GET", "/asked"))
        return found

    def forget(self) -> None:
        """Forget what was asked."""
        self._request("POST", "/forget")

    def _request(self, method: str, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path)
            return connection.getresponse().read()
        finally:
            connection.close()


@pytest.fixture(scope="session")
def process() -> Iterator[Server]:
    """Start the server on a free port; it is gone afterwards."""
    script = Path(__file__).parent / "server.py"
    started = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    yield Server(int(started.stdout.readline()))
    started.kill()
    started.wait(timeout=10)
    started.stdout.close()


@pytest.fixture
def server(process: Server) -> Server:
    """The server, which has been asked nothing yet."""
    process.forget()
    return process


Speak = Callable[[str], None]


@pytest.fixture
def speak(server: Server, settings: Settings) -> Speak:
    """Set the site up with this server and a script of it."""

    def choose(script: str) -> None:
        settings.LANGUAGE_MODEL = LanguageModelSettings(
            url=server.url,
            name=script,
            key=KEY,
            seconds=IMPATIENCE if script in ENDLESS else PATIENCE,
        )

    choose("good")
    return choose


@pytest.fixture
def agreed(speak: Speak, alice: User, university: University) -> User:
    """Alice, who has agreed, at a university that has switched it on."""
    university.language_model = True
    university.save()
    consent_give(
        user=alice, purpose=Purpose.LANGUAGE_MODEL, words=CONSENT_WORDS, recipient="127.0.0.1"
    )
    return alice


@pytest.fixture
def attempt(alice: User) -> Attempt:
    """Alice's open guided attempt at the shop case."""
    return play(alice)


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run what is sent to the broker at once, as a worker would; returns the tasks' names."""
    ran: list[str] = []
    doors = {
        "coach.make_feedback": tasks.make_feedback,
        "coach.ask_language_model": tasks.ask_language_model,
    }

    def send_task(self: Celery, name: str, args: list[int], **options: object) -> None:
        ran.append(name)
        doors[name](*args)

    monkeypatch.setattr(Celery, "send_task", send_task)
    return ran
