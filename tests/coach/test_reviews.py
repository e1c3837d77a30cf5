"""A coach's review: marks, comments, decisions, one release, a recall with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Notice, User
from coach.models import Review, ReviewComment, ReviewMark, Submission
from coach.selectors.reviews import released_review, released_steps, step_level
from coach.services import reviews
from coach.services.reviews import (
    comment_add,
    comment_remove,
    finding_decide,
    mark_set,
    missing_marks,
    review_claim,
    review_give_back,
    review_recall,
    review_release,
    summary_save,
)
from coach.services.submissions import content_hash
from tests.coach.factories import SEGMENT_ANSWER, claimed, handed_in, mark_all
from tests.coach.test_marking import HARD
from universities.models import University

pytestmark = pytest.mark.django_db


def lapse(review: Review) -> None:
    """Let the lease of a draft pass."""
    Review.objects.filter(pk=review.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_claim_makes_a_draft_and_takes_the_submission_from_the_queue(
    submission: Submission, bob: User
) -> None:
    review = review_claim(submission=submission, coach=bob)
    submission.refresh_from_db()
    assert (review.state, review.coach, submission.state) == ("draft", bob, "claimed")


def test_claiming_ones_own_again_gives_the_same_draft(
    review: Review, submission: Submission, bob: User
) -> None:
    assert review_claim(submission=submission, coach=bob) == review


def test_a_colleague_cannot_claim_what_is_claimed(
    review: Review, submission: Submission, dora: User
) -> None:
    with pytest.raises(ValidationError, match="Bob has claimed") as caught:
        review_claim(submission=submission, coach=dora)
    assert caught.value.code == "conflict"


def test_nobody_reviews_their_own_work(bob: User, university: University) -> None:
    own = handed_in(bob, university)
    with pytest.raises(ValidationError, match="own work"):
        review_claim(submission=own, coach=bob)


def test_a_draft_nobody_touched_is_taken_over_and_its_holder_is_told(
    review: Review, submission: Submission, dora: User
) -> None:
    lapse(review)
    taken = review_claim(submission=submission, coach=dora)
    assert taken.coach == dora
    with pytest.raises(ValidationError, match="no longer yours"):
        mark_set(review=review, step="segment", criterion="choice", level=3)
    with pytest.raises(ValidationError, match="no longer yours"):
        comment_add(review=review, step="segment", start=0, end=1, body="Mine")


def test_every_save_renews_the_lease(review: Review) -> None:
    lapse(review)
    comment_add(review=review, step="segment", start=0, end=4, body="Good")
    review.refresh_from_db()
    assert review.lease_until > timezone.now() + timedelta(hours=1)


def test_given_back_it_waits_again_and_a_colleague_starts_afresh(
    review: Review, submission: Submission, dora: User
) -> None:
    mark_all(review)
    review_give_back(review=review)
    submission.refresh_from_db()
    assert submission.state == "waiting"
    assert review_claim(submission=submission, coach=dora).marks.count() == 0


def test_a_level_and_its_note_are_set_apart(review: Review) -> None:
    criterion = missing_marks(review)[0][1]
    mark_set(review=review, step="segment", criterion=criterion, level=2)
    mark_set(review=review, step="segment", criterion=criterion, level=None, note="Why so few?")
    mark = ReviewMark.objects.get()
    assert (mark.level, mark.note) == (2, "Why so few?")


@pytest.mark.parametrize("level", [0, 5, -1, 999])
def test_a_level_is_one_to_four(review: Review, level: int) -> None:
    criterion = missing_marks(review)[0][1]
    with pytest.raises(ValidationError, match="1 to 4"):
        mark_set(review=review, step="segment", criterion=criterion, level=level)
    assert not ReviewMark.objects.exists()


@pytest.mark.parametrize(("step", "criterion"), [("segment", "nope"), ("nope", "x")])
def test_a_criterion_the_step_lacks_is_refused(review: Review, step: str, criterion: str) -> None:
    with pytest.raises(ValidationError, match="no such criterion"):
        mark_set(review=review, step=step, criterion=criterion, level=3)


def test_a_step_that_was_not_handed_in_is_not_marked(review: Review) -> None:
    from coach.assessment.rubric import load_rubric

    criterion = next(iter(load_rubric().criteria["metrics"]))
    with pytest.raises(ValidationError, match="not handed in"):
        mark_set(review=review, step="metrics", criterion=criterion, level=3)


def test_a_comment_keeps_the_exact_words_and_the_hash_of_what_it_is_about(
    review: Review, submission: Submission
) -> None:
    comment = comment_add(review=review, step="segment", start=2, end=7, body="Which one?")
    assert comment.quote == SEGMENT_ANSWER[2:7] == "split"
    assert comment.submission_sha256 == submission.sha256


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(HARD, st.data())
def test_a_comment_marks_its_words_in_every_text_there_is(
    review: Review, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    submission = review.submission
    submission.content["steps"][0]["text"] = text
    submission.sha256 = content_hash(submission.content)
    ReviewComment.objects.all().delete()
    if "\x00" in text:
        return
    comment = comment_add(review=review, step="segment", start=start, end=end, body="Here")
    step = released_steps(submission, review)[0]
    key = f"c{comment.pk}"
    shown = [s for group in step.paragraphs for s in group if key in {p.key for p in s.spans}]
    assert comment.quote == text[start:end]
    assert "".join(s.text for s in shown) == text[start:end].replace("\n\n", "")


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 4), (5, 2), (0, 10**9)])
def test_a_range_outside_the_text_is_refused(review: Review, start: int, end: int) -> None:
    with pytest.raises(ValidationError, match="Select the words"):
        comment_add(review=review, step="segment", start=start, end=end, body="Here")


@pytest.mark.parametrize(("body", "words"), [("  ", "Write the comment"), ("x" * 2001, "2,000")])
def test_a_comment_is_neither_empty_nor_endless(review: Review, body: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        comment_add(review=review, step="segment", start=0, end=1, body=body)


def test_a_comment_is_removed_from_its_own_review_only(
    review: Review, bob: User, dora: User, university: University
) -> None:
    other = claimed(handed_in(dora, university), bob)
    comment = comment_add(review=review, step="segment", start=0, end=1, body="Here")
    comment_remove(review=other, comment_id=comment.pk)
    assert ReviewComment.objects.exists()
    comment_remove(review=review, comment_id=comment.pk)
    assert not ReviewComment.objects.exists()


def test_a_finding_is_decided_once_and_can_be_decided_anew(review: Review) -> None:
    finding_decide(review=review, step="segment", position=0, decision="accept")
    finding_decide(review=review, step="segment", position=0, decision="edit", text="In short")
    decided = review.decisions.get()
    assert (decided.decision, decided.text) == ("edit", "In short")


@pytest.mark.parametrize(
    ("position", "decision", "text"),
    [(99, "accept", ""), (10**12, "drop", ""), (0, "maybe", ""), (0, "edit", "  ")],
)
def test_a_decision_that_makes_no_sense_is_refused(
    review: Review, position: int, decision: str, text: str
) -> None:
    with pytest.raises(ValidationError):
        finding_decide(
            review=review, step="segment", position=position, decision=decision, text=text
        )
    assert not review.decisions.exists()


def test_a_release_needs_every_level(review: Review) -> None:
    _, *others = missing_marks(review)
    for step, criterion in others:
        mark_set(review=review, step=step, criterion=criterion, level=3)
    with pytest.raises(ValidationError, match="Still open: Segment"):
        review_release(review=review)
    review.refresh_from_db()
    assert review.state == "draft"


def test_a_release_shows_all_at_once_and_tells_the_student(
    review: Review,
    submission: Submission,
    alice: User,
    mailoutbox: list,
    django_capture_on_commit_callbacks,
) -> None:
    mark_all(review)
    with django_capture_on_commit_callbacks(execute=True):
        review_release(review=review)
    submission.refresh_from_db()
    assert submission.state == "released"
    assert released_review(submission) == review
    assert "Bob has reviewed" in Notice.objects.get(user=alice).text
    assert mailoutbox[0].to == [alice.email]


def test_a_release_that_fails_half_way_shows_and_tells_nothing(
    review: Review, submission: Submission, monkeypatch: pytest.MonkeyPatch, mailoutbox: list
) -> None:
    def fail(review: Review) -> None:
        raise RuntimeError("the notice could not be stored")

    mark_all(review)
    monkeypatch.setattr(reviews, "_tell_student", fail)
    with pytest.raises(RuntimeError):
        review_release(review=review)
    submission.refresh_from_db()
    assert submission.state == "claimed"
    assert released_review(submission) is None
    assert mailoutbox == []


def test_a_second_release_is_refused_and_tells_nobody_again(review: Review) -> None:
    mark_all(review)
    review_release(review=review)
    with pytest.raises(ValidationError):
        review_release(review=review)
    assert Notice.objects.count() == 1


def test_a_released_review_does_not_change(review: Review) -> None:
    mark_all(review)
    review_release(review=review)
    with pytest.raises(ValidationError):
        summary_save(review=review, summary="One more thing", asks_another=False)
    with pytest.raises(ValidationError):
        finding_decide(review=review, step="segment", position=0, decision="accept")


def test_undecided_and_dropped_findings_stay_out_of_the_release(review: Review) -> None:
    finding_decide(review=review, step="segment", position=0, decision="edit", text="My words")
    mark_all(review)
    review_release(review=review)
    shown = released_steps(review.submission, review)[0].findings
    assert [row["text"] for row in shown] == ["My words"]


def test_a_recall_needs_a_reason(review: Review) -> None:
    mark_all(review)
    review_release(review=review)
    with pytest.raises(ValidationError, match="Say why"):
        review_recall(review=review, reason=" \x00 ")
    review.refresh_from_db()
    assert review.state == "released"


def test_a_recall_hides_the_review_and_the_coach_goes_on_from_a_copy(
    review: Review, submission: Submission, alice: User
) -> None:
    comment_add(review=review, step="segment", start=0, end=7, body="Kept")
    finding_decide(review=review, step="segment", position=0, decision="accept")
    summary_save(review=review, summary="Well done", asks_another=True)
    mark_all(review)
    review_release(review=review)
    copy = review_recall(review=review, reason="I mixed up two students")
    submission.refresh_from_db()
    assert released_review(submission) is None
    assert submission.state == "claimed"
    assert (copy.state, copy.summary, copy.asks_another) == ("draft", "Well done", True)
    assert copy.marks.count() == review.marks.count() > 0
    assert copy.comments.get().quote == review.comments.get().quote
    assert copy.decisions.count() == 1
    assert "mixed up" in Notice.objects.filter(user=alice).latest("id").text


def test_a_draft_is_not_recalled(review: Review) -> None:
    with pytest.raises(ValidationError, match="not released"):
        review_recall(review=review, reason="Too early")


def test_asking_for_another_version_stands_in_the_notice(review: Review, alice: User) -> None:
    summary_save(review=review, summary="", asks_another=True)
    mark_all(review)
    review_release(review=review)
    assert "asks for another version" in Notice.objects.get(user=alice).text


@pytest.mark.parametrize(
    ("levels", "level"), [([], None), ([4], 4), ([1, 4], 1), ([2, 3, 4], 3), ([1, 2, 3, 4], 2)]
)
def test_a_steps_level_is_the_lower_median(levels: list[int], level: int | None) -> None:
    assert step_level(levels) == level
