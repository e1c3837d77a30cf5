"""A curve of chances: the power of a test against its people, or of "go on" against the rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.svg import (
    HIGH,
    INK,
    LINE,
    LOW,
    NARROW,
    QUIET,
    TEXT,
    both_sizes,
)

HEIGHT = 220
LEFT, FOOT = 48, 28
"""Room for the labels of the axes, so that the drawing keeps its width."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the curve with its words; ``main`` is the planned one."""

    x: float
    chance: float
    words: str
    main: bool = True


def power_svg(
    curve: Sequence[tuple[float, float]],
    target: float,
    spots: Sequence[Spot],
    title: str,
    *,
    rates: bool = False,
) -> str:
    """Return a curve as SVG for a phone and for a wide page, with ``title`` as its words.

    ``curve`` are (x, chance) pairs in order, x in people or (``rates``) as a share of 1;
    ``target`` is drawn as a level line.
    """
    return both_sizes(lambda width: _chart(curve, target, spots, width, rates=rates), title)


def _chart(
    curve: Sequence[tuple[float, float]],
    target: float,
    spots: Sequence[Spot],
    width: int,
    *,
    rates: bool,
) -> dict[str, Any]:
    inner = width - LEFT - 12
    ends = [curve[0][0], curve[-1][0]]
    x_axis = _axis(3 if width == NARROW else 5, "~%" if rates else "~s" if ends[1] >= 1e5 else ",d")
    x_scale = {"domain": ends, "nice": False, "zero": False}
    y_scale = {"domain": [0, 1]}
    x = {"field": "x", "type": "quantitative", "scale": x_scale, "axis": x_axis}
    y = {"field": "y", "type": "quantitative", "scale": y_scale, "axis": {**_axis(6, "%")}}
    return {
        "padding": {"left": LEFT, "right": 12, "top": 8, "bottom": FOOT},
        "autosize": {"type": "none"},
        "width": inner,
        "height": HEIGHT,
        "layer": [
            {
                "data": {"values": [{"y": target}]},
                "mark": {"type": "bar", "color": LOW, "height": 1.5},
                "encoding": {
                    "y": {"field": "y", "type": "quantitative"},
                    "x": {"value": 0},
                    "x2": {"value": inner},
                },
            },
            {
                "data": {"values": [{"x": x, "y": y} for x, y in curve]},
                "mark": {"type": "trail", "color": LINE},
                "encoding": {"x": x, "y": y, "size": {"value": 2}},
            },
            *(layer for spot in spots for layer in _spot(spot, ends, inner)),
        ],
    }


def _axis(ticks: int, shape: str) -> dict[str, Any]:
    return {
        "domain": False,
        "ticks": False,
        "grid": False,
        "title": None,
        "labelColor": QUIET,
        "labelFontSize": TEXT,
        "labelFlush": True,
        "labelPadding": 8,
        "tickCount": ticks,
        "format": shape,
    }


def _spot(spot: Spot, ends: Sequence[float], inner: int) -> list[dict[str, Any]]:
    """Return a point and its words: the planned one's below it, another's above.

    The curve rises to the right, so below to the right and above to the left stand free.
    """
    data = {"values": [{"x": spot.x, "y": spot.chance}]}
    place = {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "quantitative"},
    }
    share = (spot.x - ends[0]) / ((ends[1] - ends[0]) or 1)
    room = len(spot.words) * 7.2 + 8
    right = share * inner + room <= inner if spot.main else share * inner < room
    words = {
        "type": "text",
        "align": "left" if right else "right",
        "dx": 8 if right else -8,
        "dy": 20 if spot.main else -14,
        "color": INK if spot.main else QUIET,
        "fontSize": TEXT,
    }
    dot = {"type": "point", "filled": True, "opacity": 1, "size": 90}
    return [
        {
            "data": data,
            "mark": {**dot, "color": HIGH, "shape": "circle" if spot.main else "diamond"},
            "encoding": place,
        },
        {"data": data, "mark": words, "encoding": {**place, "text": {"value": spot.words}}},
    ]
