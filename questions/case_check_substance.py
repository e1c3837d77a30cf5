"""Checks of what the type of a case adds: enough of it, and nothing that contradicts itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from questions.case import Case
from questions.case_build import Path
from questions.case_check_numbers import close
from questions.case_check_text import check_mistakes, unique_ids
from questions.case_substance import (
    IMPACTS,
    ImprovementSubstance,
    MetricsSubstance,
    RootCauseSubstance,
    Segment,
    Solution,
    StrategySubstance,
    Tempting,
    TradeOffSubstance,
)

Finding = tuple[Path, str, str]


def check_substance(case: Case) -> Iterator[Finding]:
    """The checks of the case's type."""
    yield from CHECKS[case.type](case, case.substance)


def at_least(path: Path, items: Sequence[object], count: int) -> Iterator[Finding]:
    """A list has at least `count` items."""
    if len(items) < count:
        yield path, f"{path[-1]} has {len(items)}", f"write at least {count}"


def tempting_ok(path: Path, items: Sequence[Tempting]) -> Iterator[Finding]:
    """At least one tempting answer, with mistakes that exist."""
    yield from at_least(path, items, 1)
    for i, item in enumerate(items):
        yield from check_mistakes((*path, i, "mistakes"), item.mistakes)


def _measured(case: Case) -> Iterator[Finding]:
    yield from at_least(("north_star_candidates",), case.north_star_candidates, 3)
    yield from at_least(("drivers",), case.drivers, 2)
    yield from at_least(("guardrails",), case.guardrails, 2)


def _improvement(case: Case, substance: ImprovementSubstance) -> Iterator[Finding]:
    segments = substance.segments
    yield from _measured(case)
    yield from at_least(("segments", "good"), segments.good, 3)
    yield from tempting_ok(("segments", "tempting"), segments.tempting)
    at: Path = ("segments", "good")
    yield from unique_ids("segments", [segment.id for segment in segments.good], at)
    yield from _segment_sizes(segments.good)
    yield from _pains(substance)
    yield from _solutions(substance)


def _segment_sizes(segments: Sequence[Segment]) -> Iterator[Finding]:
    path: Path = ("segments", "good")
    total = sum(segment.share for segment in segments)
    if total > 1 + 1e-6:
        yield path, f"the shares add up to {total:g}", "shares of one base add up to at most 1"
    if any(segment.share <= 0 for segment in segments):
        yield path, "a share is zero or less", "write shares as fractions of 1"
        return
    bases = [segment.people / segment.share for segment in segments]
    for i, base in enumerate(bases):
        if abs(base - bases[0]) > 0.01 * bases[0]:
            message = f"{segments[i].id} has a base of {base:,.0f}, the first {bases[0]:,.0f}"
            yield (*path, i), message, "people = share x the same base in every row"


def _pains(substance: ImprovementSubstance) -> Iterator[Finding]:
    pains = substance.pain_points
    groups = {segment.id for segment in substance.segments.good}
    yield from at_least(("pain_points",), pains, 5)
    yield from unique_ids("pain_points", [pain.id for pain in pains])
    for i, pain in enumerate(pains):
        if pain.segment not in groups:
            path: Path = ("pain_points", i, "segment")
            yield path, f"{pain.segment} is no segment", f"use one of {', '.join(sorted(groups))}"
        if not 0 < pain.frequency <= 1:
            path = ("pain_points", i, "frequency")
            yield path, f"frequency is {pain.frequency:g}", "write a share of the segment"
    if len({pain.segment for pain in pains}) < 2:
        yield ("pain_points",), "all pain points belong to one segment", "give another its own"


def _solutions(substance: ImprovementSubstance) -> Iterator[Finding]:
    solutions = substance.solutions
    yield from at_least(("solutions",), solutions, 5)
    yield from unique_ids("solutions", [solution.id for solution in solutions])
    if not any(solution.bold for solution in solutions):
        yield ("solutions",), "no solution is bold", "write at least one unusual idea"
    people = {segment.id: segment.people for segment in substance.segments.good}
    reach = {pain.id: people.get(pain.segment, 0) for pain in substance.pain_points}
    for i, solution in enumerate(solutions):
        path: Path = ("solutions", i)
        if solution.pain not in reach:
            yield path, f"{solution.pain} is no pain point", "name the id of a pain point"
            continue
        yield from _rice(path, solution, reach[solution.pain])


def _rice(path: Path, solution: Solution, most: float) -> Iterator[Finding]:
    rice = solution.rice
    if not 0 < rice.confidence <= 100 or rice.effort <= 0:
        message = f"{solution.id}: confidence {rice.confidence:g}, effort {rice.effort:g}"
        yield path, message, "confidence is a percentage up to 100, effort more than 0"
        return
    if rice.impact not in IMPACTS:
        names = " ".join(f"{each:g}" for each in IMPACTS)
        yield (*path, "rice"), f"{solution.id}: impact {rice.impact:g}", f"use one of {names}"
    score = rice.reach * rice.impact * rice.confidence / 100 / rice.effort
    if not close(rice.score, score):
        message = f"{solution.id}: the score is written {rice.score:g} and works out as {score:g}"
        yield (*path, "rice"), message, f"write {score:g}"
    if rice.reach > most * 1.001:
        message = f"{solution.id} reaches {rice.reach:,.0f}, its segment has {most:,.0f}"
        yield (*path, "rice"), message, "reach is at most the segment"


def _metrics(case: Case, substance: MetricsSubstance) -> Iterator[Finding]:
    goals = substance.goals
    yield from _measured(case)
    yield from at_least(("goals", "good"), goals.good, 3)
    yield from unique_ids("goals", [goal.id for goal in goals.good], ("goals", "good"))
    yield from tempting_ok(("goals", "tempting"), goals.tempting)
    for i, goal in enumerate(goals.good):
        yield from _symbol(case, ("goals", "good", i, "symbol"), goal.symbol)


def _root_cause(case: Case, substance: RootCauseSubstance) -> Iterator[Finding]:
    shape, hypotheses, fixes = substance.shape, substance.hypotheses, substance.fixes
    yield from _symbol(case, ("shape", "symbol"), shape.symbol)
    change = shape.after / shape.before - 1 if shape.before else 0.0
    if not close(shape.change, change):
        message = f"change is {shape.change:g}, after / before - 1 is {change:.4g}"
        yield ("shape", "change"), message, f"write {change:.4g}"
    yield from at_least(("hypotheses",), hypotheses, 5)
    yield from at_least(("fixes",), fixes, 2)
    yield from unique_ids("hypotheses", [each.id for each in hypotheses])
    yield from unique_ids("fixes", [fix.id for fix in fixes])
    for family in sorted({"data", "internal", "external"} - {each.family for each in hypotheses}):
        yield ("hypotheses",), f"no hypothesis is {family}", "write one of each family"
    if not any(each.verdict == "cause" for each in hypotheses):
        yield ("hypotheses",), "no hypothesis is the cause", "give one the verdict cause"
    known = {each.id for each in hypotheses}
    for i, fix in enumerate(fixes):
        if fix.cause not in known:
            yield ("fixes", i, "cause"), f"{fix.cause} is no hypothesis", "name a hypothesis id"


def _trade_off(case: Case, substance: TradeOffSubstance) -> Iterator[Finding]:
    choices, stakes = substance.choices, substance.stakes
    ids = {choice.id for choice in choices}
    if len(choices) != 2:
        yield ("choices",), f"{len(choices)} choices", "a trade-off has exactly two"
    yield from unique_ids("choices", [choice.id for choice in choices])
    yield from at_least(("stakes", "items"), stakes.items, 4)
    yield from tempting_ok(("stakes", "tempting"), stakes.tempting)
    for i, item in enumerate(stakes.items):
        if item.choice not in ids:
            path: Path = ("stakes", "items", i, "choice")
            yield path, f"{item.choice} is no choice", f"use {' or '.join(sorted(ids))}"
    for missing in sorted(ids - {item.choice for item in stakes.items}):
        yield ("stakes", "items"), f"nothing is at stake for {missing}", "write what it is worth"
    if {item.horizon for item in stakes.items} != {"short", "long"}:
        yield ("stakes", "items"), "only one horizon occurs", "write short and long ones"


def _strategy(case: Case, substance: StrategySubstance) -> Iterator[Finding]:
    landscape = substance.landscape
    yield from at_least(("landscape", "rivals"), landscape.rivals, 2)
    yield from at_least(("landscape", "trends"), landscape.trends, 2)
    yield from at_least(("landscape", "strengths"), landscape.strengths, 2)
    yield from at_least(("options",), substance.options, 3)
    yield from unique_ids("options", [option.id for option in substance.options])
    yield from at_least(("plan", "stages"), substance.plan.stages, 2)
    if len({option.way for option in substance.options}) < 2:
        yield ("options",), "all options go the same way", "write build, partner, buy or wait too"


def _symbol(case: Case, path: Path, symbol: str) -> Iterator[Finding]:
    known = {*case.baselines, *(relation.symbol for relation in case.relations)}
    if symbol and symbol not in known:
        yield path, f"{symbol} is no baseline and no relation", "name one or take it out"


CHECKS: dict[str, Callable[[Case, Any], Iterator[Finding]]] = {
    "product_improvement": _improvement,
    "product_design": _improvement,
    "success_metrics": _metrics,
    "root_cause": _root_cause,
    "trade_off": _trade_off,
    "strategy": _strategy,
}
