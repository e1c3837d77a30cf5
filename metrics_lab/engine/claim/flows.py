"""Flows out of a stock and into it: "we lose 60 accounts" is told of the accounts lost."""

from collections.abc import Sequence

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.shape import Shape

_COMPARATIVES = frozenset(("more", "fewer", "less", "extra", "another", "additional", "save"))
# A verb this near to a number speaks of it.
REACH = 40


def flow_of(
    name: str, shape: Shape, index: int, items: Sequence[Item], model: ClaimModel
) -> str | None:
    """Return the flow into or out of a stock of which an amount is told: "we lose 60 accounts".

    None where the case has no such flow, or more than one.
    """
    stock, number = model.known[name], items[index].number
    timed = shape.period or shape.form == "delta"
    timed = timed or (shape.form == "change" and is_compared(index, items))
    if stock.kind != "count" or stock.period or number is None or not timed:
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
    flows = [
        s.name
        for s in model.known.values()
        if s.kind == "count" and s.period and s.name != name and s.counts == stock.counts
        and any(word.startswith(wanted) for phrase, _ in s.phrases for word in phrase)
    ]  # fmt: skip
    return flows[0] if len(flows) == 1 else None


def _near(index: int, items: Sequence[Item]) -> list[Item]:
    here = items[index]
    return [i for i in items if i.clause == here.clause and abs(i.start - here.start) < REACH]


def is_compared(index: int, items: Sequence[Item]) -> bool:
    """Return whether "60 fewer accounts" leave: a difference of the flow, not the flow."""
    return bool({item.word for item in _near(index, items)} & _COMPARATIVES)
