"""The student's side of a review: hand in, see where it stands, withdraw, read."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest, posted_from
from accounts.throttling import Limit, throttled
from coach.access import access_attempt, access_own_submission
from coach.forms import HandInForm
from coach.models import SubmissionState
from coach.selectors.reviews import released_review, released_steps
from coach.services import submissions
from universities.models import University

HAND_INS = Limit("hand-in", count=20, seconds=3600)


@login_required
@require_http_methods(["GET", "POST"])
@throttled(HAND_INS)
def hand_in(request: SignedInRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Say what will be seen by whom, then hand in."""
    attempt = access_attempt(request, attempt_id)
    choices = University.objects.filter(
        memberships__user=request.user, memberships__removed_at__isnull=True
    ).order_by("name")
    assignment = attempt.assignment
    if assignment:
        choices = choices.filter(pk=assignment.university_id)
    form = HandInForm(request.POST or None, choices=choices)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            submission = submissions.submission_make(
                attempt=attempt,
                university=form.cleaned_data["university"],
                assignment=assignment,
            )
        except ValidationError as raised:
            error = raised.messages[0]
        else:
            messages.success(request, "Handed in. You can withdraw it until a coach claims it.")
            return redirect("submission-detail", submission.pk)
    context = {
        "attempt": attempt,
        "question": attempt.case_version.question,
        "choices": list(choices),
        "form": form,
        "error": error,
        "earlier": attempt.submissions.exclude(state=SubmissionState.WITHDRAWN),
        "content": submissions.frozen_content(attempt),
    }
    status = 422 if error or form.errors else 200
    return render(request, "submissions/hand_in.html", context, status=status)


@login_required
@require_GET
def detail(request: SignedInRequest, submission_id: uuid.UUID) -> HttpResponse:
    """Where a submission stands; the review once it is released."""
    submission = access_own_submission(request.user, submission_id)
    review = released_review(submission)
    context = {
        "submission": submission,
        "review": review,
        "steps": released_steps(submission, review) if review else [],
        "recalled": None if review else submission.reviews.filter(state="recalled").first(),
        "may_withdraw": submission.state == SubmissionState.WAITING,
    }
    return render(request, "submissions/detail.html", context)


@login_required
@posted_from("submission-detail", "submission_id")
def withdraw(request: SignedInRequest, submission_id: uuid.UUID) -> HttpResponse:
    """Take back a submission that nobody has claimed."""
    submission = access_own_submission(request.user, submission_id)
    try:
        submissions.submission_withdraw(submission=submission)
        messages.success(request, "Withdrawn. Nobody at the university can see it any more.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("submission-detail", submission.pk)
