"""What people say below a question: who reads and writes it, votes, objects and decides."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice, User
from accounts.services import account_delete
from questions.models import Audience, Comment, CommentKind, CommentReport, CommentVote, Question
from questions.selectors import discussion as read
from questions.selectors.discussion import REPORTS_THAT_HIDE, THREADS_A_PAGE, Reader, discussion
from questions.services import discussion as write
from questions.services.discussion import (
    GONE,
    MAX_TEXT,
    comment_add,
    comment_decide,
    comment_delete,
    comment_edit,
    comment_report,
    comment_vote,
)
from questions.services.publishing import question_retire
from tests.coach.factories import SHOP, answered, play, question_of
from tests.conftest import signed_in
from tests.factories import ApiKeyFactory, UserFactory, bearer
from universities.models import University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
PAGE = f"/questions/{SHOP}/"
ADD = f"/questions/{SHOP}/comments/"
QUEUE = "/questions/moderation/"
SECRET = "zqxspoiler"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shop() -> Question:
    """The question people talk about."""
    return question_of()


@pytest.fixture
def tip(shop: Question, alice: User) -> Comment:
    """What Alice said and everybody may read."""
    return comment_add(question=shop, author=alice, text="Ask for figures first.", spoils=False)


@pytest.fixture
def spoiler(shop: Question, alice: User) -> Comment:
    """What Alice said to those who have handed in a step."""
    return comment_add(question=shop, author=alice, text=f"The crux is {SECRET}.")


@pytest.fixture
def moderator(db: None) -> User:
    """One of the operator's staff."""
    return UserFactory(name="Mo", is_staff=True)


def page(browser: Client, address: str = PAGE) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def entries(shop: Question, reader: Reader | None = None, number: int = 1) -> list[str]:
    """Return the texts in the order in which they are shown, the withheld ones by their reason."""
    found = discussion(shop, reader or Reader(), number).entries
    return [entry.withheld or entry.comment.text for entry in found]


def notices(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("text", flat=True))


# Writing ------------------------------------------------------------------------------------------


def test_a_comment_is_stored_rendered_and_shown_where_the_browser_is_led(
    as_bob: Client, bob: User, shop: Question
) -> None:
    sent = {"kind": "question", "text": "Is **conversion**\r\nby visit?", "is_open": "on"}
    response = as_bob.post(ADD, sent)
    comment = Comment.objects.get()
    assert response["Location"] == f"{PAGE}#comment-{comment.pk}"
    assert (comment.author, comment.kind, comment.spoils) == (bob, "question", False)
    assert comment.text == "Is **conversion**\nby visit?"
    assert "<strong>conversion</strong>" in page(Client())
    assert "Question, no answer yet" in page(Client())


def test_a_comment_is_a_spoiler_unless_its_writer_says_it_is_not(
    as_bob: Client, shop: Question
) -> None:
    as_bob.post(ADD, {"kind": "comment", "text": "Something"})
    assert Comment.objects.get().spoils


def test_markup_of_a_comment_is_made_safe(as_bob: Client, shop: Question) -> None:
    text = "<script>alert(1)</script> ![x](https://evil.example/p.png) [x](javascript:alert(1))"
    as_bob.post(ADD, {"kind": "comment", "text": text, "is_open": "on"})
    stored = Comment.objects.get().html
    assert "<script" not in stored
    assert "<img" not in stored
    assert 'href="javascript' not in stored
    assert 'rel="nofollow noopener ugc"' in stored


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something first."),
        (" \r\n ", "Write something first."),
        ("x" * 4_120, "Use at most 4,000 characters; these are 4,120."),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_stays(
    as_bob: Client, shop: Question, text: str, words: str
) -> None:
    response = as_bob.post(ADD, {"kind": "question", "text": text, "is_open": "on"})
    body = response.content.decode()
    assert response.status_code == 422
    assert words in body
    assert 'aria-describedby="comment_text_helptext comment_text_error"' in body
    assert re.search(r'value="question"[^>]*checked', body)
    assert text.strip() in body
    assert not Comment.objects.exists()


def test_a_reply_that_cannot_be_taken_stays_open_below_its_comment(
    as_bob: Client, tip: Comment
) -> None:
    too_long = "y" * (MAX_TEXT + 1)
    response = as_bob.post(ADD, {"parent": tip.pk, "text": too_long})
    body = response.content.decode()
    assert response.status_code == 422
    assert f'id="reply_{tip.pk}_text"' in body
    assert body.count(too_long) == 1


def test_a_line_end_counts_once_as_it_does_for_the_person_who_types(
    as_bob: Client, shop: Question
) -> None:
    as_bob.post(ADD, {"kind": "comment", "text": "a\r\n" * (MAX_TEXT // 2)})
    assert Comment.objects.exists()


def test_a_reply_stands_below_its_comment(as_bob: Client, tip: Comment) -> None:
    as_bob.post(
        ADD, {"parent": tip.pk, "text": "That helped.", "is_open": "on", "kind": "question"}
    )
    reply = Comment.objects.get(parent=tip)
    assert (reply.kind, reply.spoils) == (CommentKind.COMMENT, False)
    thread = discussion(tip.question, Reader()).entries[0]
    assert [entry.comment.text for entry in thread.replies] == ["That helped."]


def test_a_reply_has_no_replies(as_bob: Client, bob: User, tip: Comment) -> None:
    reply = comment_add(question=tip.question, author=bob, text="Yes.", spoils=False, parent=tip)
    assert as_bob.post(ADD, {"parent": reply.pk, "text": "No."}).status_code == 422
    assert Comment.objects.count() == 2
    with pytest.raises(ValidationError):
        comment_add(question=tip.question, author=bob, text="No.", parent=reply)


def test_a_reply_to_a_spoiler_is_one(bob: User, spoiler: Comment) -> None:
    reply = comment_add(
        question=spoiler.question, author=bob, text="So it is.", spoils=False, parent=spoiler
    )
    assert reply.spoils


def test_a_reply_to_what_was_taken_away_meanwhile_is_kept_to_stand_on_its_own(
    as_bob: Client, alice: User, tip: Comment
) -> None:
    words = "I asked for the reasons first, and it took two minutes."
    comment_delete(comment=tip)
    response = as_bob.post(ADD, {"parent": tip.pk, "text": words, "is_open": "on"})
    body = response.content.decode()
    assert response.status_code == 422
    assert GONE in html.unescape(body)
    form = body.partition('id="write"')[2].partition("</form>")[0]
    assert words in form
    assert 'name="is_open"' in form
    assert not re.search(r'name="is_open"[^>]*checked', form)
    assert 'name="parent"' not in form
    assert not Comment.objects.exists()


@pytest.mark.parametrize("state", ["deleted", "hidden"])
def test_a_reply_that_is_stored_after_its_comment_was_taken_away_is_refused(
    state: str, bob: User, tip: Comment
) -> None:
    seen = Comment.objects.get(pk=tip.pk)
    if state == "deleted":
        comment_delete(comment=tip)
    else:
        Comment.objects.update(hidden_at=now())
    with pytest.raises(ValidationError) as refused:
        comment_add(question=seen.question, author=bob, text="Yes.", parent=seen)
    assert refused.value.code == "gone"


def test_a_reply_to_what_has_just_become_a_spoiler_is_stored_as_one(
    bob: User, tip: Comment
) -> None:
    seen = Comment.objects.get(pk=tip.pk)
    comment_edit(comment=tip, text=SECRET, spoils=True)
    reply = comment_add(question=tip.question, author=bob, text="Yes.", spoils=False, parent=seen)
    assert reply.spoils


@pytest.mark.parametrize("parent", ["x", "-1", "²", "9" * 40])
def test_a_parent_that_is_none_is_not_found(as_bob: Client, shop: Question, parent: str) -> None:
    assert as_bob.post(ADD, {"parent": parent, "text": "Hello"}).status_code == 404
    assert not Comment.objects.exists()


def test_a_visitor_is_asked_to_sign_in_and_comes_back_to_the_page(
    as_bob: Client, tip: Comment
) -> None:
    visitor = Client()
    for address in (ADD, f"/questions/comments/{tip.pk}/vote/"):
        assert "/account/login/" in visitor.post(address, {"text": "x"})["Location"]
    assert as_bob.get(ADD)["Location"] == PAGE
    assert "Post it" not in page(visitor)
    assert Comment.objects.count() == 1


def test_a_question_of_members_is_closed_to_strangers_with_all_that_is_said(
    tip: Comment, as_bob: Client
) -> None:
    Question.objects.update(audience=Audience.MEMBERS)
    stranger = signed_in(UserFactory())
    for address in (PAGE, ADD, f"/questions/comments/{tip.pk}/"):
        assert stranger.post(address, {"text": "x"}).status_code in (404, 405)
    assert stranger.get(f"/questions/comments/{tip.pk}/").status_code == 404
    assert stranger.post(f"/questions/comments/{tip.pk}/vote/").status_code == 404
    assert as_bob.get(PAGE).status_code == 200


def test_names_are_shown_and_never_a_part_of_an_address(
    tip: Comment, as_bob: Client, shop: Question
) -> None:
    nameless = UserFactory(email="hushed.person@example.com", name="")
    comment_add(question=shop, author=nameless, text="Hello.", spoils=False)
    body = page(as_bob)
    assert "Alice" in body
    assert "Somebody" in body
    assert "hushed" not in body


# Spoilers -----------------------------------------------------------------------------------------


def test_the_words_of_a_spoiler_never_leave_before_a_step_is_handed_in(
    spoiler: Comment, as_bob: Client, bob: User, university: University, alice: User
) -> None:
    reply = comment_add(question=spoiler.question, author=alice, text=SECRET, parent=spoiler)
    play(bob)
    key = ApiKeyFactory(university=university, scopes=list(Scope.values))
    api = Client().get(reverse("api-question-detail", args=[SHOP]), headers=bearer(key))
    seen = [page(Client()), page(as_bob), page(as_bob, "/questions/"), api.content.decode()]
    assert not [body for body in seen if SECRET in body]
    assert "2 comments open once you have handed in a step." in page(as_bob)
    for pk in (spoiler.pk, reply.pk):
        for act in ("", "vote/", "report/", "edit/", "delete/"):
            for method in (as_bob.get, as_bob.post):
                response = method(f"/questions/comments/{pk}/{act}", headers=HTMX)
                assert SECRET not in response.content.decode()
        assert as_bob.post(f"/questions/comments/{pk}/vote/").status_code == 404
    body = as_bob.post(ADD, {"parent": spoiler.pk, "text": "x"}).content.decode()
    assert SECRET not in body
    assert "is not there any more" in body
    assert Comment.objects.count() == 2
    assert not CommentVote.objects.exists()


def test_a_step_that_was_handed_in_opens_the_spoilers_of_this_question_alone(
    spoiler: Comment, as_bob: Client, bob: User
) -> None:
    other = question_of("shop-conversion-falls-in-spain")
    comment_add(question=other, author=spoiler.author, text="Another secret.")
    answered(play(bob))
    assert SECRET in page(as_bob)
    assert "open once" not in page(as_bob)
    assert "Another secret." not in page(as_bob, other.get_absolute_url())


def test_the_writer_and_moderators_always_see_a_spoiler(
    spoiler: Comment, as_alice: Client, moderator: User
) -> None:
    assert SECRET in page(as_alice)
    assert SECRET in page(signed_in(moderator))


def test_an_open_reply_below_what_became_a_spoiler_is_kept_back_too(
    tip: Comment, bob: User, carol: User, moderator: User
) -> None:
    comment_add(question=tip.question, author=bob, text=SECRET, spoils=False, parent=tip)
    comment_report(comment=tip, reporter=carol, reason="spoiler")
    comment_decide(comment=tip, moderator=moderator, decision="marked")
    assert SECRET not in page(Client())
    assert "2 comments open" in page(Client())
    assert entries(tip.question, Reader(bob)) == ["spoiler"]


def between_looks(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen after it was decided who reads what, and before the words are read."""
    before = read._read_words

    def late(comments: Mapping[int, Comment]) -> None:
        act()
        before(comments)

    monkeypatch.setattr(read, "_read_words", late)


def test_words_that_become_a_spoiler_while_the_page_is_made_do_not_leave(
    tip: Comment, bob: User, as_bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment_add(question=tip.question, author=tip.author, text="A reply", spoils=False, parent=tip)
    assert "A reply" in page(as_bob)
    between_looks(
        monkeypatch, lambda: comment_edit(comment=tip, text=f"It is {SECRET}", spoils=True)
    )
    body = page(as_bob)
    assert SECRET not in body
    assert "A reply" not in body
    assert "2 comments open once you have handed in a step." in body


@pytest.mark.parametrize("change", [{"hidden_at": True}, {"deleted_at": True}, {"spoils": True}])
def test_a_reply_that_is_taken_away_while_the_page_is_made_is_not_on_it(
    change: dict[str, bool],
    tip: Comment,
    bob: User,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reply = comment_add(question=tip.question, author=alice, text="No.", spoils=False, parent=tip)
    values = {name: value if name == "spoils" else now() for name, value in change.items()}
    between_looks(monkeypatch, lambda: Comment.objects.filter(pk=reply.pk).update(**values))
    talk = discussion(tip.question, Reader(bob))
    assert [len(entry.replies) for entry in talk.entries] == [0]
    assert talk.shown == 1


def test_a_comment_that_goes_while_the_page_is_made_is_not_on_it(
    tip: Comment, as_bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = tip.pk
    between_looks(monkeypatch, lambda: Comment.objects.filter(pk=pk).delete())
    body = page(as_bob)
    assert f'id="comment-{pk}"' not in body
    assert "0 comments" in body


def test_a_reply_to_a_comment_of_another_question_is_on_neither_page(
    shop: Question, tip: Comment, as_bob: Client
) -> None:
    other = question_of("shop-conversion-falls-in-spain")
    Comment.objects.create(question=other, parent=tip, html=SECRET, text=SECRET, spoils=False)
    assert SECRET not in page(as_bob)
    assert SECRET not in page(as_bob, other.get_absolute_url())


def test_a_comment_whose_reports_nobody_counted_cannot_be_decided_on(
    tip: Comment, bob: User
) -> None:
    with pytest.raises(AttributeError, match="open_reports"):
        read._why_withheld(Comment.objects.get(pk=tip.pk), Reader(bob))


def readable(reader: Reader) -> Q:
    """The rule once more, for the database: whose words a reader may read."""
    if reader.moderates:
        return Q(deleted_at=None)
    found = Q(deleted_at=None, hidden_at=None, open_reports__lt=REPORTS_THAT_HIDE)
    if not reader.has_submitted:
        found &= Q(spoils=False) & (Q(parent=None) | Q(parent__spoils=False))
    return found | Q(author=reader.user, deleted_at=None) if reader.user else found


def test_the_words_and_the_count_of_a_discussion_are_those_the_database_finds_readable(
    shop: Question, alice: User, bob: User, carol: User, moderator: User
) -> None:
    reporters = [UserFactory() for _ in range(REPORTS_THAT_HIDE)]
    for spoils in (True, False):
        for state in ("", "deleted_at", "hidden_at", "reported"):
            parent = comment_add(question=shop, author=alice, text="Parent", spoils=spoils)
            comment_add(question=shop, author=bob, text="Reply", spoils=spoils, parent=parent)
            for reporter in reporters if state == "reported" else ():
                comment_report(comment=parent, reporter=reporter, reason="spam")
            if state.endswith("_at"):
                Comment.objects.filter(pk=parent.pk).update(**{state: now()})
    for who in (None, alice, bob, carol, moderator):
        for handed_in in (True, False):
            reader = Reader(who, handed_in)
            rows = read._with_reports(Comment.objects.all()).filter(readable(reader))
            talk = discussion(shop, reader)
            said = [each for thread in talk.entries for each in (thread, *thread.replies)]
            with_words = {each.comment.pk for each in said if each.html}
            assert with_words == set(rows.values_list("pk", flat=True))
            assert talk.shown == len(with_words)


def test_a_question_is_open_until_somebody_else_has_replied(
    shop: Question, alice: User, bob: User
) -> None:
    asked = comment_add(
        question=shop, author=alice, text="Why?", spoils=False, kind=CommentKind.QUESTION
    )

    def is_open() -> bool:
        return discussion(shop, Reader(bob)).entries[0].is_unanswered

    assert is_open()
    comment_add(question=shop, author=alice, text="Nobody?", spoils=False, parent=asked)
    assert is_open()
    reply = comment_add(question=shop, author=bob, text="Because.", spoils=False, parent=asked)
    assert not is_open()
    Comment.objects.filter(pk=reply.pk).update(author=None)
    assert not is_open()
    Comment.objects.filter(pk=reply.pk).update(hidden_at=now())
    assert is_open()


# Order and pages ----------------------------------------------------------------------------------


def test_open_questions_come_first_then_votes_then_the_newest(
    shop: Question, alice: User, bob: User
) -> None:
    said = {}
    for text, kind, score in (
        ("old", "comment", 0), ("voted", "comment", 5), ("new", "comment", 0),
        ("answered", "question", 1), ("open", "question", 0), ("asked on", "question", 0),
    ):  # fmt: skip
        row = comment_add(question=shop, author=alice, text=text, kind=kind, spoils=False)
        Comment.objects.filter(pk=row.pk).update(score=score)
        said[text] = row
    for text, author in (("answered", bob), ("asked on", alice)):
        comment_add(question=shop, author=author, text="x", spoils=False, parent=said[text])
    assert entries(shop) == ["asked on", "open", "voted", "answered", "new", "old"]


def test_the_second_page_goes_on_and_a_link_leads_to_the_right_one(
    shop: Question, alice: User, as_bob: Client
) -> None:
    first = comment_add(question=shop, author=alice, text="The first of all", spoils=False)
    for number in range(THREADS_A_PAGE):
        comment_add(question=shop, author=alice, text=f"Number {number}", spoils=False)
    assert "The first of all" not in page(as_bob)
    assert "The first of all" in page(as_bob, f"{PAGE}?page=2")
    link = as_bob.get(f"/questions/comments/{first.pk}/")["Location"]
    assert link == f"{PAGE}?page=2#comment-{first.pk}"


def test_a_page_of_forty_comments_takes_as_many_queries_as_one_of_two(
    as_bob: Client,
    bob: User,
    alice: User,
    carol: User,
    shop: Question,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page(as_bob)
    for number in range(THREADS_A_PAGE):
        thread = comment_add(
            question=shop, author=(alice, bob)[number % 2], text=f"{number}", spoils=False
        )
        comment_add(question=shop, author=carol, text="Reply", spoils=False, parent=thread)
        comment_vote(comment=thread, user=carol)
    assert Comment.objects.count() == 40
    with django_assert_max_num_queries(22):
        body = page(as_bob)
    assert body.count('id="comment-') == 40


# Votes --------------------------------------------------------------------------------------------


def test_a_vote_counts_and_a_second_press_takes_it_back(as_bob: Client, tip: Comment) -> None:
    vote = f"/questions/comments/{tip.pk}/vote/"
    assert as_bob.post(vote)["Location"] == f"{PAGE}#comment-{tip.pk}"
    tip.refresh_from_db()
    assert (tip.score, CommentVote.objects.count()) == (1, 1)
    pressed = as_bob.post(vote, headers=HTMX).content.decode()
    tip.refresh_from_db()
    assert (tip.score, CommentVote.objects.count()) == (0, 0)
    assert 'aria-pressed="false"' in pressed
    assert "<html" not in pressed


def test_nobody_votes_for_their_own(as_alice: Client, alice: User, tip: Comment) -> None:
    as_alice.post(f"/questions/comments/{tip.pk}/vote/")
    assert "This is your own" in page(as_alice)
    with pytest.raises(ValidationError):
        comment_vote(comment=tip, user=alice)
    assert not CommentVote.objects.exists()


# Changing and deleting ----------------------------------------------------------------------------


def test_words_are_changed_within_a_quarter_of_an_hour(as_alice: Client, tip: Comment) -> None:
    edit = f"/questions/comments/{tip.pk}/edit/"
    assert "Ask for figures first." in page(as_alice, edit)
    as_alice.post(edit, {"text": "Ask *early*.", "is_open": "on"})
    tip.refresh_from_db()
    assert (tip.text, tip.spoils) == ("Ask *early*.", False)
    assert "<em>early</em>" in tip.html
    assert tip.edited_at is not None


def test_after_a_quarter_of_an_hour_the_words_stay(as_alice: Client, tip: Comment) -> None:
    Comment.objects.update(created_at=now() - timedelta(minutes=16))
    edit = f"/questions/comments/{tip.pk}/edit/"
    assert "Save the change" not in page(as_alice, edit)
    response = as_alice.post(edit, {"text": "Something else", "is_open": "on"})
    assert response.status_code == 422
    assert "15 minutes" in response.content.decode()
    assert "Something else" in response.content.decode()
    tip.refresh_from_db()
    assert tip.text == "Ask for figures first."


def test_what_was_reported_is_not_changed_before_a_moderator_has_looked(
    tip: Comment, bob: User
) -> None:
    comment_report(comment=tip, reporter=bob, reason="unkind")
    with pytest.raises(ValidationError):
        comment_edit(comment=tip, text="Never said so.", spoils=False)


def test_what_a_moderator_marked_stays_marked(tip: Comment, bob: User, moderator: User) -> None:
    comment_report(comment=tip, reporter=bob, reason="spoiler")
    comment_decide(comment=tip, moderator=moderator, decision="marked")
    assert comment_edit(comment=tip, text="Other words", spoils=False).spoils


def test_a_deleted_comment_is_gone_and_with_replies_it_keeps_its_place_without_words(
    as_alice: Client, as_bob: Client, bob: User, tip: Comment
) -> None:
    reply = comment_add(question=tip.question, author=bob, text="Yes.", spoils=False, parent=tip)
    as_alice.post(f"/questions/comments/{tip.pk}/delete/")
    tip.refresh_from_db()
    assert (tip.text, tip.html) == ("", "")
    assert "Deleted by its writer." in page(Client())
    assert "Yes." in page(Client())
    as_bob.post(f"/questions/comments/{reply.pk}/delete/")
    assert not Comment.objects.exists()


def test_ones_own_words_below_a_retired_question_can_still_be_deleted(
    as_alice: Client, as_bob: Client, tip: Comment
) -> None:
    question_retire(question=tip.question)
    edit = f"/questions/comments/{tip.pk}/edit/"
    body = page(as_alice, edit)
    assert "Ask for figures first." in body
    assert "Save the change" not in body
    assert f'href="/questions/comments/{tip.pk}/"' not in body
    assert as_alice.post(edit, {"text": "Other", "is_open": "on"}).status_code == 404
    assert as_bob.post(f"/questions/comments/{tip.pk}/delete/").status_code == 404
    gone = as_alice.post(f"/questions/comments/{tip.pk}/delete/", follow=True)
    assert gone.status_code == 200
    assert "Deleted." in gone.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("act", ["vote", "report", "edit", "delete"])
def test_what_is_done_to_a_comment_that_has_just_gone_finds_nothing(
    act: str, tip: Comment, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The view has found the comment, and its row goes before the service holds on to it."""
    name = "access_comment" if act in ("vote", "report") else "access_own_comment"
    found = getattr(read, name)

    def late(*args: Any) -> object:
        kept = found(*args)
        Comment.objects.all().delete()
        return kept

    monkeypatch.setattr(read, name, late)
    sent = {"reason": "spam", "text": "Other words"}
    browser = signed_in(bob if name == "access_comment" else alice)
    assert browser.post(f"/questions/comments/{tip.pk}/{act}/", sent).status_code == 404
    assert not Comment.objects.exists()


def test_nobody_deletes_a_comment_in_the_admin_with_the_replies_of_others(
    tip: Comment, bob: User
) -> None:
    comment_add(question=tip.question, author=bob, text="Yes.", spoils=False, parent=tip)
    desk = signed_in(UserFactory(is_staff=True, is_superuser=True))
    assert desk.get(f"/admin/questions/comment/{tip.pk}/change/").status_code == 200
    sent = {"post": "yes"}
    assert desk.post(f"/admin/questions/comment/{tip.pk}/delete/", sent).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": tip.pk, **sent}
    desk.post("/admin/questions/comment/", chosen)
    assert Comment.objects.count() == 2


def test_strangers_neither_change_nor_delete(as_bob: Client, tip: Comment) -> None:
    for act in ("edit", "delete"):
        sent = as_bob.post(f"/questions/comments/{tip.pk}/{act}/", {"text": "Mine now"})
        assert sent.status_code == 404
    tip.refresh_from_db()
    assert tip.text == "Ask for figures first."


# Reports and decisions ----------------------------------------------------------------------------


def test_a_report_needs_a_reason_and_keeps_what_was_typed(as_bob: Client, tip: Comment) -> None:
    report = f"/questions/comments/{tip.pk}/report/"
    assert "Ask for figures first." in page(as_bob, report)
    response = as_bob.post(report, {"note": "A note"})
    assert response.status_code == 422
    assert "Choose what is wrong with it." in response.content.decode()
    assert "A note" in response.content.decode()
    as_bob.post(report, {"reason": "unkind", "note": "A note"})
    made = CommentReport.objects.get()
    assert (made.reason, made.note, made.decision) == ("unkind", "A note", "")
    assert "Reported by you" in page(as_bob)
    assert "Ask for figures first." in page(Client())


def test_one_reports_a_comment_once_and_never_ones_own(
    as_bob: Client, as_alice: Client, bob: User, tip: Comment
) -> None:
    report = f"/questions/comments/{tip.pk}/report/"
    comment_report(comment=tip, reporter=bob, reason="spam")
    again = as_bob.post(report, {"reason": "spam"})
    assert again.status_code == 422
    assert "reported this" in again.content.decode()
    assert as_alice.post(report, {"reason": "spam"}).status_code == 404
    assert CommentReport.objects.count() == 1


def test_three_people_hide_a_comment_until_a_moderator_has_looked(
    tip: Comment, alice: User, as_alice: Client, moderator: User
) -> None:
    people = [UserFactory() for _ in range(REPORTS_THAT_HIDE)]
    for person in people[:-1]:
        comment_report(comment=tip, reporter=person, reason="spam")
    assert "Ask for figures first." in page(Client())
    comment_report(comment=tip, reporter=people[-1], reason="spam")
    assert "Ask for figures first." not in page(Client())
    assert Client().get(f"/questions/comments/{tip.pk}/").status_code == 404
    assert "hidden until a moderator has looked" in page(as_alice)
    comment_decide(comment=tip, moderator=moderator, decision="kept")
    assert "Ask for figures first." in page(Client())
    assert [text.split("” ")[1][:12] for text in notices(alice)] == ["is hidden un", "is shown aga"]


@pytest.mark.parametrize(
    ("decision", "told_writer", "told_reporter"),
    [
        ("kept", None, "it stays as it is"),
        ("marked", "was marked as a spoiler", "it is marked as a spoiler now"),
        ("hidden", "was hidden by a moderator. Reported as: It is unkind", "it is hidden now"),
    ],
)
def test_staff_decide_and_writer_and_reporter_are_told(
    tip: Comment,
    alice: User,
    bob: User,
    moderator: User,
    decision: str,
    told_writer: str | None,
    told_reporter: str,
) -> None:
    comment_report(comment=tip, reporter=bob, reason="unkind", note="Rude to my friend.")
    desk = signed_in(moderator)
    queue = page(desk, QUEUE)
    assert "Rude to my friend." in queue
    assert "Bob" not in queue
    desk.post(f"{QUEUE}{tip.pk}/", {"decision": decision})
    report = CommentReport.objects.get()
    assert (report.decision, report.decided_by) == (decision, moderator)
    tip.refresh_from_db()
    assert (tip.hidden_at is not None, tip.spoils) == (decision == "hidden", decision == "marked")
    assert ("Ask for figures first." in page(Client())) == (decision == "kept")
    assert [told_writer in text for text in notices(alice)] == ([True] if told_writer else [])
    assert [told_reporter in text for text in notices(bob)] == [True]
    assert "Nothing waits" in page(desk, QUEUE)
    assert "Ask for figures first." in page(desk, f"{QUEUE}?show=decided")


def test_a_decision_is_made_once_and_can_be_changed_on_purpose(
    tip: Comment, bob: User, moderator: User
) -> None:
    comment_report(comment=tip, reporter=bob, reason="spam")
    desk = signed_in(moderator)
    desk.post(f"{QUEUE}{tip.pk}/", {"decision": "kept"})
    desk.post(f"{QUEUE}{tip.pk}/", {"decision": "hidden"})
    assert "A colleague has just decided this." in page(desk, QUEUE)
    tip.refresh_from_db()
    assert tip.hidden_at is None
    desk.post(f"{QUEUE}{tip.pk}/", {"decision": "hidden", "again": "on"})
    tip.refresh_from_db()
    assert tip.hidden_at is not None


def test_nobody_decides_on_their_own_comment(shop: Question, moderator: User, bob: User) -> None:
    own = comment_add(question=shop, author=moderator, text="Mine", spoils=False)
    comment_report(comment=own, reporter=bob, reason="spam")
    signed_in(moderator).post(f"{QUEUE}{own.pk}/", {"decision": "kept"})
    assert CommentReport.objects.get().decided_at is None


def test_moderation_is_for_the_operators_staff_alone(
    tip: Comment, bob: User, as_carol: Client
) -> None:
    comment_report(comment=tip, reporter=bob, reason="spam")
    assert as_carol.get(QUEUE).status_code == 404
    assert as_carol.post(f"{QUEUE}{tip.pk}/", {"decision": "hidden"}).status_code == 404
    assert "/account/login/" in Client().get(QUEUE)["Location"]
    tip.refresh_from_db()
    assert tip.hidden_at is None


def test_a_decision_that_is_none_and_a_comment_nobody_reported_are_not_found(
    tip: Comment, bob: User, moderator: User
) -> None:
    desk = signed_in(moderator)
    assert desk.post(f"{QUEUE}{tip.pk}/", {"decision": "kept"}).status_code == 404
    comment_report(comment=tip, reporter=bob, reason="spam")
    assert desk.post(f"{QUEUE}{tip.pk}/", {"decision": "burnt"}).status_code == 404


def test_the_queue_takes_as_many_queries_for_ten_reports_as_for_one(
    shop: Question,
    alice: User,
    bob: User,
    moderator: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(10):
        row = comment_add(question=shop, author=alice, text=f"{number}", spoils=False)
        comment_report(comment=row, reporter=bob, reason="spam")
    desk = signed_in(moderator)
    page(desk, QUEUE)
    with django_assert_max_num_queries(8):
        page(desk, QUEUE)


# Limits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "sent", "limit"),
    [
        ("comments", {"kind": "comment", "text": "x"}, 10),
        ("vote", {}, 30),
        ("report", {"reason": "spam"}, 10),
    ],
)
def test_too_much_at_once_is_asked_to_wait(
    as_bob: Client, tip: Comment, alice: User, act: str, sent: dict[str, str], limit: int
) -> None:
    codes = []
    for _ in range(limit + 1):
        if act == "report":
            tip = comment_add(question=tip.question, author=alice, text="x", spoils=False)
        address = ADD if act == "comments" else f"/questions/comments/{tip.pk}/{act}/"
        codes.append(as_bob.post(address, sent).status_code)
    assert codes == [302] * limit + [429]
    counted = {"comments": Comment.objects.filter(author__email="bob@example.com").count(),
               "vote": 30 if not CommentVote.objects.exists() else 0,
               "report": CommentReport.objects.count()}  # fmt: skip
    assert counted[act] == limit


def test_a_comment_that_cannot_be_taken_uses_nothing_up(as_bob: Client, shop: Question) -> None:
    for _ in range(12):
        as_bob.post(ADD, {"kind": "comment", "text": ""})
    assert as_bob.post(ADD, {"kind": "comment", "text": "x"}).status_code == 302


# Privacy ------------------------------------------------------------------------------------------


def test_the_export_holds_ones_own_words_and_nobody_elses(
    as_alice: Client, tip: Comment, bob: User
) -> None:
    theirs = comment_add(question=tip.question, author=bob, text="Of Bob", spoils=False)
    comment_vote(comment=theirs, user=tip.author)
    file = io.BytesIO(as_alice.post(reverse("account-export")).content)
    with zipfile.ZipFile(file) as archive:
        data = archive.read("data.json").decode()
    assert "Ask for figures first." in data
    assert "Of Bob" not in data
    assert f'"comment_id": {theirs.pk}' in data


def test_a_deleted_account_takes_its_words_and_its_votes_along(
    alice: User, bob: User, tip: Comment
) -> None:
    shop = tip.question
    theirs = comment_add(question=shop, author=bob, text="Of Bob", spoils=False)
    comment_add(question=shop, author=bob, text="A reply of Bob", spoils=False, parent=tip)
    comment_add(question=shop, author=alice, text="Of Alice", spoils=False, parent=theirs)
    alone = comment_add(question=shop, author=alice, text="Alone", spoils=False)
    comment_add(question=shop, author=alice, text="And on", spoils=False, parent=alone)
    comment_vote(comment=theirs, user=alice)
    comment_report(comment=theirs, reporter=alice, reason="spam", note="Words of Alice")
    account_delete(user=alice)
    theirs.refresh_from_db()
    assert theirs.score == 0
    assert entries(shop) == ["Of Bob", "deleted"]
    assert sorted(Comment.objects.values_list("text", flat=True)) == [
        "",
        "A reply of Bob",
        "Of Bob",
    ]
    assert not CommentReport.objects.exists()
    assert "Somebody" not in page(Client())


def test_a_place_that_loses_its_last_reply_goes_with_an_account(
    alice: User, bob: User, tip: Comment
) -> None:
    comment_add(question=tip.question, author=bob, text="Yes.", spoils=False, parent=tip)
    comment_delete(comment=tip)
    account_delete(user=bob)
    assert not Comment.objects.exists()


def test_every_decision_has_its_words() -> None:
    assert set(write.DECISION_WORDS) == set(write.Decision)
