"""Saving what is typed, as it is typed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from coach.assessment import artefacts
from coach.models import Attempt, AttemptStep
from coach.posted import plain_text

MAX_TEXT = 6000
"""Characters in one message or answer, about 1,000 words."""
CHANGED_ELSEWHERE = "A later version of this draft is stored. Reload the page to see it."
TOO_LONG = "This is longer than 6,000 characters. Shorten it, or send it in two messages."


def check_length(text: str) -> str:
    """Return the text without surrounding space.

    Raises:
        ValidationError: it is longer than ``MAX_TEXT`` characters.
    """
    text = plain_text(text).strip()
    if len(text) > MAX_TEXT:
        raise ValidationError(TOO_LONG, code="too_long")
    return text


@transaction.atomic
def composer_save(*, attempt: Attempt, step: str, text: str, sequence: int | None = None) -> int:
    """Store text that is typed and not yet sent.

    Args:
        sequence: rises with each change in the browser; None saves in any case.

    Returns:
        The sequence number that now stands.

    Raises:
        ValidationError: the text is over the documented size, or a later save is stored already
            (code "conflict"), so that a slow request or an old window cannot undo newer typing.
    """
    text = plain_text(text)
    if len(text) > MAX_TEXT:
        raise ValidationError(TOO_LONG, code="too_long")
    row = attempt.steps.select_for_update().get(step=step)
    row.composer_sequence = _next_sequence(row.composer_sequence, sequence)
    row.composer = text
    row.save(update_fields=["composer", "composer_sequence"])
    return row.composer_sequence


@transaction.atomic
def artefact_save(
    *, attempt: Attempt, step: str, artefact: dict[str, Any], sequence: int | None = None
) -> int:
    """Store the artefact of a step as it stands in the form; see ``composer_save``.

    A cell that was read from prose and has been changed is no longer marked as read.
    """
    row = attempt.steps.select_for_update().get(step=step)
    row.artefact_sequence = _next_sequence(row.artefact_sequence, sequence)
    _keep_artefact(row, artefact)
    row.save(update_fields=["artefact", "read_cells", "artefact_sequence"])
    return row.artefact_sequence


def _next_sequence(stored: int, sent: int | None) -> int:
    if sent is None:
        return stored
    if sent < stored:
        raise ValidationError(CHANGED_ELSEWHERE, code="conflict")
    return sent


def _keep_artefact(row: AttemptStep, artefact: dict[str, Any]) -> None:
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
