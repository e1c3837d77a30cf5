"""Charts of the lab: a Vega-Lite specification becomes an SVG that a strict page may hold.

The SVG has no script, no style and no colour of its own: placeholder colours become classes of
lab.css, so that one drawing serves light and dark, and text takes the font of the page. Text
in an SVG shrinks with it, so each chart is drawn for a phone and for a wide page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

CACHED_CHARTS = 256
NARROW, WIDE = 296, 520
"""Widths in px: a phone of 360 px with its margins, and the column of a wide page."""
MOST_BARS = 10
ROW, BAR, TEXT = 46, 16, 13
SIDE = 84
"""Room on both sides for the values at the ends of the bars."""
LETTER = 7.2
"""The width of a letter at that size, generously: a line that does not fit is cut, not set over."""

# The renderer wants real colours; each of these stands for a class of lab.css.
INK, QUIET, LINE, LOW, HIGH = "#0a0001", "#0a0002", "#0a0003", "#0a0004", "#0a0005"
DRESS = {
    INK: 'class="name"',
    QUIET: 'class="val"',
    LINE: 'fill="var(--ink)"',
    LOW: 'class="low"',
    HIGH: 'class="high"',
}
FORBIDDEN = re.compile(r"<script|<style|<foreignObject|\sstyle=|\son\w+=|javascript:", re.I)


@dataclass(frozen=True, slots=True)
class Bar:
    """One lever of a tornado: the target's values at its worse and better end, and their words."""

    label: str
    band: str
    worst: float
    best: float
    worst_words: str
    best_words: str


def tornado_svg(bars: Sequence[Bar], today: float, title: str) -> str:
    """Return a tornado as SVG for a phone and for a wide page, with ``title`` as its words.

    At most the ten widest bars are drawn; the table beneath a chart holds all.
    """
    shown = tuple(bars[:MOST_BARS])
    return "".join(
        render(json.dumps(_tornado(shown, today, width), sort_keys=True), title, name)
        for width, name in ((WIDE, "wide"), (NARROW, "narrow"))
    )


@lru_cache(maxsize=CACHED_CHARTS)
def render(specification: str, title: str, size: str) -> str:
    """Return the SVG of a Vega-Lite specification (JSON), with the class ``chart chart-<size>``.

    The renderer is imported at the first chart: it takes about 0.6 s and 100 MB.

    Raises:
        ValueError: the SVG holds something that a strict content security policy refuses.
    """
    import vl_convert

    return _dressed(vl_convert.vegalite_to_svg(specification), title, size)


def warm_up() -> None:
    """Start the renderer, so that no reader waits for it."""
    tornado_svg([Bar("", "", 0, 1, "", "")], 0.5, "")


def _dressed(svg: str, title: str, size: str) -> str:
    """Give a bare SVG the page's colours and font, and words for those who do not see it."""
    for colour, attribute in DRESS.items():
        svg = svg.replace(f'fill="{colour}"', attribute)
    svg = re.sub(r' (?:font-[a-z]+|aria-[\w-]+|role|xmlns:xlink)="[^"]*"', "", svg)
    svg = re.sub(r'<path class="(?:background|foreground)"[^>]*/>', "", svg)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None or FORBIDDEN.search(svg):
        raise ValueError("The chart is not of the kind that a page may hold.")
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{escape(size)}" role="img"'
        f' aria-label={quoteattr(title)} width="{box[1]}" height="{box[2]}"'
        f' viewBox="0 0 {box[1]} {box[2]}"><title>{escape(title)}</title>'
    )
    return root + svg[svg.index(">") + 1 :]


def _tornado(bars: Sequence[Bar], today: float, width: int) -> dict[str, Any]:
    rows = [
        {
            "row": f"{index:02d}",
            **_line(bar, width),
            "from": min(bar.worst, today),
            "to": max(bar.best, today),
            "low": bar.worst_words,
            "high": bar.best_words,
            "today": today,
        }
        for index, bar in enumerate(bars)
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
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
            _span("from", "today", LOW, width, rows),
            _span("today", "to", HIGH, width, rows),
            _today(),
            _words("label", INK, align="left"),
            _words("band", QUIET, align="right"),
            _end("low", "from", align="right", shift=-6),
            _end("high", "to", align="left", shift=6),
        ],
        "config": {"view": {"stroke": None}, "font": "sans-serif"},
    }


def _line(bar: Bar, width: int) -> dict[str, str]:
    """Return the words over a bar: the band goes first where both do not fit, then the end."""
    room = int(width / LETTER)
    if len(bar.label) + len(bar.band) + 2 <= room:
        return {"label": bar.label, "band": bar.band}
    fits = len(bar.label) <= room
    return {"label": bar.label if fits else bar.label[: room - 1].rstrip() + "…", "band": ""}


def _span(
    start: str, end: str, colour: str, width: int, rows: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    low, high = min(row["from"] for row in rows), max(row["to"] for row in rows)
    if low == high:
        low, high = low - 1, high + 1
    scale = {"domain": [low, high], "range": [SIDE, width - SIDE], "nice": False, "zero": False}
    return {
        "mark": {"type": "bar", "color": colour, "size": BAR, "yOffset": 9},
        "encoding": {
            "x": {"field": start, "type": "quantitative", "axis": None, "scale": scale},
            "x2": {"field": end},
        },
    }


def _today() -> dict[str, Any]:
    return {
        "mark": {
            "type": "tick",
            "color": LINE,
            "thickness": 1.5,
            "size": BAR + 8,
            "yOffset": 9,
            "opacity": 1,
        },
        "encoding": {"x": {"field": "today", "type": "quantitative"}},
    }


def _words(field: str, colour: str, *, align: str) -> dict[str, Any]:
    edge = {"value": 0} if align == "left" else {"value": "width"}
    mark = {"type": "text", "align": align, "dy": -10, "color": colour, "fontSize": TEXT}
    return {
        "mark": mark,
        "encoding": {"x": edge, "text": {"field": field}},
    }


def _end(field: str, at: str, *, align: str, shift: int) -> dict[str, Any]:
    mark = {"type": "text", "align": align, "dx": shift, "dy": 9, "color": QUIET}
    return {
        "mark": {**mark, "fontSize": TEXT},
        "encoding": {"x": {"field": at, "type": "quantitative"}, "text": {"field": field}},
    }
