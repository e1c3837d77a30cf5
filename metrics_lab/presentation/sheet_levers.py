"""The levers of a sheet: read what was typed, say what is wrong next to it, draw the slider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from metrics_lab.engine.errors import LeverError
from metrics_lab.engine.moves import Ask, Target, applied, read_move
from metrics_lab.engine.scenario import How, Lever
from metrics_lab.engine.sheet.model import Input
from metrics_lab.engine.wording import format_value, kind_of
from metrics_lab.forms.numbers import read_number
from metrics_lab.presentation import slider
from metrics_lab.words import capital, ends_at_one, is_share, plain_number

HOWS = get_args(How)


@dataclass(frozen=True)
class SheetLever:
    """An input as a slider, a way and a field, in the unit people read: percent for a share.

    ``error`` says why what was typed is not used, ``ask`` what it can mean, ``note`` what is odd.
    """

    symbol: str
    label: str
    how: How
    ways: tuple[tuple[str, str], ...]
    text: str
    scale: float
    slider: str
    min: str
    max: str
    step: str
    low_words: str
    high_words: str
    today_words: str
    today: str
    today_percent: int
    moved: bool
    hide_low: bool
    hide_high: bool
    error: str = ""
    note: str = ""
    ask: Ask | None = None
    meaning: str = ""
    lever: Lever | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a correction or an answer."""
        return bool(self.error or (self.ask and self.lever is None))


def levers_from(
    inputs: Sequence[Input], stored: Sequence[Lever], posted: Mapping[str, str] | None = None
) -> list[SheetLever]:
    """Return a lever for each input with a value.

    Args:
        stored: what is kept of the scenario that is shown.
        posted: the form's fields as typed; None shows what is stored.
    """
    kept = {lever.symbol: lever for lever in stored}
    return [
        _lever(item, item.point, kept.get(item.symbol), posted)
        for item in inputs
        if item.point is not None
    ]


def target_of(item: Input, today: float) -> Target:
    """Return what a lever on an input has to know."""
    unit = item.unit or "number"
    share = is_share(unit, today)
    return Target(item.symbol, capital(item.label), unit, today, share, ends_at_one(unit))


def text_of(lever: Lever, share: bool) -> str:
    """Return a stored lever as it stands in its field: "2.4", "+0.5", "+10"."""
    scale = 100.0 if share else 1.0
    if lever.how == "set":
        return plain_number(lever.amount * scale)
    number = (lever.amount - 1) * 100 if lever.how == "times" else lever.amount * scale
    number = round(number, 9)
    return f"{'+' if number > 0 else ''}{plain_number(number)}"


def _lever(
    item: Input, today: float, kept: Lever | None, posted: Mapping[str, str] | None
) -> SheetLever:
    target = target_of(item, today)
    if posted is None or f"lever-{item.symbol}" not in posted:
        how: How = kept.how if kept else "set"
        shown = kept or Lever(item.symbol, "set", today)
        return _drawn(item, target, how, text_of(shown, target.share), kept)
    return _typed(item, target, posted)


def _typed(item: Input, target: Target, posted: Mapping[str, str]) -> SheetLever:
    text = posted[f"lever-{item.symbol}"].strip()[:40]
    chosen = posted.get(f"how-{item.symbol}", "set")
    how: How = cast(How, chosen) if chosen in HOWS else "set"
    meaning = posted.get(f"mean-{item.symbol}", "")
    if not text:
        return _drawn(item, target, "set", text_of(_still(target), target.share), None)
    try:
        asked = read_move(text, how, target, read_number)
        found = read_move(text, how, target, read_number, meaning)
    except LeverError as error:
        return _drawn(item, target, how, text, None, error=str(error))
    ask = asked if isinstance(asked, Ask) else None
    lever = None if isinstance(found, Ask) else found
    return _drawn(item, target, how, text, lever, ask=ask, meaning=meaning if lever else "")


def _still(target: Target) -> Lever:
    return Lever(target.symbol, "set", target.today)


def _drawn(
    item: Input,
    target: Target,
    how: How,
    text: str,
    lever: Lever | None,
    *,
    error: str = "",
    ask: Ask | None = None,
    meaning: str = "",
) -> SheetLever:
    value = applied(lever, target.today) if lever else target.today
    moved = abs(value - target.today) > 1e-12 * max(1.0, abs(target.today))
    low, high = _ends(item, target)
    width, scale = high - low, 100.0 if target.share else 1.0
    percent = round(100 * (target.today - low) / width)
    ends = format_value(low, target.unit), format_value(high, target.unit)
    today = format_value(target.today, target.unit)
    hide_low, hide_high = slider.hidden_ends(percent, f"today {today}", *ends)
    return SheetLever(
        symbol=item.symbol,
        label=target.label,
        how=how,
        ways=ways_of(target),
        text=text,
        scale=scale,
        slider=plain_number(value * scale),
        min=plain_number(low * scale),
        max=plain_number(high * scale),
        step=plain_number(width * scale / slider.STEPS),
        low_words=ends[0],
        high_words=ends[1],
        today_words=today,
        today=plain_number(target.today * scale),
        today_percent=percent,
        moved=moved,
        hide_low=hide_low,
        hide_high=hide_high,
        error=error,
        note=_odd(item, value, target.unit) if moved and not error else "",
        ask=ask,
        meaning=meaning,
        lever=lever if moved else None if not ask else lever,
    )


def ways_of(target: Target) -> tuple[tuple[str, str], ...]:
    """Return the three ways to move a figure, each with the unit it takes."""
    if target.share:
        return (("set", "Set to, in %"), ("add", "Add points"), ("times", "Change by % of it"))
    sign = " $" if kind_of(target.unit) == "money" and "usd" in target.unit.lower() else ""
    return (("set", f"Set to{sign}"), ("add", f"Add{sign}"), ("times", "Change by %"))


def _ends(item: Input, target: Target) -> tuple[float, float]:
    """Return how far the slider goes: the band or the range, else from half to half as much."""
    today = target.today
    if item.band:
        low, high = sorted(item.band)
    elif item.low is not None and item.high is not None:
        low, high = item.low, item.high
    else:
        low, high = sorted((today * 0.5, today * 1.5))
    low, high = min(low, today), max(high, today)
    high = min(high, 1.0) if target.ends_at_one else high
    if high > low:
        return low, high
    return (0.0, 1.0) if target.ends_at_one else (low, low + (abs(low) or 1.0))


def _odd(item: Input, value: float, unit: str) -> str:
    if not item.has_range or item.low is None or item.high is None:
        return ""
    if item.low <= value <= item.high:
        return ""
    ends = f"{format_value(item.low, unit)} to {format_value(item.high, unit)}"
    return f"Outside its range {ends}. It is computed all the same; say why it could be."
