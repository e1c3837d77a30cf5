"""What was counted against what was hoped: a share, its interval, and the lines it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.svg import (
    HIGH,
    INK,
    LETTER,
    LINE,
    LOW,
    QUIET,
    TEXT,
    both_sizes,
)

HEIGHT, MIDDLE = 120, 62
SIDE = 12


@dataclass(frozen=True, slots=True)
class Held:
    """A share with its interval, the hoped and the poor rate, and their words."""

    share: float
    low: float
    high: float
    hoped: float
    poor: float
    hoped_words: str
    poor_words: str


def interval_svg(held: Held, title: str) -> str:
    """Return the interval as SVG for a phone and for a wide page, with ``title`` as its words."""
    return both_sizes(lambda width: _chart(held, width - 2 * SIDE), title)


def _chart(held: Held, inner: int) -> dict[str, Any]:
    least, most = min(held.low, held.poor), max(held.high, held.hoped)
    pad = max(0.12 * (most - least), 1e-6)
    domain = [max(0.0, least - pad), min(1.0, most + pad)]
    axis = {
        "orient": "bottom",
        "domain": False,
        "ticks": False,
        "grid": False,
        "title": None,
        "labelColor": QUIET,
        "labelFontSize": TEXT,
        "labelFlush": True,
        "labelPadding": 6,
        "tickCount": 4,
        "format": "~%",
    }
    x = {
        "field": "from",
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": axis,
    }
    return {
        "padding": {"left": SIDE, "right": SIDE, "top": 4, "bottom": 30},
        "autosize": {"type": "none"},
        "width": inner,
        "height": HEIGHT,
        "layer": [
            {
                "data": {"values": [{"from": held.low, "to": held.high}]},
                "mark": {"type": "bar", "color": LOW, "height": 14, "cornerRadius": 2},
                "encoding": {"x": x, "x2": {"field": "to"}, "y": {"value": MIDDLE}},
            },
            _upright(held.hoped, 22, HEIGHT - 16, LINE, 2),
            _upright(held.poor, 22, HEIGHT - 16, LOW, 2),
            _upright(held.share, MIDDLE - 11, MIDDLE + 11, HIGH, 4),
            _words(held.hoped, held.hoped_words, 12, INK, domain, inner),
            _words(held.poor, held.poor_words, HEIGHT - 6, QUIET, domain, inner),
        ],
    }


def _upright(at: float, top: int, foot: int, colour: str, width: int) -> dict[str, Any]:
    return {
        "data": {"values": [{"at": at}]},
        "mark": {"type": "bar", "color": colour, "width": width},
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "y": {"value": top},
            "y2": {"value": foot},
        },
    }


def _words(
    at: float, words: str, top: int, colour: str, domain: list[float], inner: int
) -> dict[str, Any]:
    """Return the words of a line, beside it on the side where they fit."""
    place = (at - domain[0]) / (domain[1] - domain[0]) * inner
    right = place + len(words) * LETTER <= inner
    mark = {
        "type": "text",
        "align": "left" if right else "right",
        "baseline": "middle",
        "color": colour,
        "fontSize": TEXT,
    }
    return {
        "data": {"values": [{"at": at}]},
        "mark": mark,
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "y": {"value": top},
            "text": {"value": words},
        },
    }
