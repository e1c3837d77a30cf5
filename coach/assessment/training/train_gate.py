"""Fit the weights with which the gate tells texts about something else: `TOPIC_WEIGHTS`.

`python -m coach.assessment.training.train_gate` prints them, with what was measured by fitting on
the cases of one author and judging those of the other. Answers come from answers/part_*.json, in
which every answer counts as on topic; texts about something else from off_topic.txt, each with
three cases. The gate texts of the answer files are not fitted on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.assessment.context import CaseContext, from_eval
from coach.assessment.gate import OFF_TOPIC, topic_signs
from coach.assessment.text import count_words
from coach.interviewer.encoder import Encoder, get_encoder

FOLDER = Path(__file__).parent
CASES_A_TEXT = 3
SHORTEST = 8
PENALTY = 0.002
ROUNDS = 6000
Numbers = NDArray[np.float64]


def _texts(raw: Any, cases: dict[str, CaseContext]) -> list[tuple[str, CaseContext, bool]]:
    """(text, case, whether it is about something else) of one author's cases."""
    rows = [(a["text"], cases[a["case"]], False) for a in raw["answers"]]
    rows += [(t, cases[a["case"]], False) for a in raw["full_answers"] for t in a["steps"].values()]
    elsewhere = (FOLDER / "off_topic.txt").read_text("utf-8").splitlines()
    every = list(cases.values())
    for i, text in enumerate(elsewhere):
        rows += [(text, every[(i + k) % len(every)], True) for k in range(CASES_A_TEXT)]
    return [row for row in rows if count_words(row[0]) >= SHORTEST]


def _read(name: str, encoder: Encoder) -> tuple[Numbers, Numbers]:
    raw = json.loads((FOLDER / "answers" / name).read_text("utf-8"))
    cases = {slug: from_eval(slug, case) for slug, case in raw["cases"].items()}
    rows = _texts(raw, cases)
    signs = np.array([topic_signs(text, case, encoder) for text, case, _ in rows])
    return signs, np.array([float(other) for _, _, other in rows])


def _fit(signs: Numbers, labels: Numbers) -> tuple[Numbers, float]:
    """Weights and bias of a logistic regression by gradient descent on scaled signs."""
    mean, spread = signs.mean(0), signs.std(0)
    scaled = (signs - mean) / spread
    weights, bias = np.zeros(signs.shape[1]), 0.0
    for _ in range(ROUNDS):
        miss = 1 / (1 + np.exp(-(scaled @ weights + bias))) - labels
        weights -= 0.5 * (scaled.T @ miss / len(labels) + PENALTY * weights)
        bias -= 0.5 * float(miss.mean())
    raw = weights / spread
    return raw, bias - float(raw @ mean)


def _measured(signs: Numbers, labels: Numbers, weights: Numbers, bias: float) -> str:
    found = 1 / (1 + np.exp(-(signs @ weights + bias))) >= OFF_TOPIC
    right, wrong = int((found * labels).sum()), int((found * (1 - labels)).sum())
    return f"{right} of {int(labels.sum())} found, {wrong} of {int((1 - labels).sum())} wrongly"


def main() -> None:
    """Fit on each author, judge the other, then fit on both and print the weights."""
    encoder = get_encoder()
    if encoder is None:
        raise SystemExit("The sentence vectors are not installed.")
    one, two = (_read(f"part_{part}.json", encoder) for part in ("one", "two"))
    for name, fitted, judged in (("one -> two", one, two), ("two -> one", two, one)):
        print(name, _measured(*judged, *_fit(*fitted)))
    weights, bias = _fit(np.vstack([one[0], two[0]]), np.concatenate([one[1], two[1]]))
    print("weights", [round(float(w), 2) for w in weights], "bias", round(bias, 2))


if __name__ == "__main__":
    main()
