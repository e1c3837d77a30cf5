"""A load of the library beside what staff and students write in the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection, transaction

from accounts.models import User
from questions.models import Asked, Question, WeekCase
from questions.services.interest import asked_tell
from questions.services.library import library_load, library_paths

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
T = TypeVar("T")
MONTH = date(2026, 9, 1)
PATIENCE = 60
"""Seconds after which a test fails that would wait for ever."""


@pytest.fixture
def paths() -> list[Path]:
    """Two files that were loaded, and for both of which the next load has something to write."""
    both = library_paths()[:2]
    library_load(paths=both)
    Question.objects.update(loaded_hash="")
    return both


def closing(act: Callable[[], T]) -> Callable[[], T]:
    """What a thread runs: an act, and the end of its connection."""

    def run() -> T:
        try:
            return act()
        finally:
            connection.close()

    return run


def wait_until_somebody_waits() -> None:
    """Return once a connection to this database waits for a lock that another holds."""
    end = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_load_waits_for_a_save_of_a_later_question_without_holding_it_up(
    paths: list[Path],
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            question = Question.objects.select_for_update(no_key=True).get(slug=paths[1].stem)
            load = pool.submit(closing(lambda: library_load(paths=paths)))
            wait_until_somebody_waits()
            question.minutes = 44
            question.save(update_fields=["minutes"])
        assert len(load.result(PATIENCE).unchanged) == 2
    assert Question.objects.get(slug=paths[1].stem).minutes == 44


def test_staff_choose_a_case_of_the_week_while_a_load_waits(paths: list[Path]) -> None:
    """Who chose has the bank's stamp, and looks at the question as the transaction ends."""
    question = Question.objects.get(slug=paths[1].stem)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            WeekCase.objects.create(monday=date(2026, 11, 23), question=question)
            load = pool.submit(closing(lambda: library_load(paths=paths)))
            wait_until_somebody_waits()
        assert len(load.result(PATIENCE).unchanged) == 2
    assert WeekCase.objects.get().question == question


def test_a_student_names_a_new_company_while_a_load_goes_on(paths: list[Path], alice: User) -> None:
    question = Question.objects.get(slug=paths[0].stem)

    def tell() -> Asked:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return asked_tell(question=question, user=alice, company="Novel Ltd", month=MONTH)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        library_load(paths=paths)
        assert pool.submit(closing(tell)).result(PATIENCE).company.name == "Novel Ltd"


def test_an_unchanged_load_holds_up_nobody_who_writes_to_the_bank(paths: list[Path]) -> None:
    library_load(paths=paths)

    def choose() -> WeekCase:
        question = Question.objects.get(slug=paths[0].stem)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return WeekCase.objects.create(monday=date(2026, 11, 23), question=question)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        library_load(paths=paths)
        assert pool.submit(closing(choose)).result(PATIENCE).pk
