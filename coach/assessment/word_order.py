"""Whether words stand in an order that English has: word by word, by counts (data/word_order.json).

Words of form stand for themselves, all others for their ending, so what a text is about plays no
part. A pair of neighbours is weighed by how much oftener it was counted than its two halves would
meet by chance. Fitted by training/train_order.py.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from coach.assessment.text import sentences

ORDER_FILE = Path(__file__).parent / "data" / "word_order.json"
SHORTEST = 3
"""Words of a sentence that has an order."""
NEVER = 0.15
"""A pair met less than this share of what chance would give does not occur in English."""
ENDINGS = (
    "ing", "ed", "ly", "tion", "sion", "ment", "ness", "ity", "able", "ible", "al", "ive", "ous",
    "ful", "less", "er", "or", "est", "ic", "y", "s",
)  # fmt: skip
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty "
    "seventy eighty ninety hundred thousand million billion half"
)
NUMBER_WORDS = frozenset(_NUMBERS.split())
START, END, PAUSE, NUMBER, OTHER = "<", ">", ",", "#", "-"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,]*%?|[,;:]")


@dataclass(frozen=True)
class Counts:
    """Pairs of neighbours as counted: ``pairs[left][right]``, and how often each stood where."""

    words: frozenset[str]
    pairs: Mapping[str, Mapping[str, int]]
    left: Mapping[str, int]
    right: Mapping[str, int]
    total: int


@dataclass(frozen=True)
class Order:
    """``mean`` log ratio of the pairs that say something, their number, and those that never occur.

    About 0.5 in English; below 0 where words stand as chance has it. 0 without such a pair.
    """

    mean: float = 0.0
    pairs: int = 0
    never: int = 0


def tag(word: str, words: frozenset[str]) -> str:
    """What a lower-case word counts as: itself, a number, a pause, or its ending."""
    if word in ",;:":
        return PAUSE
    if word[0].isdigit() or word in NUMBER_WORDS:
        return NUMBER
    if word in words:
        return word
    if "'" in word:
        return "'" + word.rsplit("'", 1)[-1]
    ending = next((e for e in ENDINGS if word.endswith(e) and len(word) > len(e) + 2), "")
    return OTHER + ending


def tags(sentence: str, words: frozenset[str]) -> list[str]:
    """The tags of a sentence between its start and its end."""
    found = [token.lower().replace("’", "'") for token in _TOKEN.findall(sentence)]
    return [START, *(tag(word, words) for word in found), END]


def of_form(mark: str) -> bool:
    """Whether a tag is a word of form."""
    return mark[0] not in "-'<>,#"


@lru_cache(maxsize=1)
def counts() -> Counts:
    """The shipped counts."""
    raw = json.loads(ORDER_FILE.read_text("utf-8"))
    return Counts(frozenset(raw["words"]), raw["pairs"], raw["left"], raw["right"], raw["total"])


def version() -> str:
    """A short hash of the shipped counts."""
    return hashlib.sha256(ORDER_FILE.read_bytes()).hexdigest()[:8]


def _ratios(found: Sequence[str], known: Counts) -> Iterator[float]:
    """How much oftener than by chance each pair with a word of form was counted.

    Numbers stand anywhere in tables and lists, so pairs with one say nothing.
    """
    for left, right in pairwise(found):
        if NUMBER not in (left, right) and (of_form(left) or of_form(right)):
            chance = (known.left.get(left, 0) + 0.5) * (known.right.get(right, 0) + 0.5)
            yield (known.pairs.get(left, {}).get(right, 0) + 1) / (chance / known.total + 1)


def order(text: str) -> Order:
    """In what order the words of a text's sentences stand."""
    known = counts()
    found: list[float] = []
    for sentence in sentences(text):
        marks = tags(sentence.quote, known.words)
        if len(marks) >= SHORTEST + 2:
            found += _ratios(marks, known)
    if not found:
        return Order()
    mean = sum(map(math.log, found)) / len(found)
    return Order(mean, len(found), sum(ratio < NEVER for ratio in found))
