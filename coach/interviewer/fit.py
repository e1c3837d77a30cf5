"""Fits the weights of confidence.py from labelled fact sheets, and cross-validates by sheet.

    python -m coach.interviewer.fit FILE...     (files of the form of evaluation.py)

A plain logistic regression by gradient descent from zero: no randomness, the same files give the
same weights. Both classes count alike, whatever their numbers.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.confidence import NAMES, WEIGHTS, Weights, confidence
from coach.interviewer.encoder import get_encoder
from coach.interviewer.evaluation import facts_of
from coach.interviewer.index import FactIndex, Scores

STEPS, RATE, RIDGE = 3000, 0.5, 0.05
Array = NDArray[np.float64]


def fit(rows: Array, labels: Array) -> Weights:
    """Weights from features (n, len(NAMES)) and labels (n,) of 0 and 1."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = (rows - mean) / spread
    balance = np.where(labels == 1, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    weight, bias = np.zeros(rows.shape[1]), 0.0
    for _ in range(STEPS):
        error = (1 / (1 + np.exp(-(scaled @ weight + bias))) - labels) * balance
        weight -= RATE * (scaled.T @ error / len(labels) + RIDGE * weight)
        bias -= RATE * float(error.mean())
    return Weights(tuple(mean.tolist()), tuple(spread.tolist()), tuple(weight.tolist()), bias)


def examples(case: Mapping[str, Any]) -> tuple[list[Scores], Array]:
    """Scores and labels (1 in, 0 out) of a sheet's single questions."""
    index = FactIndex.build(facts_of(case), get_encoder())
    chosen = [q for q in case["queries"] if q["kind"] in ("in", "out")]
    scores = [index.score([q["q"]])[0] for q in chosen]
    return scores, np.array([float(q["kind"] == "in") for q in chosen])


def _rows(scores: Sequence[Scores]) -> Array:
    return np.array([astuple(s.features)[: len(NAMES)] for s in scores], dtype=np.float64)


def _write(weights: Weights) -> None:
    columns = zip(weights.mean, weights.spread, weights.weight, strict=True)
    features = {
        name: [round(v, 4) for v in column] for name, column in zip(NAMES, columns, strict=True)
    }
    text = json.dumps({"features": features, "bias": round(weights.bias, 4)}, indent=1)
    WEIGHTS.write_text(text + "\n", "utf-8")


def _cross_validated(sheets: Sequence[tuple[list[Scores], Array]]) -> tuple[Array, Array]:
    guesses = []
    for left_out, (scores, _) in enumerate(sheets):
        others = [s for i, s in enumerate(sheets) if i != left_out]
        weights = fit(
            np.vstack([_rows(s) for s, _ in others]), np.concatenate([y for _, y in others])
        )
        guesses.append(np.array([confidence(s.features, weights) for s in scores]))
    return np.concatenate(guesses), np.concatenate([y for _, y in sheets])


def main(paths: Sequence[str]) -> None:
    """Prints the cross-validated abstention at several thresholds and writes the weights."""
    cases = [c for p in paths for c in json.loads(Path(p).read_text("utf-8"))["cases"]]
    sheets = [examples(case) for case in cases]
    guesses, labels = _cross_validated(sheets)
    for threshold in np.arange(0.15, 0.7, 0.05):
        silent = guesses < threshold
        right = float((silent & (labels == 0)).sum())
        sys.stdout.write(
            f"below {threshold:.2f}: precision {right / max(1, silent.sum()):.2f} "
            f"recall {right / (labels == 0).sum():.2f} "
            f"lost {(silent & (labels == 1)).sum() / (labels == 1).sum():.3f}\n"
        )
    _write(fit(np.vstack([_rows(s) for s, _ in sheets]), labels))


if __name__ == "__main__":
    main(sys.argv[1:])
