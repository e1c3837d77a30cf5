"""Size a test: people per arm, true power, length, guardrails, and what early looks cost."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from metrics_lab.engine.experiment import ExperimentError
from metrics_lab.forms.experiment import FORMS, MORE, SizeForm, kept_for_others, switched
from metrics_lab.pictures import svg_response, svg_url, wants_svg
from metrics_lab.presentation.experiment import Result, result_of
from metrics_lab.takers import takers_of

WRONG = 422
KINDS = {"rates": "A rate", "means": "A mean", "ratio": "A ratio of two totals"}
AT = {"target": "change", "sd": "change"}
"""Where a fault of the engine's is said, where its own name is no field."""


@require_safe
def experiment(request: HttpRequest) -> HttpResponse:
    """Show the form and what it comes to; a script asks for the second alone."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in FORMS else "rates"
    if (to := request.GET.get("to", "")) in FORMS:
        query = urlencode(switched(request.GET.dict(), kind, to))
        return redirect(f"{reverse('lab-experiment')}?{query}")
    form = FORMS[kind].of(request.GET.dict())
    assert isinstance(form, SizeForm)  # noqa: S101 (FORMS holds nothing else)
    result = _result(form)
    if wants_svg(request):
        chart = result.chart if result else {}
        return svg_response(chart.get("svg"), chart.get("title", ""), "power")
    context = _context(request, form, result)
    part = "experiment_result" if is_redraw(request) else "experiment"
    status = WRONG if form.errors else 200
    response = render(request, f"metrics_lab/{part}.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def is_redraw(request: HttpRequest) -> bool:
    """Whether htmx asks for the result alone, and not for a page of its history."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def _result(form: SizeForm) -> Result | None:
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return result_of(form)
    except ExperimentError as error:
        at = error.field if error.field in form.fields else AT.get(error.field, "change")
        form.add_error(at, str(error))
        return None


def _context(request: HttpRequest, form: SizeForm, result: Result | None) -> dict[str, Any]:
    return {
        "tab": "lab-experiment",
        "kinds": KINDS.items(),
        "kept": kept_for_others(request.GET.dict(), form.kind).items(),
        "form": form,
        "more": [form[name] for name in MORE],
        # A redraw says what is wrong at each field that the page has, and so has sent.
        "sent": [form[name] for name in form.fields if name in request.GET],
        "result": result,
        "svg_url": svg_url(request),
        "takers": takers_of(request) if result else (),
    }
