"""The chart of the lab: which lever moves the star most, of those the student was given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from coach.lab.levers import bands_of
from coach.lab.setting import Setting
from metrics_lab.charts import tornado as drawing
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.graph import close
from metrics_lab.engine.sensitivity import Swing, tornado
from metrics_lab.engine.wording import format_value, plain
from metrics_lab.words import capital

TWICE = 1.5
SHORT = {"million": "M", "billion": "bn", "trillion": "tn"}


@dataclass(frozen=True)
class LabChart:
    """A chart as templates/components/chart_figure.html wants it; ``mark`` names its content."""

    title: str
    answer: str
    keys: list[dict[str, str]]
    svg: SafeString
    table: dict[str, Any]
    mark: str


def chart_of(setting: Setting) -> LabChart | None:
    """Return the tornado of the star; None while no lever that was given can move it.

    Each input goes over its plausible band alone, from today's values and the student's
    assumptions; an assumed input has no band, for its band would tell where the figure lies.
    """
    if not setting.is_computed:
        return None
    bands = bands_of(setting.case, setting.known & set(setting.inputs))
    try:
        swings = [s for s in tornado(setting.model, setting.star, bands) if s.width > 0]
    except ModelError:
        return None  # an assumption with which an end of a band cannot be computed
    if not swings:
        return None
    today = setting.model.evaluate()[setting.star]
    answer = _answer(setting, swings)
    svg = drawing.tornado_svg([_bar(setting, swing) for swing in swings], today, answer)
    return LabChart(
        title=f"Which lever moves {setting.model.label(setting.star)} most?",
        answer=f"{answer} Each moves alone over its plausible band.",
        keys=[
            {"label": "lowers it", "kind": "low"},
            {"label": "raises it", "kind": "high"},
            {"label": f"line: today, {_said(setting, setting.star, today)}", "kind": ""},
        ],
        svg=mark_safe(svg),  # noqa: S308 (drawn by us, its words are escaped)
        table=_table(setting, swings),
        mark=hashlib.sha256((answer + svg).encode()).hexdigest()[:16],
    )


def _said(setting: Setting, symbol: str, value: float) -> str:
    return format_value(value, setting.model.unit(symbol))


def _short(setting: Setting, value: float) -> str:
    """Return the star's value for the end of a bar: three digits, "$4.75 M"; the table has all."""
    said = _said(setting, setting.star, float(f"{value:.3g}"))
    for word, letters in SHORT.items():
        said = said.replace(f" {word}", f" {letters}")
    return said


def _band(setting: Setting, swing: Swing) -> tuple[str, str]:
    low, high = swing.band
    return _said(setting, swing.symbol, low), _said(setting, swing.symbol, high)


def _bar(setting: Setting, swing: Swing) -> drawing.Bar:
    return drawing.Bar(
        label=capital(setting.model.label(swing.symbol)),
        band=" to ".join(_band(setting, swing)),
        worst=swing.worst,
        best=swing.best,
        worst_words=_short(setting, swing.worst),
        best_words=_short(setting, swing.best),
    )


def _answer(setting: Setting, swings: list[Swing]) -> str:
    """Return the finding in one sentence: the widest swing, shared or how far ahead."""
    first, star = swings[0], setting.star
    ends = f"from {_said(setting, star, first.worst)} to {_said(setting, star, first.best)}"
    widest = [swing for swing in swings if close(swing.width, first.width)]
    names = " and ".join(setting.model.label(swing.symbol) for swing in widest)
    if len(widest) > 1:
        return f"{capital(names)} move it most, each {ends}."
    ahead = first.width / swings[1].width if len(swings) > 1 else 0
    lead = f", {plain(ahead, 2)} times as far as the next" if ahead >= TWICE else ""
    return f"{capital(names)} moves it most, {ends}{lead}."


def _table(setting: Setting, swings: list[Swing]) -> dict[str, Any]:
    star = setting.star
    name = setting.model.label(star)
    return {
        "caption": f"{capital(name)} when one lever moves alone. All figures are hypothetical.",
        "columns": ["Lever", "Low end", "High end", "At the low end", "At the high end", "Width"],
        "rows": [
            [
                capital(setting.model.label(swing.symbol)),
                *_band(setting, swing),
                _said(setting, star, swing.at_low),
                _said(setting, star, swing.at_high),
                _said(setting, star, swing.width),
            ]
            for swing in swings
        ],
    }
