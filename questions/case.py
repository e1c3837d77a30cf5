"""A case as data: everything the interviewer, the lab and the reviewer may know about it.

The fields are the keys of a case file; docs/case-authors.md explains each. Every figure is
hypothetical. No Django here: a case can be read, checked and judged without the site.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal, Self, get_args

from questions.case_build import BROKEN, Fault, build, from_pairs, plain
from questions.case_cohorts import Cohorts
from questions.case_substance import SUBSTANCE_BY_TYPE, Substance

CaseType = Literal[
    "product_improvement",
    "product_design",
    "success_metrics",
    "root_cause",
    "trade_off",
    "strategy",
]
Difficulty = Literal["easy", "medium", "hard"]

CASE_TYPES: tuple[str, ...] = get_args(CaseType)
DIFFICULTIES: tuple[str, ...] = get_args(Difficulty)

_PRODUCT_STEPS = (
    "clarify", "segment", "pain_points", "solutions", "prioritize", "metrics", "summary",
)  # fmt: skip
STEPS_BY_TYPE: dict[str, tuple[str, ...]] = {
    "product_improvement": _PRODUCT_STEPS,
    "product_design": _PRODUCT_STEPS,
    "success_metrics": ("clarify", "goal", "metrics", "summary"),
    "root_cause": ("clarify", "hypotheses", "tests", "fix", "summary"),
    "trade_off": ("clarify", "goal", "analysis", "decision", "summary"),
    "strategy": ("clarify", "landscape", "options", "decision", "plan", "summary"),
}


STEP_TITLES: dict[str, str] = {
    step: step.replace("_", " ").capitalize() for steps in STEPS_BY_TYPE.values() for step in steps
}


class CaseDataError(ValueError):
    """Data that is no case; `faults` holds every fault with its path and remedy."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.message}: {fault.remedy}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Side:
    """One party of the market."""

    id: str
    wants: str
    loses_when: str


@dataclass(frozen=True)
class Existing:
    """Something that is there already, here or at a rival."""

    what: str
    where: str


@dataclass(frozen=True)
class Fact:
    """What the interviewer tells only when asked. `ask[0]` is the plainest way of asking.

    `reveals` are symbols of baselines, relations or statements. `also_settled_by` are other sets
    of fact ids from which the same can be worked out.
    """

    id: str
    title: str
    ask: tuple[str, ...]
    answer: str
    why_it_matters: str
    impact: str
    reveals: tuple[str, ...]
    also_settled_by: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Baseline:
    """A given number. `band` is where it may plausibly lie after a quarter of work on it."""

    value: float
    unit: str
    band: tuple[float, float]
    direction: Literal["up", "down", "steady"]
    label: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""
    kind: Literal["flow", "stock"] = "flow"


@dataclass(frozen=True)
class Relation:
    """A number that follows from others; `equals` names another symbol it must agree with."""

    symbol: str
    formula: str
    value: float
    label: str = ""
    unit: str = ""
    aliases: tuple[str, ...] = ()
    equals: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reading:
    """One of several readings of an ambiguous figure: `question` is read as `answer`.

    `set` changes baselines for this reading, `gives` says what follows. `opened_by` is the fact
    that tells the ambiguous figure and `takes` the baselines that its words stand for: from then
    on the lab carries every reading, until the definition is asked for.
    """

    question: str
    answer: str
    gives: Mapping[str, float]
    set: Mapping[str, float] = field(default_factory=dict)
    ruled_out_by: str = ""
    opened_by: str = ""
    takes: tuple[str, ...] = ()

    @staticmethod
    def normalize(data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Accept the short form {if_shoppers_are: buyers, orders: 10000000, ...}."""
        key = next((key for key in data if str(key).startswith("if_")), None)
        if key is None:
            return data
        other = ("set", "ruled_out_by", "opened_by", "takes")
        kept = {name: data[name] for name in other if name in data}
        gives = {name: data[name] for name in data if name != key and name not in kept}
        return {"question": key.removeprefix("if_"), "answer": data[key], "gives": gives, **kept}


@dataclass(frozen=True)
class Scenario:
    """What follows when baselines are set: `gives` new values, `against_today` differences."""

    set: Mapping[str, float]
    gives: Mapping[str, float]
    against_today: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class NorthStar:
    """A candidate for the main metric with today's value, its merit and its flaw."""

    metric: str
    today: float
    good: str
    bad: str
    symbol: str = ""


@dataclass(frozen=True)
class Driver:
    """A metric that moves the symbol `moves`, and how early it does."""

    metric: str
    moves: str
    leads_by: str


@dataclass(frozen=True)
class Guardrail:
    """A metric that must not get worse than `limit`, and whom it protects."""

    metric: str
    limit: str
    protects: str


@dataclass(frozen=True)
class PrimaryMetric:
    """The metric an experiment is sized on; both values are rates between 0 and 1."""

    metric: str
    baseline: float
    target: float


@dataclass(frozen=True)
class SignificanceTest:
    """The statistical test; `formula` is the form of the sample size."""

    sides: Literal["one", "two"]
    alpha: float
    power: float
    formula: Literal["pooled"]


@dataclass(frozen=True)
class DecisionRule:
    """The results at which one ships, goes on or stops."""

    ship: str
    extend: str
    stop: str


@dataclass(frozen=True)
class Experiment:
    """A test with control and change; `per_arm` people in each arm."""

    change: str
    unit: str
    who: str
    primary: PrimaryMetric
    test: SignificanceTest
    per_arm: int
    total: int
    guardrails: tuple[str, ...]
    decision_rule: DecisionRule
    traffic_per_week: float | None = None
    weeks: Mapping[str, float] = field(default_factory=dict)
    guardrail_precision: str = ""


@dataclass(frozen=True)
class StopRule:
    """The counts at which a pretotype goes on, is repeated or ends."""

    go: str
    again: str
    stop: str


@dataclass(frozen=True)
class Pretotype:
    """A test of the riskiest belief without building: at least X percent of Y will do Z."""

    hypothesis: str
    how: str
    people: int
    needed: int
    cost: str
    rule: StopRule
    margin_points: float | None = None


@dataclass(frozen=True)
class VariantRule:
    """How a case is played with other numbers: `moves` are the baselines drawn from their bands.

    `tells` gives a fact's answer with {symbols} in it, where its numbers are told in such words
    that they cannot be replaced one by one.
    """

    moves: tuple[str, ...]
    tells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trap:
    """A way of going wrong in this case, and the sentence that opens it."""

    id: str
    shows_as: str
    mistakes: tuple[str, ...]
    interviewer_says: str


@dataclass(frozen=True)
class Hints:
    """A nudge, a way, a form to fill in."""

    small: str
    medium: str
    large: str


@dataclass(frozen=True)
class Example:
    """A scored example answer and what makes it that level."""

    text: str
    why: str


@dataclass(frozen=True)
class Examples:
    """One example at each level that is shown."""

    level_2: Example
    level_3: Example
    level_4: Example


@dataclass(frozen=True)
class StepGuide:
    """What the coach knows about one step."""

    minutes: int
    brief: str
    hints: Hints
    follow_ups: tuple[str, ...]
    examples: Examples


@dataclass(frozen=True)
class Case:
    """A whole case. `substance` is of the class SUBSTANCE_BY_TYPE names for `type`."""

    schema: Literal[1]
    slug: str
    title: str
    prompt: str
    type: CaseType
    companies: tuple[str, ...]
    industry: str
    difficulty: Difficulty
    minutes: int
    tags: tuple[str, ...]
    why_practise: str
    context: str
    sides: tuple[Side, ...]
    exists_today: tuple[Existing, ...]
    tension: str
    facts: tuple[Fact, ...]
    baselines: Mapping[str, Baseline]
    relations: tuple[Relation, ...]
    traps: tuple[Trap, ...]
    steps: Mapping[str, StepGuide]
    substance: Substance
    statements: Mapping[str, str] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    north_star_candidates: tuple[NorthStar, ...] = ()
    drivers: tuple[Driver, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    experiment: Experiment | None = None
    pretotype: Pretotype | None = None
    cohorts: Cohorts | None = None
    variant: VariantRule | None = None

    @property
    def step_ids(self) -> tuple[str, ...]:
        """The ids of the steps in their order."""
        return STEPS_BY_TYPE[self.type]

    def fact(self, fact_id: str) -> Fact:
        """Return one fact; raises KeyError for an id that is not in the case."""
        for fact in self.facts:
            if fact.id == fact_id:
                return fact
        raise KeyError(fact_id)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data that `from_dict` reads back into an equal case."""
        data: dict[str, Any] = plain(self)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the data of `to_dict`, or of a case file. Raises CaseDataError with all faults."""
        faults: list[Fault] = []
        built = build(cls, _gathered(data, faults), (), faults)
        if faults or built is BROKEN:
            raise CaseDataError(tuple(faults))
        case: Self = built
        return case

    @staticmethod
    def normalize(data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put the steps in the order of the type, whatever order they are written in."""
        order = STEPS_BY_TYPE.get(str(data.get("type")), ())
        steps = from_pairs(data.get("steps"))
        if not isinstance(steps, Mapping):
            return data
        names = [step for step in order if step in steps]
        names += [step for step in steps if step not in order]
        return {**data, "steps": {step: steps[step] for step in names}}

    @cached_property
    def content_hash(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hexadecimal digits; worked out once."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _gathered(data: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """Return the data with the keys that its type adds built into `substance`."""
    kind = SUBSTANCE_BY_TYPE.get(str(data.get("type")))
    if kind is None:
        return {**data, "substance": BROKEN}
    names = {member.name for member in fields(kind)}
    own = data.get("substance") or {key: data[key] for key in data if key in names}
    rest = {key: value for key, value in data.items() if key not in names}
    return {**rest, "substance": build(kind, own, (), faults)}
