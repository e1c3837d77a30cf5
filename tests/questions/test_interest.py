"""Where people were asked a question, the questions they would like, and what is near."""

from __future__ import annotations

import html
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice, User
from accounts.services import account_delete
from questions.models import (
    Asked,
    Audience,
    Company,
    Question,
    QuestionRequest,
    RequestState,
    RequestVote,
    Sight,
    Tag,
)
from questions.selectors.interest import Related, asked_by, related_questions
from questions.selectors.shelf import open_shelf
from questions.services import interest as write
from questions.services.discussion import comment_add, comment_report
from questions.services.interest import asked_tell, request_decide, request_make, request_vote
from questions.talk_forms import recent_months
from tests.coach.factories import SHOP, question_of
from tests.conftest import signed_in
from tests.factories import QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = f"/questions/{SHOP}/"
ASKED = f"/questions/{SHOP}/asked/"
REQUESTS = "/questions/requests/"
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def shop() -> Question:
    """The question people were asked."""
    return question_of()


@pytest.fixture
def wish(alice: User) -> QuestionRequest:
    """What Alice would like to practice."""
    return request_make(author=alice, title="Improve the search of a library", company="Overdrive")


@pytest.fixture
def month() -> str:
    """The latest month of the list."""
    return recent_months(date.today())[1][0]  # noqa: DTZ011  any month of the list will do


def page(browser: Client, address: str = PAGE) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


# I was asked this ---------------------------------------------------------------------------------


def test_being_asked_is_counted_by_company_without_a_name(
    as_alice: Client, alice: User, bob: User, shop: Question, month: str
) -> None:
    company = Company.objects.create(slug="meta", name="Meta")
    response = as_alice.post(ASKED, {"company": " meta ", "month": month})
    assert response["Location"] == f"{PAGE}#asked"
    told = Asked.objects.get()
    assert (told.user, told.company, f"{told.month:%Y-%m}") == (alice, company, month)
    asked_tell(question=shop, user=bob, company="Meta", month=date(2024, 1, 1))
    body = page(Client())
    assert "2 people" in body
    assert f'latest <span class="num">{told.month:%B %Y}' in body
    assert "Alice" not in body
    assert "Take back" not in body


def test_known_companies_are_offered_and_a_new_name_makes_one(
    as_alice: Client, shop: Question, month: str
) -> None:
    shop.companies.add(Company.objects.create(slug="meta", name="Meta"))
    assert '<option value="Meta">' in page(as_alice)
    as_alice.post(ASKED, {"company": "Procter  & Gamble", "month": month})
    assert Company.objects.get(slug="procter-gamble").name == "Procter & Gamble"
    assert '<option value="Procter & Gamble">' in page(as_alice)


def test_a_name_that_was_taken_back_is_offered_to_nobody(
    as_alice: Client, shop: Question, month: str
) -> None:
    as_alice.post(ASKED, {"company": "Prokter", "month": month})
    assert '<option value="Prokter">' in page(as_alice)
    as_alice.post(f"{ASKED}{Asked.objects.get().pk}/take-back/")
    assert '<option value="Prokter">' not in page(as_alice)


def test_a_person_counts_once_a_company_and_can_correct_the_month(
    alice: User, shop: Question
) -> None:
    for told in (SEPTEMBER, date(2026, 10, 17)):
        asked_tell(question=shop, user=alice, company="Meta", month=told)
    asked_tell(question=shop, user=alice, company="Uber", month=SEPTEMBER)
    assert [(row.company, row.people, row.latest) for row in asked_by(shop)] == [
        ("Meta", 1, date(2026, 10, 1)),
        ("Uber", 1, SEPTEMBER),
    ]


def test_it_is_taken_back_by_its_teller_alone(
    as_alice: Client, as_bob: Client, alice: User, shop: Question
) -> None:
    told = asked_tell(question=shop, user=alice, company="Meta", month=SEPTEMBER)
    take_back = f"{ASKED}{told.pk}/take-back/"
    assert "You: Meta, September 2026" in page(as_alice)
    assert as_bob.post(take_back).status_code == 404
    assert Asked.objects.exists()
    as_alice.post(take_back)
    assert not Asked.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"company": "", "month": "2026-09"}, "Write which company asked it."),
        ({"company": "Meta", "month": ""}, "Choose the month."),
        ({"company": "Meta", "month": "1987-01"}, "Choose a month of the list."),
        ({"company": "https://evil.example/x", "month": ""}, "Write the name of one company"),
        ({"company": "???", "month": ""}, "Write the name of one company"),
        ({"company": "<b>Meta</b>", "month": ""}, "Write the name of one company"),
        ({"company": "x" * 81, "month": ""}, "Use at most 80 characters; these are 81."),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_field_and_stays(
    as_alice: Client, shop: Question, sent: dict[str, str], words: str
) -> None:
    response = as_alice.post(ASKED, sent)
    body = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert words in body
    assert not sent["company"] or sent["company"] in body
    assert not Asked.objects.exists()


def test_telling_too_much_at_once_is_asked_to_wait(
    as_alice: Client, shop: Question, month: str
) -> None:
    sent = [{"company": f"Company {n}", "month": month} for n in range(21)]
    codes = [as_alice.post(ASKED, each).status_code for each in sent]
    assert codes == [302] * 20 + [429]


def test_a_visitor_and_a_stranger_to_a_members_question_tell_nothing(shop: Question) -> None:
    Question.objects.update(audience=Audience.MEMBERS)
    sent = {"company": "Meta", "month": "2026-09"}
    assert "/account/login/" in Client().post(ASKED, sent)["Location"]
    assert signed_in(UserFactory()).post(ASKED, sent).status_code == 404
    assert not Asked.objects.exists()


def test_months_go_back_three_years_from_this_one() -> None:
    months = recent_months(date(2026, 2, 28))
    assert months[:3] == [
        ("2026-02", "February 2026"), ("2026-01", "January 2026"), ("2025-12", "December 2025"),
    ]  # fmt: skip
    assert (len(months), months[-1][0]) == (36, "2023-03")


# Related cases ------------------------------------------------------------------------------------


def related(question: Question) -> list[Related]:
    return related_questions(open_shelf(Sight()), question.pk)


def case(slug: str, tags: tuple[Tag, ...] = (), **fields: Any) -> Question:
    question: Question = QuestionFactory(slug=slug, prompt=f"{slug}?", **fields)
    question.tags.set(tags)
    return question


def test_the_nearest_cases_come_first_and_always_the_same(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    trust, ads = (Tag.objects.create(slug=name, name=name) for name in ("trust", "ads"))
    asked = case("asked", (trust, ads), type="strategy", industry="Retail")
    case("f-nothing", type="success_metrics")
    case("e-a-step-more", type="trade_off")
    case("d-industry", type="root_cause", industry="Retail")
    case("c-type", type="strategy")
    case("b-tags", (trust, ads), type="root_cause")
    case("a-all", (trust, ads), type="strategy", industry="Retail")
    case("retired", (trust, ads), type="strategy", published_at=None)
    near = ["a-all", "b-tags", "c-type", "d-industry"]
    opened = open_shelf(Sight())
    with django_assert_max_num_queries(0):
        found = related_questions(opened, asked.pk)
        assert [each.question.slug for each in found] == near
        assert sorted(found[0].shared) == ["ads", "trust"]
    assert [each.question.slug for each in related(asked)] == near


def test_an_empty_industry_is_nothing_in_common() -> None:
    asked = case("asked", industry="", type="strategy")
    case("b", industry="", type="root_cause")
    case("a", industry="Retail", type="root_cause")
    assert [each.question.slug for each in related(asked)] == ["a", "b"]


def test_what_somebody_may_not_open_is_not_named(shop: Question, as_alice: Client) -> None:
    case("hidden-case", audience=Audience.MEMBERS)
    assert "hidden-case?" in page(as_alice)
    assert "hidden-case?" not in page(Client())


# Requests -----------------------------------------------------------------------------------------


def test_a_request_is_listed_without_a_name(as_alice: Client, alice: User) -> None:
    sent = {"title": " Improve  a lift ", "details": "Tall houses", "company": "Otis"}
    assert as_alice.post(REQUESTS, sent)["Location"] == REQUESTS
    made = QuestionRequest.objects.get()
    assert (made.author, made.title, made.state) == (alice, "Improve a lift", RequestState.OPEN)
    body = page(Client(), REQUESTS)
    assert "Improve a lift" in body
    assert "Alice" not in body
    assert "Ask for it" not in body


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": "", "details": "kept"}, "Write something first."),
        ({"title": "x" * 121, "details": "kept"}, "Use at most 120 characters; these are 121."),
        ({"title": "x", "details": "y" * 1001}, "Use at most 1,000 characters; these are 1,001."),
        ({"title": "IMPROVE the search of a library", "details": "kept"}, "asked for"),
    ],
)
def test_a_request_that_cannot_be_taken_stays_as_typed(
    as_bob: Client, wish: QuestionRequest, sent: dict[str, str], words: str
) -> None:
    response = as_bob.post(REQUESTS, sent)
    body = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert words in body
    assert sent["title"] in body
    assert sent["details"] in body
    assert QuestionRequest.objects.get() == wish


def test_the_bank_and_a_question_lead_to_the_requests(shop: Question) -> None:
    assert f'href="{REQUESTS}"' in page(Client(), "/questions/")
    assert f'href="{REQUESTS}"' in page(Client())


def test_a_visitor_reads_requests_and_makes_none(wish: QuestionRequest) -> None:
    assert wish.title in page(Client(), REQUESTS)
    sent = Client().post(REQUESTS, {"title": "Mine"})
    assert sent["Location"] == f"{reverse('account_login')}?next={REQUESTS}"
    Client().post(f"{REQUESTS}{wish.pk}/vote/")
    assert QuestionRequest.objects.get().score == 0


def test_a_vote_counts_and_is_taken_back(as_bob: Client, wish: QuestionRequest) -> None:
    vote = f"{REQUESTS}{wish.pk}/vote/"
    assert as_bob.post(vote)["Location"] == REQUESTS
    assert (QuestionRequest.objects.get().score, RequestVote.objects.count()) == (1, 1)
    pressed = as_bob.post(vote, headers={"HX-Request": "true"}).content.decode()
    assert (QuestionRequest.objects.get().score, RequestVote.objects.count()) == (0, 0)
    assert "<html" not in pressed
    assert 'aria-pressed="false"' in pressed


def test_nobody_votes_for_their_own_or_for_what_is_settled(
    as_alice: Client, bob: User, wish: QuestionRequest
) -> None:
    as_alice.post(f"{REQUESTS}{wish.pk}/vote/")
    request_decide(request=wish, state="declined", question=None)
    with pytest.raises(ValidationError):
        request_vote(request=wish, user=bob)
    assert not RequestVote.objects.exists()


def test_ones_own_request_is_taken_back_while_nobody_else_wants_it(
    as_alice: Client, as_bob: Client, bob: User, wish: QuestionRequest
) -> None:
    take_back = f"{REQUESTS}{wish.pk}/take-back/"
    assert as_bob.post(take_back).status_code == 404
    request_vote(request=wish, user=bob)
    as_alice.post(take_back)
    assert QuestionRequest.objects.exists()
    request_vote(request=wish, user=bob)
    as_alice.post(take_back)
    assert not QuestionRequest.objects.exists()


def test_asking_and_voting_too_much_is_asked_to_wait(as_bob: Client, wish: QuestionRequest) -> None:
    codes = [as_bob.post(REQUESTS, {"title": f"Case {n}"}).status_code for n in range(6)]
    assert codes == [302] * 5 + [429]
    vote = f"{REQUESTS}{wish.pk}/vote/"
    assert [as_bob.post(vote).status_code for _ in range(31)] == [302] * 30 + [429]


def test_staff_see_the_most_wanted_first_and_the_asker_is_told_what_becomes_of_it(
    wish: QuestionRequest, alice: User, bob: User, shop: Question
) -> None:
    other = request_make(author=bob, title="Improve a lift")
    request_vote(request=wish, user=bob)
    root: User = User.objects.create_superuser(email="root@example.com", password="a long one")
    desk = signed_in(root)
    listed = page(desk, "/admin/questions/questionrequest/")
    assert listed.index(wish.title) < listed.index(other.title)
    change = f"/admin/questions/questionrequest/{wish.pk}/change/"
    desk.post(change, {"state": "planned", "question": "", "title": "Other words"})
    desk.post(change, {"state": "done", "question": shop.pk})
    desk.post(change, {"state": "done", "question": shop.pk})
    wish.refresh_from_db()
    assert (wish.state, wish.question, wish.title) == (
        "done", shop, "Improve the search of a library",
    )  # fmt: skip
    told = Notice.objects.filter(user=alice).order_by("pk")
    assert [("planned" in row.text, "written" in row.text) for row in told] == [
        (True, False), (False, True),
    ]  # fmt: skip
    assert told.last().url == PAGE
    assert PAGE in page(Client(), f"{REQUESTS}?show=written")


def test_a_case_one_may_not_open_is_not_named_as_written(
    wish: QuestionRequest, as_alice: Client
) -> None:
    written = case("members-case", audience=Audience.MEMBERS, title="For members")
    request_decide(request=wish, state="done", question=written)
    assert "For members" in page(as_alice, f"{REQUESTS}?show=written")
    assert "For members" not in page(Client(), f"{REQUESTS}?show=written")


def test_every_state_has_its_words_and_its_tab(as_alice: Client) -> None:
    assert set(write.STATE_WORDS) == set(RequestState)
    for tab in ("wanted", "written", "declined", "nothing"):
        assert page(as_alice, f"{REQUESTS}?show={tab}&page=9")


def test_requests_take_as_many_queries_for_twenty_as_for_one(
    as_alice: Client, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(as_alice, REQUESTS)
    for number in range(20):
        request_make(author=bob, title=f"Case {number}")
    with django_assert_max_num_queries(10):
        page(as_alice, REQUESTS)


# Privacy ------------------------------------------------------------------------------------------


def test_export_and_deletion_know_what_one_told_and_wished(
    as_alice: Client, alice: User, bob: User, shop: Question, wish: QuestionRequest
) -> None:
    asked_tell(question=shop, user=alice, company="Meta", month=SEPTEMBER)
    theirs = request_make(author=bob, title="Improve a lift")
    request_vote(request=theirs, user=alice)
    file = io.BytesIO(as_alice.post(reverse("account-export")).content)
    with zipfile.ZipFile(file) as archive:
        data = archive.read("data.json").decode()
    assert "2026-09-01" in data
    assert wish.title in data
    assert '"request__title": "Improve a lift"' in data
    account_delete(user=alice)
    assert not Asked.objects.exists()
    theirs.refresh_from_db()
    assert theirs.score == 0
    wish.refresh_from_db()
    assert wish.author is None


def test_staff_read_in_the_admin_what_people_said_and_change_none_of_it(
    alice: User, bob: User, shop: Question
) -> None:
    told = asked_tell(question=shop, user=alice, company="Meta", month=SEPTEMBER)
    said = comment_add(question=shop, author=alice, text="Ask first.")
    objection = comment_report(comment=said, reporter=bob, reason="spam")
    root: User = User.objects.create_superuser(email="root@example.com", password="a long one")
    desk = signed_in(root)
    for name, row in (("asked", told), ("comment", said), ("commentreport", objection)):
        assert desk.get(f"/admin/questions/{name}/").status_code == 200
        change = f"/admin/questions/{name}/{row.pk}/change/"
        assert "alice@example.com" not in page(desk, change)
        assert desk.post(change, {"text": "Other words"}).status_code == 403
        assert desk.get(f"/admin/questions/{name}/add/").status_code == 403
    said.refresh_from_db()
    assert said.text == "Ask first."
