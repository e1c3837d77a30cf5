"""The tornado: how far the target moves when each lever alone goes over its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.rows import LEFT_EDGE, RIGHT_EDGE, cut, named_rows, row_words
from metrics_lab.charts.svg import (
    HIGH,
    INK,
    LETTER,
    LINE,
    LOW,
    QUIET,
    both_sizes,
)

MOST_BARS = 10
BAR = 16
SIDE = 84
"""Room on both sides for the values at the ends of the bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One lever of a tornado: the target's values at its worse and better end, and their words."""

    label: str
    band: str
    worst: float
    best: float
    worst_words: str
    best_words: str


def tornado_svg(bars: Sequence[Bar], today: float, title: str) -> str:
    """Return a tornado as SVG for a phone and for a wide page, with ``title`` as its words.

    At most the ten widest bars are drawn; the table beneath a chart holds all.
    """
    shown = tuple(bars[:MOST_BARS])
    return both_sizes(lambda width: _tornado(shown, today, width), title)


def _tornado(bars: Sequence[Bar], today: float, width: int) -> dict[str, Any]:
    rows = [
        {
            **_line(bar, width),
            "from": min(bar.worst, today),
            "to": max(bar.best, today),
            "low": bar.worst_words,
            "high": bar.best_words,
            "today": today,
        }
        for bar in bars
    ]
    return {
        **named_rows(rows),
        "width": width,
        "layer": [
            _span("from", "today", LOW, width, rows),
            _span("today", "to", HIGH, width, rows),
            _today(),
            row_words("label", LEFT_EDGE, INK, align="left"),
            row_words("band", RIGHT_EDGE, QUIET, align="right"),
            row_words("low", _at("from"), QUIET, align="right", dx=-6, dy=9),
            row_words("high", _at("to"), QUIET, align="left", dx=6, dy=9),
        ],
    }


def _line(bar: Bar, width: int) -> dict[str, str]:
    """Return the words over a bar: the band goes first where both do not fit, then the end."""
    room = int(width / LETTER)
    if len(bar.label) + len(bar.band) + 2 <= room:
        return {"label": bar.label, "band": bar.band}
    return {"label": cut(bar.label, room), "band": ""}


def _span(
    start: str, end: str, colour: str, width: int, rows: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    low, high = min(row["from"] for row in rows), max(row["to"] for row in rows)
    if low == high:
        low, high = low - 1, high + 1
    scale = {"domain": [low, high], "range": [SIDE, width - SIDE], "nice": False, "zero": False}
    return {
        "mark": {"type": "bar", "color": colour, "size": BAR, "yOffset": 9},
        "encoding": {
            "x": {"field": start, "type": "quantitative", "axis": None, "scale": scale},
            "x2": {"field": end},
        },
    }


def _today() -> dict[str, Any]:
    return {
        "mark": {
            "type": "tick",
            "color": LINE,
            "thickness": 1.5,
            "size": BAR + 8,
            "yOffset": 9,
            "opacity": 1,
        },
        "encoding": {"x": _at("today")},
    }


def _at(field: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative"}
