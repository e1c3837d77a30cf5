"""A number that is one figure of the text over another: orders until a customer has paid back."""

import math
from collections.abc import Sequence
from itertools import permutations

from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.judge import decide, made
from metrics_lab.engine.claim.model import ClaimModel, Symbol, same_unit_noun, stem
from metrics_lab.engine.claim.readings import Reading
from metrics_lab.engine.claim.result import ClaimCheck, Source
from metrics_lab.engine.wording import format_value, plain

FARTHEST = math.log(60)


def as_ratio(
    statement: Statement,
    found: Sequence[Statement],
    items: Sequence[Item],
    text: str,
    model: ClaimModel,
) -> ClaimCheck | None:
    """Return the check of a number as a ratio of two money figures, or None if it is no ratio."""
    number = statement.number
    if (
        number.kind not in ("count", "ratio")
        or number.value <= 0
        or statement.shape.form == "delta"
    ):
        return None
    named = _named(found, items, model)
    wanted = _noun(statement, model)
    pairs = [(a, b) for a, b in permutations(named, 2) if wanted and _gives(a, b, wanted)]
    if not pairs or _nearer_to_level(statement, model):
        return None
    over, under = min(pairs, key=lambda pair: _far(number.value, _value(pair, model)))
    truth = _value((over, under), model)
    if _far(number.value, truth) > FARTHEST:
        return None
    readings = [Reading("upside_down", 1 / truth, "The ratio is upside down.")]
    verdict, wrong = decide(number, number.value, truth, readings)
    error = wrong.error if wrong else "arithmetic" if verdict == "wrong" else None
    steps = (
        f"{over.label} / {under.label} = {format_value(model.today[over.name], over.unit)} / "
        f"{format_value(model.today[under.name], under.unit)} = {plain(truth)} {wanted}s.",
        *([wrong.why] if wrong else []),
    )
    sources = (Source((over.name, under.name)),)
    unit = f"{wanted}s"
    return made(statement, text, verdict, error, truth, unit, steps, number.value, sources=sources)


def _named(found: Sequence[Statement], items: Sequence[Item], model: ClaimModel) -> list[Symbol]:
    names = {name for item in items for name, weight in item.mentions if weight >= 0.6}
    names |= {statement.symbol for statement in found if statement.symbol}
    return [s for s in model.known.values() if s.kind == "money" and s.name in names]


def _noun(statement: Statement, model: ClaimModel) -> str:
    if statement.number.time:
        return statement.number.time
    symbol = model.known.get(statement.symbol or "")
    return symbol.counts if symbol is not None and symbol.kind == "count" else ""


def _gives(over: Symbol, under: Symbol, wanted: str) -> bool:
    """Return whether over / under counts `wanted`: eur/user over eur/order gives orders."""
    if not over.per or over.currency != under.currency or wanted in over.per:
        return False
    if over.period:
        return False
    if wanted == under.period:
        return set(over.per) == set(under.per)
    return (wanted in under.per and not under.period) or (
        any(same_unit_noun(stem(wanted), unit) for unit in under.per) and not under.period
    )


def _value(pair: tuple[Symbol, Symbol], model: ClaimModel) -> float:
    below = model.today[pair[1].name]
    return model.today[pair[0].name] / below if below else math.inf


def _far(one: float, other: float) -> float:
    return abs(math.log(one / other)) if one > 0 and 0 < other < math.inf else math.inf


def _nearer_to_level(statement: Statement, model: ClaimModel) -> bool:
    level = model.today.get(statement.symbol or "", 0.0)
    return _far(statement.number.value, level) < FARTHEST
