"""Results of a university: what was handed in, and the levels a person released."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from coach.models import Review, ReviewMark, ReviewState, Submission, SubmissionState
from coach.selectors.reviews import step_level
from universities.models import Membership, University

HEADER = (
    "submission", "name", "email", "external_id", "case", "assignment_due", "handed_in",
    "state", "late", "reviewed_by", "released_at", "step", "level", "criterion_levels",
)  # fmt: skip


def results_of(university: University) -> QuerySet[Submission]:
    """Return the submissions of a university with their released review prefetched.

    ``released`` on each is a list of at most one review; drafts and recalled ones are not read.
    """
    released = (
        Review.objects.filter(state=ReviewState.RELEASED)
        .select_related("coach")
        .prefetch_related(Prefetch("marks", queryset=ReviewMark.objects.order_by("id")))
    )
    return (
        university.submissions.exclude(state=SubmissionState.WITHDRAWN)
        .select_related("student", "assignment", "attempt__case_version__question")
        .prefetch_related(Prefetch("reviews", queryset=released, to_attr="released"))
        .defer("attempt__case_version__data")
        .order_by("-created_at", "id")
    )


def levels_of(review: Review) -> dict[str, dict[str, int]]:
    """Return {step: {criterion: level}} as the coach set them."""
    levels: dict[str, dict[str, int]] = {}
    for mark in review.marks.all():
        if mark.level is not None:
            levels.setdefault(mark.step, {})[mark.criterion] = mark.level
    return levels


def is_late(submission: Submission) -> bool:
    """Say whether a submission came after the due time of its assignment."""
    assignment = submission.assignment
    return assignment is not None and submission.created_at > assignment.due_at


def result_rows(university: University) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the CSV: one a released step, one a submission that is not reviewed."""
    memberships = Membership.objects.filter(university=university)
    external_ids = dict(memberships.values_list("user_id", "external_id"))
    for submission in results_of(university).iterator(chunk_size=500):
        head = _head(submission, external_ids.get(submission.student_id, ""))
        released: list[Review] = getattr(submission, "released")  # noqa: B009  set by Prefetch
        if not released:
            yield (*head, "", "", "", "", "")
            continue
        review = released[0]
        by = review.coach.shown_name if review.coach else ""
        when = review.released_at.isoformat() if review.released_at else ""
        for step, levels in levels_of(review).items():
            criteria = "; ".join(f"{name} {level}" for name, level in levels.items())
            yield (*head, by, when, step, str(step_level(list(levels.values())) or ""), criteria)


def _head(submission: Submission, external_id: str) -> tuple[str, ...]:
    student, assignment = submission.student, submission.assignment
    return (
        str(submission.pk),
        student.name,
        student.email,
        external_id,
        submission.attempt.case_version.question.slug,
        assignment.due_at.isoformat() if assignment else "",
        submission.created_at.isoformat(),
        submission.state,
        "yes" if is_late(submission) else "no",
    )
