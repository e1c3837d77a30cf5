"""The items of a prose answer: list lines, table rows, "1) ... 2) ...", "first ..., second ..."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from coach.assessment.text import Span, sentences, span_of

Form = Literal["table", "list", "inline", "ordinal", "labelled", "none"]

_LINE_MARK = re.compile(
    r"^[ \t]*(?:[-*•–]|\(?\d{1,2}[.)]|\(?[a-hA-H][.),:]|[A-Z]\d{1,2}[.):]?)[ \t]+", re.MULTILINE
)
_INLINE = re.compile(r"(?:(?<=\s)|^|(?<=[.:;,]))\(?(?:(\d{1,2})|([a-h]|[A-H]))[.)](?!\d)(?=\s*\S)")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ORDINAL = re.compile(r"\b(?:the )?(" + "|".join(_ORDINALS) + r")(?:ly)?\b[,:]?\s", re.IGNORECASE)
_LABEL = re.compile(r"^[^.:;?!,\n]{2,60}?:\s")


@dataclass(frozen=True)
class Items:
    """Items read from a text, how they were written, and for a table its cells and header."""

    form: Form
    spans: tuple[Span, ...]
    header: tuple[str, ...] = ()
    cells: tuple[tuple[Span, ...], ...] = ()


def _cut(text: str, starts: list[tuple[int, int]], end: int) -> tuple[Span, ...]:
    """Spans from each mark's end to the next mark's start."""
    stops = [start for start, _ in starts[1:]] + [end]
    spans = (span_of(text, body, stop) for (_, body), stop in zip(starts, stops, strict=True))
    return tuple(span for span in spans if span.quote)


def _cells(text: str, line: Span) -> tuple[Span, ...]:
    cells, start = [], line.start
    for mark in re.compile(r"\||\t").finditer(text, line.start, line.end):
        cells.append(span_of(text, start, mark.start()))
        start = mark.end()
    cells.append(span_of(text, start, line.end))
    return tuple(cell for cell in cells if cell.quote.strip(" -:"))


def _table(text: str) -> Items | None:
    lines = [span_of(text, m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    rows = [_cells(text, line) for line in lines if re.search(r"\||\S\t+\S", line.quote)]
    rows = [row for row in rows if len(row) > 1]
    if len(rows) < 2:
        return None
    header = tuple(cell.quote for cell in rows[0])
    has_header = not any(re.search(r"\d", name) for name in header)
    body = rows[1:] if has_header and len(rows) > 2 else rows
    spans = tuple(span_of(text, row[0].start, row[-1].end) for row in body)
    return Items("table", spans, header if body is not rows else (), tuple(body))


def _lines(text: str) -> Items | None:
    starts = [(m.start(), m.end()) for m in _LINE_MARK.finditer(text)]
    if len(starts) < 2:
        return None
    found = _cut(text, starts, len(text))
    last = text.find("\n", found[-1].start) if found else -1
    if found and last > 0:  # what follows the list on its own line is no item
        found = (*found[:-1], span_of(text, found[-1].start, last))
    return Items("list", found)


def _run(marks: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Marks that count up from 1 without a gap, as (start, end)."""
    run: list[tuple[int, int]] = []
    for number, start, end in marks:
        if number == len(run) + 1:
            run.append((start, end))
    return run


def _inline(text: str) -> Items | None:
    marks = []
    for m in _INLINE.finditer(text):
        number = int(m.group(1)) if m.group(1) else ord(m.group(2).lower()) - 96
        marks.append((number, m.start(), m.end()))
    run = _run(marks)
    return (
        Items("inline", _last_sentence(text, _cut(text, run, len(text)))) if len(run) > 1 else None
    )


def _ordinal(text: str) -> Items | None:
    marks = [
        (_ORDINALS.index(m.group(1).lower()) + 1, m.start(), m.end())
        for m in _ORDINAL.finditer(text)
    ]
    run = _run(marks)
    return (
        Items("ordinal", _last_sentence(text, _cut(text, run, len(text)))) if len(run) > 2 else None
    )


def _last_sentence(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The last item of a running text ends with its first sentence that is long enough."""
    if not spans:
        return spans
    end = next((s.end for s in sentences(text) if s.end > spans[-1].start + 25), spans[-1].end)
    return (*spans[:-1], span_of(text, spans[-1].start, min(end, spans[-1].end)))


def _labelled(text: str) -> Items | None:
    parts = sentences(text)
    starts = [i for i, part in enumerate(parts) if _LABEL.match(part.quote)]
    if len(starts) < 2:
        return None
    stops = [*starts[1:], starts[-1] + 1]
    spans = (
        span_of(text, parts[a].start, parts[b - 1].end) for a, b in zip(starts, stops, strict=True)
    )
    return Items("labelled", tuple(spans))


@lru_cache(maxsize=256)
def items(text: str) -> Items:
    """Read the items of a text; the clearest form that fits wins, form "none" has no items."""
    for read in (_table, _lines, _inline, _ordinal, _labelled):
        found = read(text)
        if found and len(found.spans) > 1:
            return found
    return Items("none", ())
