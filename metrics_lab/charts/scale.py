"""Scales whose ticks stand in words, because a person writes "$5 M" where a format writes "5G"."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from metrics_lab.charts.svg import QUIET, TEXT

Words = Callable[[float], str]
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most ``most`` round numbers from ``low`` to ``high``, evenly apart."""
    if not low < high:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    for step in (power * size for size in STEPS):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(step * at, 12) + 0.0 for at in range(first, last + 1)]
    return [low]


def tick_words(at: list[float], words: Words, field: str, place: float) -> dict[str, Any]:
    """Return a layer that writes the ticks of a level ("x") or upright ("y") scale.

    ``place`` is where they stand on the other scale, in px.
    """
    other, align = ("y", "center") if field == "x" else ("x", "right")
    return {
        "data": {"values": [{"at": value, "words": words(value)} for value in at]},
        "mark": {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "color": QUIET,
            "fontSize": TEXT,
        },
        "encoding": {
            field: {"field": "at", "type": "quantitative", "axis": None},
            other: {"value": place},
            "text": {"field": "words"},
        },
    }


def frame(width: int, height: int, layers: list[dict[str, Any]], left: int = 12) -> dict[str, Any]:
    """Return a specification of layers with room for the words around them."""
    return {
        "padding": {"left": left, "right": 12, "top": 22, "bottom": 8},
        "autosize": {"type": "none"},
        "width": width - left - 12,
        "height": height,
        "layer": layers,
    }
