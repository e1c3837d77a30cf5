"""Finding metrics by what people call them: mistyped, unfinished, or with several meanings.

A search never chooses for the person who asks. A word that several metrics go by gives them all,
with the question that tells them apart.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue.metrics import Metric
from metrics_lab.engine.catalogue.relations import Meaning, meanings

MAX_WORDS = 8
SIMILAR = 76
"""How alike (0 to 100) two words must be for one to be the other mistyped."""
SHORTEST_MISTYPED = 4
ENOUGH = 0.5
"""The share of what was asked, by weight, that a metric must answer to."""
_NAME, _WORD_OF_NAME, _BEGINNING, _TEXT = 1.0, 0.9, 0.75, 0.5
_COMMON = frozenset(
    ["a", "an", "and", "are", "as", "at", "by", "for", "how", "i", "in", "is", "it", "many",
     "much", "of", "on", "or", "our", "the", "to", "we", "what", "with", "metric", "metrics"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One metric a phrase may mean; `score` is 1 for its very name, `when` tells it from others."""

    metric: Metric
    score: float
    when: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first.

    `corrected` is the phrase as it was understood where a word was mistyped, else "".
    `question` is what an ambiguous phrase leaves open, else "": then `candidates` begin with the
    metrics it may mean, and `meant` says how many.
    """

    candidates: tuple[Candidate, ...]
    corrected: str = ""
    question: str = ""
    meant: int = 0


def search(text: str) -> Found:
    """Return every metric the words may mean; an empty result for words that name nothing."""
    asked = _words(text)[:MAX_WORDS]
    if not asked:
        return Found(())
    words, mistyped = _understood(asked)
    meaning = _meaning(words)
    found = _scored(words)
    if meaning is None:
        return Found(found, " ".join(words) if mistyped else "")
    first = [
        Candidate(catalogue.get(metric_id), 1.0, when) for metric_id, when in meaning.when.items()
    ]
    rest = [each for each in found if each.metric.id not in meaning.when]
    corrected = " ".join(words) if mistyped else ""
    return Found((*first, *rest), corrected, meaning.question, len(first))


def resolve(text: str) -> tuple[Candidate, ...]:
    """Return every metric the words may mean, best first; never a silent choice among equals."""
    return search(text).candidates


def _understood(asked: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return the words with mistyped ones replaced, and whether any was."""
    words = tuple(_nearest(word) for word in asked)
    kept = tuple(word for word in words if word not in _COMMON) or words
    return kept, any(word != was for word, was in zip(words, asked, strict=True))


@lru_cache(maxsize=1024)
def _nearest(word: str) -> str:
    """Return the word itself where any metric has it or a longer one, else the most alike."""
    known = _vocabulary()
    if word in known or word in _COMMON or any(each.startswith(word) for each in known):
        return word
    if len(word) < SHORTEST_MISTYPED:
        return word
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return str(best[0]) if best else word


def _meaning(words: tuple[str, ...]) -> Meaning | None:
    return next(
        (each for each in meanings() if any(words == _kept(term) for term in each.terms)), None
    )


def _scored(words: tuple[str, ...]) -> tuple[Candidate, ...]:
    scored = [Candidate(metric, _score(words, metric)) for metric in catalogue.load()]
    enough = [each for each in scored if each.score > 0]
    return tuple(sorted(enough, key=lambda each: (-each.score, each.metric.name)))


def _score(words: tuple[str, ...], metric: Metric) -> float:
    """Return 1 for a name of the metric, else how well its words answer to each that was asked."""
    index = _index()[metric.id]
    if words in index.names:
        return _NAME
    weights = [_weight(word) for word in words]
    each = [_word_score(word, index) for word in words]
    known = sum(weight for weight, score in zip(weights, each, strict=True) if score)
    if known < ENOUGH * sum(weights):
        return 0.0
    answered = sum(weight * score for weight, score in zip(weights, each, strict=True))
    return 0.99 * answered / sum(weights)


@lru_cache(maxsize=2048)
def _weight(word: str) -> float:
    """Return how much a word says: "rate" stands in half of the catalogue, "churn" in few."""
    entries = _index().values()
    having = sum(word in entry.name_words or word in entry.text_words for entry in entries)
    return math.log(1 + len(entries) / (1 + having))


def _word_score(word: str, index: "_Entry") -> float:
    if word in index.name_words:
        return _WORD_OF_NAME
    if len(word) > 1 and any(each.startswith(word) for each in index.name_words):
        return _BEGINNING
    if word in index.text_words:
        return _TEXT
    return 0.0


@dataclass(frozen=True, slots=True)
class _Entry:
    names: frozenset[tuple[str, ...]]
    name_words: frozenset[str]
    text_words: frozenset[str]


@lru_cache(maxsize=1)
def _index() -> Mapping[str, _Entry]:
    return {metric.id: _entry(metric) for metric in catalogue.load()}


def _entry(metric: Metric) -> _Entry:
    called = (metric.name, metric.id, *metric.aliases)
    labels = (text for item in metric.inputs for text in (item.symbol, item.label))
    text = (metric.means, metric.family, metric.note, *labels)
    return _Entry(
        frozenset(_kept(name) for name in called),
        frozenset(_flat(called)),
        frozenset(_flat(text)),
    )


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    terms = {word for each in meanings() for term in each.terms for word in _words(term)}
    return frozenset(terms).union(
        *(entry.name_words | entry.text_words for entry in _index().values())
    )


def _flat(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _words(text)} - _COMMON


@lru_cache(maxsize=2048)
def _kept(text: str) -> tuple[str, ...]:
    words = _words(text)
    return tuple(word for word in words if word not in _COMMON) or words


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", text.lower().replace("_", " ")))
