"""A right value told of something else: a fee that is the fare, "15 % of shoppers" for of users.

Fifty figures of a case share many values, so a number can agree with one while the words speak of
another. Then it is not right; whether it is wrong is for a plainer tie to say.
"""

import re
from collections.abc import Iterator, Sequence

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.model import STOPS, ClaimModel, Symbol, same_unit_noun, split, stem
from metrics_lab.engine.claim.ties import FULL
from metrics_lab.engine.claim.tolerance import equal
from metrics_lab.engine.claim.weigh import fits

# A verb or sign that says what a figure is; "of" and "at" may add what each of many costs.
_SAYS = words.word_set("is are was were be equals = : stands sits being amounts comes remains")
_JOINS = words.word_set("of at to by")
_HEDGES = words.word_set(
    "about around roughly only just some almost nearly the a an now today currently still "
    "already our at to over under above below more less than least most"
)
# "15 % of the active users who pay": what stands between "of" and the end of the noun phrase.
_OF = re.compile(
    r"\s*(?:percent\s+)?of\s+(?:(?:the|our|all|its|their|those|these|every|each)\s+)*"
    r"(?P<noun>[a-z][a-z-]*(?:[ -][a-z][a-z-]*)?)",
    re.I,
)
_WHOLE_OF_UNIT = re.compile(r"\b(?:share|percent|part|fraction|%)\s+of\s+(?:the\s+|all\s+)?(.+)")
_CUT = re.compile(r"\s+(?:who|that|which|with|from|in|on|by|for|to|of|at|per)\b.*")
# Words behind "of" that take up a whole said before: they name no other one.
_TAKEN_UP = words.word_set(
    "them those these it that this us which whom what cases time times today people everyone "
    "everybody all total each sample test group arm rest others"
)


def is_said_of_another(statement: Statement, items: Sequence[Item], model: ClaimModel) -> bool:
    """Return whether the whole name of another figure is said to be the number.

    "The booking fee is $12" tells no fare of $12. A name of which the number is the figure, or
    that counts what the figure is told for ("orders are $30 each"), says nothing against it.
    """
    if statement.shape.form != "level" or statement.origin is not None:
        return False
    own = statement.symbol or ""
    found = _leading(statement, items)
    if found is None:
        return False
    named, joint = found
    if named.weight(own):
        return False
    others = [model.known[name] for name, weight in named.mentions if weight >= 1.0]
    return bool(others) and all(_is_other(one, own, statement, joint, model) for one in others)


def _leading(statement: Statement, items: Sequence[Item]) -> tuple[Item, str] | None:
    """Return the name that leads to a number, and by which of "of" and "at"; "" for "is"."""
    seen: list[str] = []
    for place in range(statement.index - 1, -1, -1):
        item = items[place]
        if item.sentence != statement.sentence or item.number:
            return None
        if item.mentions:
            if any(one.number and one.end == item.start - 1 for one in items):
                return None  # "one more per 100 clicks is $480": the clicks have their number
            joints = [word for word in seen if word in _JOINS]
            if _SAYS & set(seen):
                return item, ""
            return (item, joints[-1]) if joints else None
        if item.word not in _SAYS | _JOINS | _HEDGES:
            return None
        seen.append(item.word)
    return None


def _is_other(other: Symbol, own: str, statement: Statement, joint: str, model: ClaimModel) -> bool:
    """Return whether a figure that is named cannot have the number, of its kind or by its value."""
    number, shape, symbol = statement.number, statement.shape, model.known[own]
    if not fits(number, shape, other):
        if joint and (joint != "of" or (number.kind == "money" and other.kind == "count")):
            return False  # "visitors convert at 3 %", "orders of $30"
        return other.counts not in (*symbol.each, *symbol.per)
    return not equal(number, model.today[other.name], other.kind, shape.period, other.period)


def is_share_of_another(
    statement: Statement, items: Sequence[Item], text: str, model: ClaimModel
) -> bool:
    """Return whether a percentage is told of one thing where the case takes it of another.

    The case says of what by its unit or name ("share of active users"); a whole that the text
    only takes up ("of them") is no other one.
    """
    number, symbol = statement.number, model.known[statement.symbol or ""]
    if number.kind != "percent" or statement.shape.form != "level" or symbol.kind != "share":
        return False
    told = _OF.match(text[number.end :]) if statement.origin is None and not number.inner else None
    wholes = tuple(_wholes_of(symbol))
    if told is None or not wholes:
        return False
    noun = [word for word in split(told["noun"]) if word not in STOPS]
    if not noun or noun[0] in _TAKEN_UP or _is_own_word(noun, symbol):
        return False
    return not any(_is_same(noun, whole) for whole in wholes) and not _is_alias_of(
        wholes, items, number.end, model
    )


def _wholes_of(symbol: Symbol) -> Iterator[tuple[str, ...]]:
    """Yield the words for what a share is taken of, by its unit and by its name."""
    for text in (symbol.unit, symbol.label.lower()):
        if match := _WHOLE_OF_UNIT.search(text):
            whole = split(_CUT.sub("", match[1]))
            if whole:
                yield whole


def _is_own_word(noun: Sequence[str], symbol: Symbol) -> bool:
    """Return whether the words are part of the figure's own name: they say what it counts."""
    return any(noun[0] in phrase for phrase in symbol.full)


def _is_same(noun: Sequence[str], whole: Sequence[str]) -> bool:
    return any(word in whole for word in noun) or any(
        same_unit_noun(word, whole[-1]) or same_unit_noun(whole[-1], word) for word in noun
    )


def _is_alias_of(
    wholes: Sequence[tuple[str, ...]], items: Sequence[Item], start: int, model: ClaimModel
) -> bool:
    """Return whether the words behind the number name a figure that counts the whole."""
    named = next((item for item in items if item.start >= start and item.mentions), None)
    names = (
        [model.known[name] for name, weight in named.mentions if weight >= FULL] if named else []
    )
    heads = {stem(whole[-1]) for whole in wholes}
    counted = (one for one in names if one.kind == "count")
    return any(heads & {stem(one.counts), *split(_CUT.sub("", one.label))} for one in counted)
