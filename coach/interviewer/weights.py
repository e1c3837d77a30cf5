"""The learned numbers of the interviewer (data/weights.json), made by `coach.interviewer.fit`."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "data" / "weights.json"
NAMES = ("rank", "outside", "aside", "vague", "several")
Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Linear:
    """A score of features that are scaled by mean and spread; arrays of shape (features,)."""

    names: tuple[str, ...]
    mean: Array
    spread: Array
    weight: Array
    bias: float

    def __call__(self, rows: Array) -> Array:
        """Scores (n,) of rows (n, features)."""
        return np.asarray((rows - self.mean) / self.spread @ self.weight + self.bias)

    def chance(self, found: Mapping[str, float]) -> float:
        """The logistic of the score of named features: 0..1, to three decimals."""
        score = float(self(np.array([[found[name] for name in self.names]]))[0])
        return round(1 / (1 + math.exp(-min(30.0, max(-30.0, score)))), 3)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Linear":
        """From what `to_dict` gives."""
        columns = raw["features"]
        mean, spread, weight = np.array(list(columns.values()), dtype=np.float64).T
        return cls(tuple(columns), mean, spread, weight, float(raw["bias"]))

    def to_dict(self) -> dict[str, Any]:
        """Feature -> [mean, spread, weight], and the bias."""
        rows = np.column_stack([self.mean, self.spread, self.weight]).round(4).tolist()
        return {"features": dict(zip(self.names, rows, strict=True)), "bias": round(self.bias, 4)}


@dataclass(frozen=True, eq=False)
class Weights:
    """`rank`: which fact; the others give chances: no fact answers, the message has nothing to do
    with any case, nothing was asked for, the parts of a message are several questions."""

    rank: Linear
    outside: Linear
    aside: Linear
    vague: Linear
    several: Linear

    def to_dict(self) -> dict[str, Any]:
        """For the file."""
        return {name: getattr(self, name).to_dict() for name in NAMES}


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The shipped weights."""
    raw = json.loads(WEIGHTS.read_text("utf-8"))
    return Weights(*(Linear.from_dict(raw[name]) for name in NAMES))
