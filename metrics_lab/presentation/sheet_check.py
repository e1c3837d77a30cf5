"""Check a sentence against a sheet: only its own figures, and only those with a value."""

from __future__ import annotations

from dataclasses import replace

from metrics_lab.engine.claim import ClaimModel, check
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.sheet.model import Computed, Sheet, model_of
from metrics_lab.engine.together import correlations_of
from metrics_lab.presentation.claim_check import (
    UNREADABLE,
    CheckRow,
    SentenceCheck,
    row_of,
    too_long,
)
from metrics_lab.presentation.sheet import SheetPage

NOTHING = (
    "No number in it could be tied to a figure of this sheet. Name the figure and its number, as "
    "in “if conversion doubles, orders double”."
)


def check_sentence(page: SheetPage, text: str) -> SentenceCheck | None:
    """Return the checks of a sentence against a sheet's values of today; None for no sentence."""
    text = text.strip()
    if not text:
        return None
    if refused := too_long(text):
        return refused
    if page.computed is None:
        return SentenceCheck(text, remark=page.problem)
    try:
        opened = page.sheet.ambiguities
        rows = _by_reading(text, page.sheet) if opened else _rows(text, page.sheet, page.computed)
    except ModelError:
        return SentenceCheck(text, remark=UNREADABLE)
    return SentenceCheck(text, rows, "" if rows else NOTHING)


def claim_model(sheet: Sheet, computed: Computed) -> ClaimModel:
    """Return what a sentence can be checked against: what the sheet can compute."""
    model = computed.model
    aliases = {symbol: item.aliases for symbol, item in sheet.inputs.items()}
    aliases |= {item.symbol: item.aliases for item in sheet.relations}
    symbols = {
        symbol: {
            "label": sheet.label(symbol),
            "unit": sheet.unit(symbol),
            "aliases": list(aliases[symbol]),
        }
        for symbol in model.symbols
    }
    held = [item for symbol, item in sheet.inputs.items() if symbol in model.given]
    ranges = {
        item.symbol: (item.low, item.high)
        for item in held
        if item.low is not None and item.high is not None
    }
    return ClaimModel(
        dict(model.given),
        symbols,
        [f"{rule.symbol} = {rule.formula.text}" for rule in model.rules],
        {item.symbol: item.band for item in held if item.band},
        ranges=ranges,
        correlations=correlations_of(sheet.together, ranges),
    )


def _by_reading(text: str, sheet: Sheet) -> tuple[CheckRow, ...]:
    """Check under each reading of a word that is open: what holds under one is not simply right."""
    found = [
        (
            f" if “{ambiguity.term}” means {reading.meaning}",
            _rows(text, sheet, model_of(sheet, reading.values)),
        )
        for ambiguity in sheet.ambiguities
        for reading in ambiguity.readings
    ]
    same = [row for row in found[0][1] if all(row in rows for _, rows in found)] if found else []
    apart = [
        replace(row, label=f"{row.label}{condition}")
        for condition, rows in found
        for row in rows
        if row not in same
    ]
    return (*same, *apart)


def _rows(text: str, sheet: Sheet, computed: Computed) -> tuple[CheckRow, ...]:
    if not computed.model.given:
        return ()
    checks = check(text, claim_model(sheet, computed))
    return tuple(row_of(found) for found in checks if found.verdict != "none")
