"""Figures on their way out: a table as CSV, a model as CSV and as a workbook that still computes.

Nothing here reads a clock: the same model gives the same bytes.
"""

from collections.abc import Sequence
from types import MappingProxyType

from metrics_lab.engine.export.csv_table import Cell, Column, ExportTable, csv_of, safe_text
from metrics_lab.engine.export.model_words import (
    HYPOTHETICAL,
    Ranges,
    Scenario,
    formula_words,
    overrides_from,
    unit_words,
)
from metrics_lab.engine.export.workbook import xlsx_of
from metrics_lab.engine.graph import Model
from metrics_lab.engine.simulate import model_hash

__all__ = [
    "Cell",
    "Column",
    "ExportTable",
    "Scenario",
    "csv_of",
    "model_hash",
    "model_table",
    "overrides_from",
    "safe_text",
    "xlsx_of",
]


def model_table(
    model: Model,
    scenarios: Sequence[Scenario],
    note: str = "",
    ranges: Ranges = MappingProxyType({}),
) -> ExportTable:
    """Return a model with one column a scenario, and which scenarios set a figure by hand.

    Raises:
        ModelError: a scenario names an unknown symbol, or a formula has no value in it.
    """
    values = [model.evaluate(overrides) for _, overrides in scenarios]
    heads = ("Figure", "Symbol", "Unit", "Formula")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            model.label(symbol),
            symbol,
            unit_words(model, symbol),
            formula_words(model, symbol, ranges),
            *(column[symbol] for column in values),
            "; ".join(name for name, overrides in scenarios if symbol in overrides),
        )
        for symbol in model.symbols
    )
    names = (*heads, *(name for name, _ in scenarios), "Set by hand in")
    notes = (HYPOTHETICAL, *([note] if note else []), f"Model {model_hash(model, ranges)}.")
    return ExportTable(tuple(Column(name) for name in names), rows, notes)
