"""Handing in: what is frozen, who sees it, and taking it back in time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from coach.models import Attempt, Submission
from coach.services.answers import answer_revise
from coach.services.submissions import content_hash, submission_make, submission_withdraw
from tests.coach.factories import (
    OTHER_ANSWER,
    SEGMENT_ANSWER,
    answered,
    assigned,
    claimed,
    play,
    released,
)
from tests.factories import UniversityFactory
from universities.models import Membership, University

pytestmark = pytest.mark.django_db


def test_handing_in_freezes_the_latest_answers(
    attempt: Attempt, as_alice: Client, university: University
) -> None:
    answered(attempt)
    address = reverse("hand-in", args=[attempt.pk])
    response = as_alice.post(address, {"university": university.pk})
    submission = Submission.objects.get()
    assert response.url == reverse("submission-detail", args=[submission.pk])
    answer_revise(attempt=attempt, step="segment", text=OTHER_ANSWER, artefact={})
    submission.refresh_from_db()
    assert [step["text"] for step in submission.content["steps"]] == [SEGMENT_ANSWER]


def test_the_receipt_is_the_hash_of_exactly_what_is_stored(submission: Submission) -> None:
    stored = json.loads(json.dumps(submission.content))
    assert content_hash(stored) == submission.sha256
    stored["steps"][0]["text"] += " "
    assert content_hash(stored) != submission.sha256


def test_the_student_sees_the_receipt_and_where_it_stands(
    submission: Submission, as_alice: Client
) -> None:
    body = as_alice.get(reverse("submission-detail", args=[submission.pk])).content.decode()
    assert submission.sha256[:16] in body
    assert "Waiting for a coach" in body


def test_an_attempt_has_one_open_submission(
    submission: Submission, as_alice: Client, university: University
) -> None:
    address = reverse("hand-in", args=[submission.attempt_id])
    response = as_alice.post(address, {"university": university.pk})
    assert response.status_code == 422
    assert "handed in already" in response.content.decode()
    assert Submission.objects.count() == 1


def test_after_a_withdrawal_the_next_one_is_version_two(
    submission: Submission, university: University
) -> None:
    submission_withdraw(submission=submission)
    again = submission_make(attempt=submission.attempt, university=university)
    assert again.number == 2


def test_a_visitor_signs_in_first(client: Client, attempt: Attempt) -> None:
    response = client.get(reverse("hand-in", args=[attempt.pk]))
    assert response.status_code == 302
    assert "login" in response.url


def test_nothing_answered_is_nothing_to_hand_in(attempt: Attempt, university: University) -> None:
    with pytest.raises(ValidationError, match="at least one step"):
        submission_make(attempt=attempt, university=university)


@pytest.mark.parametrize("sent", ["other", "", "nonsense"])
def test_a_university_one_does_not_belong_to_is_refused(
    attempt: Attempt, as_alice: Client, sent: str
) -> None:
    answered(attempt)
    other = UniversityFactory()
    value = str(other.pk) if sent == "other" else sent
    response = as_alice.post(reverse("hand-in", args=[attempt.pk]), {"university": value})
    assert response.status_code == 422
    assert not Submission.objects.exists()


def test_a_removed_member_hands_nothing_in(
    attempt: Attempt, alice: User, university: University
) -> None:
    answered(attempt)
    Membership.objects.filter(user=alice).update(removed_at=timezone.now())
    with pytest.raises(ValidationError, match="not a member"):
        submission_make(attempt=attempt, university=university)


def test_a_person_without_a_university_is_told_how_to_join(
    as_alice: Client, attempt: Attempt, alice: User
) -> None:
    alice.memberships.all().delete()
    body = as_alice.get(reverse("hand-in", args=[attempt.pk])).content.decode()
    assert "You belong to no university yet" in body


def test_an_attempt_for_an_assignment_goes_to_its_university_with_it(
    alice: User, as_alice: Client, university: University
) -> None:
    assignment = assigned(university, alice.memberships.get())
    attempt = play(alice, assignment=assignment)
    answered(attempt)
    as_alice.post(reverse("hand-in", args=[attempt.pk]), {"university": university.pk})
    assert Submission.objects.get().assignment == assignment


def test_a_waiting_submission_is_withdrawn_and_gone_from_the_desk(
    submission: Submission, as_alice: Client, as_bob: Client
) -> None:
    as_alice.post(reverse("submission-withdraw", args=[submission.pk]))
    submission.refresh_from_db()
    assert submission.state == "withdrawn"
    assert submission.withdrawn_at is not None
    assert as_bob.get(reverse("desk-submission", args=[submission.pk])).status_code == 404
    assert str(submission.pk) not in as_bob.get(reverse("desk-queue")).content.decode()


def test_a_claimed_submission_is_not_withdrawn(
    submission: Submission, bob: User, as_alice: Client
) -> None:
    claimed(submission, bob)
    response = as_alice.post(reverse("submission-withdraw", args=[submission.pk]), follow=True)
    submission.refresh_from_db()
    assert submission.state == "claimed"
    assert "can no longer be withdrawn" in response.content.decode()


def test_a_withdrawn_submission_is_not_claimed(submission: Submission, bob: User) -> None:
    submission_withdraw(submission=submission)
    with pytest.raises(ValidationError, match="withdrawn or reviewed"):
        claimed(submission, bob)


def test_after_the_release_another_version_can_be_handed_in(
    submission: Submission, bob: User, university: University
) -> None:
    released(submission, bob)
    again = submission_make(attempt=submission.attempt, university=university)
    assert (again.number, again.state) == (2, "waiting")


@pytest.mark.parametrize("name", ["submission-detail", "submission-withdraw"])
def test_a_stranger_finds_no_submission(
    submission: Submission, as_charlie: Client, as_bob: Client, name: str
) -> None:
    for browser in (as_charlie, as_bob):
        ask = browser.get if name == "submission-detail" else browser.post
        assert ask(reverse(name, args=[submission.pk])).status_code == 404
    submission.refresh_from_db()
    assert submission.state == "waiting"


def test_a_stranger_hands_in_nobody_elses_attempt(attempt: Attempt, as_charlie: Client) -> None:
    answered(attempt)
    assert as_charlie.post(reverse("hand-in", args=[attempt.pk])).status_code == 404


def test_the_submission_page_needs_few_queries(
    submission: Submission, bob: User, as_alice: Client, django_assert_max_num_queries: Any
) -> None:
    released(submission, bob)
    address = reverse("submission-detail", args=[submission.pk])
    as_alice.get(address)
    with django_assert_max_num_queries(14):
        as_alice.get(address)
