"""The case of the week: staff choose, and else every question comes round once before any again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions.models import Audience, Question, Sight, WeekCase
from questions.selectors.shelf import open_shelf
from questions.selectors.week import case_of_week, monday_of, pick
from questions.services.library import case_load
from tests.questions.cases import variant

MONDAY = date(2026, 11, 23)
MEMBER = Sight(frozenset(Audience.values))
EARLIER = datetime(2026, 1, 5, tzinfo=UTC)


def weeks(count: int, start: date = MONDAY) -> list[date]:
    return [start + timedelta(weeks=number) for number in range(count)]


def turn(monday: date, count: int, chosen: dict[date, int] | None = None) -> int:
    """The number of the question whose turn it is, of those numbered from 0."""
    return pick(monday, count, lambda place: place, chosen or {})


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 7, 12, 40, 41])
def test_every_question_comes_once_before_any_comes_again(count: int):
    shown = [turn(monday, count) for monday in weeks(3 * count)]
    for start in range(2 * count + 1):
        assert set(shown[start : start + count]) == set(range(count))


def test_neighbors_do_not_follow_each_other():
    shown = [turn(monday, 40) for monday in weeks(40)]
    assert all(abs(one - other) > 1 for one, other in pairwise(shown))


def test_the_turn_of_a_question_that_staff_chose_goes_to_the_one_it_displaced():
    usual = [turn(monday, 10) for monday in weeks(10)]
    chosen = {MONDAY: usual[3]}
    shown = [usual[3], *(turn(monday, 10, chosen) for monday in weeks(10)[1:])]
    assert shown[3] == usual[0]
    assert set(shown) == set(range(10))


def test_two_choices_of_staff_that_follow_from_each_other_still_give_each_its_turn():
    usual = [turn(monday, 6) for monday in weeks(6)]
    chosen = {MONDAY: usual[1], MONDAY + timedelta(weeks=1): usual[4]}
    shown = [usual[1], usual[4], *(turn(monday, 6, chosen) for monday in weeks(6)[2:])]
    assert set(shown) == set(range(6))


def test_a_week_begins_on_monday():
    assert {monday_of(MONDAY + timedelta(days=day)) for day in range(7)} == {MONDAY}
    assert monday_of(MONDAY - timedelta(days=1)) == MONDAY - timedelta(weeks=1)


@pytest.fixture
def bank(db: None) -> list[Question]:
    """Three questions that have been out for a while."""
    for number in range(3):
        case_load(case=variant(slug=f"case-{number}", title=f"Case {number}"))
    Question.objects.update(published_at=EARLIER)
    return list(Question.objects.order_by("pk"))


def of_week(day: date = MONDAY, sight: Sight = MEMBER) -> Question | None:
    found = case_of_week(open_shelf(sight), day)
    return Question.objects.get(pk=found.id, slug=found.slug) if found else None


def test_all_days_of_a_week_have_one_case_and_the_next_week_another(bank: list[Question]):
    assert {of_week(MONDAY + timedelta(days=day)) for day in range(7)} == {of_week()}
    assert of_week(MONDAY + timedelta(weeks=1)) != of_week()


def test_what_staff_chose_comes_first(bank: list[Question]):
    other = next(each for each in bank if each != of_week())
    WeekCase.objects.create(monday=MONDAY, question=other)
    assert of_week(MONDAY + timedelta(days=6)) == other
    assert of_week(MONDAY - timedelta(days=1)) is not None


def test_a_choice_that_the_reader_may_not_open_is_not_shown_to_them(bank: list[Question]):
    usual = of_week()
    hidden = next(each for each in bank if each != usual)
    Question.objects.filter(pk=hidden.pk).update(audience=Audience.MEMBERS)
    WeekCase.objects.create(monday=MONDAY, question=hidden)
    assert of_week(MONDAY, Sight()) not in (None, hidden)
    assert of_week() == hidden


def test_a_question_published_since_monday_changes_nothing_until_the_next(bank: list[Question]):
    monday = monday_of(datetime.now(tz=UTC).date())
    before = of_week(monday)
    for number in range(4):
        case_load(case=variant(slug=f"new-{number}", title=f"New {number}"))
    Question.objects.filter(slug__startswith="new").update(
        published_at=datetime.combine(monday, datetime.min.time(), tzinfo=UTC)
    )
    assert of_week(monday) == before
    assert len({of_week(each) for each in weeks(7, monday + timedelta(weeks=1))}) == 7


def test_in_the_first_week_what_is_there_takes_its_turn(bank: list[Question]):
    Question.objects.update(published_at=datetime(2026, 5, 6, tzinfo=UTC))
    assert of_week(date(2026, 5, 4)) in bank


@pytest.mark.django_db
def test_an_empty_bank_has_no_case_of_the_week():
    assert of_week() is None


def test_it_takes_no_query(bank: list[Question], django_assert_num_queries: DjangoAssertNumQueries):
    opened = open_shelf(Sight())
    with django_assert_num_queries(0):
        case_of_week(opened, MONDAY)


def test_the_bank_and_the_guides_show_it(bank: list[Question], client: Client):
    WeekCase.objects.bulk_create(
        WeekCase(monday=monday, question=bank[1])
        for monday in weeks(2, monday_of(datetime.now(tz=UTC).date()))
    )
    for address in ("/questions/", "/questions/collections/"):
        html = client.get(address).content.decode()
        assert "Case of the week" in html
        assert 'href="/questions/case-1/"' in html
    assert bank[1].why_practise in html
    assert f"{bank[1].minutes} minutes" in html


def test_staff_choose_a_monday_and_no_other_day(client: Client, bank: list[Question]):
    root = User.objects.create_superuser(email="root@example.com", password="a long password")
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"monday": "2026-11-24", "question": bank[0].pk}
    html = client.post("/admin/questions/weekcase/add/", sent).content.decode()
    assert "24 November 2026 is a Tuesday. The week begins on 23 November 2026." in html
    assert not WeekCase.objects.exists()
    assert client.post("/admin/questions/weekcase/add/", sent | {"monday": "2026-11-23"})
    assert WeekCase.objects.get().question == bank[0]
