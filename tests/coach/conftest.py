"""The coach's tests: no broker is asked, and what it would have been told is kept."""

from __future__ import annotations

import pytest
from celery import Celery

from accounts.models import User
from coach.models import Attempt, Review, Submission
from tests.coach.factories import claimed, handed_in, play
from tests.factories import MembershipFactory, UserFactory
from universities.models import Role, University


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    """Return the (task name, arguments) that were sent to the broker."""
    sent: list[tuple[str, list[int]]] = []

    def send_task(self: Celery, name: str, args: list[int], **options: object) -> None:
        sent.append((name, args))

    monkeypatch.setattr(Celery, "send_task", send_task)
    return sent


@pytest.fixture
def attempt(alice: User) -> Attempt:
    """Alice's open guided attempt at the shop case."""
    return play(alice)


@pytest.fixture
def submission(alice: User, university: University) -> Submission:
    """What Alice handed in; nobody has claimed it."""
    return handed_in(alice, university)


@pytest.fixture
def review(submission: Submission, bob: User) -> Review:
    """Bob's draft on it."""
    return claimed(submission, bob)


@pytest.fixture
def dora(university: University) -> User:
    """A second coach of the same university."""
    user = UserFactory(email="dora@example.com", name="Dora")
    MembershipFactory(university=university, user=user, role=Role.COACH)
    return user
