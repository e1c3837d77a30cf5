"""The heat map of a retention triangle: every cell holds its number, and its shade repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics_lab.charts.svg import (
    DEEP_FROM,
    INK,
    LETTER,
    NARROW,
    ON_DEEP,
    ON_PALE,
    QUIET,
    STEPS,
    TEXT,
    both_sizes,
)

WIDE = 700
"""Wider than other charts, since it stands alone: a tablet of 768 px with its margins."""
CELL, LEAST_CELL = 30, 34
MOST_COLUMNS, MOST_ROWS = 13, 20
MOST_LETTERS = 24
EDGES = (0.05, 0.1, 0.2, 0.3, 0.45, 0.65)
"""Where a darker step begins; retention is rarely high, so the low steps are the narrow ones."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One cohort: its name and its retention by period; None is left blank."""

    label: str
    shares: tuple[float | None, ...]


def columns_that_fit(periods: int, rows: Sequence[HeatRow], width: int = WIDE) -> int:
    """Return how many periods a drawing of this width has room for."""
    room = width - _margin([HeatRow(_label(row.label, width), ()) for row in rows])
    return min(periods, MOST_COLUMNS, int(room // LEAST_CELL))


def heatmap_svg(rows: Sequence[HeatRow], title: str) -> str:
    """Return the heat map as SVG for a wide page and for a phone; ``title`` are its words.

    At most 20 cohorts (the newest) and as many periods as fit are drawn; the table beneath the
    chart holds all.
    """
    shown = tuple(rows[-MOST_ROWS:])
    return both_sizes(lambda width: _heatmap(shown, width), title, WIDE)


def step_of(share: float) -> int:
    """Return the step of a share, from 0 (pale) to 6 (deep)."""
    return sum(share >= edge for edge in EDGES)


def _label(label: str, width: int) -> str:
    """Return a cohort's name as it fits beside the cells: a phone has room for the date alone."""
    most = MOST_LETTERS
    if width == NARROW:
        label, most = label.removeprefix("week of "), most // 2
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _margin(rows: Sequence[HeatRow]) -> int:
    return int(max(len(row.label) for row in rows) * LETTER) + 12


def _heatmap(rows: Sequence[HeatRow], width: int) -> dict[str, Any]:
    rows = [HeatRow(_label(row.label, width), row.shares) for row in rows]
    margin, periods = _margin(rows), max(len(row.shares) for row in rows)
    columns = columns_that_fit(periods, rows, width)
    cell = min(64, (width - margin) / columns)
    cells = _cells(rows, columns, margin, cell)
    labels = [{"y": (i + 1.5) * CELL - 1, "label": row.label} for i, row in enumerate(rows)]
    heads = [{"x": margin + (k + 0.5) * cell - 1, "label": f"{k}"} for k in range(columns)]
    height = (len(rows) + 1) * CELL
    x_scale = {"domain": [0, width], "range": [0, width], "nice": False, "zero": False}
    y_scale = {"domain": [0, height], "range": [0, height], "nice": False, "zero": False}
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": x_scale}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": y_scale}
    middle = {"field": "middle_y", "type": "quantitative", "axis": None, "scale": y_scale}
    return {
        "padding": 0,
        "autosize": {"type": "none"},
        "width": width,
        "height": height,
        "layer": [
            {
                "data": {"values": cells},
                "mark": {"type": "rect", "strokeWidth": 0},
                "encoding": {
                    "x": x,
                    "x2": {"field": "x2"},
                    "y": y,
                    "y2": {"field": "y2"},
                    "color": _chosen("step", [str(step) for step in range(7)], STEPS),
                },
            },
            {
                "data": {"values": cells},
                "mark": _text(align="center"),
                "encoding": {
                    "x": {**x, "field": "middle"},
                    "y": middle,
                    "text": {"field": "words"},
                    "color": _chosen("on", ["pale", "deep"], (ON_PALE, ON_DEEP)),
                },
            },
            {
                "data": {"values": labels},
                "mark": {**_text(align="left"), "color": INK},
                "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "label"}},
            },
            {
                "data": {"values": heads},
                "mark": {**_text(align="center"), "color": QUIET},
                "encoding": {"x": x, "y": {"value": CELL / 2}, "text": {"field": "label"}},
            },
        ],
        "resolve": {"scale": {"color": "independent"}},
    }


def _cells(
    rows: Sequence[HeatRow], columns: int, margin: int, cell: float
) -> list[dict[str, float | str]]:
    """Return a rectangle, its words and its shade for each share, in pixels."""
    return [
        {
            "x": margin + column * cell,
            "x2": margin + (column + 1) * cell - 2,
            "middle": margin + (column + 0.5) * cell - 1,
            "y": (index + 1) * CELL,
            "y2": (index + 2) * CELL - 2,
            "middle_y": (index + 1.5) * CELL - 1,
            "words": f"{share:.0%}".removesuffix("%"),
            "step": f"{step_of(share)}",
            "on": "deep" if step_of(share) >= DEEP_FROM else "pale",
        }
        for index, row in enumerate(rows)
        for column, share in enumerate(row.shares[:columns])
        if share is not None
    ]


def _text(*, align: str) -> dict[str, Any]:
    return {"type": "text", "align": align, "baseline": "middle", "fontSize": TEXT}


def _chosen(field: str, domain: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    scale = {"domain": list(domain), "range": list(colours)}
    return {"field": field, "type": "nominal", "scale": scale, "legend": None}
