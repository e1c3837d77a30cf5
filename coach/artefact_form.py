"""The artefact of a step as an HTML form: names of its fields, reading them back, drawing them.

Names: ``rows-2-name`` for a cell, ``rows-chosen`` for a mark one row can carry (its value is the
row's index), ``field-why`` for a single field. Indexes may have gaps; rows keep their order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from coach.assessment import artefacts
from coach.assessment.artefacts import Artefact, ArtefactSpec, Column
from coach.posted import plain_text, whole_number
from metrics_lab.engine.priority import scores as priority

CELL = re.compile(r"^rows-(\d{1,3})-([a-z_]+)$")
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)\s*([kKmMbB]?)")
SCALES = {"k": 1e3, "m": 1e6, "b": 1e9}
BLANK = "__index__"


def artefact_from_post(step: str, data: QueryDict) -> Artefact:
    """Return the artefact a posted form holds, cleaned; "add_row" and "drop_row" are obeyed."""
    spec = artefacts.SPECS[step]
    rows: dict[int, dict[str, Any]] = {}
    for key in data:
        if matched := CELL.match(key):
            rows.setdefault(int(matched[1]), {})[matched[2]] = plain_text(data.get(key) or "")
    for column in spec.columns:
        picked = whole_number(data.get(f"rows-{column.id}", ""))
        if column.kind == "mark" and column.single and picked is not None:
            rows.setdefault(picked, {})[column.id] = True
    dropped = whole_number(data.get("drop_row", ""))
    if dropped is not None:
        rows.pop(dropped, None)
    raw: Artefact = {
        column.id: plain_text(data.get(f"field-{column.id}", "")) for column in spec.fields
    }
    raw["rows"] = [rows[index] for index in sorted(rows)]
    return artefacts.clean(step, raw)


def has_artefact(data: QueryDict) -> bool:
    """Say whether a posted form holds an artefact at all."""
    return any(key.startswith(("rows-", "field-")) for key in data)


def artefact_context(
    step: str,
    artefact: Artefact,
    *,
    links: Mapping[str, Sequence[str]],
    read_cells: Sequence[str] = (),
    extra_rows: int = 0,
) -> dict[str, Any] | None:
    """Return what templates/components/artefact.html draws, or None for a step without one.

    Args:
        links: for "step.column", the texts a link column offers.
        extra_rows: empty rows to add, for a form without JavaScript.
    """
    spec = artefacts.SPECS[step]
    if not spec.columns and not spec.fields:
        return None
    filled = list(artefact.get("rows", []))
    shown = filled or [{}] * spec.blank_rows
    shown = (shown + [{}] * extra_rows)[: artefacts.MAX_ROWS]
    read = set(read_cells)
    rows = [_row(spec, row, index, links, read) for index, row in enumerate(shown)]
    read_rows = {cell.split(".")[1] for cell in read if cell.startswith("rows.")}
    return {
        "title": spec.title,
        "row_name": spec.row_name,
        "columns": spec.columns,
        "computed": [{"id": key, "label": label} for key, label in spec.computed],
        "rows": rows if spec.columns else [],
        "blank_row": _row(spec, {}, BLANK, links, set()) if spec.columns else None,
        "max_rows": artefacts.MAX_ROWS,
        "is_rice": step == "prioritize",
        "fields": [_field(column, artefact, read) for column in spec.fields],
        "read_count": len(read_rows) or (1 if read else 0),
        "filled": _filled(spec, artefact),
    }


def _filled(spec: ArtefactSpec, artefact: Artefact) -> dict[str, Any] | None:
    """Return what is filled in, for reading: columns that hold anything, rows, fields."""
    if artefacts.is_empty(artefact):
        return None
    rows = artefacts.rows_of(artefact)
    used = [c for c in spec.columns if c.id != "chosen" and any(row.get(c.id) for row in rows)]
    labels = [column.label for column in used] + [label for _, label in spec.computed]
    return {
        "columns": labels,
        "rows": [
            {
                "chosen": bool(row.get("chosen")),
                "cells": [
                    *({"label": c.label, "value": _readable(c, row.get(c.id))} for c in used),
                    *({"label": n, "value": computed_value(k, row)} for k, n in spec.computed),
                ],
            }
            for row in rows
        ],
        "fields": [
            {"label": column.label, "value": artefact[column.id]}
            for column in spec.fields
            if artefact.get(column.id)
        ],
    }


def _readable(column: Column, value: Any) -> str:
    if column.kind == "mark":
        return "yes" if value else ""
    return dict(column.choices).get(str(value), str(value or ""))


def _row(
    spec: ArtefactSpec,
    row: Mapping[str, Any],
    index: int | str,
    links: Mapping[str, Sequence[str]],
    read: set[str],
) -> dict[str, Any]:
    number = index + 1 if isinstance(index, int) else "new"
    cells = [_cell(column, row, index, links, read) for column in spec.columns]
    return {
        "index": index,
        "number": number,
        "chosen": any(c["value"] is True and c["column"].single for c in cells),
        "cells": cells,
        "read": any(cell["read"] for cell in cells),
        "computed": [
            {"id": key, "label": label, "value": computed_value(key, row)}
            for key, label in spec.computed
        ],
    }


def _cell(
    column: Column,
    row: Mapping[str, Any],
    index: int | str,
    links: Mapping[str, Sequence[str]],
    read: set[str],
) -> dict[str, Any]:
    single = column.kind == "mark" and column.single
    value = row.get(column.id, "")
    choices: list[tuple[str, str]] = list(column.choices)
    if column.kind == "link":
        choices = _link_choices(links.get(column.links_to, ()), str(value))
    return {
        "column": column,
        "name": f"rows-{column.id}" if single else f"rows-{index}-{column.id}",
        "mark_value": index if single else "1",
        "value": value,
        "choices": choices,
        "read": f"rows.{index}.{column.id}" in read,
    }


def _link_choices(offered: Sequence[str], value: str) -> list[tuple[str, str]]:
    texts = list(dict.fromkeys([*offered, *([value] if value else [])]))
    return [("", "Choose"), *((text, _short(text)) for text in texts)]


def _field(column: Column, artefact: Artefact, read: set[str]) -> dict[str, Any]:
    return {
        "column": column,
        "name": f"field-{column.id}",
        "value": artefact.get(column.id, ""),
        "read": column.id in read,
    }


def computed_value(key: str, row: Mapping[str, Any]) -> str:
    """Return what the site computes for a row: the RICE score, or nothing while a number lacks."""
    if key != "score":
        return ""
    cells = (str(row.get(column, "")) for column in ("reach", "impact", "confidence", "effort"))
    numbers = [number for cell in cells if (number := number_in(cell)) is not None]
    if len(numbers) < 4:
        return ""
    reach, impact, confidence, effort = numbers
    try:
        score = priority.rice_score(reach, impact, confidence / 100, effort)
    except priority.PriorityError:
        return ""
    return f"{score:,.0f}"


def number_in(cell: str) -> float | None:
    """Return the number a cell holds ("1,440,000", "2.4 M", "80 %" is 80), or None."""
    matched = NUMBER.search(cell.replace(",", ""))
    if matched is None:
        return None
    number = float(matched[1]) * SCALES.get(matched[2].lower(), 1)
    return number if math.isfinite(number) else None


def links_of(step: str, artefacts_by_step: Mapping[str, Artefact]) -> dict[str, list[str]]:
    """Return the texts each link column of a step offers, from the earlier artefacts."""
    offered = {}
    for column in artefacts.SPECS[step].columns:
        if column.kind == "link":
            source, _, name = column.links_to.partition(".")
            rows = artefacts.rows_of(artefacts_by_step.get(source))
            offered[column.links_to] = [str(row[name]) for row in rows if row.get(name)]
    return offered


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
