"""Parts of charts that have one named row a thing: its words above, its bar beneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metrics_lab.charts.svg import TEXT

ROW = 46
"""Height of a row, px."""
LEFT_EDGE, RIGHT_EDGE = {"value": 0}, {"value": "width"}

Layer = dict[str, Any]


def named_rows(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what a specification of rows holds beside its layers; the rows keep their order."""
    names = [{"row": f"{index:02d}", **row} for index, row in enumerate(rows)]
    return {
        "padding": 0,
        "autosize": {"type": "pad", "contains": "padding"},
        "height": {"step": ROW},
        "data": {"values": names},
        "encoding": {
            "y": {
                "field": "row",
                "type": "nominal",
                "axis": None,
                "scale": {"paddingInner": 0, "paddingOuter": 0},
            }
        },
    }


def row_words(
    field: str, x: dict[str, Any], colour: str, *, align: str, dx: int = 0, dy: int = -10
) -> Layer:
    """Return the layer of a row's words: above its bar, or where ``dy`` says."""
    mark = {"type": "text", "align": align, "dx": dx, "dy": dy, "color": colour, "fontSize": TEXT}
    return {"mark": mark, "encoding": {"x": x, "text": {"field": field}}}


def cut(label: str, room: int) -> str:
    """Return a label of at most ``room`` letters; an ellipsis stands for what is left out."""
    return label if len(label) <= room else f"{label[: max(room - 1, 1)].rstrip()}…"
