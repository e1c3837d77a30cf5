"""The fact sheet, indexed: how well each fact fits each of a few short questions.

With sentence vectors a learned linear score ranks the facts (weights.py, features.py). It looks at
the nearest wording, all wordings, the answer, words, characters, tokens in context (late
interaction, Khattab and Zaharia 2020, the rarer on this sheet the heavier), and the intents of the
bank that question and fact resemble (explicit semantic analysis, Gabrilovich and Markovitch 2007).
Without an encoder only words and characters count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from coach.interviewer import features
from coach.interviewer.encoder import TokenEncoder
from coach.interviewer.facts import Fact
from coach.interviewer.generic import names_no_matter, topic_is_broad
from coach.interviewer.lexical import TfIdf, content_words, ngrams, stem, stems, tokens
from coach.interviewer.meaning import Array, Nearness, SheetMeaning
from coach.interviewer.spelling import Speller
from coach.interviewer.weights import Weights, load_weights

IS = re.compile(r"\b(what|who|where|when|how|it|that|there)['\u2019]s\b", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Scores:
    """One question against every fact.

    `values` are scores of the facts, `order` their positions, best first. `inside` is the chance
    that the sheet has the answer, `vague` that nothing was asked for, `aside` that it has nothing
    to do with any case. `features` and `of_facts` are what the weights looked at, empty without
    sentence vectors.
    """

    text: str
    values: Array
    order: tuple[int, ...]
    inside: float
    vague: float
    aside: float = 0.0
    features: dict[str, float] = field(default_factory=dict)
    of_facts: Array | None = None


def _keys(text: str) -> Iterator[str]:
    """What two ways of saying the same have in common: every word, or two that carry matter."""
    yield " ".join(tokens(IS.sub(r"\1 is", text)))
    matter = stems(text)
    if len(matter) > 1:
        yield "=" + " ".join(matter)


def _only_of_one_fact(facts: Sequence[Fact]) -> dict[str, str]:
    """Fact id by the keys of its wordings, those of several facts left out."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        for wording in fact.wordings:
            for key in _keys(wording):
                found.setdefault(key, set()).add(fact.id)
    return {key: min(ids) for key, ids in found.items() if len(ids) == 1}


class FactIndex:
    """Made once for a version of a case and kept; reading it changes nothing."""

    def __init__(
        self, facts: Sequence[Fact], meaning: SheetMeaning | None, weights: Weights | None = None
    ) -> None:
        """`weights` are the shipped ones when not given. Raises ValueError as `build`."""
        if not facts:
            raise ValueError("A fact sheet needs at least one fact.")
        if len({fact.id for fact in facts}) != len(facts):
            raise ValueError("Two facts of the sheet have the same id.")
        self.facts = tuple(facts)
        self.ids = tuple(fact.id for fact in facts)
        self._meaning = meaning
        self.weights = weights or load_weights()
        texts = [" ".join([*fact.wordings, fact.answer]) for fact in facts]
        self.speller = Speller(texts)
        self._stem_sets = [frozenset(stems(text)) for text in texts]
        self._wordings = _only_of_one_fact(facts)
        self._vocabulary = frozenset().union(*self._stem_sets)
        self._words = TfIdf([stems(text) for text in texts])
        self._characters = TfIdf([ngrams(text) for text in texts])

    @classmethod
    def build(
        cls,
        facts: Sequence[Fact],
        encoder: TokenEncoder | None = None,
        keep: Path | None = None,
    ) -> "FactIndex":
        """Indexes a fact sheet. Without an encoder only words and characters are compared.

        `keep` names a file that holds the sheet's vectors for the next process.

        Raises ValueError for an empty sheet or an id that occurs twice.
        """
        if not facts:
            raise ValueError("A fact sheet needs at least one fact.")
        return cls(facts, SheetMeaning(facts, encoder, keep) if encoder else None)

    @property
    def has_meaning(self) -> bool:
        """Whether sentence vectors are in use."""
        return self._meaning is not None

    @property
    def encoder(self) -> TokenEncoder | None:
        """What gives the sentence vectors; None where words alone are compared."""
        return None if self._meaning is None else self._meaning.encoder

    def asked_word_for_word(self, text: str) -> str | None:
        """Id of the one fact that has these words among its wordings.

        "What's" is "what is", and words without matter may differ where two others carry it.
        """
        return next((self._wordings[key] for key in _keys(text) if key in self._wordings), None)

    def breadth(self, word: str) -> int:
        """In how many facts of the sheet the word occurs, in any of its forms."""
        return sum(stem(word) in found for found in self._stem_sets)

    def knows_a_word(self, text: str) -> bool:
        """Whether any word is in the dictionary, the bank or the sheet, or a number."""
        return any(self.speller.knows(word) for word in tokens(text))

    def heads(self, word: str) -> int:
        """How many facts have the word, and no other of matter, for a title."""
        return sum(stems(fact.title) == [stem(word)] for fact in self.facts)

    def score(self, texts: Sequence[str]) -> tuple[Scores, ...]:
        """Scores of every fact for each text."""
        if not texts:
            return ()
        mended = [self.speller.mend(text) for text in texts]
        if self._meaning is None:
            return tuple(self._by_words(text) for text in mended)
        near = self._meaning.nearness(mended)
        kinds = [self._meaning.kinds(each) for each in near]
        return tuple(map(self._by_meaning, mended, near, kinds))

    def _lexical(self, text: str) -> tuple[Array, Array]:
        words = self._words.similarities(stems(text))
        characters = self._characters.similarities(ngrams(text))
        return np.array(words), np.array(characters)

    def _by_words(self, text: str) -> Scores:
        words, characters = self._lexical(text)
        values = np.round(0.5 * words + 0.5 * characters, 3)
        order = np.argsort(-values, kind="stable")
        best, second = values[order[0]], values[order[1]] if len(order) > 1 else 0.0
        # .3 of word and character overlap is where right and wrong answers were about even.
        inside = float(1 / (1 + np.exp(-(best + best - second - 0.3) * 10)))
        return Scores(text, values, tuple(order.tolist()), round(inside, 3), 0.0)

    def _by_meaning(self, text: str, near: Nearness, kinds: Sequence[float]) -> Scores:
        facts = features.of_facts(near, *self._lexical(text))
        values = np.round(self.weights.rank(facts), 3)
        order = np.argsort(-values, kind="stable")
        wording = self._wording(text, int(order[0]))
        found = features.of_message(near, kinds, facts, values, wording)
        inside = round(1 - self.weights.outside.chance(found), 3)
        vague, aside = self.weights.vague.chance(found), self.weights.aside.chance(found)
        return Scores(text, values, tuple(order.tolist()), inside, vague, aside, found, facts)

    def _wording(self, text: str, top: int) -> features.Wording:
        found = [stem(word) for word in content_words(text)]
        count = max(1, len(found))
        return features.Wording(
            text=text,
            answer=self.facts[top].answer,
            words=len(found),
            unknown=sum(word not in self._vocabulary for word in found) / count,
            unknown_to_fact=sum(word not in self._stem_sets[top] for word in found) / count,
            names_nothing=names_no_matter(text),
            broad=topic_is_broad(self, text),
        )
