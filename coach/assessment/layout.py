"""Prose and artefact as one text, and back: every place belongs to the prose or to one cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coach.assessment.answer import StepAnswer
from coach.assessment.text import Span

_NOT_WORDS = frozenset({"role", "severity", "impact", "branch", "cost", "kind", "chosen", "bold"})


@dataclass(frozen=True)
class Layout:
    """The joined text and where each artefact cell begins and ends in it."""

    text: str
    prose_end: int
    cells: tuple[tuple[int, int, str], ...] = ()

    def place(self, span: Span) -> tuple[str, int, int]:
        """The field a span lies in and its offsets there: ("text", 3, 9), ("rows.0.name", 0, 4)."""
        for start, end, name in self.cells:
            if start <= span.start and span.end <= end:
                return name, span.start - start, span.end - start
        return "text", span.start, span.end


def _cells(artefact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for i, row in enumerate(artefact.get("rows") or ()):
        for key, value in row.items():
            if isinstance(value, str) and value.strip() and key not in _NOT_WORDS:
                yield f"rows.{i}.{key}", value
    for key, value in artefact.items():
        if isinstance(value, str) and value.strip():
            yield key, value


def join(answer: StepAnswer) -> Layout:
    """Put the cells a student filled in behind the prose, one a line.

    A cell that repeats words of the prose is left out: what is said once counts once.
    """
    if answer.source != "student":
        return Layout(answer.text, len(answer.text))
    text, cells = answer.text, []
    for name, value in _cells(answer.artefact):
        if value in answer.text:
            continue
        start = len(text) + 1
        text = f"{text}\n{value}"
        cells.append((start, start + len(value), name))
    return Layout(text, len(answer.text), tuple(cells))
