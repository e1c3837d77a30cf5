"""Pretotype: at least X % of Y will Z, the cheapest test that could fail, a rule, then the data."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from metrics_lab.engine.pretotype.kinds import LEVELS
from metrics_lab.forms.pretotype import PretotypeForm
from metrics_lab.forms.pretotype_seal import content_of, opened, seal, stated
from metrics_lab.pictures import svg_response, svg_url, wants_svg
from metrics_lab.presentation.pretotype import kind_rows, pretotype_result
from metrics_lab.takers import takers_of
from metrics_lab.views.experiment import WRONG, is_redraw


@require_safe
def pretotype(request: HttpRequest) -> HttpResponse:
    """Show the form and what it comes to; a rule without data gets its seal into the address."""
    form = PretotypeForm.of(request.GET.dict())
    assert isinstance(form, PretotypeForm)  # noqa: S101 (what of() makes)
    valid = form.is_bound and form.is_valid()
    fresh = _fresh_seal(form) if valid else ""
    address = _address(request, fresh)
    if fresh and not is_redraw(request) and not wants_svg(request):
        return redirect(address)
    context = _context(request, form, valid=valid, fresh=fresh)
    if wants_svg(request):
        chart = context["result"].chart if context["result"] else {}
        return svg_response(chart.get("svg"), chart.get("title", ""), "chance")
    status = WRONG if form.errors else 200
    if is_redraw(request):
        response = render(request, "metrics_lab/pretotype_result.html", context, status=status)
        response["HX-Replace-Url"] = address
    else:
        response = render(request, "metrics_lab/pretotype.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _fresh_seal(form: PretotypeForm) -> str:
    """Return a new seal for a rule that stands without data and is not sealed as it is."""
    rule, data = form.rule, form.cleaned_data
    if rule is None or form.interval is not None:
        return ""
    content = content_of(rule, data["x"], data["poor"])
    found = opened(data["seal"])
    return "" if found and found.content == content else seal(content, now())


def _address(request: HttpRequest, fresh: str) -> str:
    query = request.GET.copy()
    if fresh:
        query["seal"] = fresh
    return f"{reverse('lab-pretotype')}?{query.urlencode()}"


def _with_rule(form: PretotypeForm, rule: dict[str, int]) -> str:
    """Return the address of the form as it stands, with a rule filled in."""
    typed = {name: form.typed(name) for name in form.fields if form.typed(name)}
    return f"?{urlencode({**typed, **rule})}"


def _context(
    request: HttpRequest, form: PretotypeForm, *, valid: bool, fresh: str
) -> dict[str, Any]:
    result = None
    if valid:
        data, rule = form.cleaned_data, form.rule
        found = opened(fresh or data["seal"])
        content = content_of(rule, data["x"], data["poor"]) if rule else ()
        result = pretotype_result(form, stated(rule, content, found), found)
    return {
        "tab": "lab-pretotype",
        "form": form,
        "seal": fresh or form.typed("seal"),
        "result": result,
        "svg_url": svg_url(request, seal=fresh or form.typed("seal")),
        "kinds": kind_rows(form),
        "levels": LEVELS,
        "take_rule": _with_rule(form, result.suggested) if result and result.suggested else "",
        "takers": takers_of(request) if result else (),
    }
