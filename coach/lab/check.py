"""Check a sentence in the lab, without telling what was not asked for.

The checker knows the whole case. A verdict on a figure that hangs on something hidden would give
it away, if only by trying numbers until one is right; such a claim is named, and not checked.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from coach import cases
from coach.lab.setting import Setting, model_of
from coach.models import CaseKey
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.claim.telling import told_steps
from metrics_lab.engine.errors import ModelError
from metrics_lab.presentation.claim_check import (
    UNREADABLE,
    CheckRow,
    SentenceCheck,
    row_of,
    too_long,
)

HELD_BACK = "This hangs on figures you have not asked for, so the lab does not judge it yet."
NOTHING = (
    "No number in it could be tied to a figure of this case. Only figures of this case can be "
    "checked: name the figure and its number, as in “if conversion doubles, orders double”."
)


def check_sentence(key: CaseKey, setting: Setting, text: str) -> SentenceCheck | None:
    """Return the checks of a sentence; None where there is none.

    Args:
        setting: tells what the student has been given; what they only assume is not part of the
            case, and a claim that hangs on it is held back.
    """
    text = text.strip()
    if not text:
        return None
    if refused := too_long(text):
        return refused
    try:
        checks = cases.number_checker_of(key)(text)
    except ModelError:
        return SentenceCheck(text, remark=UNREADABLE)
    hidden = _hidden(key, setting.known)
    rows = [_row(check, hidden, setting.known) for check in checks if check.verdict != "none"]
    return SentenceCheck(text, tuple(rows), "" if rows else NOTHING)


def _hidden(key: CaseKey, known: AbstractSet[str]) -> frozenset[str]:
    """Return the symbols that have something beneath them which somebody who knows these does
    not."""
    claims, model = cases.claim_model_of(key), model_of(key)
    hidden = {
        symbol
        for symbol in model.symbols
        if symbol not in known and (symbol in model.given or _inputs(key, symbol) - known)
    }
    return frozenset(hidden | ({s for s in claims.symbols if s not in model.symbols} - known))


def _inputs(key: CaseKey, symbol: str) -> frozenset[str]:
    model = model_of(key)
    return model.ancestors(symbol) & model.given.keys()


def _row(check: ClaimCheck, hidden: AbstractSet[str], known: AbstractSet[str]) -> CheckRow:
    told = None if check.symbol in hidden else told_steps(check.steps, check.sources, known)
    if told is None:
        return CheckRow("unknown", "Not checked", check.quote, (HELD_BACK,))
    return row_of(replace(check, steps=told))
