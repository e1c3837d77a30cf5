"""Whether words without a question mark ask for something: a chance learned from sentences.

What students write down as their answer often reads like a topic or a wish ("Late parcels: 15 %");
no fact may be given for it. The weights (data/asking.json) are those of a logistic regression on
the sentence's vector and a few signs, made by `python -m coach.interviewer.fit_asking`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.assumptions import find_assumptions
from coach.interviewer.encoder import Encoder
from coach.interviewer.sentences import AUXILIARY, CLAUSE, WANTS, Sentence, strip_lead

WH = r"\b(?:what|what's|whats|which|who|who's|whom|whose|why|how|when|where)\b"
SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{WH}",
        WH,
        rf"^{AUXILIARY}\b",
        r"\b(?:tell|describe|give|show|list|share|explain|know|understand|curious|wonder|"
        r"interested|ask|asking|details?|figures?|numbers?|info|please|pls|any|anything)\b",
        r"\d",
        ":",
        r"[→=+]|->",
        r"^\s*[-*•]",
        r"\b(?:i|we) (?:choose|pick|take|would|will|start|focus|go)\b",
        r"\b(?:our|we|us|you|your)\b",
    )
)
SHORT, LONG, LONGEST = 3, 20, 40  # words
MARKUP = re.compile(r"</?\w|\w\(")
TWO_WORDS = re.compile(r"\w\w.*\s.*\w\w", re.DOTALL)
WEIGHTS = Path(__file__).parent / "data" / "asking.json"


@dataclass(frozen=True, eq=False)
class _Weights:
    """`asks_from`: the chance from which words that look like a question ask; `asks_despite`: from
    which words that look like none do."""

    weights: NDArray[np.float64]
    bias: float
    asks_from: float
    asks_despite: float


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    raw = json.loads(WEIGHTS.read_text("utf-8"))
    numbers = (float(raw[name]) for name in ("bias", "asks_from", "asks_despite"))
    return _Weights(np.array(raw["weights"]), *numbers)


def _signs(text: str) -> list[float]:
    matter = strip_lead(text)
    count = len(matter.split())
    found = [pattern.search(matter) for pattern in (*SIGNS, WANTS, CLAUSE)]
    return [*(float(match is not None) for match in found), min(count, LONG) / 10, count <= SHORT]


def features(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float64]:
    """Vector and signs of each text without its last marks, one row a text."""
    bare = [text.rstrip(" .!?;") for text in texts]
    vectors = np.asarray(encoder.encode(bare), dtype=np.float64)
    return np.hstack([vectors, np.array([_signs(text) for text in bare], dtype=np.float64)])


def chances(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float64]:
    """For each text 0..1 that it asks for something, shape (texts,), to three decimals."""
    learned = _weights()
    scores = features(texts, encoder) @ learned.weights + learned.bias
    return np.asarray(np.round(1 / (1 + np.exp(-scores)), 3))


def _is_quoted(text: str) -> bool:
    """Whether the sentence breaks off inside a quotation: somebody else asks there."""
    return text.count('"') % 2 == 1 or ("\u201c" in text and "\u201d" not in text)


def _doubted(found: Sequence[Sentence], encoder: Encoder) -> tuple[Sentence, ...]:
    """The sentences, those that only seem to ask marked as statements."""
    quoted = {s for s in found if s.asks and len(found) > 1 and _is_quoted(s.text)}
    unmarked = [s for s in found if s.asks and s not in quoted and not s.text.endswith("?")]
    doubtful = [s for s in unmarked if not MARKUP.search(s.text)]
    states = quoted | (set(unmarked) - set(doubtful))
    if doubtful:
        sure = chances([s.text for s in doubtful], encoder) >= _weights().asks_from
        states |= {s for s, asks in zip(doubtful, sure, strict=True) if not asks}
    return tuple(replace(s, asks=s.asks and s not in states) for s in found)


def _may_ask(text: str) -> bool:
    """Whether words without the form of a question may be one: two words at least, no markup, no
    quotation that breaks off, nothing assumed."""
    if TWO_WORDS.search(text) is None or MARKUP.search(text):
        return False
    return not (_is_quoted(text) or find_assumptions(text))


def _heard(found: Sequence[Sentence], encoder: Encoder) -> tuple[Sentence, ...]:
    """The sentences, those marked as questions that ask though nothing in their form says so."""
    texts = [s.text for s in found]
    if not texts or sum(len(text.split()) for text in texts) > LONGEST:
        return tuple(found)
    sure = chances(texts, encoder) >= _weights().asks_despite
    asks = [bool(each) and _may_ask(text) for text, each in zip(texts, sure, strict=True)]
    return tuple(replace(s, asks=each) for s, each in zip(found, asks, strict=True))


def only_asking(found: Sequence[Sentence], encoder: Encoder | None) -> tuple[Sentence, ...]:
    """The sentences, each marked by whether it asks for something.

    A question mark is taken at its word, unless it stands in a quotation beside other sentences.
    Other words that look like a question are doubted, and markup asks for nothing; where nothing
    looks like a question, a short message may ask all the same. Without an encoder all stay as
    they are.
    """
    if encoder is None:
        return tuple(found)
    if any(s.asks for s in found):
        return _doubted(found, encoder)
    return _heard(found, encoder)
