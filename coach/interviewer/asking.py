"""Whether words without a question mark ask for something: a chance learned from sentences.

What students write down as their answer often reads like a topic or a wish ("Late parcels: 15 %");
no fact may be given for it. The weights (data/asking.json) are those of a logistic regression on
the sentence's vector and a few signs, made by `python -m coach.interviewer.fit_asking`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
SHORT, LONG = 3, 20  # words
WEIGHTS = Path(__file__).parent / "data" / "asking.json"


@lru_cache(maxsize=1)
def _weights() -> tuple[NDArray[np.float64], float, float]:
    raw = json.loads(WEIGHTS.read_text("utf-8"))
    return np.array(raw["weights"]), float(raw["bias"]), float(raw["asks_from"])


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
    weights, bias, _ = _weights()
    return np.asarray(np.round(1 / (1 + np.exp(-(features(texts, encoder) @ weights + bias))), 3))


def _is_quoted(text: str) -> bool:
    """Whether the sentence breaks off inside a quotation: somebody else asks there."""
    return text.count('"') % 2 == 1 or ("\u201c" in text and "\u201d" not in text)


def only_asking(found: Sequence[Sentence], encoder: Encoder | None) -> tuple[Sentence, ...]:
    """The sentences, those that only seem to ask marked as statements.

    A question mark is taken at its word, unless it stands in a quotation beside other sentences;
    without an encoder all stay as they are.
    """
    if encoder is None:
        return tuple(found)
    quoted = {s for s in found if s.asks and len(found) > 1 and _is_quoted(s.text)}
    doubtful = [s for s in found if s.asks and s not in quoted and not s.text.endswith("?")]
    states = set(quoted)
    if doubtful:
        _, _, asks_from = _weights()
        sure = chances([s.text for s in doubtful], encoder) >= asks_from
        states |= {s for s, asks in zip(doubtful, sure, strict=True) if not asks}
    return tuple(replace(s, asks=s.asks and s not in states) for s in found)
