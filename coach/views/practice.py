"""The practice page: start, talk, fill in, be done with a step."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import visitors
from accounts.http import posted_from
from accounts.throttling import Limit, identity, throttle, throttled
from coach import artefact_form, cases
from coach.access import (
    access_assignment,
    access_attempt,
    attempts_of,
    questions_open_to,
    require_step,
    with_question,
)
from coach.models import Attempt, AttemptStep, Message, Mode
from coach.posted import plain_text, whole_number
from coach.selectors import practice as selectors
from coach.selectors import report as report_selectors
from coach.selectors.assignments import assigned_to, submissions_of
from coach.selectors.next_case import next_case
from coach.services import answers, attempts, conversation, drafts, feedback, ledger
from questions.case import STEP_TITLES

STARTS = Limit("start", count=30, seconds=600)
SAYINGS = Limit("say", count=40, seconds=60)
SAVES = Limit("save", count=120, seconds=60)
CHANGES = Limit("change", count=120, seconds=60)
"""Whatever else writes: steps done, rows, assumptions, hints, feedback asked again."""
HINT_SIZES = {"S": "small", "M": "medium", "L": "large"}


@require_http_methods(["GET", "POST"])
@throttled(STARTS)
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Start an attempt; no account is needed. A GET goes to the question's page."""
    if request.method == "GET":
        return redirect("question-detail", slug)
    question = get_object_or_404(questions_open_to(request), slug=slug)
    assignment = None
    owner = request.user if request.user.is_authenticated else None
    if owner and (assignment_id := request.POST.get("assignment")):
        assignment = access_assignment(owner, _uuid_or_404(assignment_id))
        if assignment.question_id != question.pk:
            raise Http404("The assignment is for another question.")
    token, token_hash = visitors.ensure_token(request)
    try:
        attempt = attempts.attempt_start(
            question=question,
            mode=assignment.mode if assignment else request.POST.get("mode") or Mode.GUIDED,
            owner=owner,
            visitor_hash=token_hash,
            step=request.POST.get("step", ""),
            assignment=assignment,
            other_numbers=request.POST.get("numbers") == "other",
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("question-detail", slug)
    response = redirect("practice-step", attempt.pk, attempt.current_step)
    if owner is None:
        visitors.remember(response, token)
    return response


@require_GET
def resume(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Go to where an attempt stands, on any device."""
    attempt = access_attempt(request, attempt_id)
    if attempt.is_finished:
        return redirect("practice-report", attempt.pk)
    return redirect("practice-step", attempt.pk, attempt.current_step)


@require_GET
def step(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Show one step: conversation, artefact, ledger, and where the others stand."""
    attempt = access_attempt(request, attempt_id)
    prefetch_related_objects([attempt], "steps")
    row = next((row for row in attempt.steps.all() if row.step == step), None)
    if row is None:
        raise Http404("This case has no such step.")
    attempts.attempt_resume(attempt=attempt)
    is_new = row.opened_at is None or attempt.current_step != step
    if is_new and not attempt.is_finished:  # a write, which waits for the others' on SQLite
        attempts.step_open(attempt=attempt, step=step)
    messages_of_step = _messages_with_replies(attempt, step)
    return render(request, "practice/step.html", _step_context(attempt, step, messages_of_step))


@posted_from("practice-step", "attempt_id", "step")
def say(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Send a message; the coach's reply comes in the same answer."""
    throttle(SAYINGS, identity(request))
    attempt = _open_attempt(request, attempt_id, step)
    text = request.POST.get("text", "")
    try:
        message = conversation.message_send(
            attempt=attempt, step=step, text=text, client_id=_client_id(request)
        )
    except ValidationError as error:
        return _step_with_error(request, attempt, step, error, typed=text)
    if request.headers.get("HX-Request"):
        said = selectors.messages_of(attempt, step, since=message.pk)
        context = _step_context(attempt, step, said)
        return render(request, "practice/_said.html", context)
    return redirect(f"{reverse('practice-step', args=[attempt.pk, step])}#say")


@require_POST
def draft(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Save what is typed, in the composer or in the artefact; answers with the number it has."""
    throttle(SAVES, identity(request))
    attempt = _open_attempt(request, attempt_id, step)
    attempts.attempt_touch(attempt=attempt)
    sequence = whole_number(request.POST.get("seq", "")) or 0
    try:
        if artefact_form.has_artefact(request.POST):
            filled = artefact_form.artefact_from_post(step, request.POST)
            stored = drafts.artefact_save(
                attempt=attempt, step=step, artefact=filled, sequence=sequence
            )
        else:
            text = request.POST.get("text", "")
            stored = drafts.composer_save(attempt=attempt, step=step, text=text, sequence=sequence)
    except ValidationError as error:
        status = 409 if error.code == "conflict" else 422
        return JsonResponse({"error": error.messages[0]}, status=status)
    return JsonResponse({"seq": stored})


@posted_from("practice-step", "attempt_id", "step")
@throttled(CHANGES)
def artefact(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Save the artefact as a form: rows added, dropped or confirmed without JavaScript too."""
    attempt = _open_attempt(request, attempt_id, step)
    _save_artefact(request, attempt, step)
    if "confirm" in request.POST:
        drafts.cells_confirm(attempt=attempt, step=step)
    if "add_row" in request.POST:
        return render(request, "practice/step.html", _step_context(attempt, step, extra_rows=1))
    return redirect(f"{reverse('practice-step', args=[attempt.pk, step])}#artefact")


@posted_from("practice-step", "attempt_id", "step")
@throttled(CHANGES)
def hint(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Open a hint; its use is noted, and a half-written sentence is kept."""
    attempt = _open_attempt(request, attempt_id, step)
    size = HINT_SIZES.get(request.POST.get("hint", ""), "")
    try:
        drafts.composer_save(attempt=attempt, step=step, text=request.POST.get("text", ""))
        message = conversation.hint_open(attempt=attempt, step=step, size=size)
    except ValidationError as error:
        return _step_with_error(request, attempt, step, error, request.POST.get("text", ""))
    return redirect(f"{reverse('practice-step', args=[attempt.pk, step])}#m{message.pk}")


@posted_from("practice-step", "attempt_id", "step")
@throttled(CHANGES)
def assume(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Add an assumption to the ledger, or strike one."""
    attempt = _open_attempt(request, attempt_id, step)
    removed = whole_number(request.POST.get("remove", ""))
    label = plain_text(request.POST.get("label", "")).strip()
    if removed is not None:
        ledger.assumption_remove(attempt=attempt, entry_id=removed)
    elif label:
        value = plain_text(request.POST.get("value", "")).strip()
        ledger.assumption_add(attempt=attempt, step=step, label=label, value=value)
    else:
        messages.error(request, "Say what you assume, and the value you take.")
    return redirect(f"{reverse('practice-step', args=[attempt.pk, step])}#ledger")


@posted_from("practice-step", "attempt_id", "step")
@throttled(CHANGES)
def done(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Be done with a step: unsent text counts as said; feedback is made in the background."""
    attempt = access_attempt(request, attempt_id)
    require_step(attempt, step)
    if attempt.is_finished:  # a second press on the last step
        return redirect("practice-report", attempt.pk)
    text = request.POST.get("text", "")
    try:
        if artefact_form.has_artefact(request.POST):
            _save_artefact(request, attempt, step)
        if text.strip():
            conversation.message_send(
                attempt=attempt, step=step, text=text, client_id=_client_id(request)
            )
        answers.answer_submit(attempt=attempt, step=step)
    except ValidationError as error:
        return _step_with_error(request, attempt, step, error, typed=text)
    attempts.attempt_touch(attempt=attempt)
    following = attempt.steps.filter(submitted_at=None).order_by("position").first()
    if following is None:
        attempts.attempt_finish(attempt=attempt)
        return redirect("practice-report", attempt.pk)
    later = attempt.steps.filter(
        submitted_at=None, position__gt=attempt.steps.get(step=step).position
    ).first()
    return redirect("practice-step", attempt.pk, (later or following).step)


@posted_from("practice-resume", "attempt_id")
def finish(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Close the attempt before its last step; the report judges what there is."""
    attempt = access_attempt(request, attempt_id)
    try:
        attempts.attempt_finish(attempt=attempt)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("practice-resume", attempt.pk)
    return redirect("practice-report", attempt.pk)


@require_GET
def step_feedback(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """The feedback card of a step, asked for until it is there."""
    attempt = access_attempt(request, attempt_id)
    require_step(attempt, step)
    answer = selectors.latest_answers(attempt).get(step)
    if answer is None or not selectors.shows_feedback(attempt):
        raise Http404("There is no feedback on this step.")
    context = {"card": card_context(attempt, answer), "attempt": attempt}
    return render(request, "practice/_feedback.html", context)


@posted_from("practice-step", "attempt_id", "step")
@throttled(CHANGES)
def ask_again(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Drive a dead feedback job again."""
    attempt = access_attempt(request, attempt_id)
    require_step(attempt, step)
    answer = selectors.latest_answers(attempt).get(step)
    if answer is None:
        raise Http404("There is no answer to this step.")
    feedback.feedback_redrive(job_id=answer.job.pk)
    if attempt.is_finished:
        return redirect("practice-report", attempt.pk)
    return redirect("practice-step", attempt.pk, step)


def card_context(attempt: Attempt, answer: Any) -> dict[str, Any]:
    """Return a feedback card: its report, or where its job stands."""
    found = selectors.step_feedback(answer)
    notes = report_selectors.notes_by_kind(found.report)
    return {
        "step": answer.step,
        "step_title": STEP_TITLES[answer.step],
        "state": found.state,
        "report": found.report,
        "findings": notes["findings"],
        "strengths": notes["strengths"],
        "keep_number": len(notes["findings"]) + 1,
        "draft": answer.version,
        "level": found.feedback.level if found.feedback else None,
        "poll_url": reverse("practice-feedback", args=[attempt.pk, answer.step]),
        "retry_url": reverse("practice-ask-again", args=[attempt.pk, answer.step]),
        "rewrite_url": reverse("practice-revise", args=[attempt.pk, answer.step]),
    }


def home(request: HttpRequest) -> HttpResponse:
    """My practice: what is assigned, open, handed in and finished."""
    mine = list(
        with_question(attempts_of(request))
        .annotate(
            step_count=Count("steps"),
            done_count=Count("steps", filter=Q(steps__submitted_at__isnull=False)),
        )
        .order_by("-touched_at")[:60]
    )
    user = request.user
    context = {
        "open": [attempt for attempt in mine if not attempt.is_finished],
        "finished": [attempt for attempt in mine if attempt.is_finished],
        "assignments": assigned_to(user) if user.is_authenticated else [],
        "submissions": submissions_of(user) if user.is_authenticated else [],
        "next": next_case(request, {a.case_version.question_id for a in mine if not a.is_finished})
        if mine
        else None,
    }
    return render(request, "practice/home.html", context)


def _open_attempt(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> Attempt:
    attempt = access_attempt(request, attempt_id)
    require_step(attempt, step)
    if attempt.is_finished:
        raise Http404("This attempt is finished; revise it from its report.")
    return attempt


def _messages_with_replies(attempt: Attempt, step: str) -> list[Message]:
    """Return a step's messages; those whose reply was lost to a fault or a restart are answered."""
    found = selectors.messages_of(attempt, step)
    left = selectors.unanswered(found)
    for message in left:
        conversation.reply_try(message=message)
    return selectors.messages_of(attempt, step) if left else found


def _step_context(
    attempt: Attempt,
    step: str,
    shown: Iterable[Message] | None = None,
    *,
    extra_rows: int = 0,
) -> dict[str, Any]:
    """Return what the page of a step draws; ``shown`` are its messages, all if not given."""
    rows = list(attempt.steps.all())
    row = next(row for row in rows if row.step == step)
    case = cases.case_of(attempt.case_key)
    latest = selectors.latest_answers(attempt)
    groups = selectors.ledger_groups(attempt)
    return {
        "attempt": attempt,
        "case": case,
        "question": attempt.case_version.question,
        "mode_words": selectors.MODE_WORDS[Mode(attempt.mode)],
        "row": row,
        "step": step,
        "step_title": STEP_TITLES[step],
        "steps": selectors.step_rows(attempt, rows, step),
        "now": selectors.step_rows(attempt, [row], step)[0],
        "whole": selectors.whole_clock(attempt, rows),
        "messages_of_step": selectors.stream(
            attempt, selectors.messages_of(attempt, step) if shown is None else shown
        ),
        "artefact": selectors.artefact_of(attempt, rows, step, extra_rows),
        "ledger": groups,
        "ledger_count": sum(len(group["entries"]) for group in groups),
        "hints_used": [use.get_size_display() for use in attempt.hints.filter(step=step)],
        "card": _card_to_show(attempt, latest, rows, row),
        "client_id": uuid.uuid4(),
        "is_mock": attempt.mode == Mode.MOCK,
        "may_finish": bool(latest) and not attempt.is_finished,
    }


def _card_to_show(
    attempt: Attempt, latest: dict[str, Any], rows: list[AttemptStep], row: AttemptStep
) -> dict[str, Any] | None:
    """Return the card of this step's answer, or of the step that was closed just before it."""
    if not selectors.shows_feedback(attempt):
        return None
    before = [r.step for r in rows if r.position <= row.position and r.step in latest]
    return card_context(attempt, latest[before[-1]]) if before else None


def _step_with_error(
    request: HttpRequest,
    attempt: Attempt,
    step: str,
    error: ValidationError,
    typed: str | None = None,
) -> HttpResponse:
    """Show the page again with the error next to the composer and what was typed in it."""
    context = _step_context(attempt, step)
    context["error"] = error.messages[0]
    if typed is not None:
        context["row"].composer = typed
    if request.headers.get("HX-Request"):
        return HttpResponse(error.messages[0], status=422, content_type="text/plain")
    return render(request, "practice/step.html", context, status=422)


def _save_artefact(request: HttpRequest, attempt: Attempt, step: str) -> None:
    filled = artefact_form.artefact_from_post(step, request.POST)
    drafts.artefact_save(attempt=attempt, step=step, artefact=filled)


def _client_id(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("client_id", ""))
    except ValueError:
        return uuid.uuid4()


def _uuid_or_404(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise Http404("No such thing.") from error
