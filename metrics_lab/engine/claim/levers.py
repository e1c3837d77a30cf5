"""Tell what a text supposes (levers) from what it claims to follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.tolerance import equal, holds, in_period
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.scenario import How, Lever, what_if

KEPT = 200


@dataclass(frozen=True, slots=True)
class Supposed:
    """One lever as the text states it; `other` is the points reading of an open "by 1 %"."""

    statement: Statement
    lever: Lever
    other: Lever | None = None


def suppositions(
    found: Sequence[Statement], model: ClaimModel, premises: frozenset[int]
) -> tuple[Supposed, ...]:
    """Return the levers of a text, at most one a symbol; `premises` are clauses that suppose."""
    levers: dict[str, Supposed] = {}
    for rule in (_set_given, _change_given):
        for statement in found:
            if not statement.symbol or statement.symbol in levers or not rule(statement, model):
                continue
            if not _is_consequence(statement, levers.values()):
                levers[statement.symbol] = _supposed(statement, model)
    for statement in found:
        if statement.symbol and _is_derived_premise(statement, model, levers, premises):
            levers[statement.symbol] = _supposed(statement, model)
    return tuple(levers.values())


def _set_given(statement: Statement, model: ClaimModel) -> bool:
    if statement.symbol not in model.values or statement.shape.form != "level":
        return False
    if statement.origin is not None:
        return True
    if statement.number.bound and _holds_today(statement, model):
        return False
    return statement.hypothetical and not _restates(statement, model)


def _is_consequence(statement: Statement, levers: Iterable[Supposed]) -> bool:
    """Return whether an amount follows from a lever said before it ("... saves 240 accounts")."""
    return statement.shape.form == "delta" and any(
        one.statement.number.start < statement.number.start
        and one.statement.sentence == statement.sentence
        for one in levers
    )


def _holds_today(statement: Statement, model: ClaimModel) -> bool:
    symbol = model.known[statement.symbol or ""]
    truth = in_period(model.today[symbol.name], symbol.period, statement.shape.period)
    return holds(statement.number, statement.number.share, truth)


def _change_given(statement: Statement, model: ClaimModel) -> bool:
    return statement.symbol in model.values and statement.shape.form in ("change", "ratio", "delta")


def _is_derived_premise(
    statement: Statement,
    model: ClaimModel,
    levers: Mapping[str, Supposed],
    premises: frozenset[int],
) -> bool:
    symbol = statement.symbol
    if symbol is None or symbol in model.values or symbol in levers:
        return False
    if moves(symbol, levers, model) or _restates(statement, model):
        return False
    if statement.origin is not None and _begins_today(statement, model):
        return not statement.result
    if statement.shape.form in ("change", "ratio") or statement.origin is not None:
        return statement.clause in premises and not statement.result
    return False


def _begins_today(statement: Statement, model: ClaimModel) -> bool:
    """Return whether a "from A to B" starts where the figure stands today."""
    symbol = model.known[statement.symbol or ""]
    value, period = model.today[symbol.name], statement.shape.period
    origin = statement.origin
    return origin is not None and equal(origin, value, symbol.kind, period, symbol.period)


def moves(symbol: str, levers: Mapping[str, object], model: ClaimModel) -> bool:
    """Return whether any lever stands above the symbol."""
    return bool(model.above(symbol) & levers.keys())


def _restates(statement: Statement, model: ClaimModel) -> bool:
    if statement.shape.form != "level" or statement.symbol is None:
        return False
    symbol = model.known[statement.symbol]
    value = model.today[symbol.name]
    return equal(statement.number, value, symbol.kind, statement.shape.period, symbol.period)


def _supposed(statement: Statement, model: ClaimModel) -> Supposed:
    lever = _lever(statement, model)
    return Supposed(statement, lever, _points_reading(statement, lever, model))


def _lever(statement: Statement, model: ClaimModel) -> Lever:
    number, shape, name = statement.number, statement.shape, statement.symbol or ""
    symbol = model.known[name]
    how: How = "set"
    sign = shape.sign or _better(name)
    if shape.form == "ratio":
        return Lever(name, "times", number.share)
    if shape.form == "change" and number.kind in ("percent", "ratio"):
        return Lever(name, "times", 1 + sign * number.share)
    amount = in_period(number.share, shape.period, symbol.period)
    if shape.form in ("change", "delta"):
        how, amount = "add", sign * amount
    return Lever(name, how, amount)


def _better(symbol: str) -> int:
    """Return the direction in which "improve by" moves a symbol."""
    return -1 if any(word in symbol for word in words.LOWER_IS_BETTER) else 1


def _points_reading(statement: Statement, lever: Lever, model: ClaimModel) -> Lever | None:
    """Return the other reading of "raise a rate by 1 %" where points are as plausible."""
    symbol = model.known[lever.symbol]
    percent = statement.number.kind == "percent" and statement.shape.form == "change"
    if not percent or symbol.kind != "share":
        return None
    sign = statement.shape.sign or _better(lever.symbol)
    points = Lever(lever.symbol, "add", sign * statement.number.share)
    value = model.today[lever.symbol] + points.amount
    low, high = _near(model.today[lever.symbol])
    possible = is_plausible(lever.symbol, value, model) or low <= value <= high
    return points if possible and is_possible(lever.symbol, value, model) else None


def is_plausible(symbol: str, value: float, model: ClaimModel) -> bool:
    """Return whether a value lies in the case's band, or, without one, within half and double."""
    band = model.plausible.get(symbol)
    today = model.today[symbol]
    low, high = (band[0], band[1]) if band else _near(today)
    return low * 0.999 <= value <= high * 1.001


def _near(today: float) -> tuple[float, float]:
    low, high = sorted((0.5 * today, 2.0 * today))
    return low, high


def is_possible(symbol: str, value: float, model: ClaimModel) -> bool:
    """Return whether a value can be at all: no share above 1, nothing counted below 0."""
    return value >= 0 and not (model.known[symbol].kind == "share" and value > 1)


def outcome(model: ClaimModel, levers: Sequence[Lever]) -> Mapping[str, float] | None:
    """Return every value after the levers, or None where they cannot be pulled.

    A claim asks for the same few again and again, so the last ones are kept with the model.
    """
    if not levers:
        return model.today
    kept = model.outcomes
    key = tuple(levers)
    if key not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        try:
            kept[key] = what_if(model.graph, levers).after
        except ModelError:
            kept[key] = None
    return kept[key]


def premise_clauses(items_words: Sequence[tuple[int, str]]) -> frozenset[int]:
    """Return the clauses that begin a supposition ("if", "with", "when")."""
    return frozenset(clause for clause, word in items_words if word in words.PREMISE)
