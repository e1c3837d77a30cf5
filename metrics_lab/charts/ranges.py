"""Range bars: what each idea may score, with a tick at its median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.rows import LEFT_EDGE, RIGHT_EDGE, cut, named_rows, row_words
from metrics_lab.charts.svg import (
    INK,
    LETTER,
    LINE,
    LOW,
    QUIET,
    both_sizes,
)

BAR = 14
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
    return both_sizes(lambda width: _ranges(bars, width), title)


def _ranges(bars: Sequence[RangeBar], width: int) -> dict[str, Any]:
    most = max((bar.hi for bar in bars), default=0) or 1
    scale = {"domain": [0, most], "range": [SIDE, width - SIDE], "nice": False}
    rows = [
        {
            **_line(bar, width),
            "lo": bar.lo,
            "median": bar.median,
            "hi": bar.hi,
            # One number has one value, and it stands at the right alone.
            "lo_words": bar.lo_words if bar.lo < bar.hi else "",
            "hi_words": bar.hi_words,
        }
        for bar in bars
    ]
    x = {"field": "lo", "type": "quantitative", "axis": None, "scale": scale}
    return {
        **named_rows(rows),
        "width": width,
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
            row_words("label", LEFT_EDGE, INK, align="left"),
            row_words("remark", RIGHT_EDGE, QUIET, align="right"),
            row_words("lo_words", {**x, "field": "lo"}, QUIET, align="right", dx=-6, dy=9),
            row_words("hi_words", {**x, "field": "hi"}, QUIET, align="left", dx=6, dy=9),
        ],
    }


def _line(bar: RangeBar, width: int) -> dict[str, str]:
    """Return the words over a bar: a name that does not fit beside the remark is cut."""
    room = int(width / LETTER) - (len(bar.remark) + 2 if bar.remark else 0)
    return {"label": cut(bar.label, room), "remark": bar.remark}
