"""What each type of case adds to the common frame: the author's knowledge of good answers.

Frozen dataclasses whose fields are the keys of a case file; docs/case-authors.md explains each.
Text fields are never empty. Shares are fractions of 1, money is in the unit the case names.
"""

from dataclasses import dataclass
from typing import Literal

IMPACTS = (0.25, 0.5, 1, 2, 3)
"""The scale of impact in a RICE score."""


@dataclass(frozen=True)
class Tempting:
    """A bad answer that looks good, the public ids of its mistakes and why it fails."""

    label: str
    mistakes: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Segment:
    """A defensible group; `people / share` is the same base for every group of a case."""

    id: str
    label: str
    people: float
    share: float
    implication: str
    converts: float | None = None


@dataclass(frozen=True)
class SetAside:
    """A side of the market that is not segmented, and why."""

    side: str
    why: str


@dataclass(frozen=True)
class Segments:
    """The split of people, with good groups and tempting ones."""

    split_by: str
    good: tuple[Segment, ...]
    tempting: tuple[Tempting, ...]
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True)
class PainPoint:
    """A friction of one segment; severity 1 to 5, frequency a share of the segment."""

    id: str
    segment: str
    severity: Literal[1, 2, 3, 4, 5]
    frequency: float
    voice: str
    cause: str


@dataclass(frozen=True)
class Rice:
    """Reach in people a month, impact one of IMPACTS, confidence in percent, effort in months.

    `score` = reach x impact x confidence / 100 / effort.
    """

    reach: float
    impact: float
    confidence: float
    effort: float
    score: float
    reach_from: str


@dataclass(frozen=True)
class Solution:
    """One way of answering a pain point and the cheapest test of it."""

    id: str
    name: str
    pain: str
    bold: bool
    user_meets: str
    risk: str
    cheapest_test: str
    rice: Rice


@dataclass(frozen=True)
class ImprovementSubstance:
    """product_improvement: who, what hurts, what would help, and what turns the order."""

    segments: Segments
    pain_points: tuple[PainPoint, ...]
    solutions: tuple[Solution, ...]
    sensitivity: str


@dataclass(frozen=True)
class FirstVersion:
    """What the first version of a new product holds, leaves out, and who meets it first."""

    includes: tuple[str, ...]
    leaves_out: tuple[str, ...]
    first_hundred: str


@dataclass(frozen=True)
class DesignSubstance(ImprovementSubstance):
    """product_design: as improvement, with the reason for this company and a first version."""

    why_us: str
    first_version: FirstVersion


@dataclass(frozen=True)
class Goal:
    """A defensible goal, its metric, the metric's flaw and what to do about the flaw."""

    id: str
    for_whom: str
    what_for: str
    metric: str
    link: str
    flaw: str
    mitigation: str
    symbol: str = ""


@dataclass(frozen=True)
class Goals:
    """What the product is for and the goals one may choose from."""

    mission: str
    good: tuple[Goal, ...]
    tempting: tuple[Tempting, ...]


@dataclass(frozen=True)
class MetricsSubstance:
    """success_metrics: the goals behind the metrics."""

    goals: Goals


@dataclass(frozen=True)
class Shape:
    """The change to explain; `change` = after / before - 1."""

    metric: str
    definition: str
    before: float
    after: float
    change: float
    since: str
    kind: Literal["sudden", "gradual"]
    where: str
    not_where: str
    compared_with: str
    data_check: str
    symbol: str = ""


@dataclass(frozen=True)
class Hypothesis:
    """A possible cause with the cheapest look that decides it."""

    id: str
    name: str
    family: Literal["data", "internal", "external"]
    explains: str
    speaks_against: str
    test: str
    cost: str
    true_if: str
    false_if: str
    verdict: Literal["cause", "contributes", "ruled_out"]


@dataclass(frozen=True)
class Fix:
    """What to do about a cause (the id of a hypothesis), and what watches it."""

    id: str
    name: str
    cause: str
    does: str
    guardrail: str
    risk: str
    when: Literal["now", "next", "later"]


@dataclass(frozen=True)
class RootCauseSubstance:
    """root_cause: the shape of the change, the possible causes and the fixes."""

    shape: Shape
    hypotheses: tuple[Hypothesis, ...]
    fixes: tuple[Fix, ...]


@dataclass(frozen=True)
class Choice:
    """One side of a trade-off."""

    id: str
    label: str
    gains: str
    gives_up: str
    who_wins: str
    who_loses: str
    how_they_are_treated: str


@dataclass(frozen=True)
class Stake:
    """One thing at stake on one side, worth so much of `unit`; `formula` recomputes `worth`."""

    what: str
    choice: str
    horizon: Literal["short", "long"]
    worth: float
    unit: str
    formula: str = ""


@dataclass(frozen=True)
class Stakes:
    """What both sides serve, what is at stake and where the decision turns."""

    larger_goal: str
    items: tuple[Stake, ...]
    threshold: str
    reversal: str
    reversible_step: str
    tempting: tuple[Tempting, ...]


@dataclass(frozen=True)
class TradeOffSubstance:
    """trade_off: the two sides and what hangs on them."""

    choices: tuple[Choice, ...]
    stakes: Stakes


@dataclass(frozen=True)
class Rival:
    """A rival and its likely answer to a move."""

    name: str
    does: str
    would_respond: str


@dataclass(frozen=True)
class Trend:
    """A change in the world and what it means here."""

    what: str
    so_what: str


@dataclass(frozen=True)
class Strength:
    """An asset of the company and why others lack it."""

    what: str
    hard_to_copy_because: str


@dataclass(frozen=True)
class Landscape:
    """Who else plays, what changes, what the company has."""

    rivals: tuple[Rival, ...]
    trends: tuple[Trend, ...]
    strengths: tuple[Strength, ...]


@dataclass(frozen=True)
class Option:
    """A strategic option and the condition under which it is right."""

    id: str
    name: str
    way: Literal["build", "partner", "buy", "wait"]
    does: str
    upside: str
    cost: str
    risk: str
    yes_if: str


@dataclass(frozen=True)
class Stage:
    """A stage of the plan; `gate` is the number that opens the next one."""

    name: str
    months: float
    does: str
    cost: str
    gate: str


@dataclass(frozen=True)
class Plan:
    """The path, when it pays back, when it stops and what it costs."""

    criteria: tuple[str, ...]
    stages: tuple[Stage, ...]
    break_even: str
    stop_rule: str
    risk: str
    given_up: str
    reversal: str


@dataclass(frozen=True)
class StrategySubstance:
    """strategy: landscape, options, plan."""

    landscape: Landscape
    options: tuple[Option, ...]
    plan: Plan


Substance = (
    ImprovementSubstance
    | MetricsSubstance
    | RootCauseSubstance
    | TradeOffSubstance
    | StrategySubstance
)

SUBSTANCE_BY_TYPE: dict[str, type[Substance]] = {
    "product_improvement": ImprovementSubstance,
    "product_design": DesignSubstance,
    "success_metrics": MetricsSubstance,
    "root_cause": RootCauseSubstance,
    "trade_off": TradeOffSubstance,
    "strategy": StrategySubstance,
}
