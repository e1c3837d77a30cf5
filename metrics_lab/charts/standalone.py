"""A chart as a file of its own: what the page's style sheets say is written into the drawing.

No style element and no halo around words: programs other than browsers read plain attributes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from metrics_lab.charts.svg import TEXT

PAPER, INK, INK_2, DATA_HIGH, DATA_LOW = "#faf9f6", "#211f1b", "#56514a", "#57524a", "#958e80"
"""The light theme of tokens.css: a file is read on paper and on slides."""
DEPTHS = (5, 12, 20, 30, 68, 80, 92)
"""How much ink each step of a heat map has, in percent, as in lab.css."""
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
NOTE = "Figures for practice, hypothetical or their maker’s own. Case Coach"
MARGIN, LINE, FOOT = 24, 22, 28
TITLE = 17
LETTER = 10.2
"""The width of a letter of the title, generously."""

_CLASS = re.compile(r' class="([^"]*)"')
_WIDE = re.compile(r'<svg [^>]*class="chart chart-wide".*?</svg>', re.S)
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_BARE_TEXT = re.compile(r"<text (?![^>]*\sfill=)")


def _mixed(depth: int) -> str:
    """Return ink and paper mixed, as color-mix in srgb does."""
    pairs = zip(_channels(INK), _channels(PAPER), strict=True)
    return "#" + "".join(f"{round((i * depth + p * (100 - depth)) / 100):02x}" for i, p in pairs)


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


LOOKS: Mapping[str, str] = {
    "name": f'fill="{INK}" font-weight="500"',
    "val": f'fill="{INK_2}"',
    "low": f'fill="{DATA_LOW}"',
    "high": f'fill="{DATA_HIGH}"',
    "on-pale": f'fill="{INK}"',
    "on-deep": f'fill="{PAPER}"',
    "dot": f'fill="{INK}"',
    "line-thin": f'fill="none" stroke="{DATA_LOW}" opacity="0.6"',
    "line-thick": f'fill="none" stroke="{INK}" stroke-linejoin="round"',
    "base": f'stroke="{INK}"',
    **{f"heat heat-{step}": f'fill="{_mixed(depth)}"' for step, depth in enumerate(DEPTHS)},
}


def standalone(svg: str, title: str) -> str:
    """Return the wide drawing of a chart's SVG as a whole document, its title above it.

    Raises:
        ValueError: there is no wide drawing in it.
    """
    found = _WIDE.search(svg)
    box = _BOX.search(found[0]) if found else None
    if found is None or box is None:
        raise ValueError("There is no wide drawing of this chart.")
    width, height = float(box[1]), float(box[2])
    lines = wrap(title, max(10, int(width / LETTER))) or [""]
    top = MARGIN + LINE * len(lines) + LINE / 2
    whole = (width + 2 * MARGIN, top + height + FOOT + MARGIN)
    size = f'width="{whole[0]:g}" height="{whole[1]:g}"'
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(title)}',
            f' {size} viewBox="0 0 {whole[0]:g} {whole[1]:g}" font-family="{FONT}"',
            f' font-size="{TEXT}"><title>{escape(title)}</title>',
            f'<rect {size} fill="{PAPER}"/>',
            *(
                f'<text x="{MARGIN}" y="{MARGIN + LINE * n + TITLE - 4}" fill="{INK}"'
                f' font-size="{TITLE}" font-weight="600">{escape(line)}</text>'
                for n, line in enumerate(lines)
            ),
            f'<svg x="{MARGIN}" y="{top:g}" width="{width:g}" height="{height:g}"',
            f' viewBox="{box[0][9:-1]}" overflow="visible">{_body(found[0])}</svg>',
            f'<text x="{MARGIN}" y="{whole[1] - MARGIN + 4:g}" fill="{INK_2}" font-size="11">',
            f"{escape(NOTE)}</text></svg>\n",
        ]
    )


def _body(svg: str) -> str:
    """Return what stands inside a drawing, dressed without style sheets."""
    inside = svg[svg.index(">") + 1 : -len("</svg>")]
    dressed = _CLASS.sub(_look, inside).replace("var(--ink)", INK)
    return _BARE_TEXT.sub(f'<text fill="{INK}" ', dressed)


def _look(found: re.Match[str]) -> str:
    look = LOOKS.get(found[1])
    return f" {look}" if look else ""
