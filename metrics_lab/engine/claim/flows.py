"""Flows out of a stock and into it: "we lose 60 accounts" is told of the accounts lost."""

from collections.abc import Sequence

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.model import ClaimModel, Symbol
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.shape import Shape
from metrics_lab.engine.claim.tolerance import equal

_COMPARATIVES = frozenset(("more", "fewer", "less", "extra", "another", "additional", "save"))
# A verb this near to a number speaks of it.
REACH = 40
# A mention of this weight is a name; a weaker one is a word of it.
FULL = 0.9


def flow_of(
    name: str, shape: Shape, index: int, items: Sequence[Item], model: ClaimModel
) -> str | None:
    """Return the flow into or out of a stock of which an amount is told: "we lose 60 accounts".

    None where the case has no such flow, or more than one.
    """
    stock, number = model.known[name], items[index].number
    timed = shape.period or shape.form == "delta"
    timed = timed or (shape.form == "change" and is_compared(index, items))
    if stock.kind != "count" or number is None:
        return None
    if stock.period and _is_named(stock, index, items):
        return None
    near = _near(index, items)
    ahead = [i for i in reversed(near) if i.start < number.start]
    said = [
        i.word
        for i in (*ahead, *near)
        if i.word.startswith(words.OUTFLOW + words.INFLOW)
        and not (i.mentions and i.word == "churn")  # the rate is no verb
    ]
    if not said:
        return None
    wanted = words.OUTFLOW if said[0].startswith(words.OUTFLOW) else words.INFLOW
    alike = [
        s
        for s in model.known.values()
        if s.kind == "count" and s.period and s.name != name and s.counts == stock.counts
    ]
    flows = [s.name for s in alike if _begins(s, wanted)]
    if not flows and wanted == words.OUTFLOW:
        flows = [s.name for s in alike if _is_share_of(s.name, name, model)]
    if stock.period and _begins(stock, wanted):
        return None  # it is the flow of that verb already
    if len(flows) != 1:
        return None
    flow = flows[0]  # "the 120 sitters we lose": its value tells it where no period is said
    return flow if timed or equal(number, model.today[flow], "count") else None


def _is_named(symbol: Symbol, index: int, items: Sequence[Item]) -> bool:
    """Return whether the whole name of a symbol stands near a number, and no part of it only."""
    near = _near(index, items)
    for place, item in enumerate(items):
        if item in near and item.weight(symbol.name) >= FULL:
            # in "win 1,000 new students and lose 600" they are what the first number counts
            counted = place > 0 and place - 1 != index and items[place - 1].number is not None
            if not counted:
                return True
    return False


def _is_share_of(flow: str, stock: str, model: ClaimModel) -> bool:
    """Return whether a flow is a share of a stock each period: stolen scooters, of all scooters."""
    rule = model.graph.rule(flow)
    names = rule.formula.names if rule else frozenset()
    shares = [name for name in names if model.known[name].kind == "share"]
    return len(shares) == 1 and names == {stock, *shares}


def _begins(symbol: Symbol, stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stems) for phrase, _ in symbol.phrases for word in phrase)


def rate_of(
    number: Number, shape: Shape, index: int, items: Sequence[Item], model: ClaimModel
) -> str | None:
    """Return the rate at which a stock loses what it holds: "losing 5 % of the base a month".

    Only where the case states that very rate: what else is lost is left open.
    """
    if number.kind != "percent" or shape.form != "change" or is_compared(index, items):
        return None
    if not any(item.word.startswith(words.OUTFLOW) for item in _near(index, items)):
        return None
    rates = [
        s.name
        for s in model.known.values()
        if s.kind == "share" and s.period and s.period == shape.period
        and _begins(s, words.OUTFLOW) and equal(number, model.today[s.name], s.kind)
    ]  # fmt: skip
    return rates[0] if len(rates) == 1 else None


def _near(index: int, items: Sequence[Item]) -> list[Item]:
    here = items[index]
    return [i for i in items if i.clause == here.clause and abs(i.start - here.start) < REACH]


def is_compared(index: int, items: Sequence[Item]) -> bool:
    """Return whether "60 fewer accounts" leave: a difference of the flow, not the flow."""
    return bool({item.word for item in _near(index, items)} & _COMPARATIVES)
