"""The report: findings beside the words, drafts compared, then the examples."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.throttling import Limit, throttled
from coach import artefact_form, cases
from coach.access import access_attempt, require_step
from coach.assessment.artefacts import Artefact
from coach.models import Attempt
from coach.selectors import practice, report
from coach.services import answers
from questions.case import STEP_TITLES

REWRITES = Limit("rewrite", count=40, seconds=60)
"""Each rewrite owes feedback, which costs a worker a second."""


@require_GET
def report_page(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Show the report. In an open guided attempt it holds what is submitted so far.

    With ``part=overall`` a script gets what the last feedback changes, until it is there.
    """
    attempt = access_attempt(request, attempt_id)
    page = report.report_page(attempt) if practice.shows_feedback(attempt) else None
    if page is None or not page.sections:
        return redirect("practice-step", attempt.pk, attempt.current_step)
    case = cases.case_of(attempt.case_key)
    context = {
        "attempt": attempt,
        "case": case,
        "question": attempt.case_version.question,
        "mode_words": practice.MODE_WORDS[attempt.mode],  # type: ignore[index]
        "page": page,
    }
    part = request.GET.get("part") == "overall"
    template = "practice/_report_overall_said.html" if part else "practice/report.html"
    return render(request, template, context)


@require_GET
def report_step(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """One step of the report, asked for until its feedback is there."""
    attempt = access_attempt(request, attempt_id)
    require_step(attempt, step)
    if not practice.shows_feedback(attempt):
        raise Http404("There is no feedback yet.")
    page = report.report_page(attempt)
    section = next((section for section in page.sections if section.step == step), None)
    if section is None:
        raise Http404("There is no answer to this step.")
    context = {"attempt": attempt, "section": section, "page": page}
    return render(request, "practice/_report_step.html", context)


@require_http_methods(["GET", "POST"])
@throttled(REWRITES)
def revise(request: HttpRequest, attempt_id: uuid.UUID, step: str) -> HttpResponse:
    """Rewrite one step; the old version stays and both are compared."""
    attempt = access_attempt(request, attempt_id)
    require_step(attempt, step)
    latest = practice.latest_answers(attempt).get(step)
    if latest is None:
        return redirect("practice-step", attempt.pk, step)
    text, filled, error = latest.text, latest.artefact, ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        filled = artefact_form.artefact_from_post(step, request.POST)
        if not {"add_row", "drop_row"} & set(request.POST):
            try:
                answers.answer_revise(attempt=attempt, step=step, text=text, artefact=filled)
            except ValidationError as raised:
                error = raised.messages[0]
            else:
                return redirect(f"{reverse('practice-report', args=[attempt.pk])}#r-{step}")
    context = {
        "attempt": attempt,
        "case": cases.case_of(attempt.case_key),
        "step": step,
        "step_title": STEP_TITLES[step],
        "text": text,
        "error": error,
        "answer": latest,
        "section": _section(attempt, step),
        "artefact": _artefact(attempt, step, filled, extra=1 if "add_row" in request.POST else 0),
    }
    return render(request, "practice/revise.html", context, status=422 if error else 200)


def _section(attempt: Attempt, step: str) -> report.StepSection | None:
    """Return the step's findings to write by; a mock interview shows them at its end only."""
    if not practice.shows_feedback(attempt):
        return None
    return next(s for s in report.report_page(attempt).sections if s.step == step)


def _artefact(
    attempt: Attempt, step: str, filled: Artefact, extra: int
) -> dict[str, object] | None:
    by_step = {row.step: row.artefact for row in attempt.steps.all()}
    links = artefact_form.links_of(step, by_step)
    return artefact_form.artefact_context(step, filled, links=links, extra_rows=extra)
