"""Cutting a text at the ends of spans, so that a page can mark exactly the words a note is about.

Offsets are code points into the text as it was submitted. Nothing is matched loosely: a span that
does not lie inside the text is a fault of its maker and raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """Code points ``start`` to ``end`` (exclusive), marked as ``key`` in a tone of the palette."""

    start: int
    end: int
    key: str
    tone: str = "attention"


@dataclass(frozen=True)
class Segment:
    """A stretch of text that the same spans cover. ``ends`` are the spans that end with it."""

    text: str
    start: int
    spans: tuple[Span, ...] = ()
    ends: tuple[Span, ...] = ()

    @property
    def tone(self) -> str:
        """The tone to draw: that of the innermost span."""
        return min(self.spans, key=lambda s: s.end - s.start).tone if self.spans else ""


def mark(text: str, spans: Iterable[Span]) -> tuple[Segment, ...]:
    """Cut a text into segments.

    Joining the segments' texts gives the text again.

    Raises:
        ValueError: a span is empty or reaches outside the text.
    """
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    for span in ordered:
        if not 0 <= span.start < span.end <= len(text):
            raise ValueError(f"The span {span.start}-{span.end} is not in the text.")
    cuts = sorted({0, len(text), *(s.start for s in ordered), *(s.end for s in ordered)})
    return tuple(
        Segment(
            text=text[start:end],
            start=start,
            spans=tuple(s for s in ordered if s.start <= start and end <= s.end),
            ends=tuple(s for s in ordered if s.end == end),
        )
        for start, end in pairwise(cuts)
    )


def paragraphs(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Group segments by the paragraphs of the text, split at blank lines.

    Every segment keeps its offset, so a selection in the page can be traced back.
    """
    grouped: list[list[Segment]] = [[]]
    for segment in segments:
        start = segment.start
        parts = segment.text.split("\n\n")
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            if part or (last and segment.ends):
                grouped[-1].append(
                    Segment(part, start, segment.spans, segment.ends if last else ())
                )
            start += len(part) + 2
            if not last:
                grouped.append([])
    return [group for group in grouped if group]
