"""Ranges of a sheet and which lever matters: a page, and its parts for a script."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.http import posted_from
from accounts.throttling import Limit, throttled
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.sheet.model import Sheet
from metrics_lab.engine.simulate import check_correlations
from metrics_lab.forms.sheets import TogetherForm
from metrics_lab.models import Scenario
from metrics_lab.pictures import svg_response, svg_url, wants_svg
from metrics_lab.presentation.analysis import Analysis, Asked, Earlier
from metrics_lab.presentation.analysis_charts import Figure, fan_of, histogram_of, measure_of
from metrics_lab.selectors import levers_of
from metrics_lab.services import sheet_edit
from metrics_lab.views.sheets import TAB, Opened, opened
from metrics_lab.words import capital

PARTS = Limit("lab-analysis", 1200, 60)
"""A change asks for the numbers and three charts; it must not use up the levers' own moves."""
FIELDS = ("figure", "sign", "goal", "lever", "measure")
CHARTS: dict[str, Callable[[Analysis], Figure | None]] = {
    "outcomes": histogram_of,
    "fan": fan_of,
    "measure": measure_of,
}
LONGEST = 80


@require_GET
@throttled(PARTS)
def analysis(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Show what the ranges lead to. A script asks for one `part`: the numbers, or a chart."""
    found = opened(request, sheet_id)
    asked = Asked(**{name: request.GET.get(name, "")[:LONGEST] for name in FIELDS})
    earlier = found.scenarios.find(request.GET.get("before", ""))
    result = Analysis(found.page, asked, _earlier(found, earlier))
    part = request.GET.get("part", "")
    if part in CHARTS and wants_svg(request):
        chart = CHARTS[part](result)
        return svg_response(chart.svg if chart else None, chart.title if chart else "", part)
    context = _context(request, found, result)
    if part in CHARTS:
        context |= {"chart": CHARTS[part](result), "part_id": part}
        return render(request, "metrics_lab/analysis/chart.html", context)
    status = 422 if result.goal_error else 200
    if part == "numbers":
        context |= {"fragment": True}
        return render(request, "metrics_lab/analysis/numbers.html", context, status=status)
    if request.headers.get("HX-Target") == "sheet-analysis":
        return render(request, "metrics_lab/analysis/body.html", context | {"waiting": True})
    return _page(request, context, result, status)


@posted_from("lab-sheet-analysis", "sheet_id")
@throttled(PARTS)
def together(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Keep that two ranges go together, or that they no longer do."""
    found = opened(request, sheet_id)
    if "apart" in request.POST:
        one, _, other = request.POST["apart"].partition(" ")
        sheet_edit(sheet=found.row, change=lambda model: model.apart(one, other))
        return redirect(_together_address(found))
    result = Analysis(found.page, Asked())
    form = TogetherForm(request.POST, _ranged(result))
    if form.is_valid() and _kept(found, form):
        return redirect(_together_address(found))
    context = _context(request, found, result) | {"together": form}
    return _page(request, context, result, 422)


def _page(
    request: HttpRequest, context: dict[str, Any], result: Analysis, status: int
) -> HttpResponse:
    context |= {"charts": {name: draw(result) for name, draw in CHARTS.items()}}
    return render(request, "metrics_lab/analysis/page.html", context, status=status)


def _kept(found: Opened, form: TogetherForm) -> bool:
    """Store the pair that was typed, or say at its field why it cannot be."""

    def change(model: Sheet) -> Sheet:
        changed = model.with_together(form.together())
        check_correlations({(p.one, p.other): p.rank for p in changed.together})
        return changed

    try:
        sheet_edit(sheet=found.row, change=change)
    except ModelError as error:
        name = getattr(error, "field", "") or "rank"
        form.add_error(name if name in form.fields else None, capital(str(error)))
        return False
    return True


def _ranged(result: Analysis) -> list[tuple[str, str]]:
    """Return the inputs that can go together: those with a range."""
    return [(symbol, capital(result.label(symbol))) for symbol in result.ranges]


def _together_address(found: Opened) -> str:
    query = f"?{urlencode({'scenario': found.scenario.pk})}" if found.scenario else ""
    return f"{reverse('lab-sheet-analysis', args=[found.row.pk])}{query}#together"


def _context(request: HttpRequest, found: Opened, result: Analysis) -> dict[str, Any]:
    return {
        "tab": TAB,
        "part": "lab-sheet-analysis",
        "sheet": found.row,
        "scenario": found.scenario,
        "scenario_tabs": _tabs(found),
        "action": reverse("lab-sheet-analysis", args=[found.row.pk]),
        "result": result,
        "together": TogetherForm(None, _ranged(result)),
        "svg_base": f"{svg_url(request, part='')}&part=",
        "starts": _starts(found, request.GET.get("before", "")),
    }


def _earlier(found: Opened, row: Scenario | None) -> Earlier | None:
    """Return the scenario that a change starts from; None for today."""
    if row is None or row == found.scenario:
        return None
    return Earlier(row.name, levers_of(row.levers, found.page.sheet))


def _starts(found: Opened, chosen: str) -> list[dict[str, Any]]:
    """Return what a change can start from: today, or another scenario with a name."""
    others = [one for one in found.scenarios.named if one != found.scenario]
    return [
        {"value": "", "label": "Today", "chosen": not chosen},
        *(
            {"value": str(one.pk), "label": one.name, "chosen": str(one.pk) == chosen}
            for one in others
        ),
    ]


def _tabs(found: Opened) -> list[dict[str, Any]]:
    """Return the same page for what is being moved and for each scenario with a name."""
    address, draft = reverse("lab-sheet-analysis", args=[found.row.pk]), found.scenarios.draft
    first = {
        "url": address,
        "label": "Draft" if draft and draft.levers else "Today",
        "current": found.scenario is None,
    }
    named = [
        {
            "url": f"{address}?{urlencode({'scenario': one.pk})}",
            "label": one.name,
            "current": one == found.scenario,
        }
        for one in found.scenarios.named
    ]
    return [first, *named]
