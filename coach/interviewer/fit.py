"""Fits data/weights.json from labelled fact sheets (files of the form of evaluation.py) and asides
(training/asides/), some to a sheet.

    T=coach/interviewer/training
    python -m coach.interviewer.fit DIR $T/sheets/first $T/sheets/*.json $T/further/*.json

DIR holds the adapters that training/adapt.py left there: every case is read with one that never saw
it, or the weights would trust the adapted vectors too much. Each file, or folder of files, is one
author's: the figures printed for it are those of weights that were fitted on the sheets which that
adapter saw. Then the weights of all are written.

Linear models by gradient descent from zero, without randomness: the same files give the same
weights. `rank` is a conditional logit over the facts of a sheet; the chances are logistic.
"""

import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from coach.interviewer import features
from coach.interviewer.adapter import QUESTIONS
from coach.interviewer.bank import Bank, load
from coach.interviewer.division import SEVERAL, divisions, of_division
from coach.interviewer.encoder import MiniLM, TokenEncoder, Vectors, get_encoder
from coach.interviewer.evaluation import Item, facts_of, items_of, queries_of, summary_of
from coach.interviewer.index import FactIndex, Scores
from coach.interviewer.kept import KeptReadings
from coach.interviewer.meaning import Nearness, SheetMeaning
from coach.interviewer.messages import ASIDE, OF_A_CASE, messages
from coach.interviewer.sentences import sentences
from coach.interviewer.weights import WEIGHTS, Array, Linear, Weights

STEPS, RATE, RIDGE = 400, 0.05, 0.03
ASIDES_A_SHEET, AN_ASIDE = 5, "aside"
CONSTANT = 0.001
NEVER_LEARNT = "held_out.json"


class _LeftOut(KeptReadings):
    """An encoder whose adapted layers never saw some cases; what it reads is kept beside them."""

    def __init__(self, adapter: Path, own: MiniLM) -> None:
        super().__init__(MiniLM({QUESTIONS: adapter}), adapter.with_suffix(".npz"))
        self._own = own

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The model's own vectors."""
        return self._own.encode(texts)

    def encode_roles(self, texts: Sequence[str]) -> Vectors:
        """Those of the shipped layers; no sheet is read by them."""
        return self._own.encode_roles(texts)


class _Remembering(SheetMeaning):
    """A sheet for a run in which every message is needed many times."""

    def nearness(self, texts: Sequence[str]) -> list[Nearness]:
        """Each text against every fact."""
        known: dict[str, Nearness] = self.__dict__.setdefault("known", {})
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known.update(zip(fresh, super().nearness(fresh), strict=True))
        return [known[text] for text in texts]


class _RememberingIndex(FactIndex):
    """The same for what is compared of the words."""

    def _lexical(self, text: str) -> tuple[Array, Array]:
        known: dict[str, tuple[Array, Array]] = self.__dict__.setdefault("known", {})
        if text not in known:
            known[text] = super()._lexical(text)
        return known[text]


def _adam(gradient: Callable[[Array], Array], size: int) -> Array:
    """Minimises from zero by Adam (Kingma and Ba 2015)."""
    weight, first, second = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, STEPS + 1):
        slope = gradient(weight)
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        weight -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weight


def _spread(rows: Array) -> Array:
    """Standard deviations, shape (features,); 1 where a feature never changes."""
    found = rows.std(axis=0)
    return np.where(found < CONSTANT, 1.0, found)


def fit_rank(groups: Sequence[Array], right: Sequence[int]) -> Linear:
    """From the features of all facts of each question, and the position of the right one."""
    rows = np.vstack(groups)
    mean, spread = rows.mean(axis=0), _spread(rows)
    scaled = (rows - mean) / spread
    ends = np.cumsum([len(group) for group in groups])
    starts = ends - [len(group) for group in groups]
    of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    hits = np.zeros(len(rows))
    hits[starts + np.array(right)] = 1

    def gradient(weight: Array) -> Array:
        scores = scaled @ weight
        shifted = np.exp(scores - np.maximum.reduceat(scores, starts)[of])
        error = shifted / np.add.reduceat(shifted, starts)[of] - hits
        return np.asarray(scaled.T @ error / len(groups) + RIDGE * weight)

    weight = _adam(gradient, rows.shape[1])
    return Linear(features.FACT, mean, spread, weight, 0.0)


def fit_chance(rows: Array, labels: Sequence[int], names: Sequence[str]) -> Linear:
    """A logistic regression; both labels count alike, whatever their numbers."""
    mean, spread = rows.mean(axis=0), _spread(rows)
    scaled = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    hits = np.array(labels, dtype=np.float64)
    each = np.where(hits == 1, 0.5 / hits.sum(), 0.5 / (1 - hits).sum())

    def gradient(weight: Array) -> Array:
        error = (1 / (1 + np.exp(-(scaled @ weight))) - hits) * each
        return np.asarray(scaled.T @ error + RIDGE * np.append(weight[:-1], 0))

    weight = _adam(gradient, scaled.shape[1])
    return Linear(tuple(names), mean, spread, weight[:-1], float(weight[-1]))


def _nothing(names: Sequence[str]) -> Linear:
    """Weights of zero, for what is not fitted yet."""
    zeros, ones = np.zeros(len(names)), np.ones(len(names))
    return Linear(tuple(names), zeros, ones, zeros, 0.0)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A labelled sheet, read without a look at its own messages."""

    case: Mapping[str, Any]
    meaning: SheetMeaning
    index: FactIndex

    @classmethod
    def of(
        cls, case: Mapping[str, Any], encoder: TokenEncoder, bank: Bank | None = None
    ) -> "Sheet":
        """Indexed by the encoder."""
        facts = facts_of(case)
        meaning = _Remembering(facts, encoder, None, {case["case"]}, bank)
        return cls(case, meaning, _RememberingIndex(facts, meaning))

    def use(self, weights: Weights, unseen: Collection[str]) -> None:
        """From now on these weights are used, and messages to `unseen` cases not looked at."""
        self.meaning.hide({*unseen, self.case["case"]})
        self.index.weights = weights

    def of_kind(self, *kinds: str) -> list[dict[str, Any]]:
        """Its messages of these kinds."""
        return [query for query in self.case["queries"] if query["kind"] in kinds]

    def gold(self, query: Mapping[str, Any]) -> int:
        """The position of the first right fact."""
        return self.index.ids.index(query["gold"][0])

    def score(self, queries: Sequence[Mapping[str, Any]]) -> tuple[Scores, ...]:
        """Of the messages as a whole."""
        return self.index.score([query["q"] for query in queries])


def _rank(sheets: Iterable[Sheet]) -> Linear:
    groups: list[Array] = []
    right: list[int] = []
    for sheet in sheets:
        queries = sheet.of_kind("in")
        groups.extend(s.of_facts for s in sheet.score(queries) if s.of_facts is not None)
        right.extend(sheet.gold(query) for query in queries)
    return fit_rank(groups, right)


@lru_cache(maxsize=1)
def _asides() -> dict[str, list[str]]:
    """The messages that have nothing to do with any case, by author."""
    found: dict[str, list[str]] = {}
    for text, kind, author in messages():
        if kind in ASIDE:
            found.setdefault(author, []).append(text)
    return found


def _asides_of(number: int) -> tuple[str, list[str]]:
    """One author, and some of their asides, for a sheet of this number: each in turn."""
    authors = sorted(_asides())
    turn, author = divmod(number, len(authors))
    texts = _asides()[authors[author]]
    step = max(1, len(texts) // ASIDES_A_SHEET)  # apart, for the kinds stand one behind the other
    return authors[author], [texts[(turn + i * step) % len(texts)] for i in range(ASIDES_A_SHEET)]


def _chance(
    sheets: Iterable[Sheet],
    unseen: Collection[str],
    kinds: Sequence[str],
    wanted: Collection[str],
) -> Linear:
    """The chance that a message of one of the kinds, or one that has nothing to do with any case,
    is of a wanted kind. The latter are read without a look at their author's others."""
    rows: list[dict[str, float]] = []
    labels: list[int] = []
    for number, sheet in enumerate(sheets):
        queries = sheet.of_kind(*kinds)
        rows.extend(scores.features for scores in sheet.score(queries))
        labels.extend(int(query["kind"] in wanted) for query in queries)
        author, texts = _asides_of(number)
        sheet.use(sheet.index.weights, {*unseen, author})
        rows.extend(scores.features for scores in sheet.index.score(texts))
        labels.extend([int(AN_ASIDE in wanted)] * len(texts))
        sheet.use(sheet.index.weights, unseen)
    names = tuple(rows[0])
    return fit_chance(np.array([[row[name] for name in names] for row in rows]), labels, names)


def _outside(sheets: Iterable[Sheet], unseen: Collection[str]) -> Linear:
    return _chance(sheets, unseen, ("in", "out"), ("out", AN_ASIDE))


def _aside(sheets: Iterable[Sheet], unseen: Collection[str]) -> Linear:
    return _chance(sheets, unseen, OF_A_CASE, (AN_ASIDE,))


def _vague(sheets: Iterable[Sheet], unseen: Collection[str]) -> Linear:
    return _chance(sheets, unseen, OF_A_CASE, ("vague",))


def _cuts(sheet: Sheet) -> Iterator[tuple[dict[str, float], int]]:
    """Features of each way to cut a message, and whether it holds several questions there."""
    for query in sheet.of_kind("in", "compound"):
        gold, is_compound = set(query["gold"]), query["kind"] == "compound"
        division = divisions(query["q"], sentences(query["q"]))
        scores = dict(zip(division.texts, sheet.index.score(division.texts), strict=True))
        pieces = [scores[question.text] for question in division.questions]
        if len(pieces) > 1:
            yield of_division(scores[division.whole], pieces, False), int(is_compound)
        for question, piece in zip(division.questions, pieces, strict=True):
            if question.topics:
                topics = [scores[topic] for topic in question.topics]
                hit = {sheet.index.ids[topic.order[0]] for topic in topics} & gold
                yield of_division(piece, topics, True), int(is_compound and len(hit) > 1)


def _several(sheets: Iterable[Sheet]) -> Linear:
    cuts = [cut for sheet in sheets for cut in _cuts(sheet)]
    table = np.array([[found[name] for name in SEVERAL] for found, _ in cuts])
    return fit_chance(table, [label for _, label in cuts], SEVERAL)


def fit(sheets: Sequence[Sheet], unseen: Collection[str] = ()) -> Weights:
    """All weights, from the sheets; messages to `unseen` cases are not looked at."""
    nothing = _nothing(("score",))
    weights = Weights(_nothing(features.FACT), nothing, nothing, nothing, nothing)
    learners: dict[str, Callable[[Sequence[Sheet]], Linear]] = {
        "rank": _rank,
        "outside": partial(_outside, unseen=unseen),
        "aside": partial(_aside, unseen=unseen),
        "vague": partial(_vague, unseen=unseen),
        "several": _several,
    }
    for name, learn in learners.items():
        for sheet in sheets:
            sheet.use(weights, unseen)
        weights = replace(weights, **{name: learn(sheets)})
    return weights


def measured(sheets: Iterable[Sheet], weights: Weights, unseen: Collection[str]) -> list[Item]:
    """What becomes of each message with the weights."""
    found: list[Item] = []
    for sheet in sheets:
        sheet.use(weights, unseen)
        found.extend(items_of(sheet.index, sheet.case["case"], queries_of(sheet.case)))
    return found


def _cases(path: Path) -> list[dict[str, Any]]:
    """The cases of one author: a file, or a folder of files."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    kept = [file for file in files if file.name != NEVER_LEARNT]
    return [case for file in kept for case in json.loads(file.read_text("utf-8"))["cases"]]


def left_out(folder: Path) -> dict[str, str]:
    """For each case the file of the adapter that never saw it."""
    found: dict[str, str] = json.loads((folder / "left_out.json").read_text("utf-8"))
    return found


def read(folder: Path, paths: Sequence[str]) -> dict[str, list[Sheet]]:
    """The sheets of each author, each read with the adapter of the folder that never saw it.

    What was read is kept in the folder.
    """
    own = get_encoder()
    if own is None:
        raise SystemExit("The language model is not installed.")
    files = left_out(folder)
    encoders = {file: _LeftOut(folder / file, own) for file in sorted(set(files.values()))}
    found = {
        path: [Sheet.of(c, encoders[files[c["case"]]], load(own)) for c in _cases(Path(path))]
        for path in paths
    }
    for encoder in encoders.values():
        encoder.save()
    return found


def main(folder: str, *paths: str) -> None:
    """Prints the figures of each author on weights that saw nothing of the author, and writes the
    weights of all."""
    authors, files = read(Path(folder), paths), left_out(Path(folder))
    everything = [sheet for sheets in authors.values() for sheet in sheets]
    items: list[Item] = []
    for file in sorted(set(files.values())):
        held = [sheet for sheet in everything if files[sheet.case["case"]] == file]
        names = {sheet.case["case"] for sheet in held}
        weights = fit([s for s in everything if s.case["case"] not in names], names)
        items.extend(measured(held, weights, names))
    for author, sheets in authors.items():
        own = {sheet.case["case"] for sheet in sheets}
        summary = summary_of([item for item in items if item["case"] in own])
        sys.stdout.write(f"{author}\n{json.dumps(summary, indent=1)}\n")
    WEIGHTS.write_text(json.dumps(fit(everything).to_dict(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
