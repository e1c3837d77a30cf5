"""What each sentence does in an answer, learned: role -> probability (data/roles.json).

A logistic regression a role on the sentence's vector from layers adapted to it, its signs and its
words; learned by training/adapt.py and training/train.py from sentences written for it and shipped
as numbers with what was measured by leaving authors out. A sentence is read alone, so neither order
nor padding changes what it is. Without sentence vectors there are no roles, and the rules on
wording stand alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from coach.assessment.sentence_features import Row, Vocabulary, signs, without_list_mark
from coach.assessment.text import Span, span_of
from coach.interviewer.encoder import Encoder

ROLES_FILE = Path(__file__).parent / "data" / "roles.json"
LONGEST = 36
"""Words of a unit; longer sentences are cut at commas, colons and dashes."""
SHORTEST = 6
_CUT = re.compile(r"[,:](?=\s)|\s[–—-](?=\s)|\s(?=(?:and|but|because|so|while|which) )", re.I)


@dataclass(frozen=True)
class Role:
    """A role's model and its figures.

    ``steps`` are the steps it occurs in, with how common it is there (a bias on the logit).
    ``likely`` is the probability with the best F1 among those from which it is right more often
    than wrong, ``sure`` the lowest with a precision of 0.90; None where no probability will do.
    Both were measured by leaving authors out, and their cases with them.
    """

    name: str
    steps: Mapping[str, float]
    likely: float | None
    sure: float | None
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Model:
    """All roles; ``weights`` has the shape (features, roles), ``sentences`` counts the corpus."""

    roles: tuple[Role, ...]
    vocabulary: Vocabulary
    weights: Row
    sentences: int

    @cached_property
    def by_name(self) -> Mapping[str, Role]:
        """Role by its name."""
        return {role.name: role for role in self.roles}

    def probabilities(
        self, step: str, texts: Sequence[str], encoder: Encoder
    ) -> Mapping[str, tuple[float, ...]]:
        """For each role of a step its probability, text by text, rounded to three decimals."""
        found = [i for i, role in enumerate(self.roles) if step in role.steps]
        bias = np.array([self.roles[i].steps[step] for i in found])
        rows = features(texts, self.vocabulary, encoder)
        values = np.round(1 / (1 + np.exp(-(rows @ self.weights[:, found] + bias))), 3)
        return {self.roles[i].name: tuple(values[:, k].tolist()) for k, i in enumerate(found)}


@dataclass(frozen=True)
class Roles:
    """The units of a text and the probability of each role of its step, unit by unit."""

    units: tuple[Span, ...] = ()
    table: Mapping[str, tuple[float, ...]] | None = None

    @property
    def known(self) -> bool:
        """Whether the roles were worked out; False without sentence vectors."""
        return self.table is not None

    def probability(self, role: str) -> float:
        """The highest probability of a role in the text; 0 where nothing is known of it."""
        return max(self._column(role), default=0.0)

    def all(self, role: str, *, sure: bool = False) -> tuple[Span, ...]:
        """Units that have the role, in order.

        Raises:
            KeyError: no such role.
        """
        floor = threshold(role, sure=sure)
        if floor is None:
            return ()
        pairs = zip(self.units, self._column(role), strict=False)
        return tuple(unit for unit, value in pairs if value >= floor)

    def best(self, role: str, *, sure: bool = False) -> Span | None:
        """The unit with the highest probability, the first of equals, if it has the role.

        Raises:
            KeyError: no such role.
        """
        found = self.all(role, sure=sure)
        values = dict(zip(self.units, self._column(role), strict=False))
        return max(found, key=lambda unit: (values[unit], -unit.start), default=None)

    def _column(self, role: str) -> tuple[float, ...]:
        return (self.table or {}).get(role, ())


def features(texts: Sequence[str], vocabulary: Vocabulary, encoder: Encoder) -> Row:
    """Vector, signs and words side by side, one row a text."""
    bare = [without_list_mark(text) for text in texts]
    vectors = np.asarray(encoder.encode_roles(bare), dtype=np.float64)
    marks = np.array([signs(text) for text in bare])
    return np.hstack([vectors, marks, vocabulary.rows(bare)])


def units(text: str, sentences: Sequence[Span]) -> tuple[Span, ...]:
    """Sentences as they are read for roles: long ones in parts, lines of lists and tables whole."""
    return tuple(part for sentence in sentences for part in _parts(text, sentence))


def _parts(text: str, sentence: Span) -> list[Span]:
    cuts = [m.end() for m in _CUT.finditer(text, sentence.start, sentence.end)]
    if len(sentence.quote.split()) <= LONGEST or not cuts:
        return [sentence]
    parts, start = [], sentence.start
    for cut, after in zip(cuts, [*cuts[1:], sentence.end], strict=True):
        long_enough = len(text[start:cut].split()) >= SHORTEST
        too_long = len(text[start:after].split()) > LONGEST // 2
        if long_enough and too_long and len(text[cut : sentence.end].split()) >= SHORTEST:
            parts.append(span_of(text, start, cut))
            start = cut
    return [*parts, span_of(text, start, sentence.end)]


@lru_cache(maxsize=1)
def model() -> Model:
    """The shipped model."""
    raw = json.loads(ROLES_FILE.read_text("utf-8"))
    roles = tuple(
        Role(name, r["steps"], r["likely"], r["sure"], r["figures"])
        for name, r in raw["roles"].items()
    )
    weights = np.array([r["weights"] for r in raw["roles"].values()]).T
    known = raw["words"]
    vocabulary = Vocabulary(tuple(known), tuple(known.values()))
    return Model(roles, vocabulary, weights, raw["corpus"]["sentences"])


def version() -> str:
    """A short hash of the shipped numbers, part of the rules' version."""
    return hashlib.sha256(ROLES_FILE.read_bytes()).hexdigest()[:8]


def threshold(role: str, *, sure: bool = False) -> float | None:
    """The probability from which a sentence has the role; None where none is good enough.

    Raises:
        KeyError: no such role.
    """
    found = model().by_name[role]
    return found.sure if sure else found.likely


@lru_cache(maxsize=256)
def _table(step: str, texts: tuple[str, ...], encoder: Encoder) -> Mapping[str, tuple[float, ...]]:
    return model().probabilities(step, texts, encoder)


def read_roles(step: str, text: str, sentences: Sequence[Span], encoder: Encoder | None) -> Roles:
    """The roles of a step's sentences, all at once; none without an encoder or without text.

    Args:
        step: the step; only roles that occur in it are looked for.
        text: the text that the sentences were cut from.
        sentences: the sentences to read.
        encoder: sentence vectors, or None.
    """
    if encoder is None or not sentences:
        return Roles()
    found = units(text, sentences)
    return Roles(found, _table(step, tuple(unit.quote for unit in found), encoder))
