"""Cutting a text at the ends of spans: exact for every text there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.marking import Span, mark, paragraphs

HARD = st.text(
    alphabet=st.one_of(
        st.sampled_from("a é\n\r\u200d\u202e\u0301אبقلب👩👧🏽‍🚀🇩🇪\t"), st.characters(codec="utf-8")
    ),
    min_size=1,
    max_size=120,
)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Draw a text and spans inside it."""
    text = draw(HARD)
    spans = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text) - 1))
        spans.append(Span(start, draw(st.integers(start + 1, len(text))), str(number)))
    return text, spans


@given(marked())
def test_the_segments_are_the_text_and_each_span_covers_its_own_words(
    drawn: tuple[str, list[Span]],
) -> None:
    text, spans = drawn
    segments = mark(text, spans)
    assert "".join(segment.text for segment in segments) == text
    for span in spans:
        covered = "".join(segment.text for segment in segments if span in segment.spans)
        assert covered == text[span.start : span.end]
    assert sorted(s.key for seg in segments for s in seg.ends) == sorted(s.key for s in spans)


@given(marked())
def test_every_segment_of_a_paragraph_knows_where_it_stands(
    drawn: tuple[str, list[Span]],
) -> None:
    text, spans = drawn
    for group in paragraphs(mark(text, spans)):
        for segment in group:
            assert text[segment.start : segment.start + len(segment.text)] == segment.text


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 5)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not in the text"):
        mark("four", [Span(start, end, "1")])


def test_nested_spans_are_drawn_in_the_tone_of_the_inner_one() -> None:
    segments = mark("abcdef", [Span(0, 6, "1", "good"), Span(2, 4, "2", "info")])
    assert [segment.tone for segment in segments] == ["good", "info", "good"]


def test_text_without_spans_is_one_segment() -> None:
    assert [segment.tone for segment in mark("abc", [])] == [""]
