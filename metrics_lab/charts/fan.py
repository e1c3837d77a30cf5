"""A fan: how the range of an outcome moves and widens as one lever goes from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.scale import Words, frame, tick_words, ticks
from metrics_lab.charts.svg import LINE, NARROW, STEPS, both_sizes

HEIGHT, FLOOR, AXIS = 226, 196, 216
LEFT = 76


@dataclass(frozen=True, slots=True)
class Slice:
    """The outcome at one amount of the lever: its 5, 25, 50, 75 and 95 % quantiles."""

    amount: float
    quantiles: tuple[float, float, float, float, float]


def fan_svg(slices: Sequence[Slice], across: Words, upright: Words, title: str) -> str:
    """Return a fan as SVG for a phone and for a wide page, with ``title`` as its words.

    ``across`` writes an amount of the lever, ``upright`` a value of the outcome.
    """
    return both_sizes(lambda width: _chart(slices, across, upright, width), title)


def _chart(slices: Sequence[Slice], across: Words, upright: Words, width: int) -> dict[str, Any]:
    inner = width - LEFT - 12
    ends = [slices[0].amount, slices[-1].amount]
    low = min(one.quantiles[0] for one in slices)
    high = max(one.quantiles[-1] for one in slices)
    if low == high:
        low, high = low - 1, high + 1
    rows = [
        {"at": one.amount, **{f"q{i}": value for i, value in enumerate(one.quantiles)}}
        for one in slices
    ]
    x = _scale("at", ends, [0, inner])
    y = [low, high], [FLOOR, 0]
    marks = 3 if width == NARROW else 5
    layers = [
        _area(rows, x, _scale("q0", *y), "q4", STEPS[1]),
        _area(rows, x, _scale("q1", *y), "q3", STEPS[3]),
        {
            "data": {"values": rows},
            "mark": {"type": "trail", "color": LINE},
            "encoding": {"x": x, "y": _scale("q2", *y), "size": {"value": 2.5}},
        },
        tick_words(_inside(ticks(ends[0], ends[1], marks), ends), across, "x", AXIS),
        tick_words(ticks(low, high, 5), upright, "y", -10),
    ]
    return frame(width, HEIGHT, layers, LEFT)


def _inside(at: list[float], ends: list[float]) -> list[float]:
    """Return the ticks, or the two ends where fewer than two round numbers lie between them."""
    return at if len(at) > 1 else ends


def _scale(field: str, domain: list[float], span: list[int]) -> dict[str, Any]:
    scale = {"domain": domain, "range": span, "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _area(
    rows: list[dict[str, float]], x: dict[str, Any], y: dict[str, Any], top: str, color: str
) -> dict[str, Any]:
    return {
        "data": {"values": rows},
        "mark": {"type": "area", "color": color, "opacity": 1},
        "encoding": {"x": x, "y": y, "y2": {"field": top}},
    }
