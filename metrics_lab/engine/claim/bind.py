"""Tie each number of a text to the symbol it speaks of, and pair "from A to B"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.model import NOUNS, PEOPLE, ClaimModel, Symbol, stem
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.shape import Shape, shape_of
from metrics_lab.engine.claim.tolerance import equal

ENOUGH = 3.0
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

_HEDGES = words.word_set("about around roughly only just some almost nearly the a an approximately")
_LINKS = words.word_set(
    "of is are was were be to at by equals reaches reach stands sits being = has"
)
# A plan counts a handful of people; the case counts thousands.
HANDFUL, MANY_TIMES = 60, 50


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
    if len(between) > 40:
        return None
    if _TO.match(between):
        return index, following
    if (_INSTEAD.match(between) and other.negated is False) or _INSTEAD.match(between):
        changed = one.kind == other.kind and (
            shape_of(index, items, text).form in ("change", "delta", "ratio")
        )
        return None if changed else (following, index)
    return None


def _pair_statement(
    old: int, new: int, items: Sequence[Item], text: str, model: ClaimModel
) -> Statement:
    before, after = items[old].number, items[new].number
    if before is None or after is None:
        raise ValueError("a pair has two numbers")
    if "ratio" in (before.kind, after.kind):
        before, after = replace(before, kind="count"), replace(after, kind="count")
    if before.kind == "count" and after.kind != "count":
        before = _like(before, after)
    elif after.kind == "count" and before.kind != "count":
        after = _like(after, before)
    first = min(old, new)
    shape = Shape("level")
    symbol, named = _best_of_pair((old, before), (new, after), items, model)
    after = _unbound(after)
    return Statement(
        after, shape, symbol, first, items[first].sentence, items[first].clause, True,
        _is_result(first, items), before, named,
    )  # fmt: skip


def _best_of_pair(
    old: tuple[int, Number], new: tuple[int, Number], items: Sequence[Item], model: ClaimModel
) -> tuple[str | None, float]:
    """Return the symbol of a from-to; the one whose value today is the old number comes first."""
    shape, best = Shape("level"), (0.0, 0, "")
    for place, (name, symbol) in enumerate(model.known.items()):
        if not _fits(new[1], shape, symbol):
            continue
        score = max(_score(place_of, n, shape, items, symbol, model) for place_of, n in (old, new))
        if score >= ENOUGH and equal(old[1], model.today[name], symbol.kind):
            score += 5
        best = max(best, (score, -place, name))
    return (best[2], best[0]) if best[0] >= ENOUGH else (None, best[0])


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
    symbol, named = (None, 0.0)
    if shape.form != "skip":
        symbol, named = _best(index, number, shape, items, model)
    if last is not None and _is_gapped(number, shape, last, index, items, symbol):
        # "the fare grows 10 % and trips per rider 20 %": the verb is said once
        shape = Shape("change", last.shape.sign, shape.period, shape.per)
        symbol, named = _best(index, number, shape, items, model)
    here = [i.word for i in items if i.sentence == items[index].sentence]
    before = [i.word for i in items[:index] if i.sentence == items[index].sentence]
    clause = [i.word for i in items if i.clause == items[index].clause]
    if symbol and _is_handful(number, model.today[symbol], here):
        symbol = None
    hypothetical = bool(set(here) & words.HYPOTHESIS) or "with" in before or "at" in before[-1:]
    if _is_plain_fact(clause, before):
        hypothetical = False
    return Statement(
        number, shape, symbol, index, items[index].sentence, items[index].clause, hypothetical,
        _is_result(index, items), None, named,
    )  # fmt: skip


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
    return [] if name == statement.symbol else [replace(statement, symbol=name)]


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
    planned = {"i", "i'd", "i’d", "we'd", "we’d", "let's", "let’s", "i'll", "i’ll", "we'll"} & set(
        here
    )
    few = number.kind == "count" and 1 < number.value <= HANDFUL and not number.time
    return bool(planned) and few and today >= MANY_TIMES * number.value


def _is_plain_fact(clause: Sequence[str], before: Sequence[str]) -> bool:
    """Return whether a clause states what is ("our conversion is 3 %"), not what might be."""
    doubts = set(clause) & (
        words.PREMISE - {"by"} | {"would", "could", "might", "may", "will", "need", "expect"}
    )
    near = set(before[-6:])
    facts = near & {"our", "today's", "current", "today", "currently"} or set(before[-3:]) & {
        "is",
        "are",
    }
    return bool(facts) and not doubts


def _is_result(index: int, items: Sequence[Item]) -> bool:
    here = [i for i in items[:index] if i.sentence == items[index].sentence]
    return any(i.word in words.RESULT or i.text == "=" for i in here)


def _best(
    index: int, number: Number, shape: Shape, items: Sequence[Item], model: ClaimModel
) -> tuple[str | None, float]:
    scored = [
        (_score(index, number, shape, items, symbol, model), -place, name)
        for place, (name, symbol) in enumerate(model.known.items())
        if _fits(number, shape, symbol)
    ]
    best = max(scored, default=(0.0, 0, None))
    return (best[2], best[0]) if best[0] >= ENOUGH else (None, best[0])


def _fits(number: Number, shape: Shape, symbol: Symbol) -> bool:
    """Return whether a number of this kind can speak of the symbol at all."""
    if number.time:
        return symbol.kind == "time"
    if shape.form in ("change", "ratio") and number.kind in ("percent", "ratio"):
        return True
    wanted = {
        "percent": ("share",), "points": ("share",), "money": ("money",),
        "count": ("count", "rate"), "ratio": ("rate",),
    }[number.kind]  # fmt: skip
    return symbol.kind in wanted


def _score(
    index: int,
    number: Number,
    shape: Shape,
    items: Sequence[Item],
    symbol: Symbol,
    model: ClaimModel,
) -> float:
    here = _sentence(index, items)
    reach = [
        _closeness(index, place, items, symbol.name, shape)
        for place in here
        if items[place].mentions and items[place].weight(symbol.name)
    ]
    score = max(reach, default=0.0)
    if shape.form in ("level", "delta"):
        score += _unit_score(number, shape, symbol, model.today[symbol.name])
        same = equal(number, model.today[symbol.name], symbol.kind, shape.period, symbol.period)
        if same and shape.form == "level":
            score = max(score, _scattered(index, items, symbol)) + 4
    return score


def _sentence(index: int, items: Sequence[Item]) -> range:
    """Return the places of the sentence that holds items[index]."""
    first = last = index
    while first > 0 and items[first - 1].sentence == items[index].sentence:
        first -= 1
    while last + 1 < len(items) and items[last + 1].sentence == items[index].sentence:
        last += 1
    return range(first, last + 1)


def _scattered(index: int, items: Sequence[Item], symbol: Symbol) -> float:
    """Return how strongly words apart name the symbol: "orders arrive late" are late orders."""
    clause = [item for item in items if item.clause == items[index].clause and not item.number]
    stems = {stem(word) for item in clause for word in item.text.split(" ")}
    named = (p for p, weight in symbol.phrases if len(p) > 1 and weight >= 0.9)
    longest = max((len(phrase) for phrase in named if set(phrase) <= stems), default=0)
    return 7.0 + 2 * longest if longest else 0.0


def _closeness(index: int, place: int, items: Sequence[Item], symbol: str, shape: Shape) -> float:
    """Return how strongly a mention at `place` speaks for the number at `index`."""
    weight = items[place].weight(symbol)
    if not weight or items[place].sentence != items[index].sentence:
        return 0.0
    low, high = sorted((index, place))
    between = items[low + 1 : high]
    crossed = float(sum(item.number is not None for item in between))
    clauses = abs(items[place].clause - items[index].clause)
    joined = sum(item.word in ("and", "or", "from", "than", "with") for item in between)
    joined += 3 * any(item.word in words.RESULT for item in between) * (place > index)
    joined += (place > index) * joined + 2 * (
        place > index and _opens_another(place, items) and not _is_compared(between)
    )
    crossed += 1.4 * crossed * (place > index)
    others = sum(bool(item.mentions) and not item.weight(symbol) for item in between)
    words_between = sum(item.number is None for item in between)
    if place < index and clauses == 2 and not crossed and _is_aside(between, shape):
        return 10 * weight - 2
    score = 10 * weight - 0.5 * words_between - 2.5 * crossed - 2 * clauses - 1.5 * joined - others
    if place > index and words_between <= 2 and not crossed and not clauses and not joined:
        score += 3 if shape.form != "level" or words_between == 0 else 0.5
    if place > index and words_between > 2:
        score -= 2
    if place < index and not crossed and _is_subject(between, shape):
        score += 3
    return score


def _is_aside(between: Sequence[Item], shape: Shape) -> bool:
    """Return whether only an aside stands between: "the fare, what one pays, is $12"."""
    return between[0].text == "," and _is_subject(between, shape)


def _is_compared(between: Sequence[Item]) -> bool:
    """Return whether a number leads to its mention by "more" or "bigger" alone."""
    return bool(between) and all(
        item.word in words.MORE | words.LESS or item.word in _HEDGES for item in between
    )


def _is_subject(between: Sequence[Item], shape: Shape) -> bool:
    """Return whether a mention leads to its number: "conversion of", "the fare is", "orders rise"."""
    last = [item.word for item in between if item.word not in _HEDGES][-1:]
    if not last:
        return shape.form != "level"
    moving = shape.form != "level" and last[0] in words.MORE | words.LESS | words.NEUTRAL
    return moving or last[0] in _LINKS


def _opens_another(place: int, items: Sequence[Item]) -> bool:
    """Return whether the mention is the subject of the next number ("a GMV of 3 million")."""
    for item in items[place + 1 : place + 5]:
        if item.sentence != items[place].sentence or item.word in ("and", "or", "than"):
            return False
        if item.number:
            return item.clause == items[place].clause
    return False


def _unit_score(number: Number, shape: Shape, symbol: Symbol, today: float) -> float:
    share = abs(number.share / today) if today else 1.0
    # A difference of a hundred times the figure itself is about another figure.
    score = -2.0 if shape.form == "delta" and not 1e-4 < share < 10 else 0.0
    if symbol.kind == "money" and shape.per:
        score += 5 if _same_noun(shape.per, symbol.per) else -4
    elif symbol.kind == "money" and symbol.per:
        score -= 0.5
    if number.kind in ("money", "count") and shape.period and not symbol.per:
        score += 1.5 if symbol.period else 0
    if number.kind == "money" and shape.period and not symbol.period:
        score -= 4
    return score


def _same_noun(noun: str, per: Sequence[str]) -> bool:
    return any(
        noun in NOUNS.get(unit, (unit,)) or (noun in PEOPLE and unit in PEOPLE) for unit in per
    )
