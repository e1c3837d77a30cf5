"""Range bars: what each idea may score, with a tick at its median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.svg import (
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

ROW, BAR = 46, 14
SIDE = 72
"""Room on both sides for the values at the ends of the bars."""


@dataclass(frozen=True, slots=True)
class RangeBar:
    """One idea: its range and median, the words at the bar's ends, and a remark at the right."""

    label: str
    lo: float
    median: float
    hi: float
    lo_words: str
    hi_words: str
    remark: str = ""


def ranges_svg(bars: Sequence[RangeBar], title: str) -> str:
    """Return range bars from 0 as SVG for a phone and for a wide page; ``title`` are its words."""
    return "".join(
        drawn(_ranges(bars, width), title, name)
        for width, name in ((WIDE, "wide"), (NARROW, "narrow"))
    )


def _ranges(bars: Sequence[RangeBar], width: int) -> dict[str, Any]:
    most = max((bar.hi for bar in bars), default=0) or 1
    scale = {"domain": [0, most], "range": [SIDE, width - SIDE], "nice": False}
    rows = [
        {
            "row": f"{index:02d}",
            **_line(bar, width),
            "lo": bar.lo,
            "median": bar.median,
            "hi": bar.hi,
            # One number has one value, and it stands at the right alone.
            "lo_words": bar.lo_words if bar.lo < bar.hi else "",
            "hi_words": bar.hi_words,
        }
        for index, bar in enumerate(bars)
    ]
    x = {"field": "lo", "type": "quantitative", "axis": None, "scale": scale}
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
            {
                "mark": {"type": "bar", "color": LOW, "size": BAR, "yOffset": 9},
                "encoding": {"x": x, "x2": {"field": "hi"}},
            },
            {
                "mark": {
                    "type": "tick",
                    "color": LINE,
                    "thickness": 3,
                    "size": BAR + 8,
                    "yOffset": 9,
                    "opacity": 1,
                },
                "encoding": {"x": {**x, "field": "median"}},
            },
            _words("label", {"value": 0}, INK, align="left"),
            _words("remark", {"value": "width"}, QUIET, align="right"),
            _words("lo_words", {**x, "field": "lo"}, QUIET, align="right", dx=-6, dy=9),
            _words("hi_words", {**x, "field": "hi"}, QUIET, align="left", dx=6, dy=9),
        ],
        "config": {"view": {"stroke": None}, "font": "sans-serif"},
    }


def _line(bar: RangeBar, width: int) -> dict[str, str]:
    """Return the words over a bar: a name that does not fit beside the remark is cut."""
    room = int(width / LETTER) - (len(bar.remark) + 2 if bar.remark else 0)
    fits = len(bar.label) <= room
    return {
        "label": bar.label if fits else bar.label[: room - 1].rstrip() + "…",
        "remark": bar.remark,
    }


def _words(
    field: str, x: dict[str, Any], colour: str, *, align: str, dx: int = 0, dy: int = -10
) -> dict[str, Any]:
    mark = {"type": "text", "align": align, "dx": dx, "dy": dy, "color": colour, "fontSize": TEXT}
    return {"mark": mark, "encoding": {"x": x, "text": {"field": field}}}
