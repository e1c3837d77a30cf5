"""The coach's desk in the browser, and what a student may not see before the release."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, User
from coach.models import FindingDecision, Review, ReviewComment, ReviewMark, Submission
from coach.services.reviews import comment_add, mark_set, missing_marks, review_recall, summary_save
from tests.coach.factories import SEGMENT_ANSWER, handed_in, mark_all, released
from tests.conftest import signed_in
from tests.factories import ApiKeyFactory, MembershipFactory, UserFactory, bearer
from universities.models import Membership, Role, University

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a"


def body_of(browser: Client, submission: Submission) -> str:
    """Return the desk's page of a submission."""
    return browser.get(reverse("desk-submission", args=[submission.pk])).content.decode()


def test_the_queue_shows_the_unsure_first_then_the_oldest(
    alice: User, university: University, as_bob: Client
) -> None:
    plain = [handed_in(alice, university) for _ in range(2)]
    unsure = handed_in(alice, university)
    Submission.objects.filter(pk=unsure.pk).update(unsure=True)
    Submission.objects.filter(pk__in=[s.pk for s in plain]).update(unsure=False)
    body = as_bob.get(reverse("desk-queue")).content.decode()
    places = [body.index(str(s.pk)) for s in (unsure, *plain)]
    assert places == sorted(places)


def test_a_student_has_no_desk(as_alice: Client) -> None:
    assert as_alice.get(reverse("desk-queue")).status_code == 403


def test_the_queue_holds_no_other_universitys_work(
    submission: Submission, as_charlie: Client
) -> None:
    assert str(submission.pk) not in as_charlie.get(reverse("desk-queue")).content.decode()


def test_the_queue_holds_no_work_of_the_coachs_own(
    bob: User, university: University, as_bob: Client
) -> None:
    own = handed_in(bob, university)
    assert str(own.pk) not in as_bob.get(reverse("desk-queue")).content.decode()
    assert as_bob.get(reverse("desk-submission", args=[own.pk])).status_code == 404
    assert as_bob.post(reverse("desk-claim", args=[own.pk])).status_code == 404


def test_claiming_from_the_page(submission: Submission, as_bob: Client, bob: User) -> None:
    as_bob.post(reverse("desk-claim", args=[submission.pk]))
    assert Review.objects.get().coach == bob
    assert "Yours, 0 of" in body_of(as_bob, submission)


def test_a_colleague_sees_who_has_it_and_nothing_of_the_draft(
    review: Review, submission: Submission, dora: User
) -> None:
    summary_save(review=review, summary=CANARY, asks_another=False)
    comment_add(review=review, step="segment", start=0, end=1, body=CANARY)
    body = body_of(signed_in(dora), submission)
    assert "With Bob" in body
    assert CANARY not in body


def test_levels_are_saved_as_they_are_set(review: Review, as_bob: Client) -> None:
    criterion = missing_marks(review)[0][1]
    response = as_bob.post(
        reverse("desk-marks", args=[review.pk, "segment"]),
        {f"level-{criterion}": "3", f"note-{criterion}": "Clear"},
        headers={"HX-Request": "true"},
    )
    mark = ReviewMark.objects.get(criterion=criterion)
    assert response.json() == {"saved": True}
    assert (mark.level, mark.note) == (3, "Clear")


def test_a_save_after_a_take_over_answers_409_to_a_script(review: Review, as_bob: Client) -> None:
    mark_all(review)
    Review.objects.filter(pk=review.pk).update(state="released")
    criterion = next(iter(review.marks.values_list("criterion", flat=True)))
    response = as_bob.post(
        reverse("desk-marks", args=[review.pk, "segment"]),
        {f"level-{criterion}": "1"},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 409
    assert not ReviewMark.objects.filter(level=1).exists()


@pytest.mark.parametrize("level", ["²", "9" * 5000, "5", "x"])
def test_an_odd_level_sets_nothing(review: Review, as_bob: Client, level: str) -> None:
    criterion = missing_marks(review)[0][1]
    address = reverse("desk-marks", args=[review.pk, "segment"])
    assert as_bob.post(address, {f"level-{criterion}": level}).status_code in (302, 422)
    assert not ReviewMark.objects.filter(level__isnull=False).exists()


def test_a_comment_by_selection_and_by_copied_words(review: Review, as_bob: Client) -> None:
    address = reverse("desk-comment", args=[review.pk, "segment"])
    as_bob.post(address, {"start": "2", "end": "7", "body": "Here"})
    as_bob.post(address, {"words": "the curious ones", "body": "And here"})
    assert [c.quote for c in ReviewComment.objects.order_by("pk")] == ["split", "the curious ones"]


@pytest.mark.parametrize("words", ["", "Some", "not in the text"])
def test_words_that_do_not_stand_there_once_are_refused_and_the_comment_is_kept(
    review: Review, as_bob: Client, words: str
) -> None:
    address = reverse("desk-comment", args=[review.pk, "segment"])
    response = as_bob.post(address, {"words": words, "body": "What I wanted to say"})
    assert response.status_code == 422
    assert "What I wanted to say" in response.content.decode()
    assert not ReviewComment.objects.exists()


def test_deciding_on_a_finding(review: Review, as_bob: Client) -> None:
    address = reverse("desk-decide", args=[review.pk, "segment", 0])
    as_bob.post(address, {"do": "edit", "text": "Say for whom"})
    assert FindingDecision.objects.get().text == "Say for whom"
    missing = reverse("desk-decide", args=[review.pk, "segment", 4_000_000_000])
    assert as_bob.post(missing, {"do": "accept"}).status_code == 422


def test_closing_saves_and_releases_in_one_press(
    review: Review, submission: Submission, as_bob: Client, as_alice: Client
) -> None:
    mark_all(review)
    sent = {"summary": "Well argued", "asks_another": "on", "release": "1"}
    as_bob.post(reverse("desk-close", args=[review.pk]), sent)
    page = as_alice.get(reverse("submission-detail", args=[submission.pk])).content.decode()
    assert "Well argued" in page
    assert "From Bob" in page
    assert "Another version is asked for" in page


def test_a_release_with_open_levels_says_which_and_keeps_the_words(
    review: Review, as_bob: Client
) -> None:
    sent = {"summary": "Almost done", "release": "1"}
    response = as_bob.post(reverse("desk-close", args=[review.pk]), sent)
    assert response.status_code == 422
    assert "Still open: Segment" in response.content.decode()
    assert "Almost done" in response.content.decode()


def test_giving_back_returns_to_the_queue(review: Review, as_bob: Client) -> None:
    response = as_bob.post(reverse("desk-give-back", args=[review.pk]))
    assert response.url == reverse("desk-queue")


def test_a_recall_from_the_page_opens_a_draft_again(
    submission: Submission, bob: User, as_bob: Client, as_alice: Client
) -> None:
    review = released(submission, bob, summary=CANARY)
    as_bob.post(reverse("desk-recall", args=[review.pk]), {"reason": "Wrong student"})
    assert "Yours" in body_of(as_bob, submission)
    page = as_alice.get(reverse("submission-detail", args=[submission.pk])).content.decode()
    assert "Wrong student" in page
    assert CANARY not in page


REVIEW_PAGES = {
    "desk-give-back": [],
    "desk-close": [],
    "desk-recall": [],
    "desk-marks": ["segment"],
    "desk-comment": ["segment"],
    "desk-decide": ["segment", 0],
}


@pytest.mark.parametrize("name", REVIEW_PAGES)
def test_a_review_is_its_coachs_alone(
    review: Review, as_charlie: Client, as_alice: Client, dora: User, name: str
) -> None:
    address = reverse(name, args=[review.pk, *REVIEW_PAGES[name]])
    before = Review.objects.values().get()
    for browser in (as_charlie, as_alice, signed_in(dora)):
        assert browser.post(address, {"do": "accept", "reason": "x"}).status_code == 404
    assert Review.objects.values().get() == before


def test_a_coach_who_was_removed_loses_the_review(
    review: Review, bob: User, as_bob: Client
) -> None:
    Membership.objects.filter(user=bob).update(role=Role.STUDENT)
    assert as_bob.post(reverse("desk-close", args=[review.pk])).status_code == 404


def student_surfaces(alice: User, submission: Submission, university: University) -> str:
    """Return everything a student and the API can read about a submission."""
    browser = signed_in(alice)
    attempt = submission.attempt_id
    pages = [
        reverse("submission-detail", args=[submission.pk]),
        reverse("practice-report", args=[attempt]),
        reverse("hand-in", args=[attempt]),
        reverse("practice-home"),
        reverse("account-notices"),
    ]
    read = [browser.get(page, follow=True).content.decode() for page in pages]
    export = zipfile.ZipFile(BytesIO(browser.post(reverse("account-export")).content))
    read += [export.read(name).decode() for name in export.namelist()]
    key = ApiKeyFactory(university=university, scopes=["submissions:read", "results:read"])
    for path in ("results", "submissions", f"submissions/{submission.pk}"):
        response = browser.get(f"/api/v1/{path}", headers=bearer(key))
        assert response.status_code == 200
        read.append(response.content.decode())
    return "\n".join(read)


def full_of_canaries(review: Review) -> None:
    """Write the marker into every text of a review."""
    summary_save(review=review, summary=f"{CANARY} summary", asks_another=True)
    comment_add(review=review, step="segment", start=0, end=5, body=f"{CANARY} comment")
    for step, criterion in missing_marks(review):
        note = f"{CANARY} note"
        mark_set(review=review, step=step, criterion=criterion, level=3, note=note)


@pytest.mark.parametrize("recalled", [False, True])
def test_nothing_of_an_unreleased_review_is_on_any_surface(
    review: Review,
    submission: Submission,
    alice: User,
    university: University,
    mailoutbox: list[Any],
    recalled: bool,
) -> None:
    full_of_canaries(review)
    if recalled:
        Review.objects.filter(pk=review.pk).update(state="released")
        Submission.objects.filter(pk=submission.pk).update(state="released")
        assert CANARY in student_surfaces(alice, submission, university)
        review_recall(review=review, reason="Too soon")
    assert CANARY not in student_surfaces(alice, submission, university)
    assert not any(CANARY in mail.body for mail in mailoutbox)
    assert not any(CANARY in notice.text for notice in Notice.objects.all())


def test_the_queue_needs_few_queries_however_long(
    university: University, as_bob: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        student = UserFactory()
        MembershipFactory(user=student, university=university)
        handed_in(student, university)
    as_bob.get(reverse("desk-queue"))
    with django_assert_max_num_queries(10):
        as_bob.get(reverse("desk-queue"))


def test_a_submission_on_the_desk_needs_few_queries(
    review: Review, submission: Submission, as_bob: Client, django_assert_max_num_queries: Any
) -> None:
    full_of_canaries(review)
    body_of(as_bob, submission)
    with django_assert_max_num_queries(14):
        assert SEGMENT_ANSWER[10:40] in body_of(as_bob, submission)
