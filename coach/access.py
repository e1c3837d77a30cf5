"""Who may see what. Each noun has one function; strangers get 404, as if there were nothing."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts import visitors
from accounts.models import User
from coach.models import (
    Assignment,
    Attempt,
    ModelSuggestion,
    Review,
    ReviewState,
    ShareGrant,
    Submission,
)
from questions.models import Audience, Question, Sight
from universities.models import Membership, Role

REVIEWERS = (Role.COACH, Role.STAFF)
MEMBERSHIPS, SIGHT = "_memberships", "_sight"
"""Where a request keeps what was read of its person."""


def attempts_of(request: HttpRequest) -> QuerySet[Attempt]:
    """Return the attempts of the person or visitor who asks."""
    if request.user.is_authenticated:
        return Attempt.objects.filter(owner=request.user)
    token_hash = visitors.visitor_hash(request)
    if not token_hash:
        return Attempt.objects.none()
    return Attempt.objects.filter(owner=None, visitor_hash=token_hash)


def memberships_of(request: HttpRequest) -> list[Membership]:
    """Return where the person who asks is a member now, with the university. A query a request."""
    found: list[Membership] | None = getattr(request, MEMBERSHIPS, None)
    if found is None:
        present = Membership.objects.filter(user=request.user.pk, removed_at=None)
        found = list(present.select_related("university"))
        setattr(request, MEMBERSHIPS, found)
    return found


def sight_of(request: HttpRequest) -> Sight:
    """Return which published questions the person or visitor who asks may open.

    Everybody may open the open ones, members of a university also those for members, and whoever
    came by a link that still stands the case of that link. At most two queries a request.
    """
    found: Sight | None = getattr(request, SIGHT, None)
    if found is None:
        found = _sight_of(request)
        setattr(request, SIGHT, found)
    return found


def _sight_of(request: HttpRequest) -> Sight:
    audiences = {Audience.EVERYBODY}
    if request.user.is_authenticated:
        if memberships_of(request):
            audiences.add(Audience.MEMBERS)
        grants = ShareGrant.objects.filter(user=request.user)
    elif token_hash := visitors.visitor_hash(request):
        grants = ShareGrant.objects.filter(user=None, visitor_hash=token_hash)
    else:
        return Sight()
    standing = Q(link__revoked_at=None) & (
        Q(link__expires_at=None) | Q(link__expires_at__gt=timezone.now())
    )
    granted = grants.filter(standing).values_list("link__question", flat=True)
    return Sight(frozenset(audiences), frozenset(granted))


def questions_open_to(request: HttpRequest) -> QuerySet[Question]:
    """Return the published questions that the person or visitor who asks may open."""
    return Question.objects.published().open_to(sight_of(request))


def with_question(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    """Return the attempts with their question. A version's data, the whole case, is not read:
    ``coach.cases`` keeps that in memory."""
    return attempts.select_related("case_version__question").defer("case_version__data")


def access_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Attempt:
    """Return an attempt of the asker's own.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    attempts = with_question(attempts_of(request))
    return get_object_or_404(attempts, pk=attempt_id)


def access_suggestion(attempt: Attempt, suggestion_id: int) -> ModelSuggestion:
    """Return a suggestion of the language model in an attempt; raises Http404 otherwise."""
    in_report = Q(job__feedback__answer__attempt=attempt)
    in_conversation = Q(job__message__attempt=attempt)
    return get_object_or_404(
        ModelSuggestion.objects.filter(in_report | in_conversation).select_related(
            "job__feedback__answer", "job__message"
        ),
        pk=suggestion_id,
    )


def access_own_submission(user: User, submission_id: uuid.UUID) -> Submission:
    """Return a submission for the student who made it; raises Http404 for anybody else."""
    submissions = Submission.objects.filter(student=user)
    return get_object_or_404(
        submissions.select_related("attempt__case_version__question", "university").defer(
            "attempt__case_version__data"
        ),
        pk=submission_id,
    )


def submissions_for_reviewer(user: User) -> QuerySet[Submission]:
    """Return the submissions a coach may see: those of the universities they review for.

    Nobody reviews their own work, and a withdrawn submission is nobody's to see.
    """
    return (
        Submission.objects.filter(
            university__memberships__user=user,
            university__memberships__role__in=REVIEWERS,
            university__memberships__removed_at=None,
        )
        .exclude(student=user)
        .exclude(state="withdrawn")
        .distinct()
    )


def access_submission_for_review(user: User, submission_id: uuid.UUID) -> Submission:
    """Return a submission for a reviewer of its university; raises Http404 otherwise."""
    submissions = (
        submissions_for_reviewer(user)
        .select_related("student", "university", "assignment", "attempt__case_version__question")
        .defer("attempt__case_version__data")
    )
    return get_object_or_404(submissions, pk=submission_id)


def access_review(user: User, review_id: uuid.UUID) -> Review:
    """Return a coach's own live review; raises Http404 for anybody else's."""
    reviews = Review.objects.filter(
        coach=user, state__in=[ReviewState.DRAFT, ReviewState.RELEASED]
    ).filter(submission__in=submissions_for_reviewer(user))
    return get_object_or_404(
        reviews.select_related("submission__student", "submission__university"), pk=review_id
    )


def access_assignment(user: User, assignment_id: uuid.UUID) -> Assignment:
    """Return an assignment for a student of its cohort or the staff of its university."""
    in_cohort = Q(cohort__members__user=user, cohort__members__removed_at=None)
    of_staff = Q(
        university__memberships__user=user,
        university__memberships__role=Role.STAFF,
        university__memberships__removed_at=None,
    )
    assignments = Assignment.objects.filter(in_cohort | of_staff).distinct()
    return get_object_or_404(
        assignments.select_related("question", "cohort", "university"), pk=assignment_id
    )


def require_step(attempt: Attempt, step: str) -> str:
    """Return the step when it belongs to the attempt; raises Http404 otherwise."""
    if not attempt.steps.filter(step=step).exists():
        raise Http404("This case has no such step.")
    return step
