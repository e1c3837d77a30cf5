"""The parts of a sheet: its inputs and formulas, each with a page of its own to change it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import posted_from
from metrics_lab.access import access_sheet
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.expr import FormulaError
from metrics_lab.engine.sheet.model import Derived, Input, check_unit, formula_of, symbol_for
from metrics_lab.engine.sheet.model import Sheet as Model
from metrics_lab.engine.wording import format_value, with_unit
from metrics_lab.forms.sheets import FormulaForm, GuessForm, InputForm, TitleForm, input_initial
from metrics_lab.models import Sheet
from metrics_lab.presentation.sheet import SheetPage
from metrics_lab.presentation.sheet_rows import STATUS_WORDS, range_words
from metrics_lab.selectors import model_in
from metrics_lab.services import sheet_delete, sheet_edit, sheet_undo
from metrics_lab.views.sheets import TAB
from metrics_lab.words import capital

PART = "lab-sheet-parts"
UNDO = "It can be undone on this page."


@require_GET
def parts(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """List a sheet's inputs and formulas."""
    sheet = access_sheet(request, sheet_id)
    return _list(request, sheet, TitleForm(initial={"title": sheet.title}))


@posted_from("lab-sheet-parts", "sheet_id")
def title(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Give a sheet another name."""
    sheet = access_sheet(request, sheet_id)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _list(request, sheet, form, status=422)
    named = form.cleaned_data["title"]
    sheet_edit(sheet=sheet, change=lambda model: replace(model, title=named))
    return redirect(PART, sheet.pk)


@require_http_methods(["GET", "POST"])
def input_edit(request: HttpRequest, sheet_id: uuid.UUID, symbol: str = "") -> HttpResponse:
    """Add an input, or change the one of a symbol."""
    sheet = access_sheet(request, sheet_id)
    before = model_in(sheet).inputs.get(symbol)
    if symbol and before is None:
        raise Http404("No such input.")
    initial = input_initial(before) if before else {"status": "assumed"}
    form = InputForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():

        def change(model: Model) -> Model:
            name = symbol or symbol_for(form.cleaned_data["label"], model.symbols)
            return model.with_input(form.input(name, before))

        if _tried(sheet, form, change):
            return redirect(PART, sheet.pk)
    return _form(request, sheet, form, symbol, "input")


@require_http_methods(["GET", "POST"])
def guesses(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Guess values for the inputs beneath the star that have none; each is marked as assumed."""
    sheet = access_sheet(request, sheet_id)
    form = GuessForm(request.POST or None, SheetPage(model_in(sheet)).gaps)
    if request.method == "POST" and form.is_valid():

        def change(model: Model) -> Model:
            for item in form.inputs():
                model = model.with_input(item)
            return model

        if _tried(sheet, form, change):
            return redirect("lab-sheet", sheet.pk)
    return _form(request, sheet, form, "", "guesses")


@require_http_methods(["GET", "POST"])
def formula_edit(request: HttpRequest, sheet_id: uuid.UUID, symbol: str = "") -> HttpResponse:
    """Add a figure with a formula, or change the one of a symbol."""
    sheet = access_sheet(request, sheet_id)
    before = model_in(sheet).derived.get(symbol)
    if symbol and before is None:
        raise Http404("No such formula.")
    form = FormulaForm(request.POST or None, initial=_formula_initial(before))
    if request.method == "POST" and form.is_valid():

        def change(model: Model) -> Model:
            return _with_formula(model, form, symbol)

        if _tried(sheet, form, change):
            return redirect(PART, sheet.pk)
    return _form(request, sheet, form, symbol, "formula")


@posted_from("lab-sheet-parts", "sheet_id")
def remove(request: HttpRequest, sheet_id: uuid.UUID, symbol: str) -> HttpResponse:
    """Remove an input or a formula; undo brings it back."""
    sheet = access_sheet(request, sheet_id)
    model = model_in(sheet)
    if symbol not in model.symbols:
        raise Http404("No such figure.")
    try:
        sheet_edit(sheet=sheet, change=lambda stored: stored.without(symbol))
    except ModelError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{capital(model.label(symbol))} was removed. {UNDO}")
    return redirect(PART, sheet.pk)


@posted_from("lab-sheet-parts", "sheet_id")
def undo(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Take the last change of the sheet back; a second time brings it again."""
    sheet = access_sheet(request, sheet_id)
    if sheet_undo(sheet=sheet):
        messages.success(request, "The last change was taken back.")
    return redirect(PART, sheet.pk)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Ask before deleting a sheet, and delete it."""
    sheet = access_sheet(request, sheet_id)
    if request.method == "POST":
        sheet_delete(sheet=sheet)
        messages.success(request, f"“{sheet.title}” was deleted.")
        return redirect("lab-sheet-list")
    context = {"tab": TAB, "part": PART, "sheet": sheet}
    return render(request, "metrics_lab/sheet_delete.html", context)


def _with_formula(model: Model, form: FormulaForm, symbol: str) -> Model:
    """Return the model with the typed formula, in the unit that was found if none was typed."""
    name = symbol or symbol_for(form.cleaned_data["label"], model.symbols)
    item = form.derived(name)
    if before := model.derived.get(name):
        item = replace(item, aliases=before.aliases, note=before.note)
    if form.cleaned_data["add_missing"]:
        model = _with_missing(model, item)
    held = formula_of(item.formula).names <= set(model.symbols) if _reads(item) else False
    if held and not item.unit:
        item = replace(item, unit=check_unit(model, item))
    return model.with_relation(item)


def _with_missing(model: Model, item: Derived) -> Model:
    names = formula_of(item.formula).in_order if _reads(item) else ()
    for name in names:
        if name not in model.symbols and name != item.symbol:
            model = model.with_input(Input(name, name.replace("_", " "), status="unknown"))
    return model


def _reads(item: Derived) -> bool:
    try:
        formula_of(item.formula)
    except FormulaError:
        return False  # said at the field, when the whole sheet is checked
    return True


def _tried(sheet: Sheet, form: forms.Form, change: Callable[[Model], Model]) -> bool:
    """Store a change, or say at the field what is wrong with it."""
    try:
        sheet_edit(sheet=sheet, change=change)
    except ModelError as error:
        name = getattr(error, "field", "") or _field_at_fault(form)
        form.add_error(name if name in form.fields else None, capital(str(error)))
        return False
    return True


def _field_at_fault(form: forms.Form) -> str:
    return "formula" if "formula" in form.fields else "value"


def _formula_initial(before: Derived | None) -> dict[str, Any]:
    if before is None:
        return {}
    return {"label": before.label, "formula": before.formula, "unit": before.unit}


def _list(request: HttpRequest, sheet: Sheet, form: TitleForm, status: int = 200) -> HttpResponse:
    context = {"form": form, **parts_of(sheet)}
    return render(request, "metrics_lab/sheet_parts.html", context, status=status)


def _form(
    request: HttpRequest, sheet: Sheet, form: forms.Form, symbol: str, kind: str
) -> HttpResponse:
    context = {"form": form, "symbol": symbol, "kind": kind, **parts_of(sheet)}
    status = 422 if form.errors else 200
    return render(request, "metrics_lab/sheet_part.html", context, status=status)


def parts_of(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet's inputs and formulas as rows of a table."""
    page = SheetPage(model_in(sheet))
    today = page.outcome.before
    return {
        "tab": TAB,
        "part": PART,
        "sheet": sheet,
        "problem": page.problem,
        "inputs": [_input_row(item) for item in page.sheet.inputs.values()],
        "formulas": [_formula_row(item, today.get(item.symbol)) for item in page.sheet.relations],
    }


def _formula_row(item: Derived, value: float | None) -> dict[str, Any]:
    unit = item.unit or "number"
    return {
        "item": item,
        "label": capital(item.label),
        "today": "?" if value is None else format_value(value, unit),
        "spoken": "?" if value is None else with_unit(value, unit),
    }


def _input_row(item: Input) -> dict[str, Any]:
    return {
        "item": item,
        "label": capital(item.label),
        "value": "?" if item.point is None else format_value(item.point, item.unit or "number"),
        "spoken": "?" if item.point is None else with_unit(item.point, item.unit or "number"),
        "range": range_words(item),
        "status": STATUS_WORDS[item.status],
    }
