"""Named bars from a common line: elasticities, shares of an uncertainty, parts of a change."""

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
ROW, BAR, THIN = 46, 14, 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar and its words; ``whole``, if it is more, is a thin line from the bar's end."""

    label: str
    words: str
    value: float
    whole: float | None = None


def bars_svg(bars: Sequence[Bar], title: str) -> str:
    """Return the bars as SVG for a phone and for a wide page, with ``title`` as its words.

    At most ten are drawn; the table beneath a chart holds all.
    """
    shown = tuple(bars[:MOST_BARS])
    return "".join(
        drawn(_chart(shown, width), title, name)
        for width, name in ((WIDE, "wide"), (NARROW, "narrow"))
    )


def _chart(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    rows = [
        {"row": f"{index:02d}", **_line(bar, width), "zero": 0.0, "value": bar.value}
        | {"whole": bar.value if bar.whole is None else max(bar.whole, bar.value)}
        for index, bar in enumerate(bars)
    ]
    low = min([0.0, *(bar.value for bar in bars)])
    high = max([0.0, *(max(bar.value, bar.whole or 0.0) for bar in bars)])
    if low == high:
        high = low + 1
    scale = {"domain": [low, high], "range": [2, width - 2], "nice": False, "zero": False}
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
            _span("value", "whole", LINE, THIN, scale, "true"),
            _span("zero", "value", LOW, BAR, scale, "datum.value < 0"),
            _span("zero", "value", HIGH, BAR, scale, "datum.value >= 0"),
            _span("zero", "zero", LINE, BAR + 10, scale, "true"),
            _words("label", INK, align="left"),
            _words("words", QUIET, align="right"),
        ],
        "config": {"view": {"stroke": None}, "font": "sans-serif"},
    }


def _line(bar: Bar, width: int) -> dict[str, str]:
    """Return the words over a bar; a label that does not fit beside its figure is cut."""
    room = int(width / LETTER) - len(bar.words) - 2
    fits = len(bar.label) <= room
    label = bar.label if fits else f"{bar.label[: max(room - 1, 1)].rstrip()}…"
    return {"label": label, "words": bar.words}


def _span(
    start: str, end: str, color: str, height: int, scale: dict[str, Any], wanted: str
) -> dict[str, Any]:
    x = {"field": start, "type": "quantitative", "axis": None, "scale": scale}
    mark: dict[str, Any] = {"type": "bar", "color": color, "size": height, "yOffset": 9}
    if start == end:
        mark = {**mark, "type": "tick", "thickness": 1.5, "opacity": 1}
        return {"mark": mark, "encoding": {"x": x}}
    return {
        "transform": [{"filter": wanted}],
        "mark": mark,
        "encoding": {"x": x, "x2": {"field": end}},
    }


def _words(field: str, color: str, *, align: str) -> dict[str, Any]:
    edge = {"value": 0} if align == "left" else {"value": "width"}
    return {
        "mark": {"type": "text", "align": align, "dy": -10, "color": color, "fontSize": TEXT},
        "encoding": {"x": edge, "text": {"field": field}},
    }
