"""Weigh which symbol a number speaks of: how near it is named, in which unit, with what value."""

from collections.abc import Sequence

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.model import (
    ClaimModel,
    Symbol,
    is_unit_noun,
    same_unit_noun,
    split,
    stem,
)
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.shape import Shape
from metrics_lab.engine.claim.tolerance import equal, in_time

ENOUGH = 3.0
NAMED = 0.5
Winner = tuple[str | None, float, float]
_HEDGES = words.word_set("about around roughly only just some almost nearly the a an approximately")
_LINKS = words.word_set(
    "of is are was were be to at by equals reaches reach stands sits being = has"
)
_PERIODS = frozenset((*words.PERIODS, "mo", "yr", "mth", "wk"))
_JOINING = frozenset(("and", "or", "from", "than", "with"))
# Which kinds of symbols a kind of number can speak of.
_SUITED: dict[str, tuple[str, ...]] = {
    "percent": ("share",),
    "points": ("share",),
    "money": ("money",),
    "count": ("count", "rate"),
    "ratio": ("rate",),
}
# What may stand behind a number that has no noun of its own.
_AFTER_BARE = words.word_set(
    "a per each every in this now today currently for and so which over at if when monthly yearly "
    "weekly daily annually"
)


def best_symbol(
    index: int, number: Number, shape: Shape, items: Sequence[Item], model: ClaimModel
) -> Winner:
    """Return (symbol or None, its score, its lead over the next) for a number."""
    here = sentence_of(index, items)
    named = named_at(here, items)
    free = shape.form == "level"  # may fit a symbol that no word names, by its value
    if number.kind == "count" and not number.time and _is_bare(index, items):
        money = {name for name in named if model.known[name].kind == "money"}
        if money and not _counted_near(index, items, here, model):
            number = number._replace(kind="money")
    scored = [
        (score_of(index, number, shape, items, symbol, model, named.get(name, ())), -place, name)
        for place, (name, symbol) in enumerate(model.known.items())
        if (free or name in named) and fits(number, shape, symbol)
    ]
    if number.kind == "percent" and shape.form == "level":
        own = {
            n
            for p in here
            for n, w in items[p].mentions
            if w >= NAMED and _same_clause(p, index, items)
        }
        named_first = [one for one in scored if one[2] in own and one[0] >= ENOUGH]
        unnamed = [one for one in scored if one[2] not in named]
        if named_first and unnamed and max(scored) in unnamed:
            scored = [one for one in scored if one not in unnamed]
    return winner(scored)


def _same_clause(place: int, index: int, items: Sequence[Item]) -> bool:
    return items[place].clause == items[index].clause


def _is_bare(index: int, items: Sequence[Item]) -> bool:
    """Return whether no noun says what a number counts: "revenue: 3 million a month"."""
    following = items[index + 1] if index + 1 < len(items) else None
    if following is None or not following.text[0].isalpha():
        per = following is not None and following.text == "/" and index + 2 < len(items)
        if per and items[index + 2].word in _PERIODS:
            return True
        return following is None or following.text not in "×*x/÷"
    return following.word in _AFTER_BARE


def _counted_near(
    index: int, items: Sequence[Item], here: Sequence[int], model: ClaimModel
) -> bool:
    """Return whether anything but money is named just before the number."""
    before = [place for place in here if place < index]
    if not before or any(items[place].number for place in range(before[-1], index)):
        return True
    name = max(items[before[-1]].mentions, key=lambda mention: mention[1])[0]
    return model.known[name].kind != "money"


def winner(scored: Sequence[tuple[float, int, str]]) -> Winner:
    """Return the symbol of the highest score, None where it is not enough, and its lead."""
    ordered = sorted(scored, reverse=True)[:2]
    if not ordered:
        return None, 0.0, 0.0
    best = ordered[0]
    lead = best[0] - max(0.0, ordered[1][0] if len(ordered) > 1 else 0.0)
    return (best[2] if best[0] >= ENOUGH else None), best[0], lead


def fits(number: Number, shape: Shape, symbol: Symbol) -> bool:
    """Return whether a number of this kind can speak of the symbol at all."""
    if number.time:  # "175,000 hours a month" is a flow of hours
        flow = symbol.kind == "count" and symbol.counts == number.time
        return symbol.kind == "time" or (flow and symbol.period == shape.period != "")
    if shape.form in ("change", "ratio") and number.kind in ("percent", "ratio"):
        return True
    return symbol.kind in _SUITED[number.kind]


def score_of(
    index: int,
    number: Number,
    shape: Shape,
    items: Sequence[Item],
    symbol: Symbol,
    model: ClaimModel,
    named_here: Sequence[int],
) -> float:
    """Return how strongly a number speaks of a symbol that is named at `named_here`."""
    score = 0.0
    for place in named_here:
        score = max(score, _closeness(index, place, items, symbol.name, shape))
    named = score > 0
    if score and number.time:
        score += 1.5  # few figures are lengths of time
    if shape.form in ("level", "delta"):
        score += _unit_score(number, shape, symbol, model.today[symbol.name], model.nouns)
        today = model.today[symbol.name]
        if symbol.kind == "time" and number.time in words.PERIODS:
            today = in_time(today, symbol.counts, number.time)
        same = equal(number, today, symbol.kind, shape.period, symbol.period)
        near = bool(number.bound) and 0.3 < abs(number.share / (model.today[symbol.name] or 1)) < 3
        if (same or near) and shape.form == "level":
            apart = scattered(index, items, symbol)
            score = (max(score, apart) if named or apart else score) + (5 if same else 0)
            timed = number.kind == "count" and shape.period == symbol.period != ""
            if same and timed and number.strict:
                score += 1.5  # its very value in its very period
    return score


def sentence_of(index: int, items: Sequence[Item]) -> list[int]:
    """Return the places of the mentions in the sentence that holds items[index]."""
    own = items[index].sentence
    return [place for place, item in enumerate(items) if item.mentions and item.sentence == own]


def named_at(here: Sequence[int], items: Sequence[Item]) -> dict[str, list[int]]:
    """Return where in a sentence, given as `sentence_of` does, each symbol is named."""
    found: dict[str, list[int]] = {}
    for place in here:
        for name, _ in items[place].mentions:
            found.setdefault(name, []).append(place)
    return found


def scattered(index: int, items: Sequence[Item], symbol: Symbol) -> float:
    """Return how strongly words apart name the symbol: "orders arrive late" are late orders."""
    if not symbol.spelled:
        return 0.0
    own = items[index].clause
    stems = {
        stem(word)
        for item in items
        if item.clause == own and not item.number
        for word in item.text.split(" ")
    }
    longest = max((size for bare, size in symbol.spelled if bare <= stems), default=0)
    return 7.0 + 2 * longest if longest else 0.0


def narrowed(name: str, index: int, items: Sequence[Item], model: ClaimModel) -> str:
    """Return the figure that all words of a clause name, where the nearest name is a part of it.

    "15,000 orders get cancelled" speaks of cancelled orders; a clause with two numbers may speak
    of both, so its nearest names are kept.
    """
    own = [item for item in items if item.clause == items[index].clause]
    if sum(item.number is not None for item in own) > 1 or model.known[name].kind != "count":
        return name
    said = {word for item in own if not item.number for word in split(item.text)}
    part = {word for item in own if item.weight(name) >= 1.0 for word in split(item.text)}
    found = {
        other.name
        for other in model.known.values()
        for bare, _ in other.spelled
        if other.kind == "count" and other.name != name and part < bare <= said
    }
    return found.pop() if part and len(found) == 1 else name


def _closeness(index: int, place: int, items: Sequence[Item], symbol: str, shape: Shape) -> float:
    """Return how strongly a mention at `place` speaks for the number at `index`."""
    weight = items[place].weight(symbol)
    if not weight or items[place].sentence != items[index].sentence:
        return 0.0
    low, high = sorted((index, place))
    between = items[low + 1 : high]
    numbers = sum([item.number is not None for item in between])
    words_between, crossed = len(between) - numbers, float(numbers)
    clauses = abs(items[place].clause - items[index].clause)
    joined = sum([item.word in _JOINING for item in between])
    if place > index:
        joined += 3 * any(item.word in words.RESULT for item in between)
    opens = place > index and _opens_another(place, items) and not _is_compared(between)
    if opens and not between and shape.form == "ratio":
        opens = False  # "halves occupancy to 40 %" says what is halved, and to what
    joined += (place > index) * joined + 2 * opens + 3 * (opens and clauses > 0)
    crossed += 1.4 * crossed * (place > index)
    others = sum([not item.weight(symbol) for item in between if item.mentions])
    if place < index and clauses == 2 and not crossed and _is_aside(between, shape):
        return 10 * weight - 2
    score = 10 * weight - 0.5 * words_between - 2.5 * crossed - 2 * clauses - 1.5 * joined - others
    if place > index and words_between <= 2 and not crossed and not clauses and not joined:
        score += 3 if shape.form != "level" or words_between == 0 else 0.5
    if place > index and words_between > 2:
        score -= 2
    if place < index and _is_compared_by_another(place, items):
        score -= 4  # in "a 20 % better conversion is 70 % more", conversion belongs to the 20 %
    neighbor = items[place - 1].number if place else None
    if place < index and neighbor is not None and neighbor.kind == "count":
        score -= 4  # "120,000 requests" has its number already
    elif place < index and not crossed and _is_subject(between, shape):
        score += 3
    return score


def _is_aside(between: Sequence[Item], shape: Shape) -> bool:
    """Return whether only an aside stands between: "the fare, what one pays, is $12"."""
    return between[0].text == "," and _is_subject(between, shape)


def _is_compared(between: Sequence[Item]) -> bool:
    """Return whether a number leads to its mention by "more" or "bigger" alone."""
    return bool(between) and all(
        item.word in words.CHANGES or item.word in _HEDGES for item in between
    )


def _is_compared_by_another(place: int, items: Sequence[Item]) -> bool:
    """Return whether a number and "more" or "better" stand just before a mention."""
    back = place - 1
    while back >= 0 and items[back].word in words.CHANGES:
        back -= 1
    return 0 <= back < place - 1 and items[back].number is not None


def _is_subject(between: Sequence[Item], shape: Shape) -> bool:
    """Return whether a mention leads to its number: "conversion of", "the fare is"."""
    last = [item.word for item in between if item.word not in _HEDGES][-1:]
    if not last:
        return shape.form != "level"
    moving = shape.form != "level" and last[0] in words.CHANGES
    return moving or last[0] in _LINKS


def _opens_another(place: int, items: Sequence[Item]) -> bool:
    """Return whether the mention is the subject of the next number ("a GMV of 3 million")."""
    for item in items[place + 1 : place + 5]:
        if item.sentence != items[place].sentence or item.word in ("and", "or", "than"):
            return False
        if item.number:
            return item.clause == items[place].clause
    return False


def _unit_score(
    number: Number, shape: Shape, symbol: Symbol, today: float, nouns: frozenset[str]
) -> float:
    share = abs(number.share / today) if today else 1.0
    # A difference of a hundred times the figure itself is about another figure.
    score = -2.0 if shape.form == "delta" and not 1e-4 < share < 10 else 0.0
    score -= 3.0 if shape.form == "level" and not 0.01 < share < 100 else 0.0
    if symbol.kind == "money" and shape.per:
        known = is_unit_noun(shape.per) or shape.per in nouns
        score += 5 if _same_noun(shape.per, symbol.each) else -4 if known else 0
    elif symbol.kind == "money" and symbol.per:
        score -= 0.5
    if number.kind in ("money", "count") and shape.period and not symbol.per:
        score += 1.5 if symbol.period else 0
    if number.kind == "money" and shape.period and not symbol.period:
        score -= 4
    if symbol.kind == "count" and shape.period and not symbol.period and shape.form == "level":
        score -= 2  # a stock is not counted per month
    return score


def _same_noun(noun: str, per: Sequence[str]) -> bool:
    return any(same_unit_noun(noun, unit) for unit in per)
