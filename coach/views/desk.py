"""The coach's desk: queue, claim, mark, comment, decide on findings, release, recall."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest, posted_from
from coach.access import REVIEWERS, access_review, access_submission_for_review
from coach.models import Review, Submission, SubmissionState
from coach.posted import whole_number
from coach.selectors import reviews as selectors
from coach.services import reviews
from universities.models import Membership

PAGE = 30
STATES = (
    (SubmissionState.WAITING, "Waiting"),
    (SubmissionState.CLAIMED, "Claimed"),
    (SubmissionState.RELEASED, "Released"),
)


def for_reviewer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a review's coach post; a GET, as a reload after a refusal sends, shows the submission."""

    @wraps(view)
    def posted(request: SignedInRequest, review_id: uuid.UUID, **place: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, review_id, **place)
        return redirect("desk-submission", access_review(request.user, review_id).submission_id)

    return login_required(require_http_methods(["GET", "HEAD", "POST"])(posted))


def _require_reviewer(request: SignedInRequest) -> None:
    is_reviewer = Membership.objects.filter(
        user=request.user, role__in=REVIEWERS, removed_at__isnull=True
    ).exists()
    if not is_reviewer:
        raise PermissionDenied("The desk is for coaches of a university.")


@login_required
@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    """The submissions of the coach's universities, the unsure first, then the oldest."""
    _require_reviewer(request)
    state = request.GET.get("state", SubmissionState.WAITING)
    if state not in dict(STATES):
        state = SubmissionState.WAITING
    page = Paginator(selectors.queue(request.user, state), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": STATES}
    return render(request, "desk/queue.html", context)


@login_required
@require_GET
def submission(request: SignedInRequest, submission_id: uuid.UUID) -> HttpResponse:
    """A submission for review: to be claimed, being marked by me, or held by a colleague."""
    found = access_submission_for_review(request.user, submission_id)
    return render(request, "desk/submission.html", _context(request, found))


@login_required
@posted_from("desk-submission", "submission_id")
def claim(request: SignedInRequest, submission_id: uuid.UUID) -> HttpResponse:
    """Claim a submission so that nobody else can."""
    found = access_submission_for_review(request.user, submission_id)
    try:
        reviews.review_claim(submission=found, coach=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("desk-submission", found.pk)


@for_reviewer
def give_back(request: SignedInRequest, review_id: uuid.UUID) -> HttpResponse:
    """Put a claimed submission back into the queue."""
    review = access_review(request.user, review_id)
    return _do(request, review, lambda: reviews.review_give_back(review=review), to="desk-queue")


@for_reviewer
def marks(request: SignedInRequest, review_id: uuid.UUID, step: str) -> HttpResponse:
    """Save the levels and notes of one step as they are set."""
    review = access_review(request.user, review_id)

    def save() -> None:
        for criterion in selectors.criterion_ids(step):
            level = request.POST.get(f"level-{criterion}", "")
            note = request.POST.get(f"note-{criterion}")
            if level or note is not None:
                reviews.mark_set(
                    review=review,
                    step=step,
                    criterion=criterion,
                    level=whole_number(level),
                    note=note,
                )

    return _do(request, review, save, anchor=f"m-{step}")


@for_reviewer
def comment(request: SignedInRequest, review_id: uuid.UUID, step: str) -> HttpResponse:
    """Add a comment on selected words, or remove one."""
    review = access_review(request.user, review_id)
    removed = whole_number(request.POST.get("remove", ""))

    def save() -> None:
        if removed is not None:
            reviews.comment_remove(review=review, comment_id=removed)
            return
        start, end = _range(request, review, step)
        body = request.POST.get("body", "")
        reviews.comment_add(review=review, step=step, start=start, end=end, body=body)

    return _do(request, review, save, anchor=f"s-{step}")


@for_reviewer
def decide(
    request: SignedInRequest, review_id: uuid.UUID, step: str, position: int
) -> HttpResponse:
    """Accept, edit or drop one automatic finding."""
    review = access_review(request.user, review_id)

    def save() -> None:
        reviews.finding_decide(
            review=review,
            step=step,
            position=position,
            decision=request.POST.get("do", ""),
            text=request.POST.get("text", ""),
        )

    return _do(request, review, save, anchor=f"s-{step}")


@for_reviewer
def close(request: SignedInRequest, review_id: uuid.UUID) -> HttpResponse:
    """Save the closing words, and release when that was the button."""
    review = access_review(request.user, review_id)

    def save() -> None:
        reviews.summary_save(
            review=review,
            summary=request.POST.get("summary", ""),
            asks_another="asks_another" in request.POST,
        )
        if "release" in request.POST:
            reviews.review_release(review=review)
            messages.success(request, "Released. The student has been told.")

    return _do(request, review, save, anchor="close")


@for_reviewer
def recall(request: SignedInRequest, review_id: uuid.UUID) -> HttpResponse:
    """Take a released review back, with a reason the student reads."""
    review = access_review(request.user, review_id)
    reason = request.POST.get("reason", "")
    return _do(request, review, lambda: reviews.review_recall(review=review, reason=reason))


def _step_of_address(request: SignedInRequest) -> str:
    """Return the step the address of a request names, or an empty string."""
    match = request.resolver_match
    return str(match.kwargs.get("step", "")) if match else ""


def _do(
    request: SignedInRequest,
    review: Review,
    act: Callable[[], Any],
    *,
    anchor: str = "",
    to: str = "",
) -> HttpResponse:
    """Do one thing to a review; a fault is shown on the page, with what was typed kept."""
    is_script = request.headers.get("HX-Request") == "true"
    try:
        act()
    except ValidationError as error:
        if is_script:
            status = 409 if error.code == "conflict" else 422
            return JsonResponse({"error": error.messages[0]}, status=status)
        found = access_submission_for_review(request.user, review.submission_id)
        context = _context(request, found) | {
            "error": error.messages[0],
            "typed": request.POST,
            "typed_step": _step_of_address(request),
        }
        return render(request, "desk/submission.html", context, status=422)
    if is_script:
        return JsonResponse({"saved": True})
    if to:
        return redirect(to)
    address = reverse("desk-submission", args=[review.submission_id])
    return redirect(f"{address}#{anchor}" if anchor else address)


def _context(request: SignedInRequest, submission: Submission) -> dict[str, Any]:
    review = selectors.live_review(submission)
    mine = review is not None and review.coach_id == request.user.pk
    shown = review if mine or (review and review.released_at) else None
    steps = selectors.review_steps(submission, shown)
    return {
        "submission": submission,
        "review": review,
        "mine": mine,
        "may_edit": mine and review is not None and review.state == "draft",
        "may_take_over": review is not None and selectors.is_lapsed(review),
        "steps": steps,
        "marked": sum(c["level"] is not None for step in steps for c in step.criteria),
        "criteria_count": sum(len(step.criteria) for step in steps),
        "levels": ((1, "missing"), (2, "generic"), (3, "solid"), (4, "distinctive")),
    }


def _range(request: SignedInRequest, review: Review, step: str) -> tuple[int, int]:
    """Return the code points a comment is about: from the selection, or from the typed words.

    Raises:
        ValidationError: the words do not stand in the text exactly once, nor at the selection.
    """
    start = whole_number(request.POST.get("start", ""))
    end = whole_number(request.POST.get("end", ""))
    words = request.POST.get("words", "").replace("\r\n", "\n").strip()
    text = str(reviews.step_of(review.submission, step)["text"])
    if start is not None and end is not None and (not words or text[start:end].strip() == words):
        return start, end
    if not words or text.count(words) != 1:
        raise ValidationError(
            "Copy the words your comment is about from the text, enough that they stand there "
            "only once.",
            code="range",
        )
    return text.index(words), text.index(words) + len(words)
