"""The named wrong readings: what a wrong number would be right for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.levers import Supposed, outcome
from metrics_lab.engine.claim.model import ClaimModel, Symbol
from metrics_lab.engine.claim.tolerance import in_period
from metrics_lab.engine.expr import FormulaError
from metrics_lab.engine.scenario import Lever

# "opens per issue" counts a crowd as much as "opens" do; "issues per reader" does not.
MANY = 100.0
# Of more levers not every selection is tried: there would be two to the power of them.
FEW = 4
Measure = Callable[[float], float]


class Reading(NamedTuple):
    """One wrong way to the number: the error's name, its value, and a sentence about it.

    `of` are the figures of the case whose values that sentence tells, if any.
    """

    error: str
    value: float
    why: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a number is asked about: the symbol, before and after, and the levers between."""

    statement: Statement
    symbol: Symbol
    before: float
    after: float
    supposed: tuple[Supposed, ...]
    model: ClaimModel
    stated: frozenset[str] = frozenset()

    @property
    def levers(self) -> tuple[Lever, ...]:
        """Return the levers that move the symbol."""
        above = self.model.above(self.symbol.name)
        return tuple(s.lever for s in self.supposed if s.lever.symbol in above)

    @property
    def relative(self) -> float:
        """Return the relative change in percent, 0 where nothing was before."""
        return 100 * (self.after / self.before - 1) if self.before else 0.0


def change_readings(q: Question) -> Iterator[Reading]:
    """Yield the wrong readings of a relative change, in percent."""
    if not q.before or not q.after:
        return
    yield from _subsets(q, lambda after: 100 * (after / q.before - 1))
    added = sum(_effect(q, lever) for lever in q.levers)
    if len(q.levers) > 1:
        yield Reading("added_not_compounded", added, "Changes that multiply were added.")
    ratio = 100 * q.after / q.before
    yield Reading("ratio_for_lift", ratio, "That is the new value as a share of the old one.")
    yield Reading("points_for_percent", _points(q), "That is the change in percentage points.")
    wrong_base = 100 * (q.after - q.before) / q.after
    yield Reading("wrong_base", wrong_base, "The change was divided by the new value.")
    yield Reading("upside_down", 100 * (q.before / q.after - 1), "The ratio is upside down.")
    yield Reading("upside_down", -q.relative, "The direction is the other way round.")
    yield from _other_lever_reading(q, lambda after: 100 * (after / q.before - 1))


def points_readings(q: Question) -> Iterator[Reading]:
    """Yield the wrong readings of a change stated in percentage points."""
    yield Reading("points_for_percent", q.relative, "That is the relative change in percent.")
    yield Reading("upside_down", -100 * (q.after - q.before), "The direction is reversed.")


def ratio_readings(q: Question) -> Iterator[Reading]:
    """Yield the wrong readings of "125 % of today", in percent."""
    if q.before and q.after:
        yield from _subsets(q, lambda after: 100 * after / q.before)
        yield Reading("ratio_for_lift", q.relative, "That is the lift, not the ratio.")
        yield Reading("upside_down", 100 * q.before / q.after, "The ratio is upside down.")
        yield Reading("points_for_percent", _points(q), "That is the change in points.")


def amount_readings(q: Question, truth: float, delta: bool) -> Iterator[Reading]:
    """Yield the wrong readings of a level or a difference, in the claim's own unit.

    A population that the text itself puts a number on comes first: it is what was multiplied.
    """
    yield from _other_population(q, truth, delta, q.stated)
    yield from _digits(q, q.stated)
    measure = (lambda after: after - q.before) if delta else (lambda after: after)
    scale = _scale(q)
    for reading in _subsets(q, measure):
        yield Reading(reading.error, reading.value * scale, reading.why)
    if len(q.levers) > 1:
        gained = q.before * sum(_effect(q, lever) for lever in q.levers) / 100
        value = gained if delta else q.before + gained
        yield Reading("added_not_compounded", value * scale, "Changes that multiply were added.")
    for reading in _other_lever_reading(q, measure):
        yield Reading(reading.error, reading.value * scale, reading.why)
    if delta and q.before:
        taken = q.before * _points(q) / 100
        why = "The change in points was taken as percent of today."
        yield Reading("points_for_percent", taken * scale, why)
        lost = (q.after - q.before) * q.before / q.after if q.after else 0.0
        yield Reading("wrong_base", lost * scale, "The change was taken on the wrong base.")
    yield from _other_money(q, measure)
    yield from _scaled(truth)
    yield from _periods(q, truth)
    yield from _other_population(q, truth, delta, frozenset(q.model.known))
    if not delta:
        yield from _without_margin(q, scale)
    yield from _turned_round(q, scale)
    yield from _digits(q, frozenset(q.model.known))
    if q.symbol.kind == "share":
        yield Reading("unit", truth / 100, "A share was written as a percentage.")


def _points(q: Question) -> float:
    """Return the change in points of the rate that was moved, 0 if no rate was."""
    moved = [q.symbol.name, *(lever.symbol for lever in q.levers)]
    for name in moved:
        if q.model.known[name].kind == "share":
            after = outcome(q.model, [s.lever for s in q.supposed]) or q.model.today
            return 100 * (after[name] - q.model.today[name])
    return 0.0


def _effect(q: Question, lever: Lever) -> float:
    after = outcome(q.model, [lever])
    return 100 * (after[q.symbol.name] / q.before - 1) if after and q.before else 0.0


def _subsets(q: Question, measure: Measure) -> Iterator[Reading]:
    many = len(q.levers) > FEW  # then only one lever, or all but one
    for size in {1, len(q.levers) - 1} - {0} if many else range(1, len(q.levers)):
        for some in combinations(q.levers, size):
            after = outcome(q.model, some)
            if after:
                names = " and ".join(q.model.known[lever.symbol].label for lever in some)
                yield Reading(
                    "one_lever_only", measure(after[q.symbol.name]), f"Only {names} was moved."
                )


def _other_lever_reading(q: Question, measure: Measure) -> Iterator[Reading]:
    """Yield what follows when percent are taken for points, or points for percent."""
    for place, supposed in enumerate(q.supposed):
        other = supposed.other or _swapped(supposed, q.model)
        if other is None:
            continue
        levers = [s.lever for s in q.supposed]
        levers[place] = other
        after = outcome(q.model, levers)
        if after:
            yield Reading(
                "points_for_percent",
                measure(after[q.symbol.name]),
                "Percentage points and percent were taken for one another.",
            )


def _swapped(supposed: Supposed, model: ClaimModel) -> Lever | None:
    number, lever = supposed.statement.number, supposed.lever
    if supposed.statement.shape.form != "change" or model.known[lever.symbol].kind != "share":
        return None
    amount = supposed.statement.shape.sign * number.share
    if number.kind == "points":
        return Lever(lever.symbol, "times", 1 + amount)
    return Lever(lever.symbol, "add", amount) if number.kind == "percent" else None


def _other_money(q: Question, measure: Measure) -> Iterator[Reading]:
    if q.symbol.kind != "money":
        return
    after = outcome(q.model, [s.lever for s in q.supposed]) or q.model.today
    for other in q.model.known.values():
        if other.kind != "money" or other.name == q.symbol.name:
            continue
        value = after[other.name]
        if measure(q.before) != q.before:  # a difference is claimed, so compare differences
            value -= q.model.today[other.name]
        value = in_period(value, other.period, q.statement.shape.period)
        if bool(other.per) != bool(q.symbol.per):
            continue
        error = "spend_per_buyer_for_order_value" if other.per else "revenue_for_gmv"
        if other.per or _of_one_stream(q, other):
            yield Reading(error, value, f"That is the {other.label}.", (other.name,))


def _of_one_stream(q: Question, other: Symbol) -> bool:
    """Return whether two amounts come from the same money: what one spends is not what one earns.

    One is computed from the other, or both from a third amount of money.
    """
    shared = q.model.above(q.symbol.name) & q.model.above(other.name)
    return any(q.model.known[name].kind == "money" for name in shared)


def _without_margin(q: Question, scale: float) -> Iterator[Reading]:
    """Yield the figure with a margin or a fee left out: a lifetime value of revenue, not profit."""
    if q.symbol.kind != "money":
        return
    for name in q.model.above(q.symbol.name):
        symbol = q.model.known[name]
        if symbol.kind == "share" and any(word in symbol.name for word in words.KEPT_SHARES):
            after = outcome(q.model, [*(s.lever for s in q.supposed if s.lever.symbol != name),
                                      Lever(name, "set", 1.0)])  # fmt: skip
            if after:
                why = f"The {symbol.label} was left out."
                yield Reading("revenue_for_gmv", after[q.symbol.name] * scale, why)


def _other_population(
    q: Question, truth: float, delta: bool, among: frozenset[str]
) -> Iterator[Reading]:
    today, known = q.model.today, q.model.known
    counts = [s for s in known.values() if s.kind == "count" and today[s.name]]
    if q.symbol.kind == "count" and not delta:
        for other in counts:
            if other.name != q.symbol.name and other.name in among:
                value = in_period(today[other.name], other.period, q.statement.shape.period)
                why = f"That is the number of {other.label}."
                yield Reading("buyers_for_visitors", value, why, (other.name,))
    above = q.model.above(q.symbol.name)
    flows = [s for s in known.values() if s.kind == "rate" and today[s.name] > MANY]
    for base in (s for s in counts + flows if s.name in above and s.name != q.symbol.name):
        for other in (s for s in counts + flows if s.name != base.name and s.name in among):
            unlike = base.kind != other.kind and base.counts != other.counts
            if unlike and among is not q.stated:
                continue  # a crowd per something and another count meet by chance
            value = truth * today[other.name] / today[base.name]
            why = f"{other.label} were taken for {base.label}."
            yield Reading("buyers_for_visitors", value, why[:1].upper() + why[1:])


def _turned_round(q: Question, scale: float) -> Iterator[Reading]:
    """Yield a product taken as a quotient, and a quotient upside down or multiplied."""
    forms = q.model.turned(q.symbol.name)
    if forms is None:
        if q.symbol.kind in ("share", "rate") and q.after:
            yield Reading("upside_down", 1 / q.after * scale, "The ratio is upside down.")
        return
    after = outcome(q.model, [s.lever for s in q.supposed]) or q.model.today
    for form in forms:
        try:
            value = form(after)
        except FormulaError:
            continue
        yield Reading(
            "upside_down", value * scale, "It was divided where one multiplies, or turned."
        )


def _digits(q: Question, among: frozenset[str]) -> Iterator[Reading]:
    """Yield the right digits of a figure in another unit: 18 % taken as €18."""
    kind = q.statement.number.kind
    if q.statement.number.time:
        return  # a length of time has its unit beside it
    for other in (s for s in q.model.known.values() if s.name in among):
        value = q.model.today[other.name]
        shown = 100 * value if other.kind == "share" else value
        if other.name != q.symbol.name and _kind(other) != kind:
            why = f"Those are the digits of the {other.label}."
            yield Reading("unit", shown, why, (other.name,))


def _kind(symbol: Symbol) -> str:
    return {"share": "percent", "money": "money"}.get(symbol.kind, "count")


def _scaled(truth: float) -> Iterator[Reading]:
    for power in (3, -3, 6, -6, 9, -9):
        yield Reading(
            "scale", truth * 10.0**power, "The scale is wrong: thousand, million, billion."
        )


def _periods(q: Question, truth: float) -> Iterator[Reading]:
    own, wanted = q.symbol.period, q.statement.shape.period
    if q.symbol.kind == "time":
        why = f"That is the number of {q.symbol.counts}s."
        yield Reading("period", q.after, why)
        return
    if not own and q.symbol.kind not in ("count", "money"):
        return
    here = wanted or own or "month"
    if q.symbol.per or not (own or q.symbol.kind == "count"):
        return
    for period in ("day", "week", "month", "quarter", "year"):
        if period != here:
            yield Reading(
                "period", in_period(truth, here, period), f"That is the figure for a {period}."
            )
    if here in ("month", "year", "week"):
        factor = {"month": 30.4, "year": 365.0 / 30, "week": 4.0}[here]
        yield Reading("period", truth * factor, "Another period was taken.")


def _scale(q: Question) -> float:
    """Return the factor from the symbol's own unit to the claim's (percent, period)."""
    factor = 100.0 if q.symbol.kind == "share" else 1.0
    return in_period(factor, q.symbol.period, q.statement.shape.period) if factor == 1.0 else factor
