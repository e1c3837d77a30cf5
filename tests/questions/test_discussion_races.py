"""People who vote, object and decide in the same moment."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notice, User
from questions.models import Asked, Comment, CommentReport, CommentVote
from questions.services.discussion import (
    comment_add,
    comment_decide,
    comment_report,
    comment_vote,
)
from questions.services.interest import asked_tell
from tests.coach.factories import question_of
from tests.coach.test_conversation_races import at_once
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = date(2026, 9, 1)


@pytest.fixture
def tip(alice: User) -> Comment:
    """What Alice said."""
    return comment_add(question=question_of(), author=alice, text="Ask first.", spoils=False)


def test_four_votes_at_once_are_four(tip: Comment) -> None:
    people = [UserFactory() for _ in range(4)]
    at_once(lambda: comment_vote(comment=Comment.objects.get(pk=tip.pk), user=people.pop()))
    tip.refresh_from_db()
    assert (tip.score, CommentVote.objects.count()) == (4, 4)


def test_one_button_pressed_four_times_at_once_leaves_a_true_count(tip: Comment, bob: User) -> None:
    at_once(lambda: comment_vote(comment=Comment.objects.get(pk=tip.pk), user=bob))
    tip.refresh_from_db()
    assert tip.score == CommentVote.objects.count() == 0


def test_one_person_who_reports_four_times_at_once_reports_once(tip: Comment, bob: User) -> None:
    results = at_once(lambda: comment_report(comment=tip, reporter=bob, reason="spam"))
    assert len([each for each in results if isinstance(each, ValidationError)]) == 3
    assert CommentReport.objects.count() == 1


def test_of_four_moderators_who_decide_at_once_one_does(tip: Comment, bob: User) -> None:
    comment_report(comment=tip, reporter=bob, reason="spam")
    staff = [UserFactory(is_staff=True) for _ in range(4)]
    results = at_once(lambda: comment_decide(comment=tip, moderator=staff.pop(), decision="hidden"))
    assert len([each for each in results if isinstance(each, ValidationError)]) == 3
    assert Notice.objects.filter(user=bob).count() == 1


def test_a_new_company_told_four_times_at_once_is_one_company() -> None:
    people = [UserFactory() for _ in range(4)]
    shop = question_of()
    at_once(lambda: asked_tell(question=shop, user=people.pop(), company="Novel Ltd", month=MONTH))
    assert Asked.objects.values("company").distinct().count() == 1
    assert Asked.objects.count() == 4
