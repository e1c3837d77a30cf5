"""The retention curve: the weighted mean by period, over the thin lines of the cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metrics_lab.charts.svg import (
    DOT,
    INK,
    LINE,
    QUIET,
    TEXT,
    THICK,
    THIN,
    both_sizes,
)

HEIGHT, MARGIN, FOOT = 230, 36, 22
MOST_LINES = 20
LEAST_STEP = 40
"""Closer than that, the words over the points would run into one another."""


def curve_svg(
    mean: Sequence[float], cohorts: Sequence[Sequence[float | None]], title: str, unit: str
) -> str:
    """Return the curve as SVG for a phone and for a wide page; ``title`` are its words.

    Args:
        mean: the share of each period from 0.
        cohorts: the shares of each cohort, from period 0; None beyond its censored edge.
        unit: what a period is, under the axis: "day", "week", "month".
    """
    return both_sizes(lambda width: _curve(mean, cohorts[-MOST_LINES:], unit, width), title)


def _curve(
    mean: Sequence[float], cohorts: Sequence[Sequence[float | None]], unit: str, width: int
) -> dict[str, Any]:
    last = max(len(mean) - 1, 1)
    every = max(1, -(-len(mean) * LEAST_STEP // (width - MARGIN)))
    points = [{"k": k, "share": share, **_words(mean, k, every)} for k, share in enumerate(mean)]
    lines = [
        {"k": k, "share": share, "cohort": f"{index:02d}"}
        for index, shares in enumerate(cohorts)
        for k, share in enumerate(shares)
        if share is not None
    ]
    ticks = [
        {"k": k, "words": f"{unit} {k}" if k == 0 else f"{k}"} for k in range(0, last + 1, every)
    ]
    x_scale = {"domain": [0, last], "range": [MARGIN / 2, width - MARGIN], "nice": False}
    y_scale = {"domain": [0, 1], "range": [HEIGHT - FOOT, MARGIN / 2], "nice": False}
    x = {"field": "k", "type": "quantitative", "axis": None, "scale": x_scale}
    y = {"field": "share", "type": "quantitative", "axis": None, "scale": y_scale}
    text = {"type": "text", "fontSize": TEXT}
    return {
        "padding": 0,
        "autosize": {"type": "none"},
        "width": width,
        "height": HEIGHT,
        "layer": [
            {
                "data": {"values": [{"k": 0, "share": 0, "to": last}]},
                "mark": {"type": "rule", "color": LINE},
                "encoding": {"x": x, "x2": {"field": "to"}, "y": y},
            },
            {
                "data": {"values": lines},
                "mark": {"type": "line", "color": THIN, "strokeWidth": 1},
                "encoding": {"x": x, "y": y, "detail": {"field": "cohort", "type": "nominal"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": THICK, "strokeWidth": 2.5},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 50, "color": DOT, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": points},
                "mark": {**text, "align": "left", "dx": 4, "dy": -11, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "above"}},
            },
            {
                "data": {"values": points},
                "mark": {**text, "align": "center", "dy": 17, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "below"}},
            },
            {
                "data": {"values": ticks},
                "mark": {**text, "align": "left", "dx": -4, "baseline": "bottom", "color": QUIET},
                "encoding": {"x": x, "y": {"value": HEIGHT}, "text": {"field": "words"}},
            },
        ],
    }


def _words(mean: Sequence[float], k: int, every: int) -> dict[str, str]:
    """Return the words of a point: under it where the line rises behind it, else over it."""
    words = "" if k % every else f"{mean[k]:.0%}".replace("%", " %")
    rises = k + 1 < len(mean) and mean[k + 1] > mean[k]
    return {"above": "" if rises else words, "below": words if rises else ""}
