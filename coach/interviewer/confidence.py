"""How sure the interviewer is that the best fact is what was asked for: a logistic model.

The weights are data (data/confidence.json), made by `python -m coach.interviewer.fit` from labelled
fact sheets. Without sentence vectors a plain threshold on the word score takes its place.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).parent / "data" / "confidence.json"


@dataclass(frozen=True)
class Features:
    """What is known about the best fact for a question; all are near 0..2."""

    score: float
    margin: float
    best: float = 0.0
    intents: float = 0.0
    outside: float = 0.0
    covered: float = 0.0
    top_covered: float = 0.0
    unknown_words: float = 0.0
    over_bank: float = 0.0
    words_only: bool = False

    @classmethod
    def by_words(cls, best_first: Sequence[float], unknown_words: float) -> "Features":
        """Features when there are no sentence vectors."""
        second = best_first[1] if len(best_first) > 1 else 0.0
        return cls(
            best_first[0], best_first[0] - second, unknown_words=unknown_words, words_only=True
        )


NAMES = tuple(f.name for f in fields(Features) if f.name != "words_only")


@dataclass(frozen=True)
class Weights:
    """Mean, spread and weight of each feature in NAMES, and the bias."""

    mean: tuple[float, ...]
    spread: tuple[float, ...]
    weight: tuple[float, ...]
    bias: float


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The shipped weights."""
    raw = json.loads(WEIGHTS.read_text("utf-8"))
    columns = [raw["features"][name] for name in NAMES]
    mean, spread, weight = (tuple(float(c[i]) for c in columns) for i in range(3))
    return Weights(mean, spread, weight, float(raw["bias"]))


def _by_words(features: Features) -> float:
    # .3 of word and character overlap is where right and wrong answers were about even.
    return 1 / (1 + math.exp(-(features.score + features.margin - 0.3) * 10))


def confidence(features: Features, weights: Weights | None = None) -> float:
    """0..1, rounded to three decimals: is the best fact the answer to the question?"""
    if features.words_only:
        return round(_by_words(features), 3)
    chosen = weights or load_weights()
    total = chosen.bias
    for value, mean, spread, weight in zip(
        astuple(features)[: len(NAMES)], chosen.mean, chosen.spread, chosen.weight, strict=True
    ):
        total += weight * (value - mean) / spread
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 3)
