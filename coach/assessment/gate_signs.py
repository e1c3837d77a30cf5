"""What the gate has learned: is a text beside the case, empty trade, nonsense, or an order?

Four logistic regressions on the vector of a text or sentence and a few signs counted in it, with
numbers in data/gate.json, fitted by training/train_gate.py. They need sentence vectors; the rules
on words in gate.py and injection.py stand without them.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from coach.assessment import injection, lexicon, roles
from coach.assessment.context import CaseContext
from coach.assessment.text import STOPWORDS, sentences, stem, words
from coach.assessment.word_order import counts, order
from coach.interviewer.encoder import Encoder, Reading

GATE_FILE = Path(__file__).parent / "data" / "gate.json"
MOST_UNITS = 16
"""A text shows in its first sentences what it is about."""
Numbers = NDArray[np.float64]
TASK = re.compile(
    r"\b(?:ideas?|recommend\w*|choos\w*|chose|choice|pick|decid\w*|decision|steps?|options?|"
    r"solutions?|pains?|segments?|metrics?|tests?|risks?|rice|assum\w*|prioriti\w*|hypothes\w*|"
    r"goals?|summary|target|users?|customers?|launch|ship|pilot|measure\w*|stop if|roll ?out|would|"
    r"should|we|i'd|could|effort|impact)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"(?<!\d)\d+(?:[.,]\d+)? ?(?:%|k\b|m\b|percent|weeks?|months?|quarters?)|[$€£]\d", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’/-][^\W\d_]+)*|\d[\d.,]*%?")
_ABOUT_MARKS = re.compile(
    r"\b(?:level|grad(?:e|ing)|marks?|scor(?:e|ing)|criteri\w+|rubric|answer|findings?|review\w*|"
    r"evaluat\w+|student)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\byour?\b", re.IGNORECASE)


@runtime_checkable
class TokenReader(Protocol):
    """An encoder that gives the vectors of tokens as well."""

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """One reading a text, in order."""
        ...


@dataclass(frozen=True)
class Learned:
    """A logistic regression; ``weights`` of shape (features,), ``border`` a logit."""

    weights: Numbers
    bias: float
    border: float

    def logit(self, row: Numbers) -> float:
        """The log odds of a row of features."""
        return float(row @ self.weights + self.bias)

    def says(self, row: Numbers) -> bool:
        """Whether a row lies at the border or beyond."""
        return self.logit(row) >= self.border


@lru_cache(maxsize=1)
def models() -> dict[str, Learned]:
    """The shipped models by name: off_topic, keyword_stuffing, nonsense, injection."""
    raw = json.loads(GATE_FILE.read_text("utf-8"))["models"]
    return {
        name: Learned(np.array(m["weights"]), m["bias"], m["border"]) for name, m in raw.items()
    }


def version() -> str:
    """A short hash of the shipped numbers."""
    return hashlib.sha256(GATE_FILE.read_bytes()).hexdigest()[:8]


def about(context: CaseContext) -> tuple[str, ...]:
    """What a case says of itself, part by part."""
    background = (sentence.quote for sentence in sentences(context.background))
    return (context.prompt, *background, *context.exists_today)


@lru_cache(maxsize=32)
def _encoded(texts: tuple[str, ...], encoder: Encoder) -> Numbers:
    return np.asarray(encoder.encode(texts), dtype=np.float64)


def first_units(text: str) -> list[str]:
    """The parts of a text that are read, the first `MOST_UNITS`."""
    return [unit.quote for unit in roles.units(text, sentences(text))][:MOST_UNITS]


def content(text: str) -> list[str]:
    """The stems of a text's content words, in order."""
    return [stem(word) for word in words(text) if word not in STOPWORDS and len(word) > 2]


def text_row(
    text: str, context: CaseContext, encoder: Encoder, is_trade: Callable[[str], bool]
) -> Numbers:
    """The signs of a text and its vector, the mean of its units' and its own, of shape (402,)."""
    units = first_units(text)
    vectors = np.asarray(encoder.encode([*units, text]), dtype=np.float64)
    whole, parts = vectors[-1], vectors[:-1] if units else vectors
    of_case = _encoded(about(context), encoder).T
    own = (parts @ of_case).max(axis=1)
    together = whole + parts.mean(axis=0)
    near = (float((whole @ of_case).max()), float(own.mean()), float(own.max()))
    signs = (*near, *_word_signs(text, context, is_trade), *_form_signs(text, len(units)))
    return np.array([*signs, *(together / np.linalg.norm(together))])


def _word_signs(
    text: str, context: CaseContext, is_trade: Callable[[str], bool]
) -> tuple[float, ...]:
    """Words of the case, also without those of the trade, of the case or the work, and trade."""
    found = content(text)
    general = {stem(m.group().lower()) for m in lexicon.pattern("general").finditer(text)}
    of_case = {word for word in found if word in context.words}
    plain = {word for word in of_case if not is_trade(word)}
    trade = [word for word in found if is_trade(word)]
    many = max(1, len(found))
    return (
        min(len(of_case), 6) / 6,
        min(len(plain), 4) / 4,
        sum(word in of_case or word in general for word in found) / many,
        len(trade) / many,
        min(len(set(trade)), 10) / 10,
        min(len({m.group().lower() for m in TASK.finditer(text)}), 4) / 4,
    )


def _form_signs(text: str, units: int) -> tuple[float, ...]:
    """How a text is made: order, repetition, little words, figures, capitals, length, pauses."""
    found = _TOKEN.findall(text)
    lower = [token.lower() for token in found]
    many = max(1, len(found))
    longer = [token for token in lower if len(token) > 2 and token.isalpha()]
    capitals = sum(token.isupper() and 1 < len(token) <= 5 for token in found)
    return (
        order(text).mean,
        len(set(longer)) / max(1, len(longer)),
        sum(token in counts().words for token in lower) / many,
        min(len(_QUANTITY.findall(text)), 3) / 3,
        min(sum(token[0].isdigit() for token in lower) / many, 0.3) / 0.3,
        capitals / many,
        min(math.log(many), 6) / 6,
        min(text.count(",") / many, 0.5),
        min(units / many, 0.3),
    )


SIGNS = 18
"""Signs of a text before its vector."""
ORDER_SIGNS = 11
"""The same of a sentence that may be an order."""
NONSENSE_SIGNS = 5
"""The signs of a text that may have no sense; it has no vector beside them."""


def sentence_rows(found: Sequence[str], encoder: Encoder) -> Numbers:
    """The signs of an order to the reviewer and the vector of each sentence.

    Returns:
        One row a sentence, of shape (sentences, 395).
    """
    vectors = np.asarray(encoder.encode(found), dtype=np.float64)
    return np.hstack([np.array([_order_signs(sentence) for sentence in found]), vectors])


def _order_signs(sentence: str) -> tuple[float, ...]:
    cues = injection.cues(sentence)
    marks = _ABOUT_MARKS.search(sentence), _YOU.search(sentence)
    return (*map(float, cues), *(float(mark is not None) for mark in marks))


def orders(text: str, encoder: Encoder) -> tuple[tuple[int, int], ...]:
    """Places (start, end) of the sentences that are learned to be orders to the reviewer."""
    parts = roles.units(text, sentences(text))[: 2 * MOST_UNITS]
    if not parts:
        return ()
    rows = sentence_rows([part.quote for part in parts], encoder)
    model = models()["injection"]
    return tuple(
        (part.start, part.end) for part, row in zip(parts, rows, strict=True) if model.says(row)
    )


def nonsense_row(text: str, reader: TokenReader) -> Numbers:
    """How alike a text's tokens are, and in what order its words stand; of shape (5,).

    The mean likeness of all pairs of tokens, of neighbours, and of tokens to the whole; the mean
    of `word_order`, and the share of pairs that never occur.
    """
    (reading,) = reader.read([text])
    tokens = reading.tokens.astype(np.float64) / 127
    alike, many = tokens @ tokens.T, len(tokens)
    beside = np.diagonal(alike, 1)
    found = order(text)
    signs = (
        float((alike.sum() - many) / max(1, many * many - many)),
        float(beside.mean()) if len(beside) else 1.0,
        float((tokens @ reading.vector).mean()),
        found.mean,
        found.never / max(1, found.pairs),
    )
    return np.array(signs)
