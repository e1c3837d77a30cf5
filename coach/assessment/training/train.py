"""Train the sentence roles on the corpus and write data/roles.json.

`python -m coach.assessment.training.train` with the extra `training` installed; about three
minutes. Every figure is measured by leaving cases out: a sentence is judged by a model that saw
no sentence of its case. The same corpus and the same versions give the same file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from coach.assessment.roles import ROLES_FILE, features
from coach.assessment.sentence_features import (
    SIGNS,
    Row,
    Vocabulary,
    tokens,
    without_list_mark,
)
from coach.assessment.training import CORPUS
from coach.interviewer.encoder import DIMENSIONS, MODEL_SHA256, Encoder, get_encoder

STRENGTH = 3.0
"""Inverse of the penalty, of 1, 3, 10 and 30 the best by leaving cases out."""
SIGN_SCALE = 0.3
"""How much a sign weighs beside a vector of length 1, before learning."""
FOLDS = 11
FEWEST_CASES = 5
"""A word counts from this many cases on: rarer ones belong to their case."""
FEWEST_IN_STEP = 2
"""A role is offered in a step from this many sentences of each author on: where one author alone
used a label, the other's sentences without it are no negatives."""
FEWEST_FOUND = 15
"""A threshold to be sure from rests on at least this many sentences found."""
PRECISE = 0.9
FADED = 0.8
"""A threshold is dropped when thresholds found in the same way hold less than this elsewhere."""
LIKELY = 0.5
ANYWHERE = frozenset({"empty_talk", "off_topic", "instruction_to_reviewer"})

Labels = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence. How it is written (its voice) is not read: it must teach nothing."""

    part: str
    case: str
    step: str
    text: str
    labels: frozenset[str]
    type: str = ""
    answer: str = ""


def read_corpus(folder: Path = CORPUS) -> list[Sentence]:
    """The sentences of all files of a folder, in the order of the files' names."""
    return [
        Sentence(
            path.stem,
            raw["case"],
            raw["step"],
            raw["text"],
            frozenset(raw["labels"]),
            raw["type"],
            str(raw["answer"]),
        )
        for path in sorted(folder.glob("*.jsonl"))
        for raw in map(json.loads, path.read_text("utf-8").splitlines())
    ]


def vocabulary_of(corpus: Sequence[Sentence]) -> Vocabulary:
    """The words used in enough cases, with their smoothed inverse document frequencies."""
    documents, cases = Counter[str](), dict[str, set[str]]()
    for sentence in corpus:
        for word in set(tokens(without_list_mark(sentence.text))):
            documents[word] += 1
            cases.setdefault(word, set()).add(sentence.case)
    words = sorted(word for word, found in cases.items() if len(found) >= FEWEST_CASES)
    rarity = (float(np.log((1 + len(corpus)) / (1 + documents[w])) + 1) for w in words)
    return Vocabulary(tuple(words), tuple(round(value, 3) for value in rarity))


def offered(corpus: Sequence[Sentence]) -> dict[str, list[str]]:
    """Each role with the steps it occurs in; the roles of ANYWHERE have every step."""
    counts = Counter((s.part, label, s.step) for s in corpus for label in s.labels)
    parts, steps = sorted({s.part for s in corpus}), sorted({s.step for s in corpus})
    found = {
        role: [
            step
            for step in steps
            if role in ANYWHERE or all(counts[p, role, step] >= FEWEST_IN_STEP for p in parts)
        ]
        for role in sorted({label for _, label, _ in counts})
    }
    return {role: its_steps for role, its_steps in found.items() if its_steps}


def folds_of(cases: Sequence[str]) -> Places:
    """The fold of each sentence; a case is never split."""
    place = {case: i % FOLDS for i, case in enumerate(sorted(set(cases)))}
    return np.array([place[case] for case in cases])


def _fit(rows: Row, labels: Labels) -> LogisticRegression:
    learner = LogisticRegression(
        C=STRENGTH, solver="liblinear", intercept_scaling=10.0, max_iter=1000, random_state=0
    )
    return learner.fit(rows, labels)


def left_out(rows: Row, labels: Labels, groups: NDArray[Any]) -> Row:
    """The logit of each sentence from a model that saw none of its group."""
    out = np.full(len(labels), -5.0)
    for group in sorted(set(groups.tolist())):
        seen = groups != group
        if 0 < labels[seen].sum() < seen.sum():
            out[~seen] = _fit(rows[seen], labels[seen]).decision_function(rows[~seen])
    return out


def calibration(logits: Row, labels: Labels) -> tuple[float, float]:
    """Slope and shift that turn left-out logits into probabilities (Platt's scaling).

    What tells nothing of other cases, or the opposite, gets a slope of 0 and is never found.
    """
    fitted = LogisticRegression(C=1e3, solver="lbfgs").fit(logits[:, None], labels)
    return max(float(fitted.coef_[0, 0]), 0.0), float(fitted.intercept_[0])


def likely_from(values: Row, labels: Labels) -> float | None:
    """The probability with the best F1 of those from which the role is right at least half."""
    precision, recall, at = precision_recall_curve(labels, values)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    f1[precision < LIKELY] = 0
    best = int(np.argmax(f1[:-1]))
    return float(at[best]) if f1[best] > 0 else None


def sure_from(values: Row, labels: Labels) -> float | None:
    """The lowest probability with a precision of PRECISE on FEWEST_FOUND sentences or more."""
    precision, _, at = precision_recall_curve(labels, values)
    found = np.array([(values >= t).sum() for t in at])
    good = np.flatnonzero((precision[:-1] >= PRECISE) & (found >= FEWEST_FOUND))
    return float(at[good[0]]) if len(good) else None


def found_apart(values: Row, labels: Labels, folds: Places, *, sure: bool) -> Labels:
    """What is found when each fold's threshold comes from the other folds."""
    out = np.zeros(len(labels), dtype=bool)
    for fold in sorted(set(folds.tolist())):
        here = folds == fold
        choose = sure_from if sure else likely_from
        floor = choose(values[~here], labels[~here])
        if floor is not None:
            out[here] = values[here] >= floor
    return out


def _share(part: float, whole: float) -> float | None:
    return round(float(part / whole), 3) if whole else None


def _rates(found: Labels, labels: Labels) -> dict[str, Any]:
    right = int((found & labels).sum())
    return {
        "found": int(found.sum()),
        "precision": _share(right, found.sum()),
        "recall": _share(right, labels.sum()),
    }


def _figures(logits: Row, values: Row, labels: Labels, folds: Places, by_author: Row) -> Any:
    return {
        "n": int(labels.sum()),
        "of": len(labels),
        "ap": round(float(average_precision_score(labels, logits)), 3),
        "auc": round(float(roc_auc_score(labels, logits)), 3),
        "ap_other_author": round(float(average_precision_score(labels, by_author)), 3),
        "likely": _rates(found_apart(values, labels, folds, sure=False), labels),
        "sure": _rates(found_apart(values, labels, folds, sure=True), labels),
    }


def train_role(
    rows: Row, labels: Labels, steps: Row, cases: Sequence[str], parts: Sequence[str]
) -> dict[str, Any]:
    """Weights, thresholds and figures of one role over the sentences of its steps.

    Args:
        rows: features of the sentences.
        labels: which of them have the role.
        steps: one column a step, 1 for the sentences of that step.
        cases: the case of each sentence, left out in turn.
        parts: the author's file of each sentence.
    """
    known, folds = np.hstack([rows, steps]), folds_of(cases)
    logits = left_out(known, labels, folds)
    by_author = left_out(known, labels, np.array(parts))
    slope, shift = calibration(logits, labels)
    values = np.round(1 / (1 + np.exp(-(slope * logits + shift))), 3)
    figures = _figures(logits, values, labels, folds, by_author)
    sure = sure_from(values, labels)
    if (figures["sure"]["precision"] or 0) < FADED:
        sure = None
    fitted = _fit(known, labels)
    scale = np.ones(rows.shape[1])
    scale[DIMENSIONS : DIMENSIONS + len(SIGNS)] = SIGN_SCALE
    biases = slope * (fitted.intercept_[0] + fitted.coef_[0, rows.shape[1] :]) + shift
    return {
        "steps": [_short(value) for value in biases],
        "likely": likely_from(values, labels),
        "sure": sure,
        "figures": figures,
        "weights": [_short(v) for v in slope * fitted.coef_[0, : rows.shape[1]] * scale],
    }


def _short(value: float) -> float | int:
    """Three digits are enough, and a whole zero is shorter than 0.0."""
    short = float(f"{value:.3g}") if abs(value) >= 0.005 else 0
    return int(short) if short == int(short) else short


def train(corpus: Sequence[Sentence], encoder: Encoder) -> dict[str, Any]:
    """The content of the roles' file."""
    vocabulary = vocabulary_of(corpus)
    rows = features([s.text for s in corpus], vocabulary, encoder)
    rows[:, DIMENSIONS : DIMENSIONS + len(SIGNS)] *= SIGN_SCALE
    roles = {}
    for role, steps in offered(corpus).items():
        places = [i for i, s in enumerate(corpus) if s.step in steps]
        chosen = [corpus[i] for i in places]
        labels = np.array([role in s.labels for s in chosen])
        at = np.array([[float(s.step == step) for step in steps] for s in chosen])
        learned = train_role(
            rows[places], labels, at, [s.case for s in chosen], [s.part for s in chosen]
        )
        roles[role] = {**learned, "steps": dict(zip(steps, learned["steps"], strict=True))}
    digest = hashlib.sha256(repr([(s.text, sorted(s.labels)) for s in corpus]).encode())
    return {
        "corpus": {"sha256": digest.hexdigest(), "sentences": len(corpus)},
        "model": MODEL_SHA256,
        "words": dict(zip(vocabulary.words, vocabulary.rarity, strict=True)),
        "roles": roles,
    }


def dumped(trained: Mapping[str, Any]) -> str:
    """The file's text: one role a line, so that two versions can be compared."""
    head = {key: value for key, value in trained.items() if key != "roles"}
    lines = [
        f"{json.dumps(name)}: {json.dumps(role, separators=(',', ':'))}"
        for name, role in trained["roles"].items()
    ]
    top = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return "{" + top + ',\n"roles": {\n' + ",\n".join(lines) + "\n}}\n"


def main() -> int:
    """Train and write the file; 2 where sentence vectors cannot be had."""
    encoder = get_encoder()
    if encoder is None:
        sys.stderr.write("Training needs the language model of the interviewer.\n")
        return 2
    ROLES_FILE.write_text(dumped(train(read_corpus(), encoder)), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
