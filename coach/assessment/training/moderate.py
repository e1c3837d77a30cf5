"""Fits the moderation's weights (data/moderation.json) on labelled answers.

    python -m coach.assessment.training.moderate

A ridge regression of the level on a step's evidence with bounded signs (no good evidence takes
away, no bad one adds; `scipy.optimize.lsq_linear`): one weight for each evidence of each step,
beside four that all steps share, so that steps with few answers lean on the others. Borders are
set so that as many answers get each level as people gave it. Measured by leaving authors out.
No randomness: the same answers give the same file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from coach.assessment.agreement import agreement
from coach.assessment.moderation import MODERATION_FILE, evidence
from coach.assessment.training.answers import Labelled, answer_sets, library_examples
from coach.interviewer.encoder import get_encoder

RIDGE = 200.0
LIBRARY_WEIGHT = 0.5  # its authors judged their own examples, and none is of level 1
BAD = frozenset({
    "asks_stock", "asks_for_answer", "demographic_segment", "everyone", "reason_by_taste",
    "missing_feature", "company_pain", "generic_pain", "ranks_by_assertion", "vague_magic",
    "denies_risk", "decides_everything", "number_without_source", "vanity_metric",
    "process_narration", "weak_close", "empty_talk", "off_topic", "instruction_to_reviewer",
    })  # fmt: skip
COUNTS = ("figured", "known", "firm")
SCALE = dict.fromkeys(COUNTS, 2.0)
Row = NDArray[np.float64]
Evidence = Mapping[str, float]


def is_bad(name: str) -> bool:
    """Whether an evidence speaks against an answer."""
    return name.removesuffix(" often") in BAD


def columns(step: str, found: Evidence) -> dict[str, float]:
    """A step's evidence as the regression sees it: shared columns and the step's own.

    Returns:
        Column name -> value; "*" columns are shared by all steps, the others belong to one.
    """
    out: dict[str, float] = {f"{step} start": 1.0}
    roles = [name for name in found if name not in COUNTS]
    good = max(1, sum(not is_bad(name) for name in roles))
    for name, value in found.items():
        side = "bad" if is_bad(name) else "good"
        out[f"{step}: {name}"] = value * SCALE.get(name, 1.0)
        if name in COUNTS:
            out[f"* {name}"] = value * SCALE[name]
        else:
            share = 10.0 / good if side == "good" else 1.0
            out[f"* {side}"] = out.get(f"* {side}", 0.0) + value * share
            out[f"{step}* {side}"] = out[f"* {side}"]
    return out


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Row:
    place = {name: i for i, name in enumerate(names)}
    out = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        for name, value in row.items():
            if name in place:
                out[i, place[name]] = value
    return out


def _bounds(names: Sequence[str]) -> tuple[Row, Row]:
    low, high = np.full(len(names), -np.inf), np.full(len(names), np.inf)
    for i, name in enumerate(names):
        if name.endswith(" start"):
            continue
        own = name.split(": ")[-1]
        if is_bad(own) or name.endswith("* bad"):
            high[i] = 1e-9
        else:
            low[i] = -1e-9
    return low, high


def fit(
    rows: Sequence[Mapping[str, float]], levels: Row, weights: Row
) -> tuple[dict[str, float], float]:
    """Weight of each column and the common start, on the scale of the levels."""
    names = sorted({name for row in rows for name in row})
    matrix = _matrix(rows, names)
    middle, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6
    root = np.sqrt(weights)[:, None]
    scaled = (matrix - middle) / spread
    level = float(np.average(levels, weights=weights))
    ridge = np.sqrt(RIDGE) * np.eye(len(names))
    target = np.concatenate([(levels - level) * root[:, 0], np.zeros(len(names))])
    found = lsq_linear(np.vstack([scaled * root, ridge]), target, _bounds(names), max_iter=80)
    slopes = found.x / spread
    return dict(zip(names, slopes.tolist(), strict=True)), level - float(slopes @ middle)


def folded(step: str, names: Sequence[str], slopes: Mapping[str, float]) -> dict[str, float]:
    """One weight for each evidence of a step: its own column's and its share of the shared."""
    unit = {name: columns(step, {**dict.fromkeys(names, 0.0), name: 1.0}) for name in names}
    empty = columns(step, dict.fromkeys(names, 0.0))
    out = {}
    for name, row in unit.items():
        gained = sum(slopes.get(c, 0.0) * (v - empty[c]) for c, v in row.items())
        if abs(gained) >= 0.0005:
            out[name] = round(gained, 3)
    return out


def borders_of(estimates: Row, levels: Row) -> list[float]:
    """The three borders that give each level to as many answers as people gave it to."""
    shares = [float(np.mean(levels <= level)) for level in (1, 2, 3)]
    return [round(float(b), 3) for b in np.quantile(estimates, shares)]


def train(answers: Sequence[Labelled], found: Sequence[Evidence]) -> dict[str, Any]:
    """Borders, and for each step its start and weights."""
    rows = [columns(a.reading.step, e) for a, e in zip(answers, found, strict=True)]
    levels = np.array([float(a.level) for a in answers])
    trust = np.array([LIBRARY_WEIGHT if a.author == "library" else 1.0 for a in answers])
    slopes, start = fit(rows, levels, trust)
    steps: dict[str, Any] = {}
    for step in sorted({a.reading.step for a in answers}):
        names = sorted({n for a, e in zip(answers, found, strict=True)
                        if a.reading.step == step for n in e})  # fmt: skip
        steps[step] = {
            "start": round(start + slopes.get(f"{step} start", 0.0), 3),
            "weights": folded(step, names, slopes),
        }
    made = {"steps": steps}
    estimates = np.array([_estimate(made, a, e) for a, e in zip(answers, found, strict=True)])
    return {"borders": borders_of(estimates, levels), **made}


def _estimate(trained: Mapping[str, Any], answer: Labelled, found: Evidence) -> float:
    table = trained["steps"][answer.reading.step]
    return float(table["start"] + sum(table["weights"].get(n, 0.0) * v for n, v in found.items()))


def by_author(answers: Sequence[Labelled], found: Sequence[Evidence]) -> dict[str, Any]:
    """Agreement with each author's levels of weights that saw nothing of that author."""
    out = {}
    for author in sorted({a.author for a in answers if a.author != "library"}):
        seen = [i for i, a in enumerate(answers) if a.author != author]
        trained = train([answers[i] for i in seen], [found[i] for i in seen])
        held = [(a, e) for a, e in zip(answers, found, strict=True) if a.author == author]
        levels = [1 + sum(_estimate(trained, a, e) >= b for b in trained["borders"])
                  for a, e in held]  # fmt: skip
        out[author] = agreement([a.level for a, _ in held], levels)
    return out


def main() -> int:
    """Fit, measure and write the file; 2 where sentence vectors cannot be had."""
    encoder = get_encoder()
    if encoder is None:
        sys.stderr.write("Fitting needs the language model of the interviewer.\n")
        return 2
    answers = [*answer_sets(encoder), *library_examples(encoder)]
    found = [evidence(a.reading) for a in answers]
    measured = by_author(answers, found)
    made = {"measured": {"n": len(answers), "other_author": measured}, **train(answers, found)}
    MODERATION_FILE.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    sys.stdout.write(json.dumps(measured, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
