"""Named bars from a common line: elasticities, shares of an uncertainty, parts of a change."""

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
BAR, THIN = 14, 3


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
    return both_sizes(lambda width: _chart(shown, width), title)


def _chart(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    rows = [
        {**_line(bar, width), "zero": 0.0, "value": bar.value}
        | {"whole": bar.value if bar.whole is None else max(bar.whole, bar.value)}
        for bar in bars
    ]
    low = min([0.0, *(bar.value for bar in bars)])
    high = max([0.0, *(max(bar.value, bar.whole or 0.0) for bar in bars)])
    if low == high:
        high = low + 1
    scale = {"domain": [low, high], "range": [2, width - 2], "nice": False, "zero": False}
    return {
        **named_rows(rows),
        "width": width,
        "layer": [
            _span("value", "whole", LINE, THIN, scale, "true"),
            _span("zero", "value", LOW, BAR, scale, "datum.value < 0"),
            _span("zero", "value", HIGH, BAR, scale, "datum.value >= 0"),
            _span("zero", "zero", LINE, BAR + 10, scale, "true"),
            row_words("label", LEFT_EDGE, INK, align="left"),
            row_words("words", RIGHT_EDGE, QUIET, align="right"),
        ],
    }


def _line(bar: Bar, width: int) -> dict[str, str]:
    """Return the words over a bar; a label that does not fit beside its figure is cut."""
    room = int(width / LETTER) - len(bar.words) - 2
    return {"label": cut(bar.label, room), "words": bar.words}


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
