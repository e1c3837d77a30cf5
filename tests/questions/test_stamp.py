"""The bank's stamp: whatever writes to the bank, the database changes it, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from questions import stamp
from questions.models import Audience, BankStamp, Company, Question, Sight, Tag, WeekCase
from questions.selectors.shelf import open_shelf, shelf
from questions.services.interest import asked_tell
from questions.stamp import bank_stamp
from tests.factories import QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    question: Question = QuestionFactory()
    question.companies.add(Company.objects.create(slug="acme", name="Acme"))
    question.tags.add(Tag.objects.create(slug="growth", name="Growth"))
    return question


def by_hand(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def save(question: Question) -> None:
    question.title = "Another title"
    question.save()


def bulk_link(question: Question) -> None:
    company = Company.objects.bulk_create([Company(slug="other", name="Other")])[0]
    link = Question.companies.through(question=question, company=company)
    # Django sends an insert that ignores what is there.
    Question.companies.through.objects.bulk_create([link], ignore_conflicts=True)


WRITES: dict[str, Callable[[Question], object]] = {
    "save": save,
    "update": lambda q: Question.objects.filter(pk=q.pk).update(audience=Audience.MEMBERS),
    "bulk update": lambda q: Question.objects.bulk_update([q], ["retired_at"]),
    "a new question": lambda q: QuestionFactory(),
    "by hand": lambda q: by_hand("UPDATE questions_question SET minutes = 7"),
    "companies taken away": lambda q: q.companies.clear(),
    "a company linked in bulk": bulk_link,
    "tags set": lambda q: q.tags.set([]),
    "a tag renamed": lambda q: Tag.objects.update(name="Growing"),
    "a company renamed": lambda q: Company.objects.update(name="Acme Inc."),
    "a case of the week": lambda q: WeekCase.objects.create(monday=date(2026, 11, 23), question=q),
}


@pytest.mark.parametrize("way", WRITES)
def test_every_way_of_writing_to_the_bank_changes_the_stamp(question: Question, way: str) -> None:
    before = bank_stamp()
    WRITES[way](question)
    assert bank_stamp() != before


def test_what_people_do_elsewhere_leaves_the_stamp(question: Question) -> None:
    before = bank_stamp()
    UserFactory()
    list(Question.objects.all())
    assert bank_stamp() == before


def test_a_company_that_a_student_names_leaves_the_stamp(question: Question) -> None:
    before = bank_stamp()
    asked_tell(question=question, user=UserFactory(), company="Novel Ltd", month=date(2026, 9, 1))
    Tag.objects.create(slug="novel", name="Novel")
    assert Company.objects.filter(name="Novel Ltd").exists()
    assert bank_stamp() == before


def test_a_name_counts_from_its_first_question_whenever_the_bank_is_read(
    question: Question,
) -> None:
    shelf()
    novel = Company.objects.create(slug="novel", name="Novel Ltd")
    known = [shelf().names["company"]]
    Question.objects.update(minutes=7)
    known.append(shelf().names["company"])
    assert known == [{"acme": "Acme"}, {"acme": "Acme"}]
    question.companies.add(novel)
    assert shelf().names["company"] == {"acme": "Acme", "novel": "Novel Ltd"}
    QuestionFactory().companies.add(novel)
    question.companies.remove(novel)
    assert shelf().names["company"] == {"acme": "Acme", "novel": "Novel Ltd"}


def test_a_stamp_that_was_rolled_back_never_comes_again(question: Question) -> None:
    before, seen = bank_stamp(), set()
    for _ in range(3):
        with transaction.atomic():
            Question.objects.update(minutes=7)
            seen.add(bank_stamp())
            assert shelf().minutes.tolist() == [7]
            transaction.set_rollback(True)
        assert bank_stamp() == before
        assert shelf().minutes.tolist() == [question.minutes]
    assert len(seen) == 3


def test_a_name_that_staff_change_is_read_anew(question: Question) -> None:
    assert shelf().names["company"]["acme"] == "Acme"
    by_hand("UPDATE questions_company SET name = 'Acme Inc.'")
    assert shelf().names["company"]["acme"] == "Acme Inc."


def test_what_becomes_the_members_is_gone_for_others_at_once(question: Question) -> None:
    assert open_shelf(Sight()).count == 1
    by_hand("UPDATE questions_question SET audience = 'members'")
    assert open_shelf(Sight()).count == 0


def test_without_a_stamp_nothing_is_kept(question: Question) -> None:
    BankStamp.objects.all().delete()
    assert open_shelf(Sight()).count == 1
    Question.objects.update(audience=Audience.MEMBERS)
    assert open_shelf(Sight()).count == 0


def test_migrate_has_the_database_watch_again_what_lost_its_triggers(question: Question) -> None:
    stamp.unwatch(connection)
    before = bank_stamp()
    Question.objects.update(minutes=7)
    assert bank_stamp() == before
    call_command("migrate", verbosity=0)
    watched = bank_stamp()
    assert watched != before
    Question.objects.update(minutes=8)
    assert bank_stamp() != watched


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has one trigger a table")
def test_migrate_takes_away_what_an_earlier_release_watched(question: Question) -> None:
    by_hand(
        "CREATE TRIGGER questions_company_insert_stamps AFTER INSERT ON questions_company"
        " BEGIN UPDATE questions_bankstamp SET value = 'new'; END"
    )
    call_command("migrate", verbosity=0)
    before = bank_stamp()
    Company.objects.create(slug="other", name="Other")
    assert bank_stamp() == before
