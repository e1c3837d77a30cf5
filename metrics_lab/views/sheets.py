"""Sheets: the list, the page with tree and levers, and what a script redraws."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import visitors
from accounts.http import posted_from
from accounts.models import User
from accounts.throttling import Limit, throttled
from metrics_lab.access import access_sheet, sheets_of
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.models import Scenario, Sheet
from metrics_lab.origins import Origin, origin_of
from metrics_lab.presentation.claim_check import SentenceCheck
from metrics_lab.presentation.sheet import SheetPage
from metrics_lab.presentation.sheet_check import check_sentence
from metrics_lab.selectors import Scenarios, levers_of, model_in, scenarios_of
from metrics_lab.services import levers_save, scenario_add, sheet_create, sheet_edit
from metrics_lab.takers import takers_of

NEW = Limit("lab-sheet-new", 30, 3600)
MOVES = Limit("lab-sheet-moves", 1200, 60)
"""A slider that is held down sends some ten moves a second."""
TAB = "lab-sheet-list"
Make = Callable[[User | None, str], Sheet]


@dataclass(frozen=True)
class Opened:
    """A sheet as somebody has it open, with one of its scenarios or with the draft."""

    row: Sheet
    scenarios: Scenarios
    scenario: Scenario | None
    origin: Origin | None = None

    @cached_property
    def page(self) -> SheetPage:
        """The page with what is kept."""
        model, source = model_in(self.row), self.scenario or self.scenarios.draft
        return SheetPage(model, levers_of(source.levers, model) if source else [])

    @property
    def address(self) -> str:
        """Where it stands."""
        return address_of(self.row, self.scenario)


def opened(request: HttpRequest, sheet_id: uuid.UUID) -> Opened:
    """Return the asker's sheet with the scenario that the address names; Http404 otherwise."""
    sheet = access_sheet(request, sheet_id)
    origin = origin_of(request, sheet) if request.method == "GET" else None
    sheet = origin.sheet if origin else sheet
    scenarios, wanted = scenarios_of(sheet), request.GET.get("scenario", "")
    found = scenarios.find(wanted) if wanted else None
    if wanted and found is None:
        raise Http404("No such scenario.")
    return Opened(sheet, scenarios, found, origin)


def address_of(sheet: Sheet, scenario: Scenario | None) -> str:
    """Return the address of a sheet with a scenario, or with its draft."""
    address = reverse("lab-sheet", args=[sheet.pk])
    return f"{address}?{urlencode({'scenario': scenario.pk})}" if scenario else address


@require_GET
def sheet_list(request: HttpRequest) -> HttpResponse:
    """List the sheets of the person or visitor, and what a new one can start from."""
    context = {"tab": TAB, "sheets": list(sheets_of(request)), "examples": EXAMPLES.items()}
    return render(request, "metrics_lab/sheet_list.html", context)


@posted_from("lab-sheet-list")
@throttled(NEW)
def sheet_new(request: HttpRequest) -> HttpResponse:
    """Make a sheet from an example or a blank one, and open it."""
    example = EXAMPLES.get(request.POST.get("example", ""))
    if example is None:
        raise Http404("No such example.")
    model = example.make()
    return made(
        request,
        lambda owner, token_hash: sheet_create(owner=owner, visitor_hash=token_hash, model=model),
    )


def made(request: HttpRequest, make: Make) -> HttpResponse:
    """Make a sheet for whoever asks and open it; a visitor gets a token to come back with."""
    owner = request.user if request.user.is_authenticated else None
    token, token_hash = ("", "") if owner else visitors.ensure_token(request)
    try:
        sheet = make(owner, token_hash)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("lab-sheet-list")
    response = redirect("lab-sheet", sheet.pk)
    if not owner:
        visitors.remember(response, token)
    return response


@require_http_methods(["GET", "POST"])
@throttled(MOVES)
def sheet_page(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Show a sheet; a POST moves its levers, and a script gets the tree alone."""
    found = opened(request, sheet_id)
    if request.method == "POST":
        return _moved(request, found)
    if request.headers.get("HX-Target") == "explain":
        context = _context(request, found, found.page)
        return render(request, "metrics_lab/_sheet_explain.html", context)
    return _rendered(request, found, found.page)


@require_http_methods(["GET", "POST"])
@throttled(MOVES)
def sheet_check(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Check a sentence against the sheet's figures of today; a script gets the answer alone."""
    found = opened(request, sheet_id)
    check = check_sentence(found.page, request.POST.get("claim", ""))
    if request.headers.get("HX-Request"):
        context = {"sheet": found.row, "check": check}
        status = 422 if check and check.error else 200
        return render(request, "metrics_lab/_sheet_check.html", context, status=status)
    return _rendered(request, found, found.page, check=check)


def _moved(request: HttpRequest, found: Opened) -> HttpResponse:
    """Keep the levers as they were posted; what is open or wrong stays as it was typed."""
    if "reset" in request.POST:
        levers_save(sheet=found.row, levers=[], scenario=found.scenario)
        return redirect(found.address)
    page = replace(found.page, posted={key: request.POST[key] for key in request.POST})
    levers_save(sheet=found.row, levers=page.moves, scenario=found.scenario)
    if request.headers.get("HX-Request"):
        context = _context(request, found, page) | {"fragment": True}
        status = 422 if page.is_open else 200
        return render(request, "metrics_lab/_sheet_tree.html", context, status=status)
    if page.is_open:
        return _rendered(request, found, page)
    if "save" in request.POST:
        return _kept(request, found, page)
    _choose_star(found, request.POST.get("star", ""))
    return redirect(found.address)


def _kept(request: HttpRequest, found: Opened, page: SheetPage) -> HttpResponse:
    """Keep the levers under a name; the draft that got one is a draft no more."""
    try:
        named = scenario_add(sheet=found.row, name=request.POST.get("name", ""), levers=page.moves)
    except ValidationError as error:
        return _rendered(request, found, page, name_error=error.messages[0])
    if found.scenario is None:
        levers_save(sheet=found.row, levers=[], scenario=None)
    return redirect(address_of(found.row, named))


def _choose_star(found: Opened, symbol: str) -> None:
    model = found.page.sheet
    if symbol in model.symbols and symbol != model.top:
        sheet_edit(sheet=found.row, change=lambda stored: replace(stored, star=symbol))


def _rendered(
    request: HttpRequest,
    found: Opened,
    page: SheetPage,
    check: SentenceCheck | None = None,
    name_error: str = "",
) -> HttpResponse:
    context = _context(request, found, page) | {
        "check": check,
        "name_error": name_error,
        "name": request.POST.get("name", ""),
    }
    refused = page.is_open or name_error or (check and check.error)
    return render(request, "metrics_lab/sheet.html", context, status=422 if refused else 200)


def _context(request: HttpRequest, found: Opened, page: SheetPage) -> dict[str, Any]:
    wanted = request.GET.get("explain", "")
    explained = wanted if wanted in page.sheet.symbols else ""
    return {
        "tab": TAB,
        "part": "lab-sheet",
        "sheet": found.row,
        "page": page,
        "rows": [replace(row, url=_explain_url(found, row.symbol)) for row in page.rows],
        "origin": found.origin,
        "scenario": found.scenario,
        "scenario_tabs": _tabs(found),
        "action": found.address,
        "takers": takers_of(request),
        "test_url": _test_url(page),
        "explained": explained,
        "explained_label": page.sheet.label(explained) if explained else "",
        "steps": page.steps(explained) if explained else (),
        "lacks": page.lacks(explained) if explained else [],
    }


def _explain_url(found: Opened, symbol: str) -> str:
    query = {"scenario": found.scenario.pk} if found.scenario else {}
    return f"{reverse('lab-sheet', args=[found.row.pk])}?{urlencode({**query, 'explain': symbol})}"


def _tabs(found: Opened) -> list[dict[str, Any]]:
    draft = found.scenarios.draft
    first = {
        "url": reverse("lab-sheet", args=[found.row.pk]),
        "label": "Draft" if draft and draft.levers else "Today",
        "current": found.scenario is None,
    }
    named = [
        {
            "url": address_of(found.row, one),
            "label": one.name,
            "current": found.scenario is not None and one.pk == found.scenario.pk,
        }
        for one in found.scenarios.named
    ]
    return [first, *named]


def _test_url(page: SheetPage) -> str:
    """Return where a test of the first moved share can be sized; "" where there is none."""
    try:
        address = reverse("lab-experiment")
    except NoReverseMatch:
        return ""
    moved = (lever for lever in page.levers if lever.lever and lever.scale == 100)
    for lever in moved:
        query = {
            "kind": "rates",
            "metric": lever.label,
            "baseline": lever.today,
            "change": lever.slider,
            "change_as": "target",
        }
        return f"{address}?{urlencode(query)}"
    return ""
