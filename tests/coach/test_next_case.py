"""The right next case: weak steps, what is due again, what is new, and why."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from coach.next_case import Judged, Playable, rank, states_of
from coach.selectors.next_case import next_case, next_cases
from questions.models import Question
from tests.coach.factories import SHOP, finished, question_of
from tests.factories import QuestionFactory

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
IMPROVE = Playable(1, "improve-a", "product_improvement", "medium", 30)
ROOT = Playable(2, "root-b", "root_cause", "medium", 25)
TRADE = Playable(3, "trade-c", "trade_off", "easy", 20)
CASES = (IMPROVE, ROOT, TRADE)


def judged(step: str, level: int, days_ago: float = 1) -> Judged:
    return Judged(step, level, NOW - timedelta(days=days_ago))


def ids(*args: object, **kwargs: object) -> list[int]:
    return [found.id for found in rank(*args, **kwargs)]  # type: ignore[arg-type]


def test_somebody_new_begins_with_the_first_case() -> None:
    (first, *_) = rank(CASES, [], NOW, first="improve-a")
    assert first.id == IMPROVE.id
    assert first.reason == "A medium case of 30 minutes to begin with."


def test_whoever_has_played_the_first_case_is_led_on_before_it_is_judged() -> None:
    played = replace(IMPROVE, played_at=NOW - timedelta(hours=1))
    ranked = rank([played, ROOT, TRADE], [], NOW, first="improve-a")
    assert [found.id for found in ranked] == [TRADE.id, ROOT.id, IMPROVE.id]
    assert ranked[0].reason == "An easy case of 20 minutes to begin with."
    assert ranked[-1].reason == "You played it less than a day ago."


def test_a_weak_step_brings_a_case_that_trains_it() -> None:
    history = [judged("hypotheses", 1), judged("clarify", 4), judged("summary", 4)]
    (first, *_) = rank(CASES, history, NOW)
    assert first.id == ROOT.id
    assert "It trains hypotheses, your weakest step here: level 1 on average" in first.reason
    history += [judged("hypotheses", level, 2) for level in (1, 2)]
    assert "level 1.3 on average" in rank(CASES, history, NOW)[0].reason


def test_only_the_last_answers_say_how_somebody_does_a_step_now() -> None:
    history = [judged("segment", 1, 9 - n) for n in range(4)]
    history += [judged("segment", 4, 3 - n) for n in range(3)]
    assert states_of(history, NOW)["segment"].level == 4


def test_a_step_fades_and_comes_back() -> None:
    history = [judged("segment", 3, 90), judged("segment", 3, 80)]
    assert (
        states_of(history, NOW)["segment"].recall
        < states_of(history, NOW - timedelta(days=79))["segment"].recall
    )
    faded = [*history, *(judged(step, 4, 1) for step in ("clarify", "summary", "goal"))]
    (first, *_) = rank([IMPROVE], faded, NOW)
    assert first.reason.startswith("It brings back segment, which you last did 80 days ago.")


def test_a_case_played_a_few_days_ago_waits() -> None:
    played = Playable(1, "a", "trade_off", "easy", 20, NOW - timedelta(days=3))
    other = Playable(2, "b", "trade_off", "easy", 20)
    assert ids([played, other], [judged("goal", 2)], NOW) == [2, 1]


def test_a_type_never_played_is_worth_something() -> None:
    known = Playable(1, "a", "trade_off", "easy", 20, NOW - timedelta(days=60))
    same = Playable(2, "b", "trade_off", "medium", 20)
    new = Playable(3, "c", "strategy", "medium", 30)
    history = [judged(step, 3) for step in ("clarify", "goal", "analysis", "decision", "summary")]
    assert ids([known, same, new], history, NOW)[0] == 3


def test_the_difficulty_follows_the_levels() -> None:
    easy, hard = (
        Playable(n, name, "trade_off", name, 20) for n, name in ((1, "easy"), (2, "hard"))
    )
    steps = ("clarify", "goal", "analysis", "decision", "summary")
    assert ids([easy, hard], [judged(step, 1) for step in steps], NOW)[0] == 1
    assert ids([easy, hard], [judged(step, 4) for step in steps], NOW)[0] == 2


def test_in_the_last_week_a_long_case_stands_back() -> None:
    long = Playable(1, "a", "trade_off", "easy", 45)
    short = Playable(2, "b", "trade_off", "easy", 25)
    history = [judged("goal", 2)]
    assert ids([long, short], history, NOW) == [1, 2]
    (first, *_) = rank([long, short], history, NOW, date(2026, 3, 6))
    assert first.id == 2
    assert first.reason.endswith("4 days to your interview.")


@given(
    st.lists(st.tuples(st.sampled_from(["clarify", "goal", "fix"]), st.integers(1, 4))),
    st.permutations(CASES),
)
def test_every_case_is_ranked_once_whatever_the_order(
    levels: list[tuple[str, int]], cases: list[Playable]
) -> None:
    history = [judged(step, level, n + 1) for n, (step, level) in enumerate(levels)]
    ranked = rank(cases, history, NOW)
    assert ranked == rank(CASES, list(reversed(history)), NOW)
    assert sorted(found.id for found in ranked) == [1, 2, 3]
    assert all(found.reason.endswith(".") for found in ranked)


@pytest.mark.django_db
def test_the_practice_page_and_the_bank_suggest_it_with_its_reason(
    as_alice: Client, alice: User
) -> None:
    finished(alice)
    question_of("improve-duolingo")
    for page in ("practice-home", "question-list"):
        html = as_alice.get(reverse(page)).content.decode()
        assert "Next for you" in html
        assert "It trains segment, your weakest step here" in html


@pytest.mark.django_db
def test_somebody_who_played_nothing_is_suggested_nothing(as_alice: Client) -> None:
    question_of()
    assert "Next for you" not in as_alice.get(reverse("practice-home")).content.decode()
    assert "Next for you" not in as_alice.get(reverse("question-list")).content.decode()


@pytest.mark.django_db
def test_the_bank_can_be_sorted_by_what_is_right_now(
    as_alice: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    finished(alice)
    question_of("improve-duolingo")
    as_alice.get(reverse("question-list"))  # reads the columns of the bank
    with django_assert_max_num_queries(10):
        html = as_alice.get(reverse("question-list"), {"sort": "right"}).content.decode()
    shown = html.partition('<div id="shown">')[2]  # the case of the week stands above
    assert shown.index("/questions/improve-duolingo/") < shown.index(f"/questions/{SHOP}/")


@pytest.mark.django_db
def test_the_next_case_is_the_first_of_all_that_are_not_left_out(
    as_alice: Client, alice: User
) -> None:
    chance = random.Random(3)
    finished(alice)
    for _ in range(30):
        QuestionFactory(
            type=chance.choice(("root_cause", "trade_off", "strategy")),
            difficulty=chance.choice(("easy", "medium", "hard")),
            minutes=chance.choice((20, 30, 31, 45)),
        )
    every = list(Question.objects.values_list("pk", flat=True))
    request = as_alice.get(reverse("question-list")).wsgi_request
    ranked = next_cases(request)
    assert len(ranked) == 31
    for left_out in range(31):
        besides = set(chance.sample(every, left_out))
        expected = next(each for each in ranked if each.id not in besides)
        label, reason = next_case(request, besides) or (None, "")
        assert (label.id if label else 0, reason) == (expected.id, expected.reason)
    assert next_case(request, set(every)) is None


def test_an_easy_case_is_said_as_people_say_it() -> None:
    assert rank([TRADE], [], NOW)[0].reason.startswith("An easy case of 20 minutes")
