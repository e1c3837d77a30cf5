"""A fact sheet in sentence and token vectors, and how near a message is to each of its facts."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.interviewer import bank as banks
from coach.interviewer.encoder import Reading, TokenEncoder, Vectors
from coach.interviewer.facts import Fact
from coach.interviewer.kept import KeptReadings
from coach.interviewer.messages import Messages

TEMPERATURE = 0.03
MATCHED = 0.5  # cosine from which a token of the message counts as found in a fact
RARE = 0.1
SPANS = (2, 3, 4)
Array = NDArray[np.float64]
Side = Callable[[Reading], tuple[Vectors, NDArray[np.int8]]]


@dataclass(frozen=True, eq=False)
class View:
    """One message against every fact in one kind of vectors; shape (facts,) unless said otherwise.

    `best`, `centre`, `answer`, `spans`: cosines with the nearest wording, the mean of all wordings,
    the nearest part of the answer, and of any short run of tokens with a part of the answer.
    `tokens`: the nearest token of the fact for each token of matter, shape (tokens, facts).
    `weights` of the tokens add up to 1: a token that is near few facts tells more.
    """

    best: Array
    centre: Array
    answer: Array
    spans: Array
    tokens: Array
    weights: Array

    @property
    def late(self) -> Array:
        """Late interaction: how near the message's tokens come to each fact, weighted."""
        return np.asarray(self.weights @ self.tokens)


@dataclass(frozen=True, eq=False)
class Nearness:
    """One message, of this unit vector, against every fact of a sheet.

    `intents`: likeness of the intents of the bank that message and fact resemble, shape (facts,).
    `own` is seen with the model's own vectors, `adapted` with those of its adapted layers.
    """

    vector: Vectors
    own: View
    adapted: View
    intents: Array
    nearest_intent: float
    covered: float
    top_covered: float
    outside: float
    vague: float


def _unit(rows: NDArray[np.floating]) -> Array:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9))


def pieces(answer: str) -> list[str]:
    """The answer, and its clauses of more than two words."""
    parts = [p.strip() for p in re.split(r"[.;,]\s+", answer)]
    return [answer, *(p for p in parts if len(p.split()) > 2)]


def _softmax(rows: NDArray[np.floating]) -> Array:
    shifted = np.exp((rows - rows.max(axis=1, keepdims=True)) / TEMPERATURE)
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


def _roots(shares: Array) -> Array:
    """Square roots scaled to length 1: their dot product is the Bhattacharyya likeness."""
    return _unit(np.sqrt(shares))


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of several facts in one matrix; `starts` is the first row of each fact."""

    rows: NDArray[np.generic]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, groups: Sequence[NDArray[np.generic]]) -> "_Rows":
        sizes = [len(group) for group in groups]
        return cls(np.vstack(groups), np.cumsum([0, *sizes[:-1]]))

    def nearest(self, vectors: Vectors) -> Array:
        """Largest dot product of each vector with the rows of each fact: (vectors, facts)."""
        found = vectors @ self.rows.astype(np.float32).T
        return np.asarray(np.maximum.reduceat(found, self.starts, axis=1), dtype=np.float64)


def _runs(tokens: Vectors) -> Vectors:
    """Unit sums of every run of two to four tokens; of all tokens when there are fewer."""
    ends = np.vstack([np.zeros((1, tokens.shape[1]), np.float32), np.cumsum(tokens, axis=0)])
    runs = [ends[size:] - ends[:-size] for size in SPANS if size <= len(tokens)]
    return np.asarray(_unit(np.vstack(runs or [ends[-1:]])), dtype=np.float32)


def _is_own(reading: Reading) -> tuple[Vectors, NDArray[np.int8]]:
    return reading.vector, reading.tokens


def _is_adapted(reading: Reading) -> tuple[Vectors, NDArray[np.int8]]:
    return reading.adapted_vector, reading.adapted_tokens


@dataclass(frozen=True, eq=False)
class _Space:
    """A sheet in one kind of vectors; `side` takes them from a reading."""

    side: Side
    asked: _Rows
    answers: _Rows
    tokens: _Rows
    together: tuple[Vectors, ...]
    centres: Array

    @classmethod
    def of(
        cls,
        side: Side,
        asked: Sequence[Sequence[Reading]],
        answers: Sequence[Sequence[Reading]],
    ) -> "_Space":
        """From the readings of the wordings, and of the pieces of the answer, of each fact."""
        both = [[*a, b[0]] for a, b in zip(asked, answers, strict=True)]
        together = tuple(_vectors(readings, side) for readings in both)
        return cls(
            side,
            _Rows.of([_vectors(readings, side) for readings in asked]),
            _Rows.of([_vectors(readings, side) for readings in answers]),
            _Rows.of([np.vstack([side(r)[1] for r in readings]) for readings in both]),
            together,
            _unit(np.stack([rows.mean(axis=0) for rows in together])),
        )

    def views(self, readings: Sequence[Reading]) -> list[View]:
        """Each reading against every fact."""
        vectors = _vectors(readings, self.side)
        answer = self.answers.nearest(vectors)
        best = np.maximum(self.asked.nearest(vectors), answer)
        centre = vectors @ self.centres.T
        own = [np.asarray(self.side(r)[1] / 127, dtype=np.float32) for r in readings]
        # At once, since the sheet's many tokens are made floats for it.
        nearest = self.tokens.nearest(np.vstack(own)) / 127
        ends = np.cumsum([len(rows) for rows in own])[:-1]
        found = []
        for i, tokens in enumerate(np.split(nearest, ends)):
            rarity = 1 / (RARE + (tokens > MATCHED).mean(axis=1))
            spans = self.answers.nearest(_runs(own[i])).max(axis=0)
            weights = rarity / rarity.sum()
            found.append(View(best[i], centre[i], answer[i], spans, tokens, weights))
        return found


class SheetMeaning:
    """The vectors of a fact sheet, made once."""

    def __init__(
        self,
        facts: Sequence[Fact],
        encoder: TokenEncoder,
        keep: Path | None,
        unseen: Collection[str] = (),
        bank: banks.Bank | None = None,
    ) -> None:
        """`keep` holds the sheet's readings; messages to `unseen` cases are not looked at.

        `bank` is the encoder's where none is given.
        """
        kept = KeptReadings(encoder, keep)
        asked = [kept.read(fact.wordings) for fact in facts]
        answers = [kept.read(pieces(fact.answer)) for fact in facts]
        kept.save()
        self.encoder = encoder
        self._bank = bank or banks.load(encoder)
        self.hide(unseen)
        self._own = _Space.of(_is_own, asked, answers)
        self._adapted = _Space.of(_is_adapted, asked, answers)
        near = [self._bank.activations(rows) for rows in self._own.together]
        self._intents = _roots(np.stack([_softmax(rows).mean(axis=0) for rows in near]))
        self._covered = np.max([rows.max(axis=0) for rows in near], axis=0)

    def hide(self, unseen: Collection[str]) -> None:
        """From now on no messages to these cases are looked at, for honest measuring."""
        self._messages = Messages.of(self._bank.messages, unseen)

    def kinds(self, near: Nearness) -> tuple[float, ...]:
        """Likeness to the students' messages to other cases, by kind."""
        return tuple(self._messages.likeness(near.vector[None])[0].tolist())

    def nearness(self, texts: Sequence[str]) -> list[Nearness]:
        """Each text against every fact; all are encoded at once."""
        readings = self.encoder.read(texts)
        vectors = _vectors(readings, _is_own)
        activations = self._bank.activations(vectors)
        shares = _softmax(activations)
        intents = _roots(shares) @ self._intents.T
        outside = (vectors @ self._bank.outside.T).max(axis=1)
        vague = (vectors @ self._bank.vague.T).max(axis=1)
        views = zip(self._own.views(readings), self._adapted.views(readings), strict=True)
        return [
            Nearness(
                vector=vectors[i],
                own=own,
                adapted=adapted,
                intents=intents[i],
                nearest_intent=float(activations[i].max()),
                covered=float(shares[i] @ self._covered),
                top_covered=float(self._covered[shares[i].argmax()]),
                outside=float(outside[i]),
                vague=float(vague[i]),
            )
            for i, (own, adapted) in enumerate(views)
        ]


def _vectors(readings: Sequence[Reading], side: Side) -> Vectors:
    return np.stack([side(reading)[0] for reading in readings])
