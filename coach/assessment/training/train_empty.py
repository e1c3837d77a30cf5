"""Fit what tells talk that fits any case from an answer (data/empty.json), for substance.py.

`python -m coach.assessment.training.train_empty`: one logistic regression on the features of the
sentence roles. Empty are the sentences of padding.json under "fit" and those of the corpus with no
label but empty ones; not empty all its other labelled sentences and every sentence of an answer
that a person put at level 3 or 4. Measured by leaving out a kind of padding together with an
eighth of the cases. No randomness: the same texts give the same file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from coach.assessment import roles
from coach.assessment.sentence_features import SIGNS, Row
from coach.assessment.substance import EMPTY_FILE
from coach.assessment.training import CORPUS
from coach.assessment.training.answers import answer_sets, library_examples
from coach.assessment.training.padded import padding
from coach.interviewer.encoder import DIMENSIONS, Encoder, get_encoder

STRENGTH = 1.0
SIGN_SCALE = 0.3
WEIGHT_OF_PADDING = 8.0
"""A sentence of padding.json stands for several of the corpus, of which there are many more."""
BORDER = -1.7
"""Log-odds to go by: with them 19 of 20 sentences of solid answers stay, cases left out."""
FOLDS = 8
ROUNDS = 200
GROUPS = "groups"
"""The kind that is an answer in one step, and so is not fitted on."""
EMPTY = frozenset(
    {"empty_talk", "process_narration", "off_topic", "instruction_to_reviewer", "weak_close"}
)
SOLID = 3
Signs = NDArray[np.float64]


class Text(NamedTuple):
    """A sentence with whether it is empty, what is left out together with it, and its kind."""

    text: str
    empty: bool
    group: str
    kind: str
    weight: float = 1.0


def _of_corpus() -> Iterator[Text]:
    for path in sorted(CORPUS.glob("*.jsonl")):
        for raw in map(json.loads, path.read_text("utf-8").splitlines()):
            labels = set(raw["labels"])
            if labels:
                empty = labels <= EMPTY
                kind = f"corpus, {'empty' if empty else 'not empty'}"
                yield Text(raw["text"], empty, raw["case"], kind)


def _texts(encoder: Encoder) -> Iterator[Text]:
    yield from _of_corpus()
    for kind, found in padding().items():
        if kind != GROUPS:
            for text in found["fit"]:
                yield Text(text, True, f"padding {kind}", f"padding {kind}", WEIGHT_OF_PADDING)
    for answer in (*answer_sets(encoder), *library_examples(encoder)):
        if answer.level >= SOLID:
            for span in answer.reading.sentences:
                yield Text(span.quote, False, answer.case, f"{answer.author}, solid")


def _fit(rows: Signs, labels: NDArray[np.bool_], trust: Signs) -> tuple[Signs, float]:
    """Weights and bias of a logistic regression with a ridge; the bias hardly has one."""
    signs = np.where(labels, 1.0, -1.0)

    def loss(at: Signs) -> tuple[float, Signs]:
        z = signs * (rows @ at[:-1] + at[-1])
        slope = -STRENGTH * trust * signs / (1 + np.exp(np.clip(z, -30, 30)))
        value = STRENGTH * float((trust * np.logaddexp(0, -z)).sum())
        ridge = 0.5 * float(at[:-1] @ at[:-1]) + 0.005 * float(at[-1]) ** 2
        return value + ridge, np.append(slope @ rows + at[:-1], slope.sum() + 0.01 * at[-1])

    found = minimize(
        loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}
    )
    return found.x[:-1], float(found.x[-1])


def _folds(texts: Sequence[Text]) -> NDArray[np.int64]:
    """The fold of each sentence: kinds of padding and cases are never split."""
    place: dict[str, int] = {}
    for is_padding in (True, False):
        names = sorted({t.group for t in texts if t.group.startswith("padding ") == is_padding})
        place |= {name: i % FOLDS for i, name in enumerate(names)}
    return np.array([place[t.group] for t in texts])


def _measured(texts: Sequence[Text], rows: Signs, labels: NDArray[np.bool_]) -> dict[str, Any]:
    """For each kind how many sentences are called empty by weights that saw none of its group."""
    odds, folds = np.zeros(len(texts)), _folds(texts)
    trust = np.array([t.weight for t in texts])
    for fold in range(FOLDS):
        seen = folds != fold
        weights, bias = _fit(rows[seen], labels[seen], trust[seen])
        odds[~seen] = rows[~seen] @ weights + bias
    kinds = np.array([t.kind for t in texts])
    return {
        kind: {"n": int((kinds == kind).sum()),
               "called_empty": round(float((odds[kinds == kind] >= BORDER).mean()), 3)}
        for kind in sorted(set(kinds.tolist()))
    }  # fmt: skip


def main() -> int:
    """Fit, measure and write the file; 2 where sentence vectors cannot be had."""
    encoder = get_encoder()
    if encoder is None:
        sys.stderr.write("Fitting needs the language model of the interviewer.\n")
        return 2
    texts = list(_texts(encoder))
    rows: Row = roles.features([t.text for t in texts], roles.model().vocabulary, encoder)
    scale = np.ones(rows.shape[1])
    scale[DIMENSIONS : DIMENSIONS + len(SIGNS)] = SIGN_SCALE
    labels = np.array([t.empty for t in texts])
    measured = _measured(texts, rows * scale, labels)
    weights, bias = _fit(rows * scale, labels, np.array([t.weight for t in texts]))
    made = {
        "measured": measured,
        "border": BORDER,
        "bias": round(bias, 3),
        "weights": np.round(weights * scale, 3).tolist(),
    }
    EMPTY_FILE.write_text(json.dumps(made) + "\n", "utf-8")
    sys.stdout.write(json.dumps(measured, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
