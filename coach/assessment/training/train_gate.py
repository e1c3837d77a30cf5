"""Fit what the gate has learned (gate_signs.py): data/gate.json.

`python -m coach.assessment.training.train_gate` fits each of the four models on all it has, and
prints what each finds when it is fitted without one author and judges that one. Answers come from
answers/part_*.json, the library's examples and the playthroughs, single sentences also from the
corpus; texts to be gated from gate_texts.json (those "fit"), gate_written.json and off_topic.txt.
The gate texts of the answer files and those of gate_texts.json for measuring are not fitted on.
Some six minutes, most of them sentence vectors.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.assessment.context import CaseContext, from_case, from_eval
from coach.assessment.gate import is_gibberish, is_trade_stem
from coach.assessment.gate_signs import (
    GATE_FILE,
    NONSENSE_SIGNS,
    ORDER_SIGNS,
    SIGNS,
    nonsense_row,
    sentence_rows,
    text_row,
)
from coach.assessment.text import sentences
from coach.assessment.training import CORPUS
from coach.assessment.training.answers import ANSWERS, LIBRARY
from coach.assessment.word_order import OTHER, counts, tag
from coach.interviewer.encoder import MiniLM, get_encoder
from questions.case_file import read_case
from questions.playthrough import playthrough_path, read_playthrough

FOLDER = Path(__file__).parent
CASES_A_TEXT = 3
PENALTY = {"off_topic": 0.012, "keyword_stuffing": 0.012, "nonsense": 0.001, "injection": 0.0003}
SIGN_PENALTY = 0.1
"""Signs are few and each means something, so they are held back less than the vector."""
BORDERS = {"off_topic": 0.1, "keyword_stuffing": 0.6, "nonsense": 0.0, "injection": 1.0}
"""Where at most one of 490 genuine texts of an author who was left out lies beyond."""
ROUNDS, STEP = 1200, 0.02
DRAWS = 7
"""The seed of the draws."""
REPLACED = 90
"""Texts that are made by putting other words in place of those of matter."""
FEWEST_WORDS = 10
"""Of a text that shows whether it has a sense."""
CORPUS_WEIGHT = 0.5
"""Of answers whose case is known by little."""
Numbers = NDArray[np.float64]
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Text:
    """A text with its class, its case, the author who is left out with it, and its weight."""

    text: str
    gold: str
    context: CaseContext
    author: str
    weight: float = 1.0


@dataclass(frozen=True)
class Set:
    """Rows with labels, weights and authors; `signs` columns stand before the vector."""

    rows: Numbers
    labels: Numbers
    weights: Numbers
    authors: NDArray[np.str_]
    signs: int

    def part(self, chosen: NDArray[np.bool_]) -> Set:
        """The rows chosen."""
        kept = self.rows[chosen], self.labels[chosen], self.weights[chosen], self.authors[chosen]
        return Set(*kept, self.signs)


def _cases() -> dict[str, CaseContext]:
    paths = sorted(LIBRARY.glob("*.yaml"))
    return {path.stem: from_case(read_case(path)) for path in paths}


def _of_parts() -> Iterator[Text]:
    for path in sorted(ANSWERS.glob("*.json")):
        raw = json.loads(path.read_text("utf-8"))
        cases = {slug: from_eval(slug, case) for slug, case in raw["cases"].items()}
        of_answer = {a["id"]: a["case"] for a in raw["answers"]}
        for a in raw["answers"]:
            yield Text(a["text"], "none", cases[a["case"]], path.stem)
        for v in raw["invariance"]:
            yield Text(v["variant"], "none", cases[of_answer[v["base"]]], path.stem)
        for a in raw["full_answers"]:
            for text in a["steps"].values():
                yield Text(text, "none", cases[a["case"]], path.stem)


def _of_library(cases: dict[str, CaseContext]) -> Iterator[Text]:
    """Examples and playthroughs; the case is read without the examples, or they were copies."""
    for path in sorted(LIBRARY.glob("*.yaml")):
        case = read_case(path)
        context = replace(cases[path.stem], examples={})
        for guide in case.steps.values():
            for level in (guide.examples.level_2, guide.examples.level_3, guide.examples.level_4):
                yield Text(level.text, "none", context, "library")
        played = read_playthrough(playthrough_path(path), case)
        for told in (played.good, played.careless):
            for text in told.answers.values():
                yield Text(text, "none", context, "library")


def _of_corpus() -> Iterator[Text]:
    """Answers of the corpus; what the first of a case asks stands in for its background."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        answers: dict[str, dict[str, list[str]]] = {}
        for line in path.read_text("utf-8").splitlines():
            raw: dict[str, Any] = json.loads(line)
            if not {"off_topic", "instruction_to_reviewer"} & set(raw["labels"]):
                of_case = answers.setdefault(raw["case"], {})
                of_case.setdefault(raw["answer"], []).append(raw["text"])
        for slug, of_case in answers.items():
            first, *others = of_case.values()
            name = slug.replace("-", " ")
            context = CaseContext(slug, "", name, name, name, background=" ".join(first))
            for said in others:
                yield Text(" ".join(said), "none", context, f"corpus {path.stem}", CORPUS_WEIGHT)


def written() -> dict[str, Any]:
    """The texts of gate_written.json by kind, off_topic.txt among those off topic.

    Each is a string; those "beside" a case are objects with `text` and `case`.
    """
    raw: dict[str, Any] = json.loads((FOLDER / "gate_written.json").read_text("utf-8"))
    raw["off_topic"] += (FOLDER / "off_topic.txt").read_text("utf-8").splitlines()
    return raw


def gate_texts(cases: dict[str, CaseContext]) -> Iterator[Text]:
    """The texts for fitting of gate_texts.json, by author."""
    for entry in json.loads((FOLDER / "gate_texts.json").read_text("utf-8"))["texts"]:
        if entry["for"] == "fit":
            author = f"gate texts {entry.get('author', 'one')}"
            case, gold = cases[entry["case"]], entry["gate"]
            if gold == "gibberish" and not is_gibberish(entry["text"], case):
                gold = "nonsense"
            yield Text(entry["text"], gold, case, author)


def replaced(text: str, pool: dict[str, list[str]], chance: random.Random) -> str:
    """A text with every word of matter replaced by another one with the same ending."""

    def other(match: re.Match[str]) -> str:
        mark = tag(match.group().lower(), counts().words)
        return chance.choice(pool[mark]) if mark in pool else match.group()

    return _WORD.sub(other, text)


def _pool(texts: Sequence[str]) -> dict[str, list[str]]:
    pool: dict[str, list[str]] = {}
    for text in texts:
        for word in _WORD.findall(text.lower()):
            mark = tag(word, counts().words)
            if mark.startswith(OTHER):
                pool.setdefault(mark, []).append(word)
    return pool


def _texts(cases: dict[str, CaseContext]) -> list[Text]:
    """All texts for the models on whole texts; those without a case get a few by lot."""
    chance = random.Random(DRAWS)  # noqa: S311 (a draw that is always the same)
    answers = [*_of_parts(), *_of_library(cases)]
    found = [*answers, *_of_corpus(), *gate_texts(cases)]
    contexts = list({text.context.slug: text.context for text in answers}.values())
    own = written()
    pool = _pool([t.text for t in answers] + own["off_topic"] * 3)
    plain = [text for text in own["off_topic"] if len(text.split()) > 14]
    made = [replaced(chance.choice(plain), pool, chance) for _ in range(REPLACED)]
    for entry in own["beside"]:
        found.append(Text(entry["text"], "off_topic", cases[entry["case"]], "beside"))
    for kind, gold, texts, times, weight in (
        ("off_topic", "off_topic", own["off_topic"], CASES_A_TEXT, 0.7),
        ("stuffing", "keyword_stuffing", own["keyword_stuffing"], 2, 1.0),
        ("weak", "none", own["weak"], 2, 1.0),
        ("nonsense", "nonsense", own["nonsense"], 2, 0.7),
        ("replaced", "nonsense", made, 1, 0.4),
    ):
        for text in texts:
            for _ in range(times):
                found.append(Text(text, gold, chance.choice(contexts), kind, weight))
    return found


def _set(texts: Sequence[Text], gold: set[str], rows: Numbers, signs: int) -> Set:
    labels = np.array([float(text.gold in gold) for text in texts])
    weights = np.array([text.weight for text in texts])
    return Set(rows, labels, weights, np.array([text.author for text in texts]), signs)


def text_sets(texts: Sequence[Text], encoder: MiniLM) -> dict[str, Set]:
    """The sets of the three models on whole texts."""
    kept = [t for t in texts if t.gold in ("none", "off_topic", "keyword_stuffing", "nonsense")]
    rows = np.array([text_row(t.text, t.context, encoder, is_trade_stem) for t in kept])
    off = np.array([t.gold != "keyword_stuffing" for t in kept])
    stuffed = np.array([t.gold in ("none", "keyword_stuffing") for t in kept])
    beside = _set(kept, {"off_topic", "nonsense"}, rows, SIGNS).part(off)
    trade = _set(kept, {"keyword_stuffing"}, rows, SIGNS).part(stuffed)
    by_text = {t.text: t for t in texts if t.gold == "off_topic"}
    by_text |= {
        t.text: t for t in texts if t.gold == "nonsense" and not is_gibberish(t.text, t.context)
    }
    by_text |= {t.text: t for t in texts if t.gold == "none" and t.author.startswith("gate")}
    long_enough = [t for t in by_text.values() if len(t.text.split()) >= FEWEST_WORDS]
    token_rows = np.array([nonsense_row(t.text, encoder) for t in long_enough])
    nonsense = _set(long_enough, {"nonsense"}, token_rows, NONSENSE_SIGNS)
    return {"off_topic": beside, "keyword_stuffing": trade, "nonsense": nonsense}


def _sentences(texts: Sequence[Text]) -> Iterator[tuple[str, str, float]]:
    """(sentence, author, whether it is an order)."""
    own = written()
    yield from ((text, "written", 1.0) for text in own["orders"])
    yield from ((text, "written", 0.0) for text in own["no_orders"])
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            raw: dict[str, Any] = json.loads(line)
            order = "instruction_to_reviewer" in raw["labels"]
            yield raw["text"], f"corpus {path.stem}", float(order)
    for text in texts:
        of_corpus = text.author.startswith("corpus")
        if text.gold not in ("injection", "copied_prompt", "nonsense") and not of_corpus:
            for sentence in sentences(text.text):
                yield sentence.quote, text.author, 0.0
        elif text.gold == "injection" and len(sentences(text.text)) == 1:
            yield text.text, text.author, 1.0


def order_set(texts: Sequence[Text], encoder: MiniLM) -> Set:
    """The set of the model on sentences; an order weighs as much as three others."""
    found = {sentence: (author, order) for sentence, author, order in _sentences(texts)}
    rows = sentence_rows(list(found), encoder)
    labels = np.array([order for _, order in found.values()])
    authors = np.array([author for author, _ in found.values()])
    return Set(rows, labels, np.where(labels == 1, 3.0, 1.0), authors, ORDER_SIGNS)


def fit(data: Set, penalty: float) -> tuple[Numbers, float]:
    """Weights and bias of a logistic regression, by Adam on scaled columns; always the same."""
    mean, spread = data.rows.mean(0), data.rows.std(0) + 1e-9
    if data.signs < data.rows.shape[1]:
        spread[data.signs :] = spread[data.signs :].mean()
    scaled = np.hstack([(data.rows - mean) / spread, np.ones((len(data.rows), 1))])
    held = np.full(scaled.shape[1], penalty)
    held[: data.signs] *= SIGN_PENALTY
    held[-1] = 0
    share = data.weights / data.weights.sum()
    found, first, second = (np.zeros(scaled.shape[1]) for _ in range(3))
    for n in range(1, ROUNDS + 1):
        miss = (1 / (1 + np.exp(-(scaled @ found))) - data.labels) * share
        slope = scaled.T @ miss + held * found
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        found -= STEP * (first / (1 - 0.9**n)) / (np.sqrt(second / (1 - 0.999**n)) + 1e-9)
    weights = found[:-1] / spread
    return weights, float(found[-1] - mean @ weights)


def _measured(data: Set, author: str, penalty: float, border: float) -> str:
    own = data.authors == author
    weights, bias = fit(data.part(~own), penalty)
    found = data.rows[own] @ weights + bias >= border
    labels = data.labels[own] == 1
    right, wrong = int((found & labels).sum()), int((found & ~labels).sum())
    return f"{right} of {int(labels.sum())} found, {wrong} of {int((~labels).sum())} wrongly"


LEFT_OUT = ("part_one", "part_two", "gate texts one", "gate texts two", "corpus part_one",
            "corpus part_two")  # fmt: skip


def main() -> None:
    """Measure by leaving authors out, fit on all and write the file."""
    encoder = get_encoder()
    if encoder is None:
        raise SystemExit("The sentence vectors are not installed.")
    texts = _texts(_cases())
    sets = {**text_sets(texts, encoder), "injection": order_set(texts, encoder)}
    out = {}
    for name, data in sets.items():
        border = BORDERS[name]
        measured = {
            author: _measured(data, author, PENALTY[name], border)
            for author in LEFT_OUT
            if author in data.authors
        }
        for author, line in measured.items():
            print(f"{name} without {author}: {line}")
        weights, bias = fit(data, PENALTY[name])
        out[name] = {
            "border": border,
            "bias": round(bias, 4),
            "weights": [round(float(weight), 4) for weight in weights],
        }
    GATE_FILE.write_text(json.dumps({"models": out}, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
