"""Scenarios of a sheet: renamed, deleted, and set side by side."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from metrics_lab.access import access_scenario, access_sheet
from metrics_lab.models import Scenario
from metrics_lab.presentation.sheet import MOST_COMPARED, comparison_of
from metrics_lab.selectors import levers_of, model_in, scenarios_of
from metrics_lab.services import scenario_delete, scenario_rename
from metrics_lab.views.sheets import TAB, address_of


@require_http_methods(["GET", "POST"])
def scenario(request: HttpRequest, sheet_id: uuid.UUID, scenario_id: int) -> HttpResponse:
    """Rename a scenario, or delete it: the page itself is the question whether to."""
    sheet = access_sheet(request, sheet_id)
    found = access_scenario(sheet, scenario_id)
    name, error = found.name, ""
    if request.method == "POST" and "delete" in request.POST:
        scenario_delete(scenario=found)
        messages.success(request, f"“{name}” was deleted.")
        return redirect("lab-sheet", sheet.pk)
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            scenario_rename(scenario=found, name=name)
        except ValidationError as refused:
            found.refresh_from_db()
            error = refused.messages[0]
        else:
            return redirect(address_of(sheet, found))
    context = {
        "tab": TAB, "part": "lab-sheet", "sheet": sheet, "scenario": found,
        "address": address_of(sheet, found), "name": name, "error": error,
    }  # fmt: skip
    return render(request, "metrics_lab/sheet_scenario.html", context, status=422 if error else 200)


@require_GET
def compare(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Show today and up to three scenarios as columns of one tree."""
    sheet = access_sheet(request, sheet_id)
    scenarios, model = scenarios_of(sheet), model_in(sheet)
    offered = [*scenarios.named]
    if scenarios.draft and scenarios.draft.levers:
        offered.append(scenarios.draft)
    wanted = set(request.GET.getlist("scenario"))
    chosen = [one for one in offered if str(one.pk) in wanted]
    too_many = len(chosen) > MOST_COMPARED
    chosen = (chosen if wanted else offered)[:MOST_COMPARED]
    context = {
        "tab": TAB,
        "part": "lab-sheet-compare",
        "sheet": sheet,
        "offered": [{"scenario": one, "chosen": one in chosen} for one in offered],
        "comparison": comparison_of(
            model, [(str(one), levers_of(one.levers, model)) for one in chosen]
        ),
        "count": _columns(chosen),
        "too_many": too_many,
        "most": MOST_COMPARED,
    }
    return render(request, "metrics_lab/sheet_compare.html", context)


def _columns(chosen: list[Scenario]) -> str:
    words = ("no scenario", "one scenario", "two scenarios", "three scenarios")
    return f"today and {words[len(chosen)]}"
