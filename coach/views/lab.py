"""The lab in the conversation: move levers, see the north star move, take the numbers along."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from coach.access import access_attempt
from coach.lab import build_lab
from coach.selectors.practice import known_symbols
from coach.services import drafts


@require_http_methods(["GET", "POST"])
def lab(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Show the case's KPI tree with levers; a script gets the tree alone."""
    attempt = access_attempt(request, attempt_id)
    data = request.POST or request.GET
    built = build_lab(
        attempt.case_version_id,
        known_symbols(attempt),
        {key: data[key] for key in data},
        data.get("star", ""),
    )
    context = {
        "attempt": attempt,
        "question": attempt.case_version.question,
        "lab": built,
        "typed": data,
    }
    template = "practice/lab.html"
    if request.headers.get("HX-Request"):
        template = "practice/_lab_tree.html"
    return render(request, template, context)


@require_POST
def put(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Put a sentence from the lab into the unsent text of the current step."""
    attempt = access_attempt(request, attempt_id)
    sentence = request.POST.get("sentence", "").strip()
    row = attempt.steps.get(step=attempt.current_step)
    text = f"{row.composer.rstrip()} {sentence}".strip()
    try:
        drafts.composer_save(attempt=attempt, step=row.step, text=text)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("practice-lab", attempt.pk)
    return redirect(f"{reverse('practice-step', args=[attempt.pk, row.step])}#say")
