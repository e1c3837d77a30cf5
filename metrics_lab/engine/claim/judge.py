"""Judge one statement against the case: correct, a named error, close, or wrong."""

import re
from collections.abc import Iterable, Sequence

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.levers import Supposed, is_plausible, is_possible, moves, outcome
from metrics_lab.engine.claim.model import ClaimModel, Lines
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.readings import (
    Question,
    Reading,
    amount_readings,
    change_readings,
    points_readings,
    ratio_readings,
)
from metrics_lab.engine.claim.result import ClaimCheck, Source
from metrics_lab.engine.claim.tolerance import fit, holds, in_period, in_time
from metrics_lab.engine.wording import format_value, spoken

# Readings of which a case has many: so near they must come, as a share of the claim.
ONE_OF_MANY = {"period": 0.03, "unit": 0.005}
# The same digits in another unit are the same digits: no share of them is forgiven.
SAME_DIGITS = "unit"
_COMPARED = re.compile(
    r"\b(?:another|extra|additional|further)\s*\w*\s*\||\|\s*(?:more|extra|additional|fewer|less|further)\b",
    re.I,
)


def judge_claim(
    statement: Statement,
    model: ClaimModel,
    supposed: tuple[Supposed, ...],
    text: str,
    stated: frozenset[str] = frozenset(),
) -> ClaimCheck:
    """Return the check of a statement tied to a symbol, given what the text supposes."""
    name = statement.symbol or ""
    levers = {s.lever.symbol: s for s in supposed}
    after = outcome(model, [s.lever for s in supposed])
    if after is None:
        return made(statement, text, "wrong", "implausible_target", None, "", ("That cannot be.",))
    before = model.today[name]
    question = Question(statement, model.known[name], before, after[name], supposed, model, stated)
    form, number = statement.shape.form, statement.number
    if form != "level" and not moves(name, levers, model):
        wrong = _population_of_level(question, text) or _whole_flow(question, text)
        if wrong is not None:
            return wrong
        steps = (f"The text names no change from which {model.known[name].label} would move.",)
        return made(statement, text, "ambiguous", None, None, "", steps)
    if form == "level":
        return _level(question, text)
    if form == "delta":
        return _delta(question, text)
    if form == "ratio":
        claimed = number.value * (100 if number.kind == "ratio" else 1)
        truth = 100 * question.after / before if before else 0.0
        return _decided(question, text, claimed, truth, "% of today", ratio_readings(question))
    return _change(question, text)


def _population_of_level(q: Question, text: str) -> ClaimCheck | None:
    """Return the check of an amount that is a whole level for another population of the text."""
    number = q.statement.number
    if q.statement.shape.form != "delta" or q.symbol.kind != "money":
        return None
    truth = in_period(q.after, q.symbol.period, q.statement.shape.period)
    check = _decided(
        q, text, number.value, truth, unit_of(q), amount_readings(q, truth, delta=False)
    )
    return check if check.error == "buyers_for_visitors" else None


def _whole_flow(q: Question, text: str) -> ClaimCheck | None:
    """Return the check of "we gain 7,200 subscribers a month" as the whole flow, where it is one.

    It is where the number is that flow, or a named wrong way to it that nothing supposed.
    """
    number = q.statement.number
    flow = q.symbol.kind == "count" and q.symbol.period and q.statement.shape.form == "delta"
    if not flow or q.supposed or _COMPARED.search(_around(number, text)):
        return None
    check = _level(q, text)
    told = check.error == "buyers_for_visitors" and not q.statement.hypothetical
    return check if check.verdict == "correct" or told else None


def _change(q: Question, text: str) -> ClaimCheck:
    number = q.statement.number
    if number.kind == "points":
        truth = 100 * (q.after - q.before)
        claimed = _signed(q, number.value, truth)
        return _decided(q, text, claimed, truth, "percentage points", points_readings(q))
    value = number.value * (100 if number.kind == "ratio" else 1)
    claimed = _signed(q, value, q.relative)
    return _decided(q, text, claimed, q.relative, "%", change_readings(q))


def _signed(q: Question, value: float, truth: float) -> float:
    sign = q.statement.shape.sign
    return value * sign if sign else value * (1 if truth >= 0 else -1)


def _delta(q: Question, text: str) -> ClaimCheck:
    number = q.statement.number
    truth = in_period(q.after - q.before, q.symbol.period, q.statement.shape.period)
    level = in_period(q.after, q.symbol.period, q.statement.shape.period)
    if fit(number, number.value, level).strict and not _COMPARED.search(_around(number, text)):
        return _level(q, text)  # "we gain 22,500 sign-ups" states all of them
    claimed = _signed(q, q.statement.number.value, truth)
    return _decided(q, text, claimed, truth, unit_of(q), amount_readings(q, truth, delta=True))


def _level(q: Question, text: str) -> ClaimCheck:
    number, period, name = q.statement.number, q.statement.shape.period, q.symbol.name
    factor = 100.0 if q.symbol.kind == "share" else 1.0
    today = in_period(factor * q.before, q.symbol.period, period)
    truth = in_period(factor * q.after, q.symbol.period, period)
    if q.symbol.kind == "time" and number.time in words.PERIODS:
        today = in_time(q.before, q.symbol.counts, number.time)
        truth = in_time(q.after, q.symbol.counts, number.time)
    gain = truth - today
    added = bool(q.levers) and all(s.statement.shape.form == "delta" for s in q.supposed)
    if (
        added
        and fit(number, number.value, gain).strict
        and not fit(number, number.value, truth).loose
    ):
        truth = gain  # "1,000 more visitors bring 30 buyers": those that come on top
    elif fit(number, number.value, today).loose and not _follows(q, number, today):
        truth = today
    steps: tuple[str, ...]
    wrong_money = number.currency and q.symbol.currency and number.currency != q.symbol.currency
    if wrong_money and fit(number, number.value, truth).loose:
        steps = (f"The case counts in {q.symbol.currency.upper()}.",)
        told = (Source((name,)),)
        return made(q.statement, text, "wrong", "unit", truth, unit_of(q), steps, sources=told)
    readings = amount_readings(q, truth, delta=False)
    check = _decided(q, text, number.value, truth, unit_of(q), readings)
    open_period = q.symbol.period and not period and not q.symbol.per
    if check.error == "period" and open_period:
        steps, unit = (*check.steps, "The text does not say for which period."), unit_of(q)
        sources = check.sources
        return made(q.statement, text, "ambiguous", None, truth, unit, steps, sources=sources)
    return check


def _follows(q: Question, number: Number, today: float) -> bool:
    """Return whether a level is what follows from a change, not what is today."""
    if q.symbol.name in q.model.values:
        return False
    moved = bool(q.levers) and q.statement.hypothetical
    return q.statement.result or (moved and not fit(number, number.value, today).strict)


def _around(number: Number, text: str) -> str:
    return text[max(0, number.start - 14) : number.start] + "|" + text[number.end : number.end + 12]


def unit_of(q: Question) -> str:
    """Return the unit in which a level of the symbol is claimed."""
    if q.symbol.kind == "share":
        return "%"
    head = q.symbol.unit.split("/")[0].strip()
    if q.symbol.kind == "time" and q.statement.number.time in words.PERIODS:
        head = q.statement.number.time
    per = [
        *q.symbol.per,
        *([q.statement.shape.period or q.symbol.period] if q.symbol.period else []),
    ]
    return "/".join([head.upper() if q.symbol.currency else head, *per])


def _decided(
    q: Question, text: str, claimed: float, truth: float, unit: str, readings: Iterable[Reading]
) -> ClaimCheck:
    verdict, named = decide(q.statement.number, claimed, truth, readings)
    lines = _lines(q, claimed, truth, unit)
    error = named.error if named else None
    if named:
        lines = (*lines, (named.why, Source(named.of)))
    elif verdict == "wrong":
        stated = q.symbol.name in q.model.values and not q.levers
        error = "contradicts_baseline" if stated else "arithmetic"
    steps, sources = zip(*lines, strict=True)
    return made(q.statement, text, verdict, error, truth, unit, steps, claimed, sources=sources)


def decide(
    number: Number, claimed: float, truth: float, readings: Iterable[Reading]
) -> tuple[str, Reading | None]:
    """Return the verdict and the named wrong reading, in the order the method prescribes."""
    found = fit(number, claimed, truth)
    if number.bound and holds(number, claimed, truth):
        return "correct", None
    if found.strict:
        return "correct", None
    named = _nearest(number, claimed, truth, list(readings))
    if found.loose and not (named and _much_nearer(number, claimed, truth, named)):
        return "correct", None
    if named:
        return "wrong", named
    return ("close" if found.close else "wrong"), None


def _nearest(
    number: Number, claimed: float, truth: float, readings: Sequence[Reading]
) -> Reading | None:
    rounding = max(number.strict, min(number.half, 0.03 * abs(claimed)))
    # One of so many has to fit well.
    close = {error: min(rounding, share * abs(claimed)) for error, share in ONE_OF_MANY.items()}
    fitting = [
        (_gap(claimed, reading.value), place, reading)
        for place, reading in enumerate(readings)
        if _fits(claimed, reading, close.get(reading.error, rounding))
        and _gap(reading.value, truth) > 0.01
    ]
    # Readings that miss by less than the rounding are equally good: the first named one counts.
    return min(fitting, key=lambda f: (round(f[0], 2), f[1]))[2] if fitting else None


def _fits(claimed: float, reading: Reading, rounding: float) -> bool:
    value = reading.value
    allowed = rounding if reading.error == SAME_DIGITS else max(rounding, 0.01 * abs(value))
    return abs(claimed - value) <= allowed and claimed * value > 0


def _much_nearer(number: Number, claimed: float, truth: float, named: Reading) -> bool:
    """Return whether a round number fits a wrong reading far better than the truth."""
    own, other = _gap(claimed, truth), _gap(claimed, named.value)
    return other < 0.002 and own > (0.05 if number.about else 0.02)


def _gap(one: float, other: float) -> float:
    return abs(one - other) / max(abs(one), abs(other), 1e-12)


def judge_supposition(
    supposed: Supposed, model: ClaimModel, text: str, *, expected: bool, claims: int
) -> ClaimCheck | None:
    """Return the check of a lever: its starting point, then whether its target can be."""
    statement, name = supposed.statement, supposed.lever.symbol
    symbol, today = model.known[name], model.today[name]
    if statement.origin is not None:
        factor = 100.0 if symbol.kind == "share" else 1.0
        truth = in_period(factor * today, symbol.period, statement.shape.period)
        found = fit(statement.origin, statement.origin.value, truth)
        if not found.loose:
            error = None if found.close else "contradicts_baseline"
            steps = (f"{symbol.label} is {format_value(today, symbol.unit)} today.",)
            verdict = "close" if found.close else "wrong"
            claimed, told = statement.origin.value, (Source((name,)),)
            return made(statement, text, verdict, error, truth, "", steps, claimed, sources=told)
    after = outcome(model, [supposed.lever])
    target = after[name] if after else -1.0
    strict = expected or claims == 0
    if not is_possible(name, target, model) or (strict and not is_plausible(name, target, model)):
        steps = (
            f"{symbol.label} is {format_value(today, symbol.unit)} today; "
            f"{format_value(target, symbol.unit)} lies outside what is plausible.",
        )
        told = (Source((name,)),)
        return made(statement, text, "wrong", "implausible_target", None, "", steps, sources=told)
    change = statement.shape
    alone = claims == 0 or statement.result
    if alone and change.form == "delta" and change.period and not symbol.period:
        steps = (f"The text tells a change per {change.period}; no figure of the case is that.",)
        return made(statement, text, "ambiguous", None, None, "", steps)
    if supposed.other is not None and claims == 0:
        steps = ("It may mean percent of today's value or percentage points.",)
        return made(statement, text, "ambiguous", None, None, "", steps)
    steps = (f"{symbol.label} would go from {format_value(today, symbol.unit)} to "
             f"{format_value(target, symbol.unit)}.",)  # fmt: skip
    told = (Source((name,)),)
    return made(statement, text, "correct", None, None, "", steps, supposed=True, sources=told)


def _lines(q: Question, claimed: float, truth: float, unit: str) -> Lines:
    name = q.symbol.name
    behind = q.model.above(name) | {name}  # what moves nothing here is no step of the sum
    overrides = {s.lever.symbol: _after(q, s) for s in q.supposed if s.lever.symbol in behind}
    supposed = tuple(
        (
            f"{q.model.known[n].label}: {format_value(v, q.model.units[n])} (supposed)",
            Source((n,), supposed=True),
        )
        for n, v in overrides.items()
    )
    if overrides:
        sums = q.model.lines(q.model.shown.explain(name, overrides))
    else:
        sums = q.model.explained(name)
    told = f"The sum gives {spoken(truth, unit)}; the text says {spoken(claimed, unit)}."
    return (*supposed, *sums, (told, Source()))


def _after(q: Question, supposed: Supposed) -> float:
    after = outcome(q.model, [supposed.lever])
    return after[supposed.lever.symbol] if after else 0.0


def made(
    statement: Statement,
    text: str,
    verdict: str,
    error: str | None,
    truth: float | None,
    unit: str,
    steps: tuple[str, ...],
    claimed: float | None = None,
    *,
    supposed: bool = False,
    sources: tuple[Source, ...] = (),
) -> ClaimCheck:
    """Return a check that quotes the statement's number."""
    number = statement.number
    stated = number.value if claimed is None and truth is not None else claimed
    return ClaimCheck(
        verdict, error, text[number.start : number.end], number.start, number.end,
        stated, truth, unit or None, steps, statement.symbol, supposed, sources=sources,
    )  # fmt: skip
