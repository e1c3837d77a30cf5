"""A person's own lists: make, rename, put in, reorder, note, take out, delete; nobody else's."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.export import personal_sections
from accounts.models import User
from questions.models import Collection, CollectionItem, CollectionKind, Question
from questions.services import saved_lists
from questions.services.library import case_load
from questions.services.saved_lists import item_move, list_make, list_put
from tests.questions.cases import variant

pytestmark = pytest.mark.django_db
LISTS = "/questions/lists/"
LIST = "/questions/lists/for-november/"
PUT = "/questions/case-0/lists/"


@pytest.fixture
def questions() -> list[Question]:
    """Three questions."""
    for number in range(3):
        case_load(
            case=variant(slug=f"case-{number}", title=f"Case {number}", prompt=f"Do {number}?")
        )
    return list(Question.objects.order_by("slug"))


@pytest.fixture
def mine(alice: User, questions: list[Question]) -> Collection:
    """Alice's list with the three questions."""
    made = list_make(owner=alice, title="For November")
    for question in questions:
        list_put(collection=made, question=question)
    return made


def order(collection: Collection) -> list[str]:
    return list(collection.items.values_list("question__slug", flat=True))


def said(client: Client, url: str, status: int = 200, **sent: str) -> str:
    response = client.post(url, sent, follow=status == 200)
    assert response.status_code == status
    return response.content.decode()


def test_a_list_is_made_and_shown(as_alice: Client, alice: User):
    html = said(as_alice, LISTS, title="  For   November ", summary="Two a week")
    made = Collection.objects.get()
    assert (made.owner, made.kind, made.slug) == (alice, CollectionKind.LIST, "for-november")
    assert "For November" in html
    assert "Two a week" in html
    assert "Nothing in here yet" in html


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("", "Write a name for the list."),
        ("x" * 81, "Use at most 80 characters; these are 81."),
        ("for november", "You have a list with this name already. Choose another."),
    ],
)
def test_a_name_that_cannot_be_is_said_next_to_its_field(
    as_alice: Client, mine: Collection, title: str, message: str
):
    html = said(as_alice, LISTS, 422, title=title)
    assert message in html
    assert 'aria-invalid="true"' in html
    assert Collection.objects.count() == 1


def test_names_in_any_script_get_an_address(alice: User):
    slugs = [list_make(owner=alice, title=title).slug for title in ("面试", "练习", "List")]
    assert slugs == ["list", "list-2", "list-3"]


def test_there_are_so_many_lists_and_no_more(
    as_alice: Client, mine: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(saved_lists, "MAX_LISTS", 1)
    assert "as many as there can be" in said(as_alice, LISTS, 422, title="Another")
    assert Collection.objects.count() == 1


def test_a_list_is_renamed_and_keeps_its_address(as_alice: Client, mine: Collection):
    html = said(as_alice, f"{LIST}change/", title="For December", summary="")
    assert "For December" in html
    mine.refresh_from_db()
    assert (mine.title, mine.slug) == ("For December", "for-november")


def test_a_list_cannot_take_the_name_of_another(as_alice: Client, alice: User, mine: Collection):
    list_make(owner=alice, title="Other")
    assert "You have a list with this name" in said(as_alice, f"{LIST}change/", 422, title="OTHER")
    mine.refresh_from_db()
    assert mine.title == "For November"


def test_a_list_keeps_its_own_name(as_alice: Client, mine: Collection):
    assert "Saved." in said(as_alice, f"{LIST}change/", title="FOR November")


def test_a_deleted_list_leaves_its_questions(as_alice: Client, mine: Collection):
    assert as_alice.get(f"{LIST}delete/").status_code == 302
    assert Collection.objects.exists()
    assert "is deleted" in said(as_alice, f"{LIST}delete/")
    assert not Collection.objects.exists()
    assert Question.objects.count() == 3


def test_a_question_goes_into_a_list_from_its_page(
    as_alice: Client, alice: User, questions: list[Question]
):
    made = list_make(owner=alice, title="For November")
    assert 'value="for-november"' in as_alice.get("/questions/case-0/").content.decode()
    html = said(as_alice, PUT, into="for-november")
    assert "Put into “For November”." in html
    assert order(made) == ["case-0"]
    assert 'action="/questions/lists/for-november/case-0/take-out/"' in html


def test_a_question_goes_into_a_new_list(as_alice: Client, questions: list[Question]):
    said(as_alice, PUT, title="Fresh")
    said(as_alice, "/questions/case-1/lists/", into="+", title="Fresher")
    assert order(Collection.objects.get(title="Fresh")) == ["case-0"]
    assert order(Collection.objects.get(title="Fresher")) == ["case-1"]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"into": "+"}, "Write a name for the list."),
        ({"into": "no-such-list"}, "Choose one of your lists."),
        ({}, "Choose one of your lists."),
        ({"into": "+", "title": "other"}, "You have a list with this name already."),
    ],
)
def test_what_cannot_be_put_is_said_and_kept(
    as_alice: Client, alice: User, questions: list[Question], sent: dict[str, str], message: str
):
    list_make(owner=alice, title="Other")
    assert message in said(as_alice, PUT, 422, **sent)
    assert not CollectionItem.objects.exists()


def test_a_list_that_is_full_says_so(
    as_alice: Client, alice: User, mine: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(saved_lists, "MAX_QUESTIONS", 3)
    case_load(case=variant(slug="more", title="More"))
    html = said(as_alice, "/questions/more/lists/", 422, into="for-november")
    assert "as many as it can" in html
    assert mine.items.count() == 3


def test_a_question_is_in_a_list_once(as_alice: Client, mine: Collection):
    assert "Choose one of your lists." not in as_alice.get(PUT).content.decode()
    html = said(as_alice, PUT, 422, into="for-november")
    assert "Write a name for the list." in html  # only a new one is left to choose
    assert mine.items.count() == 3


def test_a_question_is_taken_out_from_the_list_or_from_its_page(as_alice: Client, mine: Collection):
    said(as_alice, f"{LIST}case-1/take-out/")
    assert order(mine) == ["case-0", "case-2"]
    response = as_alice.post(f"{LIST}case-0/take-out/", {"back": "question"})
    assert response["Location"] == "/questions/case-0/#lists"
    assert list(mine.items.values_list("position", flat=True)) == [1]


def test_a_second_press_of_take_out_ends_where_the_first_did(as_alice: Client, mine: Collection):
    for back, place in (("", LIST), ("question", "/questions/case-0/#lists")):
        for _ in range(2):
            response = as_alice.post(f"{LIST}case-0/take-out/", {"back": back})
            assert response["Location"] == place
    assert order(mine) == ["case-1", "case-2"]


@pytest.mark.parametrize(
    ("slug", "to", "after"),
    [
        ("case-1", "up", ["case-1", "case-0", "case-2"]),
        ("case-1", "down", ["case-0", "case-2", "case-1"]),
        ("case-0", "up", ["case-0", "case-1", "case-2"]),
        ("case-2", "down", ["case-0", "case-1", "case-2"]),
    ],
)
def test_a_question_moves_one_place_and_no_further_than_the_ends(
    as_alice: Client, mine: Collection, slug: str, to: str, after: list[str]
):
    response = as_alice.post(f"{LIST}{slug}/move/", {"to": to})
    assert response["Location"] == f"{LIST}?moved={slug}&to={to}"
    assert order(mine) == after


@pytest.mark.parametrize(
    ("moved", "focused"),
    [
        ("case-1&to=up", "up"),
        ("case-1&to=down", "down"),
        ("case-0&to=up", "down"),  # at the top nothing goes further up
        ("case-2&to=down", "up"),
        ("no-such-case&to=up", None),
    ],
)
def test_the_button_that_moved_a_question_has_the_focus_again(
    as_alice: Client, mine: Collection, moved: str, focused: str | None
):
    html = as_alice.get(f"{LIST}?moved={moved}").content.decode()
    rows = html.partition("<ol")[2].partition("</ol>")[0].split("<li ")
    held = [row for row in rows if " autofocus" in row]
    assert len(held) == (focused is not None)
    for row in held:
        assert row.startswith(f'id="at-{moved.partition("&")[0]}" class="is-moved"')
        assert f'value="{focused}" autofocus>' in row


def test_a_question_that_is_not_open_keeps_its_place_and_is_passed_over(
    as_alice: Client, mine: Collection
):
    Question.objects.filter(slug="case-1").update(retired_at=timezone.now())
    html = as_alice.get(LIST).content.decode()
    assert "Do 1?" not in html
    assert "1 more question of this list is not open to you" in html
    as_alice.post(f"{LIST}case-2/move/", {"to": "up"})
    assert order(mine) == ["case-2", "case-1", "case-0"]


def test_an_item_that_is_not_seen_does_not_move(mine: Collection):
    item = mine.items.get(question__slug="case-1")
    assert item_move(item=item, up=True, among=[]) is False


def test_a_note_is_written_and_taken_away(as_alice: Client, mine: Collection):
    assert "Ask about returns" in said(as_alice, f"{LIST}case-1/note/", note="Ask about  returns")
    said(as_alice, f"{LIST}case-1/note/", note="")
    assert mine.items.get(question__slug="case-1").note == ""


def test_a_note_that_is_too_long_stays_as_it_was_typed(as_alice: Client, mine: Collection):
    html = said(as_alice, f"{LIST}case-1/note/", 422, note="n" * 301)
    assert "Use at most 300 characters; these are 301." in html
    assert "n" * 301 in html
    assert mine.items.get(question__slug="case-1").note == ""


def test_a_note_is_shown_as_text(as_alice: Client, mine: Collection):
    assert "<b>x" not in said(as_alice, f"{LIST}case-1/note/", note="<b>x</b>")


ADDRESSES = ["", "change/", "delete/", "case-0/move/", "case-0/note/", "case-0/take-out/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_else_sees_or_changes_a_list(
    as_charlie: Client, client: Client, mine: Collection, address: str
):
    before = Collection.objects.values().get(), order(mine)
    for method in (as_charlie.get, as_charlie.post):
        if address or method is as_charlie.get:
            assert method(LIST + address, {"to": "down", "title": "x"}).status_code == 404
    assert "/account/login/" in client.get(LIST + address)["Location"]
    assert (Collection.objects.values().get(), order(mine)) == before


def test_a_stranger_puts_nothing_into_somebody_elses_list(as_charlie: Client, mine: Collection):
    said(as_charlie, PUT, 422, into="for-november", title="")
    assert "for-november" not in as_charlie.get("/questions/case-0/").content.decode()
    assert mine.items.count() == 3


def test_two_people_may_have_lists_of_one_name(as_charlie: Client, mine: Collection):
    said(as_charlie, LISTS, title="For November")
    assert "Do 0?" not in as_charlie.get(LIST).content.decode()


def test_a_question_that_is_not_open_cannot_be_put(as_alice: Client, questions: list[Question]):
    Question.objects.filter(slug="case-0").update(retired_at=timezone.now())
    assert as_alice.post(PUT, {"title": "Fresh"}).status_code == 404
    assert not Collection.objects.exists()


def test_a_visitor_is_told_to_sign_in_for_a_list(client: Client, questions: list[Question]):
    html = client.get("/questions/case-0/").content.decode()
    assert "to keep it in a list" in html
    assert "/account/login/" in client.get(LISTS)["Location"]


def test_the_export_has_lists_and_what_is_in_them(alice: User, mine: Collection):
    rows = [section.rows for section in personal_sections(alice)]
    text = json.dumps(rows, default=str)
    assert "For November" in text
    assert "case-2" in text


def test_a_list_takes_as_many_queries_however_long_it_is(
    as_alice: Client, mine: Collection, django_assert_max_num_queries: DjangoAssertNumQueries
):
    as_alice.get(LIST)
    with django_assert_max_num_queries(12):
        as_alice.get(LIST)
    with django_assert_max_num_queries(12):
        as_alice.get(LISTS)
