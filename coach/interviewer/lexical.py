"""Words and character n-grams of short texts, and their tf-idf similarity, in plain Python.

Used beside the sentence vectors, and alone when there are none.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import snowballstemmer

from coach.interviewer.data_files import word_list

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
STOP = word_list("form")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The English stem of a lower-case word (Porter 2)."""
    # A stemmer keeps its place in the word: one shared by threads mixes their words up.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers, apostrophes kept inside a word."""
    return [match.group().replace("’", "'") for match in WORD.finditer(text.lower())]


def content_words(text: str) -> list[str]:
    """The tokens that carry matter, unstemmed."""
    return [word for word in tokens(text) if word not in STOP]


def stems(text: str) -> list[str]:
    """Stems of the content words."""
    return [stem(word) for word in content_words(text)]


def ngrams(text: str) -> list[str]:
    """Character 3- to 5-grams of the content words, each word in its own borders."""
    found: list[str] = []
    for word in content_words(text):
        padded = f" {word} "
        for size in (3, 4, 5):
            found.extend(padded[i : i + size] for i in range(len(padded) - size + 1))
    return found


class TfIdf:
    """Cosine of tf-idf vectors (sublinear tf, smoothed idf) between a query and fixed documents."""

    def __init__(self, documents: Sequence[Iterable[str]]) -> None:
        counts = [Counter(document) for document in documents]
        seen = Counter(term for count in counts for term in count)
        self._idf = {t: math.log((1 + len(counts)) / (1 + n)) + 1 for t, n in seen.items()}
        self._unseen_idf = math.log(1 + len(counts)) + 1
        self._rows = [self._row(count) for count in counts]

    def _row(self, count: Mapping[str, int]) -> dict[str, float]:
        row = {
            term: (1 + math.log(n)) * self._idf.get(term, self._unseen_idf)
            for term, n in count.items()
        }
        length = math.sqrt(sum(value * value for value in row.values())) or 1.0
        return {term: value / length for term, value in row.items()}

    def similarities(self, query: Iterable[str]) -> list[float]:
        """One cosine in 0..1 a document, in order."""
        row = self._row(Counter(query))
        return [
            sum(value * document[term] for term, value in row.items() if term in document)
            for document in self._rows
        ]
