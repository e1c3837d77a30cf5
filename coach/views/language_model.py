"""The language model as a student meets it: what they agree to, and taking off what it suggests."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest, posted_from
from accounts.models import Purpose
from accounts.services import consent_give, consent_withdraw
from accounts.throttling import Limit, throttled
from coach.access import access_attempt, access_suggestion
from coach.selectors.language_model import CONSENT_WORDS, standing_of
from coach.services.language_model import suggestion_dismiss

CHANGES = Limit("language-model", count=60, seconds=60)


@login_required
@require_http_methods(["GET", "POST"])
@throttled(CHANGES)
def language_model_consent(request: SignedInRequest) -> HttpResponse:
    """Say what the language model would get and do; take a yes, or take it back."""
    standing = standing_of(request.user)
    if request.method == "POST":
        if request.POST.get("do") == "withdraw":
            consent_withdraw(user=request.user, purpose=Purpose.LANGUAGE_MODEL)
            messages.success(request, "Taken back. Nothing of yours is sent from now on.")
        elif standing.is_let and request.POST.get("host") == standing.host:
            consent_give(
                user=request.user,
                purpose=Purpose.LANGUAGE_MODEL,
                words=CONSENT_WORDS,
                recipient=standing.host,
            )
            messages.success(request, "Noted. You can take it back here at any time.")
        return redirect("account-language-model")
    return render(request, "account/language_model.html", {"standing": standing})


@posted_from("practice-resume", "attempt_id")
@throttled(CHANGES)
def suggestion_take_off(
    request: HttpRequest, attempt_id: uuid.UUID, suggestion_id: int
) -> HttpResponse:
    """Take a suggestion off the page it stands on."""
    attempt = access_attempt(request, attempt_id)
    suggestion = access_suggestion(attempt, suggestion_id)
    suggestion_dismiss(suggestion=suggestion)
    job = suggestion.job
    if job.feedback is not None:
        return redirect(
            f"{reverse('practice-report', args=[attempt.pk])}#r-{job.feedback.answer.step}"
        )
    assert job.message is not None  # noqa: S101  a question is about a report or a message
    return redirect("practice-step", attempt.pk, job.message.step)
