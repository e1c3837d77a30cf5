"""A sheet with its scenarios as CSV and as a workbook whose formulas still compute."""

from __future__ import annotations

from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.export.models import Scenario, csv_of, model_table, overrides_from, xlsx_of
from metrics_lab.engine.graph import Model
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sheet.model import model_of
from metrics_lab.engine.together import correlations_of
from metrics_lab.models import Sheet
from metrics_lab.presentation.sheet import SheetPage, outcome_of
from metrics_lab.selectors import model_in, moved_scenarios, ranges_of

TODAY = "Today"


def sheet_csv(sheet: Sheet) -> str:
    """Return today and each scenario as columns; raises ModelError for an unsound sheet."""
    model, columns, _, note = _columns(sheet)
    return csv_of(model_table(model, columns, note))


def sheet_xlsx(sheet: Sheet) -> bytes:
    """Return the workbook of a sheet; raises ModelError for an unsound sheet."""
    model, columns, levers, note = _columns(sheet)
    stored = model_in(sheet)
    ranges = {s: r for s, r in ranges_of(stored).items() if s in model.given}
    together = correlations_of(stored.together, ranges)
    return xlsx_of(model, columns, sheet.title, note, ranges, together, levers)


def _columns(sheet: Sheet) -> tuple[Model, list[Scenario], list[list[Lever]], str]:
    """Return the model, its columns (today first), the levers of each, and what is left out."""
    stored = model_in(sheet)
    computed = model_of(stored)
    if not computed.model.symbols:
        raise ModelError("", "There is no figure with a value to write yet.")
    columns: list[Scenario] = [(TODAY, {})]
    pulled: list[list[Lever]] = [[]]
    for name, levers in moved_scenarios(sheet, stored):
        outcome, problem = outcome_of(computed, levers)
        if not problem:
            columns.append((name, overrides_from(computed.model, outcome.after)))
            pulled.append(levers)
    return computed.model, columns, pulled, _note(SheetPage(stored))


def _note(page: SheetPage) -> str:
    missing = sorted(page.computed.missing) if page.computed else []
    if not missing:
        return ""
    names = ", ".join(page.sheet.label(symbol) for symbol in missing)
    return f"Without a value, and left out: {names}."
