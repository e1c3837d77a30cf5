"""The columns in memory say what the database says."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from questions.models import Audience, Company, Question, Sight, Tag
from questions.selectors.bank import Filters, question_list, questions_filtered
from questions.selectors.shelf import open_shelf, shelf
from questions.services.library import case_load
from tests.factories import QuestionFactory
from tests.questions.cases import variant

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TYPES = ("root_cause", "trade_off", "strategy")
LEVELS = ("easy", "medium", "hard")
INDUSTRIES = ("travel", "music", "")


@pytest.fixture
def bank() -> random.Random:
    """Forty questions with whatever companies and tags; the chance that chose them."""
    chance = random.Random(4)
    companies = [Company.objects.create(slug=f"c{n}", name=f"Company {n}") for n in range(6)]
    tags = [Tag.objects.create(slug=f"t{n}", name=f"Tag {n}") for n in range(5)]
    for _ in range(40):
        question = QuestionFactory(
            type=chance.choice(TYPES),
            difficulty=chance.choice(LEVELS),
            minutes=chance.choice((10, 20, 21, 30, 31, 45)),
            industry=chance.choice(INDUSTRIES),
        )
        question.companies.set(chance.sample(companies, chance.randint(0, 3)))
        question.tags.set(chance.sample(tags, chance.randint(0, 2)))
    return chance


def some(chance: random.Random) -> Filters:
    """Whatever somebody might tick."""

    def of(*values: str) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.choice((0, 0, 1, 2))))

    return Filters(
        types=of(*TYPES),
        difficulties=of(*LEVELS),
        minutes=of("short", "medium", "long"),
        industries=of("travel", "music"),
        companies=of("c0", "c1", "c2"),
        tags=of("t0", "t1", "t2"),
    )


def test_any_filters_find_what_the_database_finds(bank: random.Random) -> None:
    questions = Question.objects.published()
    for _ in range(60):
        filters = some(bank)
        listed = question_list(open_shelf(Sight()), filters)
        expected = questions_filtered(questions, filters)
        assert listed.page.paginator.count == expected.count()
        assert {row.pk for row in listed.page.object_list} <= {row.pk for row in expected}


def test_the_counts_are_those_of_the_boxes_ticked_alone(bank: random.Random) -> None:
    questions = Question.objects.published()
    names = {"type": "types", "difficulty": "difficulties", "industry": "industries"}
    names |= {"company": "companies", "tag": "tags", "minutes": "minutes"}
    for facet in question_list(open_shelf(Sight()), Filters()).facets:
        for value in (*facet.values, *facet.more):
            ticked: dict[str, Any] = {names[facet.name]: (value.value,)}
            assert value.count == questions_filtered(questions, Filters(**ticked)).count()


def test_only_what_somebody_may_open_is_listed_and_counted(bank: random.Random) -> None:
    Question.objects.exclude(type="strategy").update(audience=Audience.MEMBERS)
    few = Question.objects.published().open_to(Sight())
    listed = question_list(open_shelf(Sight()), Filters())
    assert {row.type for row in listed.page.object_list} == {"strategy"}
    counts = {v.value: v.count for v in listed.facets[0].values}
    assert counts["root_cause"] == 0
    assert counts["strategy"] == few.count() > 0


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("title", lambda q: q.prompt),
        ("newest", lambda q: -q.created_at.timestamp()),
        ("shortest", lambda q: q.minutes),
        ("easiest", lambda q: LEVELS.index(q.difficulty)),
    ],
)
def test_the_order_is_what_its_name_says(bank: random.Random, sort: str, key: Any) -> None:
    rows = list(question_list(open_shelf(Sight()), Filters(sort=sort)).page.object_list)
    assert [key(row) for row in rows] == sorted(key(row) for row in rows)


def test_the_right_ones_come_first_and_the_rest_follows(bank: random.Random) -> None:
    some = list(Question.objects.values_list("pk", flat=True))[7:10]
    listed = question_list(open_shelf(Sight()), Filters(sort="right"), ranked=some)
    assert [row.pk for row in listed.page.object_list][:3] == some
    assert listed.page.paginator.count == 40


def test_a_changed_bank_is_another_shelf() -> None:
    assert len(shelf().ids) == 0
    case_load(case=variant())
    first = shelf()
    assert first.slugs == ("improve-tiktok-shop",)
    assert shelf() is first
    case_load(case=variant(minutes=31))
    assert shelf().minutes.tolist() == [31]
    Question.objects.update(published_at=None)
    assert len(shelf().ids) == 0


def a_sight(chance: random.Random, ids: list[int]) -> Sight:
    audiences = frozenset(chance.sample(Audience.values, chance.randint(0, 2)))
    return Sight(audiences, frozenset(chance.sample(ids, chance.randint(0, 4))))


def test_what_may_be_opened_is_what_the_database_says_at_any_moment(
    bank: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [NOW + timedelta(microseconds=n) for n in (-1, 0, 1)]
    questions = list(Question.objects.all())
    for question in questions:
        question.audience = bank.choice(Audience.values)
        question.published_at = bank.choice([None, *moments])
        question.retired_at = bank.choice([None, None, *moments])
    questions[0].current_version = None
    fields = ["audience", "published_at", "retired_at", "current_version"]
    Question.objects.bulk_update(questions, fields)
    for moment in moments:
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        for _ in range(20):
            sight = a_sight(bank, [question.pk for question in questions])
            opened = open_shelf(sight)
            expected = Question.objects.published().open_to(sight)
            assert set(opened.shelf.ids[opened.mask]) == set(expected.values_list("pk", flat=True))


def test_a_scheduled_question_comes_out_and_goes_without_a_write(
    bank: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = timedelta(hours=1)
    Question.objects.update(published_at=NOW, retired_at=NOW + hour)
    stamp, counts = shelf().stamp, []
    for moment in (NOW - hour, NOW, NOW + hour / 2, NOW + hour):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        counts.append(open_shelf(Sight()).count)
    assert counts == [0, 40, 40, 0]
    assert shelf().stamp == stamp
