"""A fact sheet in sentence and token vectors, and how near a message is to each of its facts."""

import re
from collections.abc import Collection, Sequence
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


@dataclass(frozen=True, eq=False)
class Nearness:
    """One message against every fact of a sheet; arrays of shape (facts,) unless said otherwise.

    `best`, `centre`, `answer`, `spans`: cosines with the nearest wording, the mean of all wordings,
    the nearest part of the answer, and of any short run of tokens with a part of the answer.
    `tokens`: the nearest token of the fact for each token of matter, shape (tokens, facts).
    `weights` of the tokens add up to 1: a token that is near few facts tells more.
    `intents`: likeness of the intents of the bank that message and fact resemble.
    """

    best: Array
    centre: Array
    answer: Array
    spans: Array
    tokens: Array
    weights: Array
    intents: Array
    nearest_intent: float
    covered: float
    top_covered: float
    outside: float
    vague: float
    kinds: tuple[float, ...]


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


class SheetMeaning:
    """The vectors of a fact sheet, made once."""

    def __init__(
        self,
        facts: Sequence[Fact],
        encoder: TokenEncoder,
        keep: Path | None,
        unseen: Collection[str] = (),
    ) -> None:
        """`keep` holds the sheet's readings; messages to `unseen` cases are not looked at."""
        kept = KeptReadings(encoder, keep)
        asked = [kept.read(fact.wordings) for fact in facts]
        answers = [kept.read(pieces(fact.answer)) for fact in facts]
        kept.save()
        self.encoder = encoder
        self._bank = banks.load(encoder)
        self._messages = Messages.of(self._bank.messages, unseen)
        self._asked = _Rows.of([_vectors(rows) for rows in asked])
        self._answers = _Rows.of([_vectors(rows) for rows in answers])
        self._tokens = _Rows.of(
            [np.vstack([r.tokens for r in [*a, b[0]]]) for a, b in zip(asked, answers, strict=True)]
        )
        together = [_vectors([*a, b[0]]) for a, b in zip(asked, answers, strict=True)]
        self._centres = _unit(np.stack([rows.mean(axis=0) for rows in together]))
        near = [self._bank.activations(rows) for rows in together]
        self._intents = _roots(np.stack([_softmax(rows).mean(axis=0) for rows in near]))
        self._covered = np.max([rows.max(axis=0) for rows in near], axis=0)

    def nearness(self, texts: Sequence[str]) -> list[Nearness]:
        """Each text against every fact; all are encoded at once."""
        readings = self.encoder.read(texts)
        vectors = _vectors(readings)
        activations = self._bank.activations(vectors)
        shares = _softmax(activations)
        intents = _roots(shares) @ self._intents.T
        answer = self._answers.nearest(vectors)
        best = np.maximum(self._asked.nearest(vectors), answer)
        centre = vectors @ self._centres.T
        outside = (vectors @ self._bank.outside.T).max(axis=1)
        vague = (vectors @ self._bank.vague.T).max(axis=1)
        kinds = self._messages.likeness(vectors)
        found = []
        for i, reading in enumerate(readings):
            own = np.asarray(reading.tokens / 127, dtype=np.float32)
            tokens = self._tokens.nearest(own) / 127
            rarity = 1 / (RARE + (tokens > MATCHED).mean(axis=1))
            found.append(
                Nearness(
                    best=best[i],
                    centre=centre[i],
                    answer=answer[i],
                    spans=self._answers.nearest(_runs(own)).max(axis=0),
                    tokens=tokens,
                    weights=rarity / rarity.sum(),
                    intents=intents[i],
                    nearest_intent=float(activations[i].max()),
                    covered=float(shares[i] @ self._covered),
                    top_covered=float(self._covered[shares[i].argmax()]),
                    outside=float(outside[i]),
                    vague=float(vague[i]),
                    kinds=tuple(kinds[i].tolist()),
                )
            )
        return found


def _vectors(readings: Sequence[Reading]) -> Vectors:
    return np.stack([reading.vector for reading in readings])
