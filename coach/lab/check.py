"""Check a sentence in the lab, without telling what was not asked for.

The checker knows the whole case. A verdict on a figure that hangs on something hidden would give
it away, if only by trying numbers until one is right; such a claim is named, and not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from coach import cases
from coach.lab.setting import Setting, model_of
from coach.models import CaseKey
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.wording import format_value
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
    secret = Secret.of(key, setting.known, text)
    rows = [_row(check, secret) for check in checks if check.verdict != "none"]
    return SentenceCheck(text, tuple(rows), "" if rows else NOTHING)


@dataclass(frozen=True)
class Secret:
    """What must not be told: symbols with something unasked for beneath them, and their words."""

    symbols: frozenset[str]
    names: tuple[re.Pattern[str], ...]
    values: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, key: CaseKey, known: AbstractSet[str], text: str) -> Secret:
        """Return what is hidden from somebody who knows ``known`` and wrote ``text``."""
        claims, model = cases.claim_model_of(key), model_of(key)
        hidden = {
            symbol
            for symbol in model.symbols
            if symbol not in known and (symbol in model.given or _inputs(key, symbol) - known)
        }
        hidden |= {symbol for symbol in claims.symbols if symbol not in model.symbols} - known
        today = model.evaluate()
        told = {format_value(today[s], model.unit(s)) for s in today if s not in hidden}
        values = {format_value(today[s], model.unit(s)) for s in today if s in hidden} - told
        written = _bare(text)  # the steps repeat the writer's own numbers
        return cls(
            frozenset(hidden),
            _patterns(_names(claims, hidden)),
            _patterns(v for v in values if not v.isdigit() and _bare(v) not in written),
        )

    def tells(self, check: ClaimCheck) -> bool:
        """Say whether showing a check would tell something hidden."""
        if check.symbol is not None and check.symbol in self.symbols:
            return True
        steps = [step.casefold() for step in check.steps]
        return any(p.search(step) for p in (*self.names, *self.values) for step in steps)


def _inputs(key: CaseKey, symbol: str) -> frozenset[str]:
    model = model_of(key)
    return model.ancestors(symbol) & model.given.keys()


def _names(claims: ClaimModel, hidden: Iterable[str]) -> set[str]:
    return {str(claims.symbols[s].get("label", "")) for s in hidden if s in claims.symbols} - {""}


def _bare(text: str) -> str:
    """Return a text without spaces, so that "12 %" and "12%" are one number."""
    return re.sub(r"\s", "", text.casefold())


def _patterns(words: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Return what finds each as a whole: "$6" is not part of "$6.0 million"."""
    return tuple(
        re.compile(rf"(?<![\w.,]){re.escape(word.casefold())}(?!\w|[.,]\d| (?:m|b|tr)illion)")
        for word in sorted(words)
    )


def _row(check: ClaimCheck, secret: Secret) -> CheckRow:
    if secret.tells(check):
        return CheckRow("unknown", "Not checked", check.quote, (HELD_BACK,))
    return row_of(check)
