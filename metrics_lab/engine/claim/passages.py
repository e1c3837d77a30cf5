"""Longer answers: which figure a right number restates, and what an answer supposes.

In a case with fifty figures many are 20 %, so a value alone names none of them. A student who is
told that a number is right "as the dropouts", where bookings were meant, is told something untrue.
"""

import re
from collections.abc import Iterable, Sequence

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.levers import Supposed
from metrics_lab.engine.claim.model import STOPS, ClaimModel, Symbol, same_unit_noun, split, stem
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.ties import CLEAR, FULL, is_handful, is_intent, tie_of
from metrics_lab.engine.claim.tolerance import equal
from metrics_lab.engine.claim.weigh import fits

# A word of another clause says less about a number than one of its own.
BESIDE = 0.5
# Of "30 % of trips", a share told of trips is meant before one told of anything else.
BASE = 1.0
LEAST_SAID = 1.0
# So much of a name has to be said where one word is all that is said of it.
LEAST_OF_NAME = 0.5
# From so many digits on a value hardly stands for two things at once; with a word said, fewer do.
TELLING_DIGITS, HINTED_DIGITS = 3, 2
HUNDRED = 100
# Characters before a number in which "54,000 were" is looked for.
LONGEST_BEFORE = 60
# "25 % against 55 % elsewhere" compares two figures and moves none.
COMPARED = re.compile(r"\b(?:against|versus|vs|compared)\b", re.I)
_OF = re.compile(
    r"\s*(?:percent\s+)?of\s+(?:the\s+|our\s+|all\s+|those\s+|these\s+)*(?P<noun>[a-z]+)", re.I
)
_IDLE = STOPS | words.word_set(
    "rate share number average total per not none with without after before now today current "
    "where whether when how what who which"
)
_OR_LESS = re.compile(r"\s*or\s+(?:less|fewer|more|below|above|better|under|over)\b", re.I)
_OF_A_NUMBER = re.compile(r"\d[\d.,]*\s*(?:%|k|m|million)?\s+(?:were|was|is|are)\s*$", re.I)
_IF = words.PREMISE - {"by", "were", "given"}

Said = tuple[float, float]
"""How many words of a symbol's name stand near a number, and which part of the name they are."""


def restated(statement: Statement, items: Sequence[Item], text: str, model: ClaimModel) -> str:
    """Return the symbol that a number of an answer restates, "" where that stays open.

    Of the figures with its value it is the one of which the sentence says most. A number of which
    nothing is said has to be one that no other figure has, and long enough to be no chance.
    """
    if (statement.number.bound and is_intent(text)) or _OR_LESS.match(text[statement.number.end :]):
        return ""  # a limit, and no figure of today
    alike = [s for s in model.known.values() if _has_value(statement, s, model)]
    said = {s.name: _said(statement, s, items, text) for s in alike}
    ordered = sorted(said.items(), key=lambda pair: pair[1], reverse=True)
    if not ordered:
        return ""
    name, (count, part) = ordered[0]
    if len(ordered) > 1 and ordered[1][1] == (count, part):
        return ""
    few = is_handful(statement.number)
    if count >= LEAST_SAID and (part >= (1.0 if few else LEAST_OF_NAME) or count >= 2 * LEAST_SAID):
        return name
    enough = HINTED_DIGITS if count and statement.number.kind != "percent" else TELLING_DIGITS
    telling = len(alike) == 1 and digits(statement.number) >= enough
    return name if telling and not few and not is_intent(text) else ""


def _has_value(statement: Statement, symbol: Symbol, model: ClaimModel) -> bool:
    number, shape = statement.number, statement.shape
    if not fits(number, shape, symbol):
        return False
    return equal(number, model.today[symbol.name], symbol.kind, shape.period, symbol.period)


def _said(statement: Statement, symbol: Symbol, items: Sequence[Item], text: str) -> Said:
    near: dict[str, float] = {}
    for item in items:
        apart = abs(item.clause - statement.clause)
        if item.sentence == statement.sentence and not item.number and apart <= 1:
            for word in split(item.text):
                near[word] = max(near.get(word, 0.0), BESIDE if apart else 1.0)
    base, noun = _base(statement, symbol, text)
    idle = _IDLE | {noun} if base > 0 else _IDLE  # "of parcels" says nothing of which parcels
    best = max((_of_name(name - idle, near) for name in symbol.full), default=(0.0, 0.0))
    return best[0] + base, best[1]


def _of_name(name: frozenset[str], near: dict[str, float]) -> Said:
    count = sum(near.get(word, 0.0) for word in name)
    return count, count / len(name) if name else 0.0


def _base(statement: Statement, symbol: Symbol, text: str) -> tuple[float, str]:
    """Return what the noun behind "30 % of" says for a symbol, below 0 where it is another."""
    told = _OF.match(text[statement.number.end :])
    whole = symbol.unit.partition(" of ")[2].split(" ")[0]
    if statement.number.kind != "percent" or told is None or not whole:
        return 0.0, ""
    noun = stem(told["noun"])
    return (BASE if same_unit_noun(noun, stem(whole)) else -BASE), noun


def is_told_as_share(number: Number, text: str) -> bool:
    """Return whether a bare number is elsewhere in the text a percentage of the same digits.

    After "24 percent today", "if it stays at 24" is that share and no count of 24.
    """
    if number.kind != "count" or abs(number.value) > HUNDRED or number.time:
        return False
    written = re.escape(f"{abs(number.value):g}")
    return re.search(rf"(?<![\d.,]){written}\s*(?:%|percent\b)", text) is not None


def digits(number: Number) -> int:
    """Return how many digits of a number tell something: 2 in "1,200,000"."""
    return len(f"{abs(number.value):.10g}".replace(".", "").strip("0"))


def plainly_supposed(
    supposed: Iterable[Supposed], items: Sequence[Item], text: str, model: ClaimModel
) -> tuple[Supposed, ...]:
    """Return the suppositions that an answer surely makes.

    A change names its figure next to it; a new value is told beside the old one, which is today's,
    or behind an "if". Any other number near a name is about something else.
    """
    return tuple(one for one in supposed if _is_plain(one.statement, items, text, model))


def _is_plain(statement: Statement, items: Sequence[Item], text: str, model: ClaimModel) -> bool:
    tie = tie_of(statement, items)
    if tie is None or tie.weight < FULL or tie.numbers or tie.lead < CLEAR:
        return False
    if statement.origin is not None:
        symbol = model.known[statement.symbol or ""]
        ends = sorted([statement.origin, statement.number], key=lambda number: number.start)
        between = text[ends[0].end : ends[1].start]
        today = equal(statement.origin, model.today[symbol.name], symbol.kind)
        return today and not COMPARED.search(between)
    start = statement.number.start
    if _OF_A_NUMBER.search(text[max(0, start - LONGEST_BEFORE) : start]):
        return False  # "if 54,000 were a third less" changes that number
    premise = any(item.word in _IF for item in items if item.clause == statement.clause)
    limit = statement.shape.form == "level" and (statement.number.bound or not tie.direct)
    return premise and not limit
