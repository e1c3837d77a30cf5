"""Check a sentence against a sheet: only its own figures, and only those with a value."""

from __future__ import annotations

from dataclasses import dataclass

from metrics_lab.engine.claim import ClaimCheck, ClaimModel, check
from metrics_lab.engine.errors import ModelError
from metrics_lab.sheet_page import SheetPage
from metrics_lab.words import ERROR_WORDS, capital

LONGEST = 600
AS_READ = "This is how it was read. If you meant something else, say the base and the period."
NOTHING = (
    "No number in it could be tied to a figure of this sheet. Name the figure and its number, as "
    "in “if conversion doubles, orders double”."
)
UNREADABLE = "This sentence could not be read. Put it in other words."


@dataclass(frozen=True)
class CheckRow:
    """One claim as metrics_lab/_claim.html wants it."""

    verdict: str
    label: str
    quote: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class SentenceCheck:
    """What became of a sentence: its claims, or a remark where there is none to judge."""

    text: str
    rows: tuple[CheckRow, ...] = ()
    remark: str = ""
    error: str = ""


def check_sentence(page: SheetPage, text: str) -> SentenceCheck | None:
    """Return the checks of a sentence against a sheet's values of today; None for no sentence."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST:
        return SentenceCheck(text, error=f"At most {LONGEST} characters; this has {len(text)}.")
    model = claim_model(page)
    if model is None:
        return SentenceCheck(text, remark=page.problem or NOTHING)
    try:
        checks = check(text, model)
    except ModelError:
        return SentenceCheck(text, remark=UNREADABLE)
    rows = tuple(_row(found) for found in checks if found.verdict != "none")
    return SentenceCheck(text, rows, "" if rows else NOTHING)


def claim_model(page: SheetPage) -> ClaimModel | None:
    """Return what a sentence can be checked against: what the sheet can compute."""
    if page.computed is None or not page.computed.model.given:
        return None
    model, sheet = page.computed.model, page.sheet
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
    relations = [f"{rule.symbol} = {rule.formula.text}" for rule in model.rules]
    bands = {s: item.band for s, item in sheet.inputs.items() if item.band and s in model.given}
    return ClaimModel(dict(model.given), symbols, relations, bands)


def _row(found: ClaimCheck) -> CheckRow:
    lines = tuple(capital(step) for step in found.steps)
    if found.verdict in ("correct", "close"):
        label = "Correct" if found.verdict == "correct" else "Close"
        return CheckRow("correct", label, found.quote, lines)
    named = ERROR_WORDS.get(found.error or "", "")
    if found.verdict == "wrong" and found.certain:
        return CheckRow("wrong", f"Wrong: {named}" if named else "Wrong", found.quote, lines)
    label = "Two readings" if found.verdict == "ambiguous" else "A question"
    return CheckRow("unclear", label, found.quote, (*lines, AS_READ))
