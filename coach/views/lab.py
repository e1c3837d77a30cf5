"""The lab in the conversation: move levers, see the north star move, take the numbers along."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import posted_from
from coach.access import access_attempt
from coach.lab.chart import chart_of
from coach.lab.check import check_sentence
from coach.lab.page import build_lab
from coach.lab.setting import setting_of
from coach.models import Attempt
from coach.selectors.cohorts import table_of
from coach.selectors.lab import Given, given_to
from coach.services import drafts
from coach.services.lab_sheets import attempt_sheet_open
from metrics_lab.pictures import svg_response

NOTHING_NEW, WRONG = 204, 422


@require_http_methods(["GET", "POST"])
def lab(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Show the case's KPI tree with levers; a script gets the part it asks for alone."""
    attempt = access_attempt(request, attempt_id)
    given = given_to(attempt)
    if not request.headers.get("HX-Request"):
        return _page(request, attempt, given)
    if request.headers.get("HX-Target") == "lab-chart":
        return _chart(request, attempt, given)
    if request.headers.get("HX-Target") == "lab-check":
        return _check(request, attempt, given)
    return _tree(request, attempt, given)


@posted_from("practice-lab", "attempt_id")
def put(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Put a sentence or a question from the lab into the unsent text of the current step."""
    attempt = access_attempt(request, attempt_id)
    sentence = (request.POST.get("ask") or request.POST.get("sentence", "")).strip()
    row = attempt.steps.get(step=attempt.current_step)
    text = f"{row.composer.rstrip()} {sentence}".strip()
    try:
        drafts.composer_save(attempt=attempt, step=row.step, text=text)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("practice-lab", attempt.pk)
    return redirect(f"{reverse('practice-step', args=[attempt.pk, row.step])}#say")


@posted_from("practice-lab", "attempt_id")
def sheet(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Open the attempt's sheet, with what its student has been given until now."""
    attempt = access_attempt(request, attempt_id)
    try:
        opened = attempt_sheet_open(attempt=attempt)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("practice-lab", attempt.pk)
    return redirect("lab-sheet", opened.pk)


def _page(request: HttpRequest, attempt: Attempt, given: Given) -> HttpResponse:
    """The whole page; the chart only where it was asked for, for a script brings it later."""
    posted = _posted(request)
    key, star = attempt.case_key, posted.get("star", "")
    setting = setting_of(key, given.symbols, posted, star, given.facts)
    if posted.get("as") == "svg":
        chart = chart_of(setting)
        return svg_response(chart.svg if chart else None, chart.title if chart else "", "tornado")
    built = build_lab(key, given.symbols, posted, star, given.facts)
    check = check_sentence(key, setting, posted.get("claim", ""))
    context = {
        "attempt": attempt,
        "question": attempt.case_version.question,
        "lab": built,
        "chart": chart_of(setting) if "chart" in posted else None,
        "waiting": "chart" not in posted,
        "has_cohorts": table_of(attempt, given) is not None,
        "check": check,
    }
    status = WRONG if built.is_wrong or (check and check.error) else 200
    return render(request, "practice/lab.html", context, status=status)


def _tree(request: HttpRequest, attempt: Attempt, given: Given) -> HttpResponse:
    posted = _posted(request)
    built = build_lab(attempt.case_key, given.symbols, posted, posted.get("star", ""), given.facts)
    other_star = "shown" in posted and posted["shown"] != built.star
    context = {"attempt": attempt, "lab": built, "fragment": True, "other_star": other_star}
    status = WRONG if built.is_wrong else 200
    return render(request, "practice/_lab_tree.html", context, status=status)


def _chart(request: HttpRequest, attempt: Attempt, given: Given) -> HttpResponse:
    """The chart; nothing where the page shows the same one already."""
    posted = _posted(request)
    chart = chart_of(
        setting_of(attempt.case_key, given.symbols, posted, posted.get("star", ""), given.facts)
    )
    if chart and posted.get("chart_mark") == chart.mark:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "practice/_lab_chart.html", {"chart": chart})


def _check(request: HttpRequest, attempt: Attempt, given: Given) -> HttpResponse:
    posted, key = _posted(request), attempt.case_key
    setting = setting_of(key, given.symbols, posted, posted.get("star", ""), given.facts)
    check = check_sentence(key, setting, posted.get("claim", ""))
    status = WRONG if check and check.error else 200
    return render(request, "practice/_lab_check.html", {"check": check}, status=status)


def _posted(request: HttpRequest) -> dict[str, str]:
    data = request.POST or request.GET
    return {key: data[key] for key in data}
