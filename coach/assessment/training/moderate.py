"""Fits the moderation's weights (data/moderation.json) on labelled answers.

    python -m coach.assessment.training.moderate

A ridge regression of the level on a step's evidence with bounded signs (no good evidence takes
away, no bad one adds; `scipy.optimize.lsq_linear`): one weight for each evidence of each step,
beside four that all steps share, so that steps with few answers lean on the others. Borders are
set so that as many answers get each level as people gave it. Read is the substance of an answer,
without its padding. Measured by leaving authors out, and for the library sixths of its cases. No
randomness: the same answers give the same file.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from coach.assessment.agreement import agreement
from coach.assessment.levels import has_stated, level_of, lower_median, moderated_level
from coach.assessment.moderation import CLEAR, MODERATION_FILE, evidence
from coach.assessment.substance import substance
from coach.assessment.training.answers import Labelled, answer_sets, library_examples
from coach.interviewer.encoder import get_encoder

RIDGE = 200.0
LIBRARY = "library"
LIBRARY_WEIGHT = 0.5  # its authors judged their own examples, and none is of level 1
FOLDS = 6  # of the library's cases, to measure without a case
BAD = frozenset({
    "asks_stock", "asks_for_answer", "demographic_segment", "everyone", "reason_by_taste",
    "missing_feature", "company_pain", "generic_pain", "ranks_by_assertion", "vague_magic",
    "denies_risk", "decides_everything", "number_without_source", "vanity_metric",
    "process_narration", "weak_close", "empty_talk", "off_topic", "instruction_to_reviewer",
    })  # fmt: skip
COUNTS = ("figured", "known", "firm")
SCALE = dict.fromkeys(COUNTS, 2.0)
LEVELS = (1, 2, 3, 4)
LEEWAY = 0.05
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


def borders_of(estimates: Row, levels: Row, weights: Row) -> list[float]:
    """The three borders that give each level to as much weight as people gave it to.

    Rounded down, or the answer a border is taken from would stand below it. The lowest is LEEWAY
    lower: answers that stood a hair below it rose with whatever was added.
    """
    order = np.argsort(estimates, kind="stable")
    heaped = np.cumsum(weights[order]) / weights.sum()
    shares = [float(weights[levels <= level].sum() / weights.sum()) for level in (1, 2, 3)]
    places = np.minimum(np.searchsorted(heaped, shares), len(order) - 1)
    lowest, *rest = (math.floor(float(b) * 100) / 100 for b in estimates[order][places])
    return [round(lowest - LEEWAY, 2), *rest]


def train(answers: Sequence[Labelled], found: Sequence[Evidence]) -> dict[str, Any]:
    """Borders, and for each step its start and weights."""
    rows = [columns(a.reading.step, e) for a, e in zip(answers, found, strict=True)]
    levels = np.array([float(a.level) for a in answers])
    trust = np.array([LIBRARY_WEIGHT if a.author == LIBRARY else 1.0 for a in answers])
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
    return {"borders": borders_of(estimates, levels, trust), **made}


def _estimate(trained: Mapping[str, Any], answer: Labelled, found: Evidence) -> float:
    table = trained["steps"][answer.reading.step]
    return float(table["start"] + sum(table["weights"].get(n, 0.0) * v for n, v in found.items()))


def _left_out(answers: Sequence[Labelled]) -> list[str]:
    """What each answer is left out with: its author, and in the library a sixth of the cases."""
    cases = sorted({a.case for a in answers if a.author == LIBRARY})
    fold = {case: i % FOLDS for i, case in enumerate(cases)}
    return [f"library {fold[a.case]}" if a.case in fold else a.author for a in answers]


@dataclass(frozen=True)
class Held:
    """An answer as weights read it that saw nothing of what it was left out with."""

    answer: Labelled
    estimate: float
    level: int
    clear: bool


def held_out(answers: Sequence[Labelled], found: Sequence[Evidence]) -> list[Held]:
    """Every answer, its author or case left out."""
    groups, out = _left_out(answers), dict[int, Held]()
    for group in sorted(set(groups)):
        seen = [i for i, g in enumerate(groups) if g != group]
        trained = train([answers[i] for i in seen], [found[i] for i in seen])
        for i in (i for i, g in enumerate(groups) if g == group):
            estimate = _estimate(trained, answers[i], found[i])
            clear = min(abs(estimate - b) for b in trained["borders"]) >= CLEAR
            level = 1 + sum(estimate >= b for b in trained["borders"])
            out[i] = Held(answers[i], estimate, level, clear)
    return [out[i] for i in range(len(answers))]


def _by_author(held: Sequence[Held], levels: Sequence[int]) -> dict[str, Any]:
    """Agreement with each author's levels, and how often each was taken for which."""
    out = {}
    for author in sorted({h.answer.author for h in held}):
        pairs = [(h.answer.level, level) for h, level in zip(held, levels, strict=True)
                 if h.answer.author == author]  # fmt: skip
        confusion = [[pairs.count((a, b)) for b in LEVELS] for a in LEVELS]
        told = agreement([a for a, _ in pairs], [b for _, b in pairs])
        out[author] = {**told, "confusion": confusion}
    return out


def _confident(
    held: Sequence[Held], medians: Sequence[int], final: Sequence[int]
) -> dict[str, Any]:
    """How often the level was the person's own, by how both readings agree."""
    rows: dict[str, list[bool]] = {}
    for h, median, level in zip(held, medians, final, strict=True):
        key = f"{min(abs(h.level - median), 2)} apart, {'clear' if h.clear else 'near a border'}"
        rows.setdefault(key, []).append(level == h.answer.level)
    return {k: {"n": len(v), "exact": round(sum(v) / len(v), 3)} for k, v in sorted(rows.items())}


def measured(answers: Sequence[Labelled], found: Sequence[Evidence]) -> dict[str, Any]:
    """Levels by the whole alone, and as given, each with its author or case left out."""
    held = held_out(answers, found)
    shipped = [level_of(a.reading) for a in answers]
    medians = [lower_median([c.level for c in s.criteria]) for s in shipped]
    final = [
        moderated_level(median, h.level, may_rise=not has_stated(h.answer.reading))
        for h, median in zip(held, medians, strict=True)
    ]
    given = _by_author(held, final)
    return {
        "n": len(answers),
        "other_author": {author: row for author, row in given.items() if author != LIBRARY},
        "other_cases": {author: row for author, row in given.items() if author == LIBRARY},
        "criteria_alone": _by_author(held, medians),
        "whole_alone": _by_author(held, [h.level for h in held]),
        "exact_by_confidence": _confident(held, medians, final),
    }


def main() -> int:
    """Fit, measure and write the file; 2 where sentence vectors cannot be had."""
    encoder = get_encoder()
    if encoder is None:
        sys.stderr.write("Fitting needs the language model of the interviewer.\n")
        return 2
    answers = [replace(a, reading=substance(a.reading))
               for a in (*answer_sets(encoder), *library_examples(encoder))]  # fmt: skip
    found = [evidence(a.reading) for a in answers]
    figures = measured(answers, found)
    made = {"measured": figures, **train(answers, found)}
    MODERATION_FILE.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
