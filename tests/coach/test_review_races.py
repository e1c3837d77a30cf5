"""Coaches and students who act in the same moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from coach.models import Review, ReviewState, Submission
from coach.services.reviews import mark_set, missing_marks, review_claim, review_release
from coach.services.submissions import submission_make, submission_withdraw
from tests.coach.factories import claimed, handed_in, judged, mark_all, play
from tests.coach.test_conversation_races import at_once
from tests.factories import MembershipFactory, UserFactory
from universities.models import Role, University

pytestmark = pytest.mark.django_db(transaction=True)


def coaches(university: University, count: int) -> list[User]:
    """Return coaches of a university."""
    users = [UserFactory() for _ in range(count)]
    for user in users:
        MembershipFactory(university=university, user=user, role=Role.COACH)
    return users


def test_of_four_coaches_who_claim_at_once_one_gets_it(alice: User, university: University) -> None:
    submission = handed_in(alice, university)
    waiting = coaches(university, 4)
    results = at_once(lambda: review_claim(submission=submission, coach=waiting.pop()))
    assert len([r for r in results if isinstance(r, Review)]) == 1
    assert len([r for r in results if isinstance(r, ValidationError)]) == 3
    assert Review.objects.filter(state=ReviewState.DRAFT).count() == 1


def test_of_four_coaches_who_take_over_at_once_one_gets_it(
    alice: User, bob: User, university: University
) -> None:
    submission = handed_in(alice, university)
    review = claimed(submission, bob)
    Review.objects.filter(pk=review.pk).update(lease_until=timezone.now() - timedelta(hours=1))
    waiting = coaches(university, 4)
    results = at_once(lambda: review_claim(submission=submission, coach=waiting.pop()))
    assert len([r for r in results if isinstance(r, Review)]) == 1
    assert Review.objects.filter(state=ReviewState.DRAFT).count() == 1


def test_a_claim_and_a_withdrawal_at_once_leave_one_truth(
    alice: User, bob: User, university: University
) -> None:
    for _ in range(3):
        submission = handed_in(alice, university)
        acts = [
            lambda s=submission: submission_withdraw(submission=s),
            lambda s=submission: review_claim(submission=s, coach=bob),
        ]
        at_once(lambda todo=acts: todo.pop()(), times=2)
        submission.refresh_from_db()
        drafts = submission.reviews.filter(state=ReviewState.DRAFT).count()
        assert (submission.state, drafts) in (("withdrawn", 0), ("claimed", 1))


def test_two_hand_ins_at_once_are_one_submission(alice: User, university: University) -> None:
    attempt = play(alice)
    judged(attempt)
    at_once(lambda: submission_make(attempt=attempt, university=university))
    assert Submission.objects.count() == 1


def test_no_level_slips_into_a_review_after_its_release(
    alice: User, bob: User, university: University
) -> None:
    review = claimed(handed_in(alice, university), bob)
    step, criterion = missing_marks(review)[0]
    mark_all(review)
    acts = [
        lambda: review_release(review=review),
        lambda: mark_set(review=review, step=step, criterion=criterion, level=1),
    ]
    results = at_once(lambda: acts.pop()(), times=2)
    review.refresh_from_db()
    refused = any(isinstance(result, ValidationError) for result in results)
    level = review.marks.get(criterion=criterion).level
    assert review.state == "released"
    assert level == (3 if refused else 1)


def test_two_releases_at_once_tell_the_student_once(
    alice: User, bob: User, university: University
) -> None:
    review = claimed(handed_in(alice, university), bob)
    mark_all(review)
    at_once(lambda: review_release(review=review))
    assert alice.notices.count() == 1
