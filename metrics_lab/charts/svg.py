"""A Vega-Lite specification becomes an SVG that a strict page may hold.

The SVG has no script, no style and no colour of its own: placeholder colours become classes of
lab.css, so that one drawing serves light and dark, and text takes the font of the page. Text
in an SVG shrinks with it, so each chart is drawn for a phone and for a wide page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

CACHED_CHARTS = 256
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
NARROW, WIDE = 296, 520
"""Widths in px: a phone of 360 px with its margins, and the column of a wide page."""
TEXT = 13
LETTER = 7.2
"""The width of a letter at that size, generously: a line that does not fit is cut, not set over."""

SHARED = {
    "$schema": SCHEMA,
    "background": None,
    "config": {"view": {"stroke": None}, "font": "sans-serif"},
}

# The renderer wants real colours; each of these stands for a class of lab.css.
INK, QUIET, LINE, LOW, HIGH = "#0a0001", "#0a0002", "#0a0003", "#0a0004", "#0a0005"
STEPS = tuple(f"#0b000{step}" for step in range(1, 8))
"""Seven steps from light to dark (in a dark theme from dark to light), for a heat map."""
ON_PALE, ON_DEEP = "#0b0010", "#0b0011"
"""Words on the first four steps, and words on the last three."""
DEEP_FROM = 4
THIN, THICK, DOT = "#0c0001", "#0c0002", "#0c0003"
"""Lines of a curve: one of many, the one that counts, and its points."""
DRESS = {
    INK: 'class="name"',
    QUIET: 'class="val"',
    LINE: 'fill="var(--ink)"',
    LOW: 'class="low"',
    HIGH: 'class="high"',
    ON_PALE: 'class="on-pale"',
    ON_DEEP: 'class="on-deep"',
    DOT: 'class="dot"',
    **{colour: f'class="heat heat-{step}"' for step, colour in enumerate(STEPS)},
}
LINES = {
    THIN: 'class="line-thin"',
    THICK: 'class="line-thick"',
    LINE: 'class="base"',
}
FORBIDDEN = re.compile(r"<script|<style|<foreignObject|\sstyle=|\son\w+=|javascript:", re.I)


def both_sizes(specify: Callable[[int], dict[str, Any]], title: str, wide: int = WIDE) -> str:
    """Return a chart drawn for a wide page and for a phone, with ``title`` as its words.

    Args:
        wide: the width of a wide page in px.
        specify: gives the specification of a width in px, without what all charts share.

    Raises:
        ValueError: the SVG holds something that a strict content security policy refuses.
    """
    return "".join(
        drawn({**SHARED, **specify(width)}, title, name)
        for width, name in ((wide, "wide"), (NARROW, "narrow"))
    )


def drawn(specification: dict[str, Any], title: str, size: str) -> str:
    """Return the SVG of a specification of ``size`` ("wide" or "narrow"); ``title`` are its words.

    Raises:
        ValueError: the SVG holds something that a strict content security policy refuses.
    """
    return render(json.dumps(specification, sort_keys=True), title, size)


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
    nothing = {"$schema": SCHEMA, "data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {}}
    drawn(nothing, "", "wide")


def _dressed(svg: str, title: str, size: str) -> str:
    """Give a bare SVG the page's colours and font, and words for those who do not see it."""
    for colour, attribute in DRESS.items():
        svg = svg.replace(f'fill="{colour}"', attribute)
    for colour, attribute in LINES.items():
        svg = svg.replace(f'stroke="{colour}"', attribute)
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
