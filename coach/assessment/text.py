"""Sentences, words and numbers with their places in the text.

Everything that is ever quoted is a `Span`, and a span's quote is always cut from the text itself:
`text[span.start:span.end] == span.quote`. Offsets are code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import snowballstemmer

QUOTE_LIMIT = 170
"""Longer sentences are quoted from clause to clause around the words that matter."""

_BREAK = re.compile(r"(?:[.!?]+[\"'’”)]*(?=\s|$)|;(?=\s)|:(?=\s\(?[1aA][.)]\s)|\n+)")
_LIST_NUMBER = re.compile(r"(?:^|[.:;!?])\s*\(?(?:\d{1,2}|[A-Za-z])[.)]$")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|approx|etc|ca|mr|ms|mrs|dr)\.$", re.IGNORECASE)
_NUMBER_SIGN = re.compile(r"\bno\.$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TOKEN = re.compile(r"\w+(?:['’.,/-]\w+)*%?")

STOPWORDS = frozenset((Path(__file__).parent / "data" / "stopwords.txt").read_text("utf-8").split())


@dataclass(frozen=True, order=True)
class Span:
    """Words of a text with their place: ``quote == text[start:end]``."""

    start: int
    end: int
    quote: str


def span_of(text: str, start: int, end: int) -> Span:
    """The span from start to end, without white space at its edges."""
    start, end = max(0, start), min(len(text), end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end, text[start:end])


def _is_abbreviated(piece: str, after: str) -> bool:
    """Whether the full stop belongs to a word; "no." is a number's sign before a figure alone."""
    numbered = _NUMBER_SIGN.search(piece) and after.lstrip()[:1].isdigit()
    return bool(numbered or _ABBREVIATION.search(piece))


def _pieces(text: str) -> Iterator[Span]:
    start = 0
    for found in _BREAK.finditer(text):
        piece = text[start : found.end()]
        in_line = "\n" not in found.group()
        if in_line and (_LIST_NUMBER.match(piece) or _is_abbreviated(piece, text[found.end() :])):
            continue
        yield span_of(text, start, found.end())
        start = found.end()
    yield span_of(text, start, len(text))


@lru_cache(maxsize=256)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text in order; lines of a list or a table count as sentences."""
    return tuple(piece for piece in _pieces(text) if _TOKEN.search(piece.quote))


def words(text: str) -> list[str]:
    """Lower-case words without numbers."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def count_words(text: str) -> int:
    """How many words and numbers a text has."""
    return len(_TOKEN.findall(text))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one lower-case word (Snowball, English)."""
    # A stemmer keeps its place in the word: one shared by threads mixes their words up.
    return str(snowballstemmer.stemmer("english").stemWord(word))


@lru_cache(maxsize=1024)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    parts = (part for word in words(text) for part in [word, *word.split("-")])
    return frozenset(stem(part) for part in parts if part not in STOPWORDS and len(part) > 2)


def overlap(left: Iterable[str], right: Iterable[str]) -> float:
    """Share of the smaller set that is in the other; 0 for an empty set."""
    a, b = set(left), set(right)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def clause(text: str, sentence: Span, start: int, end: int) -> Span:
    """The words to quote around text[start:end]: its sentence, or the clauses next to it."""
    if len(sentence.quote) <= QUOTE_LIMIT:
        return sentence
    cuts = [sentence.start, *(m.end() for m in _cut_points(text, sentence)), sentence.end]
    left = max((cut for cut in cuts if cut <= start), default=sentence.start)
    right = min((cut for cut in cuts if cut >= end), default=sentence.end)
    for cut in (c for c in cuts if c > right):
        if cut - left > QUOTE_LIMIT:
            break
        right = cut
    return _without_edges(text, _limited(text, left, right, end))


def _cut_points(text: str, sentence: Span) -> Iterator[re.Match[str]]:
    return re.compile(r"[,:;](?=\s)|\s[–-]\s").finditer(text, sentence.start, sentence.end)


def _limited(text: str, left: int, right: int, end: int) -> Span:
    if right - left <= QUOTE_LIMIT:
        return span_of(text, left, right)
    start = max(left, end - QUOTE_LIMIT // 2)
    stop = min(right, start + QUOTE_LIMIT)
    start = next((i + 1 for i in range(start, left, -1) if text[i].isspace()), left)
    stop = next((i for i in range(stop, end, -1) if i < len(text) and text[i].isspace()), end)
    return span_of(text, start, stop)


def _without_edges(text: str, span: Span) -> Span:
    trimmed = span.quote.rstrip(" ,:;–-")
    return Span(span.start, span.start + len(trimmed), trimmed)


def normal(text: str) -> str:
    """A text for comparing: lower case, words and numbers only."""
    return " ".join(_TOKEN.findall(text.lower()))
