"""How a number is tied to a symbol: by which words, how near, and against which rivals.

A verdict that tells a student "wrong" has to be earned by the tie; a verdict that agrees need not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import HANDFUL, Statement
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.model import STOPS, ClaimModel, Symbol, stem
from metrics_lab.engine.claim.numbers import Number

_HEDGES = words.word_set(
    "about around roughly only just some almost nearly the a an now today currently still "
    "already not our of over under above below more less fewer than at least most well"
)
_LINKS = words.word_set(
    "is are was were be at equals reaches reach stands sits being amounts come to = of :"
)
# Ahead of its nearest rival by so much, a tie is the only one that can be meant.
CLEAR = 1.0
FULL = 0.9

# A sentence that sets limits, targets or guesses says nothing about today.
_INTENT = re.compile(
    r"\b(?:limits?|guard-?rails?|thresholds?|not\s+(?:over|under|above|below|more|less|fewer|"
    r"higher|lower)|no\s+(?:more|less|higher|lower)\s+than|must\s*n[o'’]t|at\s+(?:most|least)|stop|"
    r"estimates?|guess|assum\w+|suppos\w+|say|imagine|would|could|might|may|if|unless|until|once|"
    r"goal|targets?|aim|want|hope|plan|expect\w*|should|needs?|try|tests?|pilot|ship|start|"
    r"begin\w*|from\s+[$€£]?[\d.,]+|within|I['’]d|we['’]d|I['’]ll|we['’]ll|it['’]d|will|for\s+example|e\.g|"
    r"maybe|perhaps|instead)\b",
    re.I,
)
_LIMIT = re.compile(
    r"\b(?:limits?|guard-?rails?|thresholds?|not\s+(?:be\s+)?(?:over|under|above|below)|"
    r"must\s*n[o'’]t|stop\s+(?:if|when|at)|and\s+I\s+stop|I['’]d\s+stop)\b",
    re.I,
)
_FACT = re.compile(
    r"\b(?:our|today|today['’]s|currently|current|now|so\s+far|at\s+the\s+moment|we\s+have|"
    r"there\s+(?:are|is)|stands\s+at)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Tie:
    """The mention that ties a number to its symbol. `lead` is the margin over the best rival."""

    weight: float
    before: bool
    between: tuple[str, ...]
    clauses: int
    numbers: int
    lead: float

    @property
    def direct(self) -> bool:
        """Return whether the mention leads to the number or is its noun, nothing in between."""
        if self.numbers or self.weight < FULL:
            return False
        if not self.before:
            return not self.between and not self.clauses
        rest = [word for word in self.between if word not in _HEDGES]
        return bool(rest) and all(word in _LINKS for word in rest)


def tie_of(statement: Statement, items: Sequence[Item]) -> Tie | None:
    """Return the strongest tie of a statement to its symbol, None where no word names it."""
    name, here = statement.symbol or "", statement.index
    found: list[tuple[tuple[float, ...], Tie]] = []
    for place, item in enumerate(items):
        weight = item.weight(name)
        if not weight or item.sentence != items[here].sentence:
            continue
        low, high = sorted((place, here))
        inner = items[low + 1 : high]
        tie = Tie(
            weight, place < here, tuple(i.word for i in inner),
            abs(item.clause - items[here].clause), sum(i.number is not None for i in inner),
            statement.lead,
        )  # fmt: skip
        found.append(((-(weight >= FULL), tie.numbers, tie.clauses, len(inner)), tie))
    if not found:
        return None
    return min(found, key=lambda one: one[0])[1]


def is_intent(sentence: str) -> bool:
    """Return whether a sentence sets a limit, a target or a guess: it does not state what is."""
    return bool(_INTENT.search(sentence))


def is_limit(sentence: str) -> bool:
    """Return whether a sentence sets a limit ("not over 0.9 %", "under 15 % and I stop")."""
    return bool(_LIMIT.search(sentence))


def is_fact(clause: str) -> bool:
    """Return whether words say that a figure is meant as it stands today."""
    return bool(_FACT.search(clause))


def is_handful(number: Number) -> bool:
    """Return whether a number is a small count ("six people"), which cases rarely state."""
    whole = number.value == round(number.value)
    return number.kind in ("count", "ratio") and whole and 0 <= number.value <= HANDFUL


def is_shared(statement: Statement, items: Sequence[Item], model: ClaimModel) -> bool:
    """Return whether the words that name the symbol also stand in the names of others alike.

    "9,600 orders" may be any orders of a case that counts orders, kept orders and first orders.
    """
    symbol = model.known[statement.symbol or ""]
    near = [i for i in items if i.weight(symbol.name) and i.sentence == statement.sentence]
    named = {stem(word) for item in near for word in item.text.split()} - STOPS
    alike = (s for s in model.known.values() if s.name != symbol.name and s.kind == symbol.kind)
    return bool(named) and any(_names_all(other, named) for other in alike)


def _names_all(symbol: Symbol, named: set[str]) -> bool:
    return any(named < phrase for phrase in symbol.full)
