"""Train the sentence roles on the corpus and write data/roles.json.

    python -m coach.assessment.training.train DIR

with the extra `training` installed and what `adapt.py` wrote to DIR; about five minutes. Every
figure is measured by leaving authors out: a sentence is judged by layers and weights that saw no
sentence of its author, and so none of its case. The same corpus and the same versions give the
same file.
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
from coach.assessment.training.corpus_files import (
    FOLDS,
    Offered,
    Sentence,
    folds_of,
    read_corpus,
)
from coach.interviewer.adapter import ADAPTERS, QUESTIONS, ROLES
from coach.interviewer.encoder import DIMENSIONS, MODEL_SHA256, Encoder, MiniLM, get_encoder

STRENGTH = 3.0
"""Inverse of the penalty, of 1, 3, 10 and 30 the best by leaving cases out."""
SIGN_SCALE = 0.3
"""How much a sign weighs beside a vector of length 1, before learning."""
FEWEST_CASES = 10
"""A word counts from this many cases on: rarer ones belong to their case."""
FEWEST_FOUND = 15
"""A threshold to be sure from rests on at least this many sentences found."""
PRECISE = 0.9
FADED = 0.8
"""A threshold is dropped when thresholds found in the same way hold less than this elsewhere."""
LIKELY = 0.5

Labels = NDArray[np.bool_]
Places = NDArray[np.int64]


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


def read_features(corpus: Sequence[Sentence], vocabulary: Vocabulary, encoder: Encoder) -> Row:
    """The features of each sentence, scaled for learning."""
    rows = features([s.text for s in corpus], vocabulary, encoder)
    rows[:, DIMENSIONS : DIMENSIONS + len(SIGNS)] *= SIGN_SCALE
    return rows


@dataclass(frozen=True, eq=False)
class Taught:
    """The sentences that teach one role.

    ``places`` in the corpus, ``labels`` whether they have the role, ``steps`` one column a step
    with 1 for the sentences of that step, ``folds`` who is left out together.
    """

    places: Places
    labels: Labels
    steps: Row
    folds: Places

    @classmethod
    def of(cls, corpus: Sequence[Sentence], offered: Offered, role: str) -> Taught:
        """Those of a role that is offered."""
        places = np.flatnonzero([offered.teaches(s, role) for s in corpus])
        chosen = [corpus[i] for i in places.tolist()]
        steps = [[float(s.step == step) for step in offered.steps[role]] for s in chosen]
        labels = np.array([role in s.labels for s in chosen])
        return cls(places, labels, np.array(steps), folds_of(corpus)[places])

    def known(self, rows: Row) -> Row:
        """Features of the corpus as those of these sentences, with their steps."""
        return np.hstack([rows[self.places], self.steps])


def _fit(rows: Row, labels: Labels) -> LogisticRegression:
    learner = LogisticRegression(
        C=STRENGTH, solver="liblinear", intercept_scaling=10.0, max_iter=1000, random_state=0
    )
    return learner.fit(rows, labels)


def left_out(taught: Taught, views: Sequence[Row]) -> Row:
    """The logit of each sentence from layers and weights that saw nothing of its fold.

    Args:
        taught: the sentences of a role.
        views: for each fold the features of the corpus from layers that never saw it.
    """
    out = np.full(len(taught.labels), -5.0)
    for fold, rows in enumerate(views):
        seen = taught.folds != fold
        if 0 < taught.labels[seen].sum() < seen.sum() and not seen.all():
            known = taught.known(rows)
            out[~seen] = _fit(known[seen], taught.labels[seen]).decision_function(known[~seen])
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


def _figures(logits: Row, values: Row, taught: Taught) -> Any:
    labels, folds = taught.labels, taught.folds
    return {
        "n": int(labels.sum()),
        "of": len(labels),
        "ap": round(float(average_precision_score(labels, logits)), 3),
        "auc": round(float(roc_auc_score(labels, logits)), 3),
        "likely": _rates(found_apart(values, labels, folds, sure=False), labels),
        "sure": _rates(found_apart(values, labels, folds, sure=True), labels),
    }


def train_role(rows: Row, taught: Taught, views: Sequence[Row]) -> dict[str, Any]:
    """Weights, thresholds and figures of one role.

    Args:
        rows: features of the corpus from the shipped layers.
        taught: the role's sentences.
        views: for each fold the features from layers that never saw it.
    """
    labels = taught.labels
    logits = left_out(taught, views)
    slope, shift = calibration(logits, labels)
    values = np.round(1 / (1 + np.exp(-(slope * logits + shift))), 3)
    figures = _figures(logits, values, taught)
    sure = sure_from(values, labels)
    if (figures["sure"]["precision"] or 0) < FADED:
        sure = None
    fitted = _fit(taught.known(rows), labels)
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


def train(
    corpus: Sequence[Sentence], encoder: Encoder, without: Sequence[Encoder]
) -> dict[str, Any]:
    """The content of the roles' file.

    Args:
        corpus: the labelled sentences.
        encoder: gives the vectors of the shipped layers.
        without: for each fold an encoder whose layers never saw it.
    """
    vocabulary, offered = vocabulary_of(corpus), Offered.in_corpus(corpus)
    rows = read_features(corpus, vocabulary, encoder)
    views = [read_features(corpus, vocabulary, each) for each in without]
    roles = {}
    for role, steps in offered.steps.items():
        learned = train_role(rows, Taught.of(corpus, offered, role), views)
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


def encoders_without(folder: Path) -> list[MiniLM]:
    """For each fold the encoder with the layers that never saw it, as adapt.py wrote them."""
    return [MiniLM({QUESTIONS: ADAPTERS[QUESTIONS], ROLES: folder / f"{fold}.json"})
            for fold in range(FOLDS)]  # fmt: skip


def main(folder: str) -> int:
    """Train and write the file; 2 where sentence vectors cannot be had."""
    encoder = get_encoder()
    if encoder is None:
        sys.stderr.write("Training needs the language model of the interviewer.\n")
        return 2
    trained = train(read_corpus(), encoder, encoders_without(Path(folder)))
    ROLES_FILE.write_text(dumped(trained), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
