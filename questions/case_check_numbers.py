"""Checks of the numbers of a case: bands, relations, readings, scenarios, experiment, pretotype."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

from questions.case import Case, Experiment, Pretotype
from questions.case_build import Path
from questions.case_substance import TradeOffSubstance

Finding = tuple[Path, str, str]

# Authors write values out; only the last digits of an endless fraction may be missing.
TOLERANCE = 5e-4
_SYMBOL = re.compile(r"[a-z][a-z0-9_]*")


class Evaluate(Protocol):
    """Returns the value of each formula; raises ValueError with a message for people."""

    def __call__(
        self, formulas: Mapping[str, str], given: Mapping[str, float]
    ) -> Mapping[str, float]: ...


def close(written: float, computed: float) -> bool:
    """Whether a written number agrees with the computed one."""
    return math.isclose(written, computed, rel_tol=TOLERANCE, abs_tol=1e-9)


@dataclass(frozen=True)
class _Sums:
    """The arithmetic of one case: how it is done, what is given and what follows today."""

    evaluate: Evaluate
    formulas: Mapping[str, str]
    given: Mapping[str, float]

    def under(self, changes: Mapping[str, float]) -> dict[str, float]:
        """Return every value when some baselines are set otherwise. Raises ValueError."""
        values = {**self.given, **changes}
        return {**values, **self.evaluate(self.formulas, values)}


def check_numbers(case: Case, evaluate: Evaluate) -> Iterator[Finding]:
    """Every number that follows from others is worked out again."""
    yield from _baselines(case)
    yield from _symbols(case)
    formulas = {relation.symbol: relation.formula for relation in case.relations}
    given = {symbol: baseline.value for symbol, baseline in case.baselines.items()}
    sums = _Sums(evaluate, formulas, given)
    try:
        today = sums.under({})
    except ValueError as error:
        yield _blame(case, str(error)), str(error), "correct the formula or add the baseline"
        return
    yield from _relations(case, today)
    yield from _readings(case, sums)
    yield from _scenarios(case, sums, today)
    yield from _named(case, today)
    yield from _stakes(case, evaluate, today)
    if case.experiment:
        yield from _experiment(case.experiment)
    if case.pretotype:
        yield from _pretotype(case.pretotype)


def sample_size(baseline: float, target: float, alpha: float, power: float, sides: str) -> int:
    """People per arm by the pooled two-proportion formula (see the metrics lab's experiment)."""
    normal = NormalDist()
    z_alpha = normal.inv_cdf(1 - alpha / (2 if sides == "two" else 1))
    z_power = normal.inv_cdf(power)
    mean = (baseline + target) / 2
    spread = baseline * (1 - baseline) + target * (1 - target)
    root = z_alpha * math.sqrt(2 * mean * (1 - mean)) + z_power * math.sqrt(spread)
    return math.ceil((root / (target - baseline)) ** 2)


def _baselines(case: Case) -> Iterator[Finding]:
    for symbol, baseline in case.baselines.items():
        low, high = baseline.band
        path: Path = ("baselines", symbol)
        if not low <= baseline.value <= high:
            message = f"{symbol} is {baseline.value:g}, outside its band {low:g} to {high:g}"
            yield path, message, "widen the band or correct the value"
        if not _SYMBOL.fullmatch(symbol):
            yield path, f"symbol {symbol} is not lower_case", "like first_order_rate"
        if baseline.unit.split()[0] == "share" and not 0 <= baseline.value <= 1:
            message = f"{symbol} is a share and {baseline.value:g}"
            yield path, message, "write shares as fractions of 1: 2 percent is 0.02"


def _symbols(case: Case) -> Iterator[Finding]:
    seen = set(case.baselines)
    for i, relation in enumerate(case.relations):
        if relation.symbol in seen:
            path: Path = ("relations", i, "symbol")
            yield path, f"{relation.symbol} has a value already", "use another symbol and equals:"
        seen.add(relation.symbol)


def _blame(case: Case, message: str) -> Path:
    """Return the path of the relation a message names, else of all relations."""
    named = re.findall(r"[a-z][a-z0-9_]*", message)
    for i, relation in enumerate(case.relations):
        if relation.symbol in named or relation.formula in message:
            return "relations", i
    return ("relations",)


def _relations(case: Case, today: Mapping[str, float]) -> Iterator[Finding]:
    for i, relation in enumerate(case.relations):
        path: Path = ("relations", i)
        computed = today[relation.symbol]
        if not close(relation.value, computed):
            message = f"{relation.symbol} is written {relation.value:g}, {relation.formula} gives"
            yield path, f"{message} {computed:.7g}", f"write {computed:.7g} or correct the formula"
        if not relation.equals:
            continue
        if relation.equals not in today:
            yield path, f"{relation.symbol} equals {relation.equals}, which is unknown", "name one"
        elif not close(today[relation.equals], computed):
            message = f"{relation.symbol} is {computed:.7g}, {relation.equals} is"
            yield path, f"{message} {today[relation.equals]:.7g}", "make the two agree"


def _readings(case: Case, sums: _Sums) -> Iterator[Finding]:
    if len(case.readings) == 1:
        yield ("readings",), "there is one reading", "write two or more, or none"
    for i, reading in enumerate(case.readings):
        yield from _changed(("readings", i), sums, reading.set, reading.gives)
        if reading.opened_by and reading.opened_by not in {fact.id for fact in case.facts}:
            message = f"no fact {reading.opened_by} opens the reading"
            yield ("readings", i, "opened_by"), message, "name a fact of this case"
        for symbol in reading.takes:
            if symbol not in case.baselines:
                message = f"the reading takes {symbol}, which is no baseline"
                yield ("readings", i, "takes"), message, "name baselines only"


def _scenarios(case: Case, sums: _Sums, today: Mapping[str, float]) -> Iterator[Finding]:
    for name, scenario in case.scenarios.items():
        path: Path = ("scenarios", name)
        yield from _changed(path, sums, scenario.set, scenario.gives, scenario.against_today, today)


def _changed(
    path: Path,
    sums: _Sums,
    changes: Mapping[str, float],
    gives: Mapping[str, float],
    differences: Mapping[str, float] | None = None,
    today: Mapping[str, float] | None = None,
) -> Iterator[Finding]:
    """What follows from changed baselines, and by how much it differs from today."""
    yield from _unknown(path, changes, sums.given)
    try:
        values = sums.under(changes)
    except ValueError as error:
        yield path, str(error), "set baselines to values the formulas can take"
        return
    yield from _disagree(path, gives, values)
    base = today or {}
    change = {symbol: value - base.get(symbol, value) for symbol, value in values.items()}
    yield from _disagree(path, differences or {}, change)


def _unknown(
    path: Path, names: Mapping[str, float], given: Mapping[str, float]
) -> Iterator[Finding]:
    for symbol in names:
        if symbol not in given:
            yield (*path, "set", symbol), f"{symbol} is no baseline", "only baselines can be set"


def _disagree(
    path: Path, written: Mapping[str, float], computed: Mapping[str, float]
) -> Iterator[Finding]:
    for symbol, value in written.items():
        if symbol not in computed:
            yield path, f"{symbol} is no baseline and no relation", "add a relation or correct it"
        elif not close(value, computed[symbol]):
            message = f"{symbol} is written {value:g} and works out as {computed[symbol]:.7g}"
            yield path, message, "correct the number or what it follows from"


def _named(case: Case, today: Mapping[str, float]) -> Iterator[Finding]:
    """North stars and drivers name symbols that exist, with today's value."""
    for i, star in enumerate(case.north_star_candidates):
        if star.symbol:
            path: Path = ("north_star_candidates", i)
            yield from _disagree(path, {star.symbol: star.today}, today)
    for i, driver in enumerate(case.drivers):
        if driver.moves not in today:
            message = f"the driver moves {driver.moves}, which is unknown"
            yield ("drivers", i, "moves"), message, "name a baseline or a relation"


def _stakes(case: Case, evaluate: Evaluate, today: Mapping[str, float]) -> Iterator[Finding]:
    if not isinstance(case.substance, TradeOffSubstance):
        return
    for i, item in enumerate(case.substance.stakes.items):
        path: Path = ("stakes", "items", i)
        if not item.formula:
            continue
        try:
            value = evaluate({"worth_of_stake": item.formula}, today)["worth_of_stake"]
        except ValueError as error:
            yield path, str(error), "correct the formula or add the baseline"
            continue
        yield from _disagree(path, {"worth": item.worth}, {"worth": value})


def _experiment(plan: Experiment) -> Iterator[Finding]:
    primary, test = plan.primary, plan.test
    path: Path = ("experiment",)
    rates = (primary.baseline, primary.target, test.alpha, test.power)
    if not all(0 < rate < 1 for rate in rates) or primary.baseline == primary.target:
        yield path, "rates, alpha and power lie between 0 and 1, and the target differs", "correct"
        return
    needed = sample_size(primary.baseline, primary.target, test.alpha, test.power, test.sides)
    if abs(plan.per_arm - needed) > 1:
        yield path, f"per_arm is {plan.per_arm}, the pooled formula gives {needed}", "correct it"
    if plan.total != 2 * plan.per_arm:
        yield path, f"total is {plan.total}, two arms are {2 * plan.per_arm}", "correct it"


def _pretotype(plan: Pretotype) -> Iterator[Finding]:
    path: Path = ("pretotype",)
    share = re.search(r"(\d+(?:\.\d+)?)\s?(?:%|percent)", plan.hypothesis)
    if not share:
        yield path, "the hypothesis names no percentage", "at least X % of Y will do Z"
        return
    needed = math.ceil(plan.people * float(share[1]) / 100 - 1e-9)
    if needed != plan.needed:
        message = f"{share[1]} percent of {plan.people} are {needed}, not {plan.needed}"
        yield path, message, "correct needed or people"
