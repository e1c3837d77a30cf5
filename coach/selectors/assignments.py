"""Where each student of an assignment stands."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from coach.models import Assignment, Attempt, Submission, SubmissionState
from universities.models import Membership, University

NOT_STARTED = "not started"
IN_PROGRESS = "in progress"
SUBMITTED = "submitted"
REVIEWED = "reviewed"
STATES = (NOT_STARTED, IN_PROGRESS, SUBMITTED, REVIEWED)


@dataclass(frozen=True)
class Standing:
    """One student of one assignment. What is in an attempt is not told, only that there is one."""

    membership: Membership
    state: str
    late: bool
    submission: Submission | None = None

    @property
    def submitted_at(self) -> dt.datetime | None:
        """When the work was handed in, if it was."""
        return self.submission.created_at if self.submission else None


def assignments_of(university: University) -> QuerySet[Assignment]:
    """Return a university's assignments, newest first."""
    return university.assignments.select_related("question", "cohort")


def standings(assignment: Assignment) -> list[Standing]:
    """Return every present member of the cohort with where they stand; three queries.

    Late means: first handed in after the due time, or not at all and the due time is past. A
    further version a coach asked for makes nobody late.
    """
    members = (
        assignment.cohort.members.filter(removed_at__isnull=True)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    started = set(Attempt.objects.filter(assignment=assignment).values_list("owner_id", flat=True))
    submissions = (
        Submission.objects.filter(assignment=assignment)
        .exclude(state=SubmissionState.WITHDRAWN)
        .order_by("created_at")
    )
    by_student: dict[int, list[Submission]] = {}
    for submission in submissions:
        by_student.setdefault(submission.student_id, []).append(submission)
    now = timezone.now()
    return [
        _standing(
            assignment, member, member.user_id in started, by_student.get(member.user_id), now
        )
        for member in members
    ]


def _standing(
    assignment: Assignment,
    member: Membership,
    started: bool,
    submissions: list[Submission] | None,
    now: dt.datetime,
) -> Standing:
    if not submissions:
        state = IN_PROGRESS if started else NOT_STARTED
        return Standing(member, state, late=now > assignment.due_at)
    first, latest = submissions[0], submissions[-1]
    state = REVIEWED if latest.state == SubmissionState.RELEASED else SUBMITTED
    return Standing(member, state, first.created_at > assignment.due_at, latest)


def counts(rows: Sequence[Standing]) -> dict[str, int]:
    """Return how many students are in each state, and how many are late."""
    by_state = Counter(row.state for row in rows)
    return {**{state: by_state[state] for state in STATES}, "late": sum(r.late for r in rows)}


def assigned_to(user: User) -> list[dict[str, Any]]:
    """Return what is assigned to a student, the soonest due first; three queries."""
    assignments = list(
        Assignment.objects.filter(
            cohort__members__user=user, cohort__members__removed_at__isnull=True
        )
        .select_related("question", "university")
        .order_by("due_at")[:50]
    )
    attempts = Attempt.objects.filter(owner=user, assignment__in=assignments).order_by("started_at")
    by_assignment = {attempt.assignment_id: attempt for attempt in attempts}
    submissions = (
        Submission.objects.filter(student=user, assignment__in=assignments)
        .exclude(state=SubmissionState.WITHDRAWN)
        .order_by("created_at")
    )
    handed_in = {submission.assignment_id: submission for submission in submissions}
    return [
        _assigned(a, by_assignment.get(a.pk), handed_in.get(a.pk), timezone.now())
        for a in assignments
    ]


def _assigned(
    assignment: Assignment,
    attempt: Attempt | None,
    submission: Submission | None,
    now: dt.datetime,
) -> dict[str, Any]:
    item: dict[str, Any] = {"assignment": assignment, "url": "", "action": ""}
    if submission:
        item |= {
            "state_words": submission.get_state_display(),
            "url": reverse("submission-detail", args=[submission.pk]),
            "action": "See it",
        }
    elif attempt:
        item |= {
            "state_words": "In progress",
            "url": reverse("practice-resume", args=[attempt.pk]),
            "action": "Go on",
        }
    else:
        item["state_words"] = "Not started"
    return item | {"is_late": submission is None and now > assignment.due_at}


def submissions_of(user: User) -> list[Submission]:
    """Return what a student handed in, newest first; one query. Withdrawn ones are left out."""
    submissions = Submission.objects.filter(student=user).exclude(state=SubmissionState.WITHDRAWN)
    return list(
        submissions.select_related("university", "attempt__case_version__question").defer(
            "content", "attempt__case_version__data"
        )[:30]
    )
