"""What a step says once its padding is taken out; only that is read for a level.

Taken out, sentence by sentence: talk that would fit any case (learned, data/empty.json), what says
again what one earlier sentence said, and what only quotes the case. Each sentence is judged by
itself, or against what stands before it, so a text with padding behind it has the same substance
as the text without: for padding that is recognized no level is gained or lost, by construction.
Without sentence vectors empty talk is not known, and the rest is taken out all the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from coach.assessment import parse, roles
from coach.assessment.context import CaseContext
from coach.assessment.reading import Reading
from coach.assessment.sentence_features import Row
from coach.assessment.text import Span, normal, sentences, stems, words
from coach.interviewer.encoder import Encoder

EMPTY_FILE = Path(__file__).parent / "data" / "empty.json"
SAID = 0.75
"""A sentence that shares this much of its matter with one other only says it again."""
LEAST_MATTER = 4
"""Different words and figures below which a sentence is too short to say another again."""
LEAST_QUOTED = 3
"""Words from which a passage that stands in the case word for word is a quote."""
SEGMENT, BY_AGE, BY_DEEDS = "segment", "demographic_segment", "behaviour_segment"
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Empty:
    """A logistic regression on the features of a sentence; ``border`` is the log-odds to go by."""

    weights: Row
    bias: float
    border: float


@lru_cache(maxsize=1)
def model() -> Empty:
    """The shipped weights."""
    raw = json.loads(EMPTY_FILE.read_text("utf-8"))
    return Empty(np.array(raw["weights"]), raw["bias"], raw["border"])


def version() -> str:
    """A short hash of the shipped weights, part of the rules' version."""
    return hashlib.sha256(EMPTY_FILE.read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=256)
def emptiness(texts: tuple[str, ...], encoder: Encoder) -> tuple[float, ...]:
    """For each sentence the log-odds that it would fit any case, above the border to go by."""
    rows = roles.features(texts, roles.model().vocabulary, encoder)
    found = rows @ model().weights + model().bias - model().border
    return tuple(np.round(found, 3).tolist())


@lru_cache(maxsize=256)
def _idle_groups(step: str, texts: tuple[str, ...], encoder: Encoder) -> tuple[bool, ...]:
    """Whether each sentence divides people by age, place or title, and that is no answer.

    It is one where people are to be divided and no sentence divides them by what they do.
    """
    table = roles.model().probabilities(SEGMENT, texts, encoder)
    floor = roles.threshold(BY_AGE, sure=True) or 1.0
    by_deeds = max(table[BY_DEEDS], default=0.0) >= (roles.threshold(BY_DEEDS) or 1.0)
    idle = step != SEGMENT or by_deeds
    return tuple(
        idle and a >= floor > b and bool(words(text))
        for text, a, b in zip(texts, table[BY_AGE], table[BY_DEEDS], strict=True)
    )


def matter(text: str) -> frozenset[str]:
    """What a sentence is about: its content stems and its figures."""
    return stems(text) | frozenset(_FIGURE.findall(text))


def says_again(own: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    """Whether nearly all of a sentence's matter stands in one of the others."""
    return len(own) >= LEAST_MATTER and any(len(own & o) >= SAID * len(own) for o in others)


@lru_cache(maxsize=64)
def _of_case(prompt: str, background: str) -> tuple[frozenset[str], ...]:
    return tuple(matter(s.quote) for text in (prompt, background) for s in sentences(text))


def _is_quoted(text: str, context: CaseContext) -> bool:
    words = normal(text)
    case = f" {normal(context.prompt)} {normal(context.background)} "
    return len(words.split()) >= LEAST_QUOTED and f" {words} " in case


def _is_copy(spans: Sequence[Span], context: CaseContext) -> list[bool]:
    """Whether each sentence says again what the case or an earlier sentence says."""
    said = list(_of_case(context.prompt, context.background))
    found = []
    for span in spans:
        own = matter(span.quote)
        found.append(says_again(own, said) or _is_quoted(span.quote, context))
        said.append(own)
    return found


def padding(r: Reading) -> tuple[Span, ...]:
    """The sentences of a step that carry nothing of their own; the least empty is kept if all are.

    Sentences that repeat another word for word are not among them: a reading has each once.
    """
    spans = r.sentences
    if not spans:
        return ()
    copies = _is_copy(spans, r.context)
    odds = _odds(r, spans)
    out = [copy or odd >= 0 for copy, odd in zip(copies, odds, strict=True)]
    if all(out):
        out[min(range(len(odds)), key=lambda i: (copies[i], odds[i], i))] = False
    return tuple(span for span, is_out in zip(spans, out, strict=True) if is_out)


def _odds(r: Reading, spans: Sequence[Span]) -> Sequence[float]:
    """How empty each sentence is, a long one as its least empty part."""
    if r.encoder is None:
        return [-1.0] * len(spans)
    parts = [roles.units(r.text, [span]) for span in spans]
    texts = tuple(part.quote for found in parts for part in found)
    odds = emptiness(texts, r.encoder)
    idle = _idle_groups(r.step, texts, r.encoder)
    values = (max(odd, 0.0) if group else odd for odd, group in zip(odds, idle, strict=True))
    return [min(islice(values, len(found))) for found in parts]


def _blanked(text: str, places: Sequence[Span]) -> str:
    """The text with spaces in the places, so that all else stays where it is."""
    letters = list(text)
    for span in places:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)


def substance(r: Reading) -> Reading:
    """The reading without its padding, every sentence where it stood; `r` itself without any."""
    kept = {(s.start, s.end) for s in r.sentences}
    again = [s for s in sentences(r.text) if (s.start, s.end) not in kept]
    places = [*again, *padding(r)]
    if not places:
        return r
    bare = replace(r, text=_blanked(r.text, places))
    return bare if r.confirmed else replace(bare, artefact=parse.draft(bare))
