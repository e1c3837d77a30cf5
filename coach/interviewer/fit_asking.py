"""Fits data/asking.json: students' questions against the sentences of students' answers.

    python -m coach.interviewer.fit_asking

Questions are the messages of training/sheets/, of most authors of training/further/ and the ways
of asking that the library's cases foresee, answers the sentences of the assessment's corpus that
end in no question mark. Both lose their marks first, so that what is learned is the wording.
Thresholds are judged, for cases left out, where the chance is asked for: on questions written
without a mark and statements, those apart that look like questions to the rules of sentences.py and
those that do not.
"""

import json
import sys
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from coach.interviewer.asking import WEIGHTS, features
from coach.interviewer.encoder import get_encoder
from coach.interviewer.fit import fit_chance
from coach.interviewer.messages import SHEETS, messages
from coach.interviewer.sentences import sentences

CORPUS = Path(__file__).parents[1] / "assessment" / "training" / "corpus"
LIBRARY = Path(__file__).parents[2] / "questions" / "library"
FOLDS = 5
FURTHER = SHEETS.parent / "further"
# Many of these authors' messages are bare lists of topics, as lines of an answer are: with them 13
# statements of 100 that look like a question pass for one, and 10 without.
LEFT_OUT = frozenset({"fifteen", "sixteen", "seventeen", "eighteen", "nineteen"})
KEPT = 0.93  # of the questions without a mark; the rest are taken for statements
LET_THROUGH = 0.02  # of the statements that do not look like a question
Rows = NDArray[np.float64]


def examples() -> tuple[list[str], list[int], list[str]]:
    """Texts, 1 for questions and 0 for statements, and the case of each."""
    found = [(text, 1, case) for text, _, case in messages()]
    for path in sorted(path for path in FURTHER.glob("*.json") if path.stem not in LEFT_OUT):
        for sheet in json.loads(path.read_text("utf-8"))["cases"]:
            found += [(query["q"], 1, sheet["case"]) for query in sheet["queries"]]
    for path in sorted(LIBRARY.glob("*.yaml")):
        for fact in yaml.safe_load(path.read_text("utf-8"))["facts"]:
            found += [(text, 1, path.stem) for text in fact["ask"]]
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if "?" not in row["text"] and not any(x.startswith("asks_") for x in row["labels"]):
                found.append((row["text"], 0, row["case"]))
    texts, labels, cases = zip(*found, strict=True)
    return list(texts), list(labels), list(cases)


def looks_asking(text: str) -> bool:
    """Whether the rules take any of it for a question."""
    return any(sentence.asks for sentence in sentences(text))


def _fitted(rows: Rows, labels: NDArray[np.int64]) -> tuple[Rows, float]:
    """Weights on the raw vector, the scaling worked in, and the bias."""
    model = fit_chance(rows, labels.tolist(), [str(i) for i in range(rows.shape[1])])
    weights = model.weight / model.spread
    return weights, model.bias - float(model.mean @ weights)


def left_out(rows: Rows, labels: NDArray[np.int64], cases: list[str]) -> Rows:
    """The chance of each text from weights that saw nothing of its case."""
    places = {case: i % FOLDS for i, case in enumerate(sorted(set(cases)))}
    fold = np.array([places[case] for case in cases])
    out = np.zeros(len(labels))
    for number in range(FOLDS):
        weights, bias = _fitted(rows[fold != number], labels[fold != number])
        out[fold == number] = 1 / (1 + np.exp(-(rows[fold == number] @ weights + bias)))
    return out


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 3)


def main() -> None:
    """Measure, print and write."""
    encoder = get_encoder()
    if encoder is None:
        raise SystemExit("The language model is not installed.")
    texts, kinds, cases = examples()
    rows, labels = features(texts, encoder), np.array(kinds)
    chance = left_out(rows, labels, cases)
    unmarked = np.array(["?" not in text for text in texts])
    looks = np.array([looks_asking(text) for text in texts])
    asked, stated = (chance[unmarked & looks & (labels == kind)] for kind in (1, 0))
    missed, plain = (chance[unmarked & ~looks & (labels == kind)] for kind in (1, 0))
    asks_from = float(np.quantile(asked, 1 - KEPT))
    asks_despite = float(np.quantile(plain, 1 - LET_THROUGH))
    weights, bias = _fitted(rows, labels)
    made = {
        "measured": {
            "questions": len(asked), "kept": KEPT,
            "statements": len(stated), "let_through": _share(stated >= asks_from),
            "unlikely_questions": len(missed), "heard": _share(missed >= asks_despite),
            "plain_statements": len(plain), "plain_let_through": LET_THROUGH,
        },
        "asks_from": round(asks_from, 3),
        "asks_despite": round(asks_despite, 3),
        "bias": round(bias, 4),
        "weights": [round(float(w), 3) for w in weights],
    }  # fmt: skip
    sys.stdout.write(f"{json.dumps(made['measured'], indent=1)}\n")
    WEIGHTS.write_text(json.dumps(made) + "\n", "utf-8")


if __name__ == "__main__":
    main()
