"""The levers of the lab: read what was typed, say what is wrong next to it, draw the slider."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from metrics_lab.engine.graph import Model
from metrics_lab.engine.wording import format_value, kind_of
from metrics_lab.forms.numbers import read_number
from metrics_lab.presentation import slider
from metrics_lab.words import capital, ends_at_one, is_share, plain_number
from questions.case import Baseline, Case


@dataclass(frozen=True)
class LabLever:
    """An input as a slider and a field, in the unit people read: percent for a share.

    ``error`` says why what was typed is not used, ``note`` what is odd about what is used.
    """

    symbol: str
    label: str
    value: str
    min: str
    max: str
    step: str
    unit: str
    unit_before: bool
    low_words: str
    high_words: str
    today_words: str
    today: str
    today_percent: int
    moved: bool
    error: str = ""
    note: str = ""
    hide_low: bool = False
    hide_high: bool = False


@dataclass(frozen=True)
class Gap:
    """An input that was not asked for: a field for the student's own assumption."""

    symbol: str
    label: str
    value: str
    error: str
    unit: str


def read_fields(
    model: Model, inputs: Iterable[str], posted: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the values of the fields in the model's units, and what is wrong, by symbol."""
    values: dict[str, float] = {}
    errors: dict[str, str] = {}
    for symbol in inputs:
        if not (text := posted.get(symbol, "").strip()):
            continue
        try:
            values[symbol] = _read(text, model, symbol)
        except ValueError as error:
            errors[symbol] = str(error)
    return values, errors


def _read(text: str, model: Model, symbol: str) -> float:
    """Read one field; the ValueError says what is wrong in the reader's words."""
    label, unit = capital(model.label(symbol)), model.unit(symbol)
    share = is_share(unit, model.given[symbol])
    if "%" in text and not share:
        raise ValueError(f"{label} is not a percentage. Leave out the % sign.")
    value = read_number(text)
    if value is None:
        raise ValueError(f"{label} needs a number, such as 2.5.")
    if value < 0 and model.given[symbol] >= 0:
        raise ValueError(f"{label} cannot be below 0.")
    value = value / 100 if share else value
    if value > 1 and ends_at_one(unit):
        whole = format_value(value, "share")
        raise ValueError(f"{label} would be {whole}: a share ends at 100 %.")
    return value


def lever_of(
    case: Case, model: Model, symbol: str, value: float, typed: str, error: str
) -> LabLever:
    """Return the lever of an input; ``typed`` is kept in the field where it was refused."""
    baseline = case.baselines[symbol]
    unit = model.unit(symbol)
    scale = 100.0 if is_share(unit, baseline.value) else 1.0
    low, high = min(*baseline.band, baseline.value), max(*baseline.band, baseline.value)
    width = high - low or abs(baseline.value) or 1.0
    percent = round(100 * (baseline.value - low) / width)
    ends = format_value(low, unit), format_value(low + width, unit)
    today = format_value(baseline.value, unit)
    hide_low, hide_high = slider.hidden_ends(percent, f"today {today}", *ends)
    return LabLever(
        symbol=symbol,
        label=capital(model.label(symbol)),
        value=typed if error else plain_number(value * scale),
        min=plain_number(low * scale),
        max=plain_number((low + width) * scale),
        step=plain_number(width * scale / slider.STEPS),
        unit="%" if scale == 100 else "$" if kind_of(unit) == "money" else "",
        unit_before=kind_of(unit) == "money",
        low_words=ends[0],
        high_words=ends[1],
        today_words=today,
        today=plain_number(baseline.value * scale),
        today_percent=percent,
        moved=value != model.given[symbol],
        error=error,
        note="" if error else _odd(baseline, value, unit),
        hide_low=hide_low,
        hide_high=hide_high,
    )


def gap_of(model: Model, symbol: str, typed: str, error: str) -> Gap:
    """Return the field of an input that was not asked for; its band stays hidden as well."""
    unit = model.unit(symbol)
    sign = "%" if is_share(unit, model.given[symbol]) else "$" if kind_of(unit) == "money" else ""
    return Gap(symbol, capital(model.label(symbol)), typed, error, sign)


def bands_of(case: Case, symbols: AbstractSet[str]) -> dict[str, tuple[float, float]]:
    """Return the plausible bands of inputs that can move at all."""
    bands = {symbol: case.baselines[symbol].band for symbol in sorted(symbols)}
    return {symbol: band for symbol, band in bands.items() if band[0] != band[1]}


def _odd(baseline: Baseline, value: float, unit: str) -> str:
    low, high = sorted(baseline.band)
    if low <= value <= high or math.isclose(value, baseline.value):
        return ""
    ends = f"{format_value(low, unit)} to {format_value(high, unit)}"
    return f"Outside the plausible band {ends}. It is computed all the same; say why it could be."
