"""The ways to read a message: as one question, or as several that are answered one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.interviewer.generic import EMPTY
from coach.interviewer.index import Scores
from coach.interviewer.lexical import content_words
from coach.interviewer.parts import strong_parts, weak_parts
from coach.interviewer.sentences import Sentence
from coach.interviewer.weights import Linear

MAX_QUESTIONS = 8
LONG_MESSAGE = 40
POINTING = frozenset(("both", "either", "these", "those", "two", "true", "correct"))
SEVERAL = (
    "parts", "distinct", "worst_inside", "mean_inside", "whole_inside", "whole_share", "in_front",
    "like_compound", "like_in", "weak", "words_a_part", "least_words", "marks", "worst_share",
    "agreement",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question as asked, and the topics it may list; a single topic is the question itself."""

    text: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Division:
    """`questions` are what a message may consist of.

    `whole` is the message, or, where it is long, what asks in it.
    """

    whole: str
    questions: tuple[Question, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that is scored, without repetition."""
        parts = [t for q in self.questions for t in (q.text, *q.topics)]
        return tuple(dict.fromkeys([self.whole, *parts]))


def _topics(text: str) -> tuple[str, ...]:
    found = weak_parts(text)
    return found if len(found) > 1 else ()


def _names_a_matter(texts: Sequence[str]) -> bool:
    words = content_words(" ".join(texts))
    return any(word not in EMPTY and word not in POINTING for word in words)


def divisions(message: str, found: Sequence[Sentence]) -> Division:
    """How a message of these sentences may be cut.

    Where what asks names no matter ("Any figures for either?"), every sentence asks.
    """
    everything = [sentence.text for sentence in found]
    asked = [sentence.text for sentence in found if sentence.asks]
    if not _names_a_matter(asked):
        asked = everything
    pieces = [piece for text in asked for piece in strong_parts(text)]
    questions = [Question(piece, _topics(piece)) for piece in pieces[:MAX_QUESTIONS]]
    whole = everything if len(message.split()) <= LONG_MESSAGE else asked
    return Division(" ".join(" ".join(whole).split()), tuple(questions))


def of_division(whole: Scores, parts: Sequence[Scores], weak: bool) -> dict[str, float]:
    """Features that tell whether the parts are questions of their own; names in SEVERAL."""
    tops = [part.order[0] for part in parts]
    words = [len(content_words(part.text)) for part in parts]
    shares = [part.features["share"] for part in parts]
    ahead = whole.order[: len(parts)]
    return {
        "parts": float(len(parts)),
        "distinct": len(set(tops)) / len(tops),
        "worst_inside": min(part.inside for part in parts),
        "mean_inside": float(np.mean([part.inside for part in parts])),
        "whole_inside": whole.inside,
        "whole_share": whole.features["share"],
        "in_front": len(set(tops) & set(ahead)) / len(set(tops)),
        "like_compound": whole.features["like_compound"],
        "like_in": whole.features["like_in"],
        "weak": float(weak),
        "words_a_part": float(np.mean(words)),
        "least_words": float(min(words)),
        "marks": float(whole.text.count("?")),
        "worst_share": min(shares),
        "agreement": float(np.mean([top == whole.order[0] for top in tops])),
    }


def several(model: Linear, whole: Scores, parts: Sequence[Scores], weak: bool) -> float:
    """0..1: how likely the parts are questions of their own."""
    return model.chance(of_division(whole, parts, weak))
