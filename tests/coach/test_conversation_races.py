"""The same thing at the same moment, from two threads with a connection each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from coach.models import Answer, Author, FeedbackJob
from coach.services.answers import answer_submit
from coach.services.conversation import message_send
from tests.coach.factories import ASK_KPIS, play, say

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


def at_once(act: Callable[[], Any], times: int = THREADS) -> list[Any]:
    """Run an act in several threads that start together; return results and exceptions."""
    barrier = Barrier(times)

    def run(_: int) -> Any:
        barrier.wait(timeout=30)
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_one_message_arriving_four_times_at_once_is_stored_and_answered_once(alice: User) -> None:
    attempt, client_id = play(alice), uuid.uuid4()
    text = ASK_KPIS
    results = at_once(
        lambda: message_send(attempt=attempt, step="clarify", text=text, client_id=client_id)
    )
    assert not [result for result in results if isinstance(result, Exception)]
    message = attempt.messages.get(author=Author.STUDENT)
    assert message.replies.count() == 1
    assert attempt.ledger.filter(key="kpis:conversion").count() == 1


def test_four_presses_of_done_make_one_answer_and_one_job(alice: User) -> None:
    attempt = play(alice)
    say(attempt, "I split by what people want when they come.")
    results = at_once(lambda: answer_submit(attempt=attempt, step="segment"))
    assert not [result for result in results if isinstance(result, Exception)]
    assert Answer.objects.count() == FeedbackJob.objects.count() == 1
