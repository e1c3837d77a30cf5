"""Merging what was read from prose into a step's artefact. What the student typed stays."""

from __future__ import annotations

from typing import Any

from coach.assessment import artefacts
from coach.models import AttemptStep


def merge_read(
    step: AttemptStep, read: dict[str, Any]
) -> tuple[dict[str, Any], list[str], int, str]:
    """Add rows and fields read from a message.

    A row whose name stands in the artefact already only fills that row's empty cells.

    Returns:
        (artefact, paths of the cells that are read and unconfirmed, rows added, name of a row).
    """
    spec = artefacts.SPECS[step.step]
    merged = artefacts.clean(step.step, step.artefact)
    cells = list(step.read_cells)
    added = 0
    for row in artefacts.rows_of(read):
        index, is_new = _row_for(merged, row, spec.label_column)
        if index is None:
            break
        added += is_new
        cells += _fill(merged["rows"][index], row, f"rows.{index}")
    cells += _fill(merged, {key: value for key, value in read.items() if key != "rows"}, "")
    known = artefacts.clean(step.step, merged)
    return known, list(dict.fromkeys(cells)), added, spec.row_name


def _row_for(artefact: dict[str, Any], row: Any, label_column: str) -> tuple[int | None, bool]:
    """Return (index of the row to fill, whether it is new); None when the table is full."""
    rows = artefact.setdefault("rows", [])
    name = str(row.get(label_column, "")).casefold().strip()
    for index, existing in enumerate(rows):
        if name and str(existing.get(label_column, "")).casefold().strip() == name:
            return index, False
    if len(rows) >= artefacts.MAX_ROWS:
        return None, False
    rows.append({})
    return len(rows) - 1, True


def _fill(target: dict[str, Any], source: Any, path: str) -> list[str]:
    """Copy values into empty cells; return the paths that were filled."""
    filled = []
    for key, value in source.items():
        if value and not target.get(key):
            target[key] = value
            filled.append(f"{path}.{key}" if path else key)
    return filled
