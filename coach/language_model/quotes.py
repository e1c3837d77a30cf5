"""Whether quoted words stand in a text, letter for letter but for blanks and forms of marks."""

from __future__ import annotations

from coach.assessment.layout import Layout
from coach.assessment.text import Span, count_words, span_of

FEWEST_WORDS = 3
_MARKS = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "´": "'",
    "`": "'",
}  # fmt: skip
_WRAPPING = ' \t\n"'


def find(text: str, quote: str) -> Span | None:
    """Return the place of a quote in a text, cut from the text itself; None when it is not there.

    It must hold at least three words and begin and end where a word does.
    """
    wanted, _ = _plain(quote)
    wanted = wanted.strip(_WRAPPING)
    if count_words(wanted) < FEWEST_WORDS:
        return None
    plain, places = _plain(text)
    at = plain.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not _inside_word(plain, at) and not _inside_word(plain, end):
            return span_of(text, places[at], places[end - 1] + 1)
        at = plain.find(wanted, at + 1)
    return None


def stands_in_one_field(layout: Layout, span: Span) -> bool:
    """Whether a span lies in the prose alone or in one cell of the artefact alone."""
    if span.end <= layout.prose_end:
        return True
    return any(start <= span.start and span.end <= end for start, end, _ in layout.cells)


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a text with one form of each mark and single blanks, and where each sign came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if not sign.isspace():
            signs.append(_MARKS.get(sign, sign))
            places.append(place)
        elif signs and signs[-1] != " ":
            signs.append(" ")
            places.append(place)
    return "".join(signs), places


def _inside_word(text: str, place: int) -> bool:
    """Whether a place falls between two signs of one word."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()
