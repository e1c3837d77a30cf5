"""A number that is one figure as a share of another: "half of the revenue is subscriptions"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.judge import decide, made
from metrics_lab.engine.claim.levers import Supposed, outcome
from metrics_lab.engine.claim.model import STOPS, ClaimModel, Symbol, split
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.readings import Reading
from metrics_lab.engine.claim.result import ClaimCheck, Source
from metrics_lab.engine.claim.tolerance import fit
from metrics_lab.engine.claim.weigh import scattered
from metrics_lab.engine.wording import format_value, plain

_DETERMINERS = words.word_set(
    "of the our all these those their its a an what we today's every each"
)
# A mention this weak ("order" for every kind of orders) names the whole, hardly the part.
PART, WHOLE = 0.5, 0.5
SAME = 1e-6
# A share and what it is taken of.
PAIR = 2
# A word that so many figures share tells none of them.
MOST = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A figure and the whole it is a share of; `share` is the case's own symbol for it, if any."""

    part: Symbol
    whole: Symbol
    weight: float
    share: str | None = None


def part_of(statement: Statement, items: Sequence[Item], model: ClaimModel) -> tuple[Part, ...]:
    """Return what a percentage may be a share of what, the likeliest first; () where nothing is."""
    number = statement.number
    if number.kind != "percent" or statement.shape.form != "level" or statement.origin is not None:
        return ()
    whole_item = _whole_item(statement, items)
    if whole_item is None:
        return ()
    wholes = _wholes(whole_item, model)[:MOST]
    named = _parts(statement, items, whole_item, model)
    parts = sorted(named, key=lambda one: -one[1])[:MOST]
    found = [
        Part(part, whole, weight, _share_of(part, whole, model))
        for part, weight in parts
        for whole in wholes
        if part.name != whole.name and _alike(part, whole, model)
    ]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.share is None)))


def _alike(part: Symbol, whole: Symbol, model: ClaimModel) -> bool:
    """Return whether one can be a share of the other: both money or both counted, and smaller."""
    money = part.kind == "money"
    same = money == (whole.kind == "money") and (not money or part.per == whole.per)
    return same and 0 < model.today[part.name] <= model.today[whole.name]


def _whole_item(statement: Statement, items: Sequence[Item]) -> Item | None:
    """Return the words that name the whole: "of visitors", "one visitor in nine"."""
    number = statement.number
    inside = [i for i in items if i.number is None and number.start <= i.start < number.end]
    named = next((i for i in inside if i.mentions), None) if number.inner else None
    if named is not None:
        return named
    behind = items[statement.index + 1 : statement.index + 6]
    item = next((i for i in behind if i.word not in _DETERMINERS), None)
    here = item is not None and item.mentions and item.sentence == statement.sentence
    return item if here else None


def _wholes(item: Item, model: ClaimModel) -> list[Symbol]:
    """Return the figures that the words for the whole may mean."""
    best = max(weight for _, weight in item.mentions)
    named = (model.known[n] for n, w in item.mentions if w >= WHOLE and w == best)
    return [s for s in named if s.kind in ("count", "money", "rate")]


def _parts(
    statement: Statement, items: Sequence[Item], whole: Item, model: ClaimModel
) -> Iterator[tuple[Symbol, float]]:
    """Yield what else the sentence names, with how surely.

    The words for the whole name a part only with others: "appointments that are missed".
    """
    seen = {
        name: weight
        for name, weight in whole.mentions
        if scattered(statement.index, items, model.known[name])
    }
    for item in (one for one in items if one is not whole):
        if item.sentence == statement.sentence and abs(item.clause - statement.clause) <= 1:
            for name, weight in item.mentions:
                seen[name] = max(weight, seen.get(name, 0.0))
    for name, weight in seen.items():
        symbol = model.known[name]
        if weight >= PART and symbol.kind in ("count", "money", "rate"):
            yield symbol, weight


def _share_of(part: Symbol, whole: Symbol, model: ClaimModel) -> str | None:
    """Return the case's symbol for the part over the whole, None where it has none."""
    value = model.today[part.name] / model.today[whole.name]
    above = model.above(part.name)
    shares = (s for s in model.known.values() if s.kind == "share" and s.name in above)
    return next((s.name for s in shares if abs(model.today[s.name] - value) < SAME * value), None)


def share_named(statement: Statement, items: Sequence[Item], model: ClaimModel) -> str | None:
    """Return the symbol of a percentage, corrected by the part and the whole its sentence names.

    A symbol that only the value suggests gives way: "12 % of appointments are missed" is not
    right because 12 % of something else is.
    """
    name = statement.symbol
    if name is not None and _is_mentioned(statement, name, items, model):
        return name
    found = part_of(statement, items, model)
    named = next((one.share for one in found if one.share), None)
    if named is not None or name is None:
        return named
    whole = _whole_item(statement, items) if statement.number.kind == "percent" else None
    if whole is None or statement.shape.form != "level" or statement.origin is not None:
        return name
    wholes = _wholes(whole, model)
    inside = _base_inside(statement, items) is not None
    made = inside and _makes(name, whole, model)
    if not made and any(_is_share_of(model.known[name], one, model) for one in wholes):
        return name
    return _share_told(wholes, whole, statement, items, model) if inside else None


def _share_told(
    wholes: Sequence[Symbol],
    base: Item,
    statement: Statement,
    items: Sequence[Item],
    model: ClaimModel,
) -> str | None:
    """Return the one share of a whole of which the sentence says anything, None without one."""
    told = {
        word
        for item in items
        if item.sentence == statement.sentence and item is not base and not item.number
        for word in split(item.text)
    }
    found = set()
    for rule in model.graph.rules:
        if not any(whole.name in rule.formula.names for whole in wholes):
            continue
        for name in rule.formula.names:
            names = (*model.known[name].full, *model.known[rule.symbol].full)
            spoken = {word for phrase in names for word in phrase} - STOPS - set(split(base.text))
            if model.known[name].kind == "share" and spoken & told:
                found.add(name)
    return found.pop() if len(found) == 1 else None


def _is_mentioned(
    statement: Statement, name: str, items: Sequence[Item], model: ClaimModel
) -> bool:
    here = [item for item in items if item.mentions and item.sentence == statement.sentence]
    base = _base_inside(statement, items)
    if base is not None and _makes(name, base, model):
        here = [item for item in here if item is not base]
    if any(item.weight(name) for item in here):
        return True
    return base is None and bool(scattered(statement.index, items, model.known[name]))


def _base_inside(statement: Statement, items: Sequence[Item]) -> Item | None:
    """Return the words that a "one trial in three" counts; "90 missed per 1,000" counts a part."""
    per = " per " in items[statement.index].word
    return _whole_item(statement, items) if statement.number.inner and not per else None


def other_base(statement: Statement, items: Sequence[Item], model: ClaimModel) -> Symbol | None:
    """Return what a share is told of, where the case takes that share of something else only."""
    name, number = statement.symbol or "", statement.number
    if number.kind != "percent" or statement.shape.form != "level" or statement.origin is not None:
        return None
    following = items[statement.index + 1 : statement.index + 2]
    told_of = any(item.word == "of" for item in following) and not number.inner
    base = _whole_item(statement, items) if told_of else _base_inside(statement, items)
    if base is None or model.known[name].kind != "share":
        return None
    if base.word in model.known[name].unit.partition(" of ")[2].split(" "):
        return None  # "half of adults" is a share of adults, whichever
    wholes = [s for s in _wholes(base, model) if s.kind == "count" and base.weight(s.name) >= 1.0]
    taken = {
        other
        for rule in model.graph.rules
        if name in rule.formula.names and len(rule.formula.names) == PAIR
        for other in rule.formula.names - {name}
        if model.known[other].kind == "count"
    }
    if not wholes or any(base.weight(one) for one in taken):
        return None
    funnel = [s for s in wholes if any(_in_one_line(s.name, one, model) for one in taken)]
    return funnel[0] if funnel else None


def _in_one_line(one: str, other: str, model: ClaimModel) -> bool:
    return one in model.above(other) or other in model.above(one)


def _makes(share: str, base: Item, model: ClaimModel) -> bool:
    """Return whether a share leads to what is counted here and is so no share of it.

    "One trial in three" tells a share of trials; how many start a trial is one of visitors.
    """
    rules = {rule.symbol: rule.formula.names for rule in model.graph.rules}
    return any(share in rules.get(whole.name, ()) for whole in _wholes(base, model))


def _is_share_of(share: Symbol, whole: Symbol, model: ClaimModel) -> bool:
    """Return whether the case takes the share of this whole, by a formula, its unit or name."""
    pair = {share.name, whole.name}
    told = whole.counts in share.each or whole.counts in share.unit.split(" ")
    return told or any(pair <= {*rule.formula.names, rule.symbol} for rule in model.graph.rules)


def as_part(
    statement: Statement,
    items: Sequence[Item],
    text: str,
    model: ClaimModel,
    supposed: Sequence[Supposed],
) -> ClaimCheck | None:
    """Return the check of a share that the case has no symbol for, None where it is none."""
    after = outcome(model, [s.lever for s in supposed]) or model.today
    found = [one for one in part_of(statement, items, model) if after[one.whole.name]]
    number = statement.number
    if not found or _is_own(statement, found, model):
        return None
    fitting = (one for one in found if _fits(number, _percent(one, after)))
    chosen = next(fitting, None)
    if chosen is None and (statement.symbol or found[0].weight < 1.0):
        return None
    one = chosen or found[0]
    truth = _percent(one, after)
    verdict, wrong = decide(number, number.value, truth, list(_readings(one, found, after, model)))
    error = wrong.error if wrong else "arithmetic" if verdict == "wrong" else None
    steps = (
        f"{one.part.label} / {one.whole.label} = "
        f"{format_value(after[one.part.name], one.part.unit)} / "
        f"{format_value(after[one.whole.name], one.whole.unit)} = {plain(truth)} %.",
        *([wrong.why] if wrong else []),
    )
    sources = (Source((one.part.name, one.whole.name)), *([Source(wrong.of)] if wrong else []))
    return made(statement, text, verdict, error, truth, "%", steps, number.value, sources=sources)


def _is_own(statement: Statement, found: Sequence[Part], model: ClaimModel) -> bool:
    """Return whether the number is judged as the case's own share: by name, and it fits."""
    name = statement.symbol
    if name is None or any(one.share == name for one in found):
        return name is not None
    return model.known[name].kind == "share" and _fits(statement.number, 100 * model.today[name])


def _fits(number: Number, truth: float) -> bool:
    found = fit(number, number.value, truth)
    bound = number.bound and 0.4 < number.value / truth < 2.5
    return found.loose or bool(bound)


def _percent(one: Part, after: Mapping[str, float]) -> float:
    return 100 * after[one.part.name] / after[one.whole.name]


def _readings(
    one: Part, found: Sequence[Part], after: Mapping[str, float], model: ClaimModel
) -> Iterator[Reading]:
    """Yield the share of another whole ("11 % of subscribers" for 11 % of those who opened)."""
    for other in found:
        if other is not one:
            pair = (other.part.name, other.whole.name)
            why = "That is another share."
            yield Reading("buyers_for_visitors", _percent(other, after), why, pair)
    for name in model.above(one.part.name):
        symbol = model.known[name]
        if symbol.kind == "share":
            why = f"That is the {symbol.label}, which is a share of something else."
            yield Reading("buyers_for_visitors", 100 * after[name], why, (name,))
