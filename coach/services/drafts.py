"""Saving what is typed, as it is typed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from coach.assessment import artefacts
from coach.models import Attempt, AttemptStep

MAX_TEXT = 6000
"""Characters in one message or answer, about 1,000 words."""
TOO_LONG = "This is longer than 6,000 characters. Shorten it, or send it in two messages."


def check_length(text: str) -> str:
    """Return the text without surrounding space.

    Raises:
        ValidationError: it is longer than ``MAX_TEXT`` characters.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > MAX_TEXT:
        raise ValidationError(TOO_LONG, code="too_long")
    return text


@transaction.atomic
def draft_save(
    *,
    attempt: Attempt,
    step: str,
    sequence: int,
    composer: str | None = None,
    artefact: dict[str, Any] | None = None,
) -> AttemptStep:
    """Store unsent text and the artefact of a step; what is None stays as it is.

    A save that arrives after a later one (``sequence`` of the client, rising) changes nothing,
    so that a slow request cannot undo newer typing.

    Raises:
        ValidationError: the text is over the documented size.
    """
    if composer is not None and len(composer) > MAX_TEXT:
        raise ValidationError(TOO_LONG, code="too_long")
    row = attempt.steps.select_for_update().get(step=step)
    if sequence < row.sequence:
        return row
    row.sequence = sequence
    if composer is not None:
        row.composer = composer.replace("\x00", "")
    if artefact is not None:
        _keep_artefact(row, artefact)
    row.save(update_fields=["sequence", "composer", "artefact", "read_cells"])
    return row


def _keep_artefact(row: AttemptStep, artefact: dict[str, Any]) -> None:
    """Store a filled form. A read cell that the student changed is no longer marked as read."""
    cleaned = artefacts.clean(row.step, artefact)
    before = row.artefact
    row.read_cells = [
        cell for cell in row.read_cells if cell_value(cleaned, cell) == cell_value(before, cell)
    ]
    row.artefact = cleaned


def cell_value(artefact: dict[str, Any], cell: str) -> Any:
    """Return the value at "rows.2.name" or "why"; None where there is none."""
    parts = cell.split(".")
    if len(parts) == 1:
        return artefact.get(parts[0])
    rows = artefact.get("rows", [])
    index = int(parts[1])
    return rows[index].get(parts[2]) if index < len(rows) else None


def cells_confirm(*, attempt: Attempt, step: str) -> None:
    """The student says that what was read from the prose is what they meant."""
    attempt.steps.filter(step=step).update(read_cells=[])
