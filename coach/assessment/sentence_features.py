"""What a sentence shows beside its vector: signs such as a figure or a question, and its words.

Sentence vectors blur figures, question marks and small words such as "unless"; these keep them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.assessment.numbers import numbers

Row = NDArray[np.float64]

KEPT = 256
"""Sentences whose features a process keeps, some 10 kB each."""
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)]|\(?[a-hA-H][.)])\s+")
_DIGITS = re.compile(r"\d[\d.,]*")
_TOKEN = re.compile(r"\b\w[\w']*\b|[?%$€:;><=\"-]")


def _found(pattern: str) -> Callable[[str], bool]:
    search = re.compile(pattern, re.IGNORECASE).search
    return lambda text: search(text) is not None


def _words(at_least: int) -> Callable[[str], bool]:
    return lambda text: len(text.split()) >= at_least


SIGNS: Mapping[str, Callable[[str], bool]] = {
    "number": lambda text: bool(numbers(text)),
    "numbers": lambda text: len(numbers(text)) >= 2,
    "digit": _found(r"\d"),
    "percent": lambda text: any(n.unit == "%" for n in numbers(text)),
    "money": lambda text: any(n.unit == "$" for n in numbers(text)),
    "product": _found(r"[×x*/]\s?\d|\d\s?[×x*/]"),
    "bound": _found(r"[<>≥≤]"),
    "equals": _found("="),
    "arrow": _found("->|→"),
    "colon": _found(":"),
    "question": _found(r"\?"),
    "ends_in_question": _found(r"\?\s*$"),
    "quotation": _found(r"[\"'“‘]\w.*[\"'”’]"),
    "condition": _found(r"\b(?:if|unless|should|until)\b"),
    "first_person": _found(r"\b(?:i|we|my|our)\b"),
    "negation": _found(r"\b(?:not|no|never|without)\b|n['’]t\b"),
    "period": _found(r"\b(?:week|month|day|year|quarter|wk|hour)s?\b"),
    "words_6": _words(6),
    "words_10": _words(10),
    "words_18": _words(18),
    "words_26": _words(26),
}


@lru_cache(maxsize=KEPT)
def signs(text: str) -> tuple[float, ...]:
    """1 or 0 for each of SIGNS, in their order."""
    return tuple(float(test(text)) for test in SIGNS.values())


def without_list_mark(text: str) -> str:
    """A line of a list without its dash, dot or number."""
    return _LIST_MARK.sub("", text, count=1)


def tokens(text: str) -> list[str]:
    """Lower-case words and telling signs; every number is 0."""
    return _TOKEN.findall(_DIGITS.sub(" 0 ", text.lower().replace("’", "'")))


@dataclass(frozen=True)
class Vocabulary:
    """The words that count, with their inverse document frequencies."""

    words: tuple[str, ...]
    rarity: tuple[float, ...]

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def row(self) -> Callable[[str], Row]:
        """Tf-idf of a text with a logarithmic count, scaled to length 1 (or 0 for no known word).

        The latest rows are kept, since several models read the same sentences; leave them as
        they are.
        """
        return lru_cache(maxsize=KEPT)(self._row)

    def _row(self, text: str) -> Row:
        out = np.zeros(len(self.words))
        for word, count in Counter(tokens(text)).items():
            if word in self._place:
                place = self._place[word]
                out[place] = (1 + np.log(count)) * self.rarity[place]
        length = float(np.linalg.norm(out))
        return out / length if length else out

    def rows(self, texts: Sequence[str]) -> Row:
        """Array of shape (len(texts), len(words))."""
        return np.stack([self.row(t) for t in texts]) if texts else np.zeros((0, len(self.words)))
