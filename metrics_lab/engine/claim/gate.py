"""Which verdicts are earned. Where a number is tied loosely to a figure, no verdict is given.

A student who is told that a right number is wrong stops trusting all the others, so "wrong",
"close" and "ambiguous" need a tie that can mean nothing else; "correct" does not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.figures import is_known, told
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.levers import Supposed
from metrics_lab.engine.claim.model import ClaimModel, Symbol, same_unit_noun, stem
from metrics_lab.engine.claim.others import is_said_of_another, is_share_of_another
from metrics_lab.engine.claim.parts import other_base
from metrics_lab.engine.claim.passages import COMPARED, digits
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.claim.ties import (
    CLEAR,
    FULL,
    Tie,
    is_fact,
    is_handful,
    is_intent,
    is_limit,
    is_shared,
    tie_of,
)
from metrics_lab.engine.claim.tolerance import equal, fit
from metrics_lab.engine.claim.weigh import fits

# From so many digits on a number is meant to be exact; sums of rounded parts miss by so much.
WRITTEN_OUT, WRITTEN_OUT_WITHIN = 4, 0.003
# Errors that only say "not this figure"; the others say what was done instead.
PLAIN = frozenset(["arithmetic", "contradicts_baseline"])
_PER_ARM = re.compile(
    r"^\s*(?:[a-z-]+\s+){0,4}(?:per|in\s+each|in\s+every|each|every|both|an?)\s*"
    r"(?:arm|group|variant|branch|cell|side|version|bucket)s?\b",
    re.I,
)
_SAMPLE_OF = re.compile(
    r"\bsample(?:\s+size)?\s*(?:of|is|:|=)?\s*(?:about|only|just|around)?\s*$", re.I
)
# What a student means to do counts people and places of a plan, not those of the case.
_OWN_PLAN = re.compile(r"\b(?:I(?:['’](?:d|ll)|\s+would|\s+will)|let['’]?s)\b", re.I)
_WITH_US = frozenset(("with", "us", "for"))
_PER_NOUN = re.compile(r"\s*(?:per|for\s+(?:each|every)|an?|each|every)\s+(?P<noun>[a-z]+)", re.I)
_BETWEEN = re.compile(r"\b(?:between|aged?)\s+$", re.I)
_GOAL = re.compile(
    r"\b(?:aim|target|goal|expect\w*|predict|forecast|confident|hope|want|will|can|should|"
    r"plan|by\s+next|within|reach|would\s+(?:bring|raise|lift|push|take|cut|drive)|(?:I|we)(?:\s+would|['’]d)\s+(?:like\s+to\s+)?(?:bring|raise|lift|get|"
    r"cut|push|take|move|reduce|increase|improve|drive|lower|double|halve|grow))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A check with the statement it was made of (None for a score, a test size or a sum)."""

    check: ClaimCheck
    statement: Statement | None = None
    supposed: tuple[Supposed, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where checks were made: the text, its items, the case, and whether it is one of many.

    `terms` are where the parts of written sums begin.
    """

    text: str
    items: Sequence[Item]
    model: ClaimModel
    passage: bool = False
    earlier: frozenset[str] = frozenset()
    terms: frozenset[int] = frozenset()


def earned(judged: Judged, place: Place) -> ClaimCheck | None:
    """Return the check with its `certain` flag if its verdict is earned, else None."""
    check, statement = judged.check, judged.statement
    if statement is None:
        return _special(check, place)
    tie = tie_of(statement, place.items) if statement.symbol else None
    if check.supposed or check.verdict == "correct":
        return _agreeing(judged, tie, place)
    stands = _stands_in_passage if place.passage else _stands_alone
    if not stands(judged, statement, tie, place):
        return None
    return replace(check, certain=_is_certain(judged, statement, tie, place))


def _special(check: ClaimCheck, place: Place) -> ClaimCheck | None:
    """Return a score or the size of a test; in a passage only one that is plainly named."""
    if check.certain or check.verdict == "correct":
        return replace(check, certain=True)
    if place.passage and check.verdict == "ambiguous":
        return None
    if check.verdict == "wrong" and check.truth_unit != "RICE score":
        before, after = place.text[: check.start], place.text[check.end :]
        if not (_PER_ARM.match(after) or _SAMPLE_OF.search(before)):
            return None
    return replace(check, certain=check.verdict != "ambiguous")


def _agreeing(judged: Judged, tie: Tie | None, place: Place) -> ClaimCheck | None:
    """Return a check that agrees; a supposition of a passage and a small count need a tie."""
    check, statement = judged.check, judged.statement
    if place.passage and statement is not None and _says_another_value(check, statement):
        return None
    if statement is None or statement.symbol is None:
        return replace(check, certain=check.verdict == "correct")
    firm = tie is not None and tie.weight >= FULL and not tie.numbers
    if place.passage and _is_bare_term(statement, place):
        return None
    if tie is None and is_handful(statement.number) and not statement.number.time:
        return None  # a small count that nothing names
    moved = check.supposed or bool(judged.supposed)
    if place.passage and not firm and moved:
        return None
    if place.passage and check.supposed and (tie is None or tie.lead < 0):
        return None
    if _is_of_another(statement, tie, place):
        return None
    symbol = place.model.known[statement.symbol]
    if tie is not None and tie.numbers and _is_per_another(statement, symbol, place.text):
        steps = (*check.steps, f"The case tells the {symbol.label} in {symbol.unit}.")
        return replace(check, verdict="ambiguous", steps=steps, certain=False)
    if base := other_base(statement, place.items, place.model):
        steps = (*check.steps, f"The text tells a share of {base.label}, the case of another.")
        error = "buyers_for_visitors"
        return replace(check, verdict="wrong", error=error, steps=steps, certain=False)
    restated = not check.supposed and equal(
        statement.number, place.model.today[symbol.name], symbol.kind, statement.shape.period,
        symbol.period,
    )  # fmt: skip
    return replace(check, certain=restated or (firm and not check.supposed))


def _is_of_another(statement: Statement, tie: Tie | None, place: Place) -> bool:
    """Return whether a right value is told of another figure, or as a share of another thing."""
    if (tie is None or tie.weight < FULL) and _is_another(statement, place):
        return True
    items, model = place.items, place.model
    said = is_said_of_another(statement, items, model)
    return said or is_share_of_another(statement, items, place.text, model)


def _is_bare_term(statement: Statement, place: Place) -> bool:
    """Return whether no noun says what a count in a span or a written sum counts."""
    number = statement.number
    if _BETWEEN.search(place.text[: number.start]) and number.kind == "count":
        return True  # "women between 40 and 65"
    if number.kind != "count" or number.start not in place.terms or digits(number) > 1:
        return False
    return re.match(r"\s*[a-z]{3,}", place.text[number.end :], re.I) is None


def _says_another_value(check: ClaimCheck, statement: Statement) -> bool:
    """Return whether a number of an answer that agrees is too far from the figure to be it.

    A bound that merely holds ("stop above 1 %", where 10 % is the figure) restates nothing, and
    who writes four digits means all of them: 142,800 stays are not the 144,000 of today.
    """
    number, truth = statement.number, check.truth
    if check.supposed or truth is None or check.claimed is None:
        return False
    if number.bound and not fit(number, check.claimed, truth).loose:
        return True
    gap = abs(check.claimed - truth)
    exactly = not number.about and digits(number) >= WRITTEN_OUT
    return exactly and gap > max(number.half, WRITTEN_OUT_WITHIN * abs(truth))


def _is_per_another(statement: Statement, symbol: Symbol, text: str) -> bool:
    """Return whether a number is told per something that its figure is not told for."""
    match = _PER_NOUN.match(text[statement.number.end :])
    if match is None or statement.number.kind != "money":
        return False
    noun = stem(match["noun"])
    own = any(same_unit_noun(noun, unit) for unit in (*symbol.each, *symbol.per))
    return not own and noun not in words.PERIODS and all(noun not in p for p, _ in symbol.phrases)


def _is_another(statement: Statement, place: Place) -> bool:
    """Return whether the whole name of another figure leads straight to the number."""
    if statement.shape.form != "level" or statement.origin is not None:
        return False
    names = {name for item in place.items for name, weight in item.mentions if weight >= 1.0}
    for name in names - {statement.symbol}:
        if fits(statement.number, statement.shape, place.model.known[name]):
            tie = tie_of(replace(statement, symbol=name), place.items)
            if tie is not None and tie.before and tie.direct and tie.weight >= 1.0:
                return True
    return False


def _stands_alone(judged: Judged, statement: Statement, tie: Tie | None, place: Place) -> bool:
    """Return whether a verdict of one or two sentences is earned."""
    check, level = judged.check, statement.shape.form == "level"
    if check.verdict == "ambiguous" or statement.symbol is None:
        return True
    told_so = _is_told(statement, place)
    if check.error == "implausible_target":
        return _is_firm(tie) and not told_so and bool(_GOAL.search(place.text))
    if statement.origin is not None:
        return not told_so and (not is_handful(statement.number) or _is_firm(tie))
    if not level:
        return True
    if is_handful(statement.number) and _OWN_PLAN.search(place.text):
        return False
    if is_handful(statement.number) and (tie is None or not (tie.direct or _lasts(statement, tie))):
        return tie is not None and _is_slip_of_flow(judged, statement, place)
    if _is_subject_of_next(statement, place.items) or is_limit(place.text):
        return False
    loose = tie is None or not tie.direct or is_shared(statement, place.items, place.model)
    return not (loose and told_so)


def _is_slip_of_flow(judged: Judged, statement: Statement, place: Place) -> bool:
    """Return whether a small count is told of a flow, by its period, and its slip has a name."""
    symbol = place.model.known[statement.symbol or ""]
    timed = symbol.kind == "count" and symbol.period and statement.shape.period
    named = judged.check.error in ("period", "unit")
    return bool(timed and named) and not statement.hypothetical and not is_intent(place.text)


def _is_subject_of_next(statement: Statement, items: Sequence[Item]) -> bool:
    """Return whether the only name is the subject of the next number.

    In "at $10 per thousand ad revenue is $20,000" the first number is no ad revenue.
    """
    named = [
        place
        for place, item in enumerate(items)
        if item.sentence == statement.sentence and item.weight(statement.symbol or "")
    ]
    first = named[0] if named else 0
    opens = items[first + 1 : first + 3]
    leads = len(opens) > 1 and opens[0].word in ("is", "are", "=") and bool(opens[1].number)
    return first > statement.index + 1 and leads


def _lasts(statement: Statement, tie: Tie) -> bool:
    """Return whether a verb leads straight to a length of time: "stays 40 weeks"."""
    return bool(statement.number.time) and tie.before and _WITH_US.issuperset(tie.between)


def _is_told(statement: Statement, place: Place) -> bool:
    """Return whether the case itself tells the number somewhere, in its facts or otherwise."""
    return bool(place.model.figures) and is_known(statement.number, told(place.model))


def _stands_in_passage(judged: Judged, statement: Statement, tie: Tie | None, place: Place) -> bool:
    """Return whether a verdict in a longer answer is earned: what is meant may be said before."""
    check = judged.check
    if statement.symbol is None or is_handful(statement.number):
        return statement.origin is not None and _is_pair_error(judged, statement, tie, place)
    if statement.origin is not None or check.error == "implausible_target":
        pair = _is_pair_error(judged, statement, tie, place)
        return pair and not _is_told(statement, place)
    if check.verdict == "ambiguous":
        return _is_open_change(judged, statement, tie, place)
    if statement.shape.form != "level" or judged.supposed:
        return _follows(judged, tie, place)
    return _contradicts(statement, tie, place)


def _is_pair_error(judged: Judged, statement: Statement, tie: Tie | None, place: Place) -> bool:
    """Return whether a "from A to B" is plainly named and begins where the case stands today."""
    if statement.origin is None or judged.check.error != "implausible_target":
        return False
    firm = _is_firm(tie) and tie is not None and tie.lead >= CLEAR
    ends = sorted([(statement.origin.start, statement.origin.end),
                   (statement.number.start, statement.number.end)])  # fmt: skip
    return firm and not COMPARED.search(place.text[ends[0][1] : ends[1][0]])


def _is_open_change(judged: Judged, statement: Statement, tie: Tie | None, place: Place) -> bool:
    """Return whether "raise conversion by 5 %" is left open between percent and points."""
    share = place.model.known[statement.symbol or ""].kind == "share"
    change = statement.shape.form == "change" and statement.number.kind == "percent"
    return share and change and tie is not None and tie.weight >= FULL and tie.lead >= CLEAR


def _follows(judged: Judged, tie: Tie | None, place: Place) -> bool:
    """Return whether a number plainly claims to follow from changes said in the same sentence."""
    statement, paired = judged.statement, all(s.statement.origin for s in judged.supposed)
    named = judged.check.error not in (None, *PLAIN)
    plain = judged.check.error == "arithmetic" and paired
    if statement is None or not (named or plain) or not judged.supposed:
        return False
    if statement.shape.form == "level" and not statement.result:
        return False
    moved = [s.statement for s in judged.supposed]
    firm = all(_is_firm(tie_of(s, place.items)) for s in moved)
    own = len(moved) == 1 and statement.symbol == moved[0].symbol and moved[0].origin is not None
    clear = _is_firm(tie) and tie is not None and tie.lead >= CLEAR
    return firm and (own or clear)


def _is_firm(tie: Tie | None) -> bool:
    return tie is not None and tie.weight >= FULL and not tie.numbers


def _contradicts(statement: Statement, tie: Tie | None, place: Place) -> bool:
    """Return whether a sentence plainly states a figure of today, by its whole name."""
    if tie is None or not tie.direct or tie.weight < 1.0 or tie.lead < CLEAR:
        return False
    if statement.number.kind == "count" and not tie.before and not is_fact(place.text):
        return False
    if is_intent(place.text) or place.model.above(statement.symbol or "") & place.earlier:
        return False
    if is_shared(statement, place.items, place.model):
        return False
    return statement.number.kind == "money" or not is_known(statement.number, told(place.model))


def _is_certain(judged: Judged, statement: Statement, tie: Tie | None, place: Place) -> bool:
    if judged.check.verdict == "ambiguous" or statement.symbol is None:
        return False
    if statement.shape.form != "level":
        return judged.check.error not in (None, *PLAIN)
    if statement.origin is not None:
        return judged.check.error == "implausible_target"
    if _is_told(statement, place) or is_handful(statement.number):
        return False
    firm = tie is not None and tie.direct and tie.lead >= CLEAR
    return firm and not is_intent(place.text) and not is_shared(statement, place.items, place.model)
