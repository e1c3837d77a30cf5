"""The tornado: how far the target moves when each lever alone goes over its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.svg import (
    HIGH,
    INK,
    LETTER,
    LINE,
    LOW,
    NARROW,
    QUIET,
    SCHEMA,
    TEXT,
    WIDE,
    drawn,
)

MOST_BARS = 10
ROW, BAR = 46, 16
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
    return "".join(
        drawn(_tornado(shown, today, width), title, name)
        for width, name in ((WIDE, "wide"), (NARROW, "narrow"))
    )


def _tornado(bars: Sequence[Bar], today: float, width: int) -> dict[str, Any]:
    rows = [
        {
            "row": f"{index:02d}",
            **_line(bar, width),
            "from": min(bar.worst, today),
            "to": max(bar.best, today),
            "low": bar.worst_words,
            "high": bar.best_words,
            "today": today,
        }
        for index, bar in enumerate(bars)
    ]
    return {
        "$schema": SCHEMA,
        "background": None,
        "padding": 0,
        "autosize": {"type": "pad", "contains": "padding"},
        "width": width,
        "height": {"step": ROW},
        "data": {"values": rows},
        "encoding": {
            "y": {
                "field": "row",
                "type": "nominal",
                "axis": None,
                "scale": {"paddingInner": 0, "paddingOuter": 0},
            }
        },
        "layer": [
            _span("from", "today", LOW, width, rows),
            _span("today", "to", HIGH, width, rows),
            _today(),
            _words("label", INK, align="left"),
            _words("band", QUIET, align="right"),
            _end("low", "from", align="right", shift=-6),
            _end("high", "to", align="left", shift=6),
        ],
        "config": {"view": {"stroke": None}, "font": "sans-serif"},
    }


def _line(bar: Bar, width: int) -> dict[str, str]:
    """Return the words over a bar: the band goes first where both do not fit, then the end."""
    room = int(width / LETTER)
    if len(bar.label) + len(bar.band) + 2 <= room:
        return {"label": bar.label, "band": bar.band}
    fits = len(bar.label) <= room
    return {"label": bar.label if fits else bar.label[: room - 1].rstrip() + "…", "band": ""}


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
        "encoding": {"x": {"field": "today", "type": "quantitative"}},
    }


def _words(field: str, colour: str, *, align: str) -> dict[str, Any]:
    edge = {"value": 0} if align == "left" else {"value": "width"}
    mark = {"type": "text", "align": align, "dy": -10, "color": colour, "fontSize": TEXT}
    return {
        "mark": mark,
        "encoding": {"x": edge, "text": {"field": field}},
    }


def _end(field: str, at: str, *, align: str, shift: int) -> dict[str, Any]:
    mark = {"type": "text", "align": align, "dx": shift, "dy": 9, "color": QUIET}
    return {
        "mark": {**mark, "fontSize": TEXT},
        "encoding": {"x": {"field": at, "type": "quantitative"}, "text": {"field": field}},
    }
