"""Tie each number of a text to the symbol it speaks of, and pair "from A to B"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.flows import flow_of, is_compared, rate_of
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.shape import Shape, shape_of
from metrics_lab.engine.claim.tolerance import equal
from metrics_lab.engine.claim.weigh import (
    ENOUGH,
    Winner,
    best_symbol,
    fits,
    named_at,
    narrowed,
    score_of,
    sentence_of,
    winner,
)

_TO = re.compile(
    r"^\s*(?:[\w%/]+\s+){0,2}?(?:to|->|→|–|—|into|towards|up\s+to|down\s+to|going\s+to|against|versus|vs\.?)\s+"
    r"(?:about\s+|around\s+|roughly\s+|some\s+|an?\s+)?$|^\s*(?:->|→|–|-)\s*$",
    re.I,
)
_INSTEAD = re.compile(
    r"^\s*(?:\w+\s+){0,3}?(?:instead\s+of|rather\s+than|not|up\s+from|down\s+from|from)\s+(?:the\s+|today's\s+|our\s+|current\s+)*$",
    re.I,
)
_SHARE_OF_NUMBER = re.compile(r"^\s*of\s+(?:the|our|all|these|those)?\s*(?:the\s+)?$", re.I)

_COMPARING = re.compile(
    r"\s*(?:as|more|higher|bigger|larger|greater|better|the|what|our|today|lower|less|fewer|up|down)\b",
    re.I,
)
_THAN = re.compile(r"\b(?:by|grows?|rises?|up|increases?|improves?)\s*$", re.I)
# A plan counts a handful of people; the case counts thousands.
HANDFUL, MANY_TIMES = 60, 50
_DOUBTS = (
    (words.PREMISE - {"by"})
    | words.GOALS
    | words.word_set("would could might may will expect plan")
)
_PLANS = words.word_set("i i'd i’d we'd we’d let's let’s i'll i’ll we'll")


@dataclass(frozen=True, slots=True)
class Statement:
    """One number with what it says: of which symbol, in which form, in what kind of clause."""

    number: Number
    shape: Shape
    symbol: str | None
    index: int
    sentence: int
    clause: int
    hypothetical: bool
    result: bool
    origin: Number | None = None
    named: float = 0.0
    lead: float = 0.0


def statements(items: Sequence[Item], text: str, model: ClaimModel) -> tuple[Statement, ...]:
    """Return the statements of a text in order; a "from A to B" is one statement about B."""
    found: list[Statement] = []
    used: set[int] = set()
    places = [index for index, item in enumerate(items) if item.number]
    for place, index in enumerate(places):
        if index in used:
            continue
        following = places[place + 1] if place + 1 < len(places) else None
        pair = _pair(index, following, items, text) if following is not None else None
        if pair is not None and following is not None:
            used |= {following}
            found.append(_pair_statement(*pair, items, text, model))
        elif following is not None and _is_part(index, following, items, text):
            continue
        else:
            one = _statement(index, items, text, model, found[-1] if found else None)
            found += [one, *_shared(one, items)]
    return tuple(found)


def _pair(index: int, following: int, items: Sequence[Item], text: str) -> tuple[int, int] | None:
    """Return (place of the old value, place of the new one) if two numbers are a from-to."""
    one, other = items[index].number, items[following].number
    if one is None or other is None or items[index].sentence != items[following].sentence:
        return None
    between = text[one.end : other.start]
    unlike = {one.kind, other.kind} - {"count"}
    if unlike == {"ratio"} and one.kind != other.kind:  # "5 times instead of 4"
        unlike = set()
    if len(unlike) > 1 or unlike & {"points", "ratio"} or one.time or other.time:
        return None
    if len(between) > 40 or _counts_apart(index, following, items):
        return None
    if _TO.match(between):
        return index, following
    if _INSTEAD.match(between):
        if _opens_pair(following, items, text):
            return None  # "kept orders per 100 visitors from 1.7 to 1.8"
        changed = one.kind == other.kind and (
            shape_of(index, items, text).form in ("change", "delta", "ratio")
        )
        return None if changed else (following, index)
    return None


def _opens_pair(index: int, items: Sequence[Item], text: str) -> bool:
    """Return whether "to" joins a number to the next one."""
    one = items[index].number
    behind = next((item.number for item in items[index + 1 :] if item.number), None)
    return bool(one and behind and _TO.match(text[one.end : behind.start]))


def _counts_apart(index: int, following: int, items: Sequence[Item]) -> bool:
    """Return whether two numbers count two things: "2,400 complaints from 80,000 riders"."""
    one, other = items[index + 1], items[following + 1 : following + 2]
    if index + 1 == following or not other:
        return False
    names = {name for name, _ in other[0].mentions}
    return bool(one.mentions and names) and not names & {name for name, _ in one.mentions}


def _pair_statement(
    old: int, new: int, items: Sequence[Item], text: str, model: ClaimModel
) -> Statement:
    before, after = items[old].number, items[new].number
    if before is None or after is None:
        raise ValueError("a pair has two numbers")
    if "ratio" in (before.kind, after.kind):
        before, after = before._replace(kind="count"), after._replace(kind="count")
    if before.kind == "count" and after.kind != "count":
        before = _like(before, after)
    elif after.kind == "count" and before.kind != "count":
        after = _like(after, before)
    first = min(old, new)
    shape = Shape("level")
    symbol, named, lead = _best_of_pair((old, before), (new, after), items, model)
    if symbol is None and before.kind == after.kind == "count":  # "basket 64 -> 72": money, unsaid
        before, after = before._replace(kind="money"), after._replace(kind="money")
        symbol, named, lead = _best_of_pair((old, before), (new, after), items, model)
        if symbol is None or before.value == after.value:
            before, after = before._replace(kind="count"), after._replace(kind="count")
    after = _unbound(after)
    return Statement(
        after, shape, symbol, first, items[first].sentence, items[first].clause, True,
        _is_result(first, items), before, named, lead,
    )  # fmt: skip


def _best_of_pair(
    old: tuple[int, Number], new: tuple[int, Number], items: Sequence[Item], model: ClaimModel
) -> Winner:
    """Return the symbol of a from-to; the one whose value today is the old number comes first."""
    shape, scored = Shape("level"), []
    here = {index: named_at(sentence_of(index, items), items) for index, _ in (old, new)}
    for place, (name, symbol) in enumerate(model.known.items()):
        if not fits(new[1], shape, symbol):
            continue
        score = max(
            score_of(index, n, shape, items, symbol, model, here[index].get(name, ()))
            for index, n in (old, new)
        )
        if score >= ENOUGH and equal(old[1], model.today[name], symbol.kind):
            score += 5
        scored.append((score, -place, name))
    return winner(scored)


def _like(number: Number, other: Number) -> Number:
    scale = 1.0
    return Number(
        number.value * scale, other.kind, number.half, number.strict, number.start, number.end,
        currency=other.currency,
    )  # fmt: skip


def _unbound(number: Number) -> Number:
    """Return the number without a bound: "up to" in "from 2 up to 3" bounds nothing."""
    return Number(
        number.value, number.kind, number.half, number.strict, number.start, number.end,
        number.about, "", False, number.currency, number.time,
    )  # fmt: skip


def _is_part(index: int, following: int, items: Sequence[Item], text: str) -> bool:
    """Return whether "1 %" in "1 % of our 43,200 buyers" is only a factor of what follows."""
    number, other = items[index].number, items[following].number
    if number is None or other is None or number.kind != "percent":
        return False
    between = text[number.end : other.start]
    return other.kind in ("count", "money") and bool(_SHARE_OF_NUMBER.match(between))


def _statement(
    index: int, items: Sequence[Item], text: str, model: ClaimModel, last: Statement | None
) -> Statement:
    number, shape = items[index].number, shape_of(index, items, text)
    if number is None:
        raise ValueError("not a number")
    symbol, named, lead = (None, 0.0, 0.0)
    if shape.form != "skip":
        symbol, named, lead = best_symbol(index, number, shape, items, model)
    if last is not None and _is_gapped(number, shape, last, index, items, symbol):
        # "the fare grows 10 % and trips per rider 20 %": the verb is said once
        shape = Shape("change", last.shape.sign, shape.period, shape.per)
        symbol, named, lead = best_symbol(index, number, shape, items, model)
    symbol, shape = _by_verb(symbol, shape, index, items, model)
    if symbol and _is_ratio_level(number, shape, symbol, text, model):
        shape, number = replace(shape, form="level"), number._replace(kind="count")
    own, part = items[index].sentence, items[index].clause
    here = [i.word for i in items if i.sentence == own]
    before = [i.word for i in items[:index] if i.sentence == own]
    clause = [i.word for i in items if i.clause == part]
    if symbol and _is_handful(number, model.today[symbol], here):
        symbol = None
    given = last is not None and last.sentence == own and _stands_today(last, model)
    # "with" a figure of today supposes nothing of what follows from it
    derived = given and symbol is not None and symbol not in model.values
    premise = not derived and ("with" in before or "at" in before[-1:])
    hypothetical = premise or bool(set(here) & words.HYPOTHESIS)
    if _is_plain_fact(clause, before, given=given):
        hypothetical = False
    return Statement(
        number, shape, symbol, index, items[index].sentence, items[index].clause, hypothetical,
        _is_result(index, items), None, named, lead,
    )  # fmt: skip


def _by_verb(
    symbol: str | None, shape: Shape, index: int, items: Sequence[Item], model: ClaimModel
) -> tuple[str | None, Shape]:
    """Return the figure and the form that a verb gives: "150 are stolen", "we lose 5 % a month"."""
    number = items[index].number
    if number is None:
        return symbol, shape
    if symbol is None:
        rate = rate_of(number, shape, index, items, model)
        return (rate, replace(shape, form="level")) if rate else (None, shape)
    if shape.form == "level" and not _restates(number, symbol, shape, model):
        symbol = narrowed(symbol, index, items, model)
    flow = flow_of(symbol, shape, index, items, model)
    if flow and not is_compared(index, items):
        shape = replace(shape, form="level", sign=1)
    return flow or symbol, shape


def _restates(number: Number, name: str, shape: Shape, model: ClaimModel) -> bool:
    known = model.known[name]
    return equal(number, model.today[name], known.kind, shape.period, known.period)


def _is_ratio_level(number: Number, shape: Shape, name: str, text: str, model: ClaimModel) -> bool:
    """Return whether "7.7x" is the value of a ratio ("LTV/CAC is 7.7x") and compares nothing."""
    if number.kind != "ratio" or shape.form != "ratio" or number.half <= 0:
        return False
    comparing = _COMPARING.match(text[number.end :]) or _THAN.search(text[: number.start])
    known = model.known[name]
    bare = known.kind == "rate" and not known.per and not known.period
    return bare and not comparing


def _shared(statement: Statement, items: Sequence[Item]) -> list[Statement]:
    """Return the same change of a second subject: "both the price and the seats rise by 20 %"."""
    if statement.shape.form not in ("change", "ratio") or statement.symbol is None:
        return []
    before = [i for i in items[: statement.index] if i.clause == statement.clause]
    own = next((n for n, i in reversed(list(enumerate(before))) if i.weight(statement.symbol)), 0)
    joint = [i.word for i in before[max(0, own - 2) : own]]
    others = [i for i in before[max(0, own - 4) : own] if i.mentions and not i.number]
    if "and" not in joint or not others or any(i.number for i in before):
        return []
    name = max(others[-1].mentions, key=lambda mention: mention[1])[0]
    return [] if name == statement.symbol else [replace(statement, symbol=name, lead=0.0)]


def _is_gapped(
    number: Number,
    shape: Shape,
    last: Statement,
    index: int,
    items: Sequence[Item],
    symbol: str | None,
) -> bool:
    same = last.sentence == items[index].sentence and last.shape.form == "change"
    before = items[index - 1] if index else items[index]
    named = before.word == "by" or (
        symbol is None and (bool(before.mentions) or before.word == "a")
    )
    return same and named and number.kind == "percent" and shape.form == "level"


def _is_handful(number: Number, today: float, here: Sequence[str]) -> bool:
    """Return whether a few people are meant ("shadow 6 drivers"), not the case's thousands."""
    few = number.kind == "count" and 1 < number.value <= HANDFUL and not number.time
    return few and today >= MANY_TIMES * number.value and not _PLANS.isdisjoint(here)


def _stands_today(statement: Statement, model: ClaimModel) -> bool:
    """Return whether a statement restates a figure of today and so supposes nothing."""
    if statement.symbol is None or statement.shape.form != "level":
        return False
    return _restates(statement.number, statement.symbol, statement.shape, model)


def _is_plain_fact(clause: Sequence[str], before: Sequence[str], *, given: bool) -> bool:
    """Return whether a clause states what is ("our conversion is 3 %"), not what might be.

    `given`: what was said just before stands so today, so that "with" it supposes nothing.
    """
    if before[-1:] in (["our"], ["current"], ["today's"]):
        return True
    if before[-1:] == ["at"] and set(before[-2:-1]) & words.STANDS:
        return True
    doubts = _DOUBTS & set(clause) - ({"with", "at", "given"} if given else set())
    if set(clause) & {"today", "currently", "now"} and doubts <= {"with", "when", "given"}:
        return True
    near = set(before[-6:])
    facts = near & {"our", "today's", "current", "today", "currently"} or set(before[-3:]) & {
        "is",
        "are",
    }
    return bool(facts) and not doubts


def _is_result(index: int, items: Sequence[Item]) -> bool:
    here = [i for i in items[:index] if i.sentence == items[index].sentence]
    return any(i.word in words.RESULT or i.text == "=" for i in here)
