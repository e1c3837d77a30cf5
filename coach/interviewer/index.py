"""The fact sheet, indexed: how well each fact fits each of a few short questions.

Score of a fact = .6 x its best wording + .4 x its centre + .1 x its answer (cosines of sentence
vectors) + .2 x words + .2 x characters (tf-idf) + .7 x shared intents. The last term compares what
the question and the fact's wordings resemble in the bank of intents (explicit semantic analysis,
Gabrilovich and Markovitch 2007): two texts are alike when they are near the same intents.
Without an encoder only words and characters count.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.interviewer import bank as banks
from coach.interviewer.confidence import Features
from coach.interviewer.encoder import Encoder, Vectors
from coach.interviewer.facts import Fact
from coach.interviewer.kept import KeptVectors
from coach.interviewer.lexical import TfIdf, content_words, ngrams, stem, stems
from coach.interviewer.spelling import Speller

TEMPERATURE = 0.03
BEST, CENTRE, ANSWER, WORDS, CHARACTERS, INTENTS = 0.6, 0.4, 0.1, 0.2, 0.2, 0.7
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """One question against every fact: `order` are positions of facts, best first."""

    text: str
    values: tuple[float, ...]
    order: tuple[int, ...]
    features: Features
    vague: float
    outside: float


@dataclass(frozen=True)
class _Meaning:
    """What needs sentence vectors."""

    encoder: Encoder
    bank: banks.Bank
    asked: tuple[Vectors, ...]
    answers: tuple[Vectors, ...]
    centres: Vectors
    intents: Array
    covered: Array


def _unit(rows: NDArray[np.floating]) -> Array:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9))


def _pieces(answer: str) -> list[str]:
    parts = [p.strip() for p in re.split(r"[.;,]\s+", answer)]
    return [answer, *(p for p in parts if len(p.split()) > 2)]


def _softmax(rows: NDArray[np.floating]) -> Array:
    shifted = np.exp((rows - rows.max(axis=1, keepdims=True)) / TEMPERATURE)
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


def _roots(shares: Array) -> Array:
    """Square roots scaled to length 1: their dot product is the Bhattacharyya likeness."""
    return _unit(np.sqrt(shares))


def _coverage(bank: banks.Bank, asked: Sequence[Vectors]) -> Array:
    """How well the best fact of the sheet matches each intent (mean of its three best wordings)."""
    out = np.zeros(len(bank.sizes))
    for wordings in asked:
        best = (bank.intents @ wordings.T).max(axis=1)
        start = 0
        for i, size in enumerate(bank.sizes):
            top = np.sort(best[start : start + size])[-3:].mean()
            out[i] = max(out[i], float(top))
            start += size
    return out


def _meaning(facts: Sequence[Fact], encoder: Encoder, keep: Path | None) -> _Meaning:
    kept = KeptVectors(encoder, keep)
    asked = tuple(kept.encode(fact.wordings) for fact in facts)
    answers = tuple(kept.encode(_pieces(fact.answer)) for fact in facts)
    kept.save()
    bank = banks.load(encoder)
    together = [np.vstack([a, b[:1]]) for a, b in zip(asked, answers, strict=True)]
    centres = _unit(np.stack([rows.mean(axis=0) for rows in together]))
    shares = np.stack([_softmax(bank.activations(rows)).mean(axis=0) for rows in together])
    return _Meaning(
        encoder,
        bank,
        asked,
        answers,
        centres.astype(np.float32),
        _roots(shares),
        _coverage(bank, asked),
    )


class FactIndex:
    """Made once for a version of a case and kept; reading it changes nothing."""

    def __init__(self, facts: Sequence[Fact], meaning: _Meaning | None) -> None:
        self.facts = tuple(facts)
        self.ids = tuple(fact.id for fact in facts)
        self._meaning = meaning
        texts = [" ".join([*fact.wordings, fact.answer]) for fact in facts]
        self.speller = Speller(texts)
        self._stem_sets = [frozenset(stems(text)) for text in texts]
        self._vocabulary = frozenset().union(*self._stem_sets)
        self._words = TfIdf([stems(text) for text in texts])
        self._characters = TfIdf([ngrams(text) for text in texts])

    @classmethod
    def build(
        cls, facts: Sequence[Fact], encoder: Encoder | None = None, keep: Path | None = None
    ) -> "FactIndex":
        """Indexes a fact sheet. Without an encoder only words and characters are compared.

        `keep` names a file that holds the sheet's vectors for the next process.

        Raises ValueError for an empty sheet or an id that occurs twice.
        """
        ids = [fact.id for fact in facts]
        if not ids:
            raise ValueError("A fact sheet needs at least one fact.")
        if len(set(ids)) != len(ids):
            raise ValueError("Two facts of the sheet have the same id.")
        return cls(facts, None if encoder is None else _meaning(facts, encoder, keep))

    @property
    def has_meaning(self) -> bool:
        """Whether sentence vectors are in use."""
        return self._meaning is not None

    def breadth(self, word: str) -> int:
        """In how many facts of the sheet the word occurs, in any of its forms."""
        return sum(stem(word) in found for found in self._stem_sets)

    def heads(self, word: str) -> int:
        """How many facts have the word, and no other of matter, for a title."""
        return sum(stems(fact.title) == [stem(word)] for fact in self.facts)

    def score(self, texts: Sequence[str]) -> tuple[Scores, ...]:
        """Scores of every fact for each text, rounded to three decimals."""
        if not texts:
            return ()
        mended = [self.speller.mend(text) for text in texts]
        if self._meaning is None:
            return tuple(self._by_words(text) for text in mended)
        vectors = self._meaning.encoder.encode(mended)
        activations = self._meaning.bank.activations(vectors)
        shares = _softmax(activations)
        return tuple(
            self._by_meaning(text, vectors[i], activations[i], shares[i], self._meaning)
            for i, text in enumerate(mended)
        )

    def _unknown_share(self, text: str) -> float:
        found = [stem(word) for word in content_words(text)]
        return sum(word not in self._vocabulary for word in found) / max(1, len(found))

    def _lexical(self, text: str) -> tuple[Array, Array]:
        words = self._words.similarities(stems(text))
        characters = self._characters.similarities(ngrams(text))
        return np.array(words), np.array(characters)

    def _by_words(self, text: str) -> Scores:
        words, characters = self._lexical(text)
        values = np.round(0.5 * words + 0.5 * characters, 3)
        order = np.argsort(-values, kind="stable")
        features = Features.by_words(_ordered(values, order), self._unknown_share(text))
        return Scores(text, tuple(values.tolist()), tuple(order.tolist()), features, 0.0, 0.0)

    def _by_meaning(
        self, text: str, vector: Vectors, activation: Vectors, share: Array, m: _Meaning
    ) -> Scores:
        words, characters = self._lexical(text)
        answers = np.array([float((rows @ vector).max()) for rows in m.answers])
        best = np.maximum([float((rows @ vector).max()) for rows in m.asked], answers)
        shared = m.intents @ _roots(share[None])[0]
        values = np.round(
            BEST * best + CENTRE * (m.centres @ vector) + ANSWER * answers
            + WORDS * words + CHARACTERS * characters + INTENTS * shared, 3,
        )  # fmt: skip
        order = np.argsort(-values, kind="stable")
        top = int(order[0])
        outside = float((m.bank.outside @ vector).max())
        features = Features(
            score=float(values[top]),
            margin=_margin(_ordered(values, order)),
            best=float(best[top]),
            intents=float(shared[top]),
            outside=outside,
            covered=float((share * m.covered).sum()),
            top_covered=float(m.covered[int(share.argmax())]),
            unknown_words=self._unknown_share(text),
            over_bank=float(best[top]) - float(activation.max()),
        )
        vague = float((m.bank.vague @ vector).max())
        return Scores(text, tuple(values.tolist()), tuple(order.tolist()), features, vague, outside)


def _ordered(values: Array, order: NDArray[np.intp]) -> list[float]:
    return [float(values[i]) for i in order]


def _margin(best_first: Sequence[float]) -> float:
    return best_first[0] - best_first[1] if len(best_first) > 1 else best_first[0]
