"""What may come out: a histogram over a bar for nine cases in ten, with a tick at the median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.scale import Words, frame, tick_words, ticks
from metrics_lab.charts.svg import HIGH, INK, LINE, LOW, NARROW, TEXT, both_sizes

HEIGHT, FLOOR = 214, 160
BAND, MEDIAN = 172, 172
AXIS = 202


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts between neighboring edges, the interval and the median, and a target if there is one.

    ``meets`` says of each bin whether its middle meets the target.
    """

    edges: Sequence[float]
    counts: Sequence[int]
    meets: Sequence[bool]
    low: float
    median: float
    high: float
    target: float | None
    target_words: str


def histogram_svg(found: Outcomes, words: Words, title: str) -> str:
    """Return a histogram as SVG for a phone and for a wide page, with ``title`` as its words."""
    return both_sizes(lambda width: _chart(found, words, width), title)


def _chart(found: Outcomes, words: Words, width: int) -> dict[str, Any]:
    low, high = found.edges[0], found.edges[-1]
    if found.target is not None:
        low, high = min(low, found.target), max(high, found.target)
    inner = width - 24
    scale = {"domain": [low, high], "range": [0, inner], "nice": False, "zero": False}
    top = max(found.counts) or 1
    x = {"field": "from", "type": "quantitative", "axis": None, "scale": scale}
    bins = [
        {"from": start, "to": end, "top": FLOOR * (1 - count / top), "meets": meets}
        for start, end, count, meets in zip(
            found.edges[:-1], found.edges[1:], found.counts, found.meets, strict=True
        )
    ]
    layers = [
        *(_columns([row for row in bins if row["meets"] == meets], x, meets) for meets in (0, 1)),
        _bar([{"from": low, "to": high}], x, FLOOR, 1, LINE),
        _bar([{"from": found.low, "to": found.high}], x, BAND, 5, LINE),
        _tick(found.median, MEDIAN, 22),
        tick_words(ticks(low, high, 3 if width == NARROW else 5), words, "x", AXIS),
    ]
    if found.target is not None:
        layers += _target(found.target, found.target_words, (found.target - low) / (high - low))
    return frame(width, HEIGHT, layers)


def _columns(rows: list[dict[str, Any]], x: dict[str, Any], meets: int) -> dict[str, Any]:
    return {
        "data": {"values": rows},
        "mark": {"type": "bar", "color": HIGH if meets else LOW, "binSpacing": 1},
        "encoding": {
            "x": x,
            "x2": {"field": "to"},
            "y": {"field": "top", "type": "quantitative", "scale": None, "axis": None},
            "y2": {"value": FLOOR},
        },
    }


def _bar(
    rows: list[dict[str, float]], x: dict[str, Any], place: int, height: float, color: str
) -> dict[str, Any]:
    return {
        "data": {"values": rows},
        "mark": {"type": "bar", "color": color, "height": height},
        "encoding": {"x": x, "x2": {"field": "to"}, "y": {"value": place}},
    }


def _tick(at: float, place: int, height: int) -> dict[str, Any]:
    """Return an upright tick; a bar between two heights, for one height would start at 0."""
    return {
        "data": {"values": [{"from": at}]},
        "mark": {"type": "bar", "color": LINE, "width": 3},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "axis": None},
            "y": {"value": place - height / 2},
            "y2": {"value": place + height / 2},
        },
    }


def _target(at: float, words: str, share: float) -> list[dict[str, Any]]:
    """Return an upright line at the target with its words on the side that has room."""
    right = share < 0.5
    mark = {
        "type": "text",
        "align": "left" if right else "right",
        "dx": 6 if right else -6,
        "color": INK,
        "fontSize": TEXT,
    }
    place = {"x": {"field": "from", "type": "quantitative", "axis": None}}
    data = {"values": [{"from": at}]}
    return [
        {
            "data": data,
            "mark": {"type": "bar", "color": LINE, "width": 1.5},
            "encoding": {**place, "y": {"value": -14}, "y2": {"value": FLOOR}},
        },
        {
            "data": data,
            "mark": mark,
            "encoding": {**place, "y": {"value": -12}, "text": {"value": words}},
        },
    ]
